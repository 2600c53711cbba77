/* SPDX-License-Identifier: BSD-3-Clause */
#include "measure/interval.h"

#include "base/parallel.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The steps beyond the plain bootstrap. tests/simulate/intervals.c, which includes this file,
 * leaves each of them out in turn; doc/intervals.md has what that does to the intervals. */
enum step {
    STEP_PRIOR = 1,        /* half a document of hits and of errors */
    STEP_DISAGREEMENT = 2, /* of two sides, half a document to each way of differing */
    STEP_STRETCH = 4,      /* small topics of a mean vary more */
    STEP_CENTRE = 8,       /* micro and macro are where they are without the prior */
    STEP_BIAS = 16         /* and are corrected for the bias of their estimates */
};

#ifndef INTERVAL_STEPS
#define INTERVAL_STEPS (STEP_PRIOR | STEP_DISAGREEMENT | STEP_STRETCH | STEP_CENTRE | STEP_BIAS)
#endif

static inline bool has_step(enum step step)
{
    return (INTERVAL_STEPS & step) != 0;
}

/* ---- outcomes ---- */

enum { SIDES = 2, OUTCOMES = 3, MEASURES = 3 };

void outcomes_add(struct outcomes *outcomes, unsigned side, size_t topic, enum outcome outcome)
{
    if (outcomes->failed || !array_reserve(&outcomes->items, &outcomes->items_capacity,
                                           outcomes->n_items + 1, sizeof *outcomes->items)) {
        outcomes->failed = true;
        return;
    }
    outcomes->items[outcomes->n_items++] = ((uint32_t)topic * SIDES + side) * OUTCOMES + outcome;
}

void outcomes_end_document(struct outcomes *outcomes)
{
    if (outcomes->failed || !array_reserve(&outcomes->ends, &outcomes->ends_capacity,
                                           outcomes->n_documents + 1, sizeof *outcomes->ends)) {
        outcomes->failed = true;
        return;
    }
    outcomes->ends[outcomes->n_documents++] = outcomes->n_items;
}

struct outcome_item outcomes_item(const struct outcomes *outcomes, size_t i)
{
    uint32_t place = outcomes->items[i] / OUTCOMES;
    return (struct outcome_item){place / SIDES, place % SIDES,
                                 (enum outcome)(outcomes->items[i] % OUTCOMES)};
}

void outcomes_release(struct outcomes *outcomes)
{
    free(outcomes->items);
    free(outcomes->ends);
    *outcomes = (struct outcomes){0};
}

static void join_last(struct outcomes *outcomes, const struct outcomes *of, unsigned side)
{
    if (of->failed) {
        outcomes->failed = true;
        return;
    }
    size_t last = of->n_documents - 1;
    for (size_t i = last > 0 ? of->ends[last - 1] : 0; i < of->ends[last]; i++) {
        struct outcome_item item = outcomes_item(of, i);
        outcomes_add(outcomes, side, item.topic, item.outcome);
    }
}

void outcomes_join(struct outcomes *outcomes, const struct outcomes *a, const struct outcomes *b)
{
    join_last(outcomes, a, 0);
    join_last(outcomes, b, 1);
    outcomes_end_document(outcomes);
}

/* Documents with the same outcomes. */
struct pattern {
    const uint32_t *items; /* [n_items] */
    size_t n_items;
    size_t count;
};

static int by_items(const void *left, const void *right)
{
    const struct pattern *a = left, *b = right;
    if (a->n_items != b->n_items)
        return a->n_items < b->n_items ? -1 : 1;
    return memcmp(a->items, b->items, a->n_items * sizeof *a->items);
}

/* Gathers the documents that have outcomes; NULL when memory runs out. */
static struct pattern *find_patterns(const struct outcomes *outcomes, size_t *n_patterns)
{
    struct pattern *patterns = array_new(outcomes->n_documents, sizeof *patterns);
    size_t n = 0, start = 0;
    *n_patterns = 0;
    for (size_t i = 0; patterns != NULL && i < outcomes->n_documents; i++) {
        size_t end = outcomes->ends[i];
        if (end > start)
            patterns[n++] = (struct pattern){outcomes->items + start, end - start, 1};
        start = end;
    }
    if (n == 0)
        return patterns;
    qsort(patterns, n, sizeof *patterns, by_items);
    for (size_t i = 1; i < n; i++) {
        struct pattern *last = &patterns[*n_patterns];
        if (by_items(last, &patterns[i]) == 0)
            last->count++;
        else
            patterns[++*n_patterns] = patterns[i];
    }
    ++*n_patterns;
    return patterns;
}

