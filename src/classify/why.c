/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/why.h"

#include "base/json.h"
#include "base/number.h"
#include "base/plain.h"
#include "base/status.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* What is listed weighs at least this share of all that speaks for a topic or against it. A list
 * for people ends after a few. */
static const double LEAST_IN_JSON = 0.002, LEAST_IN_LIST = 0.005;
enum { LIST_FOR = 8, LIST_AGAINST = 4 };

enum { SHARE_DECIMALS = 12, LIST_DECIMALS = 4 };

/* Which phrases to list: those of at least some weight, and so many on either side. */
struct listing {
    double least;
    size_t most_for, most_against;
    double rest; /* the sum of all others */
    size_t n_rest;
};

static struct listing begin_listing(const fenlei_why *why, double least, size_t most_for,
                                    size_t most_against)
{
    double sum = 0;
    for (size_t i = 0; i < why->n_phrases; i++)
        sum += fabs(why->phrases[i]->share);
    return (struct listing){least * sum, most_for, most_against, 0, 0};
}

static bool is_listed(struct listing *listing, const fenlei_phrase *phrase)
{
    size_t *left = phrase->share > 0 ? &listing->most_for : &listing->most_against;
    if (fabs(phrase->share) >= listing->least && *left > 0) {
        --*left;
        return true;
    }
    listing->rest += phrase->share;
    listing->n_rest++;
    return false;
}

/* ---- JSON ---- */

static void json_share(struct buffer *out, const char *key, double share)
{
    json_key(out, key);
    json_number(out, share, SHARE_DECIMALS);
}

/* The places of one text; not written at all where there are none, of a record's two. */
static void json_places(struct buffer *out, const char *key, const fenlei_phrase *phrase,
                        bool in_title)
{
    bool first = true;
    for (size_t i = 0; i < phrase->n_places; i++) {
        fenlei_place place = phrase->places[i];
        if (place.in_title != in_title)
            continue;
        if (first)
            json_key(out, key);
        buffer_append_format(out, "%s[%zu,%zu]", first ? "[" : ",", place.start, place.end);
        first = false;
    }
    buffer_append_string(out, first ? "" : "]");
}

static void json_phrase(struct buffer *out, const fenlei_phrase *phrase, bool is_record,
                        bool is_document)
{
    buffer_append_string(out, "{");
    json_key(out, "text");
    json_string(out, phrase->text);
    json_share(out, "share", phrase->share);
    if (is_record) {
        json_places(out, "title_places", phrase, true);
        json_places(out, "text_places", phrase, false);
    } else if (!is_document) {
        json_places(out, "places", phrase, false);
    }
    buffer_append_string(out, "}");
}

static void json_why(struct buffer *out, const fenlei_model *model, size_t topic,
                     const fenlei_why *why, bool is_record, bool is_document)
{
    struct listing listing = begin_listing(why, LEAST_IN_JSON, SIZE_MAX, SIZE_MAX);
    bool first = true;
    buffer_append_string(out, "{");
    json_key(out, "topic");
    json_string(out, text_of(fenlei_topic_id(model, topic)));
    json_key(out, "name");
    json_string(out, text_of(fenlei_topic_name(model, topic)));
    json_share(out, "score", why->score);
    json_share(out, "bias", why->bias);
    json_key(out, "phrases");
    buffer_append_string(out, "[");
    for (size_t i = 0; i < why->n_phrases; i++) {
        if (!is_listed(&listing, why->phrases[i]))
            continue;
        buffer_append_string(out, first ? "" : ",");
        first = false;
        json_phrase(out, why->phrases[i], is_record, is_document);
    }
    buffer_append_string(out, "]");
    json_share(out, "rest", listing.rest);
    buffer_append_string(out, "}");
}

/* ---- the list ---- */

static const char FOR[] = "\x1b[32m", AGAINST[] = "\x1b[31m", FAINT[] = "\x1b[2m",
                  BOLD[] = "\x1b[1m", PLAIN[] = "\x1b[0m";

