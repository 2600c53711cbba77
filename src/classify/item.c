/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/item.h"

#include "base/input.h"
#include "base/record.h"
#include "base/status.h"
#include "classify/spreadsheet.h"
#include "classify/why.h"
#include "command/charset.h"
#include "command/message.h"
#include "command/place.h"
#include "command/reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *item_name(const struct item *item)
{
    return strcmp(item->path, "-") == 0 ? "(standard input)" : item->path;
}

void item_fail(struct item *item, const char *name, size_t line, const char *text)
{
    item->failed = true;
    message_append(&item->messages, name, line, text);
    if (item->messages.failed) {
        buffer_clear(&item->messages);
        message(name, line, text);
    }
}

bool item_is_blank(const struct item *item)
{
    return item->fault.size == 0 && text_is_blank(item->line);
}

fenlei_status item_check(const struct item *item, fenlei_error *error)
{
    if (item->fault.size == 0)
        return FENLEI_OK;
    return error_set(error, FENLEI_BAD_INPUT, "%.*s", (int)item->fault.size, item->fault.bytes);
}

/* Where -e asks for it, what speaks for and against the topics of article `index`. */
static fenlei_status explain_article(const struct choice *choice, fenlei_labeler *labeler,
                                     size_t index, bool is_document, const fenlei_article *article,
                                     struct buffer *why, fenlei_error *error)
{
    const struct settings *settings = choice->settings;
    if (!settings->explain)
        return FENLEI_OK;
    struct why_options options = {.selection = settings->selection,
                                  .asked = choice->asked,
                                  .is_json = settings->json || settings->jsonl,
                                  .is_document = is_document,
                                  .with_threshold = isnan(settings->options.probability),
                                  .in_colour = settings->in_colour};
    buffer_clear(why);
    return why_write(why, choice->model, labeler, index, article, settings->jsonl, &options, error);
}

/* Article `index` of a page, with why. */
static fenlei_status write_article(const struct choice *choice, fenlei_labeler *labeler,
                                   struct item *item, struct source source, const fenlei_page *page,
                                   fenlei_error *error)
{
    struct buffer why = {0};
    size_t index = source.number - 1;
    const fenlei_article *article = page->articles[index];
    struct selection selection = choice->settings->selection;
    if (!choice_wants(choice, article))
        return FENLEI_OK;
    fenlei_status status =
        explain_article(choice, labeler, index, source.document != NULL, article, &why, error);
    if (status == FENLEI_OK && choice->settings->json) {
        output_json(&item->out, choice->model, source, page, article, selection,
                    (fenlei_text){why.bytes, why.size});
    } else if (status == FENLEI_OK && choice->settings->csv) {
        spreadsheet_row(&item->out, choice->model, source, article, selection);
    } else if (status == FENLEI_OK) {
        output_line(&item->out, choice->model, source, article, selection);
        buffer_append(&item->out, why.bytes, why.size);
    }
    buffer_release(&why);
    if (status == FENLEI_OK && choice->settings->html != NULL)
        status = sheet_add(&item->sheet, choice->model, labeler, source, index, article, selection,
                           error);
    return status;
}

static void tell_fault(struct item *item, const char *name, size_t line,
                       const struct buffer *message)
{
    const char *text = message->failed ? "invalid" : message->bytes;
    item_fail(item, name, line, text);
    sheet_add_fault(&item->sheet, line, text);
}

/* What is wrong with the encoding of a page, though it could be read. */
static void tell_encoding(struct item *item, const char *name, const fenlei_page *page)
{
    struct buffer message = {0};
    if (page->substitutions > 0) {
        buffer_append_format(&message, "not valid %s: %zu invalid sequence%s replaced from here on",
                             page->encoding, page->substitutions,
                             page->substitutions > 1 ? "s" : "");
        tell_fault(item, name, page->substitutions_line, &message);
    }
    buffer_clear(&message);
    if (page->other_lines > 0) {
        buffer_append_format(&message,
                             "%zu line%s in another encoding than the rest (%s): this one is in %s",
                             page->other_lines, page->other_lines > 1 ? "s" : "", page->encoding,
                             page->other_encoding);
        tell_fault(item, name, page->other_line, &message);
    }
    buffer_release(&message);
}

/* What reads a page better that was read as ASCII. */
static void tell_seven_bits(struct item *item, const struct settings *settings, fenlei_text bytes)
{
    const char *encoding =
        settings->quiet || settings->options.encoding != NULL ? NULL : charset_of_seven_bits(bytes);
    struct buffer text = {0};
    if (encoding == NULL)
        return;
    buffer_append_format(&text, "it looks like %s, which is not detected: --encoding=%s reads it",
                         encoding, encoding);
    if (!text.failed)
        message_append(&item->messages, item_name(item), 0, text.bytes);
    buffer_release(&text);
}

static void tell_damage(struct item *item, size_t substitutions)
{
    struct buffer message = {0};
    buffer_append_format(&message, "%zu invalid sequence%s in its text replaced", substitutions,
                         substitutions > 1 ? "s" : "");
    tell_fault(item, item_name(item), 0, &message);
    buffer_release(&message);
}

