/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/progress.h"
#include "test.h"

static void a_line_says_what_is_left(void **state)
{
    (void)state;
    static const struct {
        const char *what, *unit, *line;
        size_t done, all;
        double seconds;
    } cases[] = {
        {"training", "", "training: 12 of 144, about 33 s left", 12, 144, 3},
        {"training", "", "training: 144 of 144, about 0 s left", 144, 144, 3},
        {"labelling", " files", "labelling: 7 files", 7, 0, 3},
        {"labelling", " MB", "labelling: 0 of 9 MB", 0, 9, 3},
        {"labelling", " MB", "labelling: 10 of 9 MB, about 0 s left", 10, 9, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer line = {0};
        struct progress progress = {.what = cases[i].what, .unit = cases[i].unit};
        progress_line(&line, &progress, cases[i].done, cases[i].all, cases[i].seconds);
        assert_text(((fenlei_text){line.bytes, line.size}), cases[i].line);
        buffer_release(&line);
    }
}

static void nothing_is_shown_where_nobody_looks(void **state)
{
    (void)state;
    struct progress off = {0}, paused;
    progress_show(&off, 1, 2);
    assert_int_equal(off.width, 0);
    progress_begin(&paused, "a", "", 1e6, true);
    progress_show(&paused, 1, 2);
    assert_int_equal(paused.width, 0);
    progress_clear(&paused);
    paused.pause = 0;
    progress_show(&paused, 1, 2);
    assert_true(paused.width > 0);
    progress_clear(&paused);
    assert_int_equal(paused.width, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_what_is_left),
        cmocka_unit_test(nothing_is_shown_where_nobody_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
