/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/sheet.h"

#include "base/number.h"
#include "base/status.h"
#include "base/utf8.h"
#include "command/place.h"
#include "html/html.h"
#include "html/markup.h"
#include "html/texts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { REASONS = 6 /* phrases for a topic that are listed, and as many against it */ };

static void put(struct buffer *out, const char *string)
{
    buffer_append_string(out, string);
}

/* ---- parts of an article ---- */

/* As an attribute of the element that holds the text. */
static const char *language_of(fenlei_text text)
{
    return utf8_is_chinese(text.bytes, text.size) ? " lang=zh" : " lang=\"\"";
}

/* A text of the interface, in the language that the page will have. */
static void say(struct buffer *out, enum page_text text)
{
    text_put(out, LANGUAGE_LATER, text);
}

void sheet_put_topic(struct buffer *out, const fenlei_model *model, size_t topic)
{
    fenlei_text name = text_of(fenlei_topic_name(model, topic));
    buffer_append_format(out, "<bdi%s>", language_of(name));
    html_text(out, name);
    put(out, "</bdi>");
}

static void put_share(struct buffer *out, double value)
{
    number_signed(out, value, 3, "+", "\u2212");
}

static void put_probability(struct buffer *out, const fenlei_label *label)
{
    if (isnan(label->probability)) {
        put_share(out, label->score);
        return;
    }
    buffer_append_format(out, "<i style=--p:%.0f%%></i>", label->probability * 100);
    number_fixed(out, label->probability, 2);
}

/* "3\u20139, 12": the lines of an article, or of what its document has. */
static void format_lines(struct buffer *out, struct source source, const fenlei_article *article)
{
    fenlei_lines all = place_lines(source.document, article->lines);
    size_t n_parts = source.document != NULL ? 1 : article->n_parts;
    for (size_t i = 0; i < n_parts; i++) {
        fenlei_lines part = source.document != NULL ? all : article->parts[i];
        buffer_append_format(out, part.last > part.first ? "%s%zu\u2013%zu" : "%s%zu",
                             i > 0 ? ", " : "", part.first, part.last);
    }
    buffer_append(out, "", 1);
}

static enum page_text unit_of(const struct document *document)
{
    if (document == NULL || document->form == DOCUMENT_HTML)
        return PAGE_AT_LINE;
    return document->form == DOCUMENT_PDF ? PAGE_AT_PAGE : PAGE_AT_PARAGRAPH;
}

static void put_place(struct buffer *out, struct source source, const fenlei_article *article)
{
    put(out, "<span class=where>");
    text_put_number(out, LANGUAGE_LATER, source.is_record ? PAGE_RECORD : PAGE_ARTICLE_NUMBER,
                    source.number);
    if (source.is_record && source.id.size > 0) {
        put(out, " \u00b7 ");
        html_isolated(out, source.id);
    }
    if (source.date.size > 0) {
        put(out, " \u00b7 ");
        html_isolated(out, source.date);
    }
    if (!source.is_record) {
        struct buffer lines = {0};
        format_lines(&lines, source, article);
        put(out, " \u00b7 ");
        if (!lines.failed)
            text_put_with(out, LANGUAGE_LATER, unit_of(source.document), lines.bytes);
        out->failed = out->failed || lines.failed;
        buffer_release(&lines);
    }
    put(out, "</span>\n");
}

static void put_review(struct buffer *out, fenlei_review review)
{
    static const enum page_text reasons[] = {[FENLEI_REVIEW_NEAR_THRESHOLD] = PAGE_REVIEW_NEAR,
                                             [FENLEI_REVIEW_TOO_SHORT] = PAGE_REVIEW_SHORT,
                                             [FENLEI_REVIEW_UNFAMILIAR] = PAGE_REVIEW_UNFAMILIAR,
                                             [FENLEI_REVIEW_NOT_AN_ARTICLE] = PAGE_REVIEW_NONE,
                                             [FENLEI_REVIEW_SEVERAL_ARTICLES] = PAGE_REVIEW_SEVERAL,
                                             [FENLEI_REVIEW_UNCERTAIN_SPLIT] = PAGE_REVIEW_SPLIT};
    if (review == FENLEI_REVIEW_NONE)
        return;
    put(out, "<p class=review>");
    say(out, reasons[review]);
    put(out, "</p>\n");
}

/* ---- topics of an article ---- */

/* An article to be written, and the topics shown with it. */
struct entry {
    const fenlei_model *model;
    const fenlei_article *article;
    struct source source;
    size_t *ranks; /* [n] of article->labels */
    size_t n;
    bool has_topic, to_review;
};

