/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/records.h"

#include "base/form.h"
#include "base/json.h"
#include "base/status.h"
#include "command/fasttext.h"
#include "command/message.h"

#include <string.h>

enum { BEGINNING = 64 << 10 };

/* ---- telling the form ---- */

static fenlei_text skip_blank(fenlei_text text)
{
    if (text.size >= 3 && memcmp(text.bytes, "\xEF\xBB\xBF", 3) == 0)
        text = (fenlei_text){text.bytes + 3, text.size - 3};
    while (text.size > 0 && text.bytes[0] != '\0' && strchr(" \t\r\n", text.bytes[0]) != NULL)
        text = (fenlei_text){text.bytes + 1, text.size - 1};
    return text;
}

static fenlei_text first_line(fenlei_text text)
{
    const char *end = text.size > 0 ? memchr(text.bytes, '\n', text.size) : NULL;
    return (fenlei_text){text.bytes, end != NULL ? (size_t)(end - text.bytes) : text.size};
}

/* An array of objects, which records may be, or an object that does not end on its line, or whose
 * line ends as those of old Macs do. */
static bool is_values(fenlei_text text)
{
    fenlei_text line = first_line(text);
    if (text_begins(text, "[")) {
        text = skip_blank((fenlei_text){text.bytes + 1, text.size - 1});
        return text.size == 0 || text.bytes[0] == '{' || text.bytes[0] == ']';
    }
    if (!text_begins(text, "{"))
        return false;
    if (memmem(line.bytes, line.size, "}\r{", 3) != NULL)
        return true;
    return line.size < text.size &&
           skip_blank((fenlei_text){line.bytes + 1, line.size - 1}).size == 0;
}

/* The separator that the first row of a table has most of, or NUL. */
static char find_separator(fenlei_text line)
{
    static const char separators[] = "\t,;";
    size_t n[3] = {0}, best = 0;
    bool in_quotes = false;
    for (size_t i = 0; i < line.size; i++) {
        in_quotes = in_quotes != (line.bytes[i] == '"');
        for (size_t k = 0; k < 3; k++)
            n[k] += !in_quotes && line.bytes[i] == separators[k];
    }
    for (size_t k = 1; k < 3; k++)
        best = n[k] > n[best] ? k : best;
    return n[best] > 0 ? separators[best] : '\0';
}

/* Is there a JSON object on a line of its own? */
static bool has_object_line(fenlei_text text)
{
    for (const char *at = text.bytes;
         (at = memmem(at, (size_t)(text.bytes + text.size - at), "\n{", 2)) != NULL; at++)
        if ((size_t)(text.bytes + text.size - at) > 2 && strchr("\" ", at[2]) != NULL)
            return true;
    return false;
}

/* Is it a table whose first row names what is needed? */
static bool is_table(const struct records *records, fenlei_text text, char separator)
{
    struct table table;
    struct table_row row;
    fenlei_error error;
    bool is = table_init(&table, separator) &&
              table_put(&table, first_line(text), &error) == FENLEI_OK &&
              table_take(&table, &row) && header_is(&records->export, &row);
    table_release(&table);
    return is;
}

static void choose_table(struct records *records, fenlei_text text)
{
    const struct record_options *options = records->options;
    char separator = find_separator(first_line(text));
    bool is_asked = options->format == FORMAT_CSV || options->format == FORMAT_TSV;
    if (is_asked && (separator == '\0' || (options->format == FORMAT_TSV) != (separator == '\t')))
        separator = options->format == FORMAT_TSV ? '\t' : ',';
    /* One whose columns have other names is told so, where it can be nothing else. */
    bool may_name = records->export.labels != LABELS_UNREAD && !has_object_line(text);
    if (is_asked || (separator != '\0' && (options->format != FORMAT_TOLD || may_name ||
                                           is_table(records, text, separator)))) {
        records->container = CONTAINER_TABLE;
        records->separator = separator;
    }
}

static void choose_told(struct records *records, fenlei_text text)
{
    if (text_begins(text, "__label__") && records->options->format == FORMAT_TOLD)
        records->container = CONTAINER_FASTTEXT;
    else if (is_values(text))
        records->container = CONTAINER_VALUES;
    else if (text.size > 0 && !text_begins(text, "{") && !text_begins(text, "["))
        choose_table(records, text);
}

