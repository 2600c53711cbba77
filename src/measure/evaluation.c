/* SPDX-License-Identifier: BSD-3-Clause */
#include "measure/evaluation.h"

#include "base/json.h"
#include "base/number.h"
#include "base/status.h"
#include "base/utf8.h"
#include "label/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum kind { KIND_FALSE, KIND_TRUE, KIND_EITHER };

bool evaluation_init(struct evaluation *evaluation, const char *title, size_t n_topics,
                     bool keeps_decisions)
{
    *evaluation = (struct evaluation){.title = title, .keeps_decisions = keeps_decisions};
    evaluation->hash = XXH3_createState();
    if (evaluation->hash != NULL)
        XXH3_64bits_reset(evaluation->hash);
    evaluation->ids = array_new(n_topics, sizeof *evaluation->ids);
    evaluation->names = array_new(n_topics, sizeof *evaluation->names);
    evaluation->cuts = array_new(n_topics, sizeof *evaluation->cuts);
    return metrics_init(&evaluation->metrics, n_topics) &&
           metrics_init(&evaluation->unknown, n_topics) && evaluation->hash != NULL &&
           evaluation->ids != NULL && evaluation->names != NULL && evaluation->cuts != NULL;
}

bool evaluation_of_model(struct evaluation *evaluation, const char *title,
                         const fenlei_model *model, double probability, bool keeps_decisions)
{
    size_t n = fenlei_topic_count(model);
    if (!evaluation_init(evaluation, title, n, keeps_decisions))
        return false;
    if (model->parts.sketch.size > 0)
        evaluation->known_by = KNOWN_BY_SKETCH;
    for (size_t topic = 0; topic < n; topic++) {
        double threshold = fenlei_topic_threshold(model, topic);
        evaluation->ids[topic] = fenlei_topic_id(model, topic);
        evaluation->names[topic] = fenlei_topic_name(model, topic);
        evaluation->cuts[topic] =
            isnan(probability)
                ? (struct cut){threshold,
                               label_probability(&model->parts.calibration[topic], threshold)}
                : (struct cut){(double)NAN, probability};
    }
    return true;
}

static void release_mistake(struct mistake *mistake)
{
    buffer_release(&mistake->bytes);
    for (size_t i = 0; i < mistake->n_phrases; i++)
        free(mistake->phrases[i].text);
}

void evaluation_release(struct evaluation *evaluation)
{
    for (size_t i = 0; i < evaluation->n_mistakes; i++)
        release_mistake(&evaluation->mistakes[i]);
    metrics_release(&evaluation->metrics);
    metrics_release(&evaluation->unknown);
    XXH3_freeState(evaluation->hash);
    free(evaluation->ids);
    free(evaluation->names);
    free(evaluation->cuts);
    free(evaluation->scores);
    free(evaluation->kinds);
    free(evaluation->confusions);
    free(evaluation->curves);
    *evaluation = (struct evaluation){0};
}

/* ---- adding ---- */

static void hash_text(struct evaluation *evaluation, fenlei_text text)
{
    uint64_t size = text.size;
    XXH3_64bits_update(evaluation->hash, &size, sizeof size);
    if (size > 0)
        XXH3_64bits_update(evaluation->hash, text.bytes, text.size);
}

uint64_t evaluation_hash(const struct evaluation *evaluation)
{
    return XXH3_64bits_digest(evaluation->hash);
}

static void keep_decisions(struct evaluation *evaluation, const struct answer *answer)
{
    size_t n = evaluation->metrics.n_topics, at = (evaluation->metrics.documents - 1) * n;
    if (!array_reserve(&evaluation->scores, &evaluation->scores_capacity, at + n,
                       sizeof *evaluation->scores) ||
        !array_reserve(&evaluation->kinds, &evaluation->kinds_capacity, at + n,
                       sizeof *evaluation->kinds)) {
        evaluation->failed = true;
        return;
    }
    for (size_t topic = 0; topic < n; topic++) {
        evaluation->scores[at + topic] = (float)answer->score[topic];
        evaluation->kinds[at + topic] = answer->truth[topic]    ? KIND_TRUE
                                        : answer->either[topic] ? KIND_EITHER
                                                                : KIND_FALSE;
    }
}

static double sureness_of(const struct evaluation *evaluation, const struct answer *answer,
                          size_t topic)
{
    if (answer->probability == NULL)
        return fabs(answer->score[topic] - evaluation->cuts[topic].threshold);
    double probability = answer->probability[topic];
    return answer->given[topic] ? probability : 1 - probability;
}

