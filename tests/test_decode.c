/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/utf8.h"
#include "label/decode.h"
#include "test.h"

static struct decoded decoded;
static fenlei_error error;

static int release(void **state)
{
    (void)state;
    decode_release(&decoded);
    return 0;
}

static void valid_utf8_is_not_copied(void **state)
{
    (void)state;
    static const char text[] = "平安绍兴 Ω 😀";
    assert_int_equal(decode(&decoded, text, sizeof text - 1, NULL, &error), FENLEI_OK);
    assert_ptr_equal(decoded.text.bytes, text);
    assert_string_equal(decoded.encoding, "UTF-8");
    assert_int_equal(decoded.substitutions, 0);
}

static void finds_the_first_invalid_byte(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size, valid;
    } cases[] = {
        {"abc", 3, 3},
        {"\xE6\x89\xAB", 3, 3},
        {"\xE6\x89", 2, 0},         /* cut */
        {"a\xC0\xAF", 3, 1},        /* overlong */
        {"a\xE0\x80\xAF", 4, 1},    /* overlong */
        {"\xED\xA0\x80", 3, 0},     /* surrogate */
        {"\xF4\x90\x80\x80", 4, 0}, /* beyond U+10FFFF */
        {"\xF4\x8F\xBF\xBF", 4, 4}, /* U+10FFFF */
        {"a\0b", 3, 3},             /* NUL is a character */
        {"\xE6\x89\xAB\xFF", 4, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(utf8_valid_prefix(cases[i].bytes, cases[i].size), cases[i].valid);
}

static void byte_order_marks_decide(void **state)
{
    (void)state;
    assert_int_equal(decode(&decoded, "\xEF\xBB\xBF法", 6, NULL, &error), FENLEI_OK);
    assert_text(decoded.text, "法");
    assert_int_equal(decode(&decoded, "\xFF\xFE\xD5\x6C", 4, NULL, &error), FENLEI_OK);
    assert_text(decoded.text, "法");
    assert_string_equal(decoded.encoding, "UTF-16LE");
    assert_int_equal(decode(&decoded, "\xFE\xFF\x6C\xD5", 4, NULL, &error), FENLEI_OK);
    assert_text(decoded.text, "法");
    assert_string_equal(decoded.encoding, "UTF-16BE");
    assert_int_equal(decode(&decoded, "\xFF\xFE\0\0\xD5\x6C\0\0", 8, NULL, &error), FENLEI_OK);
    assert_text(decoded.text, "法");
    assert_string_equal(decoded.encoding, "UTF-32LE");
    assert_int_equal(decode(&decoded, "\0\0\xFE\xFF\0\0\x6C\xD5", 8, NULL, &error), FENLEI_OK);
    assert_text(decoded.text, "法");
    assert_string_equal(decoded.encoding, "UTF-32BE");
}

/* What a mark says does not stand against all that follows: its own bytes may be the damage. */
static void a_mark_may_be_damaged(void **state)
{
    (void)state;
    static const char le[] = "\xFF\xFE\0\x01\xD5\x6C\0\0\xBB\x6C\0\0\xD5\x6C\0\0\xD5\x6C\0\0"
                             "\xBB\x6C\0\0\xD5\x6C\0\0";
    assert_int_equal(decode(&decoded, le, sizeof le - 1, NULL, &error), FENLEI_OK);
    assert_string_equal(decoded.encoding, "UTF-32LE");
    assert_text(decoded.text, "\uFFFD法治法法治法");
    assert_int_equal(decoded.substitutions, 1);
}

static void detects_gb18030_and_big5(void **state)
{
    (void)state;
    /* 依法打击犯罪,维护社会稳定。 in GB18030; 依法打擊犯罪,維護社會穩定。 in Big5 */
    static const char gb[] = "\xD2\xC0\xB7\xA8\xB4\xF2\xBB\xF7\xB7\xB8\xD7\xEF,\xCE\xAC\xBB\xA4\xC9"
                             "\xE7\xBB\xE1\xCE\xC8\xB6\xA8\xA1\xA3";
    static const char big5[] = "\xA8\xCC\xAA\x6B\xA5\xB4\xC0\xBB\xA5\xC7\xB8\x6F,\xBA\xFB\xC5\x40"
                               "\xAA\xC0\xB7\x7C\xC3\xAD\xA9\x77\xA1\x43";
    assert_int_equal(decode(&decoded, gb, sizeof gb - 1, NULL, &error), FENLEI_OK);
    assert_string_equal(decoded.encoding, "GB18030");
    assert_text(decoded.text, "依法打击犯罪,维护社会稳定。");
    assert_int_equal(decode(&decoded, big5, sizeof big5 - 1, NULL, &error), FENLEI_OK);
    assert_string_equal(decoded.encoding, "Big5");
    assert_text(decoded.text, "依法打擊犯罪,維護社會穩定。");
    assert_int_equal(decoded.substitutions, 0);
}

static void damaged_gb18030_is_still_gb18030(void **state)
{
    (void)state;
    /* two lines; a stray byte in the second, which is also cut in the middle of a character */
    struct buffer gb = {0};
    for (int i = 0; i < 20; i++)
        buffer_append_string(&gb, "\xD2\xC0\xB7\xA8\xB4\xF2\xBB\xF7\xB7\xB8\xD7\xEF,");
    buffer_append_string(&gb, "\n\xCE\xAC\xBB\xA4\xC9\xE7\xBB\xE1\xFF\xCE\xC8\xB6");
    assert_int_equal(decode(&decoded, gb.bytes, gb.size, NULL, &error), FENLEI_OK);
    assert_string_equal(decoded.encoding, "GB18030");
    assert_in_range(decoded.substitutions, 1, 2);
    assert_int_equal(decoded.substitutions_line, 2);
    assert_memory_equal(decoded.text.bytes, "依法打击犯罪,", 19);
    buffer_release(&gb);
}

#define GB_LINE "\xD2\xC0\xB7\xA8\xB4\xF2\xBB\xF7\xB7\xB8\xD7\xEF"   /* 依法打击犯罪 */
#define BIG5_LINE "\xA8\xCC\xAA\x6B\xA5\xB4\xC0\xBB\xA5\xC7\xB8\x6F" /* 依法打擊犯罪 */

/* 0x80 and 0xFF are in neither, whatever ICU makes of them: one costs one, and not its line. */
static void a_stray_byte_costs_itself(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *encoding, *text;
    } cases[] = {
        {GB_LINE "\x80" GB_LINE, "GB18030", "依法打击犯罪\uFFFD依法打击犯罪"},
        {GB_LINE "\xFF" GB_LINE, "GB18030", "依法打击犯罪\uFFFD依法打击犯罪"},
        {GB_LINE "\xD2" GB_LINE "\n", "GB18030", "依法打击犯罪\uFFFD依法打击犯罪\n"},
        {BIG5_LINE "\x80" BIG5_LINE, "Big5", "依法打擊犯罪\uFFFD依法打擊犯罪"},
        {BIG5_LINE "\xFF" BIG5_LINE, "Big5", "依法打擊犯罪\uFFFD依法打擊犯罪"},
        {"\x80" GB_LINE GB_LINE, "GB18030", "\uFFFD依法打击犯罪依法打击犯罪"},
        {"依法打击\x80犯罪", "UTF-8", "依法打击\uFFFD犯罪"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *names[] = {NULL, cases[i].encoding};
        for (size_t k = 0; k < 2; k++) {
            const char *bytes = cases[i].bytes;
            assert_int_equal(decode(&decoded, bytes, strlen(bytes), names[k], &error), FENLEI_OK);
            assert_string_equal(decoded.encoding, cases[i].encoding);
            assert_text(decoded.text, cases[i].text);
            assert_int_equal(decoded.substitutions, 1);
        }
    }
}

/* Behind a byte too many, all characters stand between the units. */
static void units_are_found_again(void **state)
{
    (void)state;
    static const char le[] = "\x9D\x4F\xD5\x6C\x53\x53\x62\xFB\x51\xAF\x72\x6A\x7F\x9D\x4F\xD5"
                             "\x6C\x53\x62\xFB\x51\xAF\x72\x6A\x7F";
    assert_int_equal(decode(&decoded, le, sizeof le - 1, NULL, &error), FENLEI_OK);
    assert_string_equal(decoded.encoding, "UTF-16LE");
    assert_text(decoded.text, "依法\uFFFD打击犯罪依法打击犯罪");
}

/* What is valid where the encoding is named is taken as it is. */
static void a_named_encoding_mends_nothing_valid(void **state)
{
    (void)state;
    static const char rare[] = "\xFE\x4F\xFE\x4F\xFE\x4F\xFE\x4F";
    assert_int_equal(decode(&decoded, rare, sizeof rare - 1, "gb18030", &error), FENLEI_OK);
    assert_string_equal(decoded.encoding, "gb18030");
    assert_int_equal(decoded.substitutions, 0);
}

static void lines_may_be_in_different_encodings(void **state)
{
    (void)state;
    static const char mixed[] = GB_LINE "\n2020\n" GB_LINE "\n依法打击犯罪\n维护社会稳定\n" GB_LINE;
    assert_int_equal(decode(&decoded, mixed, sizeof mixed - 1, NULL, &error), FENLEI_OK);
    assert_text(decoded.text,
                "依法打击犯罪\n2020\n依法打击犯罪\n依法打击犯罪\n维护社会稳定\n依法打击犯罪");
    assert_string_equal(decoded.encoding, "GB18030");
    assert_int_equal(decoded.substitutions, 0);
    assert_int_equal(decoded.other_lines, 2);
    assert_int_equal(decoded.other_line, 4);
    assert_string_equal(decoded.other_encoding, "UTF-8");
    assert_int_equal(decode(&decoded, GB_LINE, sizeof GB_LINE - 1, NULL, &error), FENLEI_OK);
    assert_int_equal(decoded.other_lines, 0);
    assert_null(decoded.other_encoding);
}

/* 上 is 0A 4E, and no end of a line. */
static void lines_are_those_of_the_text(void **state)
{
    (void)state;
    static const char le[] = "\x0A\x4E\x0A\x4E\x0A\x4E\x0A\0\x9D\x4F\xD5\x6C\x53\x62\xFB\x51\xAF"
                             "\x72\x6A\x7F\0\xD8";
    assert_int_equal(decode(&decoded, le, sizeof le - 1, NULL, &error), FENLEI_OK);
    assert_text(decoded.text, "上上上\n依法打击犯罪\uFFFD");
    assert_int_equal(decoded.substitutions_line, 2);
}

/* Letters of Europe are no rare Han characters. */
static void other_single_bytes_are_not_chinese(void **state)
{
    (void)state;
    static const char latin[] = "La d\xE9pute\xE9 a visit\xE9 le march\xE9 de la ville, o\xF9 elle "
                                "a rencontre les habitants "
                                "du quartier; la mairie avait fait installer plusieurs tables pour "
                                "leur servir le repas, et "
                                "elle y est restee toute la journee, jusqu'au soir.";
    assert_int_equal(decode(&decoded, latin, sizeof latin - 1, NULL, &error), FENLEI_OK);
    assert_string_equal(decoded.encoding, "UTF-8");
    assert_int_equal(decoded.substitutions, 5);
}

static void what_is_no_text_has_no_named_encoding_either(void **state)
{
    (void)state;
    char bytes[512];
    memset(bytes, 0xFF, sizeof bytes);
    assert_int_equal(decode(&decoded, bytes, sizeof bytes, "GB18030", &error), FENLEI_BAD_INPUT);
    assert_contains(error.message, "not text in GB18030");
}

static void detects_utf16_without_a_mark(void **state)
{
    (void)state;
    /* 法治。ok\n */
    static const char le[] = "\xD5\x6C\xBB\x6C\x02\x30o\0k\0\n";
    assert_int_equal(decode(&decoded, le, sizeof le, NULL, &error), FENLEI_OK);
    assert_string_equal(decoded.encoding, "UTF-16LE");
    assert_text(decoded.text, "法治。ok\n");
}

static void a_few_bad_bytes_are_replaced_and_counted(void **state)
{
    (void)state;
    static const char text[] =
        "第一行\n全市召开扫黑除恶专项斗争推进会,部署下一阶段\xE5\xB7工作。\xFF";
    assert_int_equal(decode(&decoded, text, sizeof text - 1, NULL, &error), FENLEI_OK);
    assert_string_equal(decoded.encoding, "UTF-8");
    assert_int_equal(decoded.substitutions, 2);
    assert_int_equal(decoded.substitutions_line, 2);
    assert_text(
        decoded.text,
        "第一行\n全市召开扫黑除恶专项斗争推进会,部署下一阶段\xEF\xBF\xBD工作。\xEF\xBF\xBD");
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    char bytes[512];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 37 % 256 | 0x80);
    assert_int_equal(decode(&decoded, bytes, sizeof bytes, NULL, &error), FENLEI_BAD_INPUT);
    assert_contains(error.message, "line 1");
}

