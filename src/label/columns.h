/* SPDX-License-Identifier: BSD-3-Clause */
/* The rows of a page whose columns stand side by side, as `pdftotext -layout` and tables of a word
 * processor leave them: parted where the gutter is plain, and put one column below the other. */
#ifndef LABEL_COLUMNS_H
#define LABEL_COLUMNS_H

#include "base/memory.h"

#include <stdbool.h>
#include <stdint.h>

/* What stands between two line ends, or what one column has of it. */
struct row {
    fenlei_text text;
    uint32_t number; /* of its line in the file, from 1 */
};

struct rows {
    struct row *of; /* [n] in reading order */
    size_t n, capacity;
};

/* Does the text hold a gap as wide as a gutter? */
bool columns_has_gap(fenlei_text text);

/* Does it hold a blank behind its first few letters? */
bool columns_has_blank(fenlei_text text);

/* Puts the columns of rows that stand side by side one below the other. *uncertain becomes whether
 * rows look like columns but cannot be parted. False when memory runs out. */
bool columns_separate(struct rows *rows, bool *uncertain);

/* Is there nothing to be seen of it? Marks of files put together (U+FEFF), of places to break or
 * join, of directions and of variants, and NUL. Inline: it is asked for every character. */
static inline bool columns_is_invisible(int32_t c)
{
    if ((c > 0xAD && c < 0x34F) || (c > 0x206F && c < 0xFE00))
        return false; /* most letters of most texts */
    return c == 0 || c == 0xAD || c == 0x34F || c == 0x61C || c == 0x180E ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c < 0xFE0F) || c == 0xFEFF ||
           (c >= 0xE0100 && c <= 0xE01EF);
}

/* The columns that a character takes in a fixed-width font: 0 for what cannot be seen, 2 for Han
 * letters and what is set as wide, else 1. */
unsigned columns_of(int32_t character);

#endif
