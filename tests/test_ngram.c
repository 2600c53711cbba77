/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/ngram.h"
#include "test.h"

static struct folded folded;
static struct ngrams ngrams;

static size_t extract(const char *text, unsigned min, unsigned max)
{
    assert_true(fold(&folded, text_of(text), false));
    assert_true(ngrams_extract(&ngrams, &folded, (struct ngram_lengths){min, max}));
    return ngrams.count;
}

static uint64_t key(const uint32_t *letters, unsigned n)
{
    uint64_t key = 0;
    for (unsigned i = 0; i < n; i++)
        key = ngram_key(key, letters[i], i + 1);
    return key;
}

static void bigrams_carry_the_edges_of_runs(void **state)
{
    (void)state;
    static const uint32_t expected[][2] = {
        {MARK_START, 'a'}, {'a', 'b'}, {'b', MARK_BREAK}, {MARK_BREAK, 'c'}, {'c', MARK_END}};
    assert_int_equal(extract("ab,c", 2, 2), 5);
    for (size_t i = 0; i < 5; i++) {
        assert_true(ngrams.keys[i] == key(expected[i], 2));
        assert_int_equal(ngrams.first[i], i);
    }
}

static void marks_are_never_inside(void **state)
{
    (void)state;
    /* a, b, c; (|a) (ab) (b|) (|c) (c|); (|ab) (ab|) (|c|) */
    assert_int_equal(extract("ab,c", 1, 1), 3);
    assert_int_equal(extract("ab,c", 3, 3), 3);
    assert_int_equal(extract("ab,c", 1, 3), 11);
    assert_int_equal(extract("", 1, 3), 0);
    assert_int_equal(extract("，", 2, 2), 0);
}

/* Some at a time as all at once, also where long stretches have none. */
static void some_at_a_time_are_the_same(void **state)
{
    (void)state;
    static const unsigned lengths[][2] = {{1, 1}, {1, 2}, {2, 2}, {2, 4}, {8, 8}, {1, 8}, {3, 3}};
    struct buffer text = {0};
    for (int i = 0; i < 3000; i++)
        buffer_append_string(&text, i % 1000 < 900 ? "a," : "多云转晴的天气");
    buffer_append(&text, "", 1);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        uint64_t keys[NGRAMS_AT_ONCE];
        size_t at = 0, n, done = 0;
        extract(text.bytes, lengths[i][0], lengths[i][1]);
        assert_true(ngrams.count > 100);
        while ((n = ngrams_next(&folded, (struct ngram_lengths){lengths[i][0], lengths[i][1]}, &at,
                                keys)) > 0) {
            assert_in_range(n, 1, NGRAMS_AT_ONCE);
            assert_in_range(done + n, 1, ngrams.count);
            assert_memory_equal(keys, ngrams.keys + done, n * sizeof *keys);
            done += n;
        }
        assert_int_equal(done, ngrams.count);
    }
    buffer_release(&text);
}

static void keys_of_different_lengths_differ(void **state)
{
    (void)state;
    extract("aaaaaaaa", 1, 8);
    for (size_t i = 0; i < ngrams.count; i++)
        for (size_t j = 0; j < i; j++)
            if (ngrams.keys[i] == ngrams.keys[j]) {
                /* the same n-gram at another place: it must have the same letters */
                uint32_t a = folded.letters[ngrams.first[i]], b = folded.letters[ngrams.first[j]];
                assert_int_equal(a, b);
            }
    static const uint32_t one[] = {'a'}, two[] = {'a', 'a'}, four[] = {'a', 'a', 'a', 'a'};
    assert_true(key(one, 1) != key(two, 2));
    assert_true(key(four, 4) >> 63 == 1);
    assert_true(key(four, 3) >> 63 == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bigrams_carry_the_edges_of_runs),
        cmocka_unit_test(marks_are_never_inside),
        cmocka_unit_test(some_at_a_time_are_the_same),
        cmocka_unit_test(keys_of_different_lengths_differ),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fold_release(&folded);
    ngrams_release(&ngrams);
    return failed;
}
