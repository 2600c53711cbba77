/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/vocab.h"

#include "base/memory.h"
#include "base/processor.h"
#include "label/ngram.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif
#include <stdlib.h>
#include <string.h>

/* n-grams a bucket on average, and one free slot to so many that are taken: finding pilots takes
 * the longer, the more there are of the one and the fewer of the other. */
enum { BUCKET_MEAN = 4, TAKEN_FOR_A_FREE = 24, PILOT_MAX = UINT16_MAX, TRIES = 16 };

/* No bucket is as full by chance; an enemy's keys may all be in one, which would take for ever. */
enum { BUCKET_MOST = 64 };

/* How an index begins; the slots follow, and then the pilots. */
struct index_head {
    uint32_t n_slots, n_buckets;
    uint32_t is_narrow; /* 0 or 1 */
    uint32_t reserved;
};

/* ---- keys and slots ---- */

/* Letters of a key that is narrow have 16 bits of their 21; the others are these. */
#define WIDE_BITS (~(UINT64_C(0xFFFF) << 21 | UINT64_C(0xFFFF)))

static inline uint32_t narrow_fingerprint(uint64_t key)
{
    return (uint32_t)(key >> 21) << 16 | (uint32_t)(key & 0xFFFF);
}

static uint64_t narrow_key(uint32_t fingerprint)
{
    return (uint64_t)(fingerprint >> 16) << 21 | (fingerprint & 0xFFFF);
}

static inline uint32_t wide_fingerprint(uint64_t hash)
{
    return (uint32_t)(hash >> 8);
}

/* 0 to n - 1, in proportion to a number of 32 bits. */
static inline uint32_t scale_to(uint32_t number, uint32_t n)
{
    return (uint32_t)((uint64_t)number * n >> 32);
}

static inline uint32_t bucket_of(uint64_t hash, uint32_t n_buckets)
{
    return scale_to((uint32_t)(hash >> 32), n_buckets);
}

static inline uint32_t slot_of(uint64_t hash, uint32_t pilot, uint32_t n_slots)
{
    return scale_to((uint32_t)hash * (2 * pilot + 1), n_slots);
}

/* ---- finding ---- */

/* Without a branch: whether an n-gram is known is anybody's guess. */
static inline uint32_t id_of_narrow(uint32_t size, struct vocab_slot slot, uint64_t key)
{
    uint64_t differs = (slot.fingerprint ^ narrow_fingerprint(key)) | (key & WIDE_BITS);
    uint32_t id = slot.id | (0 - (uint32_t)(differs != 0)); /* all bits, as VOCAB_FREE has */
    return id < size ? id : size;
}

static inline uint32_t id_of_wide(const struct vocab *vocab, struct vocab_slot slot, uint64_t key,
                                  uint64_t hash)
{
    bool may_be = slot.fingerprint == wide_fingerprint(hash) && slot.id < vocab->size;
    return may_be && vocab->keys[slot.id] == key ? slot.id : vocab->size;
}

/* Looking up is a good part of labelling. What is worked out and what is fetched take turns, for a
 * batch of n-grams at a time: the compiler makes vectors of the one; of the other a processor has
 * many on their way at once, and fetches them one by one faster than as a vector. */
enum { BATCH = 256 };

struct batch {
    size_t n;
    uint64_t keys[BATCH], hashes[BATCH];
    uint32_t
        places[BATCH]; /* of a bucket; its pilot; the place of the only slot that it may have */
    struct vocab_slot slots[BATCH];
    uint32_t ids[BATCH];
};

static __attribute__((noinline)) void fetch_pilots(const struct vocab *vocab, struct batch *batch)
{
    const uint16_t *pilots = vocab->pilots;
    size_t n = batch->n;
#pragma GCC unroll 4
    for (size_t i = 0; i < n; i++)
        batch->places[i] = pilots[batch->places[i]];
}

static __attribute__((noinline)) void fetch_slots(const struct vocab *vocab, struct batch *batch)
{
    const struct vocab_slot *slots = vocab->slots;
    size_t n = batch->n;
#pragma GCC unroll 4
    for (size_t i = 0; i < n; i++)
        batch->slots[i] = slots[batch->places[i]];
}

static __attribute__((noinline)) void compare_wide(const struct vocab *vocab, struct batch *batch)
{
    for (size_t i = 0; i < batch->n; i++)
        batch->ids[i] = id_of_wide(vocab, batch->slots[i], batch->keys[i], batch->hashes[i]);
}

