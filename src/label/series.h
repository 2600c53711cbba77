/* SPDX-License-Identifier: BSD-3-Clause */
/* Headings numbered in a row, such as 关键词 1 ... 关键词 5: an article printed around another one
 * is found again by the number that comes next. */
#ifndef LABEL_SERIES_H
#define LABEL_SERIES_H

#include "label/line.h"

enum { SERIES_KEPT = 16 };

struct series {
    struct series_name {
        fenlei_text name; /* 关键词 */
        uint32_t owner;
        uint32_t numbers; /* a bit for each number seen */
    } of[SERIES_KEPT];
    size_t n;
};

/* The piece that the heading `line`, read while `current` is the piece that lines go to, belongs
 * to: one whose series lacks its number, else the current one. */
uint32_t series_owner(struct series *series, const struct line *line, uint32_t current);

#endif
