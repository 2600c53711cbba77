/* SPDX-License-Identifier: BSD-3-Clause */
#include "measure/metrics.h"

#include "base/json.h"
#include "base/number.h"
#include "base/plain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool metrics_init(struct metrics *metrics, size_t n_topics)
{
    *metrics = (struct metrics){.n_topics = n_topics};
    metrics->tallies = array_new(n_topics, sizeof *metrics->tallies);
    return metrics->tallies != NULL;
}

void metrics_release(struct metrics *metrics)
{
    free(metrics->tallies);
    outcomes_release(&metrics->outcomes);
    intervals_release(&metrics->intervals);
    *metrics = (struct metrics){0};
}

static void add_probability(struct metrics *metrics, double probability, bool truth)
{
    size_t i = (size_t)(probability * CALIBRATION_BINS);
    struct bin *bin = &metrics->bins[i < CALIBRATION_BINS ? i : CALIBRATION_BINS - 1];
    double error = probability - (truth ? 1 : 0);
    bin->n++;
    bin->positives += truth;
    bin->probability += probability;
    metrics->squared_errors += error * error;
}

static enum outcome outcome_of(bool truth, bool given)
{
    return truth && given ? OUTCOME_HIT : given ? OUTCOME_EXTRA : OUTCOME_MISSED;
}

void metrics_add(struct metrics *metrics, struct answer answer)
{
    size_t n_true = 0, n_given = 0, n_either = 0;
    for (size_t topic = 0; topic < metrics->n_topics; topic++) {
        struct tally *tally = &metrics->tallies[topic];
        bool truth = answer.truth[topic], given = answer.given[topic];
        if (!truth && answer.either[topic]) {
            n_either++;
            continue;
        }
        if (answer.probability != NULL)
            add_probability(metrics, answer.probability[topic], truth);
        n_true += truth;
        n_given += given;
        tally->documents += truth;
        tally->true_positives += truth && given;
        tally->false_positives += !truth && given;
        tally->false_negatives += truth && !given;
        if (truth || given)
            outcomes_add(&metrics->outcomes, 0, topic, outcome_of(truth, given));
    }
    outcomes_end_document(&metrics->outcomes);
    metrics->documents++;
    metrics->left_out += answer.n_left_out;
    metrics->documents_left_out += answer.n_left_out > 0;
    if (n_true == 0 && n_either == 0) {
        metrics->none++;
        metrics->none_given += n_given > 0;
    }
    if (n_true == 1) {
        metrics->single++;
        metrics->best_is_true += answer.truth[answer.best];
    }
}

bool metrics_estimate(struct metrics *metrics, unsigned n_threads)
{
    intervals_release(&metrics->intervals);
    return intervals_of(&metrics->outcomes, metrics->n_topics, n_threads, &metrics->intervals);
}

static double ratio(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : (double)NAN;
}

static struct measure measure_of(const struct tally *tally)
{
    size_t hits = tally->true_positives, extra = tally->false_positives,
           missed = tally->false_negatives;
    return (struct measure){ratio(hits, hits + extra), ratio(hits, hits + missed),
                            ratio(2 * hits, 2 * hits + extra + missed)};
}

struct measure metrics_topic(const struct metrics *metrics, size_t topic)
{
    return measure_of(&metrics->tallies[topic]);
}

struct measure metrics_micro(const struct metrics *metrics)
{
    struct tally sum = {0};
    for (size_t topic = 0; topic < metrics->n_topics; topic++) {
        sum.true_positives += metrics->tallies[topic].true_positives;
        sum.false_positives += metrics->tallies[topic].false_positives;
        sum.false_negatives += metrics->tallies[topic].false_negatives;
    }
    return measure_of(&sum);
}

size_t metrics_labels(const struct metrics *metrics)
{
    size_t n = 0;
    for (size_t i = 0; i < metrics->n_topics; i++)
        n += metrics->tallies[i].documents;
    return n;
}

struct measure metrics_macro(const struct metrics *metrics)
{
    struct measure sum = {0, 0, 0};
    size_t n = 0;
    for (size_t topic = 0; topic < metrics->n_topics; topic++) {
        if (metrics->tallies[topic].documents == 0)
            continue;
        struct measure measure = metrics_topic(metrics, topic);
        sum.precision += isnan(measure.precision) ? 0 : measure.precision;
        sum.recall += measure.recall;
        sum.f1 += measure.f1;
        n++;
    }
    double count = n > 0 ? (double)n : (double)NAN;
    return (struct measure){sum.precision / count, sum.recall / count, sum.f1 / count};
}

struct reliability metrics_reliability(const struct metrics *metrics)
{
    double distance = 0;
    size_t n = 0;
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        distance += fabs(metrics->bins[i].probability - (double)metrics->bins[i].positives);
        n += metrics->bins[i].n;
    }
    double count = n > 0 ? (double)n : (double)NAN;
    return (struct reliability){metrics->squared_errors / count, distance / count};
}

bool metrics_is_single(const struct metrics *metrics)
{
    return metrics->documents > 0 && metrics->single == metrics->documents;
}

static void table_number(struct buffer *out, double value)
{
    number_aligned(out, value, 3, "", 11);
}

void table_interval(struct buffer *out, struct interval interval)
{
    if (isnan(interval.low)) {
        number_aligned(out, interval.low, 3, "", 13);
        return;
    }
    number_aligned(out, interval.low, 3, "", 7);
    buffer_append_string(out, "-");
    number_fixed(out, interval.high, 3);
}

