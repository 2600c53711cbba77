/* SPDX-License-Identifier: BSD-3-Clause */
/* The rows of a text: what stands between two line ends.
 *
 * A row ends where any system ends a line: LF, CR, CR LF, NEL, U+2028, U+2029; a vertical tab, a
 * form feed or a separator (U+001C to U+001E) ends one too where text stands before it. Numbers
 * that a program which shows files put before the rows are no part of them, nor are the names of
 * the fields of a crawler's record for headline and text. A headline that stands before its text on
 * one line, a wide gap between, is a row of its own. */
#ifndef LABEL_ROW_H
#define LABEL_ROW_H

#include "base/memory.h"

#include <stdbool.h>
#include <stdint.h>

/* What stands between two line ends, or what one column (columns.h) has of it. */
struct row {
    fenlei_text text;
    uint32_t number; /* of its line in the file, from 1 */
};

struct rows {
    struct row *of; /* [n] in reading order */
    size_t n, capacity;
};

/* Reads the rows of a text, which they point into, in place of those that were there. False when
 * memory runs out, or, and then *too_long, when more than `most` of them are not blank. All zero is
 * an empty struct; free(rows->of) releases it. */
bool rows_read(struct rows *rows, fenlei_text text, size_t most, bool *too_long);

/* Adds a row behind the others. False when memory runs out. */
bool rows_append(struct rows *rows, struct row row);

/* How many rows from row i on are one line: one, but for a headline set downwards, whose letters
 * stand one below the other, all of them with as many blank rows between, none or one. */
size_t rows_of_line(const struct rows *rows, size_t i);

/* The text of `n` > 0 rows from row i on, with what is between them: they are joined where they
 * stand. */
fenlei_text rows_joined(const struct rows *rows, size_t i, size_t n);

#endif
