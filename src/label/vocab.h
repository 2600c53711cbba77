/* SPDX-License-Identifier: BSD-3-Clause */
/* n-gram <-> id, with document frequencies. The ids rise as the frequencies fall, so that what most
 * texts need lies together.
 *
 * An n-gram is found by a perfect hash: no two of the vocabulary have the same slot, so that one
 * look tells whether it is there. Hash and displace, with a pilot a bucket (Pibiri and Trani,
 * PTHash, SIGIR 2021). */
#ifndef LABEL_VOCAB_H
#define LABEL_VOCAB_H

#include "fenlei.h"

#include <stdint.h>

/* n-grams of a vocabulary at most. */
enum { VOCAB_MOST = INT32_MAX };

#define VOCAB_FREE UINT32_MAX

struct vocab_slot {
    uint32_t fingerprint; /* of the key */
    uint32_t id;          /* VOCAB_FREE: nothing is here */
};

/* A view: the arrays are a model's or a builder's. */
struct vocab {
    uint32_t size;
    bool is_narrow; /* fingerprints say all of a key: no n-gram is longer than two letters, and no
                       letter lies above U+FFFF */
    uint32_t n_slots, n_buckets;        /* at least 1 */
    const struct vocab_slot *slots;     /* [n_slots] */
    const uint16_t *pilots;             /* [n_buckets] */
    const uint64_t *keys;               /* [size] of each id; may be NULL where they are narrow */
    const uint32_t *document_frequency; /* [size] documents of the training data with it */
};

#define VOCAB_MIX_FIRST UINT64_C(0x9E3779B97F4A7C15)
#define VOCAB_MIX_SECOND UINT64_C(0xD6E8FEB86659FD93)

/* Mixes the bits of a key; a bijection. */
static inline uint64_t vocab_hash(uint64_t key)
{
    uint64_t hash = key * VOCAB_MIX_FIRST;
    return (hash ^ hash >> 32) * VOCAB_MIX_SECOND;
}

/* Makes the slots and pilots for vocab->keys[vocab->size]; both lie in *index, which the caller
 * frees and a model file keeps. FENLEI_BAD_INPUT where a key stands twice, or where they were
 * chosen so that none can be made. */
fenlei_status vocab_index(struct vocab *vocab, fenlei_text *index);

/* Points the vocabulary, of a size and perhaps with keys, at the slots and pilots of an index
 * (aligned to 8); false where they are none that can be used with it. An id that is none of the
 * vocabulary's is not found. */
bool vocab_open(struct vocab *vocab, fenlei_text index);

/* The id of an n-gram; vocab->size, which is none, for one that is not in it. */
uint32_t vocab_find(const struct vocab *vocab, uint64_t key);

/* ids[i] = vocab_find(keys[i]), many at a time: the lines of memory that one search waits for are
 * on their way while others are being searched. */
void vocab_find_all(const struct vocab *vocab, const uint64_t *keys, size_t n, uint32_t *ids);

/* Writes the ids of those n-grams only that are in the vocabulary, in their order, and returns how
 * many they are; `ids` has room for all n. Of keys, and of n pairs of neighbours among n + 1
 * letters.
 */
size_t vocab_find_known(const struct vocab *vocab, const uint64_t *keys, size_t n, uint32_t *ids);
size_t vocab_find_pairs(const struct vocab *vocab, const uint32_t *letters, size_t n,
                        uint32_t *ids);

/* Fills keys[size] with what each id stands for; 0 for one that no slot has. */
void vocab_list(const struct vocab *vocab, uint64_t *keys);

#endif
