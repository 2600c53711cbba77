/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/input.h"
#include "test.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static fenlei_error error;

/* A file of these bytes without a name, open at its beginning. */
static struct input input_of(const char *bytes, size_t size)
{
    int descriptor = memfd_create("input", 0);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, size), size);
    assert_int_equal(lseek(descriptor, 0, SEEK_SET), 0);
    return (struct input){.descriptor = descriptor, .is_open = true};
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
    struct input input = input_of(bytes, sizeof bytes - 1);
    struct buffer line = {0};
    bool end;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_int_equal(input_line(&input, &line, &end, &error), FENLEI_OK);
        assert_false(end);
        assert_int_equal(line.size, expected[i].size);
        if (line.size > 0)
            assert_memory_equal(line.bytes, expected[i].bytes, line.size);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(input_line(&input, &line, &end, &error), FENLEI_OK);
        assert_true(end);
    }
    buffer_release(&line);
    input_close(&input);
}

static void reads_lengths(struct input *input, const struct buffer *bytes, const size_t *lengths,
                          size_t n)
{
    struct buffer line = {0};
    size_t at = 0;
    bool end;
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(input_line(input, &line, &end, &error), FENLEI_OK);
        assert_int_equal(line.size, lengths[i]);
        if (line.size > 0)
            assert_memory_equal(line.bytes, bytes->bytes + at, line.size);
        at += lengths[i] + 1;
    }
    assert_int_equal(input_line(input, &line, &end, &error), FENLEI_OK);
    assert_true(end);
    assert_false(input_waits(input));
    buffer_release(&line);
    input_close(input);
}

/* Lines of every length around those of the pieces that they are read in, of a file and of bytes in
 * memory. */
static void no_length_is_special(void **state)
{
    (void)state;
    struct buffer bytes = {0};
    size_t lengths[] = {0, 1, 4093, 4094, 4095, 4096, 4097, 8189, 8190, 8191, 8192, 100000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        for (size_t k = 0; k < lengths[i]; k++)
            buffer_append(&bytes, &"\0abcdefg"[k % 8], 1);
        buffer_append(&bytes, "\n", 1);
    }
    struct input input = input_of(bytes.bytes, bytes.size);
    reads_lengths(&input, &bytes, lengths, sizeof lengths / sizeof *lengths);
    input_open_bytes(&input, (fenlei_text){bytes.bytes, bytes.size});
    reads_lengths(&input, &bytes, lengths, sizeof lengths / sizeof *lengths);
    input_open_bytes(&input, (fenlei_text){NULL, 0});
    reads_lengths(&input, &bytes, NULL, 0);
    buffer_release(&bytes);
}

/* Reads all lines, many at a time where that can be and `most` of them, and appends each with a
 * mark behind it; the number of them that came many at a time. */
static size_t read_many(struct input *input, size_t most, struct buffer *all)
{
    fenlei_text *lines = malloc(most * sizeof *lines);
    struct buffer bytes = {0};
    size_t n, together = 0;
    bool end = false;
    assert_non_null(lines);
    while (!end) {
        while ((n = input_lines(input, &bytes, lines, most)) > 0) {
            assert_true(n <= most);
            together += n;
            for (size_t i = 0; i < n; i++) {
                buffer_append_text(all, lines[i]);
                buffer_append_string(all, "|");
            }
        }
        assert_int_equal(input_line(input, &bytes, &end, &error), FENLEI_OK);
        if (!end && !bytes.failed)
            buffer_append(all, bytes.bytes, bytes.size);
        if (!end)
            buffer_append_string(all, bytes.failed ? "too long|" : "|");
    }
    buffer_release(&bytes);
    free(lines);
    return together;
}

