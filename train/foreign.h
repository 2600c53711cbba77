/* SPDX-License-Identifier: BSD-3-Clause */
/* A text in another script, as to its shape: where Han letters are, words; where punctuation is,
 * that of the script. */
#ifndef TRAIN_FOREIGN_H
#define TRAIN_FOREIGN_H

#include "train/layout_words.h"

/* Appends a text in a script, which is the slot of its words; `is_first`: a sentence begins with
 * the text. False where the script has no word. */
bool foreign_append(struct buffer *page, const struct layout_words *words, fenlei_text script,
                    fenlei_text text, bool is_first);

#endif
