/* SPDX-License-Identifier: BSD-3-Clause */
/* n-gram <-> id, with document frequencies. The ids are the places in an array sorted by a hash of
 * the key, so that a bucket of neighbouring ids is all there is to search. */
#ifndef LABEL_VOCAB_H
#define LABEL_VOCAB_H

#include "fenlei.h"

#include <stdint.h>

#define VOCAB_UNKNOWN UINT32_MAX

/* A view: the arrays are a model's or a builder's. */
struct vocab {
    uint32_t size;
    uint32_t bucket_bits;               /* there are 1 << bucket_bits buckets, 0 to 31 */
    const uint64_t *keys;               /* [size] by rising vocab_hash() */
    const uint32_t *buckets;            /* [(1 << bucket_bits) + 1] first id of each bucket */
    const uint32_t *document_frequency; /* [size] documents of the training data with it */
};

/* A bijection, so that different keys have different hashes: Fibonacci hashing (Knuth, The Art of
 * Computer Programming, volume 3, section 6.4). */
static inline uint64_t vocab_hash(uint64_t key)
{
    return key * UINT64_C(0x9E3779B97F4A7C15);
}

static inline uint32_t vocab_bucket(uint64_t key, uint32_t bucket_bits)
{
    return (uint32_t)(vocab_hash(key) >> 32) >> (32 - bucket_bits);
}

/* The number of bits that gives buckets of two n-grams on average; at least 1. */
uint32_t vocab_bucket_bits(uint32_t size);

/* Fills buckets[(1 << bucket_bits) + 1] for keys that are sorted by hash. */
void vocab_fill_buckets(const uint64_t *keys, uint32_t size, uint32_t bucket_bits,
                        uint32_t *buckets);

/* The id of an n-gram, or VOCAB_UNKNOWN. */
uint32_t vocab_find(const struct vocab *vocab, uint64_t key);

/* ids[i] = vocab_find(keys[i]), many at a time: the lines of memory that one search waits for are
 * on their way while others are being searched. */
void vocab_find_all(const struct vocab *vocab, const uint64_t *keys, size_t n, uint32_t *ids);

/* Is it what vocab_find() relies on: sorted keys, buckets that rise and end at size? */
bool vocab_is_valid(const struct vocab *vocab);

#endif
