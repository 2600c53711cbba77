/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/header.h"

#include "base/json.h"
#include "base/status.h"
#include "base/utf8.h"
#include "command/label_value.h"

#include <stdlib.h>
#include <string.h>

/* The fields that every record of JSON_MIN and CSV has. */
static bool is_standard(fenlei_text name)
{
    static const char *const standard[] = {"id",         "annotator", "annotation_id", "created_at",
                                           "updated_at", "lead_time", "agreement"};
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        if (text_equal(name, text_of(standard[i])))
            return true;
    return false;
}

static bool equals_ignoring_case(fenlei_text a, fenlei_text b)
{
    return a.size == b.size && (a.size == 0 || strncasecmp(a.bytes, b.bytes, a.size) == 0);
}

static size_t find_cell(const fenlei_text *cells, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (equals_ignoring_case(text_trim(cells[i]), text_of(name)))
            return i;
    return SIZE_MAX;
}

/* The first that is there of several names. */
static size_t find_cell_of(const fenlei_text *cells, size_t n, const char *asked, const char *name,
                           const char *other)
{
    if (asked != NULL)
        return find_cell(cells, n, asked);
    size_t found = find_cell(cells, n, name);
    return found == SIZE_MAX && other != NULL ? find_cell(cells, n, other) : found;
}

bool header_is(const struct export *export, const struct table_row *row)
{
    return find_cell_of(row->cells, row->n, export->options->text_field, "text", "data") !=
           SIZE_MAX;
}

static bool keep_columns(struct header *header, const struct table_row *row)
{
    header->columns = array_new(row->n, sizeof *header->columns);
    for (size_t i = 0; i < row->n; i++)
        buffer_append_text(&header->strings, text_trim(row->cells[i]));
    if (header->columns == NULL || header->strings.failed)
        return false;
    header->n_columns = row->n;
    for (size_t i = 0, at = 0; i < row->n; i++) {
        size_t size = text_trim(row->cells[i]).size;
        header->columns[i] =
            size > 0 ? (fenlei_text){header->strings.bytes + at, size} : text_of("");
        at += header->columns[i].size;
    }
    return true;
}

/* "no column \"text\"" and which columns there are. */
static fenlei_status refuse(const struct header *header, const char *name, const char *option,
                            fenlei_error *error)
{
    struct buffer names = {0};
    for (size_t i = 0; i < header->n_columns && names.size < 300; i++) {
        buffer_append_string(&names, i > 0 ? ", \"" : "\"");
        buffer_append(&names, header->columns[i].bytes,
                      header->columns[i].size < 40 ? header->columns[i].size : 40);
        buffer_append_string(&names, "\"");
    }
    fenlei_status status =
        error_set(error, FENLEI_BAD_INPUT,
                  "no column \"%.100s\" in its first row (%.*s): %s says which it is", name,
                  (int)names.size, names.bytes, option);
    buffer_release(&names);
    return status;
}

static fenlei_status check_once(const struct header *header, size_t column, fenlei_error *error)
{
    for (size_t i = 0; column != SIZE_MAX && i < header->n_columns; i++)
        if (i != column && equals_ignoring_case(header->columns[i], header->columns[column]))
            return error_set(error, FENLEI_BAD_INPUT, "two columns \"%.*s\" in its first row",
                             (int)(header->columns[i].size < 100 ? header->columns[i].size : 100),
                             header->columns[i].bytes);
    return FENLEI_OK;
}

/* Of Label Studio the one column that is none of the others. */
static size_t find_tag_column(const struct header *header)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < header->n_columns; i++) {
        if (i == header->text_column || i == header->title_column ||
            is_standard(header->columns[i]) ||
            equals_ignoring_case(header->columns[i], text_of("date")))
            continue;
        if (found != SIZE_MAX)
            return SIZE_MAX;
        found = i;
    }
    return found;
}

fenlei_status header_read(struct header *header, struct export *export, const struct table_row *row,
                          fenlei_error *error)
{
    const struct record_options *options = export->options;
    if (!keep_columns(header, row))
        return error_memory(error);
    const fenlei_text *columns = header->columns;
    size_t n = header->n_columns;
    bool is_label_studio = find_cell(columns, n, "annotator") != SIZE_MAX &&
                           (find_cell(columns, n, "annotation_id") != SIZE_MAX ||
                            find_cell(columns, n, "lead_time") != SIZE_MAX);
    bool is_doccano = find_cell(columns, n, "label") != SIZE_MAX &&
                      find_cell(columns, n, "id") != SIZE_MAX &&
                      (find_cell(columns, n, "Comments") != SIZE_MAX ||
                       find_cell(columns, n, "data") != SIZE_MAX);
    if (options->format == FORMAT_LABEL_STUDIO ||
        (options->format == FORMAT_TOLD && is_label_studio))
        export->form = EXPORT_LABEL_STUDIO;
    else if (options->format == FORMAT_DOCCANO || (options->format == FORMAT_TOLD && is_doccano))
        export->form = EXPORT_DOCCANO;
    header->text_column = find_cell_of(columns, n, options->text_field, "text", "data");
    header->title_column = find_cell_of(columns, n, options->title_field, "title", NULL);
    header->label_column = find_cell_of(columns, n, options->label_field, "labels", "label");
    header->id_column = find_cell(columns, n, "id");
    header->annotation_column = find_cell_of(columns, n, NULL, "annotation_id", "annotator");
    if (export->form == EXPORT_LABEL_STUDIO && header->label_column == SIZE_MAX &&
        options->label_field == NULL)
        header->label_column = find_tag_column(header);
    if (header->text_column == SIZE_MAX)
        return refuse(header, options->text_field != NULL ? options->text_field : "text",
                      "--text-field", error);
    if (options->title_field != NULL && header->title_column == SIZE_MAX)
        return refuse(header, options->title_field, "--title-field", error);
    if (export->labels == LABELS_NEEDED && header->label_column == SIZE_MAX)
        return refuse(header, options->label_field != NULL ? options->label_field : "labels",
                      "--label-field", error);
    fenlei_status status = check_once(header, header->text_column, error);
    if (status == FENLEI_OK)
        status = check_once(header, header->title_column, error);
    if (status == FENLEI_OK)
        status = check_once(header, header->label_column, error);
    return status;
}

