/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/score.h"

#include "base/processor.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif
#include <math.h>
#include <string.h>

/* ---- dense ---- */

/* Topics whose sums stay in registers while a vector is gone through, and the features whose rows
 * are asked of memory before their turn. */
enum { TILE = 4, AHEAD = 24 };

static const float *row_of(const struct weights *weights, const struct feature *feature)
{
    return weights->of + (size_t)feature->id * weights->n_topics;
}

/* Adds up `n_topics` topics from `topic` on; at most TILE. */
static inline void score_tile(const struct weights *weights, uint32_t topic, uint32_t n_topics,
                              const struct feature *vector, uint32_t n, double *scores)
{
    double sums[TILE];
    for (uint32_t k = 0; k < n_topics; k++)
        sums[k] = weights->bias[topic + k];
    for (uint32_t i = 0; i < n; i++) {
        const float *row = row_of(weights, &vector[i]) + topic;
        if (topic == 0 && i + AHEAD < n) {
            const float *ahead = row_of(weights, &vector[i + AHEAD]);
            __builtin_prefetch(ahead);
            __builtin_prefetch(ahead + weights->n_topics - 1);
        }
        for (uint32_t k = 0; k < n_topics; k++)
            sums[k] += vector[i].value * (double)row[k];
    }
    for (uint32_t k = 0; k < n_topics; k++)
        scores[topic + k] = sums[k];
}

static void score_dense(const struct weights *weights, const struct feature *vector, uint32_t n,
                        double *scores)
{
    uint32_t topic = 0;
    for (; topic + TILE <= weights->n_topics; topic += TILE)
        score_tile(weights, topic, TILE, vector, n, scores);
    if (topic < weights->n_topics)
        score_tile(weights, topic, weights->n_topics - topic, vector, n, scores);
}

/* ---- sparse ---- */

static void score_sparse(const struct weights *weights, const struct feature *vector, uint32_t n,
                         double *scores)
{
    for (uint32_t topic = 0; topic < weights->n_topics; topic++)
        scores[topic] = weights->bias[topic];
    for (uint32_t i = 0; i < n; i++) {
        uint64_t end = weights->starts[vector[i].id + 1];
        for (uint64_t at = weights->starts[vector[i].id]; at < end; at++)
            scores[weights->topics[at]] += vector[i].value * (double)weights->of[at];
    }
}

/* ---- steps ---- */

size_t weights_row_size(uint32_t n_topics)
{
    return sizeof(float) + (n_topics * sizeof(int16_t) + 3) / 4 * 4;
}

static inline double step_of(const char *row)
{
    float step;
    memcpy(&step, row, sizeof step);
    return (double)step;
}

static inline const int16_t *steps_of(const char *row)
{
    return (const int16_t *)(const void *)(row + sizeof(float));
}

/* Registers of two numbers, which every machine of ours has. */
typedef int32_t pairs2 __attribute__((vector_size(16)));
typedef uint64_t bits2 __attribute__((vector_size(16)));
typedef double sums2 __attribute__((vector_size(16)));

/* The sums of four neighbouring topics: of the two whose steps are the lower halves of 32 bits, and
 * of the two that are the upper ones. Neither needs to be moved to be turned into numbers. */
struct group {
    sums2 lower, upper;
};
static const size_t GROUP = 4;

static inline void add_group(struct group *group, const int16_t *steps, double value)
{
    uint64_t bits;
    memcpy(&bits, steps, sizeof bits);
    pairs2 pairs = (pairs2)(bits2){bits, 0}, upper = pairs >> 16, lower = pairs << 16 >> 16;
    group->lower +=
        value * __builtin_convertvector(__builtin_shufflevector(lower, lower, 0, 1), sums2);
    group->upper +=
        value * __builtin_convertvector(__builtin_shufflevector(upper, upper, 0, 1), sums2);
}

static void write_group(struct group group, double *scores)
{
    bool lower_first = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    for (size_t i = 0; i < 2; i++) {
        scores[2 * i] = lower_first ? group.lower[i] : group.upper[i];
        scores[2 * i + 1] = lower_first ? group.upper[i] : group.lower[i];
    }
}

/* The features of a document: a vector, or what is made of counts on the way and has not length 1
 * yet. */
struct terms {
    const struct feature *vector; /* read where there are no counts */
    struct counts *counts;
    const float *idf;
    double squares; /* of the values made */
};

static inline uint32_t id_at(const struct terms *terms, uint32_t i)
{
    return terms->counts != NULL ? terms->counts->ids[i] : terms->vector[i].id;
}

static inline struct feature feature_at(struct terms *terms, uint32_t i)
{
    if (terms->counts == NULL)
        return terms->vector[i];
    uint32_t id = terms->counts->ids[i];
    double value = counts_take(terms->counts, terms->idf, id);
    terms->squares += value * value;
    return terms->counts->vector[i] = (struct feature){id, value};
}