static void choose_container(struct records *records, fenlei_text text)
{
    records->container = CONTAINER_LINES;
    switch (records->options->format) {
    case FORMAT_JSONL:
        break;
    case FORMAT_JSON:
        records->container = CONTAINER_VALUES;
        break;
    case FORMAT_CSV:
    case FORMAT_TSV:
        choose_table(records, text);
        break;
    case FORMAT_FASTTEXT:
        records->container = CONTAINER_FASTTEXT;
        break;
    default:
        choose_told(records, text);
    }
}

/* What form the first value is of, as far as it is there. */
static void choose_form(struct records *records, fenlei_text text)
{
    const struct record_options *options = records->options;
    struct export *export = &records->export;
    struct sequence sequence = {0};
    fenlei_text first = {NULL, 0};
    if (records->container == CONTAINER_LINES)
        first = first_line(text);
    else if (records->container == CONTAINER_VALUES && sequence_take(&sequence, &text))
        first = (fenlei_text){sequence.value.bytes, sequence.value.size};
    if (options->format == FORMAT_DOCCANO)
        export->form = EXPORT_DOCCANO;
    else if (options->format == FORMAT_LABEL_STUDIO)
        export->form = EXPORT_LABEL_STUDIO;
    else if (first.size > 0 && options->format == FORMAT_TOLD)
        export->form = export_form_of(first);
    bool is_json = records->container == CONTAINER_LINES || records->container == CONTAINER_VALUES;
    records->is_plain = is_json && export->form == EXPORT_PLAIN &&
                        !record_options_name_fields(options) &&
                        (options->format == FORMAT_JSONL || export_is_plain(first, export->labels));
    sequence_release(&sequence);
}

/* A file that is none of records is told once, not by an error a line. */
static fenlei_status refuse_form(const char *form, fenlei_error *error)
{
    return error_set(error, FENLEI_BAD_INPUT,
                     "it looks like %s; records are JSON lines, {\"text\": ..., \"labels\": [...]} "
                     "each, or a table, or an export of a labelling tool",
                     form);
}

static fenlei_status check_form(const struct records *records, fenlei_text text,
                                fenlei_error *error)
{
    const char *form = form_of(first_line(text));
    if (records->container != CONTAINER_LINES || records->export.labels == LABELS_UNREAD ||
        form == NULL || records->options->format != FORMAT_TOLD || has_object_line(text))
        return FENLEI_OK;
    return refuse_form(form, error);
}

/* JSON lines are UTF-8; one that is broken does not make the others anything else. */
static bool may_be_encoded(const struct records *records, fenlei_text beginning)
{
    fenlei_text text = skip_blank(beginning);
    return records->options->format != FORMAT_JSONL && !text_begins(text, "{") &&
           (text_begins(text, "[") || !has_object_line(text));
}

/* Characters of two bytes or four are told by the first of them. */
static fenlei_status tell_form(struct records *records, fenlei_error *error)
{
    fenlei_text beginning;
    struct input *input = &records->input;
    fenlei_status status = input_peek(input, BEGINNING, &beginning, error);
    const char *mark = status == FENLEI_OK ? form_of_mark(beginning) : NULL;
    if (mark != NULL)
        return refuse_form(mark, error);
    if (status == FENLEI_OK && charset_is_wide(beginning))
        status = input_convert_by(input, charset_convert, &records->charset, error);
    if (status == FENLEI_OK && input->convert != NULL)
        status = input_peek(input, BEGINNING, &beginning, error);
    if (status != FENLEI_OK)
        return status;
    if (input->convert == NULL && may_be_encoded(records, beginning)) {
        status = input_convert_by(input, charset_convert, &records->charset, error);
        if (status == FENLEI_OK)
            status = input_peek(input, BEGINNING, &beginning, error);
        if (status != FENLEI_OK)
            return status;
    }
    fenlei_text text = skip_blank(beginning);
    choose_container(records, text);
    choose_form(records, text);
    return check_form(records, beginning, error);
}

/* The first row of a table names its columns. */
static fenlei_status read_header(struct records *records, fenlei_error *error)
{
    struct table_row row;
    bool end = false, is_first = true;
    fenlei_status status = FENLEI_OK;
    if (!table_init(&records->table, records->separator))
        return error_memory(error);
    while (status == FENLEI_OK && !end) {
        if (table_take(&records->table, &row))
            return header_read(&records->header, &records->export, &row, error);
        status = input_line(&records->input, &records->line, &end, error);
        fenlei_text line = {records->line.bytes, records->line.size};
        if (is_first && text_begins(line, "\xEF\xBB\xBF"))
            line = (fenlei_text){line.bytes + 3, line.size - 3};
        is_first = false;
        if (status == FENLEI_OK && !end)
            status = input_check_line(&records->line, error);
        if (status == FENLEI_OK)
            status =
                end ? table_end(&records->table, error) : table_put(&records->table, line, error);
    }
    if (status == FENLEI_OK && table_take(&records->table, &row))
        return header_read(&records->header, &records->export, &row, error);
    return status == FENLEI_OK ? error_set(error, FENLEI_BAD_INPUT, "it has no row") : status;
}

