/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/utf8.h"
#include "test.h"

/* Character by character, by the table of the Unicode Standard. */
static size_t prefix_by_characters(const char *bytes, size_t size)
{
    size_t at = 0, character;
    while (at < size && (character = utf8_size(bytes + at, size - at)) > 0)
        at += character;
    return at;
}

static void check(const char *bytes, size_t size)
{
    size_t found = utf8_valid_prefix(bytes, size), expected = prefix_by_characters(bytes, size);
    if (found != expected)
        fail_msg("%zu of %zu bytes are valid, not %zu", expected, size, found);
}

/* Two bytes behind one another, all of them, in the middle of a text and across the places where
 * one block of it ends and the next begins. */
static void every_pair_of_bytes_is_told(void **state)
{
    (void)state;
    static const size_t places[] = {0, 1, 30, 60, 61, 62, 63, 64, 65, 126, 127};
    char text[160];
    for (size_t p = 0; p < sizeof places / sizeof *places; p++)
        for (unsigned pair = 0; pair < 0x10000; pair++) {
            memset(text, 'a', sizeof text);
            text[places[p]] = (char)(pair >> 8);
            text[places[p] + 1] = (char)pair;
            check(text, sizeof text);
            text[places[p] + 2] = text[places[p] + 3] = (char)0x80;
            check(text, sizeof text);
        }
}

/* Characters of one to four bytes, at every distance from the end of a block, cut anywhere, and one
 * byte of them changed to each of those that tell characters apart. */
static void damage_is_found_where_it_is(void **state)
{
    (void)state;
    static const char whole[] =
        "扫黑除恶é𠀀a，ﬀ\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF\xE0\xA0\x80";
    static const unsigned char telling[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                            0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED,
                                            0xEF, 0xF0, 0xF4, 0xF5, 0xFF};
    char text[200];
    for (size_t first = 0; first < 70; first++) {
        memset(text, 'a', first);
        memcpy(text + first, whole, sizeof whole - 1);
        memset(text + first + sizeof whole - 1, 'b', sizeof text - first - (sizeof whole - 1));
        assert_int_equal(utf8_valid_prefix(text, sizeof text), sizeof text);
        for (size_t size = 0; size < sizeof text; size++)
            check(text, size);
        for (size_t at = first; at < first + sizeof whole - 1; at++)
            for (size_t i = 0; i < sizeof telling; i++) {
                char kept = text[at];
                text[at] = (char)telling[i];
                check(text, sizeof text);
                check(text, first + sizeof whole - 1);
                text[at] = kept;
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_bytes_is_told),
        cmocka_unit_test(damage_is_found_where_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
