/* SPDX-License-Identifier: BSD-3-Clause */
/* Text -> folded letters: NFKC, case, width, traditional -> simplified.
 *
 * Letters stand in runs. Punctuation ends a run; so does white space between words of a script
 * that uses it. Line breaks inside a Chinese sentence vanish, and so do spaces, except those that
 * stand for punctuation: between phrases on a line without a full stop, as in a headline.
 *
 * Result: MARK_START run MARK_BREAK run ... MARK_END, so that every two neighbours are a bigram. */
#ifndef LABEL_FOLD_H
#define LABEL_FOLD_H

#include "fenlei.h"
#include "label/fold_class.h"

#include <stdint.h>

/* Marks at the edges of runs; no letter has these values. Where punctuation is kept, PUNCTUATION
 * plus the first mark between two runs, or a space, stands in place of MARK_BREAK, and
 * only line breaks vanish. */
enum { MARK_START = 1, MARK_BREAK = 2, MARK_END = 3, PUNCTUATION = 0x110000 };

static inline bool fold_is_mark(uint32_t letter)
{
    return letter <= MARK_END || letter >= PUNCTUATION;
}

struct folded {
    uint32_t *letters; /* [count] code points and marks */
    uint32_t *sources; /* [count] byte offset in the text that the letter came from; a mark's is
                          that of what follows it */
    size_t count;
    size_t capacity, source_capacity;
    size_t n_letters; /* without the marks */
    bool lacks_icu;   /* some letters combine, and stand apart here for want of ICU */
};

/* Folds valid UTF-8 of FENLEI_TEXT_MAX bytes at most; false when memory runs out. May be called
 * again on the same struct. All zero is an empty one. */
bool fold(struct folded *folded, fenlei_text text, bool keep_punctuation);

/* Folds and leaves the marks out: of two names that look alike the same letters are left. */
bool fold_look(struct folded *folded, fenlei_text text);

/* The end of the characters at byte `source` that were folded together: of one character and
 * whatever combines with it. */
size_t fold_source_end(fenlei_text text, size_t source);

/* The fold_class bits of a character as it is after folding. */
uint32_t fold_class(int32_t c);

/* A character of the Basic Multilingual Plane as it is after folding: of single width, in lower
 * case, simplified. What vanishes is 0; what would become several, and what lies above, stays. */
uint32_t fold_character(int32_t c);

size_t fold_memory(const struct folded *folded); /* bytes allocated */
void fold_release(struct folded *folded);

#endif
