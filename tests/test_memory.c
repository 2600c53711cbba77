/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/utf8.h"
#include "test.h"

#include <errno.h>

static void grows_and_keeps(void **state)
{
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        assert_true(array_reserve(&items, &capacity, (size_t)i + 1, sizeof *items));
        items[i] = i;
    }
    assert_true(capacity >= 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    free(items);
}

static void refuses_sizes_that_overflow(void **state)
{
    (void)state;
    double *items = NULL;
    size_t capacity = 0;
    assert_false(array_reserve(&items, &capacity, SIZE_MAX / 4, sizeof *items));
    assert_null(items);
    assert_int_equal(capacity, 0);
    assert_null(array_new(SIZE_MAX / 2, 16));
}

static fenlei_text contents(const struct buffer *buffer)
{
    return (fenlei_text){buffer->bytes, buffer->size};
}

static void buffer_joins_and_remembers_failure(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_append_string(&buffer, "扫黑");
    buffer_append_format(&buffer, " %d/%s", 7, "x");
    assert_text(contents(&buffer), "扫黑 7/x");
    buffer_append(&buffer, "", SIZE_MAX);
    assert_true(buffer.failed);
    buffer_append_string(&buffer, "after");
    assert_text(contents(&buffer), "扫黑 7/x");
    buffer_clear(&buffer);
    assert_false(buffer.failed);
    buffer_release(&buffer);
}

/* Whatever their size: zeros, and as many as were asked for. */
static void pages_are_zero(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 4096, 4097, 100000, 1 << 18, (2 << 20) - 1, 5 << 20};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int again = 0; again < 2; again++) {
            char *pages = pages_new(sizes[k]);
            assert_non_null(pages);
            assert_int_equal((uintptr_t)pages % 4096, 0);
            for (size_t i = 0; i < sizes[k]; i++)
                assert_int_equal(pages[i], 0);
            memset(pages, 'x', sizes[k]);
            pages_free(pages, sizes[k]);
        }
    assert_null(pages_new(SIZE_MAX));
    pages_free(NULL, 1);
}

static void what_is_shed_is_empty(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_append_string(&buffer, "扫黑");
    buffer_shed(&buffer);
    assert_int_equal(buffer.size, 0);
    assert_true(buffer.capacity > 0);
    assert_true(buffer_reserve(&buffer, 1 << 20));
    buffer_shed(&buffer);
    assert_int_equal(buffer.capacity, 0);
    buffer_append(&buffer, "", SIZE_MAX);
    buffer_shed(&buffer);
    assert_false(buffer.failed);
    buffer_release(&buffer);
}

static void blank_is_white_space_alone(void **state)
{
    (void)state;
    assert_true(text_is_blank(text_of("")));
    assert_true(text_is_blank(text_of(" \t\n\v\f\r")));
    assert_false(text_is_blank(text_of(" x")));
    assert_false(text_is_blank((fenlei_text){"\0", 1}));
    assert_false(text_is_blank(text_of("\u3000")));
}

static void errors_are_located(void **state)
{
    (void)state;
    fenlei_error error;
    assert_int_equal(error_set(&error, FENLEI_BAD_INPUT, "no \"%s\"", "text"), FENLEI_BAD_INPUT);
    assert_int_equal(error_locate(&error, "a.jsonl", 7), FENLEI_BAD_INPUT);
    assert_string_equal(error.message, "a.jsonl:7: no \"text\"");
    assert_int_equal(error_memory(NULL), FENLEI_NO_MEMORY);
}

/* A path of the system's longest, and one that no system has, keep the reason behind them. */
static void a_long_path_leaves_room_for_the_reason(void **state)
{
    (void)state;
    static char path[99999 + 1];
    fenlei_error error;
    memset(path, 'p', 4095);
    errno = ENOENT;
    assert_int_equal(error_io(&error, path, "open the model"), FENLEI_IO);
    assert_int_equal(strlen(error.message),
                     4095 + strlen(": cannot open the model: ") + strlen(strerror(ENOENT)));
    error_locate(&error, "list", 7);
    assert_contains(error.message, "list:7: ppp");
    assert_contains(error.message, "ppp: cannot open the model: No such file");
    memset(path, 'p', sizeof path - 1);
    error_set(&error, FENLEI_IO, "%s: first, %s: cannot open", path, path);
    assert_true(strlen(error.message) < sizeof error.message);
    assert_memory_equal(error.message, "ppp", 3);
    assert_contains(error.message, "p ... p");
    assert_contains(error.message, "ppp: cannot open");
    for (size_t i = 0; i < sizeof path / 3 * 3; i++)
        path[i] = "分"[i % 3];
    for (size_t shift = 0; shift < 3; shift++) {
        error_set(&error, FENLEI_IO, "%.*s%s", (int)shift, "ab", path);
        size_t size = strlen(error.message);
        assert_int_equal(utf8_valid_prefix(error.message, size), size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_and_keeps),
        cmocka_unit_test(refuses_sizes_that_overflow),
        cmocka_unit_test(buffer_joins_and_remembers_failure),
        cmocka_unit_test(pages_are_zero),
        cmocka_unit_test(what_is_shed_is_empty),
        cmocka_unit_test(blank_is_white_space_alone),
        cmocka_unit_test(errors_are_located),
        cmocka_unit_test(a_long_path_leaves_room_for_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
