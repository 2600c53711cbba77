#include "train/calibrate.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* ---- threshold ---- */

/* What is not of the corpus's own kind scores lower than what is, and F1 hardly moves around its
 * best: the threshold is the lowest of those whose F1 is this close to it. */
static const double NEARLY = 0.005;

/* Does a cut lie behind score i? Between different scores only; they fall. */
static bool is_cut(const struct scored *scores, size_t n, size_t i)
{
    return i + 1 == n || scores[i + 1].score != scores[i].score;
}

static double f1_of(size_t hits, size_t n, size_t positives)
{
    return 2 * (double)hits / (double)(n + positives);
}

static double best_f1(const struct scored *scores, size_t n, size_t positives)
{
    double best = 0;
    size_t hits = 0;
    for (size_t i = 0; i < n; i++) {
        hits += scores[i].is_positive;
        if (is_cut(scores, n, i))
            best = fmax(best, f1_of(hits, i + 1, positives));
    }
    return best;
}

/* The lowest good cut: near the best F1, or at the wanted precision. */
static double best_threshold(const struct scored *scores, size_t n, size_t positives,
                             double precision)
{
    double wanted = best_f1(scores, n, positives) - NEARLY;
    double threshold = n > 0 && !isnan(precision) ? scores[0].score + 1 : 0;
    size_t hits = 0;
    for (size_t i = 0; i < n; i++) {
        hits += scores[i].is_positive;
        bool is_good = isnan(precision) ? hits > 0 && f1_of(hits, i + 1, positives) >= wanted
                                        : (double)hits >= precision * (double)(i + 1);
        if (is_good && is_cut(scores, n, i))
            threshold = i + 1 < n ? (scores[i].score + scores[i + 1].score) / 2 : scores[i].score;
    }
    return threshold;
}

double calibrate_common(struct scored *scores, size_t n, double precision)
{
    size_t positives = 0;
    for (size_t i = 0; i < n; i++)
        positives += scores[i].is_positive;
    qsort(scores, n, sizeof *scores, by_falling_score);
    return best_threshold(scores, n, positives, precision);
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

static double total_entropy(const struct scored *scores, size_t n, struct targets targets,
                            double slope, double intercept)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += cross_entropy(slope * scores[i].score + intercept,
                             scores[i].is_positive ? targets.positive : targets.negative);
    return sum;
}

static void fit_sigmoid(const struct scored *scores, size_t n, size_t positives, double *slope,
                        double *intercept)
{
    enum { ROUNDS = 100 };
    static const double RIDGE = 1e-12, SMALLEST_STEP = 1e-10, TOLERANCE = 1e-5;
    double p = (double)positives, q = (double)(n - positives);
    struct targets targets = {(p + 1) / (p + 2), 1 / (q + 2)};
    double a = 0, b = log((p + 1) / (q + 1));
    double value = total_entropy(scores, n, targets, a, b);
    for (int round = 0; round < ROUNDS; round++) {
        double haa = RIDGE, hbb = RIDGE, hab = 0, ga = 0, gb = 0;
        for (size_t i = 0; i < n; i++) {
            double s = scores[i].score, probability = 1 / (1 + exp(-(a * s + b)));
            double slack =
                probability - (scores[i].is_positive ? targets.positive : targets.negative);
            double curvature = probability * (1 - probability);
            haa += s * s * curvature;
            hab += s * curvature;
            hbb += curvature;
            ga += s * slack;
            gb += slack;
        }
        if (fabs(ga) < TOLERANCE && fabs(gb) < TOLERANCE)
            break;
        double determinant = haa * hbb - hab * hab;
        double da = -(hbb * ga - hab * gb) / determinant;
        double db = -(haa * gb - hab * ga) / determinant;
        double gain = ga * da + gb * db, step = 1;
        for (; step >= SMALLEST_STEP; step /= 2) {
            double tried = total_entropy(scores, n, targets, a + step * da, b + step * db);
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

struct calibration calibrate(struct scored *scores, size_t n, double precision)
{
    static const double SMALLEST_SLOPE = 0.1;
    size_t positives = 0;
    for (size_t i = 0; i < n; i++)
        positives += scores[i].is_positive;
    qsort(scores, n, sizeof *scores, by_falling_score);
    struct calibration calibration = {.threshold = best_threshold(scores, n, positives, precision)};
    fit_sigmoid(scores, n, positives, &calibration.slope, &calibration.intercept);
    if (!(calibration.slope >= SMALLEST_SLOPE) || !isfinite(calibration.slope) ||
        !isfinite(calibration.intercept)) {
        /* The scores say nothing, or the opposite: close to the topic's share for any score. */
        calibration.slope = SMALLEST_SLOPE;
        calibration.intercept = log(((double)positives + 1) / ((double)(n - positives) + 1));
    }
    return calibration;
}

struct calibration calibrate_on_training(struct scored *scores, size_t n, double common)
{
    static const double LEAST = 1e-3, SLOPE = 4; /* 0.98 at a decision value of 1 */
    size_t positives = 0;
    for (size_t i = 0; i < n; i++)
        positives += scores[i].is_positive;
    qsort(scores, n, sizeof *scores, by_falling_score);
    double threshold = best_threshold(scores, n, positives, (double)NAN);
    double p = fmin(fmax(common, LEAST), 1 - LEAST);
    return (struct calibration){threshold, SLOPE, log(p / (1 - p)) - SLOPE * threshold};
}