static void an_encoding_can_be_named(void **state)
{
    (void)state;
    assert_int_equal(decode(&decoded, "caf\xE9", 4, "ISO-8859-1", &error), FENLEI_OK);
    assert_text(decoded.text, "café");
    assert_int_equal(decode(&decoded, "a\xFFz", 3, "UTF-8", &error), FENLEI_OK);
    assert_int_equal(decoded.substitutions, 1);
    assert_text(decoded.text, "a\xEF\xBF\xBDz");
    assert_int_equal(decode(&decoded, "a", 1, "no-such-code", &error), FENLEI_BAD_ARGUMENT);
    assert_contains(error.message, "no-such-code");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(valid_utf8_is_not_copied, release),
        cmocka_unit_test(finds_the_first_invalid_byte),
        cmocka_unit_test_teardown(byte_order_marks_decide, release),
        cmocka_unit_test_teardown(detects_gb18030_and_big5, release),
        cmocka_unit_test_teardown(damaged_gb18030_is_still_gb18030, release),
        cmocka_unit_test_teardown(a_mark_may_be_damaged, release),
        cmocka_unit_test_teardown(a_stray_byte_costs_itself, release),
        cmocka_unit_test_teardown(units_are_found_again, release),
        cmocka_unit_test_teardown(a_named_encoding_mends_nothing_valid, release),
        cmocka_unit_test_teardown(lines_may_be_in_different_encodings, release),
        cmocka_unit_test_teardown(lines_are_those_of_the_text, release),
        cmocka_unit_test_teardown(other_single_bytes_are_not_chinese, release),
        cmocka_unit_test_teardown(what_is_no_text_has_no_named_encoding_either, release),
        cmocka_unit_test_teardown(detects_utf16_without_a_mark, release),
        cmocka_unit_test_teardown(a_few_bad_bytes_are_replaced_and_counted, release),
        cmocka_unit_test_teardown(what_is_no_text_is_refused, release),
        cmocka_unit_test_teardown(an_encoding_can_be_named, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
