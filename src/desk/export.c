/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/export.h"

#include "base/json.h"
#include "command/csv.h"
#include "desk/filter.h"
#include "desk/labels.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE_ARTICLES = 200 };

struct exporting {
    struct store *store;
    struct fields fields; /* a copy: the request is gone before the end */
    struct filter filter;
    enum export_format format;
    struct topics topics;
    struct article last;
    size_t n;
    bool is_begun, is_ended;
    struct buffer *out;
    bool failed;
};

static const struct {
    const char *name, *type, *disposition;
} formats[] = {
    [EXPORT_JSONL] = {"jsonl", "application/x-ndjson; charset=utf-8",
                      "attachment; filename=articles.jsonl"},
    [EXPORT_CSV] = {"csv", "text/csv; charset=utf-8", "attachment; filename=articles.csv"},
    [EXPORT_DOCCANO] = {"doccano", "application/x-ndjson; charset=utf-8",
                        "attachment; filename=doccano.jsonl"},
    [EXPORT_LABEL_STUDIO] = {"label-studio", "application/json; charset=utf-8",
                             "attachment; filename=label-studio.json"}};

bool export_format_named(fenlei_text name, enum export_format *format)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (text_equal(name, text_of(formats[i].name))) {
            *format = (enum export_format)i;
            return true;
        }
    return false;
}

/* ---- labels ---- */

static const struct topic *find_topic(const struct topics *topics, int64_t id)
{
    for (size_t steps = 0; steps <= topics->n; steps++) {
        const struct topic *found = NULL;
        for (size_t i = 0; i < topics->n; i++)
            if (topics->of[i].id == id)
                found = &topics->of[i];
        if (found == NULL || found->merged_into == 0)
            return found;
        id = found->merged_into;
    }
    return NULL;
}

static fenlei_text set_of(const struct article *article)
{
    return article->judged.bytes != NULL ? article->judged : article->given;
}

typedef void append_topic(struct buffer *out, const struct topic *topic);

static void append_key(struct buffer *out, const struct topic *topic)
{
    json_string(out, text_of(topic->key));
}

static void append_name(struct buffer *out, const struct topic *topic)
{
    json_string(out, text_of(topic->name));
}

/* The topics of a set, each once: two may have been merged. */
static void append_set(struct buffer *out, const struct topics *topics, fenlei_text set,
                       const char *between, append_topic *append)
{
    struct set_label label;
    struct buffer seen = {0};
    for (size_t at = 0; labels_next(set, &at, &label);) {
        const struct topic *topic = find_topic(topics, label.topic);
        fenlei_text known = {seen.bytes, seen.size};
        if (topic == NULL || (seen.size > 0 && labels_have(known, topic->id)))
            continue;
        buffer_append_string(out, seen.size > 0 ? between : "");
        append(out, topic);
        labels_append(&seen, (struct set_label){topic->id, (double)NAN});
    }
    out->failed = out->failed || seen.failed;
    buffer_release(&seen);
}

/* ---- the formats ---- */

static void json_facts(struct buffer *out, const struct article *article)
{
    if (article->day.size > 0)
        json_text(out, "date", article->day);
    if (article->paper.size > 0)
        json_text(out, "paper", article->paper);
    json_text(out, "file", article->file_name);
    json_key(out, "lines");
    buffer_append_format(out, "[%lld,%lld]", (long long)article->first_line,
                         (long long)article->last_line);
    json_key(out, "judged");
    buffer_append_string(out, article->judged.bytes != NULL ? "true" : "false");
    json_key(out, "review");
    if (article->review.size > 0)
        json_string(out, article->review);
    else
        buffer_append_string(out, "null");
}

void export_json(struct buffer *out, const struct topics *topics, const struct article *article)
{
    buffer_append_string(out, "{");
    json_key(out, "id");
    buffer_append_format(out, "%lld", (long long)article->id);
    json_text(out, "title", article->title);
    json_text(out, "text", article->text);
    json_key(out, "labels");
    buffer_append_string(out, "[");
    append_set(out, topics, set_of(article), ",", append_key);
    buffer_append_string(out, "]");
    json_key(out, "version");
    buffer_append_format(out, "%lld", (long long)article->version);
    json_facts(out, article);
    buffer_append_string(out, "}");
}

static void append_plain_name(struct buffer *out, const struct topic *topic)
{
    buffer_append_string(out, topic->name);
}

static void export_csv(struct buffer *out, const struct topics *topics,
                       const struct article *article)
{
    struct buffer names = {0};
    append_set(&names, topics, set_of(article), "; ", append_plain_name);
    csv_count(out, (size_t)article->id);
    csv_text(out, article->day);
    csv_text(out, article->paper);
    csv_text(out, article->file_name);
    csv_text(out, article->title);
    csv_text(out, (fenlei_text){names.bytes, names.size});
    csv_text(out, article->review);
    csv_count(out, article->judged.bytes != NULL);
    csv_text(out, article->text);
    csv_end(out);
    out->failed = out->failed || names.failed;
    buffer_release(&names);
}

