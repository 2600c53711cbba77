/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/json.h"

#include "base/json_part.h"
#include "base/number.h"
#include "base/status.h"
#include "base/suggestion.h"
#include "base/utf8.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

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

static fenlei_status parse_json(cJSON **json, const char *bytes, size_t size, fenlei_error *error)
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

/* The member of an object, which may be null; refuses one given twice, of which a reader could mean
 * either. */
static fenlei_status find_member(const cJSON *object, const char *key, const cJSON **field,
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

/* The same; null is as good as none, and a value with a bad escape an error. */
static fenlei_status find_field(const cJSON *object, const char *key, const cJSON **field,
                                fenlei_error *error)
{
    fenlei_status status = find_member(object, key, field, error);
    if (*field != NULL && cJSON_IsRaw(*field))
        return error_set(error, FENLEI_BAD_INPUT, "\"%s\": %s", key, BAD_ESCAPE);
    if (*field != NULL && cJSON_IsNull(*field))
        *field = NULL;
    return status;
}

static fenlei_status read_string(const cJSON *object, const char *key, fenlei_text *text,
                                 fenlei_error *error)
{
    const cJSON *field;
    fenlei_status status = find_field(object, key, &field, error);
    if (status != FENLEI_OK || field == NULL)
        return status;
    if (!cJSON_IsString(field))
        return error_set(error, FENLEI_BAD_INPUT, "\"%s\" is not a string", key);
    *text = text_of(field->valuestring);
    return FENLEI_OK;
}

/* Any value is an id: it is copied as it was written, for cJSON keeps numbers as doubles. */
static fenlei_status read_id(struct record *record, const cJSON *object, fenlei_text line,
                             fenlei_error *error)
{
    const cJSON *field, *item = NULL;
    fenlei_text name, value = {"null", 4};
    size_t at = 0;
    fenlei_status status = find_member(object, "id", &field, error);
    if (status != FENLEI_OK || field == NULL)
        return status;
    cJSON_ArrayForEach(item, object)
    {
        if (!json_next_member(line, &at, &name, &value) || item == field)
            break;
    }
    json_copy(&record->id_text, value);
    if (record->id_text.failed)
        return error_memory(error);
    record->id = (fenlei_text){record->id_text.bytes, record->id_text.size};
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

/* Marks the members that hold a bad escape: find_field() refuses them. */
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

/* Parses a line of which members that nobody asks for may hold bad escapes. */
static fenlei_status parse_line(cJSON **json, fenlei_text line, fenlei_error *error)
{
    struct buffer mended = {0};
    if (!has_bad_escape(line))
        return parse_json(json, line.bytes, line.size, error);
    fenlei_text text = mend_escapes(&mended, line.bytes, line.size)
                           ? (fenlei_text){mended.bytes, mended.size}
                           : line;
    fenlei_status status =
        mended.failed ? error_memory(error) : parse_json(json, text.bytes, text.size, error);
    buffer_release(&mended);
    if (status == FENLEI_OK && cJSON_IsObject(*json))
        mark_bad_members(*json, line);
    return status;
}

/* The error of a record without a field, and the other field that may be meant by it. */
static fenlei_status refuse_lack(const cJSON *object, const char *key, fenlei_error *error)
{
    struct suggestion suggestion = {.typed = key};
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, object)
    {
        if (!cJSON_IsNull(item))
            suggestion_try(&suggestion, item->string);
    }
    if (suggestion.nearest == NULL || strcmp(suggestion.nearest, key) == 0)
        return error_set(error, FENLEI_BAD_INPUT, "no \"%s\"", key);
    return error_set(error, FENLEI_BAD_INPUT, "no \"%s\", but \"%s\"", key, suggestion.nearest);
}

static fenlei_status read_labels(const cJSON *object, const char *key, fenlei_text **labels,
                                 size_t *n, bool *present, fenlei_error *error)
{
    const cJSON *field, *item = NULL;
    fenlei_status status = find_field(object, key, &field, error);
    *present = status == FENLEI_OK && field != NULL;
    if (!*present)
        return status;
    if (!cJSON_IsArray(field))
        return error_set(error, FENLEI_BAD_INPUT, "\"%s\" is not an array", key);
    int size = cJSON_GetArraySize(field);
    if (size > RECORD_LABELS_MAX)
        return error_set(error, FENLEI_BAD_INPUT, "more than %d labels", RECORD_LABELS_MAX);
    *labels = array_new((size_t)size, sizeof **labels);
    if (*labels == NULL)
        return error_memory(error);
    cJSON_ArrayForEach(item, field)
    {
        if (!cJSON_IsString(item) || item->valuestring[0] == '\0')
            return error_set(error, FENLEI_BAD_INPUT, "\"%s\" holds something other than a name",
                             key);
        (*labels)[(*n)++] = text_of(item->valuestring);
    }
    return FENLEI_OK;
}

/* ---- records without a tree ---- */

/* What a string stands for; record->plain has room. */
static fenlei_text plain_string(struct record *record, fenlei_text string)
{
    if (memchr(string.bytes, '\\', string.size) == NULL)
        return (fenlei_text){string.bytes + 1, string.size - 2};
    size_t start = record->plain.size;
    json_part_string(string, &record->plain);
    return (fenlei_text){record->plain.bytes + start, record->plain.size - start};
}

static bool is_string(fenlei_text value)
{
    return value.size > 0 && value.bytes[0] == '"';
}

/* Takes the fields of a flat object. False where one is missing or none of its kind, or memory runs
 * out: cJSON is asked then, and the reader of its tree says what is wrong. */
static bool take_flat(struct record *record)
{
    fenlei_text id = json_flat_member(&record->flat, "id");
    fenlei_text title = json_flat_member(&record->flat, "title");
    fenlei_text text = json_flat_member(&record->flat, "text");
    fenlei_text date = json_flat_member(&record->flat, "date");
    if (!is_string(text) || (title.bytes != NULL && !is_string(title)))
        return false;
    if (!buffer_reserve(&record->plain, title.size + text.size + date.size))
        return false;
    if (id.bytes != NULL)
        json_copy(&record->id_text, id);
    record->id = (fenlei_text){record->id_text.bytes, record->id_text.size};
    record->text = plain_string(record, text);
    if (title.bytes != NULL)
        record->title = plain_string(record, title);
    if (is_string(date))
        record->date = plain_string(record, date);
    return !record->id_text.failed;
}

static fenlei_status plant_tree(struct record *record, fenlei_error *error)
{
    cJSON *json = NULL;
    fenlei_status status = FENLEI_OK;
    if (record->json == NULL)
        status = parse_line(&json, record->line, error);
    if (json != NULL)
        record->json = json;
    return status;
}

/* ---- records ---- */

static fenlei_status take_tree(struct record *record, fenlei_error *error)
{
    const cJSON *json = record->json;
    if (!cJSON_IsObject(json))
        return error_set(error, FENLEI_BAD_INPUT, "not a JSON object");
    fenlei_status status = read_id(record, json, record->line, error);
    if (status == FENLEI_OK)
        status = read_string(json, "text", &record->text, error);
    if (status == FENLEI_OK && record->text.bytes == NULL)
        return refuse_lack(json, "text", error);
    if (status == FENLEI_OK)
        status = read_string(json, "title", &record->title, error);
    return status;
}

fenlei_status record_parse(struct record *record, const char *line, size_t size,
                           fenlei_error *error)
{
    record->line = (fenlei_text){line, size};
    if (json_flat_read(&record->flat, record->line) && take_flat(record))
        return FENLEI_OK;
    record_release(record);
    record->line = (fenlei_text){line, size};
    size_t blank = 0;
    while (blank < size && strchr(" \t\r\n", line[blank]) != NULL)
        blank++;
    if (blank == size)
        return error_set(error, FENLEI_BAD_INPUT, "an empty line");
    fenlei_status status = plant_tree(record, error);
    return status == FENLEI_OK ? take_tree(record, error) : status;
}

fenlei_text record_date(const struct record *record)
{
    fenlei_error error;
    const cJSON *date = NULL;
    if (record->date.bytes != NULL)
        return record->date;
    if (find_field(record->json, "date", &date, &error) != FENLEI_OK || date == NULL ||
        !cJSON_IsString(date))
        return (fenlei_text){"", 0};
    return text_of(date->valuestring);
}

static void append_member(struct buffer *out, fenlei_text name, fenlei_text value)
{
    buffer_append_string(out, out->size > 0 ? "," : "");
    json_copy(out, name);
    buffer_append_string(out, ":");
    json_copy(out, value);
}

static bool is_read(fenlei_text name)
{
    return text_equal(name, text_of("text")) || text_equal(name, text_of("title")) ||
           text_equal(name, text_of("id"));
}

static void append_flat_others(const struct json_flat *flat, bool (*is_ours)(fenlei_text name),
                               struct buffer *others, struct buffer *clashing)
{
    for (size_t i = 0; i < flat->n; i++) {
        fenlei_text name = flat->members[i].name;
        if (!is_read(name))
            append_member(is_ours(name) ? clashing : others,
                          (fenlei_text){name.bytes - 1, name.size + 2}, flat->members[i].value);
    }
}

void record_append_others(const struct record *record, bool (*is_ours)(fenlei_text name),
                          struct buffer *others, struct buffer *clashing)
{
    const cJSON *item = NULL;
    fenlei_text name, value;
    size_t at = 0, behind = 0; /* members that the walk through the line has not passed */
    append_flat_others(&record->flat, is_ours, others, clashing);
    if (record->flat.n > 0 || !cJSON_IsObject((const cJSON *)record->json))
        return;
    cJSON_ArrayForEach(item, (const cJSON *)record->json)
    {
        behind++;
        if (is_read(text_of(item->string)))
            continue;
        while (behind > 0 && json_next_member(record->line, &at, &name, &value))
            behind--;
        if (behind == 0)
            append_member(is_ours(text_of(item->string)) ? clashing : others, name, value);
    }
}

fenlei_status record_parse_labels(struct record *record, fenlei_error *error)
{
    const cJSON *date = NULL;
    bool has_either;
    fenlei_status status = plant_tree(record, error);
    if (status == FENLEI_OK)
        status = find_field(record->json, "date", &date, error);
    if (status == FENLEI_OK && date != NULL && cJSON_IsString(date))
        record->date = text_of(date->valuestring);
    if (status == FENLEI_OK)
        status = read_labels(record->json, "labels", &record->labels, &record->n_labels,
                             &record->is_labelled, error);
    if (status == FENLEI_OK)
        status = read_labels(record->json, "either", &record->either, &record->n_either,
                             &has_either, error);
    return status;
}

fenlei_status record_refuse_unlabelled(struct record *record, fenlei_error *error)
{
    static const char *const others[] = {"label",    "cats", "annotations",
                                         "category", "类别", "标签"};
    fenlei_error ignored;
    const cJSON *field;
    fenlei_status status = plant_tree(record, error);
    for (size_t i = 0; status == FENLEI_OK && i < sizeof others / sizeof *others; i++)
        if (find_field(record->json, others[i], &field, &ignored) == FENLEI_OK && field != NULL)
            return error_set(error, FENLEI_BAD_INPUT,
                             "no \"labels\"; there is \"%s\": --label-field names another field",
                             others[i]);
    return status == FENLEI_OK ? refuse_lack(record->json, "labels", error) : status;
}

void record_release(struct record *record)
{
    cJSON_Delete(record->json);
    free(record->labels);
    free(record->either);
    buffer_release(&record->id_text);
    buffer_release(&record->plain);
    *record = (struct record){0};
}

static fenlei_status read_topic(struct topic_names *topics, const cJSON *item, fenlei_error *error)
{
    size_t i = topics->n;
    if (!cJSON_IsObject(item))
        return error_set(error, FENLEI_BAD_INPUT, "topic %zu is not an object", i + 1);
    fenlei_status status = read_string(item, "id", &topics->ids[i], error);
    if (status == FENLEI_OK && topics->ids[i].size == 0)
        return error_set(error, FENLEI_BAD_INPUT, "topic %zu has no \"id\"", i + 1);
    topics->names[i] = topics->ids[i];
    if (status == FENLEI_OK)
        status = read_string(item, "name", &topics->names[i], error);
    for (size_t other = 0; other < i && status == FENLEI_OK; other++)
        if (text_equal(topics->ids[other], topics->ids[i]))
            status = error_set(error, FENLEI_BAD_INPUT, "topic \"%s\" given twice",
                               topics->ids[i].bytes);
        else if (text_equal(topics->names[other], topics->names[i]))
            status =
                error_set(error, FENLEI_BAD_INPUT, "topics \"%s\" and \"%s\" have one name, \"%s\"",
                          topics->ids[other].bytes, topics->ids[i].bytes, topics->names[i].bytes);
    topics->n++;
    return status;
}

fenlei_status topic_names_parse(struct topic_names *topics, const char *bytes, size_t size,
                                fenlei_error *error)
{
    cJSON *json;
    fenlei_status status = parse_json(&json, bytes, size, error);
    if (status != FENLEI_OK)
        return status;
    topics->json = json;
    if (!cJSON_IsArray(json) || cJSON_GetArraySize(json) == 0)
        return error_set(error, FENLEI_BAD_INPUT, "not a JSON array of topics");
    size_t n = (size_t)cJSON_GetArraySize(json);
    topics->ids = array_new(n, sizeof *topics->ids);
    topics->names = array_new(n, sizeof *topics->names);
    if (topics->ids == NULL || topics->names == NULL)
        return error_memory(error);
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, json)
    {
        status = read_topic(topics, item, error);
        if (status != FENLEI_OK)
            return status;
    }
    return FENLEI_OK;
}

void topic_names_release(struct topic_names *topics)
{
    cJSON_Delete(topics->json);
    free(topics->ids);
    free(topics->names);
    *topics = (struct topic_names){0};
}

fenlei_status json_check_object(fenlei_text text, fenlei_error *error)
{
    cJSON *json = NULL;
    fenlei_status status = parse_json(&json, text.bytes, text.size, error);
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
    if (parse_json(&json, object.bytes, object.size, &error) != FENLEI_OK)
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

/* ---- writing ---- */

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
