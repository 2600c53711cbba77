/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a text came from: runs of characters, gaps, and text decoded by ICU or not at all. */
#include "base/utf8.h"
#include "label/decode.h"
#include "label/origin.h"
#include "test.h"

static void runs_are_joined_and_looked_up(void **state)
{
    (void)state;
    struct origins origins = {0};
    assert_true(origins_add(&origins, (struct stretch){0, 10, 2, 3, 2}));
    assert_true(origins_add(&origins, (struct stretch){6, 14, 1, 3, 2})); /* goes on */
    assert_int_equal(origins.n, 1);
    assert_true(origins_add(&origins, (struct stretch){9, 16, 1, 1, 1}));
    assert_true(origins_add(&origins, (struct stretch){12, 40, 5, 1, 1})); /* behind gaps */
    assert_int_equal(origins.n, 3);
    static const struct {
        size_t at, start, end; /* of the character at `at`, and where text [0, at + 1) ends */
    } cases[] = {{0, 10, 12}, {1, 10, 12},  {3, 12, 14},  {8, 14, 16},
                 {9, 16, 17}, {10, 40, 17}, {12, 40, 41}, {16, 44, 45}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(origins_start(&origins, cases[i].at), cases[i].start);
        assert_int_equal(origins_end(&origins, cases[i].at + 1), cases[i].end);
    }
    assert_int_equal(origins_find(&origins, 11), 2);
    assert_int_equal(origins_find(&origins, 99), 2);
    origins_release(&origins);
}

struct place {
    size_t at, start, end;
};

/* Decodes `bytes` and looks places up, each of a character of the text. */
static void check_decoded(const char *bytes, size_t size, const char *encoding, const char *text,
                          const struct place *places, size_t n)
{
    struct decoded decoded = {0};
    struct origins origins = {0};
    fenlei_error error;
    assert_int_equal(decode(&decoded, bytes, size, encoding, &error), FENLEI_OK);
    assert_text(decoded.text, text);
    assert_int_equal(decode_origins(&decoded, bytes, size, &origins, &error), FENLEI_OK);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(origins_start(&origins, places[i].at), places[i].start);
        size_t end = places[i].at;
        utf8_next(decoded.text.bytes, &end);
        assert_int_equal(origins_end(&origins, end), places[i].end);
    }
    origins_release(&origins);
    decode_release(&decoded);
}

#define CHECK(bytes, encoding, text, ...)                                                          \
    check_decoded(bytes, sizeof(bytes) - 1, encoding, text, (const struct place[]){__VA_ARGS__},   \
                  sizeof((const struct place[]){__VA_ARGS__}) / sizeof(struct place))

static void decoded_text_is_traced_back(void **state)
{
    (void)state;
    CHECK("\xEF\xBB\xBF扫a黑", NULL, "扫a黑", {0, 3, 6}, {3, 6, 7}, {4, 7, 10});
    CHECK("扫\xFF黑", "UTF-8", "扫\uFFFD黑", {0, 0, 3}, {3, 3, 4}, {6, 4, 7});
    CHECK("扫\xE6\x89", NULL, "扫\uFFFD", {0, 0, 3}, {3, 3, 5});
    CHECK("\xC9\xA8"
          "a\xBA\xDA",
          "GB18030", "扫a黑", {0, 0, 2}, {3, 2, 3}, {4, 3, 5});
    CHECK("\x40\xD8\x00\xDC"
          "a\0",
          "UTF-16LE", "\U00020000a", {0, 0, 4}, {4, 4, 6});
    CHECK("\xFF\xFE\x6B\x62", "UTF-16LE", "扫", {0, 2, 4});
    /* Two characters for two bytes: both are those bytes. */
    CHECK("\xEC\xB5\xEC\xB5", "ibm-16684", "か\u309Aか\u309A", {0, 0, 2}, {3, 0, 2}, {6, 2, 4},
          {9, 2, 4});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_joined_and_looked_up),
        cmocka_unit_test(decoded_text_is_traced_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
