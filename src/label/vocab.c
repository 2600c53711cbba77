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
static inline uint32_t find_narrow(const struct vocab *vocab, const struct vocab_slot *slot,
                                   uint64_t key)
{
    uint64_t differs = (slot->fingerprint ^ narrow_fingerprint(key)) | (key & WIDE_BITS);
    uint32_t id = slot->id | (0 - (uint32_t)(differs != 0)); /* all bits, as VOCAB_FREE has */
    return id < vocab->size ? id : vocab->size;
}

static inline uint32_t find_wide(const struct vocab *vocab, const struct vocab_slot *slot,
                                 uint64_t key)
{
    bool may_be = slot->fingerprint == wide_fingerprint(vocab_hash(key)) && slot->id < vocab->size;
    return may_be && vocab->keys[slot->id] == key ? slot->id : vocab->size;
}

uint32_t vocab_find(const struct vocab *vocab, uint64_t key)
{
    uint32_t id;
    vocab_find_all(vocab, &key, 1, &id);
    return id;
}

/* The only slot that an n-gram may have, which is on its way from memory after this. */
static inline uint32_t locate(const struct vocab *vocab, uint64_t key)
{
    uint64_t hash = vocab_hash(key);
    uint32_t pilot = vocab->pilots[bucket_of(hash, vocab->n_buckets)];
    uint32_t slot = slot_of(hash, pilot, vocab->n_slots);
    __builtin_prefetch(&vocab->slots[slot]);
    return slot;
}

/* ---- finding eight at a time ---- */

/* Looking up is a good part of labelling. A processor that multiplies and fetches eight numbers at
 * a time needs less than half the time, and finds the same. */
#ifdef __x86_64__

#define BY_EIGHT __attribute__((target("avx512f,avx512dq"))) static inline

BY_EIGHT __m512i hash_eight(__m512i keys)
{
    __m512i hash = _mm512_mullo_epi64(keys, _mm512_set1_epi64((long long)VOCAB_MIX_FIRST));
    hash = _mm512_xor_si512(hash, _mm512_srli_epi64(hash, 32));
    return _mm512_mullo_epi64(hash, _mm512_set1_epi64((long long)VOCAB_MIX_SECOND));
}

/* scale_to() of the lower half of each. */
BY_EIGHT __m512i scale_eight(__m512i numbers, uint32_t n)
{
    return _mm512_srli_epi64(_mm512_mul_epu32(numbers, _mm512_set1_epi64(n)), 32);
}

/* The only slots that they may have. A pilot is fetched with the 16 bits before it, for behind the
 * last one may be nothing; before the first one is a slot. */
BY_EIGHT __m512i fetch_eight(const struct vocab *vocab, __m512i hash)
{
    __m512i buckets = scale_eight(_mm512_srli_epi64(hash, 32), vocab->n_buckets);
    __m256i words = _mm512_i64gather_epi32(buckets, vocab->pilots - 1, sizeof *vocab->pilots);
    __m512i odd = _mm512_cvtepu32_epi64(_mm256_srli_epi32(words, 15)); /* twice the pilot */
    __m512i numbers = _mm512_mul_epu32(hash, _mm512_or_si512(odd, _mm512_set1_epi64(1)));
    return _mm512_i64gather_epi64(scale_eight(numbers, vocab->n_slots), vocab->slots,
                                  sizeof *vocab->slots);
}

/* Which of the slots are of these narrow keys. */
BY_EIGHT __mmask8 are_narrow_eight(__m512i slots, __m512i keys)
{
    const __m512i half = _mm512_set1_epi64(0xFFFF);
    __m512i first = _mm512_slli_epi64(_mm512_and_si512(_mm512_srli_epi64(keys, 21), half), 16);
    __m512i fingerprints = _mm512_or_si512(first, _mm512_and_si512(keys, half));
    return _mm512_mask_testn_epi64_mask(
        _mm512_testn_epi64_mask(keys, _mm512_set1_epi64((long long)WIDE_BITS)),
        _mm512_xor_si512(slots, fingerprints), _mm512_set1_epi64(UINT32_MAX));
}

/* The same of wide ones, whose ids are below the size for these that `known` says. */
BY_EIGHT __mmask8 are_wide_eight(const struct vocab *vocab, __mmask8 known, __m512i slots,
                                 __m512i keys, __m512i hash)
{
    __m512i differences = _mm512_xor_si512(slots, _mm512_srli_epi64(hash, 8));
    __mmask8 may_be =
        _mm512_mask_testn_epi64_mask(known, differences, _mm512_set1_epi64(UINT32_MAX));
    if (may_be == 0)
        return 0;
    __m512i ids = _mm512_srli_epi64(slots, 32);
    __m512i theirs =
        _mm512_mask_i64gather_epi64(keys, may_be, ids, vocab->keys, sizeof *vocab->keys);
    return _mm512_mask_cmpeq_epi64_mask(may_be, theirs, keys);
}

/* What eight n-grams were found to be: which of them are known, and the ids of those. */
struct eight {
    __m512i ids;
    __mmask8 known;
};