/* Many lines at a time are the lines that come one at a time. */
static void many_lines_are_the_same_lines(void **state)
{
    (void)state;
    static const size_t lengths[] = {0,     1,     2,     300,   16382, 16383,
                                     16384, 32767, 32768, 65535, 65536, 200000};
    enum { LENGTHS = sizeof lengths / sizeof *lengths };
    struct buffer bytes = {0}, one = {0}, many = {0};
    for (size_t i = 0; i < (size_t)LENGTHS * LENGTHS; i++) {
        size_t length = i % 3 == 0 ? lengths[i / LENGTHS] : lengths[i % LENGTHS];
        for (size_t k = 0; k < length; k++)
            buffer_append(&bytes, &"\0abc\rdefg"[(i + k) % 9], 1);
        buffer_append_string(&bytes, i % 5 == 0 ? "\r\n" : "\n");
    }
    for (int has_last = 0; has_last < 2; has_last++) {
        struct input input = input_of(bytes.bytes, bytes.size);
        bool end = false;
        struct buffer line = {0};
        buffer_clear(&one);
        while (input_line(&input, &line, &end, &error) == FENLEI_OK && !end) {
            buffer_append(&one, line.bytes, line.size);
            buffer_append_string(&one, "|");
        }
        input_close(&input);
        buffer_release(&line);
        for (size_t most = 1; most <= 100; most += 33)
            for (int in_memory = 0; in_memory < 2; in_memory++) {
                buffer_clear(&many);
                if (in_memory)
                    input_open_bytes(&input, (fenlei_text){bytes.bytes, bytes.size});
                else
                    input = input_of(bytes.bytes, bytes.size);
                assert_int_equal(read_many(&input, most, &many), LENGTHS * LENGTHS);
                assert_int_equal(many.size, one.size);
                assert_memory_equal(many.bytes, one.bytes, one.size);
                input_close(&input);
            }
        buffer_append_string(&bytes, "last");
    }
    buffer_release(&bytes);
    buffer_release(&one);
    buffer_release(&many);
}

/* What was read ahead to tell a file's form comes first, and a line that comes in pieces is one. */
static void many_lines_come_through_a_pipe(void **state)
{
    (void)state;
    int ends[2];
    fenlei_text ahead, lines[8];
    struct buffer bytes = {0};
    assert_int_equal(pipe(ends), 0);
    struct input input = {.descriptor = ends[0], .is_open = true};
    assert_int_equal(write(ends[1], "one\ntwo\nthr", 11), 11);
    assert_int_equal(input_peek(&input, 100, &ahead, &error), FENLEI_OK);
    assert_int_equal(input_lines(&input, &bytes, lines, 1), 1);
    assert_text(lines[0], "one");
    assert_int_equal(input_lines(&input, &bytes, lines, 8), 1);
    assert_text(lines[0], "two");
    assert_true(input_waits(&input));
    assert_int_equal(write(ends[1], "ee\r\nfour\nfi", 11), 11);
    assert_int_equal(input_lines(&input, &bytes, lines, 8), 2);
    assert_text(lines[0], "three");
    assert_text(lines[1], "four");
    close(ends[1]);
    assert_int_equal(input_lines(&input, &bytes, lines, 8), 0);
    bool end;
    assert_int_equal(input_line(&input, &bytes, &end, &error), FENLEI_OK);
    assert_text(((fenlei_text){bytes.bytes, bytes.size}), "fi");
    assert_int_equal(input_lines(&input, &bytes, lines, 8), 0);
    assert_int_equal(input_line(&input, &bytes, &end, &error), FENLEI_OK);
    assert_true(end);
    buffer_release(&bytes);
    input_close(&input);
}

static fenlei_status convert(void *context, fenlei_text bytes, bool at_end, struct buffer *out,
                             fenlei_error *reason)
{
    (void)context, (void)at_end, (void)reason;
    for (size_t i = 0; i < bytes.size; i++)
        buffer_append(out, bytes.bytes[i] == 'a' ? "A" : &bytes.bytes[i], 1);
    return FENLEI_OK;
}

static void what_is_converted_comes_one_by_one(void **state)
{
    (void)state;
    fenlei_text lines[8];
    struct buffer bytes = {0};
    bool end;
    struct input input = input_of("a\nb\n", 4);
    assert_int_equal(input_convert_by(&input, convert, NULL, &error), FENLEI_OK);
    assert_int_equal(input_lines(&input, &bytes, lines, 8), 0);
    assert_int_equal(input_line(&input, &bytes, &end, &error), FENLEI_OK);
    assert_text(((fenlei_text){bytes.bytes, bytes.size}), "A");
    buffer_release(&bytes);
    input_close(&input);
}

