/* SPDX-License-Identifier: BSD-3-Clause */
/* The letters around a line, and what is told in both of two texts. */
#include "base/memory.h"
#include "label/excerpt.h"
#include "test.h"

#include <stdlib.h>

static struct lines lines;
static struct page_letters letters;

static void read_page(const char *page, size_t size)
{
    assert_true(lines_read(&lines, (fenlei_text){page, size}, 100));
    assert_true(page_letters_gather(&letters, &lines));
}

static void the_letters_around_a_line(void **state)
{
    (void)state;
    static const char page[] = "甲 乙丙\n丁戊\n\n己庚辛\n";
    read_page(page, sizeof page - 1);
    struct excerpt above = excerpt_above(&letters, 2, 4);
    assert_int_equal(above.n, 4); /* across the end of a line, without blanks */
    assert_int_equal(above.letters[0], 0x4E59);
    assert_int_equal(above.letters[3], 0x620A);
    assert_int_equal(excerpt_above(&letters, 0, 4).n, 0);
    assert_int_equal(excerpt_above(&letters, 1, 4).n, 3);
    struct excerpt from = excerpt_from(&letters, 1, 4);
    assert_int_equal(from.n, 4);
    assert_int_equal(from.letters[3], 0x5E9A);
    assert_int_equal(excerpt_from(&letters, 3, 4).n, 0); /* one past the last line */
    assert_int_equal(excerpt_of(&letters, 1, 4).n, 2);
    assert_int_equal(excerpt_of(&letters, 2, 2).n, 2);
}

static void of_a_long_line_both_ends_are_kept(void **state)
{
    (void)state;
    enum { LONG = 5 * EXCERPT_MOST };
    char *page = malloc(LONG + 6);
    assert_non_null(page);
    memset(page, 'b', LONG);
    page[0] = 'a';
    page[LONG - 1] = 'c';
    memcpy(page + LONG, "\nddd\n", 6);
    read_page(page, LONG + 5);
    struct excerpt first = excerpt_of(&letters, 0, EXCERPT_MOST),
                   last = excerpt_above(&letters, 1, EXCERPT_MOST);
    assert_int_equal(first.n, EXCERPT_MOST);
    assert_int_equal(first.letters[0], 'a');
    assert_int_equal(last.n, EXCERPT_MOST);
    assert_int_equal(last.letters[EXCERPT_MOST - 1], 'c');
    assert_true(page_letters_memory(&letters) < (size_t)LONG * 2);
    free(page);
}

static void rare_words_tell_more_than_common_ones(void **state)
{
    (void)state;
    static const char page[] = "灵恩绣品公司\n绣品生产线\n工作的会议\n有关工作的\n琥珀鹦鹉\n";
    read_page(page, sizeof page - 1);
    struct excerpt of[5];
    for (size_t i = 0; i < 5; i++)
        of[i] = excerpt_of(&letters, i, EXCERPT_MOST);
    unsigned rare = excerpt_shared(of[0], of[1]), common = excerpt_shared(of[2], of[3]);
    assert_true(rare > common);
    assert_int_equal(excerpt_shared(of[0], of[4]), 0);
    assert_int_equal(rare, excerpt_shared(of[1], of[0]));
    assert_true(excerpt_shared(of[0], of[0]) > rare);
}

static void how_much_is_told(void **state)
{
    (void)state;
    static const char page[] =
        "琥珀鹦鹉\n买到琥珀\n12:30\nparliament approves\nApproves: Parliament\n";
    read_page(page, sizeof page - 1);
    struct excerpt of[5];
    for (size_t i = 0; i < 5; i++)
        of[i] = excerpt_of(&letters, i, EXCERPT_MOST);
    assert_int_equal(excerpt_pairs_told(of[0], of[0]), 8);
    assert_int_equal(excerpt_pairs_told(of[0], of[1]), 3); /* one of three pairs, rounded up */
    assert_in_range(excerpt_weight_told(of[0], of[1]), 1, 4);
    assert_int_equal(excerpt_weight_told(of[0], of[0]), 8);
    assert_int_equal(excerpt_weight_told(of[0], of[2]), 0);
    assert_int_equal(excerpt_weight_told(of[2], of[0]), 9); /* it says nothing */
    assert_int_equal(excerpt_rows_told(of[3], of[3]), 8);
    assert_in_range(excerpt_rows_told(of[3], of[4]), 1, 7);
    assert_int_equal(excerpt_rows_told(of[3], of[0]), 0);
    struct excerpt none = excerpt_of(&letters, 0, 0);
    assert_int_equal(excerpt_pairs_told(none, of[0]), 0);
    assert_int_equal(excerpt_shared(none, of[0]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_letters_around_a_line),
        cmocka_unit_test(of_a_long_line_both_ends_are_kept),
        cmocka_unit_test(rare_words_tell_more_than_common_ones),
        cmocka_unit_test(how_much_is_told),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    page_letters_release(&letters);
    lines_release(&lines);
    return failed;
}
