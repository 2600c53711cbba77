#include "classify/sheet.h"

#include "base/number.h"
#include "base/replace.h"
#include "base/status.h"
#include "base/utf8.h"
#include "classify/sheet_js.h"
#include "command/place.h"
#include "html/html.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    COLOURS = 12,       /* of topics, in html.css */
    REASONS = 6,        /* phrases for a topic that are listed, and as many against it */
    MANY = 100,         /* articles from which on the page is drawn as it is scrolled */
    LANGUAGE_LOOK = 300 /* characters that tell the language of a text */
};

static void put(struct buffer *out, const char *string)
{
    buffer_append_string(out, string);
}

/* ---- parts of an article ---- */

/* Chinese by its characters: a screen reader and the choice of fonts depend on it. */
static bool is_chinese(fenlei_text text)
{
    size_t han = 0, kana = 0, n = 0;
    for (size_t at = 0; at < text.size && n < LANGUAGE_LOOK; n++) {
        int32_t c = utf8_next(text.bytes, &at);
        han += c >= 0x3400 && c < 0xA000;
        kana += c >= 0x3040 && c < 0x3100;
    }
    return han * 4 > n && kana == 0;
}

/* As an attribute of the element that holds the text. */
static const char *language_of(fenlei_text text)
{
    return is_chinese(text) ? " lang=zh" : " lang=\"\"";
}

static void put_topic(struct buffer *out, const fenlei_model *model, size_t topic)
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

static void put_place(struct buffer *out, struct source source, const fenlei_article *article)
{
    if (source.is_record) {
        buffer_append_format(out, "<p class=meta>Record %zu", source.number);
        if (source.id.size > 0) {
            put(out, " \u00b7 ");
            html_isolated(out, source.id);
        }
        put(out, "</p>\n");
        return;
    }
    buffer_append_format(out, "<p class=meta>Article %zu \u00b7 %s", source.number,
                         place_unit(source.document));
    fenlei_lines all = place_lines(source.document, article->lines);
    size_t n_parts = source.document != NULL ? 1 : article->n_parts;
    for (size_t i = 0; i < n_parts; i++) {
        fenlei_lines part = source.document != NULL ? all : article->parts[i];
        const char *before = i > 0 ? ", " : all.last > all.first ? "s " : " ";
        buffer_append_format(out, part.last > part.first ? "%s%zu\u2013%zu" : "%s%zu", before,
                             part.first, part.last);
    }
    put(out, "</p>\n");
}

static void put_review(struct buffer *out, fenlei_review review)
{
    static const char *const reasons[] = {
        [FENLEI_REVIEW_NONE] = NULL,
        [FENLEI_REVIEW_NEAR_THRESHOLD] =
            "<b>Needs review:</b> a topic was given or withheld by a hair.",
        [FENLEI_REVIEW_TOO_SHORT] = "<b>Needs review:</b> the text is too short to tell.",
        [FENLEI_REVIEW_UNFAMILIAR] =
            "<b>Needs review:</b> it is mostly text that the model has never seen.",
        [FENLEI_REVIEW_NOT_AN_ARTICLE] =
            "<b>Not labelled:</b> it is a masthead or a sponsor\u2019s line, not an article.",
        [FENLEI_REVIEW_SEVERAL_ARTICLES] = "<b>Needs review:</b> it may be more than one article.",
        [FENLEI_REVIEW_UNCERTAIN_SPLIT] =
            "<b>Needs review:</b> where it or its headline begins and ends is uncertain."};
    if (reasons[review] != NULL)
        buffer_append_format(out, "<p class=review>%s</p>\n", reasons[review]);
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
                             "<button type=button class=\"chip%s\" data-s=%c aria-pressed=false>",
                             kind, (char)('a' + (char)slot));
    else
        buffer_append_format(out, "<span class=\"chip%s\">", kind);
    put_topic(out, model, label->topic);
    put(out, " ");
    put_probability(out, label);
    if (!label->given)
        put(out, " <small>not given</small>");
    put(out, slot < MARK_SLOTS ? "</button></li>\n" : "</span></li>\n");
}

static void put_chips(struct buffer *out, const struct entry *entry)
{
    if (entry->n == 0)
        return;
    put(out, "<ul class=chips aria-label=Topics>\n");
    for (size_t i = 0; i < entry->n; i++)
        put_chip(out, entry->model, shown_label(entry, i), i);
    put(out, "</ul>\n");
}

