/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/duplicates.h"

#include "base/parallel.h"
#include "base/radix.h"
#include "base/status.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* A pair of similarity s shares a band with probability 1 - (1 - s^ROWS)^BANDS. */
enum { BANDS = 40, ROWS = 3, HASHES = BANDS * ROWS };

/* Of many documents with one band in common, each is compared with this many before it. */
enum { RUN_COMPARED = 64 };

struct finder {
    const struct rarity *rarity;
    uint32_t (*signatures)[HASHES]; /* [n_documents] */
    struct weighed *weighed;        /* [n_threads] scratch */
    atomic_bool failed;
};

/* Copies cost what their first costs: only that is compared with others. */
static bool is_compared(const struct finder *finder, size_t i)
{
    return finder->rarity->first[i] == i;
}

static bool add_pair(struct duplicates *duplicates, uint32_t a, uint32_t b, double similarity)
{
    if (!array_reserve(&duplicates->pairs, &duplicates->capacity, duplicates->n + 1,
                       sizeof *duplicates->pairs))
        return false;
    duplicates->pairs[duplicates->n++] = (struct duplicate){a, b, similarity};
    return true;
}

/* Pairs each copy with the first of its kind. */
static bool pair_copies(struct duplicates *duplicates, const struct rarity *rarity)
{
    bool good = true;
    for (size_t i = 0; good && i < rarity->corpus->n_documents; i++)
        if (rarity->first[i] != i && rarity->first[i] != NO_SHINGLES)
            good = add_pair(duplicates, rarity->first[i], (uint32_t)i, 1);
    return good;
}

/* ---- signatures ---- */

static void sign_one(void *context, unsigned thread, size_t i)
{
    struct finder *finder = context;
    struct weighed *weighed = &finder->weighed[thread];
    if (!is_compared(finder, i))
        return;
    if (rarity_weigh(finder->rarity, finder->rarity->corpus->documents[i].text, weighed))
        shingles_sign(&weighed->shingles, weighed->weights, HASHES, finder->signatures[i]);
    else
        atomic_store(&finder->failed, true);
    watch_step(finder->rarity->corpus->watch, 1);
}

/* ---- near copies ---- */

/* A document in the order of a band: a hash of its band in the upper half, its number in the lower,
 * so that those with the same band follow each other by rising number. */
