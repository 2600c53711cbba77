/* SPDX-License-Identifier: BSD-3-Clause */
/* Articles to look at: a sheet is those of one input, made on any thread. The page of all sheets is
 * in gazette.h; as its language may hang on all of them, a sheet has references to texts. */
#ifndef CLASSIFY_SHEET_H
#define CLASSIFY_SHEET_H

#include "command/output.h"
#include "html/mark.h"

#include <stdint.h>

enum { SHEET_COLOURS = 12 /* of topics, in html.css */ };

struct sheet_counts {
    size_t articles, without_topic, to_review, not_articles, unusable;
    size_t chinese, dated; /* of both sorts of articles */
};

/* An address of an article in a sheet's HTML, which ends at `at`: a letter and its hash. */
struct sheet_address {
    uint64_t hash;
    size_t at;
};

/* All zero is an empty one. */
struct sheet {
    struct buffer html;
    struct sheet_counts counts;
    size_t *given; /* [n_given] the topic of each label given */
    size_t n_given, given_capacity;
    struct sheet_address *addresses; /* [n_addresses] two for each article, one behind the other */
    size_t n_addresses, addresses_capacity;
    struct marks marks; /* scratch */
};

/* Adds article `index` of the labeler's last page, or its last record. */
fenlei_status sheet_add(struct sheet *sheet, const fenlei_model *model, fenlei_labeler *labeler,
                        struct source source, size_t index, const fenlei_article *article,
                        struct selection selection, fenlei_error *error);

/* Says what is wrong with the input, or with its line `line` (0: none). */
void sheet_add_fault(struct sheet *sheet, size_t line, const char *message);

void sheet_clear(struct sheet *sheet);
void sheet_release(struct sheet *sheet);

/* A topic's name as an element of its own. */
void sheet_put_topic(struct buffer *out, const fenlei_model *model, size_t topic);

#endif
