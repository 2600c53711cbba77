/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/check.h"

#include "base/json.h"
#include "base/plain.h"
#include "base/radix.h"
#include "base/status.h"
#include "base/utf8.h"
#include "label/ngram.h"
#include "train/lookalike.h"
#include "train/strongest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A document is contradicted when the out-of-fold probabilities of all its labels, and lacks of
 * labels, together are less than this; a topic takes part in it below the second. */
static const double CONTRADICTED = 0.005, TAKES_PART = 0.1;

enum {
    SMALL_TOPIC = 20,   /* documents; fewer are too few to learn from */
    SHORT_LETTERS = 30, /* letters of a text that is hardly an article */
    LONG_MULTIPLE = 10, /* of the median length */
    SHOWN = 60          /* findings of one kind in the text for people; JSON has all */
};

struct findings {
    const struct check *check;
    struct buffer *text, *json;
    size_t findings;
};

/* file:line and the headline */
static void append_document(struct buffer *out, const struct corpus *corpus, size_t i)
{
    const struct document *document = &corpus->documents[i];
    plain_append_string(out, document->file);
    if (document->line > 0)
        buffer_append_format(out, ":%zu", document->line);
    if (document->title.size > 0) {
        buffer_append_string(out, " ");
        plain_append(out, document->title);
    }
}

static void json_document(struct buffer *out, const char *key, const struct corpus *corpus,
                          size_t i)
{
    const struct document *document = &corpus->documents[i];
    json_key(out, key);
    buffer_append_string(out, "{");
    json_file(out, document->file);
    json_key(out, "line");
    buffer_append_format(out, "%zu", document->line);
    if (document->id.size > 0) {
        json_key(out, "id");
        buffer_append_text(out, document->id);
    }
    buffer_append_string(out, "}");
}

static void append_labels(struct buffer *out, const struct corpus *corpus, size_t i)
{
    bool any = false;
    for (size_t topic = 0; topic < corpus->n_topics; topic++) {
        if (!corpus->truth[i * corpus->n_topics + topic])
            continue;
        buffer_append_string(out, any ? ", " : "");
        plain_append_string(out, corpus->topic_ids[topic]);
        any = true;
    }
    if (!any)
        buffer_append_string(out, "none");
}

/* Begins an array of the JSON report, and the heading of the text. */
static void begin(struct findings *findings, const char *key, const char *heading, size_t count)
{
    json_key(findings->json, key);
    buffer_append_string(findings->json, "[");
    buffer_append_format(findings->text, "%s: %zu\n", heading, count);
}

static void separate(struct findings *findings, size_t i)
{
    buffer_append_string(findings->json, i > 0 ? ",{" : "{");
}

/* ---- duplicates ---- */

static void report_duplicates(struct findings *findings)
{
    const struct corpus *corpus = findings->check->corpus;
    const struct duplicates *duplicates = findings->check->duplicates;
    begin(findings, "near_duplicates", "near-duplicates", duplicates->n);
    for (size_t i = 0; i < duplicates->n; i++) {
        const struct duplicate *pair = &duplicates->pairs[i];
        bool same = memcmp(corpus->truth + pair->a * corpus->n_topics,
                           corpus->truth + pair->b * corpus->n_topics,
                           corpus->n_topics * sizeof *corpus->truth) == 0;
        separate(findings, i);
        json_key(findings->json, "similarity");
        json_number(findings->json, pair->similarity, 4);
        json_key(findings->json, "same_labels");
        buffer_append_string(findings->json, same ? "true" : "false");
        json_document(findings->json, "a", corpus, pair->a);
        json_document(findings->json, "b", corpus, pair->b);
        buffer_append_string(findings->json, "}");
        if (i >= SHOWN)
            continue;
        buffer_append_string(findings->text, "  ");
        json_number(findings->text, pair->similarity, 2);
        buffer_append_string(findings->text, "  ");
        append_document(findings->text, corpus, pair->a);
        buffer_append_string(findings->text, "\n        ");
        append_document(findings->text, corpus, pair->b);
        if (!same) {
            buffer_append_string(findings->text, "\n        with different labels: ");
            append_labels(findings->text, corpus, pair->a);
            buffer_append_string(findings->text, " / ");
            append_labels(findings->text, corpus, pair->b);
        }
        buffer_append_string(findings->text, "\n");
    }
    buffer_append_string(findings->json, "]");
    findings->findings += duplicates->n;
}