/* Reads a file and labels what is in it; what *page points to stays as long as the buffers. */
static fenlei_status label_file(const char *path, struct buffer *bytes, struct document *document,
                                const struct settings *settings, fenlei_labeler *labeler,
                                const fenlei_page **page, fenlei_error *error)
{
    fenlei_text text;
    fenlei_options options = settings->options;
    fenlei_status status = input_read(path, bytes, error);
    if (status == FENLEI_OK)
        status = reader_take(document, (fenlei_text){bytes->bytes, bytes->size}, options.encoding,
                             &text, error);
    if (status != FENLEI_OK)
        return status;
    if (document->form != DOCUMENT_ERROR)
        options.encoding = NULL; /* its reader has decoded it */
    return fenlei_label_page(labeler, text.bytes, text.size, &options, page, error);
}

/* Notes what is wrong with the file. */
static void fail(struct item *item, size_t line, const fenlei_error *error)
{
    item_fail(item, item_name(item), line, error->message);
    sheet_add_fault(&item->sheet, line, error->message);
}

void item_label_file(struct item *item, const struct choice *choice, fenlei_labeler *labeler)
{
    fenlei_error error;
    const fenlei_page *page;
    struct buffer bytes = {0};
    struct document document = {0};
    fenlei_status status =
        label_file(item->path, &bytes, &document, choice->settings, labeler, &page, &error);
    if (status != FENLEI_OK)
        fail(item, 0, &error);
    else
        tell_encoding(item, item_name(item), page);
    if (status == FENLEI_OK && document.substitutions > 0)
        tell_damage(item, document.substitutions);
    if (status == FENLEI_OK && document.form == DOCUMENT_ERROR)
        tell_seven_bits(item, choice->settings, (fenlei_text){bytes.bytes, bytes.size});
    for (size_t i = 0; status == FENLEI_OK && i < page->n_articles; i++) {
        struct source source = {.file = item_name(item),
                                .number = i + 1,
                                .document = document.form != DOCUMENT_ERROR ? &document : NULL};
        status = write_article(choice, labeler, item, source, page, &error);
        if (status != FENLEI_OK)
            fail(item, place_lines(source.document, page->articles[i]->lines).first, &error);
    }
    document_release(&document);
    buffer_release(&bytes);
}

void item_write_error(struct item *item, const struct settings *settings, struct source source,
                      const char *text)
{
    item->failed = true;
    if (settings->csv)
        spreadsheet_error(&item->out, source, settings->selection, text);
    else
        output_json_error(&item->out, source, text);
}

/* What --jsonl prints of a record, and why. */
static fenlei_status write_record(struct item *item, const struct choice *choice,
                                  fenlei_labeler *labeler, struct source source,
                                  const fenlei_article *article, fenlei_error *error)
{
    const struct settings *settings = choice->settings;
    struct buffer why = {0};
    if (!choice_wants(choice, article))
        return FENLEI_OK;
    fenlei_status status = explain_article(choice, labeler, 0, false, article, &why, error);
    if (status == FENLEI_OK && settings->html != NULL)
        status = sheet_add(&item->sheet, choice->model, labeler, source, 0, article,
                           settings->selection, error);
    if (status == FENLEI_OK && settings->csv)
        spreadsheet_row(&item->out, choice->model, source, article, settings->selection);
    else if (status == FENLEI_OK)
        output_json(&item->out, choice->model, source, NULL, article, settings->selection,
                    (fenlei_text){why.bytes, why.size});
    buffer_release(&why);
    return status;
}

void item_label_record(struct item *item, const struct choice *choice, fenlei_labeler *labeler)
{
    const struct settings *settings = choice->settings;
    struct record record = {0};
    fenlei_error error;
    const fenlei_article *article;
    struct source source = item->source;
    struct buffer others = {0}, clashing = {0};
    fenlei_status status = record_parse(&record, item->line.bytes, item->line.size, &error);
    source.id = record.id;
    record_append_others(&record, output_is_ours, &others, &clashing);
    if (item->fault.size > 0)
        status = item_check(item, &error);
    if (others.failed || clashing.failed)
        status = error_memory(&error);
    source.others = (fenlei_text){others.bytes, others.size};
    source.clashing = (fenlei_text){clashing.bytes, clashing.size};
    if (status == FENLEI_OK)
        source.date = record_date(&record);
    if (status == FENLEI_OK)
        status = fenlei_label_record(labeler, record.title, record.text, &settings->options,
                                     &article, &error);
    if (status == FENLEI_OK)
        status = write_record(item, choice, labeler, source, article, &error);
    if (status != FENLEI_OK) {
        item_write_error(item, settings, source, error.message);
        sheet_add_fault(&item->sheet, source.number, error.message);
    }
    buffer_release(&others);
    buffer_release(&clashing);
    record_release(&record);
}

void item_clear(struct item *item)
{
    for (size_t i = 0; item->evaluators != NULL && i < 2; i++)
        evaluator_clear(&item->evaluators[i]);
    sheet_clear(&item->sheet);
    buffer_shed(&item->sheet.html);
    buffer_shed(&item->kept);
    buffer_shed(&item->fault);
    buffer_shed(&item->out);
    buffer_shed(&item->messages);
    item->line = (fenlei_text){NULL, 0};
    if (item->failed)
        item->failed = false;
}

void item_release(struct item *item)
{
    buffer_release(&item->kept);
    buffer_release(&item->fault);
    buffer_release(&item->out);
    buffer_release(&item->messages);
    sheet_release(&item->sheet);
    for (size_t i = 0; item->evaluators != NULL && i < 2; i++)
        evaluator_release(&item->evaluators[i]);
    free(item->evaluators);
}