static const fenlei_label *shown_label(const struct entry *entry, size_t i)
{
    return &entry->article->labels[entry->ranks[i]];
}

/* The selection's topics, and where a person should look, the next best. */
static void choose(struct entry *entry, struct selection selection)
{
    const fenlei_label *labels = entry->article->labels;
    size_t n_topics = labels != NULL ? fenlei_topic_count(entry->model) : 0;
    bool asks = selection.all || selection.best > 0;
    bool wants_next =
        !asks && (!entry->has_topic || entry->article->review == FENLEI_REVIEW_NEAR_THRESHOLD);
    for (size_t rank = 0; rank < n_topics; rank++) {
        bool is_next = wants_next && !labels[rank].given;
        if (!is_next && !output_is_selected(&labels[rank], rank, selection))
            continue;
        wants_next = wants_next && !is_next;
        entry->ranks[entry->n++] = rank;
    }
}

static void put_chip(struct buffer *out, const fenlei_model *model, const fenlei_label *label,
                     size_t slot)
{
    const char *kind = label->given ? "" : " no";
    put(out, "<li>");
    if (slot < MARK_SLOTS)
        buffer_append_format(out,
                             "<button type=button class=\"chip%s\" data-s=%c data-k=%zu "
                             "aria-pressed=false>",
                             kind, (char)('a' + (char)slot), label->topic);
    else
        buffer_append_format(out, "<span class=\"chip%s\" data-k=%zu>", kind, label->topic);
    sheet_put_topic(out, model, label->topic);
    put(out, " ");
    put_probability(out, label);
    if (!label->given) {
        put(out, " <small>");
        say(out, PAGE_NOT_GIVEN);
        put(out, "</small>");
    }
    put(out, slot < MARK_SLOTS ? "</button></li>\n" : "</span></li>\n");
}

static void put_chips(struct buffer *out, const struct entry *entry)
{
    put(out, "<ul class=chips aria-label=\"");
    say(out, PAGE_TOPICS);
    put(out, "\">\n");
    for (size_t i = 0; i < entry->n; i++)
        put_chip(out, entry->model, shown_label(entry, i), i);
    put(out, "</ul>\n");
}

/* The strongest phrases for a topic (sign 1) or against it (sign -1). */
static void put_reasons(struct buffer *out, const fenlei_why *why, double sign, enum page_text term)
{
    size_t n = 0;
    for (size_t i = 0; i < why->n_phrases && n < REASONS; i++) {
        const fenlei_phrase *phrase = why->phrases[i];
        if (phrase->share * sign <= 0)
            continue;
        put(out, n == 0 ? "<br>" : "; ");
        if (n == 0)
            say(out, term);
        html_isolated(out, phrase->text);
        put(out, " ");
        put_share(out, phrase->share);
        n++;
    }
}

static void put_why(struct buffer *out, const fenlei_model *model, const fenlei_label *label,
                    const fenlei_why *why, double shown)
{
    double sums[2] = {0};
    for (size_t i = 0; i < why->n_phrases; i++)
        sums[why->phrases[i]->share < 0] += why->phrases[i]->share;
    put(out, "<dt>");
    sheet_put_topic(out, model, label->topic);
    put(out, "</dt>\n<dd>");
    const enum page_text terms[] = {PAGE_SCORE, PAGE_BIAS, PAGE_SUM_FOR, PAGE_SUM_AGAINST};
    const double values[] = {label->score, why->bias, sums[0], sums[1]};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        say(out, terms[i]);
        put_share(out, values[i]);
    }
    text_put_number(out, LANGUAGE_LATER, PAGE_MARKED, (size_t)lround(shown * 100));
    put_reasons(out, why, 1, PAGE_FOR);
    put_reasons(out, why, -1, PAGE_AGAINST);
    put(out, "</dd>\n");
}

/* Marks the topics, and writes why they were given. */
static fenlei_status explain(struct marks *marks, const struct entry *entry,
                             fenlei_labeler *labeler, size_t index, struct buffer *out,
                             fenlei_error *error)
{
    marks_clear(marks);
    for (size_t slot = 0; slot < entry->n && slot < MARK_SLOTS; slot++) {
        const fenlei_label *label = shown_label(entry, slot);
        const fenlei_why *why;
        double shown;
        fenlei_status status = fenlei_explain(labeler, index, label->topic, &why, error);
        if (status != FENLEI_OK)
            return status;
        if (!marks_add(marks, (unsigned)slot, why, &shown))
            return error_memory(error);
        put_why(out, entry->model, label, why, shown);
    }
    marks_sort(marks);
    return FENLEI_OK;
}