/* `intervals` is NULL without them. */
static void table_row(struct buffer *out, struct measure measure,
                      const struct measure_intervals *intervals, size_t documents)
{
    table_number(out, measure.precision);
    table_number(out, measure.recall);
    table_number(out, measure.f1);
    if (intervals != NULL)
        table_interval(out, intervals->f1);
    buffer_append_format(out, "%11zu  ", documents);
}

void table_topic(struct buffer *out, const char *id, const char *name)
{
    plain_append_string(out, id);
    if (strcmp(id, name) != 0) {
        buffer_append_string(out, " ");
        plain_append_string(out, name);
    }
    buffer_append_string(out, "\n");
}

void metrics_table(const struct metrics *metrics, const char *const *ids, const char *const *names,
                   struct buffer *out)
{
    const struct intervals *intervals = &metrics->intervals;
    bool has = intervals->topics != NULL;
    size_t labels = 0;
    buffer_append_format(out, "%11s%11s%11s%s%11s  topic\n", "precision", "recall", "F1",
                         has ? "   95 % of F1" : "", "documents");
    for (size_t topic = 0; topic < metrics->n_topics; topic++) {
        table_row(out, metrics_topic(metrics, topic), has ? &intervals->topics[topic] : NULL,
                  metrics->tallies[topic].documents);
        table_topic(out, ids[topic], names[topic]);
        labels += metrics->tallies[topic].documents;
    }
    table_row(out, metrics_micro(metrics), has ? &intervals->micro : NULL, labels);
    buffer_append_string(out, "micro\n");
    table_row(out, metrics_macro(metrics), has ? &intervals->macro : NULL, labels);
    buffer_append_string(out, "macro\n");
    buffer_append_format(out, "%zu documents", metrics->documents);
    if (metrics->none > 0)
        buffer_append_format(out, "; %zu without a topic, %zu of them got one", metrics->none,
                             metrics->none_given);
    buffer_append_string(out, "\n");
    struct reliability reliability = metrics_reliability(metrics);
    if (!isnan(reliability.brier)) {
        buffer_append_string(out, "probabilities: Brier score ");
        json_number(out, reliability.brier, 4);
        buffer_append_string(out, ", expected calibration error ");
        json_number(out, reliability.calibration, 4);
        buffer_append_string(out, "\n");
    }
    if (metrics_is_single(metrics)) {
        buffer_append_string(out, "best-scored topic is the true one: ");
        json_number(out, ratio(metrics->best_is_true, metrics->documents), 4);
        buffer_append_string(out, "\n");
    }
}

void json_interval(struct buffer *out, const char *key, struct interval interval)
{
    json_key(out, key);
    if (isnan(interval.low)) {
        buffer_append_string(out, "null");
        return;
    }
    buffer_append_string(out, "[");
    json_number(out, interval.low, 6);
    buffer_append_string(out, ",");
    json_number(out, interval.high, 6);
    buffer_append_string(out, "]");
}

/* `intervals` is NULL without them. */
static void json_measure(struct buffer *out, const char *key, struct measure measure,
                         const struct measure_intervals *intervals)
{
    json_key(out, key);
    buffer_append_string(out, "{");
    json_key(out, "precision");
    json_number(out, measure.precision, 6);
    json_key(out, "recall");
    json_number(out, measure.recall, 6);
    json_key(out, "f1");
    json_number(out, measure.f1, 6);
    if (intervals != NULL) {
        json_interval(out, "precision_interval", intervals->precision);
        json_interval(out, "recall_interval", intervals->recall);
        json_interval(out, "f1_interval", intervals->f1);
    }
    buffer_append_string(out, "}");
}

void metrics_json(const struct metrics *metrics, const char *const *ids, const char *const *names,
                  struct buffer *out)
{
    buffer_append_string(out, "{");
    metrics_json_fields(metrics, ids, names, out);
    buffer_append_string(out, "}");
}

void metrics_json_averages(const struct metrics *metrics, struct buffer *out)
{
    const struct intervals *intervals = &metrics->intervals;
    bool has = intervals->topics != NULL;
    json_count(out, "documents", metrics->documents);
    json_measure(out, "micro", metrics_micro(metrics), has ? &intervals->micro : NULL);
    json_measure(out, "macro", metrics_macro(metrics), has ? &intervals->macro : NULL);
}

void metrics_json_fields(const struct metrics *metrics, const char *const *ids,
                         const char *const *names, struct buffer *out)
{
    const struct intervals *intervals = &metrics->intervals;
    bool has = intervals->topics != NULL;
    metrics_json_averages(metrics, out);
    json_count(out, "none", metrics->none);
    json_count(out, "none_given", metrics->none_given);
    if (metrics_is_single(metrics)) {
        json_key(out, "accuracy");
        json_number(out, ratio(metrics->best_is_true, metrics->documents), 6);
    }
    json_key(out, "brier");
    json_number(out, metrics_reliability(metrics).brier, 6);
    json_key(out, "calibration_error");
    json_number(out, metrics_reliability(metrics).calibration, 6);
    json_key(out, "topics");
    buffer_append_string(out, "[");
    for (size_t topic = 0; topic < metrics->n_topics; topic++) {
        const struct tally *tally = &metrics->tallies[topic];
        buffer_append_string(out, topic > 0 ? ",{" : "{");
        json_key(out, "topic");
        json_string(out, text_of(ids[topic]));
        json_key(out, "name");
        json_string(out, text_of(names[topic]));
        json_count(out, "documents", tally->documents);
        json_count(out, "true_positives", tally->true_positives);
        json_count(out, "false_positives", tally->false_positives);
        json_count(out, "false_negatives", tally->false_negatives);
        json_measure(out, "measure", metrics_topic(metrics, topic),
                     has ? &intervals->topics[topic] : NULL);
        buffer_append_string(out, "}");
    }
    buffer_append_string(out, "]");
}
