#include "vocab.h"

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

uint32_t vocab_find(const struct vocab *vocab, uint64_t key)
{
    uint32_t bucket = vocab_bucket(key, vocab->bucket_bits);
    for (uint32_t id = vocab->buckets[bucket]; id < vocab->buckets[bucket + 1]; id++)
        if (vocab->keys[id] == key)
            return id;
    return VOCAB_UNKNOWN;
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
