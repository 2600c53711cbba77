/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/json_tree.h"

#include "base/json_part.h"
#include "base/status.h"
#include "base/utf8.h"

#include <errno.h>
#include <string.h>

/* The value of four hexadecimal digits; -1 where there are none. */
static long escape_value(const char *digits, const char *end)
{
    long value = 0;
    if (end - digits < 4)
        return -1;
    for (size_t i = 0; i < 4; i++) {
        char c = digits[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* Finds the next escape, from bytes[*at] on, that stands for no character that a string can hold:
 * \u0000, which would cut it, half of a surrogate pair, and \u without four hexadecimal digits,
 * which is no JSON (*is_cut). Moves *at to its backslash; false where there is none. */
static bool find_bad_escape(const char *bytes, size_t size, size_t *at, bool *is_cut)
{
    const char *end = bytes + size, *escape = bytes + *at;
    while (escape < end && (escape = memchr(escape, '\\', (size_t)(end - escape))) != NULL) {
        size_t length = 2;
        if (end - escape > 1 && escape[1] == 'u') {
            long value = escape_value(escape + 2, end);
            bool is_high = value >= 0xD800 && value < 0xDC00, has_low = false;
            if (is_high && end - escape >= 12 && escape[6] == '\\' && escape[7] == 'u')
                has_low = (escape_value(escape + 8, end) & ~0x3FFL) == 0xDC00;
            if (value <= 0 || (value >= 0xD800 && value < 0xE000 && !has_low)) {
                *at = (size_t)(escape - bytes);
                *is_cut = value < 0;
                return true;
            }
            length = has_low ? 12 : 6;
        }
        escape += length;
    }
    return false;
}

static bool has_bad_escape(fenlei_text text)
{
    size_t at = 0;
    bool is_cut;
    return text.size > 0 && find_bad_escape(text.bytes, text.size, &at, &is_cut);
}

static size_t skip_digits(const char *bytes, size_t size, size_t at)
{
    while (at < size && bytes[at] >= '0' && bytes[at] <= '9')
        at++;
    return at;
}

/* The byte behind the number at bytes[at], as far as it is one by the grammar of RFC 8259; cJSON
 * also takes 01, 1. and 1e. */
static size_t number_end(const char *bytes, size_t size, size_t at)
{
    size_t start = at + (bytes[at] == '-'), end = skip_digits(bytes, size, start);
    if (end == start || (end > start + 1 && bytes[start] == '0'))
        return at;
    if (end < size && bytes[end] == '.') {
        size_t decimals = end + 1;
        end = skip_digits(bytes, size, decimals);
        if (end == decimals)
            return at;
    }
    if (end < size && (bytes[end] == 'e' || bytes[end] == 'E')) {
        size_t exponent = end + 1;
        exponent += exponent < size && (bytes[exponent] == '+' || bytes[exponent] == '-');
        end = skip_digits(bytes, size, exponent);
        if (end == exponent)
            return at;
    }
    return end;
}

/* What a look at JSON without its strings finds; cJSON takes some 80 bytes for a value that takes
 * two in the text. */
struct outline {
    size_t values;     /* more than the first of each array or object: those behind a comma */
    size_t bad_number; /* where one begins that JSON does not have; size without */
};

static struct outline outline_of(const char *bytes, size_t size)
{
    struct outline outline = {.bad_number = size};
    for (size_t at = 0; at < size;) {
        char c = bytes[at];
        size_t end = at + 1;
        if (c == '"')
            end = json_string_end(bytes, size, at);
        else if (c == '-' || (c >= '0' && c <= '9'))
            end = number_end(bytes, size, at);
        else if (c == ',' || c == '[' || c == '{')
            outline.values++;
        if (end == at) {
            outline.bad_number = at;
            return outline;
        }
        at = end;
    }
    return outline;
}

static const char BAD_ESCAPE[] = "a NUL character or half an escape in it";

fenlei_status json_tree_parse(cJSON **json, const char *bytes, size_t size, fenlei_error *error)
{
    size_t valid = utf8_valid_prefix(bytes, size);
    if (valid < size)
        return error_set(error, FENLEI_BAD_INPUT, "invalid UTF-8 (byte %zu)", valid + 1);
    if (size > 0 &&
        (memchr(bytes, '\0', size) != NULL || has_bad_escape((fenlei_text){bytes, size})))
        return error_set(error, FENLEI_BAD_INPUT, BAD_ESCAPE);
    struct outline outline = outline_of(bytes, size);
    if (outline.bad_number < size)
        return error_set(error, FENLEI_BAD_INPUT, "not JSON: not a number (byte %zu)",
                         outline.bad_number + 1);
    if (outline.values > JSON_VALUES_MAX)
        return error_set(error, FENLEI_BAD_INPUT, "more than %d values", JSON_VALUES_MAX);
    const char *end = NULL;
    errno = 0;
    *json = cJSON_ParseWithLengthOpts(bytes, size, &end, false);
    if (*json == NULL && errno == ENOMEM)
        return error_memory(error);
    if (*json == NULL)
        return error_set(error, FENLEI_BAD_INPUT, "not JSON (byte %td)",
                         end != NULL ? end - bytes + 1 : 1);
    while (end < bytes + size && (*end == ' ' || *end == '\t' || *end == '\r' || *end == '\n'))
        end++;
    if (end < bytes + size) {
        cJSON_Delete(*json);
        *json = NULL;
        return error_set(error, FENLEI_BAD_INPUT, "more behind the JSON value (byte %td)",
                         end - bytes + 1);
    }
    return FENLEI_OK;
}

fenlei_status json_tree_member(const cJSON *object, const char *key, const cJSON **field,
                               fenlei_error *error)
{
    *field = NULL;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, object)
    {
        if (strcmp(item->string, key) != 0)
            continue;
        if (*field != NULL)
            return error_set(error, FENLEI_BAD_INPUT, "\"%s\" given twice", key);
        *field = item;
    }
    return FENLEI_OK;
}

fenlei_status json_tree_field(const cJSON *object, const char *key, const cJSON **field,
                              fenlei_error *error)
{
    fenlei_status status = json_tree_member(object, key, field, error);
    if (*field != NULL && cJSON_IsRaw(*field))
        return error_set(error, FENLEI_BAD_INPUT, "\"%s\": %s", key, BAD_ESCAPE);
    if (*field != NULL && cJSON_IsNull(*field))
        *field = NULL;
    return status;
}

fenlei_status json_tree_string(const cJSON *object, const char *key, fenlei_text *text,
                               fenlei_error *error)
{
    const cJSON *field;
    fenlei_status status = json_tree_field(object, key, &field, error);
    if (status != FENLEI_OK || field == NULL)
        return status;
    if (!cJSON_IsString(field))
        return error_set(error, FENLEI_BAD_INPUT, "\"%s\" is not a string", key);
    *text = text_of(field->valuestring);
    return FENLEI_OK;
}

/* Puts U+FFFD in the place of each bad escape, so that cJSON can read what else is there. False
 * where one is no JSON, or memory runs out. */
static bool mend_escapes(struct buffer *mended, const char *line, size_t size)
{
    size_t at = 0;
    bool is_cut;
    buffer_append(mended, line, size);
    while (!mended->failed && find_bad_escape(mended->bytes, size, &at, &is_cut)) {
        if (is_cut)
            return false;
        memcpy(mended->bytes + at, "\\uFFFD", 6);
    }
    return !mended->failed;
}

/* Marks the members that hold a bad escape: json_tree_field() refuses them. */
static void mark_bad_members(cJSON *object, fenlei_text line)
{
    cJSON *item = NULL;
    fenlei_text name, value;
    size_t at = 0;
    cJSON_ArrayForEach(item, object)
    {
        if (json_next_member(line, &at, &name, &value) && has_bad_escape(value))
            item->type = cJSON_Raw;
    }
}

fenlei_status json_tree_parse_mended(cJSON **json, fenlei_text line, fenlei_error *error)
{
    struct buffer mended = {0};
    if (!has_bad_escape(line))
        return json_tree_parse(json, line.bytes, line.size, error);
    fenlei_text text = mend_escapes(&mended, line.bytes, line.size)
                           ? (fenlei_text){mended.bytes, mended.size}
                           : line;
    fenlei_status status =
        mended.failed ? error_memory(error) : json_tree_parse(json, text.bytes, text.size, error);
    buffer_release(&mended);
    if (status == FENLEI_OK && cJSON_IsObject(*json))
        mark_bad_members(*json, line);
    return status;
}
