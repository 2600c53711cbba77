/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/score.h"
#include "label/tfidf.h"
#include "test.h"

#include <math.h>

static const uint64_t keys[] = {10, 20, 30};
static struct vocab vocab = {.size = 3, .keys = keys};
static fenlei_text vocabulary_index;
static struct counts counts;

static void near(double value, double expected)
{
    if (!(fabs(value - expected) < 1e-6))
        fail_msg("%.9g is not %.9g", value, expected);
}

static int set_up(void **state)
{
    (void)state;
    return vocab_index(&vocab, &vocabulary_index) == FENLEI_OK && counts_init(&counts, &vocab) ? 0
                                                                                               : 1;
}

static int tear_down(void **state)
{
    (void)state;
    counts_release(&counts);
    free((void *)(uintptr_t)vocabulary_index.bytes);
    return 0;
}

static void idf_is_the_documented_formula(void **state)
{
    (void)state;
    near((double)tfidf_idf(9, 9), 1);
    near((double)tfidf_idf(9, 0), 1 + log(10));
    near((double)tfidf_idf(999, 99), 1 + log(10));
}

/* Of n-grams in and outside the vocabulary; a count that wrapped would be met as a new n-gram. */
static void counts_stop_at_their_most(void **state)
{
    (void)state;
    static const float idf[] = {4, 2, 1};
    uint32_t often[] = {20, 7, 20, 7};
    for (size_t i = 0; i < 8; i++)
        counts_add_singles(&counts, often, 4, 1 << 15);
    counts_add_singles(&counts, often, 4, UINT16_MAX);
    assert_int_equal(counts.n_ids, 1);
    assert_int_equal(counts.of[counts.ids[0]], UINT16_MAX);
    assert_int_equal(counts.single.known, 18);
    assert_int_equal(tfidf_vector(&counts, idf), 1);
    near(counts.vector[0].value, 1);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(counts.of[i], 0);
}

/* In a text longer than is gone through at once, with letters that no table has a place for. */
static void letters_are_counted_wherever_they_stand(void **state)
{
    (void)state;
    enum { N = 10001 };
    static uint32_t letters[N];
    static const uint32_t kinds[] = {10, 20, 7, MARK_BREAK, 0x2A6D6, 20, 0x1001E};
    uint32_t times[3] = {0};
    for (size_t i = 0; i < N; i++) {
        letters[i] = kinds[(i * 3 + i / 5) % (i < N / 2 ? 4 : 7)];
        for (size_t k = 0; k < 3; k++)
            times[k] += letters[i] == keys[k];
    }
    counts_add_singles(&counts, letters, N, 2);
    for (size_t k = 0; k < 3; k++)
        assert_int_equal(counts.of[k], 2 * times[k]);
    size_t marks = 0;
    for (size_t i = 0; i < N; i++)
        marks += letters[i] == MARK_BREAK;
    assert_int_equal(counts.single.known, times[0] + times[1] + times[2]);
    assert_int_equal(counts.single.known + counts.single.unknown, N - marks);
    assert_int_equal(counts.n_ids, 2);
    counts_clear(&counts);
}

static void vectors_have_the_documented_values(void **state)
{
    (void)state;
    static const float idf[] = {4, 2, 1};
    uint32_t title[] = {20}, body[] = {30, 20, 7, MARK_BREAK, 30, 30};
    counts_add_singles(&counts, title, 1, 3);
    counts_add_singles(&counts, body, 6, 1);
    assert_int_equal(counts.single.known, 5);
    assert_int_equal(counts.single.unknown, 1);

    /* 20: 3 times for the headline and once more; 30: 3 times; 10: never; 7: not known */
    double of_20 = (1 + log(4)) * 2, of_30 = (1 + log(3)) * 1;
    double length = sqrt(of_20 * of_20 + of_30 * of_30);
    assert_int_equal(tfidf_vector(&counts, idf), 2);
    assert_int_equal(counts.vector[0].id, 1);
    near(counts.vector[0].value, of_20 / length);
    assert_int_equal(counts.vector[1].id, 2);
    near(counts.vector[1].value, of_30 / length);

    /* nothing stays for the next document */
    assert_int_equal(tfidf_vector(&counts, idf), 0);
    assert_int_equal(counts.of[0] + counts.of[1] + counts.of[2], 0);
}

