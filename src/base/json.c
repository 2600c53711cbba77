/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/json.h"

#include "base/json_flat.h"
#include "base/json_tree.h"
#include "base/number.h"
#include "base/status.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

void json_count(struct buffer *out, const char *key, size_t count)
{
    json_key(out, key);
    number_whole(out, count, 1);
}

void json_text(struct buffer *out, const char *key, fenlei_text text)
{
    json_key(out, key);
    json_string(out, text);
}

/* Each byte that is no part of UTF-8 becomes U+FFFD. */
static void append_readable(struct buffer *out, fenlei_text text)
{
    for (size_t at = 0; at < text.size; at++) {
        size_t valid = utf8_valid_prefix(text.bytes + at, text.size - at);
        buffer_append(out, text.bytes + at, valid);
        at += valid;
        if (at < text.size)
            buffer_append_string(out, "\uFFFD");
    }
}

/* As in a URL: what is not A-Z a-z 0-9 - . _ ~ / becomes % and two hexadecimal digits. */
static void append_percent_escaped(struct buffer *out, fenlei_text text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    for (size_t i = 0; i < text.size; i++) {
        if (memchr(plain, text.bytes[i], sizeof plain - 1) != NULL)
            buffer_append(out, &text.bytes[i], 1);
        else
            buffer_append_format(out, "%%%02X", (unsigned char)text.bytes[i]);
    }
}

void json_file(struct buffer *out, const char *path)
{
    fenlei_text name = text_of(path);
    struct buffer readable = {0};
    if (utf8_valid_prefix(name.bytes, name.size) == name.size) {
        json_text(out, "file", name);
        return;
    }
    append_readable(&readable, name);
    json_text(out, "file", (fenlei_text){readable.bytes, readable.size});
    out->failed = out->failed || readable.failed;
    buffer_release(&readable);
    json_key(out, "file_bytes");
    buffer_append_string(out, "\"");
    append_percent_escaped(out, name);
    buffer_append_string(out, "\"");
}

/* Escapes the character at bytes[*i] where JSON or those who read it line by line want that, and
 * moves *i to its last byte; returns false where it can stay. U+2028 and U+2029 end a line to some
 * tools. */
static bool append_escaped(struct buffer *out, fenlei_text text, size_t *i)
{
    const char *at = text.bytes + *i;
    unsigned char c = (unsigned char)*at;
    if (c == '"' || c == '\\')
        buffer_append(out, (char[]){'\\', (char)c}, 2);
    else if (c == '\n')
        buffer_append_string(out, "\\n");
    else if (c == '\t')
        buffer_append_string(out, "\\t");
    else if (c < 0x20 || c == 0x7F)
        buffer_append_format(out, "\\u%04x", c);
    else if (c == 0xE2 && text.size - *i >= 3 &&
             (memcmp(at, "\xE2\x80\xA8", 3) == 0 || memcmp(at, "\xE2\x80\xA9", 3) == 0)) {
        buffer_append_string(out, at[2] == '\xA8' ? "\\u2028" : "\\u2029");
        *i += 2;
    } else {
        return false;
    }
    return true;
}

static inline bool may_need_escape(char byte)
{
    unsigned char c = (unsigned char)byte;
    return c < 0x20 || c == '"' || c == '\\' || c == 0x7F || c == 0xE2;
}

void json_string(struct buffer *out, fenlei_text text)
{
    buffer_append_string(out, "\"");
    size_t plain = 0; /* start of what needs no escape */
    for (size_t i = 0; i < text.size; i++) {
        if (!may_need_escape(text.bytes[i]))
            continue;
        buffer_append(out, text.bytes + plain, i - plain);
        plain = i;
        if (append_escaped(out, text, &i))
            plain = i + 1;
    }
    buffer_append(out, text.bytes + plain, text.size - plain);
    buffer_append_string(out, "\"");
}

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ';
}

void json_copy(struct buffer *out, fenlei_text json)
{
    bool in_string = false, is_escaped = false;
    while (json.size > 0 && is_blank(json.bytes[json.size - 1]))
        json.size--;
    while (json.size > 0 && is_blank(json.bytes[0]))
        json = (fenlei_text){json.bytes + 1, json.size - 1};
    size_t plain = 0; /* start of what stays as it is */
    for (size_t i = 0; i < json.size; i++) {
        char c = json.bytes[i];
        bool is_end = c == '"' && !is_escaped;
        in_string = in_string != is_end;
        is_escaped = in_string && c == '\\' && !is_escaped;
        bool is_gap = !in_string && is_blank(c);
        if (c == '"' || c == '\\' || !(is_gap || may_need_escape(c)))
            continue;
        buffer_append(out, json.bytes + plain, i - plain);
        plain = i;
        if (is_gap)
            buffer_append_string(out, " ");
        if (is_gap || append_escaped(out, json, &i))
            plain = i + 1;
    }
    buffer_append(out, json.bytes + plain, json.size - plain);
    if (json.size == 0)
        buffer_append_string(out, "null");
}

void json_number(struct buffer *out, double value, unsigned decimals)
{
    if (!isfinite(value)) {
        buffer_append_string(out, "null");
        return;
    }
    size_t start = out->size;
    number_fixed(out, value, decimals);
    if (out->failed || fabs(value) >= 1e9 ||
        memchr(out->bytes + start, '.', out->size - start) == NULL)
        return;
    while (out->bytes[out->size - 1] == '0')
        out->size--;
    if (out->bytes[out->size - 1] == '.')
        out->size--;
}

void json_key(struct buffer *out, const char *key)
{
    bool first = out->size > 0 && out->bytes[out->size - 1] == '{';
    buffer_append_string(out, first ? "\"" : ",\"");
    buffer_append_string(out, key);
    buffer_append_string(out, "\":");
}

/* ---- reading ---- */

fenlei_status json_check_object(fenlei_text text, fenlei_error *error)
{
    cJSON *json = NULL;
    if (text.size <= JSON_VALUES_MAX && json_is_plain(text))
        return FENLEI_OK;
    fenlei_status status = json_tree_parse(&json, text.bytes, text.size, error);
    if (status == FENLEI_OK && !cJSON_IsObject(json))
        status = error_set(error, FENLEI_BAD_INPUT, "not a JSON object");
    cJSON_Delete(json);
    return status;
}

bool json_visit_plain(fenlei_text object,
                      void (*visit)(void *context, const char *name, fenlei_text value),
                      void *context)
{
    cJSON *json = NULL;
    fenlei_error error;
    if (json_tree_parse(&json, object.bytes, object.size, &error) != FENLEI_OK)
        return false;
    const cJSON *item = NULL;
    struct buffer number = {0};
    bool good = cJSON_IsObject(json);
    cJSON_ArrayForEach(item, json)
    {
        buffer_clear(&number);
        if (cJSON_IsNumber(item))
            json_number(&number, item->valuedouble, 9);
        good = good && !number.failed;
        if (good && cJSON_IsNumber(item))
            visit(context, item->string, (fenlei_text){number.bytes, number.size});
        else if (good && cJSON_IsString(item))
            visit(context, item->string, text_of(item->valuestring));
        else if (good && cJSON_IsBool(item))
            visit(context, item->string, text_of(cJSON_IsTrue(item) ? "yes" : "no"));
    }
    buffer_release(&number);
    cJSON_Delete(json);
    return good;
}
