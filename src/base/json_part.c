/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/json_part.h"

#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As cJSON has it, whose word it is that the text is valid: it lets control characters pass. */
static bool is_space(char c)
{
    return (unsigned char)c <= ' ';
}

static size_t skip_space(fenlei_text text, size_t at)
{
    while (at < text.size && is_space(text.bytes[at]))
        at++;
    return at;
}

size_t json_string_end(const char *bytes, size_t size, size_t at)
{
    const char *quote = bytes + at;
    while ((quote = memchr(quote + 1, '"', (size_t)(bytes + size - quote) - 1)) != NULL) {
        const char *before = quote;
        while (before[-1] == '\\')
            before--;
        if ((quote - before) % 2 == 0)
            return (size_t)(quote - bytes) + 1;
    }
    return size;
}

/* The byte behind the value at text.bytes[at]. */
static size_t skip_value(fenlei_text text, size_t at)
{
    size_t depth = 0;
    while (at < text.size) {
        char c = text.bytes[at];
        if (depth == 0 && (c == ',' || c == ']' || c == '}' || is_space(c)))
            return at;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        at = c == '"' ? json_string_end(text.bytes, text.size, at) : at + 1;
        if (depth == 0 && (c == '"' || c == '}' || c == ']'))
            return at;
    }
    return at;
}

static bool begins(fenlei_text text, char bracket, size_t *at)
{
    bool is_marked = text.size >= 3 && memcmp(text.bytes, "\xEF\xBB\xBF", 3) == 0;
    *at = skip_space(text, is_marked ? 3 : 0);
    return *at < text.size && text.bytes[(*at)++] == bracket;
}

/* To the next item behind a comma; false at the end. */
static bool next_item(fenlei_text text, size_t *at)
{
    *at = skip_space(text, *at);
    if (*at < text.size && text.bytes[*at] == ',')
        *at = skip_space(text, *at + 1);
    return *at < text.size && text.bytes[*at] != ']' && text.bytes[*at] != '}';
}

bool json_next_member(fenlei_text object, size_t *at, fenlei_text *name, fenlei_text *value)
{
    size_t first;
    if (!begins(object, '{', &first))
        return false;
    *at = *at < first ? first : *at;
    if (!next_item(object, at))
        return false;
    size_t end = json_string_end(object.bytes, object.size, *at);
    *name = (fenlei_text){object.bytes + *at, end - *at};
    size_t colon = skip_space(object, end);
    size_t start = skip_space(object, colon < object.size ? colon + 1 : colon);
    *at = skip_value(object, start);
    *value = (fenlei_text){object.bytes + start, *at - start};
    return *at > start;
}

bool json_string_is(fenlei_text string, fenlei_text text)
{
    if (string.size < 2 || string.bytes[0] != '"')
        return false;
    if (memchr(string.bytes, '\\', string.size) == NULL)
        return text_equal((fenlei_text){string.bytes + 1, string.size - 2}, text);
    struct buffer plain = {0};
    bool is = json_part_string(string, &plain) && !plain.failed &&
              text_equal((fenlei_text){plain.bytes, plain.size}, text);
    buffer_release(&plain);
    return is;
}

bool json_member(fenlei_text object, const char *key, fenlei_text *value)
{
    size_t at = 0;
    fenlei_text name, found;
    while (json_next_member(object, &at, &name, &found))
        if (json_string_is(name, text_of(key))) {
            *value = found;
            return true;
        }
    return false;
}

bool json_element(fenlei_text array, size_t *at, fenlei_text *element)
{
    size_t first;
    if (!begins(array, '[', &first))
        return false;
    *at = *at < first ? first : *at;
    if (!next_item(array, at))
        return false;
    size_t start = *at;
    *at = skip_value(array, start);
    *element = (fenlei_text){array.bytes + start, *at - start};
    return *at > start;
}

double json_part_number(fenlei_text value)
{
    char digits[64];
    char *end;
    if (value.size == 0 || value.size >= sizeof digits || value.bytes[0] == '"')
        return (double)NAN;
    memcpy(digits, value.bytes, value.size);
    digits[value.size] = '\0';
    double number = strtod(digits, &end);
    return *end == '\0' ? number : (double)NAN;
}

static uint32_t read_escape(fenlei_text text, size_t at)
{
    char digits[5] = "0000";
    if (text.size - at >= 4)
        memcpy(digits, text.bytes + at, 4);
    return (uint32_t)strtoul(digits, NULL, 16);
}

/* The character of \uXXXX, whose digits begin at *at; moves *at behind it and its second half. */
static uint32_t read_character(fenlei_text text, size_t *at)
{
    uint32_t c = read_escape(text, *at);
    *at += 4;
    bool is_first_half = c >= 0xD800 && c < 0xDC00;
    if (is_first_half && *at + 6 <= text.size && text.bytes[*at] == '\\') {
        c = 0x10000 + ((c & 0x3FF) << 10 | (read_escape(text, *at + 2) & 0x3FF));
        *at += 6;
    }
    return c >= 0xD800 && c < 0xE000 ? 0xFFFD : c;
}

bool json_part_string(fenlei_text value, struct buffer *out)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    if (value.size < 2 || value.bytes[0] != '"')
        return false;
    fenlei_text text = {value.bytes + 1, value.size - 2};
    for (size_t at = 0; at < text.size;) {
        const char *escape = memchr(text.bytes + at, '\\', text.size - at);
        size_t plain = escape != NULL ? (size_t)(escape - text.bytes) - at : text.size - at;
        buffer_append(out, text.bytes + at, plain);
        at += plain + 1;
        if (at >= text.size)
            break;
        char c = text.bytes[at++];
        const char *control = memchr(from, c, sizeof from - 1);
        if (c == 'u') {
            char bytes[4];
            buffer_append(out, bytes, utf8_write(bytes, read_character(text, &at)));
        } else {
            buffer_append(out, control != NULL ? &to[control - from] : &c, 1);
        }
    }
    return true;
}
