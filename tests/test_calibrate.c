/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include "train/calibrate.h"

#include <math.h>

static const struct rest NO_REST = {0, 0};
static const struct aim HIGHEST_F1 = {(double)NAN, 0};

static void the_threshold_is_the_best_cut(void **state)
{
    (void)state;
    struct scored scores[] = {{-1, false},  {2, true},    {0.5, true},  {1.5, true},
                              {0.7, false}, {-0.2, true}, {-0.9, false}};
    /* cuts by falling score: 1/4 2/4 (2/3 hits) 3/4 ... all four at -0.2 with one extra: F1 8/9 */
    struct calibration calibration = calibrate(scores, 7, NO_REST, HIGHEST_F1);
    assert_true(fabs(calibration.threshold - (-0.2 + -0.9) / 2) < 1e-12);
}

/* So many positives, then negatives one by one: how many of these reach the threshold? */
static size_t negatives_taken(size_t n_positives, double slack)
{
    enum { N_NEGATIVES = 5 };
    size_t n = n_positives + N_NEGATIVES, taken = 0;
    struct scored *scores = array_new(n, sizeof *scores);
    assert_non_null(scores);
    for (size_t i = 0; i < n; i++)
        scores[i] = (struct scored){-(double)i, i < n_positives};
    double threshold = calibrate(scores, n, NO_REST, (struct aim){(double)NAN, slack}).threshold;
    for (size_t i = n_positives; i < n; i++)
        taken += scores[i].score >= threshold;
    free(scores);
    return taken;
}

static void of_cuts_nearly_as_good_the_lowest_is_taken(void **state)
{
    (void)state;
    assert_int_equal(negatives_taken(300, 0), 0);
    assert_int_equal(negatives_taken(50, 0.005), 0);  /* one would cost more than 0.005 of F1 */
    assert_int_equal(negatives_taken(100, 0.005), 1); /* F1 1 and 0.99502, then 0.990 */
    assert_int_equal(negatives_taken(300, 0.005), 3); /* 0.99502 again, then 0.9934 */
}

static void equal_scores_are_not_parted(void **state)
{
    (void)state;
    struct scored scores[] = {{1, true}, {1, false}, {1, true}, {0, false}};
    assert_true(calibrate(scores, 4, NO_REST, HIGHEST_F1).threshold == 0.5);
}

/* Scores drawn so that the true probability is a known sigmoid. */
static void the_sigmoid_is_recovered(void **state)
{
    (void)state;
    enum { N = 40000 };
    struct scored *scores = array_new(N, sizeof *scores);
    assert_non_null(scores);
    uint64_t random = 7;
    for (size_t i = 0; i < N; i++) {
        double score = (double)i / N * 6 - 3;
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
        double uniform = (double)(random >> 11) / 9007199254740992.0;
        scores[i] = (struct scored){score, uniform < 1 / (1 + exp(-(2.5 * score + 0.8)))};
    }
    struct calibration calibration = calibrate(scores, N, NO_REST, HIGHEST_F1);
    assert_true(fabs(calibration.slope - 2.5) < 0.1);
    assert_true(fabs(calibration.intercept - 0.8) < 0.1);
    free(scores);
}

static void hopeless_scores_give_a_rising_sigmoid(void **state)
{
    (void)state;
    struct scored reversed[] = {{3, false}, {2, false}, {1, false}, {-1, true}, {-2, true}};
    struct calibration calibration = calibrate(reversed, 5, NO_REST, HIGHEST_F1);
    assert_true(calibration.slope > 0);
    assert_true(isfinite(calibration.intercept) && isfinite(calibration.threshold));
    struct scored none[] = {{1, false}, {1, false}};
    calibration = calibrate(none, 2, NO_REST, HIGHEST_F1);
    assert_true(calibration.slope > 0 && isfinite(calibration.intercept));
    struct scored apart[] = {{1e3, true}, {9e2, true}, {-1e3, false}};
    calibration = calibrate(apart, 3, NO_REST, HIGHEST_F1);
    assert_true(calibration.slope > 0 && isfinite(calibration.slope));
    assert_true(calibration.threshold < 9e2 && calibration.threshold > -1e3);
}

static void a_wanted_precision_is_kept(void **state)
{
    (void)state;
    struct scored scores[] = {{5, true}, {4, true}, {3, false}, {2, true}, {1, true}, {0, false}};
    assert_true(calibrate(scores, 6, NO_REST, (struct aim){0.75, 0}).threshold == 0.5); /* 4 of 5 */
    assert_true(calibrate(scores, 6, NO_REST, (struct aim){0.9, 0}).threshold == 3.5);  /* 2 of 2 */
    struct scored wrong[] = {{2, false}, {1, true}};
    assert_true(calibrate(wrong, 2, NO_REST, (struct aim){0.9, 0}).threshold > 2); /* never */
}

/* The lowest threshold whose F1 is within 0.005 of the highest, or that of the wanted precision,
 * all cuts tried. */
