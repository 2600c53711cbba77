/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/intake.h"

#include "base/form.h"
#include "base/plain.h"
#include "base/record.h"
#include "base/status.h"
#include "base/utf8.h"
#include "command/reader.h"
#include "command/records.h"
#include "desk/labels.h"
#include "label/decode.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xxhash.h>

/* The articles of one file, while it is read. Each keeps its texts in its own bytes. */
struct harvest {
    struct store *store;
    struct lease lease;
    const struct arrival *arrival;
    struct receipt *receipt;
    fenlei_text day;
    char day_bytes[11];
    struct article *articles; /* [n] */
    size_t n, capacity;
    struct buffer described;
};

/* ---- the day in a name ---- */

static bool is_number(const char *digits, size_t n, int least, int most)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return false;
        value = value * 10 + (digits[i] - '0');
    }
    return value >= least && value <= most;
}

/* 2024-05-17, 2024_05_17 or 20240517 anywhere in a name. */
static bool find_day(fenlei_text name, char day[11])
{
    for (size_t at = 0; at + 8 <= name.size; at++) {
        const char *here = name.bytes + at;
        bool is_parted = !is_number(here + 4, 1, 0, 9);
        size_t size = is_parted ? 10 : 8;
        if (at + size > name.size || (at > 0 && is_number(here - 1, 1, 0, 9)))
            continue;
        const char *month = here + 4 + is_parted, *date = month + 2 + is_parted;
        if (!is_number(here, 4, 1800, 2199) || !is_number(month, 2, 1, 12) ||
            !is_number(date, 2, 1, 31) || (is_parted && month[2] != here[4]))
            continue;
        memcpy(day,
               (char[]){here[0], here[1], here[2], here[3], '-', month[0], month[1], '-', date[0],
                        date[1], '\0'},
               11);
        return true;
    }
    return false;
}

static void choose_day(struct harvest *harvest)
{
    const struct arrival *arrival = harvest->arrival;
    harvest->day = text_of("");
    if (find_day(arrival->day, harvest->day_bytes) || find_day(arrival->name, harvest->day_bytes))
        harvest->day = text_of(harvest->day_bytes);
}

/* ---- articles ---- */

static fenlei_status keep(struct harvest *harvest, const struct article *article,
                          fenlei_error *error)
{
    if (!array_reserve(&harvest->articles, &harvest->capacity, harvest->n + 1,
                       sizeof *harvest->articles))
        return error_memory(error);
    harvest->articles[harvest->n] = (struct article){0};
    return article_copy(&harvest->articles[harvest->n++], article) ? FENLEI_OK
                                                                   : error_memory(error);
}

static fenlei_status keep_labelled(struct harvest *harvest, const fenlei_article *labelled,
                                   struct article article, fenlei_error *error)
{
    fenlei_status status =
        lease_describe(&harvest->lease, labelled, &article, &harvest->described, error);
    article.title = labelled->title;
    article.byline = labelled->byline;
    article.text = labelled->text;
    if (article.paper.bytes == NULL)
        article.paper = harvest->arrival->paper;
    return status == FENLEI_OK ? keep(harvest, &article, error) : status;
}

static void note_encoding(struct receipt *receipt, const fenlei_page *page)
{
    if (page->substitutions > 0)
        buffer_append_format(&receipt->note, "line %zu: not valid %s; %zu replaced. ",
                             page->substitutions_line, page->encoding, page->substitutions);
    if (page->other_lines > 0)
        buffer_append_format(&receipt->note, "line %zu: in %s, the rest in %s. ", page->other_line,
                             page->other_encoding, page->encoding);
}

static fenlei_status take_text(struct harvest *harvest, fenlei_text text, fenlei_error *error)
{
    const fenlei_page *page;
    fenlei_status status =
        fenlei_label_page(harvest->lease.labeler, text.bytes, text.size, NULL, &page, error);
    if (status != FENLEI_OK)
        return status;
    note_encoding(harvest->receipt, page);
    for (size_t i = 0; i < page->n_articles && status == FENLEI_OK; i++) {
        const fenlei_article *article = page->articles[i];
        struct article kept = {.day = harvest->day,
                               .first_line = (int64_t)article->lines.first,
                               .last_line = (int64_t)article->lines.last};
        status = keep_labelled(harvest, article, kept, error);
    }
    return status;
}

static fenlei_status take_page(struct harvest *harvest, fenlei_error *error)
{
    struct document document = {0};
    fenlei_text text;
    fenlei_status status = reader_take(&document, harvest->arrival->bytes, NULL, &text, error);
    if (status == FENLEI_OK)
        status = take_text(harvest, text, error);
    document_release(&document);
    return status;
}

