/* SPDX-License-Identifier: BSD-3-Clause */
/* Letters on a page, put where a newspaper puts them: what is read, and in which order. */
#include "read/layout.h"

#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BODY = 10, LEADING = 15, GLYPHS = 4000 };

static struct glyph page[GLYPHS];
static size_t n_glyphs;

/* A line of type with its top left there; " " is a space. */
static void put(float x, float y, float size, const char *text)
{
    bool after_space = false;
    for (size_t at = 0; at < strlen(text);) {
        uint32_t letter = (uint32_t)utf8_next(text, &at);
        float width = letter < 0x80 ? size / 2 : size;
        if (letter != ' ') {
            assert_true(n_glyphs < GLYPHS);
            page[n_glyphs++] = (struct glyph){x, y, x + width, y + size, size, letter, after_space};
        }
        after_space = letter == ' ';
        x += width;
    }
}

/* So many full lines of one letter, ten to a line. */
static void put_lines(float x, float y, size_t n, const char *letter)
{
    char line[64];
    snprintf(line, sizeof line, "%s%s%s%s%s%s%s%s%s%s", letter, letter, letter, letter, letter,
             letter, letter, letter, letter, letter);
    for (size_t i = 0; i < n; i++)
        put(x, y + (float)i * LEADING, BODY, line);
}

/* What is read: of lines of one letter the first, | for an empty line. */
static void expect(const char *expected)
{
    struct document document = {.form = DOCUMENT_PDF};
    char read[1000] = "";
    assert_true(layout_page(&document, page, n_glyphs, 1));
    const char *at = document.text.bytes;
    for (size_t i = 0; i < document.n_lines; i++) {
        const char *end = strchr(at, '\n');
        size_t size = (size_t)(end - at);
        bool is_repeated = size >= 30 && memcmp(at, at + 3, 3) == 0;
        strncat(read, at, is_repeated ? 3 : size);
        const char *mark = size == 0 ? "|" : i + 2 < document.n_lines ? "/" : "";
        strncat(read, mark, sizeof read - strlen(read) - 1);
        at = end + 1;
    }
    document_release(&document);
    n_glyphs = 0;
    size_t size = strlen(read);
    while (size > 0 && (read[size - 1] == '|' || read[size - 1] == '/'))
        read[--size] = '\0';
    assert_string_equal(read, expected);
}

static void test_columns_go_from_left_to_right(void **state)
{
    (void)state;
    put_lines(230, 100, 8, "丙");
    put_lines(0, 100, 8, "甲");
    put_lines(115, 100, 8, "乙");
    expect("甲/乙/丙");
}

static void test_headlines_across_columns_part_articles(void **state)
{
    (void)state;
    put(20, 50, 24, "一县检查用电");
    put_lines(0, 90, 5, "甲");
    put_lines(115, 90, 5, "乙");
    put(30, 185, 18, "二市开庭审案");
    put_lines(0, 220, 5, "丙");
    put_lines(115, 220, 5, "丁");
    expect("# 一县检查用电/|甲/乙/|## 二市开庭审案/|丙/丁");
}

/* It is no wider than the column in the middle, and nothing stands beside it. */
static void test_a_centred_headline_spans_columns(void **state)
{
    (void)state;
    for (int article = 0; article < 2; article++) {
        float y = (float)article * 150;
        put(130, y + 50, 20, article == 0 ? "第一篇" : "第二篇");
        put(140, y + 75, BODY, "记者周敏");
        put_lines(0, y + 90, 5, "甲");
        put_lines(115, y + 90, 5, "乙");
        put_lines(230, y + 90, 5, "丙");
    }
    expect("# 第一篇/|记者周敏/|甲/乙/丙/|# 第二篇/|记者周敏/|甲/乙/丙");
}

static void test_articles_side_by_side_are_not_mixed(void **state)
{
    (void)state;
    put(0, 50, 16, "左边一篇");
    put_lines(0, 80, 12, "甲");
    put(115, 50, 16, "右边一篇");
    put_lines(115, 80, 5, "乙");
    put(115, 170, 16, "右下一篇");
    put_lines(115, 195, 4, "丙");
    expect("# 左边一篇/|甲/|# 右边一篇/|乙/|# 右下一篇/|丙");
}

static void test_an_upright_headline_comes_first(void **state)
{
    (void)state;
    static const char *const letters[] = {"竖", "排", "大", "标", "题"};
    for (size_t i = 0; i < 5; i++)
        put(240, 100 + 22 * (float)i, 20, letters[i]);
    put_lines(0, 100, 8, "甲");
    put_lines(115, 100, 8, "乙");
    expect("# 竖排大标题/|甲/乙");
}