/* ---- contradictions ---- */

struct contradiction {
    uint32_t document;
    double surprise; /* of all its labels and lacks of labels: the sum of -ln p, in nats */
};

static double score_of(const struct check *check, size_t document, size_t topic)
{
    return out_of_fold_score(&check->learned->repeats[0].topics[topic], (uint32_t)document);
}

static double probability_of(const struct check *check, size_t document, size_t topic)
{
    return label_probability(&check->calibration[topic], score_of(check, document, topic));
}

/* The probability of the label, or of its lack, that document has of topic. */
static double agreement(const struct check *check, size_t document, size_t topic)
{
    double probability = probability_of(check, document, topic);
    return check->corpus->truth[document * check->corpus->n_topics + topic] ? probability
                                                                            : 1 - probability;
}

static int by_surprise(const void *left, const void *right)
{
    const struct contradiction *a = left, *b = right;
    if (a->surprise != b->surprise)
        return a->surprise < b->surprise ? 1 : -1;
    return a->document < b->document ? -1 : 1;
}

static void report_contradiction(struct findings *findings, const struct contradiction *found,
                                 size_t rank)
{
    const struct check *check = findings->check;
    const struct corpus *corpus = check->corpus;
    bool shown = rank < SHOWN;
    size_t n = 0;
    separate(findings, rank);
    json_key(findings->json, "surprise");
    json_number(findings->json, found->surprise, 4);
    json_document(findings->json, "document", corpus, found->document);
    json_key(findings->json, "topics");
    buffer_append_string(findings->json, "[");
    if (shown) {
        buffer_append_format(findings->text, "  %3zu  ", rank + 1);
        append_document(findings->text, corpus, found->document);
        buffer_append_string(findings->text, "\n      ");
    }
    for (size_t topic = 0; topic < corpus->n_topics; topic++) {
        if (agreement(check, found->document, topic) >= TAKES_PART)
            continue;
        bool given = corpus->truth[found->document * corpus->n_topics + topic];
        double probability = probability_of(check, found->document, topic);
        buffer_append_string(findings->json, n++ > 0 ? ",{" : "{");
        json_key(findings->json, "topic");
        json_string(findings->json, text_of(corpus->topic_ids[topic]));
        json_key(findings->json, "labelled");
        buffer_append_string(findings->json, given ? "true" : "false");
        json_key(findings->json, "probability");
        json_number(findings->json, probability, 6);
        json_key(findings->json, "score");
        json_number(findings->json, score_of(check, found->document, topic), 6);
        buffer_append_string(findings->json, "}");
        if (!shown)
            continue;
        buffer_append_string(findings->text, given ? " labelled " : " not labelled ");
        plain_append_string(findings->text, corpus->topic_ids[topic]);
        buffer_append_string(findings->text, ", probability ");
        json_number(findings->text, probability, 4);
        buffer_append_string(findings->text, ";");
    }
    if (shown)
        buffer_append_string(findings->text, "\n");
    buffer_append_string(findings->json, "]}");
}

