#include "train/duplicates.h"

#include "base/parallel.h"
#include "base/status.h"
#include "label/ngram.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* A pair of similarity s shares a band with probability 1 - (1 - s^ROWS)^BANDS. */
enum { BANDS = 40, ROWS = 3, HASHES = BANDS * ROWS, SHINGLE = 3 };

/* Of many documents with one band in common, each is compared with this many before it. */
enum { RUN_COMPARED = 64 };

/* Document frequencies are counted in a table of this many places by hash. Two trigrams in one
 * place look commoner than they are, which takes a little from their weight. */
enum { PLACES_BITS = 24, PLACES = 1 << PLACES_BITS };

/* The trigrams of one document. */
struct shingles {
    struct folded folded;
    struct ngrams ngrams; /* its keys: [n] different ones, rising */
    size_t n;
};

struct finder {
    const struct corpus *corpus;
    XXH128_hash_t *digests;         /* [n_documents] of the shingles */
    bool *is_compared;              /* [n_documents] neither a copy nor too short to be one */
    uint32_t (*signatures)[HASHES]; /* [n_documents] */
    _Atomic uint32_t *frequency;    /* [PLACES] documents, copies apart */
    size_t n_compared;
    struct shingles *shingles; /* [n_threads] scratch */
    unsigned n_threads;
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

/* ---- trigrams ---- */

static bool find_shingles(struct shingles *shingles, fenlei_text text)
{
    struct ngrams *ngrams = &shingles->ngrams;
    shingles->n = 0;
    if (!fold(&shingles->folded, text, false) ||
        !ngrams_extract(ngrams, &shingles->folded, SHINGLE, SHINGLE))
        return false;
    if (ngrams->count > 0)
        qsort(ngrams->keys, ngrams->count, sizeof *ngrams->keys, ngram_by_key);
    for (size_t i = 0; i < ngrams->count; i++)
        if (i == 0 || ngrams->keys[i] != ngrams->keys[i - 1])
            ngrams->keys[shingles->n++] = ngrams->keys[i];
    return true;
}

/* Those of document i, in a thread's scratch; NULL, and noted, when memory runs out. */
static const struct shingles *shingles_of(struct finder *finder, unsigned thread, size_t i)
{
    struct shingles *shingles = &finder->shingles[thread];
    if (find_shingles(shingles, finder->corpus->documents[i].text))
        return shingles;
    atomic_store(&finder->failed, true);
    return NULL;
}

static uint64_t mix(uint64_t key, uint64_t number)
{
    uint64_t hash = (key ^ (number * UINT64_C(0xD6E8FEB86659FD93))) * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ hash >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    return hash ^ hash >> 29;
}

static size_t place_of(uint64_t key)
{
    return (size_t)(mix(key, 0) >> (64 - PLACES_BITS));
}

/* What a trigram tells: ln((1 + documents) / document frequency). */
static float weight_of(const struct finder *finder, uint64_t key)
{
    uint32_t frequency =
        atomic_load_explicit(&finder->frequency[place_of(key)], memory_order_relaxed);
    double ratio = (double)(finder->n_compared + 1) / (frequency > 0 ? frequency : 1);
    return (float)log(fmax(ratio, 1));
}

/* ---- copies ---- */

static void digest_one(void *context, unsigned thread, size_t i)
{
    struct finder *finder = context;
    const struct shingles *shingles = shingles_of(finder, thread, i);
    if (shingles == NULL)
        return;
    finder->digests[i] = XXH3_128bits(shingles->ngrams.keys, shingles->n * sizeof(uint64_t));
    finder->is_compared[i] = shingles->n > 0;
}

struct digest {
    XXH128_hash_t hash;
    uint32_t document;
};

static int by_digest(const void *left, const void *right)
{
    const struct digest *a = left, *b = right;
    int order = XXH128_cmp(&a->hash, &b->hash);
    return order != 0 ? order : a->document < b->document ? -1 : a->document > b->document;
}

/* Pairs each copy with the first of its kind, and has only that compared with others: 100,000
 * copies of a text are to cost what the text costs. */
static bool collapse_copies(struct duplicates *duplicates, struct finder *finder)
{
    size_t n = 0;
    struct digest *digests = array_new(finder->corpus->n_documents, sizeof *digests);
    bool good = digests != NULL;
    for (size_t i = 0; good && i < finder->corpus->n_documents; i++)
        if (finder->is_compared[i])
            digests[n++] = (struct digest){finder->digests[i], (uint32_t)i};
    if (n > 0)
        qsort(digests, n, sizeof *digests, by_digest);
    for (size_t i = 0, first = 0; good && i < n; i++) {
        if (XXH128_cmp(&digests[first].hash, &digests[i].hash) != 0)
            first = i;
        if (i == first)
            continue;
        finder->is_compared[digests[i].document] = false;
        good = add_pair(duplicates, digests[first].document, digests[i].document, 1);
    }
    finder->n_compared = 0;
    for (size_t i = 0; i < finder->corpus->n_documents; i++)
        finder->n_compared += finder->is_compared[i];
    free(digests);
    return good;
}

/* ---- signatures ---- */

static void count_one(void *context, unsigned thread, size_t i)
{
    struct finder *finder = context;
    const struct shingles *shingles =
        finder->is_compared[i] ? shingles_of(finder, thread, i) : NULL;
    for (size_t k = 0; shingles != NULL && k < shingles->n; k++)
        atomic_fetch_add_explicit(&finder->frequency[place_of(shingles->ngrams.keys[k])], 1,
                                  memory_order_relaxed);
}

/* An exponential random number of the hash, nearly: -log2 of its upper bits as a share, the
 * logarithm linear between powers of two. Any falling function serves: two documents agree on the
 * least where the trigram with it is in both. */
static float waiting_time(uint64_t hash)
{
    uint32_t share = (uint32_t)(hash >> 32) | 1;
    int zeros = __builtin_clz(share);
    return (float)zeros + 1 - (float)((share << zeros) & 0x7FFFFFFF) * 0x1p-31F;
}

/* Divided by its weight, the first of these numbers is a trigram's with a probability in proportion
 * to the weight, so that the share of equal ones estimates the weighted Jaccard coefficient. */
static void sign_one(void *context, unsigned thread, size_t i)
{
    struct finder *finder = context;
    const struct shingles *shingles =
        finder->is_compared[i] ? shingles_of(finder, thread, i) : NULL;
    if (shingles == NULL)
        return;
    float least[HASHES];
    for (size_t h = 0; h < HASHES; h++) {
        least[h] = INFINITY;
        finder->signatures[i][h] = 0;
    }
    for (size_t k = 0; k < shingles->n; k++) {
        float scale = 1 / fmaxf(weight_of(finder, shingles->ngrams.keys[k]), 1e-6F);
        for (size_t h = 0; h < HASHES; h++) {
            uint64_t hash = mix(shingles->ngrams.keys[k], h + 1);
            float time = waiting_time(hash) * scale;
            if (time < least[h]) {
                least[h] = time;
                finder->signatures[i][h] = (uint32_t)hash;
            }
        }
    }
}

/* ---- near copies ---- */

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

/* The trigrams of the documents compared last: a run of one band asks for the same again and
 * again. */
struct recent {
    struct shingles of[RUN_COMPARED];
    float *weights[RUN_COMPARED]; /* [of.n] */
    size_t capacity[RUN_COMPARED];
    uint32_t document[RUN_COMPARED]; /* + 1 */
};

/* The place in *recent of a document; RUN_COMPARED when memory runs out. */
static size_t recall(struct recent *recent, const struct finder *finder, uint32_t document,
                     size_t at)
{
    size_t place = at % RUN_COMPARED;
    struct shingles *shingles = &recent->of[place];
    if (recent->document[place] == document + 1)
        return place;
    recent->document[place] = document + 1;
    if (!find_shingles(shingles, finder->corpus->documents[document].text) ||
        !array_reserve(&recent->weights[place], &recent->capacity[place], shingles->n,
                       sizeof *recent->weights[place]))
        return RUN_COMPARED;
    for (size_t i = 0; i < shingles->n; i++)
        recent->weights[place][i] = weight_of(finder, shingles->ngrams.keys[i]);
    return place;
}

/* The weighted Jaccard coefficient of two of them, exactly. */
static double similarity_of(const struct recent *recent, size_t left, size_t right)
{
    const struct shingles *a = &recent->of[left], *b = &recent->of[right];
    double both = 0, either = 0;
    for (size_t i = 0, k = 0; i < a->n || k < b->n;) {
        uint64_t first = i < a->n ? a->ngrams.keys[i] : UINT64_MAX;
        uint64_t second = k < b->n ? b->ngrams.keys[k] : UINT64_MAX;
        double weight =
            (double)(first <= second ? recent->weights[left][i] : recent->weights[right][k]);
        either += weight;
        both += first == second ? weight : 0;
        i += first <= second;
        k += second <= first;
    }
    return either > 0 ? both / either : 0;
}

/* Compares document i of a band's order with those before it that have the same band. */
static bool compare_run(struct duplicates *duplicates, const struct finder *finder, size_t band,
                        const struct banded *banded, size_t i, struct recent *recent)
{
    for (size_t k = i; k > 0 && i - k + 1 < RUN_COMPARED; k--) {
        uint32_t other = banded[k - 1].document, document = banded[i].document;
        if (memcmp(banded[k - 1].band, banded[i].band, sizeof banded[i].band) != 0)
            break;
        if (share_earlier(finder, other, document, band) ||
            !may_be_similar(finder, other, document))
            continue;
        size_t a = recall(recent, finder, document, i);
        size_t b = recall(recent, finder, other, k - 1);
        if (a == RUN_COMPARED || b == RUN_COMPARED)
            return false;
        double similarity = similarity_of(recent, a, b);
        if (similarity >= DUPLICATES_SIMILARITY &&
            !add_pair(duplicates, other, document, similarity))
            return false;
    }
    return true;
}

static bool compare_band(struct duplicates *duplicates, const struct finder *finder, size_t band,
                         struct banded *banded, struct recent *recent)
{
    size_t n = 0;
    for (size_t i = 0; i < finder->corpus->n_documents; i++) {
        if (!finder->is_compared[i])
            continue;
        memcpy(banded[n].band, finder->signatures[i] + band * ROWS, sizeof banded[n].band);
        banded[n++].document = (uint32_t)i;
    }
    if (n > 0)
        qsort(banded, n, sizeof *banded, by_band);
    bool good = true;
    for (size_t i = 1; good && i < n; i++)
        good = compare_run(duplicates, finder, band, banded, i, recent);
    return good;
}

static void shingles_release(struct shingles *shingles)
{
    fold_release(&shingles->folded);
    ngrams_release(&shingles->ngrams);
}

static bool compare_all(struct duplicates *duplicates, const struct finder *finder)
{
    struct recent recent = {.document = {0}};
    struct banded *banded = array_new(finder->corpus->n_documents, sizeof *banded);
    bool good = banded != NULL;
    for (size_t band = 0; good && band < BANDS; band++)
        good = compare_band(duplicates, finder, band, banded, &recent);
    free(banded);
    for (size_t i = 0; i < RUN_COMPARED; i++) {
        shingles_release(&recent.of[i]);
        free(recent.weights[i]);
    }
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

static bool finder_init(struct finder *finder, const struct corpus *corpus, unsigned n_threads)
{
    size_t n = corpus->n_documents;
    *finder = (struct finder){.corpus = corpus, .n_threads = n_threads};
    atomic_init(&finder->failed, false);
    finder->digests = array_new(n, sizeof *finder->digests);
    finder->is_compared = array_new(n, sizeof *finder->is_compared);
    finder->signatures = array_new(n, sizeof *finder->signatures);
    finder->frequency = array_new(PLACES, sizeof *finder->frequency);
    finder->shingles = array_new(n_threads, sizeof *finder->shingles);
    return finder->digests != NULL && finder->is_compared != NULL && finder->signatures != NULL &&
           finder->frequency != NULL && finder->shingles != NULL;
}

static void finder_release(struct finder *finder)
{
    for (unsigned i = 0; finder->shingles != NULL && i < finder->n_threads; i++)
        shingles_release(&finder->shingles[i]);
    free(finder->digests);
    free(finder->is_compared);
    free(finder->signatures);
    free(finder->frequency);
    free(finder->shingles);
}

fenlei_status duplicates_find(struct duplicates *duplicates, const struct corpus *corpus,
                              unsigned n_threads, fenlei_error *error)
{
    struct finder finder;
    size_t n = corpus->n_documents;
    *duplicates = (struct duplicates){0};
    bool good = finder_init(&finder, corpus, n_threads);
    if (good)
        parallel_for(n, n_threads, digest_one, &finder);
    good = good && !atomic_load(&finder.failed) && collapse_copies(duplicates, &finder);
    if (good)
        parallel_for(n, n_threads, count_one, &finder);
    if (good)
        parallel_for(n, n_threads, sign_one, &finder);
    good = good && !atomic_load(&finder.failed) && compare_all(duplicates, &finder);
    if (duplicates->n > 0)
        qsort(duplicates->pairs, duplicates->n, sizeof *duplicates->pairs, by_similarity);
    finder_release(&finder);
    return good ? FENLEI_OK : error_memory(error);
}

void duplicates_release(struct duplicates *duplicates)
{
    free(duplicates->pairs);
    *duplicates = (struct duplicates){0};
}