static inline void fetch(const char *rows, size_t size, const struct terms *terms, uint32_t i)
{
    uint32_t id = id_at(terms, i);
    const char *row = rows + id * size;
    __builtin_prefetch(row);
    __builtin_prefetch(row + size - 1); /* many lie across two lines of memory */
    if (terms->counts != NULL)
        __builtin_prefetch(&terms->idf[id]);
}

/* Twelve topics are gone through once, their sums in registers: so many from `topic` on are summed
 * up, and the squares of the values made are returned. */
enum { BLOCK = 12 };

#ifdef __x86_64__
__attribute__((target("avx2"))) static inline __m256d numbers_of(const int16_t *steps)
{
    return _mm256_cvtepi32_pd(_mm_cvtepi16_epi32(_mm_loadl_epi64((const void *)steps)));
}

/* sum_block_by_two() with four sums in a register, to the last bit. */
__attribute__((target("avx2"), always_inline)) static inline double
sum_block_by_four(const struct weights *weights, uint32_t topic, struct terms terms, uint32_t n,
                  double *scores)
{
    size_t size = weights_row_size(weights->n_topics);
    const char *rows = weights->rows;
    __m256d one = {0}, two = {0}, three = {0};
    for (uint32_t i = 0; i < n; i++) {
        if (i + AHEAD < n)
            fetch(rows, size, &terms, i + AHEAD);
        struct feature feature = feature_at(&terms, i);
        const char *row = rows + feature.id * size;
        __m256d value = _mm256_set1_pd(feature.value * step_of(row));
        const int16_t *steps = steps_of(row) + topic;
        one += value * numbers_of(steps);
        two += value * numbers_of(steps + GROUP);
        three += value * numbers_of(steps + 2 * GROUP);
    }
    _mm256_storeu_pd(scores + topic, one);
    _mm256_storeu_pd(scores + topic + GROUP, two);
    _mm256_storeu_pd(scores + topic + 2 * GROUP, three);
    return terms.squares;
}
#endif

