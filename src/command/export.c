/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/export.h"

#include "base/json.h"
#include "base/json_part.h"
#include "base/record.h"
#include "base/status.h"
#include "base/suggestion.h"
#include "command/label_value.h"

#include <stdio.h>
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

bool export_is_plain(fenlei_text object, enum label_use use)
{
    fenlei_error error;
    fenlei_text labels, first;
    size_t at = 0;
    if (json_check_object(object, &error) != FENLEI_OK)
        return true;
    if (!has(object, "text", "\"")) /* an error, or one of those that have it elsewhere */
        return !json_member(object, "text", &labels) && !json_member(object, "data", &labels);
    return use == LABELS_UNREAD ||
           (json_member(object, "labels", &labels) && labels.bytes[0] == '[' &&
            (!json_element(labels, &at, &first) || first.bytes[0] == '"') &&
            !has(object, "answer", "\""));
}

fenlei_status export_leave_out(struct export *export, enum note note, struct draft *draft,
                               bool *is_left_out)
{
    *is_left_out = export->labels == LABELS_NEEDED;
    if (*is_left_out)
        notes_add(&export->notes, note, draft->number);
    else
        draft_forget_people(draft);
    return FENLEI_OK;
}

/* ---- the fields of an object ---- */

static fenlei_status take_string(fenlei_text value, const char *name, struct buffer *out,
                                 fenlei_error *error)
{
    if (value.size > 0 && !json_part_string(value, out))
        return error_set(error, FENLEI_BAD_INPUT, "\"%.100s\" is not a string", name);
    return out->failed ? error_memory(error) : FENLEI_OK;
}

/* The error of an object without a member, and the other one that may be meant by it. */
static fenlei_status refuse_lack(fenlei_text object, const char *name, fenlei_error *error)
{
    enum { LONGEST = 100 };
    char tried[LONGEST + 1], nearest[LONGEST + 1], text[LONGEST + 1] = "";
    struct suggestion suggestion = {.typed = name};
    fenlei_text key, value;
    size_t at = 0;
    while (json_next_member(object, &at, &key, &value)) {
        struct buffer plain = {0};
        bool is_name = !is_null(value) && json_part_string(key, &plain) && !plain.failed &&
                       plain.size <= LONGEST;
        if (is_name) {
            snprintf(tried, sizeof tried, "%.*s", (int)plain.size, plain.bytes);
            if (suggestion_try(&suggestion, tried))
                suggestion.nearest = memcpy(nearest, tried, sizeof tried);
            if (value.bytes[0] == '"' && record_is_text_name(tried))
                memcpy(text, tried, sizeof tried);
        }
        buffer_release(&plain);
    }
    if (suggestion.nearest == NULL && text[0] != '\0' && strcmp(name, "text") == 0)
        return error_set(error, FENLEI_BAD_INPUT, "no \"text\", but \"%s\": --text-field %s", text,
                         text);
    if (suggestion.nearest == NULL)
        return error_set(error, FENLEI_BAD_INPUT, "no \"%.100s\"", name);
    return error_set(error, FENLEI_BAD_INPUT, "no \"%.100s\", but \"%s\"", name, nearest);
}

static fenlei_status take_text(struct draft *draft, fenlei_text object, fenlei_text value,
                               const char *name, fenlei_error *error)
{
    if (value.size == 0)
        return refuse_lack(object, name, error);
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
bool export_is_own(fenlei_text name)
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
        bool is_used = export_is_own(name);
        for (size_t i = 0; i < n_used; i++)
            is_used = is_used || holds(value, used[i]);
        if (!is_used)
            draft_pass_on(draft, name, value);
    }
}

/* Takes the text (used[0], by its name) and the headline (used[1]) of an object, and passes on what
 * is none of used[n_used]. */
static fenlei_status take_article(struct draft *draft, fenlei_text object, const fenlei_text *used,
                                  size_t n_used, const char *text_name, fenlei_error *error)
{
    fenlei_status status = take_text(draft, object, used[0], text_name, error);
    if (status == FENLEI_OK)
        status = take_string(used[1], "title", &draft->title, error);
    if (status == FENLEI_OK)
        pass_on(draft, object, used, n_used);
    return status;
}