/* Finds the ids of the keys. */
static inline __attribute__((always_inline)) void look_up(const struct vocab *vocab,
                                                          struct batch *batch)
{
    size_t n = batch->n;
    uint32_t size = vocab->size, n_buckets = vocab->n_buckets, n_slots = vocab->n_slots;
    for (size_t i = 0; i < n; i++) {
        batch->hashes[i] = vocab_hash(batch->keys[i]);
        batch->places[i] = bucket_of(batch->hashes[i], n_buckets);
    }
    fetch_pilots(vocab, batch);
    for (size_t i = 0; i < n; i++)
        batch->places[i] = slot_of(batch->hashes[i], batch->places[i], n_slots);
    fetch_slots(vocab, batch);
    if (!vocab->is_narrow) {
        compare_wide(vocab, batch);
        return;
    }
    for (size_t i = 0; i < n; i++)
        batch->ids[i] = id_of_narrow(size, batch->slots[i], batch->keys[i]);
}

/* The same of the pairs of neighbours among one letter more. */
static inline __attribute__((always_inline)) void
look_up_pairs(const struct vocab *vocab, struct batch *batch, const uint32_t *letters)
{
    for (size_t i = 0; i < batch->n; i++)
        batch->keys[i] = ngram_key(letters[i], letters[i + 1], 2);
    look_up(vocab, batch);
}

/* Writes the ids from the i-th on that are known behind the n_known, and returns how many there are
 * then. */
static size_t keep_known(const struct batch *batch, size_t i, uint32_t size, uint32_t *ids,
                         size_t n_known)
{
    for (; i < batch->n; i++) {
        ids[n_known] = batch->ids[i];
        n_known += batch->ids[i] < size;
    }
    return n_known;
}

/* A processor that multiplies eight numbers at a time gets code for it, and finds the same. */
#ifdef __x86_64__

#define BY_EIGHT __attribute__((target("avx512f,avx512dq,avx512vl,avx512cd"))) static

BY_EIGHT void look_up_by_eight(const struct vocab *vocab, struct batch *batch)
{
    look_up(vocab, batch);
}

BY_EIGHT void look_up_pairs_by_eight(const struct vocab *vocab, struct batch *batch,
                                     const uint32_t *letters)
{
    look_up_pairs(vocab, batch, letters);
}

/* There is room for as many ids as n-grams: what is written behind the known ones is not yet asked
 * for, or written over. */
BY_EIGHT size_t keep_known_by_sixteen(const struct batch *batch, uint32_t size, uint32_t *ids)
{
    size_t n_known = 0, i = 0;
    for (; i + 16 <= batch->n; i += 16) {
        __m512i sixteen = _mm512_loadu_si512(batch->ids + i);
        __mmask16 known = _mm512_cmplt_epu32_mask(sixteen, _mm512_set1_epi32((int)size));
        _mm512_storeu_si512(ids + n_known, _mm512_maskz_compress_epi32(known, sixteen));
        n_known += (size_t)__builtin_popcount(known);
    }
    return keep_known(batch, i, size, ids, n_known);
}

#endif

static void find_keys(const struct vocab *vocab, struct batch *batch, const uint64_t *keys,
                      size_t left)
{
    batch->n = left < BATCH ? left : BATCH;
    memcpy(batch->keys, keys, batch->n * sizeof *keys);
#ifdef __x86_64__
    if (processor_has_avx512()) {
        look_up_by_eight(vocab, batch);
        return;
    }
#endif
    look_up(vocab, batch);
}

static void find_pairs(const struct vocab *vocab, struct batch *batch, const uint32_t *letters,
                       size_t left)
{
    batch->n = left < BATCH ? left : BATCH;
#ifdef __x86_64__
    if (processor_has_avx512()) {
        look_up_pairs_by_eight(vocab, batch, letters);
        return;
    }
#endif
    look_up_pairs(vocab, batch, letters);
}

static size_t keep_batch(const struct vocab *vocab, const struct batch *batch, uint32_t *ids)
{
#ifdef __x86_64__
    if (processor_has_avx512())
        return keep_known_by_sixteen(batch, vocab->size, ids);
#endif
    return keep_known(batch, 0, vocab->size, ids, 0);
}

uint32_t vocab_find(const struct vocab *vocab, uint64_t key)
{
    uint64_t hash = vocab_hash(key);
    uint32_t pilot = vocab->pilots[bucket_of(hash, vocab->n_buckets)];
    struct vocab_slot slot = vocab->slots[slot_of(hash, pilot, vocab->n_slots)];
    return vocab->is_narrow ? id_of_narrow(vocab->size, slot, key)
                            : id_of_wide(vocab, slot, key, hash);
}

void vocab_find_all(const struct vocab *vocab, const uint64_t *keys, size_t n, uint32_t *ids)
{
    struct batch batch;
    for (size_t at = 0; at < n; at += batch.n) {
        find_keys(vocab, &batch, keys + at, n - at);
        memcpy(ids + at, batch.ids, batch.n * sizeof *ids);
    }
}