/* Is there a document on which the two sides have other outcomes? Their outcomes are in the order
 * of the topics, the first side's first. */
static bool have_differences(const struct pattern *patterns, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct pattern *pattern = &patterns[i];
        size_t half = pattern->n_items / 2;
        if (pattern->n_items % 2 != 0)
            return true;
        for (size_t k = 0; k < half; k++)
            if (pattern->items[k] + OUTCOMES != pattern->items[half + k])
                return true;
    }
    return false;
}

/* ---- random numbers ---- */

/* Above 0, below 1. */
static double random_uniform(uint64_t *state)
{
    return ((double)(random_next(state) >> 11) + 0.5) * 0x1p-53;
}

/* By the polar method of Box and Muller. */
static double random_normal(uint64_t *state)
{
    double x, y, square;
    do {
        x = 2 * random_uniform(state) - 1;
        y = 2 * random_uniform(state) - 1;
        square = x * x + y * y;
    } while (square >= 1 || square == 0);
    return x * sqrt(-2 * log(square) / square);
}

/* The weight of n documents, n >= 1 (Marsaglia and Tsang, A simple method for generating gamma
 * variables, 2000). */
static double random_weight(uint64_t *state, size_t n)
{
    if (n == 1)
        return -log(random_uniform(state));
    double d = (double)n - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double normal = random_normal(state), v = 1 + c * normal;
        if (v <= 0)
            continue;
        v = v * v * v;
        if (log(random_uniform(state)) < normal * normal / 2 + d - d * v + d * log(v))
            return d * v;
    }
}

/* The weight of half a document. */
static double random_half(uint64_t *state)
{
    double normal = random_normal(state);
    return normal * normal / 2;
}

/* ---- measures of weighted documents ---- */

/* Weights by outcome, of one side and topic. */
struct weighed {
    double of[OUTCOMES];
};

struct values {
    double of[MEASURES]; /* precision, recall, F1 */
};

/* Half documents of hits and of errors, whichever error counts, of each side. */
struct prior {
    double hits[SIDES], errors[SIDES];
};

static const struct prior NO_PRIOR = {{0}, {0}};

static struct values measure(const struct weighed *weighed, const struct prior *prior,
                             unsigned side)
{
    double hits = weighed->of[OUTCOME_HIT] + prior->hits[side];
    double extra = weighed->of[OUTCOME_EXTRA], missed = weighed->of[OUTCOME_MISSED];
    double errors = prior->errors[side];
    return (struct values){{hits / (hits + extra + errors), hits / (hits + missed + errors),
                            2 * hits / (2 * hits + extra + missed + errors)}};
}

/* The mean over topics, made one by one as metrics_macro() does: of topics with a document,
 * where a precision without anything given counts 0. */
struct mean {
    struct values sum;
    size_t n;
};

static void mean_add(struct mean *mean, const struct weighed *weighed, struct values values)
{
    if (!(weighed->of[OUTCOME_HIT] + weighed->of[OUTCOME_MISSED] > 0))
        return;
    mean->n++;
    for (int i = 0; i < MEASURES; i++)
        mean->sum.of[i] += isnan(values.of[i]) ? 0 : values.of[i];
}

static struct values mean_value(const struct mean *mean)
{
    struct values values = mean->sum;
    for (int i = 0; i < MEASURES; i++)
        values.of[i] /= mean->n > 0 ? (double)mean->n : (double)NAN;
    return values;
}

/* Few documents, resampled, vary less than new ones would, by (n - 1) / (n + 1): in a mean of many
 * topics with few documents that would add up. */
