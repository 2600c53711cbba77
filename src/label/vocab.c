/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/vocab.h"

uint32_t vocab_bucket_bits(uint32_t size)
{
    uint32_t bits = 1;
    while (bits < 31 && (UINT64_C(2) << bits) < size)
        bits++;
    return bits;
}

void vocab_fill_buckets(const uint64_t *keys, uint32_t size, uint32_t bucket_bits,
                        uint32_t *buckets)
{
    uint32_t id = 0;
    for (uint32_t bucket = 0; bucket < UINT32_C(1) << bucket_bits; bucket++) {
        buckets[bucket] = id;
        while (id < size && vocab_bucket(keys[id], bucket_bits) == bucket)
            id++;
    }
    buckets[UINT32_C(1) << bucket_bits] = id;
}

/* Keys compared at once. Nearly every bucket is as short, and comparing all of them costs less than
 * guessing where it ends. */
enum { WINDOW = 4 };

static uint32_t find_between(const struct vocab *vocab, uint64_t key, uint32_t first, uint32_t end)
{
    for (uint32_t id = first; id < end; id++)
        if (vocab->keys[id] == key)
            return id;
    return VOCAB_UNKNOWN;
}

/* Searches the bucket [first, end). A key is equal to one at most, so the window may reach over the
 * bucket's edges, but not over the vocabulary's. */
static inline uint32_t find_in_bucket(const struct vocab *vocab, uint64_t key, uint32_t first,
                                      uint32_t end)
{
    if (vocab->size < WINDOW)
        return find_between(vocab, key, first, end);
    uint32_t start = first <= vocab->size - WINDOW ? first : vocab->size - WINDOW;
    const uint64_t *keys = vocab->keys + start;
    unsigned equal = (unsigned)(keys[0] == key) | (unsigned)(keys[1] == key) << 1 |
                     (unsigned)(keys[2] == key) << 2 | (unsigned)(keys[3] == key) << 3;
    if (end > start + WINDOW && equal == 0)
        return find_between(vocab, key, start + WINDOW, end);
    /* No branch: whether an n-gram is known is anybody's guess. */
    uint32_t found = start + (uint32_t)__builtin_ctz(equal | 1U << WINDOW);
    return found | (0 - (uint32_t)(equal == 0));
}

uint32_t vocab_find(const struct vocab *vocab, uint64_t key)
{
    uint32_t bucket = vocab_bucket(key, vocab->bucket_bits);
    return find_in_bucket(vocab, key, vocab->buckets[bucket], vocab->buckets[bucket + 1]);
}

void vocab_find_all(const struct vocab *vocab, const uint64_t *keys, size_t n, uint32_t *ids)
{
    enum { BATCH = 32 };
    uint32_t first[BATCH], end[BATCH];
    for (size_t at = 0; at < n; at += BATCH) {
        size_t size = n - at < BATCH ? n - at : BATCH;
        for (size_t i = 0; i < size; i++) {
            uint32_t bucket = vocab_bucket(keys[at + i], vocab->bucket_bits);
            first[i] = vocab->buckets[bucket];
            end[i] = vocab->buckets[bucket + 1];
            __builtin_prefetch(&vocab->keys[first[i]]);
        }
        for (size_t i = 0; i < size; i++)
            ids[at + i] = find_in_bucket(vocab, keys[at + i], first[i], end[i]);
    }
}

bool vocab_is_valid(const struct vocab *vocab)
{
    uint32_t n_buckets = UINT32_C(1) << vocab->bucket_bits;
    if (vocab->buckets[0] != 0 || vocab->buckets[n_buckets] != vocab->size)
        return false;
    for (uint32_t i = 0; i < n_buckets; i++)
        if (vocab->buckets[i] > vocab->buckets[i + 1])
            return false;
    return true;
}
