/* SPDX-License-Identifier: BSD-3-Clause */
/* What is common, what is rare, and what nobody writes. */
#include "label/surprisal.h"
#include "test.h"

static void everyday_letters_are_no_surprise(void **state)
{
    (void)state;
    static const uint32_t common[] = {0x7684, 0xFF0C, 0x3002, 0x4EBA, 0x6CD5, 'e', '0', '\n'};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        assert_in_range(surprisal(common[i]), 3, 9);
}

static void both_scripts_are_alike(void **state)
{
    (void)state;
    static const uint32_t pairs[][2] = {{0x56FD, 0x570B}, {0x4F1A, 0x6703}, {0x95E8, 0x9580}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_int_equal(surprisal(pairs[i][0]), surprisal(pairs[i][1]));
}

static void the_rarer_the_more_surprising(void **state)
{
    (void)state;
    /* 的 发 赫 靐, a private character, one that is none, one beyond all planes in use */
    static const uint32_t rising[] = {0x7684, 0x53D1, 0x8D6B, 0x9750, 0xE000, 0xFFFF, 0xF0000};
    for (size_t i = 1; i < sizeof rising / sizeof *rising; i++)
        assert_true(surprisal(rising[i - 1]) <= surprisal(rising[i]));
    assert_in_range(surprisal(0x8D6B), 13, 19);
    assert_in_range(surprisal(0x9750), 20, 21);
    assert_int_equal(surprisal(0xF0000), SURPRISAL_MAX);
    assert_true(surprisal(0x1F600) < surprisal(0x20000)); /* an emoji, a rare Han character */
}

static void all_are_in_range(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x110000; c++)
        if (surprisal(c) < 3 || surprisal(c) > SURPRISAL_MAX)
            fail_msg("U+%04x: %u bits", c, surprisal(c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everyday_letters_are_no_surprise),
        cmocka_unit_test(both_scripts_are_alike),
        cmocka_unit_test(the_rarer_the_more_surprising),
        cmocka_unit_test(all_are_in_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