static void append_code(struct buffer *out, bool in_colour, const char *code)
{
    if (in_colour)
        buffer_append_string(out, code);
}

static void list_share(struct buffer *out, double share, bool in_colour)
{
    buffer_append_string(out, "      ");
    append_code(out, in_colour, share < 0 ? AGAINST : FOR);
    number_signed(out, share, LIST_DECIMALS, "+", "-");
    append_code(out, in_colour, PLAIN);
    buffer_append_string(out, "  ");
}

static void list_phrase(struct buffer *out, const fenlei_phrase *phrase, bool in_colour)
{
    list_share(out, phrase->share, in_colour);
    plain_append(out, phrase->text);
    if (phrase->n_places > 1) {
        append_code(out, in_colour, FAINT);
        buffer_append_format(out, " ×%zu", phrase->n_places);
        append_code(out, in_colour, PLAIN);
    }
    buffer_append_string(out, "\n");
}

/* What stands below the phrases, faint: a number, and what it is. */
static void list_note(struct buffer *out, double share, bool in_colour, const char *format,
                      size_t count)
{
    buffer_append_string(out, "      ");
    append_code(out, in_colour, FAINT);
    number_signed(out, share, LIST_DECIMALS, "+", "-");
    buffer_append_string(out, "  ");
    if (format == NULL)
        buffer_append_string(out, "bias");
    else
        buffer_append_format(out, "%zu %s", count, format);
    append_code(out, in_colour, PLAIN);
    buffer_append_string(out, "\n");
}

static void list_why(struct buffer *out, const fenlei_model *model, size_t topic,
                     const fenlei_why *why, const struct why_options *options)
{
    bool in_colour = options->in_colour;
    struct listing listing = begin_listing(why, LEAST_IN_LIST, LIST_FOR, LIST_AGAINST);
    buffer_append_string(out, "    ");
    append_code(out, in_colour, BOLD);
    plain_append(out, text_of(fenlei_topic_name(model, topic)));
    append_code(out, in_colour, PLAIN);
    buffer_append_string(out, ": ");
    number_signed(out, why->score, LIST_DECIMALS, "+", "-");
    if (options->with_threshold) {
        buffer_append_string(out, ", given from ");
        number_signed(out, fenlei_topic_threshold(model, topic), LIST_DECIMALS, "+", "-");
    }
    buffer_append_string(out, "\n");
    for (size_t i = 0; i < why->n_phrases; i++)
        if (is_listed(&listing, why->phrases[i]))
            list_phrase(out, why->phrases[i], in_colour);
    if (listing.n_rest > 0)
        list_note(out, listing.rest, in_colour, listing.n_rest > 1 ? "others" : "other",
                  listing.n_rest);
    list_note(out, why->bias, in_colour, NULL, 0);
}

fenlei_status why_write(struct buffer *out, const fenlei_model *model, fenlei_labeler *labeler,
                        size_t index, const fenlei_article *article, bool is_record,
                        const struct why_options *options, fenlei_error *error)
{
    bool first = true;
    size_t n = article->labels != NULL ? fenlei_topic_count(model) : 0;
    buffer_append_string(out, options->is_json ? "[" : "");
    for (size_t rank = 0; rank < n; rank++) {
        const fenlei_why *why;
        size_t topic = article->labels[rank].topic;
        if (!output_is_selected(&article->labels[rank], rank, options->selection) &&
            (options->asked == NULL || !options->asked[topic]))
            continue;
        fenlei_status status = fenlei_explain(labeler, index, topic, &why, error);
        if (status != FENLEI_OK)
            return status;
        buffer_append_string(out, options->is_json && !first ? "," : "");
        first = false;
        if (options->is_json)
            json_why(out, model, topic, why, is_record, options->is_document);
        else
            list_why(out, model, topic, why, options);
    }
    buffer_append_string(out, options->is_json ? "]" : "");
    return out->failed ? error_memory(error) : FENLEI_OK;
}
