/* SPDX-License-Identifier: BSD-3-Clause */
/* A labelled article as a line: JSON for programs, or for people. */
#ifndef COMMAND_OUTPUT_H
#define COMMAND_OUTPUT_H

#include "command/document.h"

/* What to show of an article: the labels given, the best `best` of them all, or every topic; and
 * its text, in JSON. */
struct selection {
    size_t best; /* 0: those given */
    bool all, with_text;
};

/* Where an article stands: `file` and the number of the article in it, from 1, and the document
 * that the file is, or NULL for a text; or, of a record, the number of its line, its `id` (JSON,
 * may be empty), its date, and its file where there are several. */
struct source {
    const char *file; /* NULL for a record of the only file */
    size_t number;
    fenlei_text id;
    fenlei_text date;             /* of a record; may be empty */
    fenlei_text others, clashing; /* its other fields: those that come out beside ours, and in
                                     `input` those of which the name is ours (output_is_ours()) */
    bool is_record;
    const struct document *document;
};

/* Is a label among those to show? `rank` is its place among the article's labels. */
bool output_is_selected(const fenlei_label *label, size_t rank, struct selection selection);

/* One JSON object and a line break. `page` is NULL for a record; `why` is an array of JSON (see
 * why.h), or empty. */
void output_json(struct buffer *out, const fenlei_model *model, struct source source,
                 const fenlei_page *page, const fenlei_article *article, struct selection selection,
                 fenlei_text why);

/* Is it the name of a field that the result of a record may have? */
bool output_is_ours(fenlei_text name);

/* {"line": 7, "id": ..., "error": "..."} and a line break. */
void output_json_error(struct buffer *out, struct source source, const char *message);

/* page.txt:29  安全检查 0.98  市领导带队暗访平安 严查隐患督促整改 */
void output_line(struct buffer *out, const fenlei_model *model, struct source source,
                 const fenlei_article *article, struct selection selection);

#endif
