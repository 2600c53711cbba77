/* SPDX-License-Identifier: BSD-3-Clause */
#include "html/chinese.h"
#include "html/html.h"
#include "html/mark.h"
#include "html/markup.h"
#include "html/texts.h"
#include "test.h"

static void assert_shown(const char *bytes, size_t size, const char *expected)
{
    struct buffer out = {0};
    html_text(&out, (fenlei_text){bytes, size});
    assert_text(((fenlei_text){out.bytes, out.size}), expected);
    buffer_release(&out);
}

static void text_is_text(void **state)
{
    (void)state;
    assert_shown("<a href='x' b=\"y\">&amp;", 23,
                 "&lt;a href=&#39;x&#39; b=&quot;y&quot;&gt;&amp;amp;");
    assert_shown("分类 \U0001F600", 11, "分类 \U0001F600");
    assert_shown("a\0b\x1b[1m\x7f", 8, "a\uFFFDb\uFFFD[1m\uFFFD");
    assert_shown("\xC2\x80\xC2\x9F\xC2\xA0", 6, "\uFFFD\uFFFD\u00A0");
    assert_shown("a\tb\r\nc", 6, "a b  c");
    assert_shown("\xFF分\xE5\x88", 6, "\uFFFD分\uFFFD\uFFFD");
}

/* A phrase at one place of the text. */
static fenlei_phrase phrase_at(fenlei_place *place, double share, size_t from, size_t to)
{
    *place = (fenlei_place){.from = from, .to = to};
    return (fenlei_phrase){.share = share, .places = place, .n_places = 1};
}

static void assert_marked(const size_t places[][2], unsigned n, const char *text,
                          const char *expected)
{
    struct marks marks = {0};
    struct buffer out = {0};
    double shown;
    for (unsigned slot = 0; slot < n; slot++) {
        fenlei_place place;
        fenlei_phrase phrase = phrase_at(&place, 1, places[slot][0], places[slot][1]);
        const fenlei_phrase *phrases[] = {&phrase};
        fenlei_why why = {.phrases = phrases, .n_phrases = 1};
        assert_true(marks_add(&marks, slot, &why, &shown));
        assert_true(shown == 1);
    }
    marks_sort(&marks);
    marks_text(&marks, text_of(text), &out);
    assert_text(((fenlei_text){out.bytes, out.size}), expected);
    buffer_release(&out);
    marks_release(&marks);
}

static void marks_do_not_overlap(void **state)
{
    (void)state;
    const size_t crossed[][2] = {{1, 4}, {2, 5}}, same[][2] = {{0, 3}, {0, 3}, {1, 2}};
    assert_marked(crossed, 2, "a<cdef\n",
                  "<p>a<mark class=a4>&lt;</mark><mark class=\"b4 a4\">cd</mark>"
                  "<mark class=b4>e</mark>f</p>\n");
    assert_marked(same, 3, "abc",
                  "<p><mark class=\"b4 a4\">a</mark><mark class=\"c4 b4 a4\">b</mark>"
                  "<mark class=\"b4 a4\">c</mark></p>\n");
}

static void a_mark_ends_with_its_paragraph(void **state)
{
    (void)state;
    const size_t across[][2] = {{1, 5}};
    assert_marked(across, 1, "ab\n\ncd\n",
                  "<p>a<mark class=a4>b</mark></p>\n<p></p>\n<p><mark class=a4>c</mark>d</p>\n");
}

static void the_strongest_are_marked(void **state)
{
    (void)state;
    const double shares[] = {4, -3, 2, 1.5, 0.5};
    fenlei_phrase phrases[5];
    const fenlei_phrase *order[5];
    fenlei_place places[5];
    struct marks marks = {0};
    struct buffer out = {0};
    double shown;
    for (size_t i = 0; i < 5; i++) {
        phrases[i] = phrase_at(&places[i], shares[i], i, i + 1);
        order[i] = &phrases[i];
    }
    fenlei_why why = {.phrases = order, .n_phrases = 5};
    assert_true(marks_add(&marks, 0, &why, &shown));
    assert_true(shown == 0.5);
    phrases[0].share = 3;
    marks_clear(&marks);
    assert_true(marks_add(&marks, 0, &why, &shown));
    marks_sort(&marks);
    marks_text(&marks, text_of("abcde"), &out);
    assert_text(((fenlei_text){out.bytes, out.size}),
                "<p><mark class=a4>a</mark>b<mark class=a3>c</mark>de</p>\n");
    buffer_release(&out);
    marks_release(&marks);
}

static void assert_readers_see(const char *text, const char *expected)
{
    struct buffer out = {0};
    markup_drop(&out, text_of(text));
    assert_false(out.failed);
    assert_text(((fenlei_text){out.bytes, out.size}), expected);
    buffer_release(&out);
}

static void markup_is_not_shown(void **state)
{
    (void)state;
    assert_readers_see("**本报讯** 昨天", "本报讯 昨天");
    assert_readers_see("**__甲__** ~~乙~~", "甲 乙");
    assert_readers_see("## 标题\n> 引文\n正文", "标题\n引文\n正文");
    assert_readers_see("见[此](https://a.b/c)和![图](/d.png)。", "见此和图。");
    assert_readers_see("&ldquo;甲&rdquo;&nbsp;&#8212;&#x4e59;&amp;lt;", "“甲”\u00A0—乙&lt;");
    assert_readers_see("甲<br/>乙<B>丙</b><font color=\"red\">丁</font>", "甲乙丙丁");
    assert_readers_see("\uFEFF甲\u200B乙\u00AD丙", "甲乙丙");
    assert_readers_see("法&shy;院&#8203;开&zwnj;庭&thinsp;5&permil;&reg;", "法院开庭\u20095‰®");
}

