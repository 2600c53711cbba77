/* SPDX-License-Identifier: BSD-3-Clause */
/* The page of `classify --html`: the articles of all inputs, which open from a list of headlines,
 * under an overview of their topics. It reads as well without its script, gazette.js. */
#ifndef CLASSIFY_GAZETTE_H
#define CLASSIFY_GAZETTE_H

#include "classify/sheet.h"
#include "html/language.h"

/* The most bytes of a page: it is held in memory, and no browser opens more. */
enum { GAZETTE_MAX = 256 << 20 };

struct gazette {
    struct buffer body;
    struct buffer input; /* the name of the last sheet's */
    struct buffer files; /* what chooses one input, as options */
    bool has_input;
    bool too_large;
    struct sheet_counts counts;
    size_t n_inputs;
    size_t *given;                   /* [n_topics] articles that got the topic */
    struct sheet_address *addresses; /* [n_addresses] in `body`, as in a sheet */
    size_t n_addresses, addresses_capacity;
    int64_t changed; /* when the last input that is a file was, in seconds; 0: none is */
};

bool gazette_init(struct gazette *gazette, size_t n_topics);
void gazette_release(struct gazette *gazette);

/* Adds a sheet under the name of its input, the one before or another; `path` is its file, or
 * "-". */
void gazette_add(struct gazette *gazette, const struct sheet *sheet, const char *input,
                 const char *path);

/* Writes the page, whole or not at all. In LANGUAGE_LATER it is Chinese where most of its articles
 * are. The date at its foot is that of $SOURCE_DATE_EPOCH, else of the last change of the inputs:
 * the same inputs give the same page on any day. */
fenlei_status gazette_write(struct gazette *gazette, const fenlei_model *model,
                            enum language language, const char *path, fenlei_error *error);

#endif
