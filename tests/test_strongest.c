/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include "train/strongest.h"

#include <stdlib.h>
#include <string.h>

static uint64_t key_of(uint32_t first, uint32_t second, uint32_t third)
{
    uint64_t key = ngram_key(0, first, 1);
    key = second != 0 ? ngram_key(key, second, 2) : key;
    return third != 0 ? ngram_key(key, third, 3) : key;
}

static void dates_and_places_are_told(void **state)
{
    (void)state;
    assert_true(ngram_is_date_or_place(key_of('2', 0, 0)));
    assert_true(ngram_is_date_or_place(key_of(L'年', '1', 0)));
    assert_true(ngram_is_date_or_place(key_of(L'十', L'月', 0)));
    assert_true(ngram_is_date_or_place(key_of(MARK_BREAK, L'二', L'日')));
    assert_true(ngram_is_date_or_place(key_of(L'浙', L'江', 0)));
    assert_true(ngram_is_date_or_place(key_of(L'江', L'绍', L'兴')));
}

static void other_words_are_left_alone(void **state)
{
    (void)state;
    assert_false(ngram_is_date_or_place(key_of(L'扫', L'黑', 0)));
    assert_false(ngram_is_date_or_place(key_of(L'党', L'日', 0))); /* 主题党日 */
    assert_false(ngram_is_date_or_place(key_of(L'青', L'年', 0)));
    assert_false(ngram_is_date_or_place(key_of(L'长', L'治', L'久'))); /* 长治久安 */
    assert_false(ngram_is_date_or_place(key_of(L'京', L'天', 0)));     /* 北京 天津 */
    assert_false(ngram_is_date_or_place(key_of(MARK_START, L'海', 0)));
}

static void letters_are_written(void **state)
{
    (void)state;
    struct buffer out = {0};
    ngram_append(&out, key_of(L'网', L'格', L'员'));
    ngram_append(&out, key_of(MARK_START, L'隐', 0));
    ngram_append(&out, key_of(L'恶', MARK_END, 0));
    ngram_append(&out, key_of(L'案', PUNCTUATION + L'，', 0));
    assert_true(text_equal((fenlei_text){out.bytes, out.size}, text_of("网格员 隐恶 案，")));
    buffer_release(&out);
}

/* Of 30 n-grams and two topics: the first topic likes the later ones, the second none but one. */
static void the_strongest_come_first(void **state)
{
    (void)state;
    enum { N = 30 };
    uint64_t keys[N];
    float idf[N], weights[2 * N];
    for (size_t i = 0; i < N; i++) {
        keys[i] = key_of(0x4E00 + (uint32_t)i, 0, 0);
        idf[i] = 2;
        weights[2 * i] = (float)i - 5;
        weights[2 * i + 1] = i == 7 ? 1 : -1;
    }
    keys[N - 1] = UINT64_C(1) << 63; /* a hash: its letters are not known */
    struct dataset dataset = {.vocab = {.size = N}, .keys = keys, .idf = idf};
    struct learned learned = {.weights = {.n_topics = 2, .of = weights}};
    struct strongest *strongest = strongest_find(&dataset, &learned, 2);
    assert_non_null(strongest);
    assert_int_equal(strongest[0].n, STRONGEST);
    for (size_t i = 0; i < STRONGEST; i++)
        assert_true(strongest[0].keys[i] == keys[N - 2 - i]);
    assert_int_equal(strongest[1].n, 1);
    assert_true(strongest[1].keys[0] == keys[7]);
    free(strongest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_and_places_are_told),
        cmocka_unit_test(other_words_are_left_alone),
        cmocka_unit_test(letters_are_written),
        cmocka_unit_test(the_strongest_come_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
