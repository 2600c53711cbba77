/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/label_value.h"

#include "base/json.h"
#include "base/json_part.h"
#include "base/status.h"

#include <string.h>

bool label_value_part(struct draft *draft, fenlei_text names, const char *separator)
{
    size_t size = separator != NULL ? strlen(separator) : 0;
    const char *end;
    bool good = true;
    while (good && size > 0 && names.size > 0 &&
           (end = memmem(names.bytes, names.size, separator, size)) != NULL) {
        size_t name = (size_t)(end - names.bytes);
        good = draft_choose(draft, (fenlei_text){names.bytes, name});
        names = (fenlei_text){names.bytes + name + size, names.size - name - size};
    }
    return good && draft_choose(draft, names);
}

static fenlei_status choose_string(struct draft *draft, fenlei_text string, const char *separator,
                                   fenlei_error *error)
{
    struct buffer name = {0};
    json_part_string(string, &name);
    bool good =
        !name.failed && label_value_part(draft, (fenlei_text){name.bytes, name.size}, separator);
    buffer_release(&name);
    return good ? FENLEI_OK : error_memory(error);
}

static fenlei_status refuse_spans(fenlei_error *error)
{
    return error_set(error, FENLEI_BAD_INPUT,
                     "spans, as of an export of sequence labelling: labels of parts of a text are "
                     "none of the text");
}

static fenlei_status refuse_number(fenlei_text number, fenlei_error *error)
{
    return error_set(error, FENLEI_BAD_INPUT, "the label is a number (%.*s), not a name",
                     (int)(number.size < 20 ? number.size : 20), number.bytes);
}

/* The names of a path through a taxonomy, with / between them. */
static fenlei_status choose_path(struct draft *draft, fenlei_text path, fenlei_error *error)
{
    struct buffer name = {0};
    fenlei_text step;
    size_t at = 0;
    while (json_element(path, &at, &step)) {
        if (name.size > 0)
            buffer_append_string(&name, "/");
        json_part_string(step, &name);
    }
    bool good = !name.failed && draft_choose(draft, (fenlei_text){name.bytes, name.size});
    buffer_release(&name);
    return good ? FENLEI_OK : error_memory(error);
}

static fenlei_status choose_taxonomy(struct draft *draft, fenlei_text taxonomy, fenlei_error *error)
{
    fenlei_text path;
    size_t at = 0;
    fenlei_status status = FENLEI_OK;
    while (status == FENLEI_OK && json_element(taxonomy, &at, &path))
        status = path.bytes[0] == '[' ? choose_path(draft, path, error)
                                      : choose_string(draft, path, NULL, error);
    return status;
}

static bool has(fenlei_text object, const char *key)
{
    fenlei_text value;
    return json_member(object, key, &value);
}

static fenlei_status choose_element(struct draft *draft, fenlei_text value, fenlei_error *error);

static fenlei_status choose_array(struct draft *draft, fenlei_text array, fenlei_error *error)
{
    fenlei_text element;
    size_t at = 0;
    fenlei_status status = FENLEI_OK;
    while (status == FENLEI_OK && json_element(array, &at, &element))
        status = choose_element(draft, element, error);
    return status;
}

/* {"court": 1.0, "village": 0.0}: those of at least a half; false where it is something else. */
static bool choose_weighed(struct draft *draft, fenlei_text object, fenlei_status *status,
                           fenlei_error *error)
{
    fenlei_text name, value;
    size_t n = 0;
    for (size_t at = 0; json_next_member(object, &at, &name, &value); n++)
        if (!(json_part_number(value) >= 0 && json_part_number(value) <= 1) &&
            value.bytes[0] != 't' && value.bytes[0] != 'f')
            return false;
    *status = FENLEI_OK;
    for (size_t at = 0; *status == FENLEI_OK && json_next_member(object, &at, &name, &value);)
        if (value.bytes[0] == 't' || json_part_number(value) >= 0.5)
            *status = choose_string(draft, name, NULL, error);
    return n > 0;
}

