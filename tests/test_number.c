/* SPDX-License-Identifier: BSD-3-Clause */
/* base/number.h: decimals that do not depend on the locale. */
#include "test.h"

#include "base/json.h"
#include "base/number.h"

#include <locale.h>
#include <math.h>

static void assert_number(void (*append)(struct buffer *), const char *expected)
{
    struct buffer out = {0};
    append(&out);
    assert_text(((fenlei_text){out.bytes, out.size}), expected);
    buffer_release(&out);
}

#define NUMBER(name, call, expected)                                                               \
    static void name##_append(struct buffer *out)                                                  \
    {                                                                                              \
        call;                                                                                      \
    }                                                                                              \
    static void name(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        assert_number(name##_append, expected);                                                    \
    }

NUMBER(rounds_to_nearest, number_fixed(out, 0.0625, 3), "0.063")
NUMBER(keeps_zeros, number_fixed(out, 2, 4), "2.0000")
NUMBER(without_decimals, number_fixed(out, -7.6, 0), "-8")
NUMBER(no_minus_before_nothing, number_fixed(out, -0.0004, 3), "0.000")
NUMBER(not_a_number, number_fixed(out, (double)NAN, 3), "-")
NUMBER(infinite, number_fixed(out, -(double)INFINITY, 3), "-")
NUMBER(twelve_decimals, number_fixed(out, 0.123456789012, 12), "0.123456789012")
NUMBER(too_large_for_twelve, number_fixed(out, 1234567.5, 12), "1234567.500000000")
NUMBER(larger_than_decimals, number_fixed(out, 3e9, 2), "3000000000")
NUMBER(signs_of_ones_own, number_signed(out, -1.5, 1, "+", "−"), "−1.5")
NUMBER(plus_before_zero, number_signed(out, 0, 2, "+", "-"), "+0.00")
NUMBER(aligned, number_aligned(out, -0.5, 3, "", 8), "  -0.500")
NUMBER(aligned_nan, number_aligned(out, (double)NAN, 3, "+", 4), "   -")
NUMBER(wider_than_its_column, number_aligned(out, 12345, 1, "", 3), "12345.0")
NUMBER(json_drops_zeros, json_number(out, 0.5, 6), "0.5")
NUMBER(json_drops_the_point, json_number(out, -20, 6), "-20")
NUMBER(json_has_null, json_number(out, (double)NAN, 6), "null")
NUMBER(json_beyond_integers, json_number(out, 1e300, 3), "1.0000000000000001e+300")

int main(void)
{
    /* Where it is there, a locale whose point is a comma. */
    setlocale(LC_ALL, "de_DE.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_to_nearest),    cmocka_unit_test(keeps_zeros),
        cmocka_unit_test(without_decimals),     cmocka_unit_test(no_minus_before_nothing),
        cmocka_unit_test(not_a_number),         cmocka_unit_test(infinite),
        cmocka_unit_test(twelve_decimals),      cmocka_unit_test(too_large_for_twelve),
        cmocka_unit_test(larger_than_decimals), cmocka_unit_test(signs_of_ones_own),
        cmocka_unit_test(plus_before_zero),     cmocka_unit_test(aligned),
        cmocka_unit_test(aligned_nan),          cmocka_unit_test(wider_than_its_column),
        cmocka_unit_test(json_drops_zeros),     cmocka_unit_test(json_drops_the_point),
        cmocka_unit_test(json_has_null),        cmocka_unit_test(json_beyond_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