bool evaluated_copy(struct evaluated *copy, struct buffer *bytes, const struct evaluated *from)
{
    buffer_append_text(bytes, from->id);
    buffer_append_text(bytes, from->title);
    buffer_append_text(bytes, from->text);
    buffer_append(bytes, from->file, strlen(from->file) + 1);
    if (bytes->failed)
        return false;
    const char *id = bytes->bytes, *title = id + from->id.size, *text = title + from->title.size;
    *copy = (struct evaluated){.file = text + from->text.size,
                               .line = from->line,
                               .id = {id, from->id.size},
                               .title = {title, from->title.size},
                               .text = {text, from->text.size}};
    return true;
}

static void add_mistake(struct evaluation *evaluation, struct mistake mistake,
                        const struct evaluated *evaluated)
{
    size_t place = evaluation->n_mistakes;
    while (place > 0 && evaluation->mistakes[place - 1].sureness < mistake.sureness)
        place--;
    if (place == MISTAKES_MAX)
        return;
    if (!evaluated_copy(&mistake.of, &mistake.bytes, evaluated)) {
        buffer_release(&mistake.bytes);
        evaluation->failed = true;
        return;
    }
    if (evaluation->n_mistakes == MISTAKES_MAX)
        release_mistake(&evaluation->mistakes[--evaluation->n_mistakes]);
    memmove(evaluation->mistakes + place + 1, evaluation->mistakes + place,
            (evaluation->n_mistakes - place) * sizeof mistake);
    evaluation->mistakes[place] = mistake;
    evaluation->n_mistakes++;
}

static void keep_mistakes(struct evaluation *evaluation, const struct answer *answer,
                          const struct evaluated *evaluated)
{
    for (size_t topic = 0; topic < evaluation->metrics.n_topics; topic++) {
        bool truth = answer->truth[topic], given = answer->given[topic];
        if (truth == given || (given && answer->either[topic]))
            continue;
        add_mistake(evaluation,
                    (struct mistake){.topic = topic,
                                     .document = evaluation->metrics.documents - 1,
                                     .given = given,
                                     .score = answer->score[topic],
                                     .probability = answer->probability != NULL
                                                        ? answer->probability[topic]
                                                        : (double)NAN,
                                     .sureness = sureness_of(evaluation, answer, topic)},
                    evaluated);
    }
}

void evaluation_add(struct evaluation *evaluation, struct answer answer, struct evaluated evaluated)
{
    metrics_add(&evaluation->metrics, answer);
    if (evaluation->known_by != KNOWN_UNASKED && !answer.is_known)
        metrics_add(&evaluation->unknown, answer);
    hash_text(evaluation, evaluated.title);
    hash_text(evaluation, evaluated.text);
    evaluation->n_chinese += utf8_is_chinese(evaluated.text.bytes, evaluated.text.size);
    XXH3_64bits_update(evaluation->hash, answer.truth,
                       evaluation->metrics.n_topics * sizeof *answer.truth);
    if (!evaluation->keeps_decisions || evaluation->failed)
        return;
    keep_decisions(evaluation, &answer);
    keep_mistakes(evaluation, &answer, &evaluated);
}

/* ---- curves ---- */

static bool make_curves(struct evaluation *evaluation)
{
    size_t n = evaluation->metrics.n_topics, documents = evaluation->metrics.documents;
    struct scored *scores = array_new(documents, sizeof *scores);
    evaluation->curves = array_new(n, sizeof *evaluation->curves);
    bool good = scores != NULL && evaluation->curves != NULL;
    for (size_t topic = 0; good && topic < n; topic++) {
        size_t n_scores = 0;
        for (size_t i = topic; i < documents * n; i += n)
            if (evaluation->kinds[i] != KIND_EITHER)
                scores[n_scores++] = (struct scored){(double)evaluation->scores[i],
                                                     evaluation->kinds[i] == KIND_TRUE};
        curve_make(&evaluation->curves[topic], scores, n_scores);
    }
    free(scores);
    return good;
}

/* ---- confusions ---- */

/* Pairs of topics, a document each; a topic missed and one wrongly given, or n_topics for none. */
struct pairs {
    uint64_t *items; /* topic * (n_topics + 1) + taken_for */
    size_t n, capacity;
    bool failed;
};

