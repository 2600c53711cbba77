/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/role.h"
#include "test.h"
#include "train/page_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct page_set set;

static void teardown(void)
{
    page_set_release(&set);
}

static const struct labelled_page *add(const char *file)
{
    fenlei_error error;
    if (page_set_add(&set, text_of(file), &error) != FENLEI_OK)
        fail_msg("%s", error.message);
    return &set.pages[set.n - 1];
}

static void refuse(const char *file, const char *why)
{
    fenlei_error error;
    assert_int_equal(page_set_add(&set, text_of(file), &error), FENLEI_BAD_INPUT);
    assert_contains(error.message, why);
}

static void roles_stand_before_tabs(void **state)
{
    (void)state;
    const struct labelled_page *page = add("furniture\t平安青川\n\nheadline\t甲县\nheadline+"
                                           "\t开会\n\nbyline\t周黎\nlead\t本报讯 开会。\n"
                                           "rule\t————\nbody\t又说。\n");
    static const uint8_t roles[] = {ROLE_FURNITURE, ROLE_HEADLINE, ROLE_HEADLINE_MORE,
                                    ROLE_BYLINE,    ROLE_LEAD,     ROLE_BODY};
    assert_int_equal(page->lines.n, sizeof roles);
    assert_memory_equal(page->roles, roles, sizeof roles);
    assert_int_equal(page->lines.of[1].number, 3);
    assert_int_equal(page->style, STYLE_SIGNED);
    teardown();
}

static void furniture_inside_an_article_interrupts_it(void **state)
{
    (void)state;
    const struct labelled_page *page =
        add("headline\t甲\nbody\t一句话的前半\nfurniture\t- 2 "
            "-\ncaption\t图为会场\nfurniture\t江城日报\n"
            "body+\t与后半。\nfurniture\t第3版\nheadline\t乙\nbody\t正文。\n");
    static const uint8_t roles[] = {ROLE_HEADLINE,  ROLE_BODY,         ROLE_INTERRUPTION,
                                    ROLE_CAPTION,   ROLE_INTERRUPTION, ROLE_BODY_MORE,
                                    ROLE_FURNITURE, ROLE_HEADLINE,     ROLE_BODY};
    assert_memory_equal(page->roles, roles, sizeof roles);
    assert_int_equal(page->style, STYLE_UNSIGNED);
    teardown();
}

static void a_text_without_headline_begins_with_a_lead(void **state)
{
    (void)state;
    const struct labelled_page *page =
        add("furniture\t简讯\nbody\t甲。\nlead\t乙。\nbody\t又乙。\n");
    static const uint8_t roles[] = {ROLE_FURNITURE, ROLE_LEAD, ROLE_LEAD, ROLE_BODY};
    assert_memory_equal(page->roles, roles, sizeof roles);
    assert_int_equal(page->style, STYLE_MIXED);
    teardown();
}

static void what_is_no_page_file_is_refused(void **state)
{
    (void)state;
    refuse("headline\t甲\n没有角色的一行\n", "line 2 does not begin with a role and a tab");
    refuse("title\t甲\n", "line 1");
    refuse("headline\t甲\nheadline\t乙\nbody\t正文。\n",
           "line 2: headline cannot stand behind headline");
    refuse("headline\t甲\nbody\t正文。\nheadline+\t乙\n", "headline+ cannot stand behind body");
    refuse("headline\t甲\nbody\t\xFF\n", "invalid UTF-8");
    teardown();
}

/* ---- layouts ---- */

enum { ARTICLES = 40 };
static char texts[ARTICLES][2][80];
static struct layout_article articles[ARTICLES];

static void write_articles(void)
{
    for (int i = 0; i < ARTICLES; i++) {
        snprintf(texts[i][0], sizeof texts[i][0], "第%d号公告今日公布", i);
        snprintf(texts[i][1], sizeof texts[i][1], "公告第%d号说了一件事情。", i);
        articles[i] = (struct layout_article){text_of(texts[i][0]), text_of(texts[i][1])};
    }
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
}

