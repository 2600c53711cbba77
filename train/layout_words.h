/* SPDX-License-Identifier: BSD-3-Clause */
/* What layouts (layout.h) choose words from: lines of a slot's name, a tab and a word. */
#ifndef TRAIN_LAYOUT_WORDS_H
#define TRAIN_LAYOUT_WORDS_H

#include "base/memory.h"

/* All zero: none. */
struct layout_words {
    struct buffer *files; /* [n_files] */
    size_t n_files, files_capacity;
    struct layout_word {
        fenlei_text slot, word; /* in the files */
    } * words;                  /* [n] */
    size_t n, capacity;
};

/* Adds the words of a file. An error names it. */
fenlei_status layout_words_read(struct layout_words *words, const char *path, fenlei_error *error);
void layout_words_release(struct layout_words *words);

/* How many words a slot has to choose from, and one of them: which < that count. */
size_t layout_words_count(const struct layout_words *words, fenlei_text slot);
fenlei_text layout_words_at(const struct layout_words *words, fenlei_text slot, size_t which);

#endif