/* ---- records ---- */

/* The labels of a record are a person's. */
static fenlei_status judge(struct harvest *harvest, const struct record *record,
                           struct buffer *judged, fenlei_error *error)
{
    fenlei_status status = FENLEI_OK;
    for (size_t i = 0; i < record->n_labels && status == FENLEI_OK; i++) {
        struct set_label label = {.probability = (double)NAN};
        status = store_add_topic(harvest->store, record->labels[i], record->labels[i], &label.topic,
                                 error);
        labels_append(judged, label);
    }
    buffer_append(judged, "", 1);
    return status == FENLEI_OK && judged->failed ? error_memory(error) : status;
}

static fenlei_status take_record(struct harvest *harvest, fenlei_text line, size_t number,
                                 fenlei_error *error)
{
    struct record record = {0};
    struct buffer judged = {0};
    const fenlei_article *labelled;
    char day[11];
    fenlei_status status = record_parse(&record, line.bytes, line.size, error);
    if (status == FENLEI_OK)
        status = record_parse_labels(&record, error);
    if (status == FENLEI_OK)
        status = fenlei_label_record(harvest->lease.labeler, record.title, record.text, NULL,
                                     &labelled, error);
    if (status == FENLEI_OK && record.is_labelled)
        status = judge(harvest, &record, &judged, error);
    if (status == FENLEI_OK) {
        struct article article = {
            .day = harvest->day, .first_line = (int64_t)number, .last_line = (int64_t)number};
        if (find_day(record.date, day))
            article.day = text_of(day);
        if (record.is_labelled) {
            article.judged = (fenlei_text){judged.bytes, judged.size - 1};
            article.judged_at = (int64_t)time(NULL);
        }
        status = keep_labelled(harvest, labelled, article, error);
    }
    buffer_release(&judged);
    record_release(&record);
    return status;
}

/* Where texts and labels of records are, as whoever sent them told. */
struct told {
    struct record_options options;
    struct buffer strings; /* that the options point into */
};

static bool keep_told(struct told *told, const struct arrival *arrival)
{
    const fenlei_text values[] = {arrival->text_field, arrival->title_field, arrival->label_field,
                                  arrival->label_separator};
    const char **const options[] = {&told->options.text_field, &told->options.title_field,
                                    &told->options.label_field, &told->options.label_separator};
    enum { N = sizeof values / sizeof *values };
    size_t starts[N];
    for (size_t i = 0; i < N; i++) {
        starts[i] = told->strings.size;
        buffer_append_text(&told->strings, values[i]);
        buffer_append(&told->strings, "", 1);
    }
    for (size_t i = 0; i < N && !told->strings.failed; i++)
        if (values[i].size > 0)
            *options[i] = told->strings.bytes + starts[i];
    return !told->strings.failed;
}

