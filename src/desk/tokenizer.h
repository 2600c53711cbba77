/* SPDX-License-Identifier: BSD-3-Clause */
/* Text -> tokens of SQLite's full-text search: pairs of neighbouring letters after the library's
 * fold, so that two letters find, and traditional script, width and case are all one. */
#ifndef DESK_TOKENIZER_H
#define DESK_TOKENIZER_H

#include "base/memory.h"

struct sqlite3;

/* Makes the tokenizer `bigrams` known to a connection; false when SQLite will not have it. */
bool tokenizer_register(struct sqlite3 *database);

/* Appends the expression of FTS5 that finds what a person typed: each run of its letters must be
 * there. Returns false, and appends nothing, where there is no letter in it. */
bool tokenizer_expression(struct buffer *out, fenlei_text typed);

#endif