size_t vocab_find_known(const struct vocab *vocab, const uint64_t *keys, size_t n, uint32_t *ids)
{
    struct batch batch;
    size_t n_known = 0;
    for (size_t at = 0; at < n; at += batch.n) {
        find_keys(vocab, &batch, keys + at, n - at);
        n_known += keep_batch(vocab, &batch, ids + n_known);
    }
    return n_known;
}

size_t vocab_find_pairs(const struct vocab *vocab, const uint32_t *letters, size_t n, uint32_t *ids)
{
    struct batch batch;
    size_t n_known = 0;
    for (size_t at = 0; at < n; at += batch.n) {
        find_pairs(vocab, &batch, letters + at, n - at);
        n_known += keep_batch(vocab, &batch, ids + n_known);
    }
    return n_known;
}

void vocab_list(const struct vocab *vocab, uint64_t *keys)
{
    if (vocab->keys != NULL) {
        memcpy(keys, vocab->keys, vocab->size * sizeof *keys);
        return;
    }
    memset(keys, 0, vocab->size * sizeof *keys);
    for (uint32_t i = 0; i < vocab->n_slots; i++)
        if (vocab->slots[i].id < vocab->size)
            keys[vocab->slots[i].id] = narrow_key(vocab->slots[i].fingerprint);
}

/* ---- opening ---- */

static uint64_t index_size(struct index_head head)
{
    return sizeof head + (uint64_t)head.n_slots * sizeof(struct vocab_slot) +
           (uint64_t)head.n_buckets * sizeof(uint16_t);
}

static void point(struct vocab *vocab, const void *index, struct index_head head)
{
    vocab->is_narrow = head.is_narrow != 0;
    vocab->n_slots = head.n_slots;
    vocab->n_buckets = head.n_buckets;
    vocab->slots = (const void *)((const struct index_head *)index + 1);
    vocab->pilots = (const void *)(vocab->slots + head.n_slots);
}

bool vocab_open(struct vocab *vocab, fenlei_text index)
{
    struct index_head head;
    if (index.size < sizeof head)
        return false;
    memcpy(&head, index.bytes, sizeof head);
    if (head.n_slots == 0 || head.n_buckets == 0 || head.is_narrow > 1 ||
        (head.is_narrow == 0 && vocab->keys == NULL && vocab->size > 0) ||
        index_size(head) != index.size)
        return false;
    point(vocab, index.bytes, head);
    return true;
}

/* ---- making ---- */

struct indexer {
    const uint64_t *keys; /* [size] */
    uint32_t size;
    struct index_head head;
    uint32_t *starts; /* [n_buckets + 1] of each bucket's ids in `ids` */
    uint32_t *ids;    /* [size] */
    struct vocab_slot *slots;
    uint16_t *pilots;
};

/* Sorts the ids by bucket. */
static void sort_ids(struct indexer *indexer)
{
    uint32_t n_buckets = indexer->head.n_buckets, *starts = indexer->starts;
    memset(starts, 0, (n_buckets + 1) * sizeof *starts);
    for (uint32_t id = 0; id < indexer->size; id++)
        starts[bucket_of(vocab_hash(indexer->keys[id]), n_buckets)]++;
    for (uint32_t bucket = 0, before = 0; bucket <= n_buckets; bucket++) {
        before += starts[bucket];
        starts[bucket] = before; /* where it ends, and where it begins once it is filled */
    }
    for (uint32_t id = indexer->size; id-- > 0;)
        indexer->ids[--starts[bucket_of(vocab_hash(indexer->keys[id]), n_buckets)]] = id;
}

static struct vocab_slot *slot_with(const struct indexer *indexer, uint32_t id, uint32_t pilot)
{
    uint64_t hash = vocab_hash(indexer->keys[id]);
    return &indexer->slots[slot_of(hash, pilot, indexer->head.n_slots)];
}

/* Gives the ids the slots that they have with this pilot, where those are free and differ. */
static bool settle(const struct indexer *indexer, const uint32_t *ids, uint32_t n, uint32_t pilot)
{
    uint32_t done = 0;
    while (done < n && slot_with(indexer, ids[done], pilot)->id == VOCAB_FREE) {
        slot_with(indexer, ids[done], pilot)->id = ids[done];
        done++;
    }
    if (done == n)
        return true;
    while (done-- > 0)
        slot_with(indexer, ids[done], pilot)->id = VOCAB_FREE;
    return false;
}

