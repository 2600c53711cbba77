#include "test.h"

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

static void errors_are_located(void **state)
{
    (void)state;
    fenlei_error error;
    assert_int_equal(error_set(&error, FENLEI_BAD_INPUT, "no \"%s\"", "text"), FENLEI_BAD_INPUT);
    assert_int_equal(error_locate(&error, "a.jsonl", 7), FENLEI_BAD_INPUT);
    assert_string_equal(error.message, "a.jsonl:7: no \"text\"");
    assert_int_equal(error_memory(NULL), FENLEI_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_and_keeps),
        cmocka_unit_test(refuses_sizes_that_overflow),
        cmocka_unit_test(buffer_joins_and_remembers_failure),
        cmocka_unit_test(errors_are_located),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
