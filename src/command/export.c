/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/export.h"

#include "base/json.h"
#include "base/json_part.h"
#include "base/status.h"
#include "base/utf8.h"
#include "command/label_value.h"

#include <stdlib.h>
#include <string.h>

static bool is_null(fenlei_text value)
{
    return value.size == 0 || value.bytes[0] == 'n';
}

/* The member `name` of an object, no bytes where there is none or it is null; refuses one given
 * twice, of which a reader could mean either. */
static fenlei_status find_member(fenlei_text object, fenlei_text name, fenlei_text *value,
                                 fenlei_error *error)
{
    size_t at = 0, n = 0;
    fenlei_text key, found;
    *value = (fenlei_text){NULL, 0};
    while (json_next_member(object, &at, &key, &found)) {
        if (!json_string_is(key, name))
            continue;
        if (n++ > 0)
            return error_set(error, FENLEI_BAD_INPUT, "\"%.*s\" given twice",
                             (int)(name.size < 100 ? name.size : 100), name.bytes);
        if (!is_null(found))
            *value = found;
    }
    return FENLEI_OK;
}

/* The same by a path, "data.text": a member of that whole name, or one of a member. */
static fenlei_status find(fenlei_text object, const char *path, fenlei_text *value,
                          fenlei_error *error)
{
    fenlei_status status = find_member(object, text_of(path), value, error);
    const char *dot = strchr(path, '.');
    if (status != FENLEI_OK || value->size > 0 || dot == NULL)
        return status;
    fenlei_text inner, head = {path, (size_t)(dot - path)};
    status = find_member(object, head, &inner, error);
    if (status != FENLEI_OK || inner.size == 0 || inner.bytes[0] != '{')
        return status;
    return find(inner, dot + 1, value, error);
}

/* The first of several paths that is there; NULL ends them. */
static fenlei_status find_first(fenlei_text object, const char *const *paths, fenlei_text *value,
                                const char **which, fenlei_error *error)
{
    fenlei_status status = FENLEI_OK;
    *value = (fenlei_text){NULL, 0};
    *which = paths[0];
    for (size_t i = 0; paths[i] != NULL && status == FENLEI_OK && value->size == 0; i++) {
        *which = paths[i];
        status = find(object, paths[i], value, error);
    }
    if (value->size == 0)
        *which = paths[0];
    return status;
}

/* ---- the form of an object ---- */

static bool has(fenlei_text object, const char *key, const char *beginnings)
{
    fenlei_text value;
    return json_member(object, key, &value) && strchr(beginnings, value.bytes[0]) != NULL;
}

enum export_form export_form_of(fenlei_text object)
{
    fenlei_error error;
    if (json_check_object(object, &error) != FENLEI_OK)
        return EXPORT_PLAIN;
    if (has(object, "data", "{") &&
        (has(object, "annotations", "[") || has(object, "completions", "[") ||
         has(object, "predictions", "[")))
        return EXPORT_LABEL_STUDIO;
    if (has(object, "annotator", "\"0123456789{n") &&
        (has(object, "lead_time", "n-0123456789") || has(object, "annotation_id", "n0123456789")))
        return EXPORT_LABEL_STUDIO;
    if (has(object, "labels", "[") || !(has(object, "text", "\"") || has(object, "data", "\"")))
        return EXPORT_PLAIN;
    if (has(object, "label", "[") || has(object, "cats", "[") || has(object, "annotations", "[") ||
        (has(object, "entities", "[") && has(object, "relations", "[")))
        return EXPORT_DOCCANO;
    return EXPORT_PLAIN;
}

bool export_is_plain(fenlei_text object, bool needs_labels)
{
    fenlei_error error;
    fenlei_text labels, first;
    size_t at = 0;
    if (json_check_object(object, &error) != FENLEI_OK)
        return true;
    if (!has(object, "text", "\""))
        return false;
    return !needs_labels ||
           (json_member(object, "labels", &labels) && labels.bytes[0] == '[' &&
            (!json_element(labels, &at, &first) || first.bytes[0] == '"') &&
            !has(object, "answer", "\""));
}

/* ---- the fields of an object ---- */

