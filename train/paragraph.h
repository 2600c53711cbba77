/* SPDX-License-Identifier: BSD-3-Clause */
/* A paragraph of an article's text: what is a sentence of it. */
#ifndef TRAIN_PARAGRAPH_H
#define TRAIN_PARAGRAPH_H

#include "base/memory.h"

/* All of it where it has no full stop. */
fenlei_text paragraph_first_sentence(fenlei_text paragraph);

/* Is it one sentence or more, and no heading nor a name? */
bool paragraph_is_sentence(fenlei_text paragraph);

#endif
