/* SPDX-License-Identifier: BSD-3-Clause */
/* The explanation of an article's topics, as JSON for programs or as a list for people. */
#ifndef CLASSIFY_WHY_H
#define CLASSIFY_WHY_H

#include "command/output.h"

/* Which topics to explain, and how. */
struct why_options {
    struct selection selection; /* the topics that are shown ... */
    const bool *asked;          /* [topics] ... and these; NULL: no more */
    bool is_json;
    bool is_document;    /* its text is not the file's, and a phrase has no place in that */
    bool with_threshold; /* in the list, the model's own */
    bool in_colour;      /* of the list, by the codes of ECMA-48 */
};

/* Explains article `index` of the labeler's last page, or its last record (`is_record`), into *out:
 * an array of JSON, or lines. What lists leave out they state as a rest, so that each adds up to
 * the score. */
fenlei_status why_write(struct buffer *out, const fenlei_model *model, fenlei_labeler *labeler,
                        size_t index, const fenlei_article *article, bool is_record,
                        const struct why_options *options, fenlei_error *error);

#endif