static fenlei_status choose_object(struct draft *draft, fenlei_text object, fenlei_error *error)
{
    static const char *const other[] = {"rating", "number", "datetime", "text"};
    fenlei_text value;
    fenlei_status status;
    if (has(object, "start") || has(object, "start_offset"))
        return refuse_spans(error);
    if (json_member(object, "choices", &value) && value.bytes[0] == '[')
        return choose_array(draft, value, error);
    if (json_member(object, "taxonomy", &value) && value.bytes[0] == '[')
        return choose_taxonomy(draft, value, error);
    if (json_member(object, "label_name", &value) && value.bytes[0] == '"')
        return choose_string(draft, value, NULL, error);
    if (json_member(object, "label", &value) && value.bytes[0] == '"')
        return choose_string(draft, value, NULL, error);
    if (has(object, "label"))
        return error_set(error, FENLEI_BAD_INPUT,
                         "its labels are numbers (%.*s), whose names the export does not hold",
                         (int)(value.size < 20 ? value.size : 20), value.bytes);
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (has(object, other[i]))
            return error_set(error, FENLEI_BAD_INPUT, "a %s is no label",
                             strcmp(other[i], "text") == 0 ? "text that was typed in" : other[i]);
    if (choose_weighed(draft, object, &status, error))
        return status;
    return error_set(error, FENLEI_BAD_INPUT, "an object where a label should be a name");
}

/* An element of a list; lists of lists are spans. */
static fenlei_status choose_element(struct draft *draft, fenlei_text value, fenlei_error *error)
{
    switch (value.bytes[0]) {
    case '"':
        return choose_string(draft, value, NULL, error);
    case '[':
        return refuse_spans(error);
    case '{':
        return choose_object(draft, value, error);
    case 'n':
        return FENLEI_OK;
    default:
        return refuse_number(value, error);
    }
}

fenlei_status label_value_choose(struct draft *draft, fenlei_text value, const char *separator,
                                 fenlei_error *error)
{
    if (value.bytes[0] == '"')
        return choose_string(draft, value, separator, error);
    if (value.bytes[0] == '[')
        return choose_array(draft, value, error);
    return choose_element(draft, value, error);
}

/* ---- cells ---- */

/* Python's way of writing a list or a dictionary, where its strings become JSON's. */
static void append_from_python(struct buffer *out, fenlei_text python)
{
    char quote = '\0';
    for (size_t i = 0; i < python.size; i++) {
        char c = python.bytes[i];
        bool escapes = quote != '\0' && c == '\\' && i + 1 < python.size;
        if (quote == '\0' && (c == '\'' || c == '"')) {
            quote = c;
            buffer_append_string(out, "\"");
        } else if (quote != '\0' && c == quote) {
            quote = '\0';
            buffer_append_string(out, "\"");
        } else if (escapes && python.bytes[i + 1] == '\'') {
            buffer_append_string(out, "'");
            i++;
        } else if (escapes) {
            buffer_append(out, &python.bytes[i++], 2);
        } else if (quote != '\0' && c == '"') {
            buffer_append_string(out, "\\\"");
        } else if (quote == '\0' && c == 'N' && python.size - i >= 4 &&
                   memcmp(&python.bytes[i], "None", 4) == 0) {
            buffer_append_string(out, "null");
            i += 3;
        } else {
            buffer_append(out, &c, 1);
        }
    }
}

/* Puts a list or a dictionary into *out as the member "a" of an object, and *value, its JSON there;
 * false where it is none. */
static bool read_value(fenlei_text cell, bool is_python, struct buffer *out, fenlei_text *value)
{
    fenlei_error error;
    buffer_clear(out);
    buffer_append_string(out, "{\"a\":");
    if (is_python)
        append_from_python(out, cell);
    else
        buffer_append_text(out, cell);
    buffer_append_string(out, "}");
    fenlei_text object = {out->bytes, out->size};
    return !out->failed && json_check_object(object, &error) == FENLEI_OK &&
           json_member(object, "a", value);
}

fenlei_status label_value_choose_cell(struct draft *draft, fenlei_text cell, const char *separator,
                                      fenlei_error *error)
{
    struct buffer json = {0};
    fenlei_text value;
    fenlei_status status;
    bool may_be_value = cell.size >= 2 && (cell.bytes[0] == '[' || cell.bytes[0] == '{');
    if (may_be_value &&
        (read_value(cell, false, &json, &value) || read_value(cell, true, &json, &value)))
        status = label_value_choose(draft, value, separator, error);
    else
        status = label_value_part(draft, cell, separator) ? FENLEI_OK : error_memory(error);
    buffer_release(&json);
    return status;
}