static fenlei_status take_string(fenlei_text value, const char *name, struct buffer *out,
                                 fenlei_error *error)
{
    if (value.size > 0 && !json_part_string(value, out))
        return error_set(error, FENLEI_BAD_INPUT, "\"%.100s\" is not a string", name);
    return out->failed ? error_memory(error) : FENLEI_OK;
}

static fenlei_status take_text(struct draft *draft, fenlei_text value, const char *name,
                               fenlei_error *error)
{
    if (value.size == 0)
        return error_set(error, FENLEI_BAD_INPUT, "no \"%.100s\"", name);
    draft->has_text = true;
    return take_string(value, name, &draft->text, error);
}

static fenlei_status take_id(fenlei_text object, struct draft *draft, fenlei_error *error)
{
    fenlei_text id;
    fenlei_status status = find_member(object, text_of("id"), &id, error);
    if (status == FENLEI_OK && id.size > 0)
        json_copy(&draft->id, id);
    return status;
}

/* Has the record a field of this name, or would it have? */
static bool is_own(fenlei_text name)
{
    static const char *const own[] = {"id", "title", "text", "labels", "either"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (json_string_is(name, text_of(own[i])))
            return true;
    return false;
}

static bool holds(fenlei_text value, fenlei_text part)
{
    return part.size > 0 && part.bytes >= value.bytes && part.bytes < value.bytes + value.size;
}

/* What is neither used nor the record's own. */
static void pass_on(struct draft *draft, fenlei_text object, const fenlei_text *used, size_t n_used)
{
    size_t at = 0;
    fenlei_text name, value;
    while (json_next_member(object, &at, &name, &value)) {
        bool is_used = is_own(name);
        for (size_t i = 0; i < n_used; i++)
            is_used = is_used || holds(value, used[i]);
        if (!is_used)
            draft_pass_on(draft, name, value);
    }
}

static fenlei_status leave_out(struct export *export, enum note note, const struct draft *draft,
                               bool *is_left_out)
{
    notes_add(&export->notes, note, draft->number);
    *is_left_out = true;
    return FENLEI_OK;
}

/* A label with a mark in it that often parts labels. */
static bool seems_unparted(const struct draft *draft)
{
    for (size_t i = 0; i < draft->labels.size; i++)
        if (strchr("#|;", draft->labels.bytes[i]) != NULL)
            return true;
    return false;
}

/* ---- doccano, and fields of other names ---- */

/* Prodigy: what a person did with a question. */
static bool is_rejected(fenlei_text object)
{
    fenlei_text answer;
    return json_member(object, "answer", &answer) && (json_string_is(answer, text_of("reject")) ||
                                                      json_string_is(answer, text_of("ignore")));
}

static fenlei_status take_labels(struct export *export, fenlei_text value, const char *name,
                                 struct draft *draft, bool *is_left_out, fenlei_error *error)
{
    if (value.size == 0 && export->form == EXPORT_PLAIN)
        return error_set(error, FENLEI_BAD_INPUT, "no \"%.100s\"", name);
    if (value.size == 0)
        return leave_out(export, NOTE_UNLABELLED, draft, is_left_out);
    draft_add_person(draft);
    fenlei_status status =
        label_value_choose(draft, value, export->options->label_separator, error);
    if (status != FENLEI_OK)
        return status;
    if (draft->n_choices == 0 && value.bytes[0] == '"')
        return leave_out(export, NOTE_UNLABELLED, draft, is_left_out);
    if (draft->n_choices == 0 && export->form == EXPORT_DOCCANO)
        notes_add(&export->notes, NOTE_EMPTY, draft->number);
    return FENLEI_OK;
}

static fenlei_status take_fields(struct export *export, fenlei_text object, struct draft *draft,
                                 bool *is_left_out, fenlei_error *error)
{
    const struct record_options *options = export->options;
    const char *const texts[] = {options->text_field != NULL ? options->text_field : "text",
                                 options->text_field != NULL ? NULL : "data", NULL},
                      *const doccano[] = {"cats", "label", "labels", "annotations", "entities",
                                          NULL},
                      *const plain[] = {"labels", "label", "cats", "accept", NULL},
                      *const named[] = {options->label_field, NULL};
    const char *const *labels = options->label_field != NULL      ? named
                                : export->form == EXPORT_DOCCANO ? doccano
                                                                  : plain;
    const char *text_name, *label_name;
    fenlei_text used[3];
    fenlei_status status = find_first(object, texts, &used[0], &text_name, error);
    if (status == FENLEI_OK)
        status = find(object, options->title_field != NULL ? options->title_field : "title",
                      &used[1], error);
    if (status == FENLEI_OK)
        status = find_first(object, labels, &used[2], &label_name, error);
    if (status == FENLEI_OK)
        status = take_text(draft, used[0], text_name, error);
    if (status == FENLEI_OK)
        status = take_string(used[1], "title", &draft->title, error);
    if (status == FENLEI_OK)
        pass_on(draft, object, used, 3);
    if (status != FENLEI_OK || !export->needs_labels)
        return status;
    if (is_rejected(object))
        return leave_out(export, NOTE_REJECTED, draft, is_left_out);
    return take_labels(export, used[2], label_name, draft, is_left_out, error);
}

/* ---- Label Studio: a task with its annotations ---- */

static bool is_true(fenlei_text object, const char *key)
{
    fenlei_text value;
    return json_member(object, key, &value) && value.bytes[0] == 't';
}

static bool is_cancelled(fenlei_text annotation)
{
    return is_true(annotation, "was_cancelled") || is_true(annotation, "skipped");
}

/* Of an annotation: which tag its choices are of, where no option says. */
struct tag {
    const char *wanted; /* NULL: any, but one alone */
    fenlei_text found;  /* JSON; no bytes before the first */
};

static bool names_labels(fenlei_text value)
{
    fenlei_text found;
    return (json_member(value, "choices", &found) || json_member(value, "taxonomy", &found)) &&
           !json_member(value, "start", &found);
}

/* Is this result one to take labels from? An error where two tags could be meant. */
static fenlei_status match(struct tag *tag, fenlei_text result, fenlei_text value, bool *is,
                           fenlei_error *error)
{
    fenlei_text name = {NULL, 0};
    bool is_named = json_member(result, "from_name", &name);
    *is = tag->wanted != NULL ? is_named && json_string_is(name, text_of(tag->wanted))
                              : names_labels(value);
    if (!*is || tag->wanted != NULL)
        return FENLEI_OK;
    if (tag->found.size > 0 && !text_equal(tag->found, name))
        return error_set(error, FENLEI_BAD_INPUT,
                         "it has choices of %.*s and of %.*s: --label-field says which to take",
                         (int)(tag->found.size < 60 ? tag->found.size : 60), tag->found.bytes,
                         (int)(name.size < 60 ? name.size : 60), name.bytes);
    tag->found = name;
    return FENLEI_OK;
}

/* What one person found; *other is a value that is none of labels, or has no bytes. */
static fenlei_status take_annotation(struct draft *draft, fenlei_text annotation, struct tag *tag,
                                     fenlei_text *other, fenlei_error *error)
{
    fenlei_text results, result, value;
    size_t at = 0;
    fenlei_status status = FENLEI_OK;
    draft_add_person(draft);
    if (!json_member(annotation, "result", &results))
        return FENLEI_OK;
    while (status == FENLEI_OK && json_element(results, &at, &result)) {
        bool is = false;
        if (!json_member(result, "value", &value))
            continue;
        status = match(tag, result, value, &is, error);
        if (status == FENLEI_OK && is)
            status = label_value_choose(draft, value, NULL, error);
        else if (status == FENLEI_OK)
            *other = value;
    }
    return status;
}

static bool has_truth(fenlei_text annotations)
{
    fenlei_text annotation;
    for (size_t at = 0; json_element(annotations, &at, &annotation);)
        if (is_true(annotation, "ground_truth") && !is_cancelled(annotation))
            return true;
    return false;
}

static fenlei_status take_annotations(struct export *export, fenlei_text annotations,
                                      struct draft *draft, bool *is_left_out, fenlei_error *error)
{
    struct tag tag = {.wanted = export->options->label_field};
    bool by_truth = has_truth(annotations);
    size_t at = 0, n_cancelled = 0;
    fenlei_text annotation, other = {NULL, 0};
    fenlei_status status = FENLEI_OK;
    while (status == FENLEI_OK && json_element(annotations, &at, &annotation)) {
        if (is_cancelled(annotation))
            n_cancelled++;
        else if (!by_truth || is_true(annotation, "ground_truth"))
            status = take_annotation(draft, annotation, &tag, &other, error);
    }
    if (status != FENLEI_OK)
        return status;
    if (draft->n_people == 0)
        return leave_out(export, n_cancelled > 0 ? NOTE_ALL_CANCELLED : NOTE_UNANNOTATED, draft,
                         is_left_out);
    if (draft->n_choices == 0 && other.size > 0)
        return label_value_choose(draft, other, NULL, error) == FENLEI_OK
                   ? error_set(error, FENLEI_BAD_INPUT, "no choices of \"%.100s\"",
                               tag.wanted != NULL ? tag.wanted : "")
                   : error->status;
    if (n_cancelled > 0)
        notes_add(&export->notes, NOTE_CANCELLED, draft->number);
    if (draft->n_choices == 0)
        notes_add(&export->notes, NOTE_EMPTY, draft->number);
    return FENLEI_OK;
}

/* The one string of an object; no bytes where there are none or several. */
static fenlei_text only_string(fenlei_text object)
{
    fenlei_text name, value, only = {NULL, 0};
    size_t n = 0;
    for (size_t at = 0; json_next_member(object, &at, &name, &value);)
        if (value.bytes[0] == '"') {
            only = value;
            n++;
        }
    return n == 1 ? only : (fenlei_text){NULL, 0};
}

/* A field of a task, by a path from its beginning or from its data. */
static fenlei_status find_in_task(fenlei_text task, fenlei_text data, const char *path,
                                  fenlei_text *value, fenlei_error *error)
{
    fenlei_status status = find(data, path, value, error);
    return status == FENLEI_OK && value->size == 0 ? find(task, path, value, error) : status;
}

static fenlei_status take_task(struct export *export, fenlei_text task, fenlei_text data,
                               struct draft *draft, bool *is_left_out, fenlei_error *error)
{
    const struct record_options *options = export->options;
    const char *text_name = options->text_field != NULL ? options->text_field : "text";
    fenlei_text used[2], annotations = {NULL, 0};
    fenlei_status status = find_in_task(task, data, text_name, &used[0], error);
    if (status == FENLEI_OK && used[0].size == 0 && options->text_field == NULL)
        used[0] = only_string(data);
    if (status == FENLEI_OK)
        status = find_in_task(task, data,
                              options->title_field != NULL ? options->title_field : "title",
                              &used[1], error);
    if (status == FENLEI_OK && used[0].size == 0)
        return error_set(error, FENLEI_BAD_INPUT,
                         "no \"%.100s\" in its data: --text-field says where the text is",
                         text_name);
    if (status == FENLEI_OK)
        status = take_text(draft, used[0], text_name, error);
    if (status == FENLEI_OK)
        status = take_string(used[1], "title", &draft->title, error);
    if (status == FENLEI_OK)
        pass_on(draft, data, used, 2);
    if (status != FENLEI_OK || !export->needs_labels)
        return status;
    if (!json_member(task, "annotations", &annotations))
        json_member(task, "completions", &annotations);
    return take_annotations(export, annotations, draft, is_left_out, error);
}

/* ---- Label Studio, JSON_MIN: a field a tag ---- */

/* The fields that every record of JSON_MIN and CSV has. */
static bool is_standard(fenlei_text name)
{
    static const char *const standard[] = {"id",         "annotator",  "annotation_id", "created_at",
                                           "updated_at", "lead_time", "agreement"};
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        if (text_equal(name, text_of(standard[i])))
            return true;
    return false;
}

/* Does somebody's name stand behind it? */
static bool has_annotator(fenlei_text object)
{
    fenlei_text value;
    if (json_member(object, "annotation_id", &value))
        return !is_null(value);
    return json_member(object, "annotator", &value) && !is_null(value) &&
           !text_equal(value, text_of("\"\"")) && !text_equal(value, text_of("{}"));
}

/* What stands between the id and the annotator is what was found; an error where that is more than
 * one thing. */
static fenlei_status find_finding(fenlei_text object, fenlei_text text, fenlei_text *value,
                                  fenlei_error *error)
{
    fenlei_text name, found, first = {NULL, 0};
    bool is_behind_id = false;
    *value = (fenlei_text){NULL, 0};
    for (size_t at = 0; json_next_member(object, &at, &name, &found);) {
        if (json_string_is(name, text_of("annotator")))
            break;
        if (is_behind_id && found.bytes != text.bytes && value->size > 0)
            return error_set(error, FENLEI_BAD_INPUT,
                             "its labels may be in %.*s or in %.*s: --label-field says where",
                             (int)(first.size < 60 ? first.size : 60), first.bytes,
                             (int)(name.size < 60 ? name.size : 60), name.bytes);
        if (is_behind_id && found.bytes != text.bytes) {
            *value = found;
            first = name;
        }
        is_behind_id = is_behind_id || json_string_is(name, text_of("id"));
    }
    return FENLEI_OK;
}

static fenlei_status take_findings(struct export *export, fenlei_text object, fenlei_text value,
                                   struct draft *draft, bool *is_left_out, fenlei_error *error)
{
    if (!has_annotator(object))
        return leave_out(export, NOTE_UNANNOTATED, draft, is_left_out);
    draft_add_person(draft);
    fenlei_status status =
        value.size > 0
            ? label_value_choose(draft, value, export->options->label_separator, error)
            : FENLEI_OK;
    if (status == FENLEI_OK && draft->n_choices == 0)
        notes_add(&export->notes, NOTE_EMPTY, draft->number);
    return status;
}

static fenlei_status take_small_task(struct export *export, fenlei_text object, struct draft *draft,
                                     bool *is_left_out, fenlei_error *error)
{
    const struct record_options *options = export->options;
    const char *text_name = options->text_field != NULL ? options->text_field : "text";
    fenlei_text used[3];
    fenlei_status status = find(object, text_name, &used[0], error);
    if (status == FENLEI_OK)
        status = find(object, options->title_field != NULL ? options->title_field : "title",
                      &used[1], error);
    if (status == FENLEI_OK && options->label_field != NULL)
        status = find(object, options->label_field, &used[2], error);
    else if (status == FENLEI_OK)
        status = find_finding(object, used[0], &used[2], error);
    if (status == FENLEI_OK)
        status = take_text(draft, used[0], text_name, error);
    if (status == FENLEI_OK)
        status = take_string(used[1], "title", &draft->title, error);
    if (status == FENLEI_OK)
        pass_on(draft, object, used, 3);
    if (status == FENLEI_OK && export->needs_labels)
        status = take_findings(export, object, used[2], draft, is_left_out, error);
    return status;
}

fenlei_status export_object(struct export *export, fenlei_text object, struct draft *draft,
                            bool *is_left_out, fenlei_error *error)
{
    fenlei_text data;
    *is_left_out = false;
    fenlei_status status = take_id(object, draft, error);
    if (status != FENLEI_OK)
        return status;
    if (export->form != EXPORT_LABEL_STUDIO)
        status = take_fields(export, object, draft, is_left_out, error);
    else if (json_member(object, "data", &data) && data.bytes[0] == '{')
        status = take_task(export, object, data, draft, is_left_out, error);
    else
        status = take_small_task(export, object, draft, is_left_out, error);
    if (status == FENLEI_OK && export->options->label_separator == NULL &&
        export->form == EXPORT_PLAIN && seems_unparted(draft))
        notes_add(&export->notes, NOTE_UNPARTED, draft->number);
    return status;
}

/* ---- tables ---- */

static bool equals_ignoring_case(fenlei_text a, fenlei_text b)
{
    return a.size == b.size && (a.size == 0 || strncasecmp(a.bytes, b.bytes, a.size) == 0);
}

static fenlei_text trim(fenlei_text text)
{
    while (text.size > 0 && strchr(" \t", text.bytes[text.size - 1]) != NULL)
        text.size--;
    while (text.size > 0 && strchr(" \t", text.bytes[0]) != NULL)
        text = (fenlei_text){text.bytes + 1, text.size - 1};
    return text;
}

static size_t find_cell(const fenlei_text *cells, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (equals_ignoring_case(trim(cells[i]), text_of(name)))
            return i;
    return SIZE_MAX;
}

/* The first that is there of several names. */
static size_t find_cell_of(const fenlei_text *cells, size_t n, const char *asked,
                           const char *name, const char *other)
{
    if (asked != NULL)
        return find_cell(cells, n, asked);
    size_t found = find_cell(cells, n, name);
    return found == SIZE_MAX && other != NULL ? find_cell(cells, n, other) : found;
}

bool export_is_header(const struct export *export, const struct table_row *row)
{
    return find_cell_of(row->cells, row->n, export->options->text_field, "text", "data") !=
           SIZE_MAX;
}

static bool keep_columns(struct export *export, const struct table_row *row)
{
    export->columns = array_new(row->n, sizeof *export->columns);
    for (size_t i = 0; i < row->n; i++)
        buffer_append_text(&export->header, trim(row->cells[i]));
    if (export->columns == NULL || export->header.failed)
        return false;
    export->n_columns = row->n;
    for (size_t i = 0, at = 0; i < row->n; i++) {
        export->columns[i] = (fenlei_text){export->header.bytes + at, trim(row->cells[i]).size};
        at += export->columns[i].size;
    }
    return true;
}

/* "no column \"text\"" and which columns there are. */
static fenlei_status refuse_header(const struct export *export, const char *name,
                                   const char *option, fenlei_error *error)
{
    struct buffer names = {0};
    for (size_t i = 0; i < export->n_columns && names.size < 300; i++) {
        buffer_append_string(&names, i > 0 ? ", \"" : "\"");
        buffer_append(&names, export->columns[i].bytes,
                      export->columns[i].size < 40 ? export->columns[i].size : 40);
        buffer_append_string(&names, "\"");
    }
    fenlei_status status =
        error_set(error, FENLEI_BAD_INPUT,
                  "no column \"%.100s\" in its first row (%.*s): %s says which it is", name,
                  (int)names.size, names.bytes, option);
    buffer_release(&names);
    return status;
}

static fenlei_status check_once(const struct export *export, size_t column, fenlei_error *error)
{
    for (size_t i = 0; column != SIZE_MAX && i < export->n_columns; i++)
        if (i != column && equals_ignoring_case(export->columns[i], export->columns[column]))
            return error_set(error, FENLEI_BAD_INPUT, "two columns \"%.*s\" in its first row",
                             (int)(export->columns[i].size < 100 ? export->columns[i].size : 100),
                             export->columns[i].bytes);
    return FENLEI_OK;
}

/* Of Label Studio the one column that is none of the others. */
static size_t find_tag_column(const struct export *export)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < export->n_columns; i++) {
        if (i == export->text_column || i == export->title_column ||
            is_standard(export->columns[i]) ||
            equals_ignoring_case(export->columns[i], text_of("date")))
            continue;
        if (found != SIZE_MAX)
            return SIZE_MAX;
        found = i;
    }
    return found;
}