static const char *title_name(const struct record_options *options)
{
    return options->title_field != NULL ? options->title_field : "title";
}

/* ---- doccano, and fields of other names ---- */

/* Prodigy: what a person did with a question. */
static bool is_rejected(fenlei_text object)
{
    fenlei_text answer;
    return json_member(object, "answer", &answer) &&
           (json_string_is(answer, text_of("reject")) || json_string_is(answer, text_of("ignore")));
}

static fenlei_status take_labels(struct export *export, fenlei_text object, fenlei_text value,
                                 const char *name, struct draft *draft, bool *is_left_out,
                                 fenlei_error *error)
{
    if (value.size == 0 && export->form == EXPORT_PLAIN && export->labels == LABELS_NEEDED)
        return refuse_lack(object, name, error);
    if (value.size == 0)
        return export_leave_out(export, NOTE_UNLABELLED, draft, is_left_out);
    draft_add_person(draft);
    fenlei_status status =
        label_value_choose(draft, value, export->options->label_separator, error);
    if (status != FENLEI_OK)
        return status;
    if (draft->n_choices == 0 && value.bytes[0] == '"')
        return export_leave_out(export, NOTE_UNLABELLED, draft, is_left_out);
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
                      *const doccano[] = {"cats",        "label",    "labels",
                                          "annotations", "entities", NULL},
                      *const plain[] = {"labels", "label", "cats", "accept", NULL},
                      *const named[] = {options->label_field, NULL};
    const char *const *labels = options->label_field != NULL     ? named
                                : export->form == EXPORT_DOCCANO ? doccano
                                                                 : plain;
    const char *text_name, *label_name;
    fenlei_text used[3];
    fenlei_status status = find_first(object, texts, &used[0], &text_name, error);
    if (status == FENLEI_OK)
        status = find(object, title_name(options), &used[1], error);
    if (status == FENLEI_OK)
        status = find_first(object, labels, &used[2], &label_name, error);
    if (status == FENLEI_OK)
        status = take_article(draft, object, used, 3, text_name, error);
    if (status != FENLEI_OK || export->labels == LABELS_UNREAD)
        return status;
    if (is_rejected(object))
        return export_leave_out(export, NOTE_REJECTED, draft, is_left_out);
    return take_labels(export, object, used[2], label_name, draft, is_left_out, error);
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
        return export_leave_out(export, n_cancelled > 0 ? NOTE_ALL_CANCELLED : NOTE_UNANNOTATED,
                                draft, is_left_out);
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
        status = find_in_task(task, data, title_name(options), &used[1], error);
    if (status == FENLEI_OK && used[0].size == 0)
        return error_set(error, FENLEI_BAD_INPUT,
                         "no \"%.100s\" in its data: --text-field says where the text is",
                         text_name);
    if (status == FENLEI_OK)
        status = take_article(draft, data, used, 2, text_name, error);
    if (status != FENLEI_OK || export->labels == LABELS_UNREAD)
        return status;
    if (!json_member(task, "annotations", &annotations))
        json_member(task, "completions", &annotations);
    return take_annotations(export, annotations, draft, is_left_out, error);
}

/* ---- Label Studio, JSON_MIN: a field a tag ---- */

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
        return export_leave_out(export, NOTE_UNANNOTATED, draft, is_left_out);
    draft_add_person(draft);
    fenlei_status status =
        value.size > 0 ? label_value_choose(draft, value, export->options->label_separator, error)
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
        status = find(object, title_name(options), &used[1], error);
    if (status == FENLEI_OK && options->label_field != NULL)
        status = find(object, options->label_field, &used[2], error);
    else if (status == FENLEI_OK)
        status = find_finding(object, used[0], &used[2], error);
    if (status == FENLEI_OK)
        status = take_article(draft, object, used, 3, text_name, error);
    if (status == FENLEI_OK && export->labels != LABELS_UNREAD)
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
        export->form == EXPORT_PLAIN && draft_seems_unparted(draft))
        notes_add(&export->notes, NOTE_UNPARTED, draft->number);
    return status;
}
