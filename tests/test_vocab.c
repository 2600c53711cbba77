/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/vocab.h"
#include "test.h"

static int by_hash(const void *left, const void *right)
{
    uint64_t a = vocab_hash(*(const uint64_t *)left), b = vocab_hash(*(const uint64_t *)right);
    return a < b ? -1 : a > b;
}

static void finds_what_is_there_and_nothing_else(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, 1, 2, 3, 100, 5000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        uint32_t size = sizes[s], bits = vocab_bucket_bits(size);
        uint64_t *keys = array_new(size, sizeof *keys);
        uint32_t *buckets = array_new(((size_t)1 << bits) + 1, sizeof *buckets);
        assert_non_null(keys);
        assert_non_null(buckets);
        for (uint32_t i = 0; i < size; i++)
            keys[i] = (uint64_t)i * i << 21 | i;
        qsort(keys, size, sizeof *keys, by_hash);
        vocab_fill_buckets(keys, size, bits, buckets);
        struct vocab vocab = {size, bits, keys, buckets, NULL};
        assert_true(vocab_is_valid(&vocab));
        for (uint32_t i = 0; i < size; i++) {
            assert_int_equal(vocab_find(&vocab, keys[i]), i);
            assert_true(vocab_find(&vocab, keys[i] + 1) == VOCAB_UNKNOWN);
        }
        assert_true(vocab_find(&vocab, UINT64_MAX) == VOCAB_UNKNOWN);
        free(keys);
        free(buckets);
    }
}

static void broken_buckets_are_noticed(void **state)
{
    (void)state;
    uint64_t keys[] = {1};
    uint32_t falling[] = {0, 5, 1}, short_of_size[] = {0, 0, 0}, good[] = {0, 0, 1};
    struct vocab vocab = {1, 1, keys, good, NULL};
    assert_true(vocab_is_valid(&vocab));
    vocab.buckets = falling;
    assert_false(vocab_is_valid(&vocab));
    vocab.buckets = short_of_size;
    assert_false(vocab_is_valid(&vocab));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_is_there_and_nothing_else),
        cmocka_unit_test(broken_buckets_are_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
