/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/plain.h"

#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>

static bool is_obeyed(int32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || /* controls */
           c == 0x2028 || c == 0x2029 ||          /* separators of lines and paragraphs */
           c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069); /* directions */
}

/* Appends the valid text; returns how many characters are still allowed. */
static size_t append_valid(struct buffer *out, const char *bytes, size_t size, size_t most)
{
    for (size_t at = 0; at < size && most > 0; most--) {
        size_t start = at;
        if (is_obeyed(utf8_next(bytes, &at)))
            buffer_append_string(out, " ");
        else
            buffer_append(out, bytes + start, at - start);
    }
    return most;
}

static size_t count_characters(const char *bytes, size_t size)
{
    size_t n = 0;
    for (size_t at = 0; at < size; n++)
        utf8_next(bytes, &at);
    return n;
}

void plain_append_excerpt(struct buffer *out, fenlei_text text, size_t most)
{
    for (size_t at = 0; at < text.size;) {
        size_t valid = utf8_valid_prefix(text.bytes + at, text.size - at);
        bool is_cut = count_characters(text.bytes + at, valid) > most;
        most = append_valid(out, text.bytes + at, valid, most);
        at += valid;
        if (is_cut || (most == 0 && at < text.size)) {
            buffer_append_string(out, "…");
            return;
        }
        if (at < text.size) {
            buffer_append_string(out, "\xEF\xBF\xBD");
            at++;
            most--;
        }
    }
}

void plain_append(struct buffer *out, fenlei_text text)
{
    plain_append_excerpt(out, text, SIZE_MAX);
}

void plain_append_string(struct buffer *out, const char *string)
{
    plain_append(out, text_of(string));
}

void plain_from(struct buffer *buffer, size_t from)
{
    struct buffer plain = {0};
    if (buffer->failed)
        return;
    plain_append(&plain, (fenlei_text){buffer->bytes + from, buffer->size - from});
    buffer->size = from;
    buffer_append(buffer, plain.bytes, plain.size);
    buffer->failed = buffer->failed || plain.failed;
    buffer_release(&plain);
}