/* Reads a layout of this text, beside which the words lie, over n articles. */
static fenlei_status set_layout_in(const char *layout, const char *words,
                                   const struct layout_article *of, size_t n, fenlei_error *error)
{
    char folder[] = "/tmp/fenlei-layout-XXXXXX", path[80], beside[80];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/own.layout", folder);
    snprintf(beside, sizeof beside, "%s/layouts.words", folder);
    write_file(path, layout);
    write_file(beside, words);
    fenlei_status status = page_set_read(&set, path, of, n, error);
    assert_int_equal(remove(path) + remove(beside) + rmdir(folder), 0);
    return status;
}

static fenlei_status set_layout_over(const char *layout, const struct layout_article *of, size_t n,
                                     fenlei_error *error)
{
    return set_layout_in(layout, "", of, n, error);
}

/* Over the first n of those above. */
static fenlei_status set_layout(const char *layout, size_t n, fenlei_error *error)
{
    write_articles();
    return set_layout_over(layout, articles, n, error);
}

static bool holds(const struct buffer *text, const char *part)
{
    return memmem(text->bytes, text->size, part, strlen(part)) != NULL;
}

static bool are_equal(const struct buffer *a, const struct buffer *b)
{
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

static void an_article_more_changes_the_pages_that_it_is_on(void **state)
{
    (void)state;
    static const char layout[] =
        "pages 60\narticles 1-3\nshort 30%\n[article 1]\nheadline\t{title}\n"
        "50% byline\t记者 {heading}\nbody\t{text}\n";
    fenlei_error error;
    assert_int_equal(set_layout(layout, ARTICLES - 1, &error), FENLEI_OK);
    struct page_set before = set;
    set = (struct page_set){0};
    assert_int_equal(set_layout(layout, ARTICLES, &error), FENLEI_OK);
    assert_int_equal(before.n, 60);
    assert_int_equal(set.n, 60);
    int n_new = 0;
    for (size_t i = 0; i < set.n; i++) {
        bool is_new = holds(&set.pages[i].text, "第39号");
        n_new += is_new;
        assert_true(is_new != are_equal(&before.pages[i].text, &set.pages[i].text));
    }
    assert_in_range(n_new, 1,
                    15); /* about 120 articles and 60 bylines, each in forty times of it */
    page_set_release(&before);
    teardown();
}

/* In one of about forty articles a headline stands right behind another. */
static void a_drawn_page_that_its_roles_do_not_fit_is_dropped(void **state)
{
    (void)state;
    static const char rarely[] =
        "pages 100\narticles 1\n[article 39]\nheadline\t{title}\nbody\t{text}\n"
        "[article 1]\nheadline\t{title}\nheadline\t{title}\nbody\t{text}\n";
    static const char always[] = "pages 100\narticles 1\n[article 1]\nheadline\t{title}\n"
                                 "headline\t{title}\nbody\t{text}\n";
    fenlei_error error;
    assert_int_equal(set_layout(rarely, ARTICLES, &error), FENLEI_OK);
    assert_in_range(set.n, 90, 99);
    size_t n = set.n;
    assert_int_equal(set_layout(always, ARTICLES, &error), FENLEI_BAD_INPUT);
    assert_contains(error.message, "own.layout: line 2: headline cannot stand behind headline");
    assert_int_equal(set.n, n);
    teardown();
}

/* A title is broken outside brackets, headings count up, and what is no sentence is none; the other
 * article begins with a name and is never set. */
static void an_article_is_set_as_a_paper_would(void **state)
{
    (void)state;
    static const char layout[] =
        "pages 10\narticles 1\n[article 1]\nheadline\t{title1}\nheadline+\t{title2}\n"
        "body\t{text}\n[inside 100%]\nsection\t第{next}节 {hznext}\n"
        "[inside 100%]\nfurniture\t又一行\n";
    const struct layout_article given[] = {
        {text_of("【守 门】一个派出所 两代人守在这里"),
         text_of("昨日召开会议。\n大家动手清查。\n怎么走\n人人出力。\n清查完成。\n某某日报社")},
        {text_of("另一篇的标题"), text_of("本报记者 周敏\n别的事情。")}};
    static const char text[] =
        "【守 门】一个派出所\n两代人守在这里\n昨日召开会议。\n第1节 二\n大家动手清查。\n怎么走\n"
        "人人出力。\n第3节 四\n清查完成。\n某某日报社\n";
    static const uint8_t roles[] = {ROLE_HEADLINE, ROLE_HEADLINE_MORE, ROLE_BODY, ROLE_SECTION,
                                    ROLE_BODY,     ROLE_SECTION,       ROLE_BODY, ROLE_SECTION,
                                    ROLE_BODY,     ROLE_SIGNATURE};
    fenlei_error error;
    assert_int_equal(set_layout_over(layout, given, 2, &error), FENLEI_OK);
    assert_int_equal(set.n, 10);
    for (size_t i = 0; i < set.n; i++) {
        const struct labelled_page *page = &set.pages[i];
        assert_text(((fenlei_text){page->text.bytes, page->text.size}), text);
        assert_int_equal(page->lines.n, sizeof roles);
        assert_memory_equal(page->roles, roles, sizeof roles);
    }
    teardown();
}

/* What stands behind the text ends its last paragraph; where each is one sentence, none is headed.
 */
static void a_text_is_signed_where_it_ends(void **state)
{
    (void)state;
    static const char layout[] = "pages 3\narticles 1\nterse 100%\n[article 1]\nheadline\t{title}\n"
                                 "body\t　{text}（周敏）\n";
    const struct layout_article given[] = {
        {text_of("三件事"), text_of("昨日召开会议。另有几事。\n怎么走\n大家动手清查。还说一句。")}};
    static const char text[] = "三件事\n　昨日召开会议。\n　大家动手清查。（周敏）\n";
    fenlei_error error;
    assert_int_equal(set_layout_over(layout, given, 1, &error), FENLEI_OK);
    assert_int_equal(set.n, 3);
    for (size_t i = 0; i < set.n; i++)
        assert_text(((fenlei_text){set.pages[i].text.bytes, set.pages[i].text.size}), text);
    teardown();
}

/* A byline of a foreign page has words of its own, however narrow the column is. */
static void a_foreign_byline_is_set_in_a_narrow_column(void **state)
{
    (void)state;
    static const char layout[] =
        "pages 20\narticles 1\nforeign 100%\nwrap 4\nnarrow 100%\n[article 1]\n"
        "headline\t{title}\nbyline\t{reporter}\nbody\t{text}\n";
    static const char words[] = "latin\tsalus\nlatin-byline\t{latin-name}{latin-name}\n"
                                "latin-name\tAnn Margaret Elizabeth Alexandra Fox of the Northern "
                                "Courier and Mail, \ncyrillic\tмир\n"
                                "cyrillic-byline\tАнна Лис\nreporter\t本报记者　周敏　何向阳\n";
    fenlei_error error;
    write_articles();
    assert_int_equal(set_layout_in(layout, words, articles, ARTICLES, &error), FENLEI_OK);
    assert_int_equal(set.n, 20);
    for (size_t i = 0; i < set.n; i++) {
        const struct labelled_page *page = &set.pages[i];
        size_t bylines = 0;
        for (size_t k = 0; k < page->lines.n; k++)
            bylines += page->roles[k] == ROLE_BYLINE;
        assert_int_equal(bylines, 3);
    }
    teardown();
}

/* An article has one dateline, its own or the layout's, and begins with a lead where it has one. */
static void a_dateline_makes_a_lead(void **state)
{
    (void)state;
    static const char *const layouts[] = {
        "pages 1\narticles 1\n[article 1]\nheadline\t{title}\nbody\t　{text}\n",
        "pages 1\narticles 1\n[article 1]\nheadline\t{title}\nlead\t　本台消息：{text}\n"};
    static const char *const own[] = {"本报讯（记者 周敏） ", "新华社北京3日电　", "本报讯"};
    for (size_t i = 0; i < 6; i++) {
        char text[100], expected[100];
        bool is_dateline = i / 2 < 2;
        snprintf(text, sizeof text, "%s昨日开会。", own[i / 2]);
        snprintf(expected, sizeof expected, "会议\n　%s%s昨日开会。\n", i % 2 ? "本台消息：" : "",
                 i % 2 && is_dateline ? "" : own[i / 2]);
        const struct layout_article given = {text_of("会议"), text_of(text)};
        fenlei_error error;
        assert_int_equal(set_layout_over(layouts[i % 2], &given, 1, &error), FENLEI_OK);
        assert_text(((fenlei_text){set.pages[0].text.bytes, set.pages[0].text.size}), expected);
        assert_int_equal(set.pages[0].roles[1], i % 2 || is_dateline ? ROLE_LEAD : ROLE_BODY);
        teardown();
    }
}

/* Whether items with a mark or a tag each are one article nobody can tell: they stand on no page.
 */
static void a_text_of_items_is_never_set(void **state)
{
    (void)state;
    static const char layout[] =
        "pages 20\narticles 1\n[article 1]\nheadline\t{title}\nbody\t{text}\n";
    const struct layout_article given[] = {
        {text_of("一周"),
         text_of("一周有三件事。\n【甲县】修路。\n【乙县】开会。\n【丙县】种树。")},
        {text_of("要闻"), text_of("【口播】修路。\n【解说】开会。")},
        {text_of("通知"), text_of("现通知如下。\n■修路。\n■开会。")},
        {text_of("好路"), text_of("【甲县】修路。\n路好走。\n人人说好。")}};
    fenlei_error error;
    assert_int_equal(set_layout_over(layout, given, 4, &error), FENLEI_OK);
    assert_int_equal(set.n, 20);
    for (size_t i = 0; i < set.n; i++)
        assert_text(set.pages[i].lines.of[0].text, "好路");
    teardown();
}

/* Each page has its own blank lines, indentation and broken lines, in every combination. */
static void habits_are_drawn_for_each_page(void **state)
{
    (void)state;
    static const char layout[] = "pages 200\narticles 2\nblank 0-1\ndense 50%\nindent 0-1\nwrap 8\n"
                                 "wrapped 50%\nnarrow 100%\n[article 1]\nheadline\t{title}\n\n"
                                 "body\t{text}\n";
    fenlei_error error;
    bool seen[16] = {false};
    assert_int_equal(set_layout(layout, ARTICLES, &error), FENLEI_OK);
    assert_int_equal(set.n, 200);
    for (size_t i = 0; i < set.n; i++) {
        const struct lines *lines = &set.pages[i].lines;
        size_t text = 0, next = lines->n;
        while (!role_is_text((enum role)set.pages[i].roles[text]))
            text++;
        while (set.pages[i].roles[next - 1] != ROLE_HEADLINE)
            next--;
        bool is_apart = lines->of[text].blank > 0, is_indented = lines->of[text].indent > 0;
        bool is_wrapped = lines->n > 4, is_parted = lines->of[next - 1].blank > 0;
        assert_int_equal(is_wrapped, text > 1);
        seen[is_apart + is_indented * 2 + is_wrapped * 4 + is_parted * 8] = true;
    }
    for (size_t i = 0; i < sizeof seen; i++)
        assert_true(seen[i]);
    teardown();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles_stand_before_tabs),
        cmocka_unit_test(furniture_inside_an_article_interrupts_it),
        cmocka_unit_test(a_text_without_headline_begins_with_a_lead),
        cmocka_unit_test(what_is_no_page_file_is_refused),
        cmocka_unit_test(an_article_more_changes_the_pages_that_it_is_on),
        cmocka_unit_test(a_drawn_page_that_its_roles_do_not_fit_is_dropped),
        cmocka_unit_test(an_article_is_set_as_a_paper_would),
        cmocka_unit_test(a_text_is_signed_where_it_ends),
        cmocka_unit_test(a_foreign_byline_is_set_in_a_narrow_column),
        cmocka_unit_test(a_dateline_makes_a_lead),
        cmocka_unit_test(a_text_of_items_is_never_set),
        cmocka_unit_test(habits_are_drawn_for_each_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