/* Reasons name the options of a command line; here they are fields: --text-field is text_field. */
static void name_fields(char *words)
{
    static const char *const fields[] = {"text-field", "title-field", "label-field",
                                         "label-separator"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        for (char *at = words; (at = strstr(at, fields[i])) != NULL; at++) {
            if (at - words < 2 || at[-1] != '-' || at[-2] != '-')
                continue;
            *strchr(at, '-') = '_';
            memmove(at - 2, at, strlen(at) + 1);
        }
}

/* What cannot be used is counted, and the first reason noted. */
static void pass_over(struct harvest *harvest, struct records *records, size_t number,
                      struct buffer *reason, fenlei_error *error)
{
    if (harvest->receipt->n_unusable++ > 0)
        return;
    name_fields(error->message);
    if (number > 0)
        buffer_append_format(reason, "%s %zu: ", records_unit(records), number);
    plain_append_string(reason, error->message);
}

static fenlei_status take_each(struct harvest *harvest, struct records *records,
                               struct buffer *reason, fenlei_error *error)
{
    struct buffer line = {0};
    size_t number = 0;
    bool end = false;
    fenlei_status status = FENLEI_OK;
    while (!end && !records->is_over && status != FENLEI_NO_MEMORY) {
        status = records_next(records, &line, &number, &end, error);
        if (status == FENLEI_OK && !end && !input_is_blank(&line))
            status = take_record(harvest, (fenlei_text){line.bytes, line.size}, number, error);
        if (status != FENLEI_OK)
            pass_over(harvest, records, number, reason, error);
    }
    buffer_release(&line);
    return status == FENLEI_NO_MEMORY ? status : FENLEI_OK;
}

static fenlei_status note_records(struct harvest *harvest, const struct records *records,
                                  const struct buffer *reason, fenlei_error *error)
{
    struct buffer *note = &harvest->receipt->note;
    records_describe(records, note);
    buffer_append_string(note, note->size > 0 && reason->size > 0 ? "; " : "");
    buffer_append(note, reason->bytes, reason->size);
    buffer_append(note, "", 1);
    if (note->failed || reason->failed)
        return error_memory(error);
    name_fields(note->bytes);
    note->size = strlen(note->bytes);
    return harvest->n > 0
               ? FENLEI_OK
               : error_set(error, FENLEI_BAD_INPUT, "no record of it can be used; %s", note->bytes);
}

static fenlei_status take_records(struct harvest *harvest, const struct record_options *options,
                                  fenlei_error *error)
{
    struct records records;
    struct buffer reason = {0};
    fenlei_status status =
        records_open_bytes(&records, harvest->arrival->bytes, options, LABELS_TAKEN, error);
    if (status != FENLEI_OK)
        name_fields(error->message);
    if (status == FENLEI_OK)
        status = take_each(harvest, &records, &reason, error);
    if (status == FENLEI_OK)
        status = note_records(harvest, &records, &reason, error);
    records_release(&records);
    buffer_release(&reason);
    return status;
}

/* ---- a file ---- */

static bool begins_object(fenlei_text bytes)
{
    bytes = text_trim(bytes);
    return bytes.size > 0 && bytes.bytes[0] == '{';
}

/* Told by the bytes, once ASCII is of one each. */
static fenlei_status tell_records(fenlei_text bytes, const struct record_options *options,
                                  bool *has_records, fenlei_error *error)
{
    struct decoded decoded = {0};
    fenlei_status status = FENLEI_OK;
    if (charset_is_wide(bytes)) {
        status = decode(&decoded, bytes.bytes, bytes.size, NULL, error);
        bytes = decoded.text;
    }
    *has_records =
        status == FENLEI_OK && (begins_object(bytes) || form_of_page(bytes).has_records ||
                                records_are_table(bytes, options));
    decode_release(&decoded);
    return status == FENLEI_NO_MEMORY ? status : FENLEI_OK;
}

static fenlei_status read_articles(struct harvest *harvest, fenlei_error *error)
{
    struct told told = {0};
    bool has_records = false;
    fenlei_status status = keep_told(&told, harvest->arrival) ? FENLEI_OK : error_memory(error);
    if (status == FENLEI_OK)
        status = tell_records(harvest->arrival->bytes, &told.options, &has_records, error);
    if (status == FENLEI_OK)
        status =
            has_records ? take_records(harvest, &told.options, error) : take_page(harvest, error);
    buffer_release(&told.strings);
    return status;
}

static fenlei_status keep_all(struct harvest *harvest, const uint64_t hash[2], fenlei_error *error)
{
    const struct arrival *arrival = harvest->arrival;
    struct receipt *receipt = harvest->receipt;
    struct stored_file file = {.name = arrival->name,
                               .note = {receipt->note.bytes, receipt->note.size},
                               .hash = {hash[0], hash[1]},
                               .size = arrival->bytes.size,
                               .received = (int64_t)time(NULL)};
    fenlei_status status = store_add_file(harvest->store, &file, harvest->articles, harvest->n,
                                          &receipt->file, &receipt->is_known, error);
    receipt->n_articles = receipt->is_known ? 0 : harvest->n;
    return status;
}

fenlei_status intake(struct store *store, struct labelling *labelling,
                     const struct arrival *arrival, struct receipt *receipt, fenlei_error *error)
{
    struct harvest harvest = {.store = store, .arrival = arrival, .receipt = receipt};
    XXH128_hash_t sum = XXH3_128bits(arrival->bytes.bytes, arrival->bytes.size);
    const uint64_t hash[2] = {sum.low64, sum.high64};
    fenlei_status status = store_find_file(store, hash, &receipt->file, error);
    receipt->is_known = receipt->file != 0;
    if (status != FENLEI_OK || receipt->is_known)
        return status;
    status = lease_take(labelling, &harvest.lease, error);
    if (status != FENLEI_OK)
        return status;
    choose_day(&harvest);
    status = read_articles(&harvest, error);
    lease_give(&harvest.lease);
    if (status == FENLEI_OK)
        status = keep_all(&harvest, hash, error);
    for (size_t i = 0; i < harvest.n; i++)
        article_release(&harvest.articles[i]);
    free(harvest.articles);
    buffer_release(&harvest.described);
    return status;
}