/* ---- an article ---- */

/* By its texts alone, so that an article keeps its address wherever it stands. */
static uint64_t hash_of(const fenlei_article *article)
{
    uint64_t title = XXH3_64bits(article->title.bytes, article->title.size);
    return XXH3_64bits_withSeed(article->text.bytes, article->text.size, title);
}

/* Between the quotes of an attribute, where there is something. */
static void put_attribute(struct buffer *out, const char *name, fenlei_text value)
{
    if (value.size == 0)
        return;
    buffer_append_format(out, " %s=\"", name);
    html_text(out, value);
    put(out, "\"");
}

/* How far the least sure label is from being decided, in thousandths; what is to be looked at comes
 * before what is not. */
static unsigned sureness(const struct entry *entry)
{
    const fenlei_label *labels = entry->article->labels;
    double least = 1;
    size_t n = labels != NULL ? fenlei_topic_count(entry->model) : 0;
    for (size_t i = 0; i < n; i++) {
        double way = isnan(labels[i].probability) ? fabs(labels[i].score)
                                                  : fabs(labels[i].probability - 0.5) * 2;
        least = fmin(least, way);
    }
    return (unsigned)(least * 999) + (entry->to_review ? 0 : 1000);
}

/* What the script looks for, and the colours of the slots. */
static void put_article_tag(struct buffer *out, const struct entry *entry)
{
    put(out, "<article");
    put_attribute(out, "data-id", entry->source.id);
    put_attribute(out, "data-d", entry->source.date);
    buffer_append_format(out, " data-u=%u data-t=\" ", sureness(entry));
    for (size_t i = 0; i < entry->n; i++)
        if (shown_label(entry, i)->given)
            buffer_append_format(out, "%zu ", shown_label(entry, i)->topic);
    put(out, entry->article->labels == NULL ? "other " : entry->has_topic ? "" : "none ");
    put(out, entry->to_review ? "review \"" : "\"");
    for (size_t i = 0; i < entry->n && i < MARK_SLOTS; i++)
        buffer_append_format(out, "%s--%c:var(--c%zu)", i == 0 ? " style=\"" : ";",
                             (char)('a' + (char)i), shown_label(entry, i)->topic % SHEET_COLOURS);
    put(out, entry->n > 0 ? "\" " : " ");
}

static void put_headline(struct buffer *out, const struct marks *marks, fenlei_text title)
{
    if (title.size == 0) {
        put(out, "<h3 class=meta>");
        say(out, PAGE_UNTITLED);
        put(out, "</h3>\n");
        return;
    }
    buffer_append_format(out, "<h3 dir=auto%s>", language_of(title));
    marks_title(marks, title, out);
    put(out, "</h3>\n");
}

static void put_byline(struct buffer *out, fenlei_text byline)
{
    if (byline.size == 0)
        return;
    struct buffer shown = {0};
    markup_drop(&shown, byline);
    buffer_append_format(out, "<p class=by%s>", language_of(byline));
    html_isolated(out, (fenlei_text){shown.bytes, shown.size});
    out->failed = out->failed || shown.failed;
    buffer_release(&shown);
    put(out, "</p>\n");
}

static void put_text(struct buffer *out, const struct marks *marks, fenlei_text text)
{
    if (text.size == 0)
        return;
    buffer_append_format(out, "<div class=text dir=auto%s>", language_of(text));
    marks_text(marks, text, out);
    put(out, "</div>\n");
}

/* Counts the article and its topics; false when memory runs out. */
static bool count(struct sheet *sheet, struct entry *entry)
{
    const fenlei_label *labels = entry->article->labels;
    size_t n_topics = labels != NULL ? fenlei_topic_count(entry->model) : 0;
    for (size_t rank = 0; rank < n_topics; rank++) {
        if (!labels[rank].given)
            continue;
        if (!array_reserve(&sheet->given, &sheet->given_capacity, sheet->n_given + 1,
                           sizeof *sheet->given))
            return false;
        sheet->given[sheet->n_given++] = labels[rank].topic;
        entry->has_topic = true;
    }
    entry->to_review = labels != NULL && entry->article->review != FENLEI_REVIEW_NONE;
    sheet->counts.articles += labels != NULL;
    sheet->counts.not_articles += labels == NULL;
    sheet->counts.without_topic += labels != NULL && !entry->has_topic;
    sheet->counts.to_review += entry->to_review;
    sheet->counts.chinese += utf8_is_chinese(entry->article->text.bytes, entry->article->text.size);
    sheet->counts.dated += entry->source.date.size > 0;
    return true;
}