fenlei_status export_header(struct export *export, const struct table_row *row, fenlei_error *error)
{
    const struct record_options *options = export->options;
    if (!keep_columns(export, row))
        return error_memory(error);
    const fenlei_text *columns = export->columns;
    size_t n = export->n_columns;
    bool is_label_studio = find_cell(columns, n, "annotator") != SIZE_MAX &&
                           (find_cell(columns, n, "annotation_id") != SIZE_MAX ||
                            find_cell(columns, n, "lead_time") != SIZE_MAX);
    bool is_doccano = find_cell(columns, n, "label") != SIZE_MAX &&
                      find_cell(columns, n, "id") != SIZE_MAX &&
                      (find_cell(columns, n, "Comments") != SIZE_MAX ||
                       find_cell(columns, n, "data") != SIZE_MAX);
    if (options->format == FORMAT_LABEL_STUDIO || (options->format == FORMAT_TOLD && is_label_studio))
        export->form = EXPORT_LABEL_STUDIO;
    else if (options->format == FORMAT_DOCCANO || (options->format == FORMAT_TOLD && is_doccano))
        export->form = EXPORT_DOCCANO;
    export->text_column = find_cell_of(columns, n, options->text_field, "text", "data");
    export->title_column = find_cell_of(columns, n, options->title_field, "title", NULL);
    export->label_column = find_cell_of(columns, n, options->label_field, "labels", "label");
    export->id_column = find_cell(columns, n, "id");
    export->annotation_column = find_cell_of(columns, n, NULL, "annotation_id", "annotator");
    if (export->form == EXPORT_LABEL_STUDIO && export->label_column == SIZE_MAX &&
        options->label_field == NULL)
        export->label_column = find_tag_column(export);
    if (export->text_column == SIZE_MAX)
        return refuse_header(export, options->text_field != NULL ? options->text_field : "text",
                             "--text-field", error);
    if (options->title_field != NULL && export->title_column == SIZE_MAX)
        return refuse_header(export, options->title_field, "--title-field", error);
    if (export->needs_labels && export->label_column == SIZE_MAX)
        return refuse_header(export, options->label_field != NULL ? options->label_field : "labels",
                             "--label-field", error);
    fenlei_status status = check_once(export, export->text_column, error);
    if (status == FENLEI_OK)
        status = check_once(export, export->title_column, error);
    if (status == FENLEI_OK)
        status = check_once(export, export->label_column, error);
    return status;
}

