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
    assert_int_equal(letters.n, 8); /* without blanks */
    assert_int_equal(letters.of[1], 0x4E59);
    struct excerpt around = excerpt_around(&letters, 1, 2);
    assert_int_equal(around.above, 1);
    assert_int_equal(around.from, 3);
    assert_int_equal(around.to, 5);
    assert_int_equal(around.below, 7);
    around = excerpt_around(&letters, 1, 100);
    assert_int_equal(around.above, 0);
    assert_int_equal(around.below, 8);
    struct excerpt start = excerpt_at_start(&letters, 2, 2);
    assert_int_equal(start.above, 3);
    assert_int_equal(start.from, 5);
    assert_int_equal(start.to, 5);
    assert_int_equal(start.below, 7);
    assert_int_equal(excerpt_at_start(&letters, 1, 100).below, 5); /* no more than its own */
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
    assert_int_equal(letters.starts[1], 2 * EXCERPT_MOST);
    assert_int_equal(letters.of[0], 'a');
    assert_int_equal(letters.of[2 * EXCERPT_MOST - 1], 'c');
    assert_true(page_letters_memory(&letters) >= letters.n * 2 * sizeof(struct echo));
    free(page);
}

static unsigned shared_around(size_t i)
{
    return excerpt_shared(letters.words, excerpt_around(&letters, i, EXCERPT_MOST)).weight;
}

static void rare_words_tell_more_than_common_ones(void **state)
{
    (void)state;
    static const char page[] = "灵恩绣品公司\n甲\n绣品生产线\n\n工作的会议\n乙\n有关工作的\n";
    read_page(page, sizeof page - 1);
    assert_true(shared_around(1) > shared_around(4));
    assert_true(shared_around(4) > 0);
    assert_int_equal(shared_around(3), 0); /* 甲绣品…工作 above, 乙有关工作 below are told apart */
}

static void what_is_shared_is_counted_once(void **state)
{
    (void)state;
    static const char once[] = "琥珀。\n甲\n琥珀鹦鹉\n",
                      often[] = "琥珀、琥珀。\n琥珀\n琥珀、琥珀鹦鹉\n";
    read_page(once, sizeof once - 1);
    struct shared shared = excerpt_shared(letters.words, excerpt_around(&letters, 1, 100));
    assert_true(shared.weight > 0);
    assert_int_equal(shared.weight, shared.of); /* all that is said above */
    read_page(often, sizeof often - 1);
    struct shared again = excerpt_shared(letters.words, excerpt_around(&letters, 1, 100));
    assert_int_equal(again.weight, shared.weight); /* of the line itself, nothing */
    assert_int_equal(excerpt_shared(letters.words, excerpt_around(&letters, 0, 100)).weight, 0);
    assert_int_equal(excerpt_shared(letters.words, excerpt_around(&letters, 1, 0)).of, 0);
}

static struct told told_of(size_t i, size_t row, size_t most)
{
    return excerpt_told(row == 1 ? letters.alone : letters.words, excerpt_around(&letters, i, most),
                        LINE_HEAD + LINE_HEAD, row);
}

static void how_much_of_a_line_is_told(void **state)
{
    (void)state;
    static const char page[] =
        "买到琥珀\n琥珀鹦鹉\n12:30\n琥珀鹦鹉\nparliament approves\nApproves: Parliament\n";
    read_page(page, sizeof page - 1);
    struct told told = told_of(1, ROW_HAN, EXCERPT_MOST);
    assert_in_range(told.above, 1, 4);
    assert_int_equal(told.below, 8);
    assert_int_equal(told_of(1, ROW_HAN, 2).above, told.above); /* right above */
    assert_int_equal(told_of(1, ROW_HAN, 2).below, 0);          /* not right below */
    assert_int_equal(told_of(2, ROW_HAN, EXCERPT_MOST).above, EXCERPT_SILENT);
    assert_in_range(told_of(1, 1, EXCERPT_MOST).above, 1, 7);
    assert_int_equal(told_of(1, 1, EXCERPT_MOST).below, 8);
    assert_in_range(told_of(4, ROW_LATIN, EXCERPT_MOST).below, 1, 7);
    assert_int_equal(told_of(4, ROW_LATIN, EXCERPT_MOST).above, 0);
    assert_int_equal(told_of(5, ROW_LATIN, EXCERPT_MOST).below, 0);
}

/* A word, and the same behind so many other letters in lines of a hundred. */
static struct echo echo_at_distance(size_t distance)
{
    struct buffer page = {0};
    buffer_append_string(&page, "琥珀");
    for (size_t n = 0; n < distance; n++)
        buffer_append_string(&page, n % 100 == 99 ? "\n" : "b");
    buffer_append_string(&page, "琥珀");
    read_page(page.bytes, page.size);
    buffer_release(&page);
    return letters.words[0];
}

static void what_is_too_far_away_is_not_found(void **state)
{
    (void)state;
    struct echo near = echo_at_distance(90), far = echo_at_distance(9000);
    assert_int_equal(near.after, 92);
    assert_int_equal(far.after, 0);
    assert_int_equal(near.weight, far.weight);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_letters_around_a_line),
        cmocka_unit_test(of_a_long_line_both_ends_are_kept),
        cmocka_unit_test(rare_words_tell_more_than_common_ones),
        cmocka_unit_test(what_is_shared_is_counted_once),
        cmocka_unit_test(how_much_of_a_line_is_told),
        cmocka_unit_test(what_is_too_far_away_is_not_found),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    page_letters_release(&letters);
    lines_release(&lines);
    return failed;
}