static void test_a_frame_interrupts_no_article(void **state)
{
    (void)state;
    put_lines(0, 100, 20, "甲");
    put_lines(115, 100, 5, "乙");
    put(130, 190, 14, "框中短文");
    for (size_t i = 0; i < 4; i++)
        put(123, 215 + (float)i * LEADING, BODY, "丙丙丙丙丙丙丙丙");
    put_lines(115, 295, 7, "乙");
    put_lines(230, 100, 20, "丁");
    expect("甲/乙/|乙/丁/|# 框中短文/|丙");
}

static void test_heads_and_folios_stay_outside(void **state)
{
    (void)state;
    put(0, 10, 9, "江州日报");
    put(300, 10, 9, "第2版");
    put_lines(0, 50, 8, "甲");
    put_lines(115, 50, 8, "乙");
    put_lines(230, 50, 8, "丙");
    put(160, 190, 9, "- 2 -");
    expect("江州日报 第2版/|甲/乙/丙/|- 2 -");
}

/* An indented line and one behind a short line begin a paragraph. */
static void test_paragraphs_are_lines(void **state)
{
    (void)state;
    put(20, 100, BODY, "一二三四五六七八");
    put(0, 115, BODY, "九十一二三四五六七八");
    put(0, 130, BODY, "九十。");
    put(20, 145, BODY, "子丑寅卯辰巳午未");
    put(0, 160, BODY, "申酉戌亥。");
    expect("一二三四五六七八九十一二三四五六七八九十。/子丑寅卯辰巳午未申酉戌亥。");
}

/* No blank line parts what goes on in the next column; one does where a sentence has ended, or
 * where a paragraph begins. */
static void test_a_paragraph_goes_on_in_the_next_column(void **state)
{
    (void)state;
    static const char *const ends[] = {"一二三四五六七八九十", "一二三四五六七八九。"};
    for (size_t ended = 0; ended < 2; ended++)
        for (size_t indented = 0; indented < 2; indented++) {
            put_lines(0, 100, 4, "甲");
            put(0, 160, BODY, ends[ended]);
            put(indented > 0 ? 135 : 115, 100, BODY, "子丑。");
            put_lines(115, 115, 4, "乙");
            expect(ended + indented > 0 ? "甲/|子丑。/乙" : "甲/子丑。/乙");
        }
}

static void test_each_line_has_its_box(void **state)
{
    (void)state;
    struct document document = {.form = DOCUMENT_PDF};
    put(20, 50, 24, "标题在此");
    put_lines(0, 90, 5, "甲");
    put_lines(115, 90, 5, "乙");
    assert_true(layout_page(&document, page, n_glyphs, 3));
    assert_int_equal(document.n_boxes, 3);
    const struct document_box *box = &document.boxes[1];
    assert_int_equal(box->page, 3);
    assert_true(box->x0 == 0 && box->y0 == 90 && box->x1 == 100 && box->y1 == 160);
    assert_true(document.boxes[2].block != box->block);
    document_release(&document);
    n_glyphs = 0;
}

static void test_empty_and_odd_pages(void **state)
{
    (void)state;
    expect("");
    for (size_t i = 0; i < 2000; i++) /* letters strewn about, on each other */
        put((float)(i * 7919 % 500), (float)(i * 104729 % 700), (float)(1 + i % 90), "字");
    struct document document = {.form = DOCUMENT_PDF};
    assert_true(layout_page(&document, page, n_glyphs, 1));
    size_t n = 0;
    for (const char *at = document.text.bytes; (at = strstr(at, "字")) != NULL; at++)
        n++;
    assert_int_equal(n, 2000); /* none is lost */
    document_release(&document);
    n_glyphs = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_go_from_left_to_right),
        cmocka_unit_test(test_headlines_across_columns_part_articles),
        cmocka_unit_test(test_a_centred_headline_spans_columns),
        cmocka_unit_test(test_articles_side_by_side_are_not_mixed),
        cmocka_unit_test(test_an_upright_headline_comes_first),
        cmocka_unit_test(test_a_frame_interrupts_no_article),
        cmocka_unit_test(test_heads_and_folios_stay_outside),
        cmocka_unit_test(test_paragraphs_are_lines),
        cmocka_unit_test(test_a_paragraph_goes_on_in_the_next_column),
        cmocka_unit_test(test_each_line_has_its_box),
        cmocka_unit_test(test_empty_and_odd_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
