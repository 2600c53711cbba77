/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON values one after the other, or as the elements of an array, out of bytes that come piece by
 * piece: one value is kept at a time. What a value is made of is for json.h to judge. */
#ifndef COMMAND_SEQUENCE_H
#define COMMAND_SEQUENCE_H

#include "base/memory.h"

/* All zero is one not yet begun. */
struct sequence {
    struct buffer value; /* the last one, from its first byte to its last */
    size_t value_line;   /* where it begins, from 1 */
    bool is_too_long;    /* it has more than INPUT_LINE_MAX bytes, and is not kept */

    size_t breaks; /* scratch: line breaks behind us */
    size_t array_line;
    size_t depth;
    bool in_array, in_value, in_string, is_escaped;
};

/* Takes from the front of *bytes to the end of a value, which is then whole, and true; false where
 * *bytes ends before. */
bool sequence_take(struct sequence *sequence, fenlei_text *bytes);

/* At the end of the file: takes a last number or word, and true. */
bool sequence_take_last(struct sequence *sequence);

/* Is anything left open at the end of the file? An error that names the line it begins in. */
fenlei_status sequence_end(const struct sequence *sequence, fenlei_error *error);

void sequence_release(struct sequence *sequence);

#endif
