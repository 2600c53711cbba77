#include "train/duplicates.h"

#include "base/parallel.h"
#include "base/status.h"
#include "label/ngram.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* A pair of similarity s shares a band with probability 1 - (1 - s^ROWS)^BANDS. */
enum { BANDS = 40, ROWS = 3, HASHES = BANDS * ROWS, SHINGLE = 3 };

/* Of many documents with one band in common, each is compared with this many before it. */
enum { RUN_COMPARED = 64 };

/* Documents described at once; copies among them are forgotten before the next. */
enum { CHUNK = 4096 };

struct shingles {
    uint64_t *keys; /* [n] rising */
    size_t n;
};

struct finder {
    const struct corpus *corpus;
    struct shingles *shingles;      /* [n_documents] none of copies */
    uint32_t (*signatures)[HASHES]; /* [n_documents] */
    uint32_t *table; /* [1 << table_bits] first documents + 1 by hash, 0 where free */
    unsigned table_bits;
    size_t start; /* of the chunk being described */
    struct scratch {
        struct folded folded;
        struct ngrams ngrams;
    } * scratch; /* [n_threads] */
    atomic_bool failed;
};

static bool add_pair(struct duplicates *duplicates, uint32_t a, uint32_t b, double similarity)
{
    if (!array_reserve(&duplicates->pairs, &duplicates->capacity, duplicates->n + 1,
                       sizeof *duplicates->pairs))
        return false;
    duplicates->pairs[duplicates->n++] = (struct duplicate){a, b, similarity};
    return true;
}

static uint32_t mix(uint64_t key, uint64_t number)
{
    uint64_t hash = (key ^ (number * UINT64_C(0xD6E8FEB86659FD93))) * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ hash >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    return (uint32_t)(hash >> 32);
}

static void sign(struct finder *finder, size_t i)
{
    const struct shingles *shingles = &finder->shingles[i];
    for (size_t h = 0; h < HASHES; h++) {
        uint32_t least = UINT32_MAX;
        for (size_t k = 0; k < shingles->n; k++) {
            uint32_t hash = mix(shingles->keys[k], h + 1);
            least = hash < least ? hash : least;
        }
        finder->signatures[i][h] = least;
    }
}

static void describe_one(void *context, unsigned thread, size_t at)
{
    struct finder *finder = context;
    struct scratch *scratch = &finder->scratch[thread];
    size_t i = finder->start + at;
    struct shingles *shingles = &finder->shingles[i];
    if (!fold(&scratch->folded, finder->corpus->documents[i].text, false) ||
        !ngrams_extract(&scratch->ngrams, &scratch->folded, SHINGLE, SHINGLE) ||
        (shingles->keys = array_new(scratch->ngrams.count, sizeof *shingles->keys)) == NULL) {
        atomic_store(&finder->failed, true);
        return;
    }
    size_t count = scratch->ngrams.count;
    if (count > 0)
        memcpy(shingles->keys, scratch->ngrams.keys, count * sizeof *shingles->keys);
    qsort(shingles->keys, count, sizeof *shingles->keys, ngram_by_key);
    for (size_t k = 0; k < count; k++)
        if (k == 0 || shingles->keys[k] != shingles->keys[k - 1])
            shingles->keys[shingles->n++] = shingles->keys[k];
    sign(finder, i);
}

/* ---- copies ---- */

static bool are_same(const struct shingles *a, const struct shingles *b)
{
    return a->n == b->n && memcmp(a->keys, b->keys, a->n * sizeof *a->keys) == 0;
}

/* The first document with the shingles of document i, which is i itself when there was none. */
static uint32_t find_first(struct finder *finder, size_t i)
{
    const struct shingles *shingles = &finder->shingles[i];
    size_t last = ((size_t)1 << finder->table_bits) - 1;
    size_t at = XXH3_64bits(shingles->keys, shingles->n * sizeof *shingles->keys) & last;
    for (; finder->table[at] != 0; at = (at + 1) & last)
        if (are_same(&finder->shingles[finder->table[at] - 1], shingles))
            return finder->table[at] - 1;
    finder->table[at] = (uint32_t)i + 1;
    return (uint32_t)i;
}

