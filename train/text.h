/* SPDX-License-Identifier: BSD-3-Clause */
/* Parts of a text: what is asked of valid UTF-8 by all that reads a layout or sets a page. The
 * parts point into the text. */
#ifndef TRAIN_TEXT_H
#define TRAIN_TEXT_H

#include "base/memory.h"

/* Cuts the part before the next separator off *rest; false where there is none: the part is all of
 * it, then. */
bool text_cut(fenlei_text *rest, char separator, fenlei_text *part);

/* What stands before the first `middle` of a text, and behind it; false, and neither is set, where
 * it has none. */
bool text_part_at(fenlei_text text, const char *middle, fenlei_text *before, fenlei_text *behind);

size_t text_characters(fenlei_text text); /* how many it has */

/* Bytes of the first `n` characters of a text, or of all. */
size_t text_bytes_of(fenlei_text text, size_t n);

/* The blanks that a text begins with. */
fenlei_text text_leading_blanks(fenlei_text text);

/* How many brackets and quotation marks a text leaves open; negative where it closes more than it
 * opens. */
int text_open_brackets(fenlei_text text);

#endif
