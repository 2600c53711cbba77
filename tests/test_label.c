/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/label.h"
#include "test.h"

#include <math.h>

#define KNOWN ((struct evidence){.letters = 100, .longer = {.known = 100}})

static const struct calibration calibration[] = {{0.5, 2, -1}, {-0.2, 1, 0}, {0, 4, 1}};

static void probability_is_a_sigmoid(void **state)
{
    (void)state;
    assert_true(fabs(label_probability(&calibration[0], 0.5) - 0.5) < 1e-12);
    assert_true(fabs(label_probability(&calibration[1], 2) - 1 / (1 + exp(-2))) < 1e-12);
    assert_true(label_probability(&calibration[1], -1e6) == 0);
    assert_true(label_probability(&calibration[1], 1e6) == 1);
    struct calibration none = {0, 0, 0};
    assert_true(isnan(label_probability(&none, 1)));
}

static void labels_are_ranked_and_given_by_threshold(void **state)
{
    (void)state;
    static const double scores[] = {0.5, -0.3, 0.4};
    fenlei_label labels[3];
    label_topics(calibration, scores, 3, (double)NAN, KNOWN, labels);
    assert_int_equal(labels[0].topic, 2); /* p = 0.93 */
    assert_int_equal(labels[1].topic, 0); /* p = 0.5 */
    assert_int_equal(labels[2].topic, 1); /* p = 0.43 */
    assert_true(labels[0].given);
    assert_true(labels[1].given); /* at the threshold is given */
    assert_false(labels[2].given);

    label_topics(calibration, scores, 3, 0.6, KNOWN, labels);
    assert_true(labels[0].given);
    assert_false(labels[1].given);
    label_topics(calibration, scores, 3, 0, KNOWN, labels);
    assert_true(labels[2].given);
}

static void equal_scores_keep_the_order_of_topics(void **state)
{
    (void)state;
    static const struct calibration same[] = {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
    static const double scores[] = {1, 2, 1};
    fenlei_label labels[3];
    label_topics(same, scores, 3, (double)NAN, KNOWN, labels);
    assert_int_equal(labels[0].topic, 1);
    assert_int_equal(labels[1].topic, 0);
    assert_int_equal(labels[2].topic, 2);
}

static fenlei_review review(double first, double second, double third, struct evidence evidence)
{
    double scores[] = {first, second, third};
    fenlei_label labels[3];
    label_topics(calibration, scores, 3, (double)NAN, KNOWN, labels);
    return label_review(calibration, labels, 3, (double)NAN, evidence);
}

static void review_says_why(void **state)
{
    (void)state;
    struct evidence plenty = {.letters = 500, .longer = {.known = 400, .unknown = 100}},
                    little = {.letters = 8, .longer = {.known = 9}},
                    strange = {.letters = 500, .single = {.known = 100, .unknown = 400}},
                    garbled = {.letters = 500,
                               .single = {.known = 450},
                               .longer = {.known = 50, .unknown = 400}};
    assert_int_equal(review(5, -5, -5, plenty), FENLEI_REVIEW_NONE);
    assert_int_equal(review(0.51, -5, -5, plenty), FENLEI_REVIEW_NEAR_THRESHOLD);
    assert_int_equal(review(0.49, -5, -5, plenty), FENLEI_REVIEW_NEAR_THRESHOLD);
    assert_int_equal(review(5, -5, -5, little), FENLEI_REVIEW_TOO_SHORT);
    assert_int_equal(review(5, -5, -5, strange), FENLEI_REVIEW_UNFAMILIAR);
    assert_int_equal(review(5, -5, -5, garbled), FENLEI_REVIEW_UNFAMILIAR);
    assert_null(fenlei_review_name(FENLEI_REVIEW_NONE));
    assert_string_equal(fenlei_review_name(FENLEI_REVIEW_NOT_AN_ARTICLE), "not-an-article");
}

static void nothing_known_is_nothing_given(void **state)
{
    (void)state;
    static const double scores[] = {5, 5, 5}, thresholds[] = {(double)NAN, 0, 0.5};
    struct evidence unknown = {.letters = 100, .longer = {.unknown = 100}};
    fenlei_label labels[3];
    for (size_t i = 0; i < 3; i++) {
        label_topics(calibration, scores, 3, thresholds[i], unknown, labels);
        for (size_t k = 0; k < 3; k++)
            assert_false(labels[k].given);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probability_is_a_sigmoid),
        cmocka_unit_test(labels_are_ranked_and_given_by_threshold),
        cmocka_unit_test(equal_scores_keep_the_order_of_topics),
        cmocka_unit_test(review_says_why),
        cmocka_unit_test(nothing_known_is_nothing_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