/* A line that is just whole, one that is a byte too long, and what stands behind it. */
static void a_long_line_is_not_among_many(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        struct buffer bytes = {0}, all = {0};
        buffer_append_string(&bytes, "before\n");
        assert_true(buffer_reserve(&bytes, INPUT_LINE_MAX + 100));
        memset(bytes.bytes + bytes.size, 'x', INPUT_LINE_MAX + more);
        bytes.size += INPUT_LINE_MAX + more;
        buffer_append_string(&bytes, "\nbehind\nthat\n");
        struct input input = input_of(bytes.bytes, bytes.size);
        assert_int_equal(read_many(&input, 8, &all), 4 - more);
        assert_int_equal(all.size, (more ? 8 : INPUT_LINE_MAX) + strlen("before||behind|that|"));
        assert_true(text_ends((fenlei_text){all.bytes, all.size},
                              more ? "before|too long|behind|that|" : "x|behind|that|"));
        input_close(&input);
        buffer_release(&bytes);
        buffer_release(&all);
    }
}

static void a_line_over_the_limit_is_passed_over(void **state)
{
    (void)state;
    char *bytes = malloc(INPUT_LINE_MAX + 8);
    assert_non_null(bytes);
    memset(bytes, 'x', INPUT_LINE_MAX + 8);
    for (size_t more = 0; more < 2; more++) {
        bytes[INPUT_LINE_MAX + more] = '\n';
        struct input input = input_of(bytes, INPUT_LINE_MAX + 4);
        struct buffer line = {0};
        bool end;
        assert_int_equal(input_line(&input, &line, &end, &error), FENLEI_OK);
        assert_false(end);
        if (more == 0) {
            assert_int_equal(line.size, INPUT_LINE_MAX);
            assert_int_equal(input_check_line(&line, &error), FENLEI_OK);
        } else {
            assert_int_equal(input_check_line(&line, &error), FENLEI_BAD_INPUT);
            assert_contains(error.message, "longer than 16 MiB");
            assert_null(line.bytes);
        }
        assert_int_equal(input_line(&input, &line, &end, &error), FENLEI_OK);
        assert_int_equal(input_check_line(&line, &error), FENLEI_OK);
        assert_int_equal(line.size, 3 - more);
        buffer_release(&line);
        input_close(&input);
        bytes[INPUT_LINE_MAX + more] = 'x';
    }
    free(bytes);
}

/* A line that only the end of the file ends may be too long as well. */
static void the_last_line_may_be_too_long(void **state)
{
    (void)state;
    struct input input = input_of("", 0);
    assert_int_equal(pwrite(input.descriptor, "x", 1, INPUT_LINE_MAX), 1);
    struct buffer line = {0};
    bool end;
    assert_int_equal(input_line(&input, &line, &end, &error), FENLEI_OK);
    assert_false(end);
    assert_int_equal(input_check_line(&line, &error), FENLEI_BAD_INPUT);
    assert_int_equal(input_line(&input, &line, &end, &error), FENLEI_OK);
    assert_true(end);
    buffer_release(&line);
    input_close(&input);
}

/* A part of a line behind a whole one, however long it is, keeps waiting; what is there is not
 * lost. */
