/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/calibrate.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* ---- threshold ---- */

/* The search for the best cut through falling scores. */
struct search {
    struct aim aim;
    size_t positives; /* of all there are */
    size_t n, hits;   /* gone through, and positives among them */
    double best_f1, threshold;
};

static struct search search_begin(size_t positives, struct aim aim, const double *highest)
{
    return (struct search){.aim = aim,
                           .positives = positives,
                           .threshold =
                               highest != NULL && !isnan(aim.precision) ? *highest + 1 : 0};
}

/* Is the cut here as good as the best so far, or nearly? Of those the last one counts. */
static bool is_good_cut(struct search *search)
{
    double hits = (double)search->hits;
    if (!isnan(search->aim.precision))
        return hits >= search->aim.precision * (double)search->n;
    double f1 = 2 * hits / (double)(search->n + search->positives);
    search->best_f1 = fmax(search->best_f1, f1);
    return search->hits > 0 && f1 >= search->best_f1 - search->aim.slack;
}

/* The next score, and the one behind it, NULL at the end. The cut lies between different scores
 * only. */
static void search_next(struct search *search, double score, bool is_positive, const double *behind)
{
    search->n++;
    search->hits += is_positive;
    if (behind != NULL && *behind == score)
        return;
    if (is_good_cut(search))
        search->threshold = behind != NULL ? (score + *behind) / 2 : score;
}

/* Can no cut from here on be as good, even if all positives were before it? */
static bool search_is_over(const struct search *search)
{
    double most = (double)search->positives, n = (double)search->n;
    if (!isnan(search->aim.precision))
        return most < search->aim.precision * n;
    return 2 * most / (n + most) < search->best_f1 - search->aim.slack;
}

/* scores fall. */
static double best_threshold(const struct scored *scores, size_t n, size_t positives,
                             struct aim aim)
{
    struct search search = search_begin(positives, aim, n > 0 ? &scores[0].score : NULL);
    for (size_t i = 0; i < n && !search_is_over(&search); i++)
        search_next(&search, scores[i].score, scores[i].is_positive,
                    i + 1 < n ? &scores[i + 1].score : NULL);
    return search.threshold;
}

static bool are_sorted(const struct scored *scores, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (by_falling_score(&scores[i - 1], &scores[i]) > 0)
            return false;
    return true;
}

static void sort_scores(struct scored *scores, size_t n)
{
    if (!are_sorted(scores, n))
        qsort(scores, n, sizeof *scores, by_falling_score);
}

static size_t count_positives(const struct scored *scores, size_t n)
{
    size_t positives = 0;
    for (size_t i = 0; i < n; i++)
        positives += scores[i].is_positive;
    return positives;
}

/* ---- the common probability ---- */

/* Topics that have scores left, the one with the highest probability first: a heap. */
struct heap {
    struct next {
        double probability;
        const struct scored *at, *end;
        const struct calibration *calibration;
    } * topics; /* [n] */
    size_t n;
};

static void sink(struct heap *heap, size_t place)
{
    for (size_t child; (child = 2 * place + 1) < heap->n; place = child) {
        if (child + 1 < heap->n &&
            heap->topics[child + 1].probability > heap->topics[child].probability)
            child++;
        if (heap->topics[place].probability >= heap->topics[child].probability)
            return;
        struct next moved = heap->topics[place];
        heap->topics[place] = heap->topics[child];
        heap->topics[child] = moved;
    }
}

/* Takes the first topic's score away; returns whether it was of a positive. */
static bool heap_take(struct heap *heap)
{
    struct next *first = &heap->topics[0];
    bool is_positive = first->at->is_positive;
    if (++first->at == first->end)
        *first = heap->topics[--heap->n];
    else
        first->probability = label_probability(first->calibration, first->at->score);
    sink(heap, 0);
    return is_positive;
}

static bool heap_init(struct heap *heap, const struct ranking *rankings, size_t n_topics)
{
    *heap = (struct heap){.topics = array_new(n_topics, sizeof *heap->topics)};
    for (size_t i = 0; heap->topics != NULL && i < n_topics; i++) {
        const struct ranking *ranking = &rankings[i];
        if (ranking->n > 0)
            heap->topics[heap->n++] =
                (struct next){label_probability(ranking->calibration, ranking->scores[0].score),
                              ranking->scores, ranking->scores + ranking->n, ranking->calibration};
    }
    for (size_t place = heap->n / 2; place-- > 0;)
        sink(heap, place);
    return heap->topics != NULL;
}

bool calibrate_common(const struct ranking *rankings, size_t n_topics, struct aim aim,
                      double *common)
{
    struct heap heap;
    size_t positives = 0;
    if (!heap_init(&heap, rankings, n_topics))
        return false;
    for (size_t i = 0; i < n_topics; i++)
        positives += count_positives(rankings[i].scores, rankings[i].n);
    struct search search =
        search_begin(positives, aim, heap.n > 0 ? &heap.topics[0].probability : NULL);
    while (heap.n > 0 && !search_is_over(&search)) {
        double probability = heap.topics[0].probability;
        bool is_positive = heap_take(&heap);
        search_next(&search, probability, is_positive,
                    heap.n > 0 ? &heap.topics[0].probability : NULL);
    }
    free(heap.topics);
    *common = search.threshold;
    return true;
}

