#include "html/html.h"
#include "html/mark.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_text),
        cmocka_unit_test(marks_do_not_overlap),
        cmocka_unit_test(a_mark_ends_with_its_paragraph),
        cmocka_unit_test(the_strongest_are_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