static fenlei_status check_cell(const struct export *export, const struct table_row *row, size_t i,
                                const char *damaged, fenlei_error *error)
{
    fenlei_text cell = row->cells[i], name = export->columns[i];
    const char *what = NULL;
    if (cell.size > 0 && memchr(cell.bytes, '\0', cell.size) != NULL)
        what = "a NUL character";
    else if (utf8_valid_prefix(cell.bytes, cell.size) < cell.size)
        what = "invalid UTF-8";
    else if (damaged != NULL && cell.size > 0 && memmem(cell.bytes, cell.size, "\uFFFD", 3) != NULL)
        what = damaged;
    if (what == NULL)
        return FENLEI_OK;
    return error_set(error, FENLEI_BAD_INPUT, "%s%s in column %zu (\"%.*s\")",
                     what == damaged ? "not valid " : "", what, i + 1,
                     (int)(name.size < 60 ? name.size : 60), name.bytes);
}

/* A JSON object whose commas were taken for a table's: {"text":"..." */
static bool is_object(const struct table_row *row)
{
    fenlei_text first = row->cells[0];
    return first.size > 2 && memcmp(first.bytes, "{\"", 2) == 0 &&
           first.bytes[first.size - 1] != '}' && memmem(first.bytes, first.size, "\":", 2) != NULL;
}