static void scores_are_bias_plus_dot_product(void **state)
{
    (void)state;
    static const float of[] = {1, -1, /* n-gram 0 */ 2, 0, /* 1 */ 0, 8 /* 2 */};
    static const double bias[] = {-0.5, 0.25};
    struct weights weights = {.n_topics = 2, .of = of, .bias = bias};
    struct feature vector[] = {{2, 0.5}, {0, 0.25}};
    double scores[2];
    score_topics(&weights, vector, 2, scores);
    near(scores[0], -0.5 + 0.25);
    near(scores[1], 0.25 + 4 - 0.25);
    score_topics(&weights, vector, 0, scores);
    near(scores[0], -0.5);
}

/* Counts each n-gram of a vocabulary, some so often that the table of frequencies has no more of
 * them. */
static void count_some(struct counts *document, uint32_t vocabulary)
{
    for (uint32_t i = 0; i < vocabulary; i++) {
        uint32_t id = (i * 7) % vocabulary;
        document->ids[i] = id;
        document->of[id] = (uint16_t)(1 + id * id * 3);
    }
    document->n_ids = vocabulary;
    document->single.known = vocabulary;
}

/* score_counts() gives what the vector gives, and leaves nothing counted. */
static void counts_score_as_their_vector(const struct weights *weights, struct counts *document,
                                         const float *idf)
{
    uint32_t size = document->vocab->size;
    double expected[64], scores[64];
    count_some(document, size);
    score_topics(weights, document->vector, tfidf_vector(document, idf), expected);
    count_some(document, size);
    score_counts(weights, document, idf, scores);
    for (uint32_t topic = 0; topic < weights->n_topics; topic++)
        assert_true(fabs(scores[topic] - expected[topic]) < 1e-12);
    assert_int_equal(document->n_ids + document->single.known, 0);
    for (uint32_t id = 0; id < size; id++)
        assert_int_equal(document->of[id], 0);
    score_counts(weights, document, idf, scores);
    for (uint32_t topic = 0; topic < weights->n_topics; topic++)
        assert_true(fabs(scores[topic] - weights->bias[topic]) < 1e-12);
}

/* Of any number of topics, by every way through them. */
static void steps_score_as_they_weigh(void **state)
{
    (void)state;
    enum { VOCABULARY = 40, MOST = 40 };
    static float of[VOCABULARY * MOST];
    double bias[MOST], scores[MOST];
    _Alignas(8) char rows[VOCABULARY * (4 + 2 * MOST)];
    struct feature vector[VOCABULARY];
    float idf[VOCABULARY];
    struct vocab words = {.size = VOCABULARY};
    struct counts document;
    assert_true(counts_init(&document, &words));
    for (uint32_t i = 0; i < VOCABULARY; i++) {
        vector[i] = (struct feature){(i * 7) % VOCABULARY, 1 / (1 + (double)i)};
        idf[i] = tfidf_idf(VOCABULARY, i);
    }
    for (uint32_t n_topics = 1; n_topics <= MOST; n_topics++) {
        for (uint32_t i = 0; i < VOCABULARY * n_topics; i++)
            of[i] = (float)((int)(i * 7919 % 2001) - 1000) / 1000;
        for (uint32_t topic = 0; topic < n_topics; topic++)
            bias[topic] = -0.5 * topic;
        struct weights dense = {.n_topics = n_topics, .of = of, .bias = bias}, steps = dense;
        assert_in_range(VOCABULARY * weights_row_size(n_topics), 1, sizeof rows);
        weights_quantise(&dense, VOCABULARY, rows);
        steps.of = NULL;
        steps.rows = rows;
        score_topics(&steps, vector, VOCABULARY, scores);
        for (uint32_t topic = 0; topic < n_topics; topic++) {
            double sum = bias[topic];
            for (uint32_t i = 0; i < VOCABULARY; i++) {
                double weight = weight_of(&steps, vector[i].id, topic);
                assert_true(fabs(weight - weight_of(&dense, vector[i].id, topic)) < 1.6e-5);
                sum += vector[i].value * weight;
            }
            assert_true(fabs(scores[topic] - sum) < 1e-12);
        }
        counts_score_as_their_vector(&dense, &document, idf);
        counts_score_as_their_vector(&steps, &document, idf);
    }
    counts_release(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idf_is_the_documented_formula),
        cmocka_unit_test(counts_stop_at_their_most),
        cmocka_unit_test(letters_are_counted_wherever_they_stand),
        cmocka_unit_test(vectors_have_the_documented_values),
        cmocka_unit_test(scores_are_bias_plus_dot_product),
        cmocka_unit_test(steps_score_as_they_weigh),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
