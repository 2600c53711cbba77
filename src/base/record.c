/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/record.h"

#include "base/json.h"
#include "base/json_part.h"
#include "base/json_tree.h"
#include "base/status.h"
#include "base/suggestion.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Any value is an id: it is copied as it was written, for cJSON keeps numbers as doubles. */
static fenlei_status read_id(struct record *record, const cJSON *object, fenlei_text line,
                             fenlei_error *error)
{
    const cJSON *field, *item = NULL;
    fenlei_text name, value = {"null", 4};
    size_t at = 0;
    fenlei_status status = json_tree_member(object, "id", &field, error);
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

bool record_is_text_name(const char *name)
{
    static const char *const names[] = {"content", "contents", "body", "article", "document",
                                        "news",    "正文",     "内容", "文本",    "文章"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

/* A string that other programs name so where we say "text"; NULL for none. */
static const char *find_text_name(const cJSON *object)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, object)
    {
        if (cJSON_IsString(item) && record_is_text_name(item->string))
            return item->string;
    }
    return NULL;
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
    const char *text = strcmp(key, "text") == 0 ? find_text_name(object) : NULL;
    if (suggestion.nearest == NULL && text != NULL)
        return error_set(error, FENLEI_BAD_INPUT, "no \"%s\", but \"%s\": --text-field %s", key,
                         text, text);
    if (suggestion.nearest == NULL || strcmp(suggestion.nearest, key) == 0)
        return error_set(error, FENLEI_BAD_INPUT, "no \"%s\"", key);
    return error_set(error, FENLEI_BAD_INPUT, "no \"%s\", but \"%s\"", key, suggestion.nearest);
}

static fenlei_status read_labels(const cJSON *object, const char *key, fenlei_text **labels,
                                 size_t *n, bool *present, fenlei_error *error)
{
    const cJSON *field, *item = NULL;
    fenlei_status status = json_tree_field(object, key, &field, error);
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
        status = json_tree_parse_mended(&json, record->line, error);
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
        status = json_tree_string(json, "text", &record->text, error);
    if (status == FENLEI_OK && record->text.bytes == NULL)
        return refuse_lack(json, "text", error);
    if (status == FENLEI_OK)
        status = json_tree_string(json, "title", &record->title, error);
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
    if (json_tree_field(record->json, "date", &date, &error) != FENLEI_OK || date == NULL ||
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
        status = json_tree_field(record->json, "date", &date, error);
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
        if (json_tree_field(record->json, others[i], &field, &ignored) == FENLEI_OK &&
            field != NULL)
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