static fenlei_status check_row(const struct export *export, const struct table_row *row,
                               const char *damaged, fenlei_error *error)
{
    size_t n = row->n;
    if (is_object(row))
        return error_set(error, FENLEI_BAD_INPUT, "a JSON object, where a row of the table should be");
    while (n > export->n_columns && row->cells[n - 1].size == 0)
        n--;
    if (n != export->n_columns)
        return error_set(error, FENLEI_BAD_INPUT, "%zu cell%s, where the first row has %zu", n,
                         n == 1 ? "" : "s", export->n_columns);
    fenlei_status status = FENLEI_OK;
    for (size_t i = 0; i < n && status == FENLEI_OK; i++)
        status = check_cell(export, row, i, damaged, error);
    return status;
}

/* A number is written as one, so that it is the same id as in JSON. */
static void append_id(struct buffer *out, fenlei_text cell)
{
    bool is_number = cell.size > 0 && cell.size < 18 && (cell.bytes[0] != '0' || cell.size == 1);
    for (size_t i = 0; i < cell.size; i++)
        is_number = is_number && cell.bytes[i] >= '0' && cell.bytes[i] <= '9';
    if (is_number)
        buffer_append_text(out, cell);
    else if (cell.size > 0)
        json_string(out, cell);
}

static void pass_cells_on(struct export *export, const struct table_row *row, struct draft *draft)
{
    for (size_t i = 0; i < export->n_columns; i++) {
        struct buffer name = {0};
        if (i == export->text_column || i == export->title_column || i == export->label_column ||
            row->cells[i].size == 0 || export->columns[i].size == 0 ||
            utf8_valid_prefix(export->columns[i].bytes, export->columns[i].size) <
                export->columns[i].size)
            continue;
        json_string(&name, export->columns[i]);
        buffer_clear(&export->scratch);
        json_string(&export->scratch, row->cells[i]);
        fenlei_text json = {name.bytes, name.size};
        if (!name.failed && !is_own(json))
            draft_pass_on(draft, json, (fenlei_text){export->scratch.bytes, export->scratch.size});
        draft->rest.failed = draft->rest.failed || name.failed || export->scratch.failed;
        buffer_release(&name);
    }
}

