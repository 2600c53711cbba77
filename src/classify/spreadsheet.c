/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/spreadsheet.h"

#include "base/json_part.h"
#include "base/number.h"
#include "base/plain.h"
#include "base/utf8.h"
#include "command/csv.h"
#include "command/place.h"

#include <string.h>

enum { PROBABILITY_DECIMALS = 4 };

/* Are topics shown that were not given? */
static bool shows_more(struct selection selection)
{
    return selection.all || selection.best > 0;
}

void spreadsheet_begin(struct buffer *out, struct selection selection, bool of_records)
{
    buffer_append_string(out, CSV_MARK);
    buffer_append_string(out,
                         of_records ? "file,line,id,title," : "file,article,line,title,byline,");
    buffer_append_string(out, "topics,names,probabilities,");
    buffer_append_string(out, shows_more(selection) ? "given,review" : "review");
    buffer_append_string(out, of_records ? ",error,fields" : "");
    buffer_append_string(out, selection.with_text ? ",text" : "");
    csv_end(out);
}

/* What of a label goes into a cell. */
enum part { ID, NAME, PROBABILITY, GIVEN };

static void append_part(struct buffer *out, const fenlei_model *model, const fenlei_label *label,
                        enum part part)
{
    switch (part) {
    case ID:
    case GIVEN:
        buffer_append_string(out, fenlei_topic_id(model, label->topic));
        break;
    case NAME:
        buffer_append_string(out, fenlei_topic_name(model, label->topic));
        break;
    case PROBABILITY:
        number_fixed(out, label->probability, PROBABILITY_DECIMALS);
        break;
    }
}

/* A cell with one part of each label that is shown, in the order of all such cells. */
static void put_labels(struct buffer *out, const fenlei_model *model, const fenlei_article *article,
                       struct selection selection, enum part part)
{
    struct buffer cell = {0};
    size_t n = article->labels != NULL ? fenlei_topic_count(model) : 0;
    if (part == PROBABILITY && !fenlei_has_probabilities(model))
        n = 0;
    for (size_t rank = 0; rank < n; rank++) {
        const fenlei_label *label = &article->labels[rank];
        if (!output_is_selected(label, rank, selection) || (part == GIVEN && !label->given))
            continue;
        buffer_append_string(&cell, cell.size > 0 ? "; " : "");
        append_part(&cell, model, label, part);
    }
    csv_text(out, (fenlei_text){cell.bytes, cell.size});
    out->failed = out->failed || cell.failed;
    buffer_release(&cell);
}

/* A string as what it stands for, a number as it is. */
static void put_id(struct buffer *out, fenlei_text id)
{
    struct buffer text = {0};
    bool is_number = id.size > 0 && strchr("-0123456789", id.bytes[0]) != NULL;
    if (is_number)
        csv_plain(out, id);
    else if (json_part_string(id, &text) && memchr(text.bytes, '\0', text.size) == NULL)
        csv_text(out, (fenlei_text){text.bytes, text.size});
    else
        csv_text(out, id);
    out->failed = out->failed || text.failed;
    buffer_release(&text);
}

/* The other fields of a record as one JSON object. */
static void put_fields(struct buffer *out, struct source source)
{
    struct buffer json = {0};
    if (source.others.size > 0 || source.clashing.size > 0) {
        buffer_append_string(&json, "{");
        buffer_append_text(&json, source.others);
        buffer_append_string(&json, source.others.size > 0 && source.clashing.size > 0 ? "," : "");
        buffer_append_text(&json, source.clashing);
        buffer_append_string(&json, "}");
    }
    csv_plain(out, (fenlei_text){json.bytes, json.size});
    out->failed = out->failed || json.failed;
    buffer_release(&json);
}

/* A name that is not UTF-8 as it can be read. */
static void put_file(struct buffer *out, const char *file)
{
    struct buffer name = {0};
    fenlei_text bytes = text_of(file != NULL ? file : "");
    if (utf8_valid_prefix(bytes.bytes, bytes.size) < bytes.size) {
        plain_append(&name, bytes);
        bytes = (fenlei_text){name.bytes, name.size};
    }
    csv_text(out, bytes);
    out->failed = out->failed || name.failed;
    buffer_release(&name);
}

/* File and number; of a record its id, of an article its first line. */
static void put_place(struct buffer *out, struct source source, size_t line)
{
    put_file(out, source.file);
    csv_count(out, source.number);
    if (source.is_record)
        put_id(out, source.id);
    else
        csv_count(out, line);
}

void spreadsheet_row(struct buffer *out, const fenlei_model *model, struct source source,
                     const fenlei_article *article, struct selection selection)
{
    const char *review = fenlei_review_name(article->review);
    put_place(out, source, place_lines(source.document, article->lines).first);
    csv_text(out, article->title);
    if (!source.is_record)
        csv_text(out, article->byline);
    for (enum part part = ID; part <= PROBABILITY; part++)
        put_labels(out, model, article, selection, part);
    if (shows_more(selection))
        put_labels(out, model, article, selection, GIVEN);
    csv_plain(out, text_of(review != NULL ? review : ""));
    if (source.is_record) {
        csv_plain(out, text_of(""));
        put_fields(out, source);
    }
    if (selection.with_text)
        csv_text(out, article->text);
    csv_end(out);
}

void spreadsheet_error(struct buffer *out, struct source source, struct selection selection,
                       const char *message)
{
    put_place(out, source, 0);
    for (size_t i = 0; i < (shows_more(selection) ? 6 : 5); i++) /* title to review */
        csv_plain(out, text_of(""));
    csv_text(out, text_of(message));
    put_fields(out, source);
    if (selection.with_text)
        csv_plain(out, text_of(""));
    csv_end(out);
}
