/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/rarity.h"

#include "base/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <xxhash.h>

/* ---- copies and counting ---- */

struct digest {
    XXH128_hash_t hash;
    uint32_t document;
    bool is_empty;
};

struct counting {
    struct rarity *rarity;
    struct digest *digests;    /* [n_documents] of the shingles */
    struct shingles *shingles; /* [n_threads] scratch */
    atomic_bool failed;
};

/* Those of document i, in a thread's scratch; NULL, and noted, when memory runs out. */
static const struct shingles *shingles_of(struct counting *counting, unsigned thread, size_t i)
{
    struct shingles *shingles = &counting->shingles[thread];
    if (shingles_find(shingles, counting->rarity->corpus->documents[i].text))
        return shingles;
    atomic_store(&counting->failed, true);
    return NULL;
}

static void count_shingles(const struct rarity *rarity, const struct shingles *shingles,
                           uint32_t more)
{
    for (size_t k = 0; k < shingles->n; k++)
        atomic_fetch_add_explicit(&rarity->frequency[shingle_place(shingles->ngrams.keys[k])], more,
                                  memory_order_relaxed);
}

static void digest_one(void *context, unsigned thread, size_t i)
{
    struct counting *counting = context;
    const struct shingles *shingles = shingles_of(counting, thread, i);
    if (shingles == NULL)
        return;
    counting->digests[i] =
        (struct digest){XXH3_128bits(shingles->ngrams.keys, shingles->n * sizeof(uint64_t)),
                        (uint32_t)i, shingles->n == 0};
    count_shingles(counting->rarity, shingles, 1);
    watch_step(counting->rarity->corpus->watch, 1);
}

static int by_digest(const void *left, const void *right)
{
    const struct digest *a = left, *b = right;
    int order = XXH128_cmp(&a->hash, &b->hash);
    return order != 0 ? order : a->document < b->document ? -1 : a->document > b->document;
}

static void find_copies(struct rarity *rarity, struct digest *digests)
{
    size_t n = rarity->corpus->n_documents;
    if (n > 0)
        qsort(digests, n, sizeof *digests, by_digest);
    for (size_t i = 0, first = 0; i < n; i++) {
        if (XXH128_cmp(&digests[first].hash, &digests[i].hash) != 0)
            first = i;
        rarity->first[digests[i].document] =
            digests[i].is_empty ? NO_SHINGLES : digests[first].document;
        rarity->n_first += i == first && !digests[i].is_empty;
    }
}

/* Takes back what a copy counted. */
static void discount_one(void *context, unsigned thread, size_t i)
{
    struct counting *counting = context;
    if (counting->rarity->first[i] == i)
        return;
    const struct shingles *shingles = shingles_of(counting, thread, i);
    if (shingles != NULL)
        count_shingles(counting->rarity, shingles, (uint32_t)-1);
}

static float weight_at(const struct rarity *rarity, uint32_t frequency)
{
    double ratio = (double)(rarity->n_first + 1) / (frequency > 0 ? frequency : 1);
    return fmaxf((float)log(fmax(ratio, 1)), 1e-6F);
}

static bool count(struct counting *counting, unsigned n_threads)
{
    size_t n = counting->rarity->corpus->n_documents;
    watch_stage(counting->rarity->corpus->watch, STAGE_COUNT, n);
    parallel_for(n, n_threads, digest_one, counting);
    if (atomic_load(&counting->failed))
        return false;
    find_copies(counting->rarity, counting->digests);
    parallel_for(n, n_threads, discount_one, counting);
    for (uint32_t frequency = 0; frequency < RARITY_TABLE; frequency++)
        counting->rarity->weights[frequency] = weight_at(counting->rarity, frequency);
    return !atomic_load(&counting->failed);
}

bool rarity_init(struct rarity *rarity, const struct corpus *corpus, unsigned n_threads)
{
    *rarity = (struct rarity){.corpus = corpus};
    rarity->first = array_new(corpus->n_documents, sizeof *rarity->first);
    rarity->frequency = array_new(SHINGLE_PLACES, sizeof *rarity->frequency);
    struct counting counting = {
        .rarity = rarity,
        .digests = array_new(corpus->n_documents, sizeof *counting.digests),
        .shingles = array_new(n_threads, sizeof *counting.shingles),
    };
    atomic_init(&counting.failed, false);
    bool good = rarity->first != NULL && rarity->frequency != NULL && counting.digests != NULL &&
                counting.shingles != NULL && count(&counting, n_threads);
    for (unsigned i = 0; counting.shingles != NULL && i < n_threads; i++)
        shingles_release(&counting.shingles[i]);
    free(counting.shingles);
    free(counting.digests);
    return good;
}

void rarity_release(struct rarity *rarity)
{
    free(rarity->first);
    free(rarity->frequency);
    *rarity = (struct rarity){.n_first = 0};
}

/* ---- weighing ---- */

static float weight_of(const struct rarity *rarity, uint64_t key)
{
    uint32_t frequency =
        atomic_load_explicit(&rarity->frequency[shingle_place(key)], memory_order_relaxed);
    return frequency < RARITY_TABLE ? rarity->weights[frequency] : weight_at(rarity, frequency);
}

bool rarity_weigh(const struct rarity *rarity, fenlei_text text, struct weighed *weighed)
{
    const struct shingles *shingles = &weighed->shingles;
    if (!shingles_find(&weighed->shingles, text) ||
        !array_reserve(&weighed->weights, &weighed->capacity, shingles->n,
                       sizeof *weighed->weights))
        return false;
    for (size_t i = 0; i < shingles->n; i++)
        weighed->weights[i] = weight_of(rarity, shingles->ngrams.keys[i]);
    return true;
}

double weighed_similarity(const struct weighed *a, const struct weighed *b)
{
    double both = 0, either = 0;
    for (size_t i = 0, k = 0; i < a->shingles.n || k < b->shingles.n;) {
        uint64_t first = i < a->shingles.n ? a->shingles.ngrams.keys[i] : UINT64_MAX;
        uint64_t second = k < b->shingles.n ? b->shingles.ngrams.keys[k] : UINT64_MAX;
        double weight = (double)(first <= second ? a->weights[i] : b->weights[k]);
        either += weight;
        both += first == second ? weight : 0;
        i += first <= second;
        k += second <= first;
    }
    return either > 0 ? both / either : 0;
}

void weighed_release(struct weighed *weighed)
{
    shingles_release(&weighed->shingles);
    free(weighed->weights);
    *weighed = (struct weighed){.capacity = 0};
}
