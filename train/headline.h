/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a headline may be broken into lines. */
#ifndef TRAIN_HEADLINE_H
#define TRAIN_HEADLINE_H

#include "base/memory.h"

/* Cuts a headline where a paper would, at a space that is not within brackets: the first part off
 * *rest. False where there is no such space: either is all of it, then. */
bool headline_cut(fenlei_text *rest, fenlei_text *first);

/* Cuts the first of two lines off *rest: there, or where the words of the article of this text
 * suffer least. Of a headline that is one line, nothing is left. */
fenlei_text headline_break(fenlei_text *rest, fenlei_text text);

#endif