static void add_pair(struct pairs *pairs, size_t n_topics, size_t topic, size_t taken_for)
{
    if (pairs->failed ||
        !array_reserve(&pairs->items, &pairs->capacity, pairs->n + 1, sizeof *pairs->items))
        pairs->failed = true;
    else
        pairs->items[pairs->n++] = (uint64_t)topic * (n_topics + 1) + taken_for;
}

/* The topics among a document's outcomes [start, end) that were missed, each against those that
 * were given wrongly. */
static void add_pairs(struct pairs *pairs, const struct metrics *metrics, size_t start, size_t end)
{
    size_t n = metrics->n_topics;
    bool any_missed = false, any_extra = false;
    for (size_t i = start; i < end; i++) {
        enum outcome outcome = outcomes_item(&metrics->outcomes, i).outcome;
        any_missed = any_missed || outcome == OUTCOME_MISSED;
        any_extra = any_extra || outcome == OUTCOME_EXTRA;
    }
    for (size_t i = start; i < end; i++) {
        struct outcome_item item = outcomes_item(&metrics->outcomes, i);
        if (item.outcome == OUTCOME_EXTRA && !any_missed)
            add_pair(pairs, n, n, item.topic);
        if (item.outcome == OUTCOME_MISSED && !any_extra)
            add_pair(pairs, n, item.topic, n);
        for (size_t k = start; k < end && item.outcome == OUTCOME_MISSED; k++) {
            struct outcome_item other = outcomes_item(&metrics->outcomes, k);
            if (other.outcome == OUTCOME_EXTRA)
                add_pair(pairs, n, item.topic, other.topic);
        }
    }
}

static int by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static int by_documents(const void *left, const void *right)
{
    const struct confusion *a = left, *b = right;
    if (a->documents != b->documents)
        return a->documents < b->documents ? 1 : -1;
    if (a->topic != b->topic)
        return a->topic < b->topic ? -1 : 1;
    return a->taken_for < b->taken_for ? -1 : a->taken_for > b->taken_for;
}

static bool find_confusions(struct evaluation *evaluation)
{
    const struct metrics *metrics = &evaluation->metrics;
    size_t start = 0, n = 0, side = metrics->n_topics + 1;
    struct pairs pairs = {0};
    for (size_t i = 0; i < metrics->documents; i++) {
        add_pairs(&pairs, metrics, start, metrics->outcomes.ends[i]);
        start = metrics->outcomes.ends[i];
    }
    struct confusion *confusions = pairs.failed ? NULL : array_new(pairs.n, sizeof *confusions);
    if (confusions == NULL) {
        free(pairs.items);
        return false;
    }
    if (pairs.n > 0)
        qsort(pairs.items, pairs.n, sizeof *pairs.items, by_number);
    for (size_t i = 0; i < pairs.n; i++) {
        if (i == 0 || pairs.items[i] != pairs.items[i - 1])
            confusions[n++] =
                (struct confusion){(size_t)pairs.items[i] / side, (size_t)pairs.items[i] % side, 0};
        confusions[n - 1].documents++;
    }
    if (n > 0)
        qsort(confusions, n, sizeof *confusions, by_documents);
    evaluation->confusions = confusions;
    evaluation->n_confusions = n < CONFUSIONS_MAX ? n : CONFUSIONS_MAX;
    free(pairs.items);
    return true;
}

bool evaluation_finish(struct evaluation *evaluation, unsigned n_threads)
{
    if (evaluation->failed || !metrics_estimate(&evaluation->metrics, n_threads))
        return false;
    return !evaluation->keeps_decisions || (make_curves(evaluation) && find_confusions(evaluation));
}

/* ---- why ---- */

static bool keep_phrase(struct mistake *mistake, const fenlei_phrase *phrase)
{
    struct mistake_phrase *kept = &mistake->phrases[mistake->n_phrases];
    kept->text = array_new(phrase->text.size + 1, 1);
    if (kept->text == NULL)
        return false;
    memcpy(kept->text, phrase->text.bytes, phrase->text.size);
    kept->share = phrase->share;
    mistake->n_phrases++;
    return true;
}

fenlei_status evaluation_explain(struct evaluation *evaluation, fenlei_labeler *labeler,
                                 fenlei_error *error)
{
    for (size_t i = 0; i < evaluation->n_mistakes; i++) {
        struct mistake *mistake = &evaluation->mistakes[i];
        const fenlei_article *article;
        const fenlei_why *why;
        fenlei_status status = fenlei_label_record(labeler, mistake->of.title, mistake->of.text,
                                                   NULL, &article, error);
        if (status == FENLEI_OK)
            status = fenlei_explain(labeler, 0, mistake->topic, &why, error);
        if (status != FENLEI_OK)
            return status;
        for (size_t k = 0; k < why->n_phrases && k < MISTAKE_PHRASES; k++)
            if (!keep_phrase(mistake, why->phrases[k]))
                return error_memory(error);
        mistake->explained = true;
    }
    return FENLEI_OK;
}

