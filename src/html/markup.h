/* SPDX-License-Identifier: BSD-3-Clause */
/* What converters leave in a text and no reader wants to see: **bold**, # heading, [link](address),
 * &nbsp;, <br>. It is found, not taken away: the text stays as it is for programs. */
#ifndef HTML_MARKUP_H
#define HTML_MARKUP_H

#include "base/memory.h"

#include <stdint.h>

/* Bytes from `from` to `to` of a text, in place of which a reader sees the character `instead`; 0:
 * none. */
struct markup {
    size_t from, to;
    uint32_t instead;
};

struct markups {
    struct markup *of; /* [n] by place; they do not overlap */
    size_t n, capacity;
};

/* All of it in a text, which is valid UTF-8 and may have many lines; memory of *found is used
 * again. False when memory runs out. */
bool markup_find(struct markups *found, fenlei_text text);
void markups_release(struct markups *found);

/* The text as readers see it. */
void markup_drop(struct buffer *out, fenlei_text text);

#endif
