/* SPDX-License-Identifier: BSD-3-Clause */
/* A vector kept in a few bytes gives the very values that labelling computes, whatever the counts
 * and the size of the vocabulary. */
#include "test.h"
#include "train/vector.h"

#include <math.h>

enum { FEATURES = 7 };

static const uint16_t counts_of[FEATURES] = {1, 2, 3, 254, 255, 256, UINT16_MAX};

/* Counts of n-grams spread over a vocabulary, the last met first. */
static void count(struct counts *counts, uint32_t vocabulary)
{
    for (uint32_t i = FEATURES; i-- > 0;) {
        uint32_t id = i * ((vocabulary - 1) / (FEATURES - 1));
        counts->ids[counts->n_ids++] = id;
        counts->of[id] = counts_of[i];
    }
}

static void check(uint32_t vocabulary, unsigned count_bits)
{
    float *idf = array_new(vocabulary, sizeof *idf);
    struct counts counts = {.n_ids = 0};
    struct vector_form form = {.count_bits = 0};
    struct vector_scratch scratch = {.capacity = 0};
    struct vector vector = {.size = 0};
    struct feature expected[FEATURES];
    assert_true(idf != NULL && counts_init(&counts, &(struct vocab){.size = vocabulary}) &&
                vector_form_init(&form, vocabulary, idf));
    assert_int_equal(form.count_bits, count_bits);
    for (uint32_t id = 0; id < vocabulary; id++)
        idf[id] = tfidf_idf(1000000, id + 1);
    count(&counts, vocabulary);
    assert_int_equal(tfidf_vector(&counts, idf), FEATURES);
    for (uint32_t i = 0; i < FEATURES; i++)
        expected[i] = counts.vector[FEATURES - 1 - i];
    count(&counts, vocabulary);
    assert_true(vector_make(&vector, &form, &counts, &scratch));
    assert_int_equal(counts.n_ids, 0);
    assert_int_equal(vector.size, FEATURES);
    struct vector_walk walk = vector_walk(&vector);
    double *weights = array_new(vocabulary, sizeof *weights), squares = 0, sum = 0;
    assert_non_null(weights);
    for (uint32_t i = 0; i < FEATURES; i++) {
        struct feature feature = vector_next(&walk, &form);
        struct feature quick = vector_feature(vector.words[i], vector.share, &form);
        assert_int_equal(feature.id, expected[i].id);
        assert_int_equal(quick.id, expected[i].id);
        assert_true(feature.value == expected[i].value);
        assert_true(quick.value == (counts_of[i] < (uint32_t)1 << count_bits ? feature.value : 0));
        squares += feature.value * feature.value;
        weights[quick.id] += quick.value;
        sum += weights[quick.id] * quick.value;
    }
    vector_add_behind(&vector, &form, 1, weights);
    sum += vector_dot_behind(&vector, &form, weights);
    assert_true(fabs(sum - squares) < 1e-12 && fabs(sum - 1) < 1e-12);
    free(weights);
    free(vector.words);
    assert_true(vector_make(&vector, &form, &counts, &scratch)); /* nothing was counted */
    assert_int_equal(vector.size, 0);
    free(vector.words);
    free(scratch.counted);
    vector_form_release(&form);
    counts_release(&counts);
    free(idf);
}

static void values_are_those_of_labelling(void **state)
{
    (void)state;
    check(7, 8);
    check(100000, 8);
    check((1 << 24) + 1, 7); /* less room for counts */
}

/* The largest vocabulary leaves one bit. */
static void every_vocabulary_has_room(void **state)
{
    (void)state;
    struct vector_form form = {.count_bits = 0};
    static const struct {
        uint32_t vocabulary;
        unsigned count_bits;
    } cases[] = {{1, 8}, {2, 8}, {1 << 24, 8}, {1 << 28, 4}, {(uint32_t)1 << 31, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(vector_form_init(&form, cases[i].vocabulary, NULL));
        assert_int_equal(form.count_bits, cases[i].count_bits);
        vector_form_release(&form);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_of_labelling),
        cmocka_unit_test(every_vocabulary_has_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