/* Notes which documents of the chunk are copies, and forgets their shingles: 100,000 copies of a
 * text are to take no more memory than the text, nor to be compared with each other. */
static bool collapse(struct duplicates *duplicates, struct finder *finder, size_t size)
{
    for (size_t i = finder->start; i < finder->start + size; i++) {
        if (finder->shingles[i].n == 0)
            continue; /* too short to be anybody's copy */
        uint32_t first = find_first(finder, i);
        if (first == i)
            continue;
        free(finder->shingles[i].keys);
        finder->shingles[i] = (struct shingles){0};
        if (!add_pair(duplicates, first, (uint32_t)i, 1))
            return false;
    }
    return true;
}

/* Describes all documents, and finds the copies among them. */
static bool describe(struct duplicates *duplicates, struct finder *finder, unsigned n_threads)
{
    size_t n = finder->corpus->n_documents;
    for (; finder->start < n; finder->start += CHUNK) {
        size_t size = n - finder->start < CHUNK ? n - finder->start : CHUNK;
        parallel_for(size, n_threads, describe_one, finder);
        if (atomic_load(&finder->failed) || !collapse(duplicates, finder, size))
            return false;
    }
    return true;
}

/* ---- near copies ---- */

static double jaccard(const struct shingles *a, const struct shingles *b)
{
    size_t both = 0, i = 0, k = 0;
    while (i < a->n && k < b->n) {
        if (a->keys[i] == b->keys[k]) {
            both++;
            i++;
            k++;
        } else if (a->keys[i] < b->keys[k]) {
            i++;
        } else {
            k++;
        }
    }
    size_t either = a->n + b->n - both;
    return either > 0 ? (double)both / (double)either : 0;
}

/* ---- bands ---- */

struct banded {
    uint32_t band[ROWS];
    uint32_t document;
};

static int by_band(const void *left, const void *right)
{
    const struct banded *a = left, *b = right;
    int order = memcmp(a->band, b->band, sizeof a->band);
    return order != 0 ? order : a->document < b->document ? -1 : a->document > b->document;
}

/* The share of equal hashes is an estimate of the similarity, with a deviation of 0.045: whoever is
 * 3 deviations below DUPLICATES_SIMILARITY need not be compared exactly. A third of the hashes, at
 * the beginning of a signature, tells most of them. */
static bool may_be_similar(const struct finder *finder, uint32_t a, uint32_t b)
{
    enum { THIRD = HASHES / 3, LEAST = 31, LEAST_OF_THIRD = 7 };
    const uint32_t *left = finder->signatures[a], *right = finder->signatures[b];
    uint32_t equal = 0;
    for (size_t h = 0; h < THIRD; h++)
        equal += left[h] == right[h];
    if (equal < LEAST_OF_THIRD)
        return false;
    for (size_t h = THIRD; h < HASHES; h++)
        equal += left[h] == right[h];
    return equal >= LEAST;
}

/* Do a and b share a band before this one? Then they were compared there. */
static bool share_earlier(const struct finder *finder, uint32_t a, uint32_t b, size_t band)
{
    const uint32_t *left = finder->signatures[a], *right = finder->signatures[b];
    for (size_t i = 0; i < band; i++)
        if (memcmp(left + i * ROWS, right + i * ROWS, ROWS * sizeof *left) == 0)
            return true;
    return false;
}

static bool compare(struct duplicates *duplicates, const struct finder *finder, uint32_t a,
                    uint32_t b, size_t band)
{
    if (share_earlier(finder, a, b, band) || !may_be_similar(finder, a, b))
        return true;
    double similarity = jaccard(&finder->shingles[a], &finder->shingles[b]);
    return similarity < DUPLICATES_SIMILARITY || add_pair(duplicates, a, b, similarity);
}