static fenlei_status take_label_cell(struct export *export, const struct table_row *row,
                                     struct draft *draft, bool *is_left_out, fenlei_error *error)
{
    const char *separator = export->options->label_separator;
    bool is_label_studio = export->form == EXPORT_LABEL_STUDIO;
    fenlei_text cell = trim(row->cells[export->label_column]);
    if (separator == NULL && export->form == EXPORT_DOCCANO)
        separator = "#";
    if (is_label_studio && export->annotation_column != SIZE_MAX &&
        row->cells[export->annotation_column].size == 0)
        return leave_out(export, NOTE_UNANNOTATED, draft, is_left_out);
    if (cell.size == 0 && export->form == EXPORT_PLAIN)
        return leave_out(export, NOTE_UNLABELLED, draft, is_left_out);
    draft_add_person(draft);
    fenlei_status status = label_value_choose_cell(draft, cell, separator, error);
    if (status != FENLEI_OK)
        return status;
    if (draft->n_choices == 0 && export->form != EXPORT_PLAIN)
        notes_add(&export->notes, NOTE_EMPTY, draft->number);
    if (export->form == EXPORT_PLAIN && separator == NULL && seems_unparted(draft))
        notes_add(&export->notes, NOTE_UNPARTED, draft->number);
    return FENLEI_OK;
}

