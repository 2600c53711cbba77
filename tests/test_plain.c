/* SPDX-License-Identifier: BSD-3-Clause */
/* base/plain.h: foreign text cannot command a terminal or deceive an eye. */
#include "test.h"

#include "base/plain.h"

static void assert_plain(const char *text, size_t size, const char *expected)
{
    struct buffer out = {0};
    buffer_append_string(&out, "kept\x1b");
    plain_append(&out, (fenlei_text){text, size});
    assert_text(((fenlei_text){out.bytes + 5, out.size - 5}), expected);
    buffer_clear(&out);
    buffer_append_string(&out, "kept\x1b");
    buffer_append(&out, text, size);
    plain_from(&out, 5);
    assert_text(((fenlei_text){out.bytes + 5, out.size - 5}), expected);
    buffer_release(&out);
}

#define PLAIN(text, expected) assert_plain((text), sizeof(text) - 1, (expected))

static void letters_stay(void **state)
{
    (void)state;
    PLAIN("扫黑 é \xF0\x9F\x98\x80 %s", "扫黑 é \xF0\x9F\x98\x80 %s");
    PLAIN("", "");
}

static void what_is_obeyed_becomes_a_space(void **state)
{
    (void)state;
    PLAIN("a\x1b[31mb\r\n\t\x7F", "a [31mb    ");
    PLAIN("NUL\0here", "NUL here");
    PLAIN("\xC2\x80\xC2\x9B"
          "31m\xC2\x9F",
          "  31m ");                                               /* C1 */
    PLAIN("\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\x8F\xD8\x9C", "    "); /* directions */
    PLAIN("one\xE2\x80\xA8two\xE2\x80\xA9", "one two ");           /* line ends */
}

static void what_is_no_text_shows(void **state)
{
    (void)state;
    PLAIN("\xC9\xA8\xBA\xDA", "ɨ\xEF\xBF\xBD\xEF\xBF\xBD");
    PLAIN("a\x9B"
          "31m",
          "a\xEF\xBF\xBD"
          "31m"); /* a C1 byte of an 8-bit terminal */
    PLAIN("cut \xE6\x89", "cut \xEF\xBF\xBD\xEF\xBF\xBD");
}

static void assert_excerpt(const char *text, size_t most, const char *expected)
{
    struct buffer out = {0};
    plain_append_excerpt(&out, text_of(text), most);
    assert_text(((fenlei_text){out.bytes, out.size}), expected);
    buffer_release(&out);
}

static void an_excerpt_is_as_long_as_asked(void **state)
{
    (void)state;
    assert_excerpt("扫黑除恶", 4, "扫黑除恶");
    assert_excerpt("扫黑除恶", 3, "扫黑除…");
    assert_excerpt("扫\xFF除恶", 2, "扫\xEF\xBF\xBD…");
    assert_excerpt("扫\xFF", 2, "扫\xEF\xBF\xBD");
    assert_excerpt("扫\xFF", 1, "扫…");
    assert_excerpt("\xFF\xFF\xFF", 2, "\xEF\xBF\xBD\xEF\xBF\xBD…");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_stay),
        cmocka_unit_test(what_is_obeyed_becomes_a_space),
        cmocka_unit_test(what_is_no_text_shows),
        cmocka_unit_test(an_excerpt_is_as_long_as_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
