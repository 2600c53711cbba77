/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/output.h"

#include "base/json.h"
#include "base/number.h"
#include "base/plain.h"
#include "command/place.h"

#include <stdint.h>
#include <string.h>

enum { PROBABILITY_DECIMALS = 4, SCORE_DECIMALS = 6, EXCERPT = 30 /* characters */ };

bool output_is_selected(const fenlei_label *label, size_t rank, struct selection selection)
{
    if (selection.all)
        return true;
    return selection.best > 0 ? rank < selection.best : label->given;
}

static void json_label(struct buffer *out, const fenlei_model *model, const fenlei_label *label,
                       bool with_given)
{
    buffer_append_string(out, "{");
    json_text(out, "topic", text_of(fenlei_topic_id(model, label->topic)));
    json_text(out, "name", text_of(fenlei_topic_name(model, label->topic)));
    json_key(out, "probability");
    json_number(out, label->probability, PROBABILITY_DECIMALS);
    json_key(out, "score");
    json_number(out, label->score, SCORE_DECIMALS);
    if (with_given) {
        json_key(out, "given");
        buffer_append_string(out, label->given ? "true" : "false");
    }
    buffer_append_string(out, "}");
}

static void json_labels(struct buffer *out, const fenlei_model *model,
                        const fenlei_article *article, struct selection selection)
{
    json_key(out, "labels");
    buffer_append_string(out, "[");
    bool first = true;
    size_t n = article->labels != NULL ? fenlei_topic_count(model) : 0;
    for (size_t rank = 0; rank < n; rank++) {
        if (!output_is_selected(&article->labels[rank], rank, selection))
            continue;
        buffer_append_string(out, first ? "" : ",");
        first = false;
        json_label(out, model, &article->labels[rank], selection.all || selection.best > 0);
    }
    buffer_append_string(out, "]");
}

static void json_record(struct buffer *out, struct source source)
{
    if (source.file != NULL)
        json_file(out, source.file);
    json_count(out, "line", source.number);
    if (source.id.size > 0) {
        json_key(out, "id");
        buffer_append_text(out, source.id);
    }
}

static void json_place(struct buffer *out, struct source source, const fenlei_article *article)
{
    if (source.is_record) {
        json_record(out, source);
        return;
    }
    json_file(out, source.file);
    json_count(out, "article", source.number);
    json_text(out, "title", article->title);
    if (article->byline.size > 0)
        json_text(out, "byline", article->byline);
    place_json(out, source.document, article);
}

bool output_is_ours(fenlei_text name)
{
    static const char *const ours[] = {"file",   "file_bytes", "line",   "id",    "text",
                                       "labels", "why",        "review", "error", "input"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (text_equal(name, text_of(ours[i])))
            return true;
    return false;
}

/* The fields of a record that came along. */
static void json_others(struct buffer *out, struct source source)
{
    if (source.others.size > 0) {
        buffer_append_string(out, ",");
        buffer_append_text(out, source.others);
    }
    if (source.clashing.size > 0) {
        json_key(out, "input");
        buffer_append_string(out, "{");
        buffer_append_text(out, source.clashing);
        buffer_append_string(out, "}");
    }
}

void output_json(struct buffer *out, const fenlei_model *model, struct source source,
                 const fenlei_page *page, const fenlei_article *article, struct selection selection,
                 fenlei_text why)
{
    const char *review = fenlei_review_name(article->review);
    buffer_append_string(out, "{");
    json_place(out, source, article);
    if (page != NULL && strcmp(page->encoding, "UTF-8") != 0)
        json_text(out, "encoding", text_of(page->encoding));
    if (page != NULL && page->substitutions > 0)
        json_count(out, "substitutions", page->substitutions);
    if (page != NULL && page->other_lines > 0)
        json_count(out, "other_lines", page->other_lines);
    if (selection.with_text)
        json_text(out, "text", article->text);
    json_labels(out, model, article, selection);
    if (why.size > 0) {
        json_key(out, "why");
        buffer_append_text(out, why);
    }
    json_key(out, "review");
    if (review != NULL)
        json_string(out, text_of(review));
    else
        buffer_append_string(out, "null");
    json_others(out, source);
    buffer_append_string(out, "}\n");
}

void output_json_error(struct buffer *out, struct source source, const char *message)
{
    buffer_append_string(out, "{");
    json_record(out, source);
    json_text(out, "error", text_of(message));
    json_others(out, source);
    buffer_append_string(out, "}\n");
}

/* The headline, or the beginning of the text where there is none. */
static void append_headline(struct buffer *out, const fenlei_article *article)
{
    fenlei_text text = article->title.size > 0 ? article->title : article->text;
    while (text.size > 0 && text.bytes[text.size - 1] == '\n')
        text.size--;
    plain_append_excerpt(out, text, article->title.size > 0 ? SIZE_MAX : EXCERPT);
}

static void append_label(struct buffer *out, const fenlei_model *model, const fenlei_label *label)
{
    plain_append(out, text_of(fenlei_topic_name(model, label->topic)));
    if (!fenlei_has_probabilities(model))
        return;
    buffer_append_string(out, " ");
    number_fixed(out, label->probability, 2);
}

void output_line(struct buffer *out, const fenlei_model *model, struct source source,
                 const fenlei_article *article, struct selection selection)
{
    const char *review = fenlei_review_name(article->review);
    bool any = false;
    if (source.file != NULL) {
        plain_append(out, text_of(source.file));
        buffer_append_format(out, ":%zu  ", place_lines(source.document, article->lines).first);
    } else {
        buffer_append_format(out, "%zu  ", source.number);
    }
    size_t n = article->labels != NULL ? fenlei_topic_count(model) : 0;
    for (size_t rank = 0; rank < n; rank++) {
        if (!output_is_selected(&article->labels[rank], rank, selection))
            continue;
        buffer_append_string(out, any ? ", " : "");
        append_label(out, model, &article->labels[rank]);
        any = true;
    }
    if (!any)
        buffer_append_string(out, "-");
    if (review != NULL)
        buffer_append_format(out, " (%s)", review);
    buffer_append_string(out, "  ");
    append_headline(out, article);
    buffer_append_string(out, "\n");
}