fenlei_status export_row(struct export *export, const struct table_row *row, const char *damaged,
                         struct draft *draft, bool *is_left_out, fenlei_error *error)
{
    *is_left_out = false;
    fenlei_status status = check_row(export, row, damaged, error);
    if (status != FENLEI_OK)
        return status;
    if (export->id_column != SIZE_MAX)
        append_id(&draft->id, row->cells[export->id_column]);
    if (export->title_column != SIZE_MAX)
        buffer_append_text(&draft->title, row->cells[export->title_column]);
    buffer_append_text(&draft->text, row->cells[export->text_column]);
    draft->has_text = true;
    pass_cells_on(export, row, draft);
    return export->needs_labels ? take_label_cell(export, row, draft, is_left_out, error)
                                : FENLEI_OK;
}

/* ---- fastText ---- */

static const char LABEL[] = "__label__";

/* The next word of a line; moves *rest behind it and the blanks around it. */
static fenlei_text next_word(fenlei_text *rest)
{
    size_t start = 0;
    while (start < rest->size && strchr(" \t", rest->bytes[start]) != NULL)
        start++;
    size_t end = start;
    while (end < rest->size && strchr(" \t", rest->bytes[end]) == NULL)
        end++;
    fenlei_text word = {rest->bytes + start, end - start};
    *rest = (fenlei_text){rest->bytes + end, rest->size - end};
    return word;
}

