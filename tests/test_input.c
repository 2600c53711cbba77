#include "base/input.h"
#include "test.h"

#include <stdio.h>
#include <unistd.h>

static fenlei_error error;

static FILE *file_of(const char *bytes, size_t size)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    rewind(file);
    return file;
}

static void lines_come_without_their_breaks(void **state)
{
    (void)state;
    static const char bytes[] = "one\n\nthree\r\n\r\n\0NUL\0\n\n\0\nlast";
    static const struct {
        const char *bytes;
        size_t size;
    } expected[] = {{"one", 3},     {"", 0}, {"three", 5}, {"", 0},
                    {"\0NUL\0", 5}, {"", 0}, {"\0", 1},    {"last", 4}};
    FILE *file = file_of(bytes, sizeof bytes - 1);
    struct buffer line = {0};
    bool end;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_int_equal(input_line(file, &line, &end, &error), FENLEI_OK);
        assert_false(end);
        assert_int_equal(line.size, expected[i].size);
        if (line.size > 0)
            assert_memory_equal(line.bytes, expected[i].bytes, line.size);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(input_line(file, &line, &end, &error), FENLEI_OK);
        assert_true(end);
    }
    buffer_release(&line);
    fclose(file);
}

/* Lines of every length around those of the pieces that they are read in. */
static void no_length_is_special(void **state)
{
    (void)state;
    struct buffer bytes = {0}, line = {0};
    bool end;
    size_t lengths[] = {0, 1, 4093, 4094, 4095, 4096, 4097, 8189, 8190, 8191, 8192, 100000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        for (size_t k = 0; k < lengths[i]; k++)
            buffer_append(&bytes, &"\0abcdefg"[k % 8], 1);
        buffer_append(&bytes, "\n", 1);
    }
    FILE *file = file_of(bytes.bytes, bytes.size);
    size_t at = 0;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        assert_int_equal(input_line(file, &line, &end, &error), FENLEI_OK);
        assert_int_equal(line.size, lengths[i]);
        if (line.size > 0)
            assert_memory_equal(line.bytes, bytes.bytes + at, line.size);
        at += lengths[i] + 1;
    }
    assert_int_equal(input_line(file, &line, &end, &error), FENLEI_OK);
    assert_true(end);
    buffer_release(&bytes);
    buffer_release(&line);
    fclose(file);
}

static void a_line_over_the_limit_is_passed_over(void **state)
{
    (void)state;
    char *bytes = malloc(INPUT_LINE_MAX + 8);
    assert_non_null(bytes);
    memset(bytes, 'x', INPUT_LINE_MAX + 8);
    for (size_t more = 0; more < 2; more++) {
        bytes[INPUT_LINE_MAX + more] = '\n';
        FILE *file = file_of(bytes, INPUT_LINE_MAX + 4);
        struct buffer line = {0};
        bool end;
        assert_int_equal(input_line(file, &line, &end, &error), FENLEI_OK);
        assert_false(end);
        if (more == 0) {
            assert_int_equal(line.size, INPUT_LINE_MAX);
            assert_int_equal(input_check_line(&line, &error), FENLEI_OK);
        } else {
            assert_int_equal(input_check_line(&line, &error), FENLEI_BAD_INPUT);
            assert_contains(error.message, "longer than 16 MiB");
            assert_null(line.bytes);
        }
        assert_int_equal(input_line(file, &line, &end, &error), FENLEI_OK);
        assert_int_equal(input_check_line(&line, &error), FENLEI_OK);
        assert_int_equal(line.size, 3 - more);
        buffer_release(&line);
        fclose(file);
        bytes[INPUT_LINE_MAX + more] = 'x';
    }
    free(bytes);
}

/* A line that only the end of the file ends may be too long as well. */
static void the_last_line_may_be_too_long(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fseek(file, INPUT_LINE_MAX, SEEK_SET), 0);
    assert_int_equal(fputc('x', file), 'x');
    rewind(file);
    struct buffer line = {0};
    bool end;
    assert_int_equal(input_line(file, &line, &end, &error), FENLEI_OK);
    assert_false(end);
    assert_int_equal(input_check_line(&line, &error), FENLEI_BAD_INPUT);
    assert_int_equal(input_line(file, &line, &end, &error), FENLEI_OK);
    assert_true(end);
    buffer_release(&line);
    fclose(file);
}

static void a_folder_is_no_file(void **state)
{
    (void)state;
    FILE *file;
    assert_int_equal(input_open("/", &file, &error), FENLEI_IO);
    assert_contains(error.message, "a folder");
    assert_int_equal(input_open("/no/such/file", &file, &error), FENLEI_IO);
    assert_contains(error.message, "No such file");
}

static void a_file_over_the_limit_is_refused(void **state)
{
    (void)state;
    char path[] = "/tmp/fenlei-test-XXXXXX";
    int descriptor = mkstemp(path);
    struct buffer bytes = {0};
    assert_true(descriptor >= 0);
    assert_int_equal(ftruncate(descriptor, INPUT_FILE_MAX), 0);
    assert_int_equal(input_read(path, &bytes, &error), FENLEI_OK);
    assert_int_equal(bytes.size, INPUT_FILE_MAX);
    assert_int_equal(ftruncate(descriptor, (off_t)INPUT_FILE_MAX * 1000), 0);
    assert_int_equal(input_read(path, &bytes, &error), FENLEI_BAD_INPUT);
    assert_contains(error.message, "longer than 64 MiB");
    assert_true(bytes.size <= (size_t)INPUT_FILE_MAX + (1 << 20));
    buffer_release(&bytes);
    close(descriptor);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_without_their_breaks),
        cmocka_unit_test(no_length_is_special),
        cmocka_unit_test(a_line_over_the_limit_is_passed_over),
        cmocka_unit_test(the_last_line_may_be_too_long),
        cmocka_unit_test(a_folder_is_no_file),
        cmocka_unit_test(a_file_over_the_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