static struct values stretch(struct values values, const struct weighed *counts)
{
    double hits = counts->of[OUTCOME_HIT], extra = counts->of[OUTCOME_EXTRA],
           missed = counts->of[OUTCOME_MISSED];
    if (!has_step(STEP_STRETCH))
        return values;
    double documents[MEASURES] = {hits + extra, hits + missed, hits + extra + missed};
    struct values estimates = measure(counts, &NO_PRIOR, 0);
    for (int i = 0; i < MEASURES; i++) {
        double n = fmax(documents[i], 2);
        values.of[i] = estimates.of[i] + (values.of[i] - estimates.of[i]) * sqrt((n + 1) / (n - 1));
    }
    return values;
}

static struct weighed sum_over_topics(const struct weighed *weighed, size_t n_topics)
{
    struct weighed sum = {{0}};
    for (size_t topic = 0; topic < n_topics; topic++)
        for (int i = 0; i < OUTCOMES; i++)
            sum.of[i] += weighed[topic].of[i];
    return sum;
}

/* ---- resampling ---- */

/* Rows of values behind those of the topics; SMOOTH are those with the prior. */
enum { ROW_MICRO, ROW_MICRO_SMOOTH, ROW_MACRO, ROW_MACRO_SMOOTH, ROWS };

struct resampling {
    const struct pattern *patterns;
    size_t n_patterns, n_topics;
    unsigned n_sides;
    bool sides_differ;
    float *values;           /* [n_topics + ROWS][MEASURES][RESAMPLES]; of two sides, differences */
    struct weighed *counts;  /* [n_sides][n_topics] every document weighing 1 */
    struct weighed *weighed; /* [n_threads][n_sides][n_topics] */
};

static float *values_of(const struct resampling *resampling, size_t row, int measure_index)
{
    return resampling->values + (row * MEASURES + (size_t)measure_index) * RESAMPLES;
}

/* What a row is about: the measure of the only side, or how much larger that of the second is. */
static double difference(const struct resampling *resampling, const struct values *values, int i)
{
    return resampling->n_sides == 1 ? values[0].of[i] : values[1].of[i] - values[0].of[i];
}

static void store(const struct resampling *resampling, size_t row, size_t resample,
                  const struct values *values)
{
    for (int i = 0; i < MEASURES; i++)
        values_of(resampling, row, i)[resample] = (float)difference(resampling, values, i);
}

static void weigh(const struct resampling *resampling, struct weighed *weighed, uint64_t *state)
{
    size_t n_topics = resampling->n_topics;
    memset(weighed, 0, resampling->n_sides * n_topics * sizeof *weighed);
    for (size_t i = 0; i < resampling->n_patterns; i++) {
        const struct pattern *pattern = &resampling->patterns[i];
        double weight =
            state != NULL ? random_weight(state, pattern->count) : (double)pattern->count;
        for (size_t k = 0; k < pattern->n_items; k++) {
            size_t place = pattern->items[k] / OUTCOMES;
            weighed[place % SIDES * n_topics + place / SIDES].of[pattern->items[k] % OUTCOMES] +=
                weight;
        }
    }
}

/* Of two sides, half a document also to each way in which one is right and the other is not: no
 * difference on few documents is no proof of none. Sides that never differ are taken for the same.
 */
static struct prior random_prior(const struct resampling *resampling, uint64_t *state)
{
    double hits = random_half(state), errors = random_half(state), first = 0, second = 0;
    if (!has_step(STEP_PRIOR))
        return NO_PRIOR;
    if (resampling->sides_differ && has_step(STEP_DISAGREEMENT)) {
        first = random_half(state);
        second = random_half(state);
    }
    return (struct prior){{hits + first, hits + second}, {errors + second, errors + first}};
}