static bool is_label(fenlei_text word)
{
    return word.size > sizeof LABEL - 1 && memcmp(word.bytes, LABEL, sizeof LABEL - 1) == 0;
}

fenlei_status export_fasttext(struct export *export, fenlei_text line, struct draft *draft,
                              bool *is_left_out, fenlei_error *error)
{
    *is_left_out = false;
    if (utf8_valid_prefix(line.bytes, line.size) < line.size || memchr(line.bytes, '\0', line.size))
        return error_set(error, FENLEI_BAD_INPUT, "invalid UTF-8, or a NUL character");
    fenlei_text rest = line, text = line;
    const char *plain = NULL; /* where the text goes on that is no label */
    bool good = true;
    for (fenlei_text word = next_word(&rest); word.size > 0 && good; word = next_word(&rest)) {
        if (!is_label(word)) {
            plain = plain != NULL ? plain : word.bytes;
            continue;
        }
        if (plain != NULL)
            buffer_append(&draft->text, plain, (size_t)(word.bytes - plain));
        plain = NULL;
        if (!draft->is_labelled)
            draft_add_person(draft);
        good = draft_choose(draft, (fenlei_text){word.bytes + sizeof LABEL - 1,
                                                 word.size - (sizeof LABEL - 1)});
    }
    if (plain != NULL)
        buffer_append(&draft->text, plain, (size_t)(text.bytes + text.size - plain));
    draft->has_text = true;
    if (!good)
        return error_memory(error);
    if (export->needs_labels && !draft->is_labelled)
        return leave_out(export, NOTE_UNLABELLED, draft, is_left_out);
    return FENLEI_OK;
}

void export_release(struct export *export)
{
    buffer_release(&export->header);
    buffer_release(&export->scratch);
    free(export->columns);
    export->columns = NULL;
}