/* ---- for people ---- */

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void tell_left_out(const struct metrics *metrics, struct buffer *out)
{
    buffer_append_format(out, "%zu label%s of %zu record%s left out: no topic%s of the model",
                         metrics->left_out, plural(metrics->left_out), metrics->documents_left_out,
                         plural(metrics->documents_left_out), plural(metrics->left_out));
    size_t n_known = metrics_labels(metrics);
    if (n_known < metrics->left_out)
        buffer_append_format(out, "; the figures rest on the other %zu alone", n_known);
}

static void tell_known(const struct evaluation *evaluation, struct buffer *out)
{
    const struct metrics *metrics = &evaluation->metrics, *unknown = &evaluation->unknown;
    size_t n = metrics->documents - unknown->documents;
    buffer_append_format(out, "near-duplicates of training texts%s: %zu of %zu",
                         evaluation->known_by == KNOWN_BY_SKETCH ? " (by the model's sketch)" : "",
                         n, metrics->documents);
    if (n == 0 || unknown->documents == 0)
        return;
    buffer_append_string(out, "; without them micro-F1 ");
    number_fixed(out, metrics_micro(unknown).f1, 3);
    buffer_append_string(out, ", macro-F1 ");
    number_fixed(out, metrics_macro(unknown).f1, 3);
}

void evaluation_tell(const struct evaluation *evaluation, const char *before, const char *after,
                     struct buffer *out)
{
    if (evaluation->metrics.left_out > 0) {
        buffer_append_string(out, before);
        tell_left_out(&evaluation->metrics, out);
        buffer_append_string(out, after);
    }
    if (evaluation->known_by != KNOWN_UNASKED) {
        buffer_append_string(out, before);
        tell_known(evaluation, out);
        buffer_append_string(out, after);
    }
}

void evaluation_table(const struct evaluation *evaluation, struct buffer *out)
{
    metrics_table(&evaluation->metrics, evaluation->ids, evaluation->names, out);
    evaluation_tell(evaluation, "", "\n", out);
}

/* ---- JSON ---- */

static void json_double(struct buffer *out, const char *key, double value)
{
    json_key(out, key);
    json_number(out, value, 6);
}

static void json_curves(const struct evaluation *evaluation, struct buffer *out)
{
    json_key(out, "curves");
    for (size_t topic = 0; topic < evaluation->metrics.n_topics; topic++) {
        const struct curve *curve = &evaluation->curves[topic];
        buffer_append_string(out, topic == 0 ? "[{" : ",{");
        json_text(out, "topic", text_of(evaluation->ids[topic]));
        json_double(out, "average_precision", curve->average_precision);
        json_double(out, "threshold", evaluation->cuts[topic].threshold);
        json_double(out, "threshold_probability", evaluation->cuts[topic].probability);
        json_key(out, "points");
        buffer_append_string(out, "[");
        for (size_t i = 0; i < curve->n_points; i++) {
            const struct curve_point *point = &curve->points[i];
            buffer_append_string(out, i == 0 ? "{" : ",{");
            json_double(out, "recall", point->recall);
            json_double(out, "precision", point->precision);
            json_double(out, "threshold", point->threshold);
            buffer_append_string(out, "}");
        }
        buffer_append_string(out, "]}");
    }
    buffer_append_string(out, "]");
}

static void json_bins(const struct metrics *metrics, struct buffer *out)
{
    json_key(out, "reliability");
    buffer_append_string(out, "[");
    bool first = true;
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        const struct bin *bin = &metrics->bins[i];
        if (bin->n == 0)
            continue;
        buffer_append_string(out, first ? "{" : ",{");
        first = false;
        json_double(out, "from", (double)i / CALIBRATION_BINS);
        json_double(out, "to", (double)(i + 1) / CALIBRATION_BINS);
        json_count(out, "decisions", bin->n);
        json_count(out, "positives", bin->positives);
        json_double(out, "mean_probability", bin->probability / (double)bin->n);
        buffer_append_string(out, "}");
    }
    buffer_append_string(out, "]");
}