static void resample_one(void *context, unsigned thread, size_t number)
{
    const struct resampling *resampling = context;
    size_t n = resampling->n_topics;
    struct weighed *weighed = resampling->weighed + (size_t)thread * resampling->n_sides * n;
    struct values values[SIDES] = {0}, rows[ROWS][SIDES] = {0};
    struct mean plain[SIDES] = {0}, stretched[SIDES] = {0};
    uint64_t seed = number, state = random_next(&seed);
    weigh(resampling, weighed, &state);
    for (size_t topic = 0; topic < n; topic++) {
        struct prior prior = random_prior(resampling, &state);
        for (unsigned side = 0; side < resampling->n_sides; side++) {
            const struct weighed *one = &weighed[side * n + topic];
            struct values free_of_prior = measure(one, &NO_PRIOR, side);
            mean_add(&plain[side], one, free_of_prior);
            mean_add(&stretched[side], one,
                     stretch(free_of_prior, &resampling->counts[side * n + topic]));
            values[side] = measure(one, &prior, side);
        }
        store(resampling, topic, number, values);
    }
    struct prior prior = random_prior(resampling, &state);
    for (unsigned side = 0; side < resampling->n_sides; side++) {
        struct weighed sum = sum_over_topics(weighed + side * n, n);
        rows[ROW_MICRO][side] = measure(&sum, &NO_PRIOR, side);
        rows[ROW_MICRO_SMOOTH][side] = measure(&sum, &prior, side);
        rows[ROW_MACRO][side] = mean_value(&plain[side]);
        rows[ROW_MACRO_SMOOTH][side] = mean_value(&stretched[side]);
        for (int i = 0; i < MEASURES; i++)
            rows[ROW_MACRO_SMOOTH][side].of[i] +=
                rows[ROW_MICRO_SMOOTH][side].of[i] - rows[ROW_MICRO][side].of[i];
    }
    for (size_t row = 0; row < ROWS; row++)
        store(resampling, n + row, number, rows[row]);
}

/* ---- intervals ---- */

static const double Z = 1.959963984540054; /* of 97.5 % */

static double normal_share(double z)
{
    return erfc(-z / sqrt(2)) / 2;
}