static bool report_contradictions(struct findings *findings)
{
    const struct check *check = findings->check;
    const struct corpus *corpus = check->corpus;
    struct contradiction *found = array_new(corpus->n_documents, sizeof *found);
    if (found == NULL)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < corpus->n_documents; i++) {
        double surprise = 0;
        for (size_t topic = 0; topic < corpus->n_topics; topic++) {
            double agrees = agreement(check, i, topic);
            surprise -= log(fmax(agrees, 1e-12));
        }
        if (surprise > -log(CONTRADICTED))
            found[n++] = (struct contradiction){(uint32_t)i, surprise};
    }
    if (n > 0)
        qsort(found, n, sizeof *found, by_surprise);
    begin(findings, "contradictions", "labels that the other documents contradict", n);
    for (size_t i = 0; i < n; i++)
        report_contradiction(findings, &found[i], i);
    buffer_append_string(findings->json, "]");
    findings->findings += n;
    free(found);
    return true;
}

/* ---- single documents ---- */

static bool is_damaged(fenlei_text text)
{
    return memmem(text.bytes, text.size, "\xEF\xBF\xBD", 3) != NULL ||
           memchr(text.bytes, '\0', text.size) != NULL;
}

static size_t count_letters(fenlei_text text)
{
    size_t letters = 0;
    for (size_t at = 0; at < text.size;)
        letters += (fold_class(utf8_next(text.bytes, &at)) & FOLD_LETTER) != 0;
    return letters;
}

static int by_size(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return a < b ? -1 : a > b;
}

/* Lists the documents that `is_odd` holds of, one line each. */
static size_t list_documents(struct findings *findings, const char *key, const char *heading,
                             const bool *is_odd)
{
    const struct corpus *corpus = findings->check->corpus;
    size_t count = 0, n = 0;
    for (size_t i = 0; i < corpus->n_documents; i++)
        count += is_odd[i];
    begin(findings, key, heading, count);
    for (size_t i = 0; i < corpus->n_documents; i++) {
        if (!is_odd[i])
            continue;
        separate(findings, n);
        buffer_append_string(findings->json, "\"letters\":");
        buffer_append_format(findings->json, "%zu", count_letters(corpus->documents[i].text));
        json_document(findings->json, "document", corpus, i);
        buffer_append_string(findings->json, "}");
        if (n++ < SHOWN) {
            buffer_append_string(findings->text, "  ");
            append_document(findings->text, corpus, i);
            buffer_append_string(findings->text, "\n");
        }
    }
    buffer_append_string(findings->json, "]");
    return count;
}

static bool report_documents(struct findings *findings)
{
    const struct corpus *corpus = findings->check->corpus;
    size_t n = corpus->n_documents;
    size_t *letters = array_new(n, sizeof *letters), *sorted = array_new(n, sizeof *sorted);
    bool *odd = array_new(n, 2 * sizeof *odd);
    bool good = letters != NULL && sorted != NULL && odd != NULL;
    if (good) {
        bool *damaged = odd + n;
        for (size_t i = 0; i < n; i++)
            letters[i] = sorted[i] = count_letters(corpus->documents[i].text);
        qsort(sorted, n, sizeof *sorted, by_size);
        for (size_t i = 0; i < n; i++) {
            odd[i] = letters[i] < SHORT_LETTERS || letters[i] > LONG_MULTIPLE * sorted[n / 2];
            damaged[i] =
                is_damaged(corpus->documents[i].text) || is_damaged(corpus->documents[i].title);
        }
        list_documents(findings, "odd_lengths", "very short or very long texts", odd);
        findings->findings += list_documents(findings, "damaged", "damaged texts", damaged);
    }
    free(letters);
    free(sorted);
    free(odd);
    return good;
}

/* ---- topics and language ---- */

