/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/record_options.h"

#include <string.h>

enum { KEY_FORMAT = 512, KEY_TEXT_FIELD, KEY_TITLE_FIELD, KEY_LABEL_FIELD, KEY_LABEL_SEPARATOR };

static const struct argp_option option_table[] = {
    {"format", KEY_FORMAT, "NAME", 0,
     "of records: jsonl, json, csv, tsv, doccano, label-studio, fasttext; else told", 6},
    {"text-field", KEY_TEXT_FIELD, "FIELD", 0, "where their text is, as content or data.text", 6},
    {"title-field", KEY_TITLE_FIELD, "FIELD", 0, "where their headline is", 6},
    {"label-field", KEY_LABEL_FIELD, "FIELD", 0, "where their labels are", 6},
    {"label-separator", KEY_LABEL_SEPARATOR, "TEXT", 0, "what stands between labels in a string",
     6},
    {0}};

static const char *const format_names[FORMATS] = {
    [FORMAT_TOLD] = "",
    [FORMAT_JSONL] = "jsonl",
    [FORMAT_JSON] = "json",
    [FORMAT_CSV] = "csv",
    [FORMAT_TSV] = "tsv",
    [FORMAT_DOCCANO] = "doccano",
    [FORMAT_LABEL_STUDIO] = "label-studio",
    [FORMAT_FASTTEXT] = "fasttext",
};

static enum record_format parse_format(const char *name, struct argp_state *state)
{
    for (int format = FORMAT_TOLD + 1; format < FORMATS; format++)
        if (strcmp(name, format_names[format]) == 0)
            return (enum record_format)format;
    argp_error(state,
               "--format takes jsonl, json, csv, tsv, doccano, label-studio or fasttext, not "
               "\"%s\"",
               name);
    return FORMAT_TOLD;
}

static const char *parse_name(const char *name, const char *option, struct argp_state *state)
{
    if (name[0] == '\0')
        argp_error(state, "%s takes a text that is not empty", option);
    return name;
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct record_options *options = state->input;
    switch (key) {
    case KEY_FORMAT:
        options->format = parse_format(argument, state);
        break;
    case KEY_TEXT_FIELD:
        options->text_field = parse_name(argument, "--text-field", state);
        break;
    case KEY_TITLE_FIELD:
        options->title_field = parse_name(argument, "--title-field", state);
        break;
    case KEY_LABEL_FIELD:
        options->label_field = parse_name(argument, "--label-field", state);
        break;
    case KEY_LABEL_SEPARATOR:
        options->label_separator = parse_name(argument, "--label-separator", state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

const struct argp record_options_parser = {option_table, parse_option, NULL, NULL,
                                           NULL,         NULL,         NULL};

bool record_options_name_fields(const struct record_options *options)
{
    return options->text_field != NULL || options->title_field != NULL ||
           options->label_field != NULL || options->label_separator != NULL;
}
