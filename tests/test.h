/* SPDX-License-Identifier: BSD-3-Clause */
/* What every module test starts from. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/status.h"
#include "fenlei.h"

#include <stdlib.h>
#include <string.h>

#define assert_text(text, expected) assert_text_at((text), (expected), __FILE__, __LINE__)

static inline void assert_text_at(fenlei_text text, const char *expected, const char *file,
                                  int line)
{
    bool are_equal = text_equal(text, text_of(expected));
    if (!are_equal)
        print_error("\"%.*s\" is not \"%s\"\n", (int)text.size, text.bytes, expected);
    _assert_true(are_equal, "the texts are equal", file, line);
}

static inline void assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" does not contain \"%s\"", text, part);
}

#endif