static bool settle_bucket(struct indexer *indexer, uint32_t bucket)
{
    uint32_t first = indexer->starts[bucket], n = indexer->starts[bucket + 1] - first;
    for (uint32_t pilot = 0; pilot <= PILOT_MAX; pilot++)
        if (settle(indexer, indexer->ids + first, n, pilot)) {
            indexer->pilots[bucket] = (uint16_t)pilot;
            return true;
        }
    return false;
}

static uint32_t fullest(const struct indexer *indexer)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < indexer->head.n_buckets; i++)
        if (indexer->starts[i + 1] - indexer->starts[i] > most)
            most = indexer->starts[i + 1] - indexer->starts[i];
    return most;
}

/* The fullest buckets first: they are the hardest to find room for. */
static bool settle_all(struct indexer *indexer)
{
    for (uint32_t n = fullest(indexer); n > 0; n--)
        for (uint32_t i = 0; i < indexer->head.n_buckets; i++)
            if (indexer->starts[i + 1] - indexer->starts[i] == n && !settle_bucket(indexer, i))
                return false;
    return true;
}

/* Two equal keys are in one bucket, which then never settles. */
static bool has_twins(const struct indexer *indexer)
{
    for (uint32_t bucket = 0; bucket < indexer->head.n_buckets; bucket++)
        for (uint32_t i = indexer->starts[bucket]; i < indexer->starts[bucket + 1]; i++)
            for (uint32_t k = i + 1; k < indexer->starts[bucket + 1]; k++)
                if (indexer->keys[indexer->ids[i]] == indexer->keys[indexer->ids[k]])
                    return true;
    return false;
}

static void fill_fingerprints(struct indexer *indexer)
{
    for (uint32_t i = 0; i < indexer->head.n_slots; i++) {
        struct vocab_slot *slot = &indexer->slots[i];
        if (slot->id == VOCAB_FREE)
            continue;
        uint64_t key = indexer->keys[slot->id];
        slot->fingerprint = indexer->head.is_narrow != 0 ? narrow_fingerprint(key)
                                                         : wide_fingerprint(vocab_hash(key));
    }
}

static bool are_narrow(const uint64_t *keys, uint32_t n)
{
    uint64_t bits = 0;
    for (uint32_t i = 0; i < n; i++)
        bits |= keys[i];
    return (bits & WIDE_BITS) == 0;
}

/* Tries with so many slots; false where some bucket does not settle. */
static bool try_index(struct indexer *indexer, void *index)
{
    *(struct index_head *)index = indexer->head;
    indexer->slots = (void *)((struct index_head *)index + 1);
    indexer->pilots = (void *)(indexer->slots + indexer->head.n_slots);
    for (uint32_t i = 0; i < indexer->head.n_slots; i++)
        indexer->slots[i] = (struct vocab_slot){0, VOCAB_FREE};
    if (!settle_all(indexer))
        return false;
    fill_fingerprints(indexer);
    return true;
}

static fenlei_status make_index(struct indexer *indexer, fenlei_text *index)
{
    for (int attempt = 0; attempt < TRIES; attempt++) {
        size_t size = (size_t)index_size(indexer->head);
        void *bytes = array_new(size, 1);
        if (bytes == NULL)
            return FENLEI_NO_MEMORY;
        *index = (fenlei_text){bytes, size};
        if (try_index(indexer, bytes))
            return FENLEI_OK;
        free(bytes);
        *index = (fenlei_text){NULL, 0};
        indexer->head.n_slots += indexer->head.n_slots / TAKEN_FOR_A_FREE + 1;
    }
    return FENLEI_BAD_INPUT;
}

fenlei_status vocab_index(struct vocab *vocab, fenlei_text *index)
{
    uint32_t n = vocab->size;
    struct indexer indexer = {.keys = vocab->keys,
                              .size = n,
                              .head = {.n_slots = n + n / TAKEN_FOR_A_FREE + 1,
                                       .n_buckets = n / BUCKET_MEAN + 1,
                                       .is_narrow = are_narrow(vocab->keys, n)}};
    indexer.starts = array_new((size_t)indexer.head.n_buckets + 1, sizeof *indexer.starts);
    indexer.ids = array_new(n, sizeof *indexer.ids);
    fenlei_status status = FENLEI_NO_MEMORY;
    *index = (fenlei_text){NULL, 0};
    if (indexer.starts != NULL && indexer.ids != NULL) {
        sort_ids(&indexer);
        status = fullest(&indexer) > BUCKET_MOST || has_twins(&indexer)
                     ? FENLEI_BAD_INPUT
                     : make_index(&indexer, index);
    }
    free(indexer.starts);
    free(indexer.ids);
    if (status == FENLEI_OK)
        point(vocab, index->bytes, indexer.head);
    return status;
}