/* The topics given, in a line that can be read without opening the article. */
static void put_tags(struct buffer *out, const struct entry *entry)
{
    put(out, "<span class=tags>");
    for (size_t i = 0; i < entry->n; i++) {
        size_t topic = shown_label(entry, i)->topic;
        if (!shown_label(entry, i)->given)
            continue;
        buffer_append_format(out, "<span class=tag data-k=%zu style=\"--m:var(--c%zu)\">", topic,
                             topic % SHEET_COLOURS);
        sheet_put_topic(out, entry->model, topic);
        put(out, "</span> ");
    }
    put(out, "</span>");
}

/* The address, which the gazette makes unique behind its hash. False when memory runs out. */
static bool put_address(struct sheet *sheet, const char *before, uint64_t hash, const char *behind)
{
    buffer_append_format(&sheet->html, "%sa%016llx", before, (unsigned long long)hash);
    size_t at = sheet->html.size;
    put(&sheet->html, behind);
    if (!array_reserve(&sheet->addresses, &sheet->addresses_capacity, sheet->n_addresses + 1,
                       sizeof *sheet->addresses))
        return false;
    sheet->addresses[sheet->n_addresses++] = (struct sheet_address){hash, at};
    return true;
}

static bool put_article(struct sheet *sheet, const struct entry *entry, const struct buffer *why)
{
    struct buffer *out = &sheet->html;
    const fenlei_article *article = entry->article;
    uint64_t hash = hash_of(article);
    put_article_tag(out, entry);
    if (!put_address(sheet, "id=", hash, ">\n<details><summary>"))
        return false;
    put_headline(out, &sheet->marks, article->title);
    put_tags(out, entry);
    put_place(out, entry->source, article);
    put(out, "</summary>\n");
    put_byline(out, article->byline);
    put_chips(out, entry);
    put_review(out, article->review);
    put_text(out, &sheet->marks, article->text);
    if (why->size > 0) {
        put(out, "<details class=reasons><summary>");
        say(out, PAGE_WHY);
        put(out, "</summary>\n<dl>\n");
        buffer_append(out, why->bytes, why->size);
        put(out, "</dl></details>\n");
    }
    bool good = put_address(sheet, "<p class=meta><a href=\"#", hash, "\">");
    say(out, PAGE_ADDRESS);
    put(out, "</a></p>\n</details>\n</article>\n");
    out->failed = out->failed || why->failed;
    return good;
}

static fenlei_status add_entry(struct sheet *sheet, struct entry *entry, fenlei_labeler *labeler,
                               size_t index, struct selection selection, fenlei_error *error)
{
    struct buffer why = {0};
    if (!count(sheet, entry))
        return error_memory(error);
    choose(entry, selection);
    fenlei_status status = explain(&sheet->marks, entry, labeler, index, &why, error);
    if (status == FENLEI_OK && !put_article(sheet, entry, &why))
        status = error_memory(error);
    buffer_release(&why);
    return status == FENLEI_OK && sheet->html.failed ? error_memory(error) : status;
}

fenlei_status sheet_add(struct sheet *sheet, const fenlei_model *model, fenlei_labeler *labeler,
                        struct source source, size_t index, const fenlei_article *article,
                        struct selection selection, fenlei_error *error)
{
    struct entry entry = {.model = model, .article = article, .source = source};
    entry.ranks = array_new(fenlei_topic_count(model), sizeof *entry.ranks);
    if (entry.ranks == NULL)
        return error_memory(error);
    fenlei_status status = add_entry(sheet, &entry, labeler, index, selection, error);
    free(entry.ranks);
    return status;
}

void sheet_add_fault(struct sheet *sheet, size_t line, const char *message)
{
    put(&sheet->html, "<p class=fault><b>");
    if (line > 0)
        text_put_number(&sheet->html, LANGUAGE_LATER, PAGE_FAULT_IN_LINE, line);
    else
        say(&sheet->html, PAGE_FAULT);
    put(&sheet->html, "</b>");
    text_put_message(&sheet->html, LANGUAGE_LATER, message);
    put(&sheet->html, "</p>\n");
    sheet->counts.unusable++;
}

void sheet_clear(struct sheet *sheet)
{
    if (sheet->html.size == 0 && !sheet->html.failed)
        return; /* nothing was added */
    buffer_clear(&sheet->html);
    sheet->counts = (struct sheet_counts){0};
    sheet->n_given = 0;
    sheet->n_addresses = 0;
}

void sheet_release(struct sheet *sheet)
{
    buffer_release(&sheet->html);
    free(sheet->given);
    free(sheet->addresses);
    marks_release(&sheet->marks);
    *sheet = (struct sheet){0};
}