void calibration_shrink(struct calibration *calibration, size_t positives, double common)
{
    static const double LEAST = 1e-6;
    double p = fmin(fmax(common, LEAST), 1 - LEAST), n = (double)positives;
    double score = (log(p / (1 - p)) - calibration->intercept) / calibration->slope;
    calibration->threshold =
        (n * calibration->threshold + CALIBRATE_PRIOR * score) / (n + CALIBRATE_PRIOR);
}

/* ---- sigmoid ---- */

/* log(1 + exp(-z)) + (1 - target) * z without overflow: the cross-entropy of one score. */
static double cross_entropy(double z, double target)
{
    return z >= 0 ? (1 - target) * z + log1p(exp(-z)) : -target * z + log1p(exp(z));
}

struct targets {
    double positive, negative; /* smoothed, so that no probability is 0 or 1 */
};

static double total_entropy(const struct scored *scores, size_t n, struct rest rest,
                            struct targets targets, double slope, double intercept)
{
    double sum = (double)rest.n * cross_entropy(slope * rest.score + intercept, targets.negative);
    for (size_t i = 0; i < n; i++)
        sum += cross_entropy(slope * scores[i].score + intercept,
                             scores[i].is_positive ? targets.positive : targets.negative);
    return sum;
}

/* Of the total entropy by slope (a) and intercept (b): first and second derivatives. */
struct slopes {
    double haa, hab, hbb, ga, gb;
};

/* Adds `n` times what one score contributes. */
static inline void add_slopes(struct slopes *slopes, double score, double n, double target,
                              double a, double b)
{
    double probability = 1 / (1 + exp(-(a * score + b)));
    double slack = n * (probability - target);
    double curvature = n * (probability * (1 - probability));
    slopes->haa += score * score * curvature;
    slopes->hab += score * curvature;
    slopes->hbb += curvature;
    slopes->ga += score * slack;
    slopes->gb += slack;
}

static void fit_sigmoid(const struct scored *scores, size_t n, struct rest rest, size_t positives,
                        double *slope, double *intercept)
{
    enum { ROUNDS = 100 };
    static const double RIDGE = 1e-12, SMALLEST_STEP = 1e-10, TOLERANCE = 1e-5;
    double p = (double)positives, q = (double)(n + rest.n - positives);
    struct targets targets = {(p + 1) / (p + 2), 1 / (q + 2)};
    double a = 0, b = log((p + 1) / (q + 1));
    double value = total_entropy(scores, n, rest, targets, a, b);
    for (int round = 0; round < ROUNDS; round++) {
        struct slopes slopes = {.haa = RIDGE, .hbb = RIDGE};
        add_slopes(&slopes, rest.score, (double)rest.n, targets.negative, a, b);
        for (size_t i = 0; i < n; i++)
            add_slopes(&slopes, scores[i].score, 1,
                       scores[i].is_positive ? targets.positive : targets.negative, a, b);
        if (fabs(slopes.ga) < TOLERANCE && fabs(slopes.gb) < TOLERANCE)
            break;
        double determinant = slopes.haa * slopes.hbb - slopes.hab * slopes.hab;
        double da = -(slopes.hbb * slopes.ga - slopes.hab * slopes.gb) / determinant;
        double db = -(slopes.haa * slopes.gb - slopes.hab * slopes.ga) / determinant;
        double gain = slopes.ga * da + slopes.gb * db, step = 1;
        for (; step >= SMALLEST_STEP; step /= 2) {
            double tried = total_entropy(scores, n, rest, targets, a + step * da, b + step * db);
            if (tried < value + 1e-4 * step * gain) {
                a += step * da;
                b += step * db;
                value = tried;
                break;
            }
        }
        if (step < SMALLEST_STEP)
            break;
    }
    *slope = a;
    *intercept = b;
}

struct calibration calibrate(struct scored *scores, size_t n, struct rest rest, struct aim aim)
{
    static const double SMALLEST_SLOPE = 0.1;
    size_t positives = count_positives(scores, n);
    sort_scores(scores, n);
    struct calibration calibration = {.threshold = best_threshold(scores, n, positives, aim)};
    fit_sigmoid(scores, n, rest, positives, &calibration.slope, &calibration.intercept);
    if (!(calibration.slope >= SMALLEST_SLOPE) || !isfinite(calibration.slope) ||
        !isfinite(calibration.intercept)) {
        /* The scores say nothing, or the opposite: close to the topic's share for any score. */
        calibration.slope = SMALLEST_SLOPE;
        calibration.intercept =
            log(((double)positives + 1) / ((double)(n + rest.n - positives) + 1));
    }
    return calibration;
}

double training_threshold(struct scored *scores, size_t n)
{
    sort_scores(scores, n);
    return best_threshold(scores, n, count_positives(scores, n),
                          (struct aim){.precision = (double)NAN});
}

struct calibration calibrate_around(double threshold, double common)
{
    static const double LEAST = 1e-3, SLOPE = 4; /* 0.98 at a decision value of 1 */
    double p = fmin(fmax(common, LEAST), 1 - LEAST);
    return (struct calibration){threshold, SLOPE, log(p / (1 - p)) - SLOPE * threshold};
}
