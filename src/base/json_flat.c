/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/json_flat.h"

#include "base/bytes16.h"
#include "base/utf8.h"

#include <string.h>

/* Longest whole number that is taken: it has no more digits than a double keeps. */
enum { DIGITS_MOST = 15 };

static bool is_at(fenlei_text text, size_t at, char c)
{
    return at < text.size && text.bytes[at] == c;
}

static size_t skip_blanks(fenlei_text text, size_t at)
{
    while (is_at(text, at, ' ') || is_at(text, at, '\t'))
        at++;
    return at;
}

/* All bits of those of sixteen bytes that are none of a string's plain ones: quotes, backslashes
 * and control characters. */
static inline bytes16 specials(bytes16 bytes)
{
    return (bytes16)(bytes < ' ') | (bytes16)(bytes == '"') | (bytes16)(bytes == '\\');
}

/* The first byte from `at` on that is none of a string's plain ones; size where there is none. */
static size_t skip_plain(fenlei_text text, size_t at)
{
    for (; text.size - at >= sizeof(bytes16); at += sizeof(bytes16)) {
        bytes16 found = specials(bytes16_load(text.bytes + at));
        if (bytes16_any(found))
            return at + bytes16_first(found);
    }
    while (at < text.size && (unsigned char)text.bytes[at] >= ' ' && text.bytes[at] != '"' &&
           text.bytes[at] != '\\')
        at++;
    return at;
}

/* The byte behind the string whose quote is at `at`; 0 where it is none that is read here. */
static size_t string_end(fenlei_text text, size_t at, bool with_escapes)
{
    static const char escapes[] = "\"\\/bfnrt";
    if (!is_at(text, at, '"'))
        return 0;
    at = skip_plain(text, at + 1);
    while (is_at(text, at, '\\')) {
        if (!with_escapes || at + 1 >= text.size ||
            memchr(escapes, text.bytes[at + 1], sizeof escapes - 1) == NULL)
            return 0;
        at = skip_plain(text, at + 2);
    }
    return is_at(text, at, '"') ? at + 1 : 0;
}

static size_t number_end(fenlei_text text, size_t at)
{
    size_t first = at + is_at(text, at, '-'), end = first;
    while (end < text.size && text.bytes[end] >= '0' && text.bytes[end] <= '9')
        end++;
    bool is_whole = end > first && end - first <= DIGITS_MOST;
    return is_whole && (end == first + 1 || text.bytes[first] != '0') ? end : 0;
}

static size_t word_end(fenlei_text text, size_t at)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i]);
        if (text.size - at >= size && memcmp(text.bytes + at, words[i], size) == 0)
            return at + size;
    }
    return 0;
}

static size_t value_end(fenlei_text text, size_t at)
{
    if (at >= text.size)
        return 0;
    char c = text.bytes[at];
    return c == '"'                             ? string_end(text, at, true)
           : c == '-' || (c >= '0' && c <= '9') ? number_end(text, at)
                                                : word_end(text, at);
}

fenlei_text json_flat_member(const struct json_flat *flat, const char *name)
{
    for (size_t i = 0; i < flat->n; i++)
        if (text_equal(flat->members[i].name, text_of(name)))
            return flat->members[i].value;
    return (fenlei_text){NULL, 0};
}

static bool has_name(const struct json_flat *flat, fenlei_text name)
{
    for (size_t i = 0; i < flat->n; i++)
        if (text_equal(flat->members[i].name, name))
            return true;
    return false;
}

/* Reads the member at *at, moving *at to what follows it. */
static bool read_member(struct json_flat *flat, fenlei_text text, size_t *at)
{
    size_t end = string_end(text, *at, false);
    if (end == 0 || flat->n == JSON_FLAT_MOST)
        return false;
    fenlei_text name = {text.bytes + *at + 1, end - *at - 2};
    size_t colon = skip_blanks(text, end);
    if (!is_at(text, colon, ':') || has_name(flat, name))
        return false;
    size_t value = skip_blanks(text, colon + 1);
    end = value_end(text, value);
    flat->members[flat->n++] = (struct json_flat_member){name, {text.bytes + value, end - value}};
    *at = skip_blanks(text, end);
    return end > 0;
}

static bool is_end(fenlei_text text, size_t at)
{
    at = skip_blanks(text, at);
    at += is_at(text, at, '\r');
    at += is_at(text, at, '\n');
    return at == text.size;
}

/* ---- nested ---- */

enum { DEPTH_MOST = 32 };

static size_t decimal_end(fenlei_text text, size_t at)
{
    size_t point = number_end(text, at), end = point + 1;
    if (point == 0 || !is_at(text, point, '.'))
        return point;
    while (end < text.size && text.bytes[end] >= '0' && text.bytes[end] <= '9')
        end++;
    return end - point - 1 <= DIGITS_MOST && end > point + 1 ? end : 0;
}

static size_t nested_end(fenlei_text text, size_t at, unsigned depth);

/* The byte behind one item of an object or an array and the blanks that follow it. */
static size_t item_end(fenlei_text text, size_t at, bool has_name, unsigned depth)
{
    if (has_name) {
        size_t name = string_end(text, at, true), colon = skip_blanks(text, name);
        if (name == 0 || !is_at(text, colon, ':'))
            return 0;
        at = skip_blanks(text, colon + 1);
    }
    size_t end = nested_end(text, at, depth);
    return end > 0 ? skip_blanks(text, end) : 0;
}

/* The byte behind the value at `at`, whatever it holds; 0 where it is none that is read here. */
static size_t nested_end(fenlei_text text, size_t at, unsigned depth)
{
    bool is_object = is_at(text, at, '{');
    char close = is_object ? '}' : ']';
    if (!is_object && !is_at(text, at, '[')) {
        size_t end = value_end(text, at);
        return end > 0 && is_at(text, end, '.') ? decimal_end(text, at) : end;
    }
    if (depth == DEPTH_MOST)
        return 0;
    at = skip_blanks(text, at + 1);
    if (is_at(text, at, close))
        return at + 1;
    at = item_end(text, at, is_object, depth + 1);
    while (at > 0 && is_at(text, at, ','))
        at = item_end(text, skip_blanks(text, at + 1), is_object, depth + 1);
    return at > 0 && is_at(text, at, close) ? at + 1 : 0;
}

bool json_is_plain(fenlei_text text)
{
    size_t at = skip_blanks(text, 0), end = is_at(text, at, '{') ? nested_end(text, at, 0) : 0;
    return end > 0 && is_end(text, end) && utf8_valid_prefix(text.bytes, text.size) == text.size;
}

/* ---- flat ---- */

bool json_flat_read(struct json_flat *flat, fenlei_text text)
{
    size_t at = skip_blanks(text, 0);
    flat->n = 0;
    if (!is_at(text, at, '{'))
        return false;
    do {
        at = skip_blanks(text, at + 1); /* behind the bracket or a comma */
        if (!read_member(flat, text, &at))
            return false;
    } while (is_at(text, at, ','));
    return is_at(text, at, '}') && is_end(text, at + 1) &&
           utf8_valid_prefix(text.bytes, text.size) == text.size;
}
