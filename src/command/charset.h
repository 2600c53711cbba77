/* SPDX-License-Identifier: BSD-3-Clause */
/* A file in any encoding that label/decode.h knows as a stream of UTF-8: what is read of it is
 * decoded piece by piece, so that its size does not matter. */
#ifndef COMMAND_CHARSET_H
#define COMMAND_CHARSET_H

#include "base/input.h"
#include "label/decode.h"

/* All zero is a file not yet begun. */
struct charset {
    const char *encoding; /* NULL while there is ASCII alone */
    size_t
        substitutions;  /* invalid sequences that became U+FFFD; of UTF-8 none: it stays as it is */
    struct buffer held; /* what is no whole line, or no whole character, yet */
    struct decoded decoded; /* scratch */
};

/* Does a file that begins with these bytes hold characters of two or four bytes each? */
bool charset_is_wide(fenlei_text beginning);

/* An input_convert() whose context is a struct charset. Its first piece beyond ASCII tells the
 * encoding. */
input_convert charset_convert;

/* The encoding that text of seven bits has the marks of, as HZ has ~{ and ~}: none of these is
 * detected, for such marks may be plain text. NULL for none. A constant string, as --encoding takes
 * it. */
const char *charset_of_seven_bits(fenlei_text text);

void charset_release(struct charset *charset);

#endif