static void report_small_topics(struct findings *findings)
{
    const struct corpus *corpus = findings->check->corpus;
    size_t n = 0;
    struct buffer names = {0};
    json_key(findings->json, "small_topics");
    buffer_append_string(findings->json, "[");
    for (size_t topic = 0; topic < corpus->n_topics; topic++) {
        size_t count = 0;
        for (size_t i = 0; i < corpus->n_documents; i++)
            count += corpus->truth[i * corpus->n_topics + topic];
        if (count >= SMALL_TOPIC)
            continue;
        separate(findings, n++);
        json_key(findings->json, "topic");
        json_string(findings->json, text_of(corpus->topic_ids[topic]));
        buffer_append_format(findings->json, ",\"documents\":%zu}", count);
        if (n > SHOWN)
            continue;
        buffer_append_string(&names, "  ");
        plain_append_string(&names, corpus->topic_ids[topic]);
        buffer_append_format(&names, ", %zu\n", count);
    }
    buffer_append_string(findings->json, "]");
    buffer_append_format(findings->text, "topics with fewer than %d documents: %zu\n", SMALL_TOPIC,
                         n);
    buffer_append_text(findings->text, (fenlei_text){names.bytes, names.size});
    findings->text->failed = findings->text->failed || names.failed;
    buffer_release(&names);
}

/* Distinct bigrams among so many running ones, in two years of Chinese national television news;
 * between the points the curve is straight on logarithmic axes (Heaps' law). */
static double reference_distinct(double running)
{
    static const struct {
        double running, distinct;
    } curve[] = {{1, 1},          {1000, 764},       {11110, 5924},
                 {123443, 35554}, {1371586, 154011}, {4571953, 282018}};
    size_t i = 1;
    while (i + 1 < sizeof curve / sizeof *curve && curve[i].running < running)
        i++;
    double slope = log(curve[i].distinct / curve[i - 1].distinct) /
                   log(curve[i].running / curve[i - 1].running);
    return curve[i].distinct * pow(running / curve[i].running, slope);
}

/* Different n-grams, found some at a time: in linear time, and in memory for the different ones. */
struct distinct {
    uint64_t *keys; /* [2 * capacity] those found, then new ones; and room to sort them */
    size_t n, n_new, capacity;
};

static void distinct_join(struct distinct *distinct)
{
    if (distinct->n_new == 0)
        return;
    distinct->n = radix_sort_unique(distinct->keys, distinct->keys + distinct->capacity,
                                    distinct->n + distinct->n_new);
    distinct->n_new = 0;
}

static bool distinct_add(struct distinct *distinct, const uint64_t *keys, size_t n)
{
    enum { LEAST = 1 << 20 };
    size_t needed = distinct->n + distinct->n_new + n;
    if (needed > distinct->capacity) {
        distinct_join(distinct);
        needed = 2 * (distinct->n + n) + LEAST;
        if (needed > distinct->capacity &&
            !array_reserve(&distinct->keys, &distinct->capacity, needed, 2 * sizeof *keys))
            return false;
    }
    if (n > 0 && distinct->keys != NULL)
        memcpy(distinct->keys + distinct->n + distinct->n_new, keys, n * sizeof *keys);
    distinct->n_new += n;
    return true;
}

static bool report_language(struct findings *findings)
{
    const struct corpus *corpus = findings->check->corpus;
    struct folded folded = {0};
    struct ngrams ngrams = {0};
    struct distinct distinct = {0};
    size_t n = 0;
    bool good = true;
    for (size_t i = 0; i < corpus->n_documents && good; i++) {
        good = fold(&folded, corpus->documents[i].text, false) &&
               ngrams_extract(&ngrams, &folded, (struct ngram_lengths){2, 2}) &&
               distinct_add(&distinct, ngrams.keys, ngrams.count);
        n += good ? ngrams.count : 0;
    }
    if (good && n > 0) {
        distinct_join(&distinct);
        double expected = reference_distinct((double)n);
        buffer_append_format(findings->text,
                             "language: %zu different bigrams among %zu; Chinese television news "
                             "has %.0f\n",
                             distinct.n, n, expected);
        json_key(findings->json, "language");
        buffer_append_format(findings->json,
                             "{\"bigrams\":%zu,\"distinct\":%zu,\"reference\":%.0f}", n, distinct.n,
                             expected);
    }
    free(distinct.keys);
    fold_release(&folded);
    ngrams_release(&ngrams);
    return good;
}