BY_EIGHT struct eight find_eight(const struct vocab *vocab, __m512i keys)
{
    __m512i hash = hash_eight(keys), slots = fetch_eight(vocab, hash);
    struct eight eight = {.ids = _mm512_srli_epi64(slots, 32)};
    eight.known = _mm512_cmplt_epu64_mask(eight.ids, _mm512_set1_epi64(vocab->size));
    eight.known &= vocab->is_narrow ? are_narrow_eight(slots, keys)
                                    : are_wide_eight(vocab, eight.known, slots, keys, hash);
    return eight;
}

/* Writes the ids of the known at ids[0], and something behind them up to ids[7]. */
BY_EIGHT size_t keep_eight(struct eight eight, uint32_t *ids)
{
    __m512i kept = _mm512_maskz_compress_epi64(eight.known, eight.ids);
    _mm256_storeu_si256((void *)ids, _mm512_cvtepi64_epi32(kept));
    return (size_t)__builtin_popcount(eight.known);
}

BY_EIGHT __m512i load_letters(const uint32_t *letters)
{
    return _mm512_cvtepu32_epi64(_mm256_loadu_si256((const void *)letters));
}

/* These return how many they looked up, a multiple of eight. */

__attribute__((target("avx512f,avx512dq"))) static size_t
find_all_by_eight(const struct vocab *vocab, const uint64_t *keys, size_t n, uint32_t *ids)
{
    struct vocab view = *vocab;
    size_t done = 0;
    for (; done + 8 <= n; done += 8) {
        struct eight eight = find_eight(&view, _mm512_loadu_si512(keys + done));
        __m512i none = _mm512_set1_epi64(view.size);
        __m512i found = _mm512_mask_blend_epi64(eight.known, none, eight.ids);
        _mm256_storeu_si256((void *)(ids + done), _mm512_cvtepi64_epi32(found));
    }
    return done;
}

__attribute__((target("avx512f,avx512dq"))) static size_t
find_known_by_eight(const struct vocab *vocab, const uint64_t *keys, size_t n, uint32_t *ids,
                    size_t *n_known)
{
    struct vocab view = *vocab;
    size_t done = 0, known = 0;
    for (; done + 8 <= n; done += 8)
        known += keep_eight(find_eight(&view, _mm512_loadu_si512(keys + done)), ids + known);
    *n_known = known;
    return done;
}

__attribute__((target("avx512f,avx512dq"))) static size_t
find_pairs_by_eight(const struct vocab *vocab, const uint32_t *letters, size_t n, uint32_t *ids,
                    size_t *n_known)
{
    struct vocab view = *vocab;
    size_t done = 0, known = 0;
    for (; done + 8 <= n; done += 8) {
        __m512i first = load_letters(letters + done), second = load_letters(letters + done + 1);
        __m512i keys = _mm512_or_si512(_mm512_slli_epi64(first, 21), second);
        known += keep_eight(find_eight(&view, keys), ids + known);
    }
    *n_known = known;
    return done;
}

#endif

/* n-grams whose slots are on their way at a time. */
enum { BATCH = 256 };

/* The vocabulary is a copy below: the compiler knows then that writing ids does not change it. */

void vocab_find_all(const struct vocab *vocab, const uint64_t *keys, size_t n, uint32_t *ids)
{
    struct vocab view = *vocab;
    size_t done = 0;
#ifdef __x86_64__
    if (processor_has_avx512())
        done = find_all_by_eight(vocab, keys, n, ids);
#endif
    for (size_t at = done; at < n; at += BATCH) {
        size_t end = n - at < BATCH ? n : at + BATCH;
        for (size_t i = at; i < end; i++)
            ids[i] = locate(&view, keys[i]);
        if (view.is_narrow)
            for (size_t i = at; i < end; i++)
                ids[i] = find_narrow(&view, &view.slots[ids[i]], keys[i]);
        else
            for (size_t i = at; i < end; i++)
                ids[i] = find_wide(&view, &view.slots[ids[i]], keys[i]);
    }
}

/* Looks up n n-grams and writes what is known of them at ids[0]. */
static size_t keep_known(const struct vocab *vocab, const uint64_t *keys, size_t n, uint32_t *ids)
{
    uint32_t size = vocab->size;
    size_t known = 0;
    vocab_find_all(vocab, keys, n, ids);
    for (size_t i = 0; i < n; i++) {
        ids[known] = ids[i];
        known += ids[i] < size;
    }
    return known;
}

size_t vocab_find_known(const struct vocab *vocab, const uint64_t *keys, size_t n, uint32_t *ids)
{
    size_t done = 0, known = 0;
#ifdef __x86_64__
    if (processor_has_avx512())
        done = find_known_by_eight(vocab, keys, n, ids, &known);
#endif
    return known + keep_known(vocab, keys + done, n - done, ids + known);
}

size_t vocab_find_pairs(const struct vocab *vocab, const uint32_t *letters, size_t n, uint32_t *ids)
{
    uint64_t keys[BATCH];
    size_t done = 0, known = 0;
#ifdef __x86_64__
    if (processor_has_avx512())
        done = find_pairs_by_eight(vocab, letters, n, ids, &known);
#endif
    for (size_t at = done, size; at < n; at += size) {
        size = n - at < BATCH ? n - at : BATCH;
        for (size_t i = 0; i < size; i++)
            keys[i] = ngram_key(letters[at + i], letters[at + i + 1], 2);
        known += keep_known(vocab, keys, size, ids + known);
    }
    return known;
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
