/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/ngram.h"
#include "label/vocab.h"
#include "test.h"

static uint64_t narrow(uint32_t i)
{
    return ngram_key(i % 3 > 0 ? 0x4E00 + i / 7 : 0, 0x4E00 + i, 2);
}

static uint64_t with_high_letters(uint32_t i)
{
    return ngram_key(0x20000 + i % 5, 0x4E00 + i, 2);
}

/* Many differ in their first letter only. */
static uint64_t of_three_letters(uint32_t i)
{
    return ngram_key(ngram_key(0x4E00 + i % 500, 0x5000 + i / 2500, 2), 0x6000 + i / 500 % 5, 3);
}

static uint64_t longer(uint32_t i)
{
    return ngram_key(of_three_letters(i), 'x', 4);
}

static const struct kind {
    uint64_t (*key)(uint32_t i);
    bool is_narrow;
} kinds[] = {
    {narrow, true}, {with_high_letters, false}, {of_three_letters, false}, {longer, false}};

enum { MOST = 20000 };
static uint64_t keys[MOST], listed[MOST];
static uint32_t ids[2 * MOST];

static void check(const struct vocab *vocab, const struct kind *kind)
{
    static uint64_t asked[2 * MOST];
    for (uint32_t i = 0; i < 2 * vocab->size; i++) {
        asked[i] = kind->key(i);
        uint32_t expected = i < vocab->size ? i : vocab->size;
        assert_true(vocab_find(vocab, asked[i]) == expected);
    }
    vocab_find_all(vocab, asked, 2 * (size_t)vocab->size, ids);
    for (uint32_t i = 0; i < 2 * vocab->size; i++)
        assert_true(ids[i] == (i < vocab->size ? i : vocab->size));
    assert_int_equal(vocab_find_known(vocab, asked, 2 * (size_t)vocab->size, ids), vocab->size);
    for (uint32_t i = 0; i < vocab->size; i++)
        assert_int_equal(ids[i], i);
    static const uint64_t strange[] = {0, 1, UINT64_MAX, UINT64_MAX >> 1, 1 << 16, 1 << 21};
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        assert_true(vocab_find(vocab, strange[i]) == vocab->size);
}

static void finds_what_is_there_and_nothing_else(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, 1, 2, 3, 100, MOST / 2, MOST};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            struct vocab vocab = {.size = sizes[s], .keys = keys};
            fenlei_text index;
            for (uint32_t i = 0; i < vocab.size; i++)
                keys[i] = kinds[k].key(i);
            assert_int_equal(vocab_index(&vocab, &index), FENLEI_OK);
            check(&vocab, &kinds[k]);
            struct vocab opened = {.size = vocab.size, .keys = kinds[k].is_narrow ? NULL : keys};
            assert_true(vocab_open(&opened, index));
            assert_true(opened.is_narrow == (kinds[k].is_narrow || vocab.size == 0));
            check(&opened, &kinds[k]);
            vocab_list(&opened, listed);
            assert_memory_equal(listed, keys, vocab.size * sizeof *keys);
            free((void *)(uintptr_t)index.bytes);
        }
}

/* A letter above U+FFFF whose lower half is that of one in the vocabulary. */
static void what_looks_alike_is_told_apart(void **state)
{
    (void)state;
    uint64_t one[] = {ngram_key(0x4E00, 0x5000, 2)};
    struct vocab vocab = {.size = 1, .keys = one};
    fenlei_text index;
    assert_int_equal(vocab_index(&vocab, &index), FENLEI_OK);
    assert_int_equal(vocab_find(&vocab, one[0]), 0);
    assert_true(vocab_find(&vocab, ngram_key(0x4E00, 0x15000, 2)) == vocab.size);
    assert_true(vocab_find(&vocab, ngram_key(0x14E00, 0x5000, 2)) == vocab.size);
    assert_true(vocab_find(&vocab, ngram_key(one[0], 0x5000, 3)) == vocab.size);
    free((void *)(uintptr_t)index.bytes);
}

