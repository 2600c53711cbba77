/* SPDX-License-Identifier: BSD-3-Clause */
#include "measure/interval.h"
#include "test.h"

#include <math.h>

static struct outcomes outcomes;

static int set_up(void **state)
{
    (void)state;
    outcomes = (struct outcomes){0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    outcomes_release(&outcomes);
    return 0;
}

static bool holds(struct interval interval, double value)
{
    return interval.low <= value && value <= interval.high;
}

static bool is_zero(struct interval interval)
{
    return fabs(interval.low) == 0 && fabs(interval.high) == 0;
}

static void add_documents(size_t n, size_t topic, enum outcome outcome)
{
    for (size_t i = 0; i < n; i++) {
        outcomes_add(&outcomes, 0, topic, outcome);
        outcomes_end_document(&outcomes);
    }
}

/* 2.5 % and 97.5 % of the beta distribution with 40.5 and 10.5 (Jeffreys' interval for 40 of 50),
 * by numerical integration. */
static void a_share_has_jeffreys_interval(void **state)
{
    (void)state;
    struct intervals intervals;
    add_documents(40, 0, OUTCOME_HIT);
    add_documents(10, 0, OUTCOME_EXTRA);
    assert_true(intervals_of(&outcomes, 1, 1, &intervals));
    assert_true(fabs(intervals.topics[0].precision.low - 0.6741) < 0.02);
    assert_true(fabs(intervals.topics[0].precision.high - 0.8923) < 0.02);
    intervals_release(&intervals);
}

static void nothing_wrong_is_no_certainty(void **state)
{
    (void)state;
    struct intervals intervals;
    add_documents(20, 0, OUTCOME_HIT);
    assert_true(intervals_of(&outcomes, 2, 1, &intervals));
    assert_true(intervals.topics[0].f1.low > 0.7 && intervals.topics[0].f1.low < 0.96);
    assert_true(intervals.topics[0].f1.high == 1);
    assert_true(intervals.micro.f1.low < 0.96 && intervals.macro.f1.low < 0.96);
    assert_true(intervals.micro.f1.high == 1 && intervals.macro.f1.high == 1);
    /* nothing is known of the second topic */
    assert_true(isnan(intervals.topics[1].f1.low) && isnan(intervals.topics[1].f1.high));
    intervals_release(&intervals);
}

static void no_documents_have_no_interval(void **state)
{
    (void)state;
    struct intervals intervals;
    assert_true(intervals_of(&outcomes, 1, 1, &intervals));
    assert_true(isnan(intervals.micro.f1.low) && isnan(intervals.macro.f1.low));
    intervals_release(&intervals);
    outcomes_end_document(&outcomes);
    assert_true(intervals_of(&outcomes, 1, 1, &intervals));
    assert_true(isnan(intervals.micro.f1.low) && isnan(intervals.topics[0].recall.high));
    intervals_release(&intervals);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    struct intervals one = {0}, three = {0};
    for (size_t topic = 0; topic < 3; topic++) {
        add_documents(30 + topic, topic, OUTCOME_HIT);
        add_documents(5, topic, OUTCOME_MISSED);
        add_documents(7 + topic, topic, OUTCOME_EXTRA);
    }
    assert_true(intervals_of(&outcomes, 3, 1, &one) && intervals_of(&outcomes, 3, 3, &three));
    assert_memory_equal(one.topics, three.topics, 3 * sizeof *one.topics);
    assert_memory_equal(&one.micro, &three.micro, sizeof one.micro);
    assert_memory_equal(&one.macro, &three.macro, sizeof one.macro);
    intervals_release(&one);
    intervals_release(&three);
}

/* ---- simulated labels ---- */

enum { TOPICS = 4, DOCUMENTS = 200, ROUNDS = 1000 };

static uint64_t seed;

static double uniform(void)
{
    seed += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* How labels come about: a topic is true, found and given wrongly with these probabilities. On one
 * document in four errors are more frequent, on the others less, so that those of a document go
 * together. */
static const double share[TOPICS] = {0.25, 0.12, 0.08, 0.05};
static const double found[2][TOPICS] = {{0.9, 0.75, 0.8, 0.7}, {0.93, 0.85, 0.85, 0.75}};
static const double wrong[2][TOPICS] = {{0.03, 0.02, 0.03, 0.01}, {0.02, 0.02, 0.02, 0.01}};

static double known_f1(unsigned side, size_t topic)
{
    double hits = share[topic] * found[side][topic];
    double extra = (1 - share[topic]) * wrong[side][topic], missed = share[topic] - hits;
    return 2 * hits / (2 * hits + extra + missed);
}

static double known_macro(unsigned side)
{
    double sum = 0;
    for (size_t topic = 0; topic < TOPICS; topic++)
        sum += known_f1(side, topic);
    return sum / TOPICS;
}

static double known_micro(unsigned side)
{
    double hits = 0, errors = 0;
    for (size_t topic = 0; topic < TOPICS; topic++) {
        double hit = share[topic] * found[side][topic];
        hits += hit;
        errors += (1 - share[topic]) * wrong[side][topic] + share[topic] - hit;
    }
    return 2 * hits / (2 * hits + errors);
}

static void add_simulated(struct outcomes *single, struct outcomes *pair)
{
    double trouble = uniform() < 0.25 ? 2.2 : 0.6;
    bool truth[TOPICS], given[2][TOPICS];
    for (size_t topic = 0; topic < TOPICS; topic++) {
        double luck = uniform();
        truth[topic] = uniform() < share[topic];
        for (unsigned side = 0; side < 2; side++)
            given[side][topic] = truth[topic] ? luck > (1 - found[side][topic]) * trouble
                                              : luck < wrong[side][topic] * trouble;
    }
    for (unsigned side = 0; side < 2; side++)
        for (size_t topic = 0; topic < TOPICS; topic++) {
            bool is_given = given[side][topic];
            if (!truth[topic] && !is_given)
                continue;
            enum outcome outcome = !truth[topic] ? OUTCOME_EXTRA
                                   : is_given    ? OUTCOME_HIT
                                                 : OUTCOME_MISSED;
            outcomes_add(pair, side, topic, outcome);
            if (side == 0)
                outcomes_add(single, 0, topic, outcome);
        }
    outcomes_end_document(single);
    outcomes_end_document(pair);
}

struct coverage {
    size_t topics, micro, macro, micro_difference, macro_difference;
};

static void count_round(struct coverage *coverage)
{
    struct outcomes single = {0}, pair = {0};
    struct intervals intervals, differences;
    for (size_t i = 0; i < DOCUMENTS; i++)
        add_simulated(&single, &pair);
    assert_true(intervals_of(&single, TOPICS, 1, &intervals));
    assert_true(intervals_of_difference(&pair, TOPICS, 1, &differences));
    for (size_t topic = 0; topic < TOPICS; topic++)
        coverage->topics += holds(intervals.topics[topic].f1, known_f1(0, topic));
    coverage->micro += holds(intervals.micro.f1, known_micro(0));
    coverage->macro += holds(intervals.macro.f1, known_macro(0));
    coverage->micro_difference += holds(differences.micro.f1, known_micro(1) - known_micro(0));
    coverage->macro_difference += holds(differences.macro.f1, known_macro(1) - known_macro(0));
    intervals_release(&intervals);
    intervals_release(&differences);
    outcomes_release(&single);
    outcomes_release(&pair);
}

static void assert_covers(const char *what, size_t covered, size_t of)
{
    double percent = 100 * (double)covered / (double)of;
    print_message("%s: %.1f %%\n", what, percent);
    if (percent < 92 || percent > 98)
        fail_msg("%s: 95 %% intervals hold the known value %.1f times in 100", what, percent);
}

static void intervals_hold_the_known_f1(void **state)
{
    (void)state;
    struct coverage coverage = {0};
    seed = 1;
    for (size_t round = 0; round < ROUNDS; round++)
        count_round(&coverage);
    assert_covers("F1 of a topic", coverage.topics, (size_t)ROUNDS * TOPICS);
    assert_covers("micro-F1", coverage.micro, ROUNDS);
    assert_covers("macro-F1", coverage.macro, ROUNDS);
    assert_covers("difference in micro-F1", coverage.micro_difference, ROUNDS);
    assert_covers("difference in macro-F1", coverage.macro_difference, ROUNDS);
}

/* ---- two models ---- */

static void add_pair(size_t topic, enum outcome first, enum outcome second)
{
    outcomes_add(&outcomes, 0, topic, first);
    outcomes_add(&outcomes, 1, topic, second);
    outcomes_end_document(&outcomes);
}

static void the_same_model_does_not_differ(void **state)
{
    (void)state;
    struct intervals intervals;
    for (int i = 0; i < 20; i++) {
        add_pair(0, OUTCOME_HIT, OUTCOME_HIT);
        add_pair(1, OUTCOME_MISSED, OUTCOME_MISSED);
        add_pair(1, OUTCOME_HIT, OUTCOME_HIT);
    }
    assert_true(intervals_of_difference(&outcomes, 2, 1, &intervals));
    assert_true(is_zero(intervals.micro.f1) && is_zero(intervals.macro.f1));
    assert_true(is_zero(intervals.micro.recall) && is_zero(intervals.macro.precision));
    assert_true(is_zero(intervals.topics[0].f1) && is_zero(intervals.topics[1].f1));
    intervals_release(&intervals);
}

static void a_better_model_is_seen_to_be(void **state)
{
    (void)state;
    struct intervals intervals;
    for (int i = 0; i < 100; i++) {
        add_pair(0, OUTCOME_HIT, OUTCOME_HIT);
        add_pair(0, i < 40 ? OUTCOME_MISSED : OUTCOME_HIT, OUTCOME_HIT);
        add_pair(1, OUTCOME_HIT, OUTCOME_HIT);
    }
    assert_true(intervals_of_difference(&outcomes, 2, 1, &intervals));
    double expected = 1 - 2.0 * 260 / (2 * 260 + 40);
    assert_true(intervals.micro.f1.low > 0 && holds(intervals.micro.f1, expected));
    assert_true(intervals.topics[0].f1.low > 0.05 && intervals.topics[0].f1.high < 0.2);
    /* the second topic saw no difference on 100 documents, which is not quite none */
    assert_true(holds(intervals.topics[1].f1, 0) && !is_zero(intervals.topics[1].f1));
    assert_true(intervals.topics[1].f1.high < 0.05);
    intervals_release(&intervals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_share_has_jeffreys_interval, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_wrong_is_no_certainty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_documents_have_no_interval, set_up, tear_down),
        cmocka_unit_test_setup_teardown(threads_change_nothing, set_up, tear_down),
        cmocka_unit_test(intervals_hold_the_known_f1),
        cmocka_unit_test_setup_teardown(the_same_model_does_not_differ, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_better_model_is_seen_to_be, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
