/* SPDX-License-Identifier: BSD-3-Clause */
#include "measure/metrics.h"
#include "test.h"

#include <math.h>

static struct metrics metrics;

static void add(const char *truth, const char *either, const char *given, size_t best)
{
    bool t[3], e[3], g[3];
    for (size_t i = 0; i < 3; i++) {
        t[i] = truth[i] == '1';
        e[i] = either[i] == '1';
        g[i] = given[i] == '1';
    }
    metrics_add(&metrics, (struct answer){.truth = t, .either = e, .given = g, .best = best});
}

static int set_up(void **state)
{
    (void)state;
    return metrics_init(&metrics, 3) ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    metrics_release(&metrics);
    return 0;
}

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

static void counts_as_by_hand(void **state)
{
    (void)state;
    add("110", "000", "100", 0); /* one hit, one miss */
    add("100", "000", "110", 1); /* one hit, one too many */
    add("000", "000", "000", 2); /* none, rightly */
    add("000", "000", "010", 1); /* none, wrongly */
    add("010", "100", "110", 1); /* the first neither way */
    add("000", "010", "000", 0); /* not a document without a topic */

    struct measure first = metrics_topic(&metrics, 0);
    assert_true(is_near(first.precision, 1) && is_near(first.recall, 1) && is_near(first.f1, 1));
    struct measure second = metrics_topic(&metrics, 1); /* 1 hit, 2 extra, 1 missed */
    assert_true(is_near(second.precision, 1.0 / 3));
    assert_true(is_near(second.recall, 0.5));
    assert_true(is_near(second.f1, 0.4));
    assert_true(isnan(metrics_topic(&metrics, 2).f1));
    struct measure micro = metrics_micro(&metrics); /* 3 hits, 2 extra, 1 missed */
    assert_true(is_near(micro.precision, 0.6) && is_near(micro.recall, 0.75));
    assert_true(is_near(micro.f1, 6.0 / 9));
    assert_true(is_near(metrics_macro(&metrics).f1, 0.7)); /* topics with a document */
    assert_int_equal(metrics.documents, 6);
    assert_int_equal(metrics.none, 2);
    assert_int_equal(metrics.none_given, 1);
    assert_false(metrics_is_single(&metrics));
}

static void single_labels_have_an_accuracy(void **state)
{
    (void)state;
    add("100", "000", "000", 0);
    add("001", "000", "000", 1);
    assert_true(metrics_is_single(&metrics));
    assert_int_equal(metrics.best_is_true, 1);
    static const char *const ids[] = {"a", "b", "c"}, *const names[] = {"甲", "b", "c"};
    struct buffer out = {0};
    metrics_table(&metrics, ids, names, &out);
    buffer_append(&out, "", 1);
    assert_contains(out.bytes, "best-scored topic is the true one: 0.5");
    assert_contains(out.bytes, "a 甲");
    buffer_clear(&out);
    metrics_json(&metrics, ids, names, &out);
    buffer_append(&out, "", 1);
    assert_contains(out.bytes, "\"accuracy\":0.5,");
    assert_contains(out.bytes, "\"topic\":\"b\",\"name\":\"b\",\"documents\":0");
    buffer_release(&out);
}

static void reliability_is_as_by_hand(void **state)
{
    (void)state;
    static const bool truth[] = {true, false, false}, either[] = {false, false, true},
                      given[] = {true, false, false};
    static const double probability[] = {0.9, 0.3, 0.5};
    assert_true(isnan(metrics_reliability(&metrics).brier));
    metrics_add(&metrics,
                (struct answer){
                    .truth = truth, .either = either, .given = given, .probability = probability});
    struct reliability reliability = metrics_reliability(&metrics);
    assert_true(is_near(reliability.brier, (0.01 + 0.09) / 2));
    assert_true(is_near(reliability.calibration, (0.1 + 0.3) / 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counts_as_by_hand, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reliability_is_as_by_hand, set_up, tear_down),
        cmocka_unit_test_setup_teardown(single_labels_have_an_accuracy, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