static void a_part_of_a_line_is_waited_for(void **state)
{
    (void)state;
    enum { PART = 20000 };
    int ends[2];
    fenlei_text lines[8];
    struct buffer bytes = {0}, part = {0};
    assert_int_equal(pipe(ends), 0);
    struct input input = {.descriptor = ends[0], .is_open = true};
    for (int i = 0; i < PART; i++)
        buffer_append_string(&part, "x");
    for (int round = 0; round < 20; round++) {
        assert_int_equal(write(ends[1], "one\n", 4), 4);
        assert_int_equal(write(ends[1], part.bytes, part.size), PART);
        assert_int_equal(input_lines(&input, &bytes, lines, 8), 1);
        assert_text(lines[0], "one");
        assert_true(input_waits(&input));
        assert_true(input_waits(&input));
        assert_int_equal(write(ends[1], "\n", 1), 1);
        assert_false(input_waits(&input));
        assert_int_equal(input_lines(&input, &bytes, lines, 8), 1);
        assert_int_equal(lines[0].size, PART);
        assert_true(input_waits(&input));
        assert_true(input.chunk.capacity < (size_t)8 * PART);
    }
    close(ends[1]);
    assert_false(input_waits(&input));
    buffer_release(&bytes);
    buffer_release(&part);
    input_close(&input);
}

/* A socket tells once why it cannot be read, and then that it is at its end. */
static void a_fault_is_not_the_end(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++) {
        int ends[2];
        fenlei_text lines[8];
        struct buffer bytes = {0};
        bool end;
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        struct input input = {.descriptor = ends[0], .is_open = true};
        assert_int_equal(write(ends[1], "one\nhalf", 8), 8);
        assert_int_equal(write(ends[0], "x", 1), 1);
        close(ends[1]); /* with what was written to it unread */
        assert_int_equal(input_line(&input, &bytes, &end, &error), FENLEI_OK);
        assert_int_equal(bytes.size, 3);
        if (how == 1)
            assert_false(input_waits(&input));
        if (how == 2)
            assert_int_equal(input_lines(&input, &bytes, lines, 8), 0);
        for (int i = 0; i < 2; i++) {
            assert_int_equal(input_line(&input, &bytes, &end, &error), FENLEI_IO);
            assert_contains(error.message, "Connection reset");
        }
        buffer_release(&bytes);
        input_close(&input);
    }
}

static void a_folder_is_no_file(void **state)
{
    (void)state;
    struct input input;
    assert_int_equal(input_open(&input, "/", &error), FENLEI_IO);
    assert_contains(error.message, "a folder");
    assert_int_equal(input_open(&input, "/no/such/file", &error), FENLEI_IO);
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

static void who_waits_is_known(void **state)
{
    (void)state;
    int ends[2];
    struct buffer line = {0};
    bool end;
    assert_int_equal(pipe(ends), 0);
    struct input input = {.descriptor = ends[0], .is_open = true};
    assert_true(input_waits(&input));
    assert_int_equal(write(ends[1], "one\ntwo\nthr", 11), 11);
    assert_false(input_waits(&input));
    assert_int_equal(input_line(&input, &line, &end, &error), FENLEI_OK);
    assert_false(input_waits(&input)); /* "two" is there */
    assert_int_equal(input_line(&input, &line, &end, &error), FENLEI_OK);
    assert_true(input_waits(&input)); /* "thr" is no line yet */
    assert_int_equal(write(ends[1], "ee\n", 3), 3);
    assert_false(input_waits(&input));
    assert_int_equal(input_line(&input, &line, &end, &error), FENLEI_OK);
    assert_int_equal(line.size, 5);
    close(ends[1]);
    assert_false(input_waits(&input)); /* the end does not keep anybody waiting */
    assert_int_equal(input_line(&input, &line, &end, &error), FENLEI_OK);
    assert_true(end);
    assert_false(input_waits(&input));
    buffer_release(&line);
    input_close(&input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_without_their_breaks),
        cmocka_unit_test(no_length_is_special),
        cmocka_unit_test(many_lines_are_the_same_lines),
        cmocka_unit_test(many_lines_come_through_a_pipe),
        cmocka_unit_test(what_is_converted_comes_one_by_one),
        cmocka_unit_test(a_long_line_is_not_among_many),
        cmocka_unit_test(a_line_over_the_limit_is_passed_over),
        cmocka_unit_test(the_last_line_may_be_too_long),
        cmocka_unit_test(who_waits_is_known),
        cmocka_unit_test(a_part_of_a_line_is_waited_for),
        cmocka_unit_test(a_fault_is_not_the_end),
        cmocka_unit_test(a_folder_is_no_file),
        cmocka_unit_test(a_file_over_the_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
