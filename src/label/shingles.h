/* SPDX-License-Identifier: BSD-3-Clause */
/* A text -> the set of its letter trigrams (shingles), by which texts are compared with each other:
 * by train/duplicates.h with the texts at hand, by sketch.h without. */
#ifndef LABEL_SHINGLES_H
#define LABEL_SHINGLES_H

#include "label/ngram.h"

enum { SHINGLE = 3 };

/* All zero is an empty set. */
struct shingles {
    struct folded folded;
    struct ngrams
        ngrams; /* its keys: [n] different ones, rising; no n-gram has its place any more */
    size_t n;
    uint64_t *scratch; /* [scratch_capacity] */
    size_t scratch_capacity;
};

/* Replaces what *shingles held; valid UTF-8 of FENLEI_TEXT_MAX bytes at most. False when memory
 * runs out. */
bool shingles_find(struct shingles *shingles, fenlei_text text);
void shingles_release(struct shingles *shingles);

/* A hash of one shingle, by the function of that number. Model files rest on it (sketch.h). */
static inline uint64_t shingle_hash(uint64_t key, uint64_t number)
{
    uint64_t hash = (key ^ (number * UINT64_C(0xD6E8FEB86659FD93))) * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ hash >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    return hash ^ hash >> 29;
}

/* Where a table by shingles has one. Few share a place, and whoever counts in such a table takes
 * those for one. */
enum { SHINGLE_PLACES_BITS = 24, SHINGLE_PLACES = 1 << SHINGLE_PLACES_BITS };

static inline uint32_t shingle_place(uint64_t key)
{
    return (uint32_t)(shingle_hash(key, 0) >> (64 - SHINGLE_PLACES_BITS));
}

/* The most hashes of a signature. */
enum { SHINGLE_HASHES_MAX = 128 };

/* A signature of n hashes: the share of equal ones in two of them estimates the weighted Jaccard
 * coefficient of their sets (weighted MinHash), with a deviation of sqrt(s (1 - s) / n).
 * weights[shingles->n] are above 0; the signature of an empty set is zeros. */
void shingles_sign(const struct shingles *shingles, const float *weights, size_t n,
                   uint32_t *signature);

#endif