static bool compare_band(struct duplicates *duplicates, const struct finder *finder, size_t band,
                         struct banded *banded)
{
    size_t n = 0;
    for (size_t i = 0; i < finder->corpus->n_documents; i++) {
        if (finder->shingles[i].n == 0)
            continue; /* a copy, or too short */
        memcpy(banded[n].band, finder->signatures[i] + band * ROWS, sizeof banded[n].band);
        banded[n++].document = (uint32_t)i;
    }
    if (n > 0)
        qsort(banded, n, sizeof *banded, by_band);
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && i - k < RUN_COMPARED; k--) {
            if (memcmp(banded[k - 1].band, banded[i].band, sizeof banded[i].band) != 0)
                break;
            if (!compare(duplicates, finder, banded[k - 1].document, banded[i].document, band))
                return false;
        }
    return true;
}

static int by_similarity(const void *left, const void *right)
{
    const struct duplicate *a = left, *b = right;
    if (a->similarity != b->similarity)
        return a->similarity < b->similarity ? 1 : -1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return a->b < b->b ? -1 : a->b > b->b;
}

static bool finder_init(struct finder *finder, const struct corpus *corpus, unsigned n_threads)
{
    size_t n = corpus->n_documents;
    *finder = (struct finder){.corpus = corpus, .table_bits = 4};
    atomic_init(&finder->failed, false);
    while ((size_t)1 << finder->table_bits < 2 * n)
        finder->table_bits++;
    finder->shingles = array_new(n, sizeof *finder->shingles);
    finder->signatures = array_new(n, sizeof *finder->signatures);
    finder->table = array_new((size_t)1 << finder->table_bits, sizeof *finder->table);
    finder->scratch = array_new(n_threads, sizeof *finder->scratch);
    return finder->shingles != NULL && finder->signatures != NULL && finder->table != NULL &&
           finder->scratch != NULL;
}

static void finder_release(struct finder *finder, unsigned n_threads)
{
    for (size_t i = 0; finder->shingles != NULL && i < finder->corpus->n_documents; i++)
        free(finder->shingles[i].keys);
    for (unsigned i = 0; finder->scratch != NULL && i < n_threads; i++) {
        fold_release(&finder->scratch[i].folded);
        ngrams_release(&finder->scratch[i].ngrams);
    }
    free(finder->shingles);
    free(finder->signatures);
    free(finder->table);
    free(finder->scratch);
}

fenlei_status duplicates_find(struct duplicates *duplicates, const struct corpus *corpus,
                              unsigned n_threads, fenlei_error *error)
{
    struct finder finder;
    *duplicates = (struct duplicates){0};
    bool good = finder_init(&finder, corpus, n_threads);
    struct banded *banded = good ? array_new(corpus->n_documents, sizeof *banded) : NULL;
    good = banded != NULL && describe(duplicates, &finder, n_threads);
    for (size_t band = 0; good && band < BANDS; band++)
        good = compare_band(duplicates, &finder, band, banded);
    if (duplicates->n > 0)
        qsort(duplicates->pairs, duplicates->n, sizeof *duplicates->pairs, by_similarity);
    free(banded);
    finder_release(&finder, n_threads);
    return good ? FENLEI_OK : error_memory(error);
}

void duplicates_release(struct duplicates *duplicates)
{
    free(duplicates->pairs);
    *duplicates = (struct duplicates){0};
}

static uint32_t root_of(uint32_t *group, uint32_t document)
{
    while (group[document] != document) {
        group[document] = group[group[document]];
        document = group[document];
    }
    return document;
}

void duplicates_group(const struct duplicates *duplicates, size_t n_documents, uint32_t *group)
{
    for (size_t i = 0; i < n_documents; i++)
        group[i] = (uint32_t)i;
    for (size_t i = 0; i < duplicates->n; i++) {
        uint32_t a = root_of(group, duplicates->pairs[i].a);
        uint32_t b = root_of(group, duplicates->pairs[i].b);
        group[a < b ? b : a] = a < b ? a : b;
    }
    for (size_t i = 0; i < n_documents; i++)
        group[i] = root_of(group, (uint32_t)i);
}