static bool report_lookalikes(struct findings *findings)
{
    const struct corpus *corpus = findings->check->corpus;
    struct lookalikes lookalikes;
    if (!lookalikes_find(&lookalikes, corpus))
        return false;
    begin(findings, "look_alike_labels", "labels that look alike", lookalikes.n);
    for (size_t i = 0; i < lookalikes.n; i++) {
        const char *one = corpus->topic_ids[lookalikes.pairs[i].topic];
        const char *other = corpus->topic_ids[lookalikes.pairs[i].other];
        separate(findings, i);
        json_text(findings->json, "topic", text_of(one));
        json_text(findings->json, "other", text_of(other));
        buffer_append_string(findings->json, "}");
        if (i >= SHOWN)
            continue;
        buffer_append_string(findings->text, "  \"");
        plain_append_string(findings->text, one);
        buffer_append_string(findings->text, "\" and \"");
        plain_append_string(findings->text, other);
        buffer_append_string(findings->text, "\"\n");
    }
    buffer_append_string(findings->json, "]");
    findings->findings += lookalikes.n;
    lookalikes_release(&lookalikes);
    return true;
}

/* ---- dates and places ---- */

static void report_date_or_place(struct findings *findings, size_t topic, uint64_t key, size_t rank)
{
    struct buffer letters = {0};
    const char *id = findings->check->corpus->topic_ids[topic];
    ngram_append(&letters, key);
    fenlei_text text = {letters.bytes, letters.size};
    separate(findings, rank);
    json_text(findings->json, "topic", text_of(id));
    json_text(findings->json, "ngram", text);
    buffer_append_string(findings->json, "}");
    if (rank < SHOWN) {
        buffer_append_string(findings->text, "  ");
        plain_append_string(findings->text, id);
        buffer_append_string(findings->text, ", \"");
        plain_append(findings->text, text);
        buffer_append_string(findings->text, "\"\n");
    }
    findings->json->failed = findings->json->failed || letters.failed;
    buffer_release(&letters);
}

/* Named only: of a topic that is about a place, its name is evidence. */
static bool report_dates_and_places(struct findings *findings)
{
    const struct check *check = findings->check;
    size_t n_topics = check->corpus->n_topics, count = 0, n = 0;
    struct strongest *strongest = strongest_find(check->dataset, check->learned, n_topics);
    for (size_t topic = 0; strongest != NULL && topic < n_topics; topic++)
        for (size_t i = 0; i < strongest[topic].n; i++)
            count += ngram_is_date_or_place(strongest[topic].keys[i]);
    begin(findings, "dates_and_places", "dates and places among the strongest n-grams of a topic",
          count);
    for (size_t topic = 0; strongest != NULL && topic < n_topics; topic++)
        for (size_t i = 0; i < strongest[topic].n; i++)
            if (ngram_is_date_or_place(strongest[topic].keys[i]))
                report_date_or_place(findings, topic, strongest[topic].keys[i], n++);
    buffer_append_string(findings->json, "]");
    bool good = strongest != NULL || n_topics == 0;
    free(strongest);
    return good;
}

fenlei_status check_corpus(const struct check *check, struct buffer *text, struct buffer *json,
                           size_t *n_findings, fenlei_error *error)
{
    struct findings findings = {.check = check, .text = text, .json = json};
    buffer_append_format(text, "%zu documents, %zu topics\n", check->corpus->n_documents,
                         check->corpus->n_topics);
    buffer_append_string(json, "{");
    json_key(json, "documents");
    buffer_append_format(json, "%zu", check->corpus->n_documents);
    report_duplicates(&findings);
    bool good = report_contradictions(&findings);
    report_small_topics(&findings);
    good = good && report_lookalikes(&findings) && report_documents(&findings) &&
           report_dates_and_places(&findings) && report_language(&findings);
    buffer_append_string(json, "}");
    *n_findings = findings.findings;
    return good && !text->failed && !json->failed ? FENLEI_OK : error_memory(error);
}
