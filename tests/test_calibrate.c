#include "test.h"
#include "train/calibrate.h"

#include <math.h>

static void the_threshold_is_the_best_cut(void **state)
{
    (void)state;
    struct scored scores[] = {{-1, false},  {2, true},    {0.5, true},  {1.5, true},
                              {0.7, false}, {-0.2, true}, {-0.9, false}};
    /* cuts by falling score: 1/4 2/4 (2/3 hits) 3/4 ... all four at -0.2 with one extra: F1 8/9 */
    struct calibration calibration = calibrate(scores, 7, (double)NAN);
    assert_true(fabs(calibration.threshold - (-0.2 + -0.9) / 2) < 1e-12);
}

/* So many positives, then negatives one by one: how many of these reach the threshold? */
static size_t negatives_taken(size_t n_positives)
{
    enum { N_NEGATIVES = 5 };
    size_t n = n_positives + N_NEGATIVES, taken = 0;
    struct scored *scores = array_new(n, sizeof *scores);
    assert_non_null(scores);
    for (size_t i = 0; i < n; i++)
        scores[i] = (struct scored){-(double)i, i < n_positives};
    double threshold = calibrate(scores, n, (double)NAN).threshold;
    for (size_t i = n_positives; i < n; i++)
        taken += scores[i].score >= threshold;
    free(scores);
    return taken;
}

static void of_cuts_nearly_as_good_the_lowest_is_taken(void **state)
{
    (void)state;
    assert_int_equal(negatives_taken(50), 0);  /* one would cost more than 0.005 of F1 */
    assert_int_equal(negatives_taken(100), 1); /* F1 1 and 0.99502, then 0.990 */
    assert_int_equal(negatives_taken(300), 3); /* 0.99502 again, then 0.9934 */
}

static void equal_scores_are_not_parted(void **state)
{
    (void)state;
    struct scored scores[] = {{1, true}, {1, false}, {1, true}, {0, false}};
    assert_true(calibrate(scores, 4, (double)NAN).threshold == 0.5);
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
    struct calibration calibration = calibrate(scores, N, (double)NAN);
    assert_true(fabs(calibration.slope - 2.5) < 0.1);
    assert_true(fabs(calibration.intercept - 0.8) < 0.1);
    free(scores);
}

static void hopeless_scores_give_a_rising_sigmoid(void **state)
{
    (void)state;
    struct scored reversed[] = {{3, false}, {2, false}, {1, false}, {-1, true}, {-2, true}};
    struct calibration calibration = calibrate(reversed, 5, (double)NAN);
    assert_true(calibration.slope > 0);
    assert_true(isfinite(calibration.intercept) && isfinite(calibration.threshold));
    struct scored none[] = {{1, false}, {1, false}};
    calibration = calibrate(none, 2, (double)NAN);
    assert_true(calibration.slope > 0 && isfinite(calibration.intercept));
    struct scored apart[] = {{1e3, true}, {9e2, true}, {-1e3, false}};
    calibration = calibrate(apart, 3, (double)NAN);
    assert_true(calibration.slope > 0 && isfinite(calibration.slope));
    assert_true(calibration.threshold < 9e2 && calibration.threshold > -1e3);
}

static void a_wanted_precision_is_kept(void **state)
{
    (void)state;
    struct scored scores[] = {{5, true}, {4, true}, {3, false}, {2, true}, {1, true}, {0, false}};
    assert_true(calibrate(scores, 6, 0.75).threshold == 0.5); /* 4 of 5 */
    assert_true(calibrate(scores, 6, 0.9).threshold == 3.5);  /* 2 of 2 */
    struct scored wrong[] = {{2, false}, {1, true}};
    assert_true(calibrate(wrong, 2, 0.9).threshold > 2); /* never */
}

static void few_positives_borrow_a_threshold(void **state)
{
    (void)state;
    struct scored scores[] = {{0.9, true}, {0.6, false}, {0.4, true}, {0.1, false}, {0.2, false}};
    double common = calibrate_common(scores, 5, (double)NAN);
    assert_true(fabs(common - 0.3) < 1e-12); /* two hits in three */

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
    struct calibration calibration = calibrate_on_training(scores, 4, 0.5);
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
        cmocka_unit_test(few_positives_borrow_a_threshold),
        cmocka_unit_test(equal_scores_are_not_parted),
        cmocka_unit_test(the_sigmoid_is_recovered),
        cmocka_unit_test(hopeless_scores_give_a_rising_sigmoid),
        cmocka_unit_test(a_training_tells_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
