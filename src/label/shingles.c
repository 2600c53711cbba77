/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/shingles.h"

#include "base/memory.h"
#include "base/processor.h"
#include "base/radix.h"

#include <math.h>
#include <stdlib.h>

bool shingles_find(struct shingles *shingles, fenlei_text text)
{
    struct ngrams *ngrams = &shingles->ngrams;
    shingles->n = 0;
    if (!fold(&shingles->folded, text, false) ||
        !ngrams_extract(ngrams, &shingles->folded, (struct ngram_lengths){SHINGLE, SHINGLE}) ||
        !array_reserve(&shingles->scratch, &shingles->scratch_capacity, ngrams->count,
                       sizeof *shingles->scratch))
        return false;
    shingles->n = radix_sort_unique(ngrams->keys, shingles->scratch, ngrams->count);
    return true;
}

void shingles_release(struct shingles *shingles)
{
    fold_release(&shingles->folded);
    ngrams_release(&shingles->ngrams);
    free(shingles->scratch);
    shingles->scratch = NULL;
    shingles->scratch_capacity = 0;
}

/* An exponential random number of a hash, nearly: -log2 of its upper bits as a share, the logarithm
 * linear between powers of two. Any falling function serves: two texts agree on the least where the
 * shingle with it is in both. */
static float waiting_time(uint64_t hash)
{
    uint32_t share = (uint32_t)(hash >> 32) | 1;
    int zeros = __builtin_clz(share);
    return (float)zeros + 1 - (float)((share << zeros) & 0x7FFFFFFF) * 0x1p-31F;
}

/* Divided by its weight, the first of these numbers is a shingle's with a probability in proportion
 * to the weight. */
static inline __attribute__((always_inline)) void
sign(const struct shingles *shingles, const float *weights, size_t n, uint32_t *signature)
{
    float least[SHINGLE_HASHES_MAX];
    for (size_t h = 0; h < n; h++) {
        least[h] = INFINITY;
        signature[h] = 0;
    }
    for (size_t k = 0; k < shingles->n; k++) {
        float scale = 1 / weights[k];
        for (size_t h = 0; h < n; h++) {
            uint64_t hash = shingle_hash(shingles->ngrams.keys[k], h + 1);
            float time = waiting_time(hash) * scale;
            if (time < least[h]) {
                least[h] = time;
                signature[h] = (uint32_t)hash;
            }
        }
    }
}

/* Of a text's signature each hash of each shingle is computed, and that is a good part of a
 * training: a processor that multiplies eight at a time gets code for it, which gives the same. */
#ifdef __x86_64__
__attribute__((target("avx512f,avx512dq,avx512vl,avx512cd"))) static void
sign_by_eight(const struct shingles *shingles, const float *weights, size_t n, uint32_t *signature)
{
    sign(shingles, weights, n, signature);
}
#endif

void shingles_sign(const struct shingles *shingles, const float *weights, size_t n,
                   uint32_t *signature)
{
#ifdef __x86_64__
    if (processor_has_avx512()) {
        sign_by_eight(shingles, weights, n, signature);
        return;
    }
#endif
    sign(shingles, weights, n, signature);
}
