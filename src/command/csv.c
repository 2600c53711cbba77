/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/csv.h"

#include <string.h>

static void separate(struct buffer *out)
{
    if (out->size > 0 && out->bytes[out->size - 1] != '\n')
        buffer_append_string(out, ",");
}

/* Is it what a spreadsheet takes for a formula? Also by the full-width forms of these signs. */
static bool is_computed(fenlei_text text)
{
    static const char *const signs[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                        "\n", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (text_begins(text, signs[i]))
            return true;
    return false;
}

static void quote(struct buffer *out, fenlei_text text, const char *before)
{
    separate(out);
    buffer_append_format(out, "\"%s", before);
    while (text.size > 0) {
        const char *mark = memchr(text.bytes, '"', text.size);
        size_t size = mark != NULL ? (size_t)(mark - text.bytes) + 1 : text.size;
        buffer_append(out, text.bytes, size);
        buffer_append_string(out, mark != NULL ? "\"" : "");
        text = (fenlei_text){text.bytes + size, text.size - size};
    }
    buffer_append_string(out, "\"");
}

void csv_text(struct buffer *out, fenlei_text text)
{
    quote(out, text, is_computed(text) ? "'" : "");
}

void csv_plain(struct buffer *out, fenlei_text text)
{
    quote(out, text, "");
}

void csv_count(struct buffer *out, size_t count)
{
    separate(out);
    buffer_append_format(out, "%zu", count);
}

void csv_end(struct buffer *out)
{
    buffer_append_string(out, "\r\n");
}
