/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/sequence.h"

#include "base/input.h"
#include "base/status.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void begin_value(struct sequence *sequence)
{
    buffer_clear(&sequence->value);
    sequence->value_line = sequence->breaks + 1;
    sequence->depth = 0;
    sequence->in_value = true;
    sequence->in_string = sequence->is_escaped = false;
    sequence->is_too_long = false;
}

/* A byte between values; true where a value begins with it. */
static bool step_between(struct sequence *sequence, char c)
{
    if (is_blank(c) || c == ',')
        return false;
    if (c == '[' && !sequence->in_array) {
        sequence->in_array = true;
        sequence->array_line = sequence->breaks + 1;
        return false;
    }
    if (c == ']' && sequence->in_array) {
        sequence->in_array = false;
        return false;
    }
    return true;
}

/* A byte of a value; true where the value ends with it. */
static bool step_inside(struct sequence *sequence, char c)
{
    if (sequence->in_string) {
        bool ends = c == '"' && !sequence->is_escaped;
        sequence->is_escaped = c == '\\' && !sequence->is_escaped;
        sequence->in_string = !ends;
        return ends && sequence->depth == 0;
    }
    sequence->in_string = c == '"';
    if (c == '{' || c == '[')
        sequence->depth++;
    if ((c == '}' || c == ']') && sequence->depth > 0)
        return --sequence->depth == 0;
    return false;
}

/* Does a number or a word end before this byte? */
static bool ends_before(const struct sequence *sequence, char c)
{
    return sequence->depth == 0 && !sequence->in_string &&
           (is_blank(c) || c == ',' || c == ']' || c == '}');
}

static void keep(struct sequence *sequence, const char *bytes, size_t size)
{
    if (sequence->is_too_long || size > INPUT_LINE_MAX - sequence->value.size) {
        sequence->is_too_long = true;
        buffer_release(&sequence->value);
    } else {
        buffer_append(&sequence->value, bytes, size);
    }
}

bool sequence_take(struct sequence *sequence, fenlei_text *bytes)
{
    size_t start = 0, at = 0;
    bool is_whole = false;
    for (; at < bytes->size && !is_whole; at++) {
        char c = bytes->bytes[at];
        if (!sequence->in_value && step_between(sequence, c)) {
            begin_value(sequence);
            start = at;
        } else if (sequence->in_value && ends_before(sequence, c)) {
            is_whole = true; /* the byte is seen again, between values */
            break;
        }
        if (sequence->in_value)
            is_whole = step_inside(sequence, c);
        sequence->breaks += c == '\n';
    }
    if (sequence->in_value)
        keep(sequence, bytes->bytes + start, at - start);
    if (is_whole)
        sequence->in_value = false;
    *bytes = (fenlei_text){bytes->bytes + at, bytes->size - at};
    return is_whole;
}

bool sequence_take_last(struct sequence *sequence)
{
    bool is_whole = sequence->in_value && sequence->depth == 0 && !sequence->in_string;
    if (is_whole)
        sequence->in_value = false;
    return is_whole;
}

fenlei_status sequence_end(const struct sequence *sequence, fenlei_error *error)
{
    if (sequence->in_value)
        return error_set(error, FENLEI_BAD_INPUT,
                         "the file ends inside a record, which begins in line %zu",
                         sequence->value_line);
    if (sequence->in_array)
        return error_set(error, FENLEI_BAD_INPUT,
                         "the file ends inside the array that begins in line %zu",
                         sequence->array_line);
    return FENLEI_OK;
}

void sequence_release(struct sequence *sequence)
{
    buffer_release(&sequence->value);
    *sequence = (struct sequence){0};
}
