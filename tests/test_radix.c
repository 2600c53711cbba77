/* SPDX-License-Identifier: BSD-3-Clause */
/* Sorting in linear time gives what qsort() gives. */
#include "base/radix.h"
#include "test.h"

enum { MOST = 3000 };

static uint64_t numbers[MOST], expected[MOST], scratch[MOST];

static int by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/* n numbers, in which only the bits of `mask` differ. */
static void draw(size_t n, uint64_t mask)
{
    static uint64_t state = 7;
    for (size_t i = 0; i < n; i++) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
        numbers[i] = expected[i] = ((state ^ state >> 31) & mask) | (~mask & 0x5A5A5A5A5A5A5A5A);
    }
    qsort(expected, n, sizeof *expected, by_number);
}

/* None, one, few, as many as change the way it is done, and many; whole numbers, and such that have
 * some bytes in common. */
static void numbers_are_sorted(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 23, 24, 25, 300, MOST};
    static const uint64_t masks[] = {UINT64_MAX, 0xFFFF, 0xFF00FF00FF000000, 0x3, 0};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t m = 0; m < sizeof masks / sizeof *masks; m++) {
            draw(sizes[s], masks[m]);
            radix_sort(numbers, scratch, sizes[s]);
            if (sizes[s] > 0)
                assert_memory_equal(numbers, expected, sizes[s] * sizeof *numbers);
        }
}

static void each_stands_once(void **state)
{
    (void)state;
    size_t n_expected = 0;
    draw(MOST, 0x700000000F);
    size_t n = radix_sort_unique(numbers, scratch, MOST);
    for (size_t i = 0; i < MOST; i++)
        if (i == 0 || expected[i] != expected[i - 1])
            assert_true(n_expected < n && numbers[n_expected++] == expected[i]);
    assert_int_equal(n, n_expected);
    assert_in_range(n, 100, 128);
    assert_int_equal(radix_sort_unique(numbers, scratch, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_sorted),
        cmocka_unit_test(each_stands_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