/* The headline and the text as one, which is what doccano and Label Studio show. */
static void json_whole(struct buffer *out, const struct article *article)
{
    struct buffer whole = {0};
    fenlei_text headline = article->title;
    buffer_append_text(&whole, headline);
    if (headline.size > 0)
        buffer_append_string(&whole, "\n");
    buffer_append_text(&whole, article->text);
    json_text(out, "text", (fenlei_text){whole.bytes, whole.size});
    out->failed = out->failed || whole.failed;
    buffer_release(&whole);
}

static void export_doccano(struct buffer *out, const struct topics *topics,
                           const struct article *article)
{
    buffer_append_string(out, "{");
    json_key(out, "id");
    buffer_append_format(out, "%lld", (long long)article->id);
    json_whole(out, article);
    json_key(out, "label");
    buffer_append_string(out, "[");
    append_set(out, topics, set_of(article), ",", append_name);
    buffer_append_string(out, "]");
    json_facts(out, article);
    buffer_append_string(out, "}\n");
}

/* A task with the choices of a person as an annotation, of the model as a prediction. */
static void export_label_studio(struct buffer *out, const struct topics *topics,
                                const struct article *article)
{
    bool is_judged = article->judged.bytes != NULL;
    buffer_append_string(out, "{\"data\":{");
    json_whole(out, article);
    json_facts(out, article);
    buffer_append_format(out,
                         "},\"%s\":[{%s\"result\":[{\"from_name\":\"topics\",\"to_name\":"
                         "\"text\",\"type\":\"choices\",\"value\":{\"choices\":[",
                         is_judged ? "annotations" : "predictions",
                         is_judged ? "" : "\"model_version\":\"fenlei\",");
    append_set(out, topics, set_of(article), ",", append_name);
    buffer_append_string(out, "]}}]}]}");
}

/* ---- piece by piece ---- */

static bool export_article(void *context, const struct article *article)
{
    struct exporting *exporting = context;
    if (exporting->format == EXPORT_LABEL_STUDIO)
        buffer_append_string(exporting->out, exporting->n > 0 ? ",\n" : "");
    switch (exporting->format) {
    case EXPORT_JSONL:
        export_json(exporting->out, &exporting->topics, article);
        buffer_append_string(exporting->out, "\n");
        break;
    case EXPORT_CSV:
        export_csv(exporting->out, &exporting->topics, article);
        break;
    case EXPORT_DOCCANO:
        export_doccano(exporting->out, &exporting->topics, article);
        break;
    case EXPORT_LABEL_STUDIO:
        export_label_studio(exporting->out, &exporting->topics, article);
        break;
    }
    exporting->n++;
    if (!article_copy(&exporting->last, article))
        exporting->failed = true;
    return !exporting->failed;
}

static void begin_text(const struct exporting *exporting)
{
    if (exporting->format == EXPORT_CSV)
        buffer_append_string(exporting->out,
                             CSV_MARK "id,date,paper,file,title,topics,review,judged,text\r\n");
    else if (exporting->format == EXPORT_LABEL_STUDIO)
        buffer_append_string(exporting->out, "[\n");
}

static bool export_piece(void *context, struct buffer *out)
{
    struct exporting *exporting = context;
    fenlei_error error;
    bool more = false;
    if (exporting->is_ended)
        return false;
    exporting->out = out;
    if (!exporting->is_begun)
        begin_text(exporting);
    exporting->is_begun = true;
    if (exporting->last.id != 0) {
        exporting->filter.cursor = exporting->last.id;
        exporting->filter.cursor_day = exporting->last.day;
        exporting->filter.cursor_doubt = exporting->last.doubt;
        exporting->filter.cursor_line = exporting->last.first_line;
    }
    /* The cursor points into the last article, which is replaced meanwhile. */
    struct article cursor = exporting->last;
    exporting->last = (struct article){0};
    fenlei_status status = store_list(exporting->store, &exporting->filter, PIECE_ARTICLES,
                                      export_article, exporting, &more, &error);
    article_release(&cursor);
    exporting->is_ended = status == FENLEI_OK && !more;
    if (exporting->is_ended && exporting->format == EXPORT_LABEL_STUDIO)
        buffer_append_string(out, "\n]\n");
    if (status != FENLEI_OK || exporting->failed)
        buffer_clear(out); /* cut short, so that nobody takes it for all of it */
    return !exporting->is_ended || out->size > 0;
}

static void export_end(void *context)
{
    struct exporting *exporting = context;
    article_release(&exporting->last);
    topics_release(&exporting->topics);
    fields_release(&exporting->fields);
    free(exporting);
}

bool export_begin(struct store *store, const struct fields *query, enum export_format format,
                  struct answer *answer)
{
    struct exporting *exporting = array_new(1, sizeof *exporting);
    struct buffer copy = {0};
    fenlei_error error;
    if (exporting == NULL)
        return false;
    *exporting = (struct exporting){.store = store, .format = format};
    filter_address(&copy, query, '&');
    bool good = !copy.failed &&
                fields_parse_encoded(&exporting->fields, (fenlei_text){copy.bytes, copy.size}) &&
                store_topics(store, &exporting->topics, &error) == FENLEI_OK;
    buffer_release(&copy);
    if (!good) {
        export_end(exporting);
        return false;
    }
    exporting->filter = filter_read(&exporting->fields);
    answer->type = formats[format].type;
    answer->disposition = formats[format].disposition;
    answer->piece = export_piece;
    answer->end = export_end;
    answer->context = exporting;
    return true;
}
