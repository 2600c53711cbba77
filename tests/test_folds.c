/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include "train/folds.h"

static void folds_keep_topics_in_proportion(void **state)
{
    (void)state;
    enum { N = 103, TOPICS = 2, FOLDS = 5 };
    bool truth[N][TOPICS] = {{false}};
    uint32_t fold[N], again[N], other[N], group[N];
    for (size_t i = 0; i < N; i++) {
        truth[i][0] = i % 7 == 0; /* 15 documents */
        group[i] = (uint32_t)i;
    }
    assert_true(folds_assign(&truth[0][0], N, TOPICS, FOLDS, 1, group, fold));
    assert_true(folds_assign(&truth[0][0], N, TOPICS, FOLDS, 1, group, again));
    assert_true(folds_assign(&truth[0][0], N, TOPICS, FOLDS, 2, group, other));
    assert_memory_equal(fold, again, sizeof fold);
    assert_memory_not_equal(fold, other, sizeof fold);
    size_t size[FOLDS] = {0}, positives[FOLDS] = {0};
    for (size_t i = 0; i < N; i++) {
        assert_true(fold[i] < FOLDS);
        size[fold[i]]++;
        positives[fold[i]] += truth[i][0];
    }
    for (size_t f = 0; f < FOLDS; f++) {
        assert_in_range(size[f], N / FOLDS, N / FOLDS + 1);
        assert_int_equal(positives[f], 3);
    }
}

static void folds_keep_duplicates_together(void **state)
{
    (void)state;
    enum { N = 40, FOLDS = 4 };
    bool truth[N] = {false};
    uint32_t group[N], fold[N];
    for (uint32_t i = 0; i < N; i++)
        group[i] = i >= 30 ? i - 30 : i; /* the last ten are copies of the first ten */
    assert_true(folds_assign(truth, N, 1, FOLDS, 1, group, fold));
    for (size_t i = 30; i < N; i++)
        assert_int_equal(fold[i], fold[i - 30]);
}

/* Ten documents, the first topic on 0 to 7, the second on 8 and 9. */
enum { N = 10, TOPICS = 2 };
static bool truth[N * TOPICS];

static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < N; i++)
        truth[i * TOPICS + (i < 8 ? 0 : 1)] = true;
    return 0;
}

static void group_by(struct duplicate *pairs, size_t n, uint32_t n_folds, uint32_t group[N])
{
    struct duplicates duplicates = {pairs, n, n};
    assert_true(folds_group(&duplicates, truth, N, TOPICS, n_folds, group));
}

static void a_chain_is_no_group(void **state)
{
    (void)state;
    struct duplicate pairs[] = {{3, 5, 1}, {1, 3, 0.9}, {1, 2, 0.8}, {2, 6, 0.7}, {5, 7, 0.6}};
    uint32_t group[N];
    static const uint32_t expected[N] = {0, 3, 2, 3, 4, 3, 2, 7, 8, 9};
    group_by(pairs, 5, 2, group);
    assert_memory_equal(group, expected, sizeof expected);
}

static void a_mould_is_more_than_one_group(void **state)
{
    (void)state;
    struct duplicate pairs[28];
    size_t n = 0;
    uint32_t group[N], size[N] = {0};
    for (uint32_t b = 1; b < 8; b++)
        for (uint32_t a = 0; a < b; a++)
            pairs[n++] = (struct duplicate){a, b, 0.9};
    group_by(pairs, n, 4, group); /* of 8 documents of the topic, 2 a fold */
    for (size_t i = 0; i < N; i++)
        size[group[i]]++;
    for (size_t i = 0; i < N; i++)
        assert_true(size[i] <= 2);
    assert_int_equal(size[0], 2);
}

static void a_topic_is_never_one_group(void **state)
{
    (void)state;
    struct duplicate pairs[] = {{8, 9, 1}};
    uint32_t group[N];
    group_by(pairs, 1, 5, group);
    assert_int_equal(group[8], 8);
    assert_int_equal(group[9], 9);
}

static void folds_serve_who_is_in_two_of_them(void **state)
{
    (void)state;
    static const uint32_t apart[N] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 2}, together[N] = {0};
    assert_true(folds_serve(truth, N, TOPICS, 1, apart));
    assert_false(folds_serve(truth, N, TOPICS, 0, apart));
    assert_false(folds_serve(truth, N, TOPICS, 1, together));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_keep_topics_in_proportion),
        cmocka_unit_test(folds_keep_duplicates_together),
        cmocka_unit_test(a_chain_is_no_group),
        cmocka_unit_test(a_mould_is_more_than_one_group),
        cmocka_unit_test(a_topic_is_never_one_group),
        cmocka_unit_test(folds_serve_who_is_in_two_of_them),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