/* Pairs of all numbers of letters, known and not known in turn. */
static void pairs_of_neighbours_are_found(void **state)
{
    (void)state;
    enum { LETTERS = 700, STEP = 37 };
    static uint32_t letters[LETTERS];
    struct vocab vocab = {.keys = keys};
    fenlei_text index;
    for (uint32_t i = 0; i < LETTERS; i++)
        letters[i] = 0x4E00 + i;
    for (uint32_t i = 0; i + 1 < LETTERS; i += i % 3 + 1)
        keys[vocab.size++] = ngram_key(letters[i], letters[i + 1], 2);
    assert_int_equal(vocab_index(&vocab, &index), FENLEI_OK);
    for (size_t n = 0; n < LETTERS; n += n < STEP ? 1 : STEP) {
        size_t n_known = vocab_find_pairs(&vocab, letters, n, ids), expected = 0;
        for (size_t i = 0; i < n; i++) {
            uint32_t id = vocab_find(&vocab, ngram_key(letters[i], letters[i + 1], 2));
            if (id < vocab.size)
                assert_int_equal(ids[expected++], id);
        }
        assert_int_equal(n_known, expected);
    }
    free((void *)(uintptr_t)index.bytes);
}

static void twins_are_refused(void **state)
{
    (void)state;
    fenlei_text index;
    for (uint32_t i = 0; i < 1000; i++)
        keys[i] = narrow(i);
    keys[700] = keys[3];
    struct vocab vocab = {.size = 1000, .keys = keys};
    assert_int_equal(vocab_index(&vocab, &index), FENLEI_BAD_INPUT);
    assert_null(index.bytes);
}

/* They differ, but all are in the bucket of the first: looked for by trying, as an enemy would. */
static void keys_chosen_for_one_bucket_are_refused(void **state)
{
    (void)state;
    enum { N = 400, BUCKETS = N / 4 + 1 };
    uint32_t n = 0;
    for (uint64_t key = 1; n < N; key++)
        if ((vocab_hash(key) >> 32) * BUCKETS >> 32 == 7)
            keys[n++] = key;
    struct vocab vocab = {.size = N, .keys = keys};
    fenlei_text index;
    assert_int_equal(vocab_index(&vocab, &index), FENLEI_BAD_INPUT);
    assert_null(index.bytes);
}

/* One is all that there is, and it is beyond the end of a vocabulary that has none. */
static void an_id_that_is_none_is_not_found(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        enum { MANY = 19 };
        uint64_t many[MANY];
        fenlei_text index;
        keys[0] = kinds[k].key(1);
        struct vocab vocab = {.size = 1, .keys = keys}, opened = {.keys = keys};
        assert_int_equal(vocab_index(&vocab, &index), FENLEI_OK);
        assert_true(vocab_open(&opened, index));
        for (size_t i = 0; i < MANY; i++)
            many[i] = keys[0];
        vocab_find_all(&opened, many, MANY, ids);
        for (size_t i = 0; i < MANY; i++)
            assert_true(ids[i] == 0);
        opened.keys = NULL;
        vocab_list(&opened, listed);
        free((void *)(uintptr_t)index.bytes);
    }
}

static void a_broken_index_is_noticed(void **state)
{
    (void)state;
    fenlei_text index;
    keys[0] = with_high_letters(1);
    struct vocab vocab = {.size = 1, .keys = keys}, opened = {.size = 1};
    assert_int_equal(vocab_index(&vocab, &index), FENLEI_OK);
    assert_false(vocab_open(&opened, index)); /* its keys are missing */
    opened.keys = keys;
    assert_true(vocab_open(&opened, index));
    for (size_t size = 0; size < index.size; size++)
        assert_false(vocab_open(&opened, (fenlei_text){index.bytes, size}));
    free((void *)(uintptr_t)index.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_is_there_and_nothing_else),
        cmocka_unit_test(what_looks_alike_is_told_apart),
        cmocka_unit_test(pairs_of_neighbours_are_found),
        cmocka_unit_test(twins_are_refused),
        cmocka_unit_test(keys_chosen_for_one_bucket_are_refused),
        cmocka_unit_test(an_id_that_is_none_is_not_found),
        cmocka_unit_test(a_broken_index_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
