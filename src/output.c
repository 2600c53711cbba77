#include "output.h"

#include "decode.h"
#include "json.h"

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

static void json_lines(struct buffer *out, fenlei_lines lines)
{
    buffer_append_format(out, "[%zu,%zu]", lines.first, lines.last);
}

static void json_place(struct buffer *out, struct source source, const fenlei_article *article)
{
    if (source.file == NULL) {
        json_count(out, "line", source.number);
        if (source.id.size > 0) {
            json_key(out, "id");
            buffer_append_text(out, source.id);
        }
        return;
    }
    json_file(out, source.file);
    json_count(out, "article", source.number);
    json_text(out, "title", article->title);
    if (article->byline.size > 0)
        json_text(out, "byline", article->byline);
    json_key(out, "lines");
    json_lines(out, article->lines);
    if (article->n_parts > 1) {
        json_key(out, "parts");
        for (size_t i = 0; i < article->n_parts; i++) {
            buffer_append_string(out, i == 0 ? "[" : ",");
            json_lines(out, article->parts[i]);
        }
        buffer_append_string(out, "]");
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
    buffer_append_string(out, "}\n");
}

void output_json_error(struct buffer *out, struct source source, const char *message)
{
    buffer_append_string(out, "{");
    json_count(out, "line", source.number);
    if (source.id.size > 0) {
        json_key(out, "id");
        buffer_append_text(out, source.id);
    }
    json_text(out, "error", text_of(message));
    buffer_append_string(out, "}\n");
}

/* A character c, or a space for a control character, which a terminal would obey. */
static void append_plain(struct buffer *out, int32_t c, fenlei_text character)
{
    if (c < 0x20 || (c >= 0x7F && c < 0xA0))
        buffer_append_string(out, " ");
    else
        buffer_append_text(out, character);
}

void output_plain(struct buffer *out, fenlei_text text)
{
    for (size_t at = 0; at < text.size;) {
        size_t start = at;
        int32_t c = utf8_next(text.bytes, &at);
        append_plain(out, c, (fenlei_text){text.bytes + start, at - start});
    }
}

/* The headline, or the beginning of the text where there is none. */
static void append_headline(struct buffer *out, const fenlei_article *article)
{
    fenlei_text text = article->title.size > 0 ? article->title : article->text;
    while (text.size > 0 && text.bytes[text.size - 1] == '\n')
        text.size--;
    size_t most = article->title.size > 0 ? SIZE_MAX : EXCERPT;
    for (size_t at = 0, n = 0; at < text.size; n++) {
        size_t start = at;
        int32_t c = utf8_next(text.bytes, &at);
        if (n == most) {
            buffer_append_string(out, "…");
            return;
        }
        append_plain(out, c, (fenlei_text){text.bytes + start, at - start});
    }
}

static void append_label(struct buffer *out, const fenlei_model *model, const fenlei_label *label)
{
    output_plain(out, text_of(fenlei_topic_name(model, label->topic)));
    if (!fenlei_has_probabilities(model))
        return;
    int hundredths = (int)(label->probability * 100 + 0.5);
    buffer_append_format(out, " %d.%02d", hundredths / 100, hundredths % 100);
}

/* A file's name is bytes of any kind. */
static void append_file(struct buffer *out, const char *file)
{
    for (const char *byte = file; *byte != '\0'; byte++) {
        bool is_control = (unsigned char)*byte < 0x20 || *byte == 0x7F;
        buffer_append(out, is_control ? " " : byte, 1);
    }
}

void output_line(struct buffer *out, const fenlei_model *model, struct source source,
                 const fenlei_article *article, struct selection selection)
{
    const char *review = fenlei_review_name(article->review);
    bool any = false;
    if (source.file != NULL) {
        append_file(out, source.file);
        buffer_append_format(out, ":%zu  ", article->lines.first);
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
