/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/settings.h"

#include "base/folder.h"
#include "base/parallel.h"
#include "command/arguments.h"
#include "command/message.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    KEY_WHOLE = 256,
    KEY_JSON,
    KEY_JSONL,
    KEY_CSV,
    KEY_CARD,
    KEY_COLOR,
    KEY_ONLY,
    KEY_ALL,
    KEY_WHY,
    KEY_EVALUATE,
    KEY_HTML,
    KEY_FORCE,
    KEY_ENCODING,
    KEY_FILES_FROM,
    KEY_LANG,
    KEY_TEXT
};

static const struct argp_option option_table[] = {
    {"model", 'm', "FILE", 0, "the model; else $FENLEI_MODEL or the shipped one", 1},
    {"whole", KEY_WHOLE, NULL, 0, "each FILE is one article: do not split it", 2},
    {"encoding", KEY_ENCODING, "NAME", 0, "of the FILEs, by a name ICU knows; else detected", 2},
    {"jsonl", KEY_JSONL, NULL, 0,
     "read records of text, optionally id and title, and print one line for each", 2},
    {"files-from", KEY_FILES_FROM, "LIST", 0,
     "take the names of the FILEs from the lines of LIST (-: standard input)", 2},
    {"null", '0', NULL, 0, "names in LIST, else on standard input, end at NUL (find -print0)", 2},
    {"recursive", 'r', NULL, 0, "read the folders in a FILE that is one, too", 2},
    {"json", KEY_JSON, NULL, 0, "print one JSON object an article", 3},
    {"csv", KEY_CSV, NULL, 0, "print a table for spreadsheets", 3},
    {"color", KEY_COLOR, "WHEN", 0,
     "colour in the lists of -e: auto (on a terminal, without $NO_COLOR), always or never", 3},
    {"only", KEY_ONLY, "TOPIC", 0, "print only articles with TOPIC, by id or name; may be repeated",
     3},
    {"threshold", 't', "P", 0, "give a topic from probability P, instead of the model's own", 3},
    {"best", 'k', "N", 0, "show the best N topics, whatever the probability", 3},
    {"all", KEY_ALL, NULL, 0, "show every topic, given or not", 3},
    {"explain", 'e', NULL, 0, "show the phrases for and against each topic shown", 3},
    {"why", KEY_WHY, "TOPIC", 0, "explain TOPIC too, by id or name; may be repeated", 3},
    {"html", KEY_HTML, "FILE", 0,
     "write a page to look at, too: the articles, their phrases marked, or the evaluation", 3},
    {"lang", KEY_LANG, "zh|en", 0,
     "of --html and the messages; else by the locale, or that of most articles", 3},
    {"text", KEY_TEXT, NULL, 0, "put each article's text into JSON or CSV", 3},
    {"force", KEY_FORCE, NULL, 0, "let --html replace a file that is no page of fenlei's", 3},
    {"evaluate", KEY_EVALUATE, NULL, 0,
     "print precision, recall, F1 on labelled records; with a second -m FILE, how much better that "
     "model is, and what changes",
     4},
    {"card", KEY_CARD, NULL, 0, "print the model's card, JSON, and read no FILE", 4},
    {"quiet", 'q', NULL, 0, "say nothing but what went wrong", 5},
    {"threads", 'j', "N", 0, "threads (default 1; 0: one a processor)", 5},
    {0}};

static double parse_probability(const char *text, struct argp_state *state)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= 0 && value <= 1))
        argp_error(state, "-t takes a number from 0 to 1, not \"%s\"", text);
    return value;
}

static unsigned parse_count(const char *text, unsigned most, const char *option,
                            struct argp_state *state)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || value > most || text[0] == '-')
        argp_error(state, "%s takes a whole number from 0 to %u, not \"%s\"", option, most, text);
    return (unsigned)value;
}

static const char *parse_page(const char *path, struct argp_state *state)
{
    if (arguments_name_output(path))
        argp_error(state, "--html takes the name of a file, not \"%s\": it is replaced whole",
                   path);
    return path;
}

