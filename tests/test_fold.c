/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/decode.h"
#include "label/fold.h"
#include "test.h"

#include <stdio.h>

static struct folded folded;

/* The letters as UTF-8, a run's edges as |. */
static const char *fold_to_string(const char *text)
{
    static char string[4096];
    size_t size = 0;
    assert_true(fold(&folded, text_of(text), false));
    for (size_t i = 0; i < folded.count; i++) {
        uint32_t c = folded.letters[i];
        if (c <= MARK_END)
            string[size++] = '|';
        else if (c < 0x80)
            string[size++] = (char)c;
        else if (c < 0x800)
            size +=
                (size_t)sprintf(string + size, "%c%c", 0xC0 | (int)(c >> 6), 0x80 | (int)(c & 63));
        else if (c < 0x10000)
            size += (size_t)sprintf(string + size, "%c%c%c", 0xE0 | (int)(c >> 12),
                                    0x80 | (int)(c >> 6 & 63), 0x80 | (int)(c & 63));
        else
            size += (size_t)sprintf(string + size, "%c%c%c%c", 0xF0 | (int)(c >> 18),
                                    0x80 | (int)(c >> 12 & 63), 0x80 | (int)(c >> 6 & 63),
                                    0x80 | (int)(c & 63));
        assert_true(size < sizeof string - 8);
    }
    string[size] = '\0';
    return string;
}

static void folds_what_means_the_same_to_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *text, *folded;
    } cases[] = {
        {"扫黑除恶", "|扫黑除恶|"},
        {"掃黑除惡", "|扫黑除恶|"},        /* traditional */
        {"ＡＢＣ１２３", "|abc123|"},      /* full width */
        {"Straße", "|strasse|"},           /* one letter to two */
        {"cafe\xCC\x81", "|caf\xC3\xA9|"}, /* combining */
        {"ﬁne", "|fine|"},
        {"①", "|1|"},
        {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "|한|"}, /* jamo */
        {"a\xC2\xAD"
         "b",
         "|ab|"},             /* soft hyphen */
        {"İ", "|i\xCC\x87|"}, /* no locale's case */
        {"𠮷野", "|𠮷野|"},   /* beyond the BMP */
        {"", "||"},
        {"。！", "||"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(fold_to_string(cases[i].text), cases[i].folded);
}

static void runs_end_where_they_should(void **state)
{
    (void)state;
    static const struct {
        const char *text, *folded;
    } cases[] = {
        {"平安,法治", "|平安|法治|"},
        {"the  cat sat", "|the|cat|sat|"},
        {"the\ncat", "|the|cat|"},
        {"以及市\n\n委八届八次全会", "|以及市委八届八次全会|"}, /* a broken sentence */
        {"扫 黑 除 恶", "|扫黑除恶|"},                          /* letterspaced */
        {"提高站位 推进工作", "|提高站位|推进工作|"},           /* phrases of a headline */
        {"会议要求, 提高站位 推进工作。", "|会议要求|提高站位推进工作|"}, /* space in a sentence */
        {"第3 期 VR 馆", "|第3|期|vr|馆|"},
        {"  平安  ", "|平安|"},
        {"a\0b", "|a|"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(fold_to_string(cases[i].text), cases[i].folded);
    assert_true(
        fold(&folded, (fenlei_text){"a\0b", 3}, false)); /* NUL separates, and cuts nothing */
    assert_int_equal(folded.n_letters, 2);
}

static void every_letter_knows_its_source(void **state)
{
    (void)state;
    static const char text[] = "Ａ，掃ﬁ";
    assert_true(fold(&folded, text_of(text), false));
    static const uint32_t letters[] = {MARK_START, 'a', MARK_BREAK, 0x626B, 'f', 'i', MARK_END};
    static const uint32_t sources[] = {0, 0, 6, 6, 9, 9, 12};
    assert_int_equal(folded.count, 7);
    assert_memory_equal(folded.letters, letters, sizeof letters);
    assert_memory_equal(folded.sources, sources, sizeof sources);
    assert_int_equal(folded.n_letters, 4);
}

static void punctuation_can_be_kept(void **state)
{
    (void)state;
    assert_true(fold(&folded, text_of("平，。安 b！"), true));
    static const uint32_t letters[] = {MARK_START,        0x5E73, PUNCTUATION + ',', 0x5B89,
                                       PUNCTUATION + ' ', 'b',    PUNCTUATION + '!', MARK_END};
    assert_int_equal(folded.count, 8);
    assert_memory_equal(folded.letters, letters, sizeof letters);
}

static void characters_are_folded_one_by_one(void **state)
{
    (void)state;
    assert_int_equal(fold_character(0x5831), 0x62A5); /* 報 */
    assert_int_equal(fold_character(0xFF21), 'a');
    assert_int_equal(fold_character(0xFF0C), ',');
    assert_int_equal(fold_character(0xFE35), '('); /* the bracket of vertical setting */
    assert_int_equal(fold_character(0x2F00), 0x4E00);
    assert_int_equal(fold_character(0xAD), 0);
    assert_int_equal(fold_character(0x20BB7), 0x20BB7);
}

static void long_runs_of_marks_are_folded_whole(void **state)
{
    (void)state;
    enum { MARKS = 160000 };
    struct buffer text = {0};
    buffer_append_string(&text, "a");
    for (size_t i = 0; i < MARKS; i++)
        buffer_append_string(&text, i % 2 ? "\xCC\x81" : "\xCC\xA3");
    assert_false(text.failed);
    assert_true(fold(&folded, (fenlei_text){text.bytes, text.size}, false));
    assert_true(folded.n_letters > MARKS / 2);
    buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_what_means_the_same_to_the_same),
        cmocka_unit_test(runs_end_where_they_should),
        cmocka_unit_test(every_letter_knows_its_source),
        cmocka_unit_test(punctuation_can_be_kept),
        cmocka_unit_test(characters_are_folded_one_by_one),
        cmocka_unit_test(long_runs_of_marks_are_folded_whole),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fold_release(&folded);
    return failed;
}