/* The strongest phrases for a topic (sign 1) or against it (sign -1). */
static void put_reasons(struct buffer *out, const fenlei_why *why, double sign, const char *term)
{
    size_t n = 0;
    for (size_t i = 0; i < why->n_phrases && n < REASONS; i++) {
        const fenlei_phrase *phrase = why->phrases[i];
        if (phrase->share * sign <= 0)
            continue;
        buffer_append_format(out, "%s%s", n == 0 ? "<br>" : "; ", n == 0 ? term : "");
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
    put_topic(out, model, label->topic);
    put(out, "</dt>\n<dd>Score ");
    put_share(out, label->score);
    put(out, " = bias ");
    put_share(out, why->bias);
    put(out, ", for ");
    put_share(out, sums[0]);
    put(out, ", against ");
    put_share(out, sums[1]);
    buffer_append_format(out, ". Marked: %.0f\u00a0%% of what speaks for it.", shown * 100);
    put_reasons(out, why, 1, "For: ");
    put_reasons(out, why, -1, "Against: ");
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

/* What the filter looks for, and the colours of the slots. */
static void put_article_tag(struct buffer *out, const struct entry *entry)
{
    put(out, "<article data-t=\" ");
    for (size_t i = 0; i < entry->n; i++)
        if (shown_label(entry, i)->given)
            buffer_append_format(out, "%zu ", shown_label(entry, i)->topic);
    put(out, entry->article->labels == NULL ? "other " : entry->has_topic ? "" : "none ");
    put(out, entry->to_review ? "review \"" : "\"");
    for (size_t i = 0; i < entry->n && i < MARK_SLOTS; i++)
        buffer_append_format(out, "%s--%c:var(--c%zu)", i == 0 ? " style=\"" : ";",
                             (char)('a' + (char)i), shown_label(entry, i)->topic % COLOURS);
    put(out, entry->n > 0 ? "\">\n" : ">\n");
}

static void put_headline(struct buffer *out, const struct marks *marks, fenlei_text title)
{
    if (title.size == 0) {
        put(out, "<h3 class=meta>Without a headline</h3>\n");
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
    buffer_append_format(out, "<p class=by%s>", language_of(byline));
    html_isolated(out, byline);
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
    return true;
}

static void put_article(struct sheet *sheet, const struct entry *entry, const struct buffer *why)
{
    struct buffer *out = &sheet->html;
    const fenlei_article *article = entry->article;
    put_article_tag(out, entry);
    put_place(out, entry->source, article);
    put_headline(out, &sheet->marks, article->title);
    put_byline(out, article->byline);
    put_chips(out, entry);
    put_review(out, article->review);
    put_text(out, &sheet->marks, article->text);
    if (why->size > 0) {
        put(out, "<details><summary>Why</summary>\n<dl>\n");
        buffer_append(out, why->bytes, why->size);
        put(out, "</dl></details>\n");
    }
    put(out, "</article>\n");
    out->failed = out->failed || why->failed;
}

static fenlei_status add_entry(struct sheet *sheet, struct entry *entry, fenlei_labeler *labeler,
                               size_t index, struct selection selection, fenlei_error *error)
{
    struct buffer why = {0};
    if (!count(sheet, entry))
        return error_memory(error);
    choose(entry, selection);
    fenlei_status status = explain(&sheet->marks, entry, labeler, index, &why, error);
    if (status == FENLEI_OK)
        put_article(sheet, entry, &why);
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
    put(&sheet->html, "<p class=fault><b>Fault");
    if (line > 0)
        buffer_append_format(&sheet->html, " in line %zu", line);
    put(&sheet->html, ":</b> ");
    html_isolated(&sheet->html, text_of(message));
    put(&sheet->html, "</p>\n");
    sheet->counts.unusable++;
}

void sheet_clear(struct sheet *sheet)
{
    buffer_clear(&sheet->html);
    sheet->counts = (struct sheet_counts){0};
    sheet->n_given = 0;
}

void sheet_release(struct sheet *sheet)
{
    buffer_release(&sheet->html);
    free(sheet->given);
    marks_release(&sheet->marks);
    *sheet = (struct sheet){0};
}

/* ---- the page of all ---- */

bool gazette_init(struct gazette *gazette, size_t n_topics)
{
    *gazette = (struct gazette){.given = array_new(n_topics, sizeof *gazette->given)};
    return gazette->given != NULL;
}

void gazette_release(struct gazette *gazette)
{
    buffer_release(&gazette->body);
    buffer_release(&gazette->input);
    free(gazette->given);
    *gazette = (struct gazette){0};
}

static void begin_input(struct gazette *gazette, const char *input)
{
    fenlei_text name = text_of(input);
    if (gazette->has_input &&
        text_equal(name, (fenlei_text){gazette->input.bytes, gazette->input.size}))
        return;
    if (gazette->has_input)
        put(&gazette->body, "</section>\n");
    gazette->has_input = true;
    buffer_clear(&gazette->input);
    buffer_append_text(&gazette->input, name);
    gazette->body.failed = gazette->body.failed || gazette->input.failed;
    gazette->n_inputs++;
    buffer_append_format(&gazette->body, "<section aria-labelledby=f%zu>\n<h2 id=f%zu>",
                         gazette->n_inputs, gazette->n_inputs);
    html_isolated(&gazette->body, name);
    put(&gazette->body, "</h2>\n");
}

void gazette_add(struct gazette *gazette, const struct sheet *sheet, const char *input)
{
    if (gazette->body.size + sheet->html.size > GAZETTE_MAX)
        gazette->too_large = true;
    if (gazette->too_large)
        return;
    begin_input(gazette, input);
    buffer_append(&gazette->body, sheet->html.bytes, sheet->html.size);
    gazette->body.failed = gazette->body.failed || sheet->html.failed;
    gazette->counts.articles += sheet->counts.articles;
    gazette->counts.without_topic += sheet->counts.without_topic;
    gazette->counts.to_review += sheet->counts.to_review;
    gazette->counts.not_articles += sheet->counts.not_articles;
    gazette->counts.unusable += sheet->counts.unusable;
    for (size_t i = 0; i < sheet->n_given; i++)
        gazette->given[sheet->given[i]]++;
}

/* One of the overview's buttons: `filter` is what the articles' data-t is searched for. */
static void begin_row(struct buffer *out, const char *filter, const char *colour)
{
    buffer_append_format(out,
                         "<li><button type=button class=row data-f=\"%s\" aria-pressed=false "
                         "style=\"--m:var(--%s)\">",
                         filter, colour);
}

static void end_row(struct buffer *out, size_t count, size_t most)
{
    buffer_append_format(out, " <i style=--p:%zu%%></i><b>%zu</b></button></li>\n",
                         most > 0 ? count * 100 / most : 0, count);
}

static void put_plain_row(struct buffer *out, const char *filter, const char *name, size_t count,
                          size_t most)
{
    if (count == 0)
        return;
    begin_row(out, filter, "grey");
    buffer_append_format(out, "<span>%s</span>", name);
    end_row(out, count, most);
}

static void put_overview(struct buffer *out, const struct gazette *gazette,
                         const fenlei_model *model)
{
    size_t n_topics = fenlei_topic_count(model), most = gazette->counts.without_topic;
    for (size_t topic = 0; topic < n_topics; topic++)
        most = gazette->given[topic] > most ? gazette->given[topic] : most;
    most = gazette->counts.to_review > most ? gazette->counts.to_review : most;
    put(out, "<nav aria-labelledby=o>\n<h2 id=o>Topics</h2>\n<ul class=rows>\n");
    for (size_t topic = 0; topic < n_topics; topic++) {
        char filter[24], colour[24];
        if (gazette->given[topic] == 0)
            continue;
        snprintf(filter, sizeof filter, "%zu", topic);
        snprintf(colour, sizeof colour, "c%zu", topic % COLOURS);
        begin_row(out, filter, colour);
        put_topic(out, model, topic);
        end_row(out, gazette->given[topic], most);
    }
    put_plain_row(out, "none", "No topic", gazette->counts.without_topic, most);
    put_plain_row(out, "review", "Needs review", gazette->counts.to_review, most);
    put_plain_row(out, "other", "Not an article", gazette->counts.not_articles, most);
    put(out, "</ul>\n<p class=meta role=status></p>\n"
             "<p class=meta>Marked are the phrases that speak for a topic, the more strongly the "
             "more they count. <span class=js>Press a topic of an article for its marks alone, or "
             "one up here for its articles alone.</span></p>\n</nav>\n");
}

static void put_count(struct buffer *out, size_t n, const char *one, const char *many)
{
    buffer_append_format(out, "%zu %s", n, n == 1 ? one : many);
}

static void put_summary(struct buffer *out, const struct gazette *gazette)
{
    const struct sheet_counts *counts = &gazette->counts;
    put(out, "<header>\n<h1>Articles and their topics</h1>\n<p class=meta>");
    put_count(out, counts->articles, "article", "articles");
    put(out, " in ");
    put_count(out, gazette->n_inputs, "file", "files");
    put(out, " \u00b7 ");
    put_count(out, counts->to_review, "needs review", "need review");
    if (counts->unusable > 0) {
        put(out, " \u00b7 ");
        put_count(out, counts->unusable, "fault", "faults");
    }
    put(out, "</p>\n</header>\n");
}

fenlei_status gazette_write(struct gazette *gazette, const fenlei_model *model, const char *path,
                            fenlei_error *error)
{
    if (gazette->too_large)
        return error_set(error, FENLEI_BAD_INPUT,
                         "%s: not written: the page would be larger than %d MiB", path,
                         GAZETTE_MAX >> 20);
    struct buffer out = {.failed = gazette->body.failed};
    html_begin(&out, text_of("Articles and their topics"));
    put_summary(&out, gazette);
    put(&out, "<div class=columns>\n");
    put_overview(&out, gazette, model);
    put(&out, gazette->counts.articles < MANY ? "<main>\n" : "<main class=many>\n");
    buffer_append(&out, gazette->body.bytes, gazette->body.size);
    put(&out, gazette->has_input ? "</section>\n</main>\n</div>\n" : "</main>\n</div>\n");
    html_end(&out, sheet_js);
    fenlei_status status = out.failed
                               ? error_memory(error)
                               : replace_with_text(path, (fenlei_text){out.bytes, out.size}, error);
    buffer_release(&out);
    return status;
}
