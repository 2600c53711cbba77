/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/fields.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool add(struct fields *fields, struct field field)
{
    if (fields->n == FIELDS_MAX ||
        !array_reserve(&fields->of, &fields->capacity, fields->n + 1, sizeof field))
        return false;
    fields->of[fields->n++] = field;
    return true;
}

void fields_release(struct fields *fields)
{
    free(fields->of);
    buffer_release(&fields->bytes);
    *fields = (struct fields){0};
}

fenlei_text fields_value(const struct fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->n; i++)
        if (text_equal(fields->of[i].name, text_of(name)))
            return fields->of[i].value;
    return (fenlei_text){"", 0};
}

int64_t fields_number(const struct fields *fields, const char *name)
{
    fenlei_text text = fields_value(fields, name);
    int64_t value = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9' || value > INT64_MAX / 10 - 9)
            return 0;
        value = value * 10 + (text.bytes[i] - '0');
    }
    return value;
}

/* ---- a=b&c=d ---- */

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes in place: what is decoded is never longer. */
static fenlei_text decode(char *bytes, size_t size)
{
    size_t to = 0;
    for (size_t at = 0; at < size; at++) {
        int high = bytes[at] == '%' && size - at > 2 ? digit_of(bytes[at + 1]) : -1;
        int low = high >= 0 ? digit_of(bytes[at + 2]) : -1;
        if (low >= 0) {
            bytes[to++] = (char)(high << 4 | low);
            at += 2;
        } else {
            bytes[to++] = bytes[at] == '+' ? ' ' : bytes[at];
        }
    }
    return (fenlei_text){bytes, to};
}

static bool add_pair(struct fields *fields, char *bytes, size_t size)
{
    char *equals = memchr(bytes, '=', size);
    size_t name_size = equals != NULL ? (size_t)(equals - bytes) : size;
    struct field field = {.name = decode(bytes, name_size), .value = {"", 0}};
    if (equals != NULL)
        field.value = decode(equals + 1, size - name_size - 1);
    return size == 0 || add(fields, field);
}

bool fields_parse_encoded(struct fields *fields, fenlei_text encoded)
{
    buffer_append_text(&fields->bytes, encoded);
    if (fields->bytes.failed)
        return false;
    for (size_t at = 0; at < encoded.size;) {
        char *start = fields->bytes.bytes + at;
        char *end = memchr(start, '&', encoded.size - at);
        size_t size = end != NULL ? (size_t)(end - start) : encoded.size - at;
        if (!add_pair(fields, start, size))
            return false;
        at += size + 1;
    }
    return true;
}

/* ---- multipart/form-data (RFC 7578) ---- */

/* The value behind `name=` in a header, with or without quotes; bytes NULL where there is none. A
 * name inside another does not count. */
static fenlei_text parameter(fenlei_text header, const char *name)
{
    size_t length = strlen(name);
    for (size_t at = 1; at + length < header.size; at++) {
        const char *here = header.bytes + at;
        bool begins = here[-1] == ' ' || here[-1] == ';' || here[-1] == '\t';
        if (!begins || strncasecmp(here, name, length) != 0 || here[length] != '=')
            continue;
        const char *start = here + length + 1, *end = header.bytes + header.size;
        bool is_quoted = start < end && *start == '"';
        start += is_quoted;
        const char *stop = start;
        while (stop < end && *stop != (is_quoted ? '"' : ';') && *stop != '\r')
            stop++;
        return (fenlei_text){start, (size_t)(stop - start)};
    }
    return (fenlei_text){NULL, 0};
}

/* Where `needle` begins in bytes; NULL where it is not. */
static const char *find(const char *bytes, const char *end, fenlei_text needle)
{
    return bytes < end ? memmem(bytes, (size_t)(end - bytes), needle.bytes, needle.size) : NULL;
}

/* The line of a part's head that says what it is called; bytes NULL where there is none. */
static fenlei_text disposition(fenlei_text head)
{
    static const char name[] = "content-disposition:";
    const char *end = head.bytes + head.size;
    for (const char *line = head.bytes; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        stop = stop != NULL ? stop : end;
        if ((size_t)(stop - line) > sizeof name && strncasecmp(line, name, sizeof name - 1) == 0)
            return (fenlei_text){line, (size_t)(stop - line)};
        line = stop + 1;
    }
    return (fenlei_text){NULL, 0};
}

static bool add_part(struct fields *fields, fenlei_text part)
{
    const char *end = part.bytes + part.size;
    const char *gap = find(part.bytes, end, text_of("\r\n\r\n"));
    if (gap == NULL)
        return true;
    fenlei_text line = disposition((fenlei_text){part.bytes, (size_t)(gap - part.bytes)});
    if (line.bytes == NULL)
        return true;
    struct field field = {.name = parameter(line, "name"),
                          .value = {gap + 4, (size_t)(end - gap) - 4},
                          .file_name = parameter(line, "filename")};
    return field.name.bytes == NULL || add(fields, field);
}

bool fields_parse_multipart(struct fields *fields, fenlei_text body, fenlei_text type)
{
    fenlei_text boundary = parameter(type, "boundary");
    struct buffer edge = {0};
    buffer_append_string(&edge, "--");
    buffer_append_text(&edge, boundary);
    bool good = !edge.failed;
    fenlei_text mark = {edge.bytes, edge.size};
    const char *end = body.bytes + body.size;
    const char *at = good && boundary.size > 0 ? find(body.bytes, end, mark) : NULL;
    while (good && at != NULL) {
        const char *start = at + mark.size;
        at = find(start, end, mark);
        if (at == NULL || at - start < 4)
            continue; /* the end, or nothing between */
        good = add_part(fields, (fenlei_text){start + 2, (size_t)(at - start) - 4});
    }
    buffer_release(&edge);
    return good;
}
