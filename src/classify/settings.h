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
    bool deep, ends_at_nul; /* go down into folders; names in files_from end at NUL */
    bool json, jsonl, csv, card, evaluate, explain, in_colour, force, quiet;
    /* Topics, by id or name: to explain though they are not shown, and to show no other articles
     * than theirs. */
    struct names {
        const char **of; /* [n] */
        size_t n, capacity;
    } why, only;
    unsigned threads;
    char **files; /* [n_files] */
    size_t n_files;
};

/* Parses the command line into *settings, which points into argv. Ends the program, as argp does,
 * after --help and on wrong usage. False when memory runs out. */
bool settings_parse(int argc, char **argv, struct settings *settings);
void settings_release(struct settings *settings);

/* Whether it may be more than one file that is read. */
bool settings_name_files(const struct settings *settings);

/* Whether FILEs are records, one a line, not pages. */
bool settings_read_records(const struct settings *settings);

/* Whether --html shows articles, not an evaluation. */
bool settings_show_articles(const struct settings *settings);

#endif