static void records_init(struct records *records, const struct record_options *options,
                         enum label_use use)
{
    *records = (struct records){.options = options};
    records->export.options = options;
    records->export.labels = use;
}

bool records_are_table(fenlei_text bytes, const struct record_options *options)
{
    struct records records;
    fenlei_text text = skip_blank(bytes);
    char separator = find_separator(first_line(text));
    records_init(&records, options, LABELS_UNREAD);
    return separator != '\0' && is_table(&records, text, separator);
}

static fenlei_status begin(struct records *records, fenlei_error *error)
{
    fenlei_status status = tell_form(records, error);
    if (status == FENLEI_OK && records->container == CONTAINER_TABLE)
        status = read_header(records, error);
    return status;
}

fenlei_status records_open(struct records *records, const char *path,
                           const struct record_options *options, enum label_use use,
                           fenlei_error *error)
{
    records_init(records, options, use);
    fenlei_status status = input_open(&records->input, path, error);
    return status == FENLEI_OK ? begin(records, error) : status;
}

fenlei_status records_open_bytes(struct records *records, fenlei_text bytes,
                                 const struct record_options *options, enum label_use use,
                                 fenlei_error *error)
{
    records_init(records, options, use);
    input_open_bytes(&records->input, bytes);
    return begin(records, error);
}

void records_release(struct records *records)
{
    input_close(&records->input);
    charset_release(&records->charset);
    header_release(&records->header);
    table_release(&records->table);
    sequence_release(&records->sequence);
    draft_release(&records->draft);
    draft_release(&records->pending);
    buffer_release(&records->line);
}

/* ---- one after the other ---- */

/* What takes the next record of a container: as it is into *line, or into the draft. *is_new: there
 * is one; else it was passed over. */
typedef fenlei_status take_record(struct records *records, struct buffer *line, bool *is_new,
                                  fenlei_error *error);

/* An object through export.h. */
static fenlei_status take_object(struct records *records, const struct buffer *object, bool *is_new,
                                 fenlei_error *error)
{
    bool is_left_out = false;
    fenlei_text text = {object->bytes, object->size};
    fenlei_status status = json_check_object(text, error);
    if (status == FENLEI_OK)
        status = export_object(&records->export, text, &records->draft, &is_left_out, error);
    *is_new = !is_left_out;
    return status;
}

static fenlei_status take_line(struct records *records, struct buffer *line, bool *is_new,
                               fenlei_error *error)
{
    bool end;
    struct buffer *read = records->is_plain ? line : &records->line;
    fenlei_status status = input_line(&records->input, read, &end, error);
    records->is_over = status != FENLEI_OK;
    if (status != FENLEI_OK)
        return status;
    records->at_end = end;
    if (end)
        return FENLEI_OK;
    records->draft.number = ++records->n;
    *is_new = true;
    status = input_check_line(read, error);
    if (status != FENLEI_OK)
        buffer_clear(read);
    if (status != FENLEI_OK || records->is_plain)
        return status;
    if (records->n == 1 && text_begins((fenlei_text){read->bytes, read->size}, "\xEF\xBB\xBF"))
        memmove(read->bytes, read->bytes + 3, read->size -= 3);
    *is_new = !input_is_blank(read);
    if (!*is_new)
        return FENLEI_OK;
    if (records->container == CONTAINER_LINES)
        return take_object(records, read, is_new, error);
    bool is_left_out = false;
    status = fasttext_take(&records->export, (fenlei_text){read->bytes, read->size},
                           &records->draft, &is_left_out, error);
    *is_new = !is_left_out;
    return status;
}