static double normal_quantile(double share)
{
    double low = -4, high = 4;
    for (int i = 0; i < 50; i++) {
        double middle = (low + high) / 2;
        if (normal_share(middle) < share)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

static int by_value(const void *left, const void *right)
{
    float a = *(const float *)left, b = *(const float *)right;
    return a < b ? -1 : a > b;
}

static double quantile(const float *sorted, double share)
{
    double place = share * (RESAMPLES - 1);
    size_t below = (size_t)place;
    if (below + 1 >= RESAMPLES)
        return (double)sorted[RESAMPLES - 1];
    double rest = place - (double)below;
    return (1 - rest) * (double)sorted[below] + rest * (double)sorted[below + 1];
}

/* How far the estimate is from the resamples' median, in standard deviations. */
static double median_bias(const float *values, double estimate)
{
    double below = 0;
    for (size_t i = 0; i < RESAMPLES; i++)
        below += values[i] < (float)estimate ? 1 : values[i] == (float)estimate ? 0.5 : 0;
    return normal_quantile(below / RESAMPLES);
}

/* The 95 % between, moved by `shift`; `bias` is the estimate's. `values` are sorted. */
static struct interval interval_of(const float *values, double estimate, double bias, double shift)
{
    double low = quantile(values, normal_share(2 * bias - Z)) + shift;
    double high = quantile(values, normal_share(2 * bias + Z)) + shift;
    return (struct interval){fmin(estimate, low), fmax(estimate, high)};
}

static bool sort_values(float *values, double estimate)
{
    if (isnan(estimate) || isnan(values[0]))
        return false; /* undefined, here or in all resamples */
    qsort(values, RESAMPLES, sizeof *values, by_value);
    return true;
}

static const struct interval UNDEFINED = {(double)NAN, (double)NAN};

static struct interval topic_interval(const struct resampling *resampling, size_t topic, int i,
                                      double estimate)
{
    float *values = values_of(resampling, topic, i);
    return sort_values(values, estimate) ? interval_of(values, estimate, 0, 0) : UNDEFINED;
}

/* Of micro or macro: as wide as the prior makes it, but where it is without, which would draw the
 * mean of many small topics to the middle. */
static struct interval whole_interval(const struct resampling *resampling, size_t row, int i,
                                      double estimate)
{
    float *plain = values_of(resampling, resampling->n_topics + row, i);
    float *smooth = values_of(resampling, resampling->n_topics + row + 1, i);
    if (!sort_values(plain, estimate) || !sort_values(smooth, estimate))
        return UNDEFINED;
    double shift = has_step(STEP_CENTRE) ? quantile(plain, 0.5) - quantile(smooth, 0.5) : 0;
    double bias = has_step(STEP_BIAS) ? median_bias(plain, estimate) : 0;
    double least = resampling->n_sides == SIDES ? -1 : 0;
    struct interval interval = interval_of(smooth, estimate, bias, shift);
    return (struct interval){fmax(interval.low, least), fmin(interval.high, 1)};
}

typedef struct interval find_interval(const struct resampling *resampling, size_t row, int i,
                                      double estimate);

static struct measure_intervals find_all(const struct resampling *resampling, size_t row,
                                         const struct values *estimates, find_interval *find)
{
    struct interval intervals[MEASURES];
    for (int i = 0; i < MEASURES; i++)
        intervals[i] = find(resampling, row, i, difference(resampling, estimates, i));
    return (struct measure_intervals){intervals[0], intervals[1], intervals[2]};
}

static void find_intervals(const struct resampling *resampling, struct intervals *intervals)
{
    size_t n = resampling->n_topics;
    const struct weighed *weighed = resampling->counts;
    struct values estimates[SIDES] = {0}, micro[SIDES] = {0}, macro[SIDES] = {0};
    struct mean mean[SIDES] = {0};
    for (size_t topic = 0; topic < n; topic++) {
        for (unsigned side = 0; side < resampling->n_sides; side++) {
            estimates[side] = measure(&weighed[side * n + topic], &NO_PRIOR, side);
            mean_add(&mean[side], &weighed[side * n + topic], estimates[side]);
        }
        intervals->topics[topic] = find_all(resampling, topic, estimates, topic_interval);
    }
    for (unsigned side = 0; side < resampling->n_sides; side++) {
        struct weighed sum = sum_over_topics(weighed + side * n, n);
        micro[side] = measure(&sum, &NO_PRIOR, side);
        macro[side] = mean_value(&mean[side]);
    }
    intervals->micro = find_all(resampling, ROW_MICRO, micro, whole_interval);
    intervals->macro = find_all(resampling, ROW_MACRO, macro, whole_interval);
}

static bool resample(const struct outcomes *outcomes, size_t n_topics, unsigned n_sides,
                     unsigned n_threads, struct intervals *intervals)
{
    struct resampling resampling = {.n_topics = n_topics, .n_sides = n_sides};
    if (outcomes->failed)
        return false;
    struct pattern *patterns = find_patterns(outcomes, &resampling.n_patterns);
    resampling.patterns = patterns;
    resampling.values = array_new(n_topics + ROWS, sizeof(float) * MEASURES * RESAMPLES);
    resampling.weighed = array_new(n_topics, sizeof(struct weighed) * n_threads * n_sides);
    resampling.counts = array_new(n_topics, sizeof(struct weighed) * n_sides);
    intervals->topics = array_new(n_topics, sizeof *intervals->topics);
    bool good = patterns != NULL && resampling.values != NULL && resampling.weighed != NULL &&
                resampling.counts != NULL && intervals->topics != NULL;
    if (good) {
        weigh(&resampling, resampling.counts, NULL);
        resampling.sides_differ =
            n_sides == SIDES && have_differences(patterns, resampling.n_patterns);
        parallel_for(RESAMPLES, n_threads, resample_one, &resampling);
        find_intervals(&resampling, intervals);
    }
    free(patterns);
    free(resampling.values);
    free(resampling.weighed);
    free(resampling.counts);
    return good;
}

bool intervals_of(const struct outcomes *outcomes, size_t n_topics, unsigned n_threads,
                  struct intervals *intervals)
{
    return resample(outcomes, n_topics, 1, n_threads, intervals);
}

bool intervals_of_difference(const struct outcomes *outcomes, size_t n_topics, unsigned n_threads,
                             struct intervals *intervals)
{
    return resample(outcomes, n_topics, SIDES, n_threads, intervals);
}

void intervals_release(struct intervals *intervals)
{
    free(intervals->topics);
    *intervals = (struct intervals){0};
}