static enum language parse_language(const char *name, struct argp_state *state)
{
    enum language language = language_named(name);
    if (language == LANGUAGE_LATER)
        argp_error(state, "--lang takes zh or en, not \"%s\"", name);
    return language;
}

/* A terminal whose user wants colour: see no-color.org. */
static bool wants_colour(void)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0') &&
           (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

static void parse_colour(struct settings *settings, const char *when, struct argp_state *state)
{
    if (strcmp(when, "auto") == 0)
        settings->in_colour = wants_colour();
    else if (strcmp(when, "always") == 0 || strcmp(when, "never") == 0)
        settings->in_colour = when[0] == 'a';
    else
        argp_error(state, "--color takes auto, always or never, not \"%s\"", when);
}

static bool add_name(struct names *names, const char *name)
{
    if (!array_reserve(&names->of, &names->capacity, names->n + 1, sizeof *names->of))
        return false;
    names->of[names->n++] = name;
    return true;
}

/* What options together must not ask. */
static void parse_end(struct settings *settings, struct argp_state *state)
{
    if (settings->ends_at_nul && settings->files_from == NULL)
        settings->files_from = "-";
    if (settings->evaluate && settings->n_models > 2)
        argp_error(state, "--evaluate compares two models, not more");
    if (!settings->evaluate && settings->n_models > 1)
        settings->model = settings->other_model; /* the last one counts */
    if (settings->html != NULL && settings->evaluate && settings->n_models == 2)
        argp_error(state, "--html does not go with --evaluate of two models");
    if (settings->jsonl && settings->evaluate)
        argp_error(state, "--jsonl and --evaluate exclude each other");
    if (settings->explain && settings->evaluate)
        argp_error(state, "-e and --why do not go with --evaluate");
    if (settings->selection.with_text &&
        (settings->evaluate || !(settings->json || settings->jsonl || settings->csv)))
        argp_error(state, "--text goes with --json, --jsonl and --csv");
    if (settings->csv && (settings->json || settings->explain || settings->evaluate))
        argp_error(state, "--csv does not go with --json, -e, --why and --evaluate");
    if (settings->card && (settings->n_files > 0 || settings->files_from != NULL ||
                           settings_read_records(settings) || settings->html != NULL))
        argp_error(state, "--card reads no FILE, and writes none");
    if (settings->only.n > 0 && settings->evaluate)
        argp_error(state, "--only does not go with --evaluate");
    if ((settings->records.format != FORMAT_TOLD ||
         record_options_name_fields(&settings->records)) &&
        !settings_read_records(settings))
        argp_error(state, "--format and the fields of records go with --jsonl or --evaluate");
    if (settings->options.encoding != NULL && (settings->jsonl || settings->evaluate))
        argp_error(state, "--encoding does not go with records");
    if (settings->files_from != NULL && settings->n_files > 0)
        argp_error(state, "--files-from and -0 do not go with FILEs");
    if (settings->deep && settings->n_files == 0)
        argp_error(state, "-r goes down into the folders among the FILEs: name one");
}

/* The model and what comes in. Each part of the table has a function of its own. */
static error_t parse_input(struct settings *settings, int key, char *argument)
{
    switch (key) {
    case 'm':
        settings->other_model = settings->model != NULL ? argument : NULL;
        if (settings->model == NULL)
            settings->model = argument;
        settings->n_models++;
        break;
    case KEY_WHOLE:
        settings->options.whole = true;
        break;
    case KEY_ENCODING:
        settings->options.encoding = argument;
        break;
    case KEY_FILES_FROM:
        settings->files_from = argument;
        break;
    case '0':
        settings->ends_at_nul = true;
        break;
    case 'r':
        settings->deep = true;
        break;
    case KEY_JSONL:
        settings->jsonl = true;
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* What is shown of it, and how. */
static error_t parse_showing(struct settings *settings, int key, char *argument,
                             struct argp_state *state)
{
    switch (key) {
    case KEY_HTML:
        settings->html = parse_page(argument, state);
        break;
    case KEY_FORCE:
        settings->force = true;
        break;
    case KEY_LANG:
        settings->language = parse_language(argument, state);
        break;
    case KEY_TEXT:
        settings->selection.with_text = true;
        break;
    case KEY_JSON:
        settings->json = true;
        break;
    case 't':
        settings->options.probability = parse_probability(argument, state);
        break;
    case 'k':
        settings->selection.best = parse_count(argument, 1000000, "-k", state);
        break;
    case KEY_ALL:
        settings->selection.all = true;
        break;
    case 'e':
        settings->explain = true;
        break;
    case KEY_WHY:
        settings->explain = true;
        return add_name(&settings->why, argument) ? 0 : ENOMEM;
    case KEY_ONLY:
        return add_name(&settings->only, argument) ? 0 : ENOMEM;
    case KEY_COLOR:
        parse_colour(settings, argument, state);
        break;
    case KEY_CSV:
        settings->csv = true;
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* What else is done, and how the program runs. */
static error_t parse_running(struct settings *settings, int key, char *argument,
                             struct argp_state *state)
{
    switch (key) {
    case KEY_CARD:
        settings->card = true;
        break;
    case 'q':
        settings->quiet = true;
        break;
    case KEY_EVALUATE:
        settings->evaluate = true;
        break;
    case 'j':
        settings->threads = parse_count(argument, THREADS_MAX, "-j", state);
        if (settings->threads == 0)
            settings->threads = parallel_processors();
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct settings *settings = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &settings->records;
        return 0;
    case ARGP_KEY_ARGS:
        settings->files = state->argv + state->next;
        settings->n_files = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_END:
        parse_end(settings, state);
        return 0;
    default:
        break;
    }
    error_t status = parse_input(settings, key, argument);
    if (status == ARGP_ERR_UNKNOWN)
        status = parse_showing(settings, key, argument, state);
    if (status == ARGP_ERR_UNKNOWN)
        status = parse_running(settings, key, argument, state);
    return status;
}

const char *argp_program_version = "classify (fenlei) " FENLEI_VERSION;

static const struct argp_child children[] = {
    {&record_options_parser, 0, NULL, 0}, {&arguments_common, 0, NULL, -1}, {0}};

static const struct argp parser = {
    option_table,
    parse_option,
    "[FILE]...",
    "Labels the articles of newspaper pages with topics; standard input without FILE, or as -. A "
    "FILE that is a folder is the files in it, in order. A page "
    "may be text, PDF, HTML or DOCX.\v"
    "Limits: a FILE of 64 MiB or 1048576 lines, a record of 16 MiB, of JSON 1000 deep, 1000000 "
    "values or 1024 "
    "labels. What is over one is an error, and the rest is done.\n\n"
    "Exit status: 0 everything labelled, 1 some input failed (the rest was done), 2 wrong usage, 3 "
    "no usable model.",
    children,
    NULL,
    NULL};

static struct settings settings_default(void)
{
    return (struct settings){.options = fenlei_options_default(),
                             .threads = 1,
                             .language = language_of_environment(),
                             .in_colour = wants_colour()};
}

bool settings_parse(int argc, char **argv, struct settings *settings)
{
    *settings = settings_default();
    if (arguments_parse(&parser, argc, argv, settings) != 0)
        return false;
    return true;
}

void settings_release(struct settings *settings)
{
    free(settings->why.of);
    free(settings->only.of);
}

bool settings_name_files(const struct settings *settings)
{
    return settings->n_files > 1 || settings->files_from != NULL ||
           (settings->n_files == 1 && folder_is_one(settings->files[0]));
}

bool settings_read_records(const struct settings *settings)
{
    return settings->jsonl || settings->evaluate;
}

bool settings_show_articles(const struct settings *settings)
{
    return settings->html != NULL && !settings->evaluate;
}