static uint32_t hash_of(uint64_t banded)
{
    return (uint32_t)(banded >> 32);
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

static bool share_band(const struct finder *finder, uint32_t a, uint32_t b, size_t band)
{
    const uint32_t *left = finder->signatures[a], *right = finder->signatures[b];
    return memcmp(left + band * ROWS, right + band * ROWS, ROWS * sizeof *left) == 0;
}

/* Do a and b share a band before this one? Then they were compared there. */
static bool share_earlier(const struct finder *finder, uint32_t a, uint32_t b, size_t band)
{
    for (size_t i = 0; i < band; i++)
        if (share_band(finder, a, b, i))
            return true;
    return false;
}

/* The trigrams of the documents compared last: a run of one band asks for the same again and
 * again. */
struct recent {
    struct weighed of[RUN_COMPARED];
    uint32_t document[RUN_COMPARED]; /* + 1 */
};

/* Those of a document; NULL when memory runs out. */
static const struct weighed *recall(struct recent *recent, const struct finder *finder,
                                    uint32_t document, size_t at)
{
    size_t place = at % RUN_COMPARED;
    if (recent->document[place] == document + 1)
        return &recent->of[place];
    recent->document[place] = document + 1;
    return rarity_weigh(finder->rarity, finder->rarity->corpus->documents[document].text,
                        &recent->of[place])
               ? &recent->of[place]
               : NULL;
}

/* Compares document i of a band's order with those before it that have the same band. */
static bool compare_run(struct duplicates *duplicates, const struct finder *finder, size_t band,
                        const uint64_t *banded, size_t i, struct recent *recent)
{
    for (size_t k = i; k > 0 && i - k + 1 < RUN_COMPARED; k--) {
        uint32_t other = (uint32_t)banded[k - 1], document = (uint32_t)banded[i];
        if (hash_of(banded[k - 1]) != hash_of(banded[i]))
            break;
        if (!share_band(finder, other, document, band) ||
            share_earlier(finder, other, document, band) ||
            !may_be_similar(finder, other, document))
            continue;
        const struct weighed *a = recall(recent, finder, document, i);
        const struct weighed *b = recall(recent, finder, other, k - 1);
        if (a == NULL || b == NULL)
            return false;
        double similarity = weighed_similarity(a, b);
        if (similarity >= DUPLICATES_SIMILARITY &&
            !add_pair(duplicates, other, document, similarity))
            return false;
    }
    return true;
}

/* What a thread needs to compare within bands, and what it finds. */
struct comparer {
    uint64_t *banded; /* [n_documents] and as much room to sort them */
    struct recent recent;
    struct duplicates found;
};

struct pairing {
    const struct finder *finder;
    struct comparer *comparers; /* [n_threads] */
    atomic_bool failed;
};

/* The documents that are compared, by their band; returns how many. */
static size_t sort_band(const struct finder *finder, size_t band, uint64_t *banded)
{
    size_t n = 0;
    for (size_t i = 0; i < finder->rarity->corpus->n_documents; i++) {
        if (!is_compared(finder, i))
            continue;
        uint64_t hash =
            XXH3_64bits(finder->signatures[i] + band * ROWS, ROWS * sizeof **finder->signatures);
        banded[n++] = hash << 32 | i;
    }
    radix_sort(banded, banded + n, n);
    return n;
}

static void compare_band(void *context, unsigned thread, size_t band)
{
    struct pairing *pairing = context;
    struct comparer *comparer = &pairing->comparers[thread];
    size_t n = sort_band(pairing->finder, band, comparer->banded);
    bool good = true;
    for (size_t i = 1; good && i < n; i++)
        good = compare_run(&comparer->found, pairing->finder, band, comparer->banded, i,
                           &comparer->recent);
    if (!good)
        atomic_store(&pairing->failed, true);
    watch_step(pairing->finder->rarity->corpus->watch, 1);
}

static bool comparer_init(struct comparer *comparer, size_t n_documents)
{
    comparer->banded = array_new(n_documents, 2 * sizeof *comparer->banded);
    return comparer->banded != NULL;
}

/* Adds what a thread has found: a pair is found in one band, so by one thread. */
static bool take_found(struct duplicates *duplicates, const struct duplicates *found)
{
    if (!array_reserve(&duplicates->pairs, &duplicates->capacity, duplicates->n + found->n,
                       sizeof *duplicates->pairs))
        return false;
    if (found->n > 0)
        memcpy(duplicates->pairs + duplicates->n, found->pairs, found->n * sizeof *found->pairs);
    duplicates->n += found->n;
    return true;
}

static void comparer_release(struct comparer *comparer)
{
    free(comparer->banded);
    duplicates_release(&comparer->found);
    for (size_t i = 0; i < RUN_COMPARED; i++)
        weighed_release(&comparer->recent.of[i]);
}

static bool compare_all(struct duplicates *duplicates, const struct finder *finder,
                        unsigned n_threads)
{
    const struct corpus *corpus = finder->rarity->corpus;
    struct pairing pairing = {.finder = finder,
                              .comparers = array_new(n_threads, sizeof *pairing.comparers)};
    bool good = pairing.comparers != NULL;
    atomic_init(&pairing.failed, false);
    for (unsigned i = 0; good && i < n_threads; i++)
        good = comparer_init(&pairing.comparers[i], corpus->n_documents);
    watch_stage(corpus->watch, STAGE_PAIR, BANDS);
    if (good)
        parallel_for(BANDS, n_threads, compare_band, &pairing);
    good = good && !atomic_load(&pairing.failed);
    for (unsigned i = 0; pairing.comparers != NULL && i < n_threads; i++) {
        good = good && take_found(duplicates, &pairing.comparers[i].found);
        comparer_release(&pairing.comparers[i]);
    }
    free(pairing.comparers);
    return good;
}

/* ---- all of it ---- */

static int by_similarity(const void *left, const void *right)
{
    const struct duplicate *a = left, *b = right;
    if (a->similarity != b->similarity)
        return a->similarity < b->similarity ? 1 : -1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return a->b < b->b ? -1 : a->b > b->b;
}

fenlei_status duplicates_find(struct duplicates *duplicates, const struct rarity *rarity,
                              unsigned n_threads, fenlei_error *error)
{
    size_t n = rarity->corpus->n_documents;
    struct finder finder = {.rarity = rarity};
    *duplicates = (struct duplicates){0};
    atomic_init(&finder.failed, false);
    finder.signatures = array_new(n, sizeof *finder.signatures);
    finder.weighed = array_new(n_threads, sizeof *finder.weighed);
    bool good =
        finder.signatures != NULL && finder.weighed != NULL && pair_copies(duplicates, rarity);
    watch_stage(rarity->corpus->watch, STAGE_SIGN, n);
    if (good)
        parallel_for(n, n_threads, sign_one, &finder);
    good = good && !atomic_load(&finder.failed) && compare_all(duplicates, &finder, n_threads);
    if (duplicates->n > 0)
        qsort(duplicates->pairs, duplicates->n, sizeof *duplicates->pairs, by_similarity);
    for (unsigned i = 0; finder.weighed != NULL && i < n_threads; i++)
        weighed_release(&finder.weighed[i]);
    free(finder.weighed);
    free(finder.signatures);
    return good ? FENLEI_OK : error_memory(error);
}

void duplicates_release(struct duplicates *duplicates)
{
    free(duplicates->pairs);
    *duplicates = (struct duplicates){0};
}