static double best_of_all(const double *probability, const bool *is_positive, size_t n,
                          struct aim aim)
{
    double best = 0, positives = 0, lowest = HUGE_VAL, threshold = 0;
    double value[300], middle[300];
    assert_true(n <= 300);
    for (size_t i = 0; i < n; i++)
        positives += is_positive[i];
    for (size_t cut = 0; cut < n; cut++) {
        double given = 0, hits = 0, below = -1;
        for (size_t i = 0; i < n; i++) {
            given += probability[i] >= probability[cut];
            hits += probability[i] >= probability[cut] && is_positive[i];
            if (probability[i] < probability[cut])
                below = fmax(below, probability[i]);
        }
        value[cut] = isnan(aim.precision)            ? 2 * hits / (given + positives)
                     : hits >= aim.precision * given ? given
                                                     : 0;
        middle[cut] = below >= 0 ? (probability[cut] + below) / 2 : probability[cut];
        best = fmax(best, value[cut]);
    }
    for (size_t cut = 0; cut < n; cut++)
        if (value[cut] > 0 && value[cut] >= best - (isnan(aim.precision) ? aim.slack : 0) &&
            probability[cut] < lowest) {
            lowest = probability[cut];
            threshold = middle[cut];
        }
    return threshold;
}

static void all_topics_choose_together(void **state)
{
    (void)state;
    enum { TOPICS = 7, EACH = 40, N = TOPICS * EACH };
    static struct scored scores[TOPICS][EACH];
    struct calibration calibration[TOPICS];
    struct ranking rankings[TOPICS];
    double probability[N], common;
    bool is_positive[N];
    uint64_t random = 3;
    for (size_t topic = 0; topic < TOPICS; topic++) {
        calibration[topic] = (struct calibration){0, 1 + (double)topic, -(double)topic / 2};
        rankings[topic] = (struct ranking){scores[topic], EACH, &calibration[topic]};
        for (size_t i = 0; i < EACH; i++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            double score = 2 - (double)i / 10; /* many are equal where topics are alike */
            scores[topic][i] = (struct scored){score, (random >> 40) % EACH > i + i % 3};
            probability[topic * EACH + i] = label_probability(&calibration[topic], score);
            is_positive[topic * EACH + i] = scores[topic][i].is_positive;
        }
    }
    static const struct aim aims[] = {
        {(double)NAN, 0}, {(double)NAN, 0.02}, {0.5, 0}, {0.7, 0}, {0.9, 0}};
    for (size_t i = 0; i < sizeof aims / sizeof *aims; i++) {
        assert_true(calibrate_common(rankings, TOPICS, aims[i], &common));
        assert_true(fabs(common - best_of_all(probability, is_positive, N, aims[i])) < 1e-12);
    }
    rankings[0].n = 0;
    assert_true(calibrate_common(rankings, 1, HIGHEST_F1, &common));
    assert_true(common == 0);
}

/* Scores far below, one by one or as a number of them at one score. */
static void the_rest_counts_as_so_many(void **state)
{
    (void)state;
    enum { REST = 500 };
    static struct scored all[4 + REST];
    static const struct scored first[] = {{0.9, true}, {0.2, false}, {-0.1, true}, {-0.4, false}};
    struct scored some[4];
    for (size_t i = 0; i < 4 + REST; i++)
        all[i] = i < 4 ? first[i] : (struct scored){-1.1, false};
    for (size_t i = 0; i < 4; i++)
        some[i] = first[i];
    struct calibration one = calibrate(all, 4 + REST, NO_REST, HIGHEST_F1);
    struct calibration other = calibrate(some, 4, (struct rest){REST, -1.1}, HIGHEST_F1);
    assert_true(one.threshold == other.threshold);
    assert_true(fabs(one.slope - other.slope) < 1e-9);
    assert_true(fabs(one.intercept - other.intercept) < 1e-9);
}

static void few_positives_borrow_a_threshold(void **state)
{
    (void)state;
    double common = 0.3;

    /* the score at which 1 / (1 + exp(-(2 * score - 1))) is 0.3 */
    double score = (log(0.3 / 0.7) + 1) / 2, n = 50, prior = CALIBRATE_PRIOR;
    struct calibration calibration = {5, 2, -1};
    calibration_shrink(&calibration, 50, common);
    assert_true(fabs(calibration.threshold - (n * 5 + prior * score) / (n + prior)) < 1e-9);
    calibration = (struct calibration){5, 2, -1};
    calibration_shrink(&calibration, 0, common);
    assert_true(fabs(calibration.threshold - score) < 1e-9);
    calibration_shrink(&calibration, 0, 1); /* a probability that no score has */
    assert_true(isfinite(calibration.threshold));
}

static void a_training_tells_its_own(void **state)
{
    (void)state;
    struct scored scores[] = {{-1.2, false}, {-0.4, true}, {-0.9, false}, {-1, false}};
    struct calibration calibration = calibrate_around(training_threshold(scores, 4), 0.5);
    assert_true(fabs(calibration.threshold + 0.65) < 1e-12);
    assert_true(fabs(label_probability(&calibration, -0.65) - 0.5) < 1e-12);
    assert_true(label_probability(&calibration, -0.4) > 0.6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_threshold_is_the_best_cut),
        cmocka_unit_test(of_cuts_nearly_as_good_the_lowest_is_taken),
        cmocka_unit_test(a_wanted_precision_is_kept),
        cmocka_unit_test(all_topics_choose_together),
        cmocka_unit_test(the_rest_counts_as_so_many),
        cmocka_unit_test(few_positives_borrow_a_threshold),
        cmocka_unit_test(equal_scores_are_not_parted),
        cmocka_unit_test(the_sigmoid_is_recovered),
        cmocka_unit_test(hopeless_scores_give_a_rising_sigmoid),
        cmocka_unit_test(a_training_tells_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