__attribute__((always_inline)) static inline double sum_block_by_two(const struct weights *weights,
                                                                     uint32_t topic,
                                                                     struct terms terms, uint32_t n,
                                                                     double *scores)
{
    size_t size = weights_row_size(weights->n_topics);
    const char *rows = weights->rows;
    struct group one = {{0}, {0}}, two = one, three = one;
    for (uint32_t i = 0; i < n; i++) {
        if (i + AHEAD < n)
            fetch(rows, size, &terms, i + AHEAD);
        struct feature feature = feature_at(&terms, i);
        const char *row = rows + feature.id * size;
        double value = feature.value * step_of(row);
        const int16_t *steps = steps_of(row) + topic;
        add_group(&one, steps, value);
        add_group(&two, steps + GROUP, value);
        add_group(&three, steps + 2 * GROUP, value);
    }
    write_group(one, scores + topic);
    write_group(two, scores + topic + GROUP);
    write_group(three, scores + topic + 2 * GROUP);
    return terms.squares;
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void sum_vector_by_four(const struct weights *weights,
                                                               uint32_t topic,
                                                               const struct feature *vector,
                                                               uint32_t n, double *scores)
{
    sum_block_by_four(weights, topic, (struct terms){.vector = vector}, n, scores);
}

__attribute__((target("avx2"))) static double sum_counts_by_four(const struct weights *weights,
                                                                 struct counts *counts,
                                                                 const float *idf, double *scores)
{
    struct counts view = *counts; /* the compiler knows then that it does not change below */
    struct terms terms = {.counts = &view, .idf = idf};
    return sum_block_by_four(weights, 0, terms, view.n_ids, scores);
}
#endif

static void sum_block(const struct weights *weights, uint32_t topic, const struct feature *vector,
                      uint32_t n, double *scores)
{
#ifdef __x86_64__
    if (processor_has_avx2()) {
        sum_vector_by_four(weights, topic, vector, n, scores);
        return;
    }
#endif
    sum_block_by_two(weights, topic, (struct terms){.vector = vector}, n, scores);
}

static double sum_counts(const struct weights *weights, struct counts *counts, const float *idf,
                         double *scores)
{
#ifdef __x86_64__
    if (processor_has_avx2())
        return sum_counts_by_four(weights, counts, idf, scores);
#endif
    struct terms terms = {.counts = counts, .idf = idf};
    return sum_block_by_two(weights, 0, terms, counts->n_ids, scores);
}

static void sum_group(const struct weights *weights, uint32_t topic, const struct feature *vector,
                      uint32_t n, double *scores)
{
    size_t size = weights_row_size(weights->n_topics);
    struct group group = {{0}, {0}};
    for (uint32_t i = 0; i < n; i++) {
        const char *row = weights->rows + vector[i].id * size;
        add_group(&group, steps_of(row) + topic, vector[i].value * step_of(row));
    }
    write_group(group, scores + topic);
}

static void sum_topic(const struct weights *weights, uint32_t topic, const struct feature *vector,
                      uint32_t n, double *scores)
{
    scores[topic] = 0;
    for (uint32_t i = 0; i < n; i++)
        scores[topic] += vector[i].value * weight_of(weights, vector[i].id, topic);
}

/* Sums up the topics from `topic` on. */
static void sum_rows(const struct weights *weights, uint32_t topic, const struct feature *vector,
                     uint32_t n, double *scores)
{
    uint32_t n_topics = weights->n_topics;
    for (; topic + BLOCK <= n_topics; topic += BLOCK)
        sum_block(weights, topic, vector, n, scores);
    for (; topic + GROUP <= n_topics; topic += GROUP)
        sum_group(weights, topic, vector, n, scores);
    for (; topic < n_topics; topic++)
        sum_topic(weights, topic, vector, n, scores);
}

static void score_steps(const struct weights *weights, const struct feature *vector, uint32_t n,
                        double *scores)
{
    sum_rows(weights, 0, vector, n, scores);
    for (uint32_t topic = 0; topic < weights->n_topics; topic++)
        scores[topic] += weights->bias[topic];
}

/* ---- all ---- */

void score_topics(const struct weights *weights, const struct feature *vector, uint32_t n,
                  double *scores)
{
    if (weights->rows != NULL)
        score_steps(weights, vector, n, scores);
    else if (weights->starts != NULL)
        score_sparse(weights, vector, n, scores);
    else
        score_dense(weights, vector, n, scores);
}

void score_counts(const struct weights *weights, struct counts *counts, const float *idf,
                  double *scores)
{
    if (weights->rows == NULL || weights->n_topics < BLOCK) {
        uint32_t n = tfidf_vector(counts, idf);
        score_topics(weights, counts->vector, n, scores);
        return;
    }
    double squares = sum_counts(weights, counts, idf, scores);
    sum_rows(weights, BLOCK, counts->vector, counts->n_ids, scores);
    double share = counts->n_ids > 0 ? 1 / sqrt(squares) : 0;
    for (uint32_t topic = 0; topic < weights->n_topics; topic++)
        scores[topic] = scores[topic] * share + weights->bias[topic];
    counts_forget(counts);
}

double weight_of(const struct weights *weights, uint32_t id, uint32_t topic)
{
    if (weights->rows != NULL) {
        const char *row = weights->rows + id * weights_row_size(weights->n_topics);
        return step_of(row) * steps_of(row)[topic];
    }
    if (weights->starts == NULL)
        return (double)weights->of[(size_t)id * weights->n_topics + topic];
    uint64_t low = weights->starts[id], end = weights->starts[id + 1], high = end;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (weights->topics[middle] < topic)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && weights->topics[low] == topic ? (double)weights->of[low] : 0;
}

uint64_t weights_sparse_size(uint64_t n_weights, uint32_t vocabulary)
{
    return ((uint64_t)vocabulary + 1) * sizeof(uint64_t) +
           n_weights * (sizeof(float) + sizeof(uint16_t));
}

void weights_point(struct weights *weights, const void *block, uint64_t n_weights,
                   uint32_t vocabulary)
{
    weights->starts = block;
    weights->of = (const void *)(weights->starts + vocabulary + 1);
    weights->topics = (const void *)(weights->of + n_weights);
}

void weights_quantise(const struct weights *weights, uint32_t vocabulary, char *rows)
{
    uint32_t n_topics = weights->n_topics;
    size_t size = weights_row_size(n_topics);
    for (uint32_t id = 0; id < vocabulary; id++) {
        const float *of = weights->of + (size_t)id * n_topics;
        char *row = rows + id * size;
        float largest = 0;
        for (uint32_t topic = 0; topic < n_topics; topic++)
            largest = fmaxf(largest, fabsf(of[topic]));
        float step = largest / INT16_MAX;
        memset(row, 0, size);
        memcpy(row, &step, sizeof step);
        for (uint32_t topic = 0; topic < n_topics && step > 0; topic++) {
            /* A step that was rounded down may be fitted in once more. */
            double steps =
                fmin(fmax(rint((double)of[topic] / (double)step), -INT16_MAX), INT16_MAX);
            int16_t rounded = (int16_t)steps;
            memcpy(row + sizeof step + topic * sizeof rounded, &rounded, sizeof rounded);
        }
    }
}