/* A topic's id, or null for none. */
static void json_topic(const struct evaluation *evaluation, const char *key, size_t topic,
                       struct buffer *out)
{
    json_key(out, key);
    if (topic < evaluation->metrics.n_topics)
        json_string(out, text_of(evaluation->ids[topic]));
    else
        buffer_append_string(out, "null");
}

static void json_confusions(const struct evaluation *evaluation, struct buffer *out)
{
    json_key(out, "confusions");
    buffer_append_string(out, "[");
    for (size_t i = 0; i < evaluation->n_confusions; i++) {
        buffer_append_string(out, i == 0 ? "{" : ",{");
        json_topic(evaluation, "topic", evaluation->confusions[i].topic, out);
        json_topic(evaluation, "taken_for", evaluation->confusions[i].taken_for, out);
        json_count(out, "documents", evaluation->confusions[i].documents);
        buffer_append_string(out, "}");
    }
    buffer_append_string(out, "]");
}

void json_evaluated(const struct evaluated *evaluated, struct buffer *out)
{
    json_file(out, evaluated->file);
    if (evaluated->line > 0)
        json_count(out, "line", evaluated->line);
    if (evaluated->id.size > 0) {
        json_key(out, "id");
        buffer_append_text(out, evaluated->id);
    }
    if (evaluated->title.size > 0)
        json_text(out, "title", evaluated->title);
}

static void json_mistake(const struct evaluation *evaluation, const struct mistake *mistake,
                         struct buffer *out)
{
    buffer_append_string(out, "{");
    json_evaluated(&mistake->of, out);
    json_topic(evaluation, "topic", mistake->topic, out);
    json_key(out, "given");
    buffer_append_string(out, mistake->given ? "true" : "false");
    json_double(out, "probability", mistake->probability);
    json_double(out, "score", mistake->score);
    if (mistake->explained) {
        json_key(out, "why");
        buffer_append_string(out, "[");
        for (size_t i = 0; i < mistake->n_phrases; i++) {
            buffer_append_string(out, i == 0 ? "{" : ",{");
            json_text(out, "text", text_of(mistake->phrases[i].text));
            json_double(out, "share", mistake->phrases[i].share);
            buffer_append_string(out, "}");
        }
        buffer_append_string(out, "]");
    }
    buffer_append_string(out, "}");
}

static void json_known(const struct evaluation *evaluation, struct buffer *out)
{
    const struct metrics *unknown = &evaluation->unknown;
    if (evaluation->known_by == KNOWN_UNASKED)
        return;
    json_key(out, "near_duplicates");
    buffer_append_string(out, "{");
    json_count(out, "documents", evaluation->metrics.documents - unknown->documents);
    json_key(out, "exact");
    buffer_append_string(out, evaluation->known_by == KNOWN_EXACTLY ? "true" : "false");
    json_key(out, "without");
    buffer_append_string(out, "{");
    metrics_json_averages(unknown, out);
    buffer_append_string(out, "}}");
}

static void json_missing(const struct evaluation *evaluation, struct buffer *out)
{
    json_key(out, "missing");
    buffer_append_string(out, "{");
    json_count(out, "records", evaluation->missing.records);
    json_count(out, "inputs", evaluation->missing.inputs);
    buffer_append_string(out, "}");
}

void evaluation_json(const struct evaluation *evaluation, struct buffer *out)
{
    buffer_append_string(out, "{");
    metrics_json_fields(&evaluation->metrics, evaluation->ids, evaluation->names, out);
    json_key(out, "left_out");
    buffer_append_string(out, "{");
    json_count(out, "labels", evaluation->metrics.left_out);
    json_count(out, "documents", evaluation->metrics.documents_left_out);
    buffer_append_string(out, "}");
    json_missing(evaluation, out);
    json_known(evaluation, out);
    json_key(out, "data_hash");
    buffer_append_format(out, "\"%016llx\"", (unsigned long long)evaluation_hash(evaluation));
    if (evaluation->keeps_decisions) {
        json_curves(evaluation, out);
        json_bins(&evaluation->metrics, out);
        json_confusions(evaluation, out);
        json_key(out, "mistakes");
        buffer_append_string(out, "[");
        for (size_t i = 0; i < evaluation->n_mistakes; i++) {
            buffer_append_string(out, i == 0 ? "" : ",");
            json_mistake(evaluation, &evaluation->mistakes[i], out);
        }
        buffer_append_string(out, "]");
    }
    buffer_append_string(out, "}");
}
