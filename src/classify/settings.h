/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of `classify`, and what of the environment changes how it prints. What it asks
 * of a model is checked in choice.h. */
#ifndef CLASSIFY_SETTINGS_H
#define CLASSIFY_SETTINGS_H

#include "command/exit_status.h"
#include "command/output.h"
#include "command/record_options.h"
#include "fenlei.h"
#include "html/language.h"

struct settings {
    const char *model, *other_model; /* the second -m of --evaluate */
    const char *files_from, *html;
    size_t n_models; /* -m given */
    fenlei_options options;
    struct selection selection;
    struct record_options records;
    enum language language; /* of --lang, else of the locale; LANGUAGE_LATER where neither says */
    bool json, jsonl, evaluate, explain, in_colour, force;
    const char **why; /* [n_why] topics to explain though they are not shown, by id or name */
    size_t n_why, why_capacity;
    unsigned threads;
    char **files; /* [n_files] */
    size_t n_files;
};

/* Parses the command line into *settings, which points into argv. Ends the program, as argp does,
 * after --help and on wrong usage. False when memory runs out. */
bool settings_parse(int argc, char **argv, struct settings *settings);
void settings_release(struct settings *settings);

/* Whether FILEs are records, one a line, not pages. */
bool settings_read_records(const struct settings *settings);

/* Whether --html shows articles, not an evaluation. */
bool settings_show_articles(const struct settings *settings);

#endif