static fenlei_status check_cell(const struct header *header, const struct table_row *row, size_t i,
                                const char *damaged, fenlei_error *error)
{
    fenlei_text cell = row->cells[i], name = header->columns[i];
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

static fenlei_status check_row(const struct header *header, const struct table_row *row,
                               const char *damaged, fenlei_error *error)
{
    size_t n = row->n;
    if (is_object(row))
        return error_set(error, FENLEI_BAD_INPUT,
                         "a JSON object, where a row of the table should be");
    while (n > header->n_columns && row->cells[n - 1].size == 0)
        n--;
    if (n != header->n_columns)
        return error_set(error, FENLEI_BAD_INPUT, "%zu cell%s, where the first row has %zu", n,
                         n == 1 ? "" : "s", header->n_columns);
    fenlei_status status = FENLEI_OK;
    for (size_t i = 0; i < n && status == FENLEI_OK; i++)
        status = check_cell(header, row, i, damaged, error);
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

static void pass_on(const struct header *header, const struct table_row *row, struct draft *draft)
{
    for (size_t i = 0; i < header->n_columns; i++) {
        struct buffer name = {0}, value = {0};
        if (i == header->text_column || i == header->title_column || i == header->label_column ||
            row->cells[i].size == 0 || header->columns[i].size == 0 ||
            utf8_valid_prefix(header->columns[i].bytes, header->columns[i].size) <
                header->columns[i].size)
            continue;
        json_string(&name, header->columns[i]);
        json_string(&value, row->cells[i]);
        fenlei_text json = {name.bytes, name.size};
        if (!name.failed && !value.failed && !export_is_own(json))
            draft_pass_on(draft, json, (fenlei_text){value.bytes, value.size});
        draft->rest.failed = draft->rest.failed || name.failed || value.failed;
        buffer_release(&name);
        buffer_release(&value);
    }
}

static fenlei_status take_label(const struct header *header, struct export *export,
                                const struct table_row *row, struct draft *draft, bool *is_left_out,
                                fenlei_error *error)
{
    const char *separator = export->options->label_separator;
    bool is_label_studio = export->form == EXPORT_LABEL_STUDIO;
    fenlei_text cell = text_trim(row->cells[header->label_column]);
    if (separator == NULL && export->form == EXPORT_DOCCANO)
        separator = "#";
    if (is_label_studio && header->annotation_column != SIZE_MAX &&
        row->cells[header->annotation_column].size == 0)
        return export_leave_out(export, NOTE_UNANNOTATED, draft, is_left_out);
    if (cell.size == 0 && export->form == EXPORT_PLAIN)
        return export_leave_out(export, NOTE_UNLABELLED, draft, is_left_out);
    draft_add_person(draft);
    fenlei_status status = label_value_choose_cell(draft, cell, separator, error);
    if (status != FENLEI_OK)
        return status;
    if (draft->n_choices == 0 && export->form != EXPORT_PLAIN)
        notes_add(&export->notes, NOTE_EMPTY, draft->number);
    if (export->form == EXPORT_PLAIN && separator == NULL && draft_seems_unparted(draft))
        notes_add(&export->notes, NOTE_UNPARTED, draft->number);
    return FENLEI_OK;
}

static void take_cell(struct buffer *out, const struct table_row *row, size_t column)
{
    buffer_append_text(out, row->cells[column]);
}

fenlei_status header_take(const struct header *header, struct export *export,
                          const struct table_row *row, const char *damaged, struct draft *draft,
                          bool *is_left_out, fenlei_error *error)
{
    *is_left_out = false;
    fenlei_status status = check_row(header, row, damaged, error);
    if (status != FENLEI_OK)
        return status;
    if (header->id_column != SIZE_MAX)
        append_id(&draft->id, row->cells[header->id_column]);
    if (header->title_column != SIZE_MAX)
        take_cell(&draft->title, row, header->title_column);
    take_cell(&draft->text, row, header->text_column);
    draft->has_text = true;
    pass_on(header, row, draft);
    return export->labels != LABELS_UNREAD && header->label_column != SIZE_MAX
               ? take_label(header, export, row, draft, is_left_out, error)
               : FENLEI_OK;
}

void header_release(struct header *header)
{
    buffer_release(&header->strings);
    free(header->columns);
    *header = (struct header){0};
}