static fenlei_status take_value(struct records *records, struct buffer *line, bool *is_new,
                                fenlei_error *error)
{
    struct sequence *sequence = &records->sequence;
    bool is_whole = false;
    fenlei_status status = FENLEI_OK;
    while (status == FENLEI_OK && !is_whole && !records->at_end) {
        if (records->ahead.size == 0)
            status = input_take(&records->input, &records->ahead, error);
        if (records->n == 0 && sequence->breaks == 0 && text_begins(records->ahead, "\xEF\xBB\xBF"))
            records->ahead = (fenlei_text){records->ahead.bytes + 3, records->ahead.size - 3};
        records->at_end = status == FENLEI_OK && records->ahead.size == 0;
        if (status == FENLEI_OK)
            is_whole = records->at_end ? sequence_take_last(sequence)
                                       : sequence_take(sequence, &records->ahead);
    }
    if (status == FENLEI_OK && !is_whole)
        status = sequence_end(sequence, error);
    records->is_over = status != FENLEI_OK;
    if (!is_whole || status != FENLEI_OK)
        return status;
    records->draft.number = ++records->n;
    records->at_end = false;
    *is_new = true;
    if (sequence->is_too_long)
        return error_set(error, FENLEI_BAD_INPUT,
                         "longer than %d MiB, the most a record may have (it begins in line %zu)",
                         INPUT_LINE_MAX >> 20, sequence->value_line);
    if (sequence->value.failed)
        return error_memory(error);
    if (!records->is_plain)
        return take_object(records, &sequence->value, is_new, error);
    buffer_append(line, sequence->value.bytes, sequence->value.size);
    return line->failed ? error_memory(error) : FENLEI_OK;
}

static bool is_empty(const struct table_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->cells[i].size > 0)
            return false;
    return true;
}

/* A reason names the row where that is not the line. */
static void name_row(const struct table_row *row, fenlei_error *error)
{
    fenlei_error reason = *error;
    if (row->number != row->line)
        error_set(error, reason.status, "row %zu: %s", row->number, reason.message);
}

static fenlei_status take_row(struct records *records, struct buffer *line, bool *is_new,
                              fenlei_error *error)
{
    struct table *table = &records->table;
    struct table_row row;
    bool has_row = false, end = false, is_left_out = false;
    fenlei_status status = FENLEI_OK;
    (void)line;
    while (status == FENLEI_OK && !records->at_end && !(has_row = table_take(table, &row))) {
        status = input_line(&records->input, &records->line, &end, error);
        if (status == FENLEI_OK && !end)
            status = input_check_line(&records->line, error);
        if (status == FENLEI_OK)
            status = end ? table_end(table, error)
                         : table_put(table, (fenlei_text){records->line.bytes, records->line.size},
                                     error);
        if (status == FENLEI_OK && end)
            records->at_end = !(has_row = table_take(table, &row));
        if (end)
            break;
    }
    records->is_over = status != FENLEI_OK;
    records->draft.number = has_row ? row.line : table->line;
    if (!has_row || status != FENLEI_OK)
        return status;
    records->n++;
    *is_new = !is_empty(&row);
    if (!*is_new)
        return FENLEI_OK;
    status = header_take(&records->header, &records->export, &row,
                         records->charset.substitutions > 0 ? records->charset.encoding : NULL,
                         &records->draft, &is_left_out, error);
    if (status == FENLEI_BAD_INPUT)
        name_row(&row, error);
    *is_new = !is_left_out;
    return status;
}

static take_record *const takers[] = {
    [CONTAINER_LINES] = take_line,
    [CONTAINER_VALUES] = take_value,
    [CONTAINER_TABLE] = take_row,
    [CONTAINER_FASTTEXT] = take_line,
};

/* ---- several people on one text ---- */

static bool same(const struct buffer *a, const struct buffer *b)
{
    return text_equal((fenlei_text){a->bytes, a->size}, (fenlei_text){b->bytes, b->size});
}

/* JSON_MIN and CSV of Label Studio have a record for each who looked at a task, one behind the
 * other. */
static bool may_join(const struct records *records)
{
    return records->export.form == EXPORT_LABEL_STUDIO && records->export.labels != LABELS_UNREAD;
}

static fenlei_status write(struct records *records, const struct draft *draft, struct buffer *line,
                           size_t *number, fenlei_error *error)
{
    if (draft->n_people > 1 && draft_disagrees(draft))
        notes_add(&records->export.notes, NOTE_DISAGREEMENT, draft->number);
    draft_write(draft, line);
    *number = draft->number;
    return line->failed ? error_memory(error) : FENLEI_OK;
}

static void swap(struct draft *a, struct draft *b)
{
    struct draft spare = *a;
    *a = *b;
    *b = spare;
}