static void what_only_looks_like_markup_is_text(void **state)
{
    (void)state;
    const char *const texts[] = {"5**3",     "** 甲 **",   "甲**乙\n丙**",
                                 "****",     "**",         "a__b__c",
                                 "2~~3",     "#甲",        "甲 # 乙",
                                 "a > b",    "[甲](乙)",   "[甲]",
                                 "![甲",     "AT&T;",      "&;",
                                 "&nosuch;", "&#0;",       "&#x1b;",
                                 "&#xD800;", "&#1114112;", "&#99999999999;",
                                 "&#8220",   "<script>",   "<b",
                                 "<bold>",   "a<b c",      "<",
                                 "&",        "[",          "!",
                                 "]("};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_readers_see(texts[i], texts[i]);
}

/* The bytes of a text stay in the page, whatever is marked in it. */
static void marks_and_markup_cross(void **state)
{
    (void)state;
    const size_t across[][2] = {{1, 7}}, inside[][2] = {{0, 2}};
    assert_marked(across, 1, "**ab**cd",
                  "<p><s hidden>*</s><s hidden>*</s><mark class=a4>ab</mark><s hidden>**</s>"
                  "<mark class=a4>c</mark>d</p>\n");
    assert_marked(inside, 1, "&lt;b", "<p><s hidden>&amp;l</s><s hidden>t;</s><u>&lt;</u>b</p>\n");
}

static void a_reference_becomes_its_text(void **state)
{
    (void)state;
    struct buffer later = {0}, out = {0};
    text_put_number(&later, LANGUAGE_LATER, PAGE_FAULT_IN_LINE, 7);
    text_put_message(&later, LANGUAGE_LATER, "<a>\2\1: it is empty");
    buffer_append_string(&later, " ");
    text_put(&later, LANGUAGE_LATER, PAGE_TOPICS);
    texts_resolve(&out, (fenlei_text){later.bytes, later.size}, ENGLISH);
    assert_text(((fenlei_text){out.bytes, out.size}),
                "Fault in line 7: <bdi>&lt;a&gt;?\uFFFD: it is empty</bdi> Topics");
    buffer_clear(&out);
    texts_resolve(&out, (fenlei_text){later.bytes, later.size}, CHINESE);
    assert_text(((fenlei_text){out.bytes, out.size}),
                "第 7 行有问题：<bdi>&lt;a&gt;?\uFFFD: 文件是空的</bdi> 话题");
    buffer_release(&later);
    buffer_release(&out);
}

static void assert_chinese(const char *message, const char *expected)
{
    struct buffer out = {0};
    chinese_message(&out, text_of(message));
    assert_text(((fenlei_text){out.bytes, out.size}), expected);
    buffer_release(&out);
}

static void messages_are_chinese_as_far_as_they_are_known(void **state)
{
    (void)state;
    assert_chinese("a: b.txt: cannot open it: No such file or directory",
                   "a: b.txt: 打不开：没有这个文件");
    assert_chinese("not valid GB18030: 1 invalid sequence replaced from here on",
                   "不是有效的 GB18030：从这里起有 1 处坏字节被替换");
    assert_chinese("\"it is empty\" given twice", "“文件是空的”给了两次");
    assert_chinese(
        "--html a.html: what is there is no page of fenlei's and stays; --force replaces it "
        "all the same",
        "--html a.html: 那里的不是 fenlei 的页面，没有动它；加 --force 才会替换");
    assert_chinese("a.rtf: it is an RTF file: save it as DOCX or as text",
                   "a.rtf: 这是 RTF 文件：请另存为 DOCX 或文本");
    assert_chinese("nothing known", "nothing known");
    assert_chinese("out of memory: nothing known", "out of memory: nothing known");
    assert_chinese("", "");
}

static void locales_have_a_language(void **state)
{
    (void)state;
    assert_int_equal(language_of_locale("zh_TW.UTF-8"), CHINESE);
    assert_int_equal(language_of_locale("de_DE"), ENGLISH);
    const char *const none[] = {NULL, "", "C", "C.UTF-8", "POSIX"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(language_of_locale(none[i]), LANGUAGE_LATER);
    for (enum language language = CHINESE; language < LANGUAGES; language++) {
        struct buffer page = {0};
        html_begin(&page, language, text_of("<"), "");
        assert_true(html_begins((fenlei_text){page.bytes, page.size}));
        assert_false(html_begins((fenlei_text){page.bytes, 40}));
        buffer_release(&page);
    }
}

/* Each text has both languages, and its argument in both or none. */
static void texts_are_whole(void **state)
{
    (void)state;
    for (int text = 0; text < PAGE_COUNT; text++) {
        const char *chinese = page_text_in(CHINESE, (enum page_text)text);
        const char *english = page_text_in(ENGLISH, (enum page_text)text);
        assert_true(chinese[0] != '\0' && english[0] != '\0');
        assert_int_equal(strchr(chinese, '#') != NULL, strchr(english, '#') != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_text),
        cmocka_unit_test(marks_do_not_overlap),
        cmocka_unit_test(a_mark_ends_with_its_paragraph),
        cmocka_unit_test(the_strongest_are_marked),
        cmocka_unit_test(markup_is_not_shown),
        cmocka_unit_test(what_only_looks_like_markup_is_text),
        cmocka_unit_test(marks_and_markup_cross),
        cmocka_unit_test(a_reference_becomes_its_text),
        cmocka_unit_test(messages_are_chinese_as_far_as_they_are_known),
        cmocka_unit_test(locales_have_a_language),
        cmocka_unit_test(texts_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
