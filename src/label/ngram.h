/* SPDX-License-Identifier: BSD-3-Clause */
/* Folded letters -> character n-grams (bigrams by default), each with its place.
 *
 * An n-gram has marks at its ends at most, never inside: the bigrams of MARK_START 扫 黑 MARK_END
 * are (MARK_START 扫), (扫黑), (黑 MARK_END). A single character is never a mark. */
#ifndef LABEL_NGRAM_H
#define LABEL_NGRAM_H

#include "label/fold.h"

/* Longest n-gram that --ngrams accepts. */
enum { NGRAM_MAX = 8 };

/* How many letters n-grams have: 1 <= min <= max <= NGRAM_MAX. */
struct ngram_lengths {
    unsigned min, max;
};

struct ngrams {
    uint64_t *keys;  /* [count] see ngram_key() */
    uint32_t *first; /* [count] index of the first letter in folded.letters */
    size_t count;
    size_t key_capacity, first_capacity;
};

/* The key of an n-gram whose first n - 1 letters have the key `prefix` (0 for n = 1). Up to three
 * letters it is their code points, 21 bits each, the last one lowest; beyond, a 63-bit hash with
 * the highest bit set. */
static inline uint64_t ngram_key(uint64_t prefix, uint32_t letter, unsigned n)
{
    if (n <= 3)
        return prefix << 21 | letter;
    uint64_t hash = (prefix ^ letter) * UINT64_C(0x9E3779B97F4A7C15);
    return (hash ^ hash >> 29) | UINT64_C(1) << 63;
}

/* A single character is never a mark, but punctuation kept counts alone too. */
static inline bool ngram_stands_alone(uint32_t letter)
{
    return letter > MARK_END;
}

/* All n-grams of such lengths, by place and then length; replaces what `ngrams` held. False when
 * memory runs out. */
bool ngrams_extract(struct ngrams *ngrams, const struct folded *folded,
                    struct ngram_lengths lengths);

/* The same, some at a time and without their places: writes those that begin at letter *at and the
 * next ones, moves *at on, and returns their number; 0 behind the last letter. */
enum { NGRAMS_AT_ONCE = 512 };
size_t ngrams_next(const struct folded *folded, struct ngram_lengths lengths, size_t *at,
                   uint64_t keys[NGRAMS_AT_ONCE]);

size_t ngrams_memory(const struct ngrams *ngrams); /* bytes allocated */
void ngrams_release(struct ngrams *ngrams);

#endif