/* Makes the draft the pending one, or joins it to that; true where the one that was pending is
 * whole, and in the draft. */
static fenlei_status hold(struct records *records, bool *is_whole, fenlei_error *error)
{
    struct draft *draft = &records->draft, *pending = &records->pending;
    *is_whole = false;
    if (records->has_pending && draft->id.size > 0 && same(&draft->id, &pending->id) &&
        same(&draft->text, &pending->text))
        return draft_join(pending, draft) ? FENLEI_OK : error_memory(error);
    *is_whole = records->has_pending;
    records->has_pending = true;
    swap(draft, pending);
    return FENLEI_OK;
}

static fenlei_status take_next(struct records *records, struct buffer *line, bool *is_new,
                               fenlei_error *error)
{
    *is_new = false;
    draft_clear(&records->draft);
    return takers[records->container](records, line, is_new, error);
}

fenlei_status records_next(struct records *records, struct buffer *line, size_t *number, bool *end,
                           fenlei_error *error)
{
    fenlei_status status = FENLEI_OK;
    bool is_new = false;
    *end = false;
    buffer_clear(line);
    while (status == FENLEI_OK && !is_new && !records->at_end) {
        status = take_next(records, line, &is_new, error);
        *number = records->draft.number;
        if (status == FENLEI_OK && is_new && may_join(records))
            status = hold(records, &is_new, error);
    }
    if (records->is_over) /* the reason says where */
        *number = records->container == CONTAINER_LINES ? records->n + 1 : 0;
    if (status != FENLEI_OK) {
        buffer_clear(line);
        if (!records->is_over && records->draft.id.size > 0)
            draft_write(&records->draft, line);
        return status;
    }
    if (!is_new && records->has_pending) {
        records->has_pending = false;
        swap(&records->draft, &records->pending);
        is_new = true;
    }
    *end = !is_new;
    records->n_records += is_new;
    if (*end || line->size > 0 || records->is_plain)
        return FENLEI_OK;
    return write(records, &records->draft, line, number, error);
}

size_t records_take_lines(struct records *records, struct buffer *bytes, fenlei_text *lines,
                          size_t most, size_t *number)
{
    if (records->container != CONTAINER_LINES || !records->is_plain)
        return 0;
    size_t n = input_lines(&records->input, bytes, lines, most);
    *number = records->n + 1;
    records->n += n;
    records->n_records += n;
    return n;
}

bool records_wait(struct records *records)
{
    return records->ahead.size == 0 && input_waits(&records->input);
}

/* ---- what it was ---- */

static const char *name_of_form(const struct records *records)
{
    if (records->export.form == EXPORT_DOCCANO)
        return "a doccano export";
    if (records->export.form == EXPORT_LABEL_STUDIO)
        return "a Label Studio export";
    switch (records->container) {
    case CONTAINER_FASTTEXT:
        return "a fastText file";
    case CONTAINER_VALUES:
        return records->sequence.array_line > 0 ? "a JSON array" : "JSON objects";
    case CONTAINER_TABLE:
        return records->separator == '\t' ? "a table (TSV)" : "a table (CSV)";
    default:
        return "JSON lines";
    }
}

const char *records_unit(const struct records *records)
{
    return records->container == CONTAINER_VALUES ? "record" : "line";
}

void records_describe(const struct records *records, struct buffer *words)
{
    const char *encoding = records->charset.encoding;
    bool is_ours = records->container == CONTAINER_LINES && encoding == NULL &&
                   (records->is_plain || (records->export.form == EXPORT_PLAIN &&
                                          records->export.labels == LABELS_TAKEN));
    size_t before = words->size;
    buffer_append_format(words, "read as %s", name_of_form(records));
    if (encoding != NULL && strcmp(encoding, "UTF-8") != 0)
        buffer_append_format(words, " in %s", encoding);
    buffer_append_format(words, ": %zu record%s", records->n_records,
                         records->n_records == 1 ? "" : "s");
    size_t told = words->size;
    notes_tell(&records->export.notes, records_unit(records), words);
    if (is_ours && words->size == told)
        words->size = before;
}

void records_report(const struct records *records, const char *path)
{
    struct buffer words = {0};
    records_describe(records, &words);
    bool is_told = words.size > 0 || words.failed;
    buffer_append(&words, "", 1);
    if (is_told)
        message(path, 0, words.failed ? "out of memory" : words.bytes);
    buffer_release(&words);
}
