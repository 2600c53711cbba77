/* SPDX-License-Identifier: BSD-3-Clause */
#include "measure/comparison.h"

#include "base/json.h"
#include "base/number.h"
#include "base/plain.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- topics of both ---- */

static void find_shared(struct shared_topics *topics, const fenlei_model *const models[2])
{
    for (size_t i = 0; i < fenlei_topic_count(models[0]); i++) {
        const char *id = fenlei_topic_id(models[0], i);
        if (!fenlei_topic_find(models[1], text_of(id), &topics->places[1][topics->n]))
            continue;
        topics->ids[topics->n] = id;
        topics->names[topics->n] = fenlei_topic_name(models[0], i);
        topics->places[0][topics->n++] = i;
    }
}

static bool topics_init(struct shared_topics *topics, const fenlei_model *const models[2])
{
    size_t n = fenlei_topic_count(models[0]);
    topics->ids = array_new(n, sizeof *topics->ids);
    topics->names = array_new(n, sizeof *topics->names);
    topics->places[0] = array_new(n, sizeof *topics->places[0]);
    topics->places[1] = array_new(n, sizeof *topics->places[1]);
    if (topics->ids == NULL || topics->names == NULL || topics->places[0] == NULL ||
        topics->places[1] == NULL)
        return false;
    find_shared(topics, models);
    return true;
}

static bool projection_init(struct projection *projection, size_t n)
{
    projection->truth = array_new(n, 3 * sizeof *projection->truth);
    if (projection->truth == NULL)
        return false;
    projection->either = projection->truth + n;
    projection->given = projection->either + n;
    return true;
}

bool comparison_init(struct comparison *comparison, const fenlei_model *const models[2],
                     double probability)
{
    *comparison = (struct comparison){.failed = false};
    struct shared_topics *topics = &comparison->topics;
    bool good = topics_init(topics, models);
    for (int side = 0; good && side < 2; side++)
        good =
            evaluation_of_model(&comparison->alone[side], "", models[side], probability, false) &&
            metrics_init(&comparison->metrics[side], topics->n) &&
            projection_init(&comparison->projections[side], topics->n);
    return good;
}

static void release_change(struct change *change)
{
    buffer_release(&change->bytes);
    free(change->topics);
}

void comparison_release(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->n_changes; i++)
        release_change(&comparison->changes[i]);
    free(comparison->changes);
    free(comparison->topics.ids);
    free(comparison->topics.names);
    for (int side = 0; side < 2; side++) {
        free(comparison->topics.places[side]);
        free(comparison->projections[side].truth);
        evaluation_release(&comparison->alone[side]);
        metrics_release(&comparison->metrics[side]);
    }
    outcomes_release(&comparison->outcomes);
    intervals_release(&comparison->differences);
    *comparison = (struct comparison){.failed = false};
}

/* ---- records ---- */

static bool differs(const struct answer *a, const struct answer *b, size_t n_topics)
{
    return memcmp(a->given, b->given, n_topics * sizeof *a->given) != 0;
}

static bool keep_topics(struct change *change, const struct answer *a, const struct answer *b,
                        size_t n)
{
    size_t count = 0;
    for (size_t topic = 0; topic < n; topic++)
        count += a->truth[topic] || a->given[topic] || b->given[topic];
    change->topics = array_new(count, sizeof *change->topics);
    for (size_t topic = 0; change->topics != NULL && topic < n; topic++)
        if (a->truth[topic] || a->given[topic] || b->given[topic])
            change->topics[change->n_topics++] =
                (struct changed_topic){topic,
                                       a->truth[topic]    ? CHANGE_TRUE
                                       : a->either[topic] ? CHANGE_EITHER
                                                          : CHANGE_FALSE,
                                       {a->given[topic], b->given[topic]}};
    return change->topics != NULL;
}

/* Has a model given what is true and nothing else? */
static bool is_right(const struct change *change, unsigned side)
{
    for (size_t i = 0; i < change->n_topics; i++)
        if (change->topics[i].truth != CHANGE_EITHER &&
            change->topics[i].given[side] != (change->topics[i].truth == CHANGE_TRUE))
            return false;
    return true;
}

enum { RIGHT_A, RIGHT_B, RIGHT_NEITHER, RIGHT_BOTH };

/* Both, where they differ only in what counts neither way. */
static int who_is_right(const struct change *change)
{
    bool a = is_right(change, 0), b = is_right(change, 1);
    return a && b ? RIGHT_BOTH : a ? RIGHT_A : b ? RIGHT_B : RIGHT_NEITHER;
}

static void keep_change(struct comparison *comparison, const struct answer *a,
                        const struct answer *b, const struct evaluated *evaluated)
{
    struct change change = {.n_topics = 0};
    struct evaluated headline = *evaluated;
    headline.text = (fenlei_text){"", 0};
    if (comparison->failed ||
        !array_reserve(&comparison->changes, &comparison->changes_capacity,
                       comparison->n_changes + 1, sizeof change) ||
        !evaluated_copy(&change.of, &change.bytes, &headline) ||
        !keep_topics(&change, a, b, comparison->topics.n)) {
        release_change(&change);
        comparison->failed = true;
        return;
    }
    comparison->changes[comparison->n_changes++] = change;
    int right = who_is_right(&change);
    if (right < RIGHT_BOTH)
        comparison->right[right]++;
}

/* A model's answer by the topics that both have; probabilities count in its own evaluation alone.
 */
static struct answer project(const struct comparison *comparison, struct answer answer,
                             unsigned side)
{
    const struct projection *to = &comparison->projections[side];
    for (size_t i = 0; i < comparison->topics.n; i++) {
        size_t place = comparison->topics.places[side][i];
        to->truth[i] = answer.truth[place];
        to->either[i] = answer.either[place];
        to->given[i] = answer.given[place];
    }
    return (struct answer){.truth = to->truth, .either = to->either, .given = to->given};
}

void comparison_add(struct comparison *comparison, struct answer a, struct answer b,
                    struct evaluated evaluated)
{
    evaluation_add(&comparison->alone[0], a, evaluated);
    evaluation_add(&comparison->alone[1], b, evaluated);
    struct answer by_a = project(comparison, a, 0), by_b = project(comparison, b, 1);
    metrics_add(&comparison->metrics[0], by_a);
    metrics_add(&comparison->metrics[1], by_b);
    outcomes_join(&comparison->outcomes, &comparison->metrics[0].outcomes,
                  &comparison->metrics[1].outcomes);
    if (differs(&by_a, &by_b, comparison->topics.n))
        keep_change(comparison, &by_a, &by_b, &evaluated);
}

bool comparison_finish(struct comparison *comparison, unsigned n_threads)
{
    return !comparison->failed && evaluation_finish(&comparison->alone[0], n_threads) &&
           evaluation_finish(&comparison->alone[1], n_threads) &&
           intervals_of_difference(&comparison->outcomes, comparison->topics.n, n_threads,
                                   &comparison->differences);
}

/* ---- for people ---- */

static void append_column(struct buffer *out, double value, const char *plus)
{
    number_aligned(out, value, 3, plus, 10);
}

static void append_row(struct buffer *out, double a, double b, struct interval interval,
                       size_t documents)
{
    append_column(out, a, "");
    append_column(out, b, "");
    append_column(out, b - a, "+");
    append_column(out, interval.low, "+");
    buffer_append_string(out, isnan(interval.low) ? "   " : " to");
    append_column(out, interval.high, "+");
    buffer_append_format(out, "%11zu  ", documents);
}

static void append_given(struct buffer *out, const struct comparison *comparison,
                         const struct change *change, unsigned side)
{
    bool any = false;
    for (size_t i = 0; i < change->n_topics; i++) {
        if (!change->topics[i].given[side])
            continue;
        buffer_append_string(out, any ? ", " : "");
        plain_append_string(out, comparison->topics.names[change->topics[i].topic]);
        any = true;
    }
    if (!any)
        buffer_append_string(out, "-");
}

static void append_change(struct buffer *out, const struct comparison *comparison,
                          const struct change *change)
{
    static const char *const verdicts[] = {"A is right", "B is right", "neither is right",
                                           "the difference counts neither way"};
    plain_append_string(out, change->of.file);
    buffer_append_format(out, ":%zu  ", change->of.line);
    if (change->of.id.size > 0) {
        plain_append(out, change->of.id);
        buffer_append_string(out, "  ");
    }
    append_given(out, comparison, change, 0);
    buffer_append_string(out, " -> ");
    append_given(out, comparison, change, 1);
    buffer_append_format(out, "  (%s)\n", verdicts[who_is_right(change)]);
}

/* A model's own figure. */
static void append_alone(struct buffer *out, const struct comparison *comparison, unsigned side,
                         const char *name)
{
    const struct evaluation *alone = &comparison->alone[side];
    size_t n = alone->metrics.n_topics;
    buffer_append_format(out, "%c: ", "AB"[side]);
    plain_append_string(out, name);
    buffer_append_string(out, "\n   micro-F1 ");
    number_fixed(out, metrics_micro(&alone->metrics).f1, 3);
    buffer_append_string(out, ", macro-F1 ");
    number_fixed(out, metrics_macro(&alone->metrics).f1, 3);
    buffer_append_format(out, " of its %zu topic%s", n, n == 1 ? "" : "s");
    if (n > comparison->topics.n)
        buffer_append_format(out, ", %zu of them not the other's", n - comparison->topics.n);
    buffer_append_string(out, "\n");
    evaluation_tell(alone, "   ", "\n", out);
}

void comparison_table(const struct comparison *comparison, const char *const names[2],
                      struct buffer *out)
{
    const struct metrics *a = &comparison->metrics[0], *b = &comparison->metrics[1];
    const struct shared_topics *topics = &comparison->topics;
    const struct intervals *differences = &comparison->differences;
    size_t labels = 0;
    append_alone(out, comparison, 0, names[0]);
    append_alone(out, comparison, 1, names[1]);
    buffer_append_format(out, "compared by the %zu topic%s that both have, on all records:\n",
                         topics->n, topics->n == 1 ? "" : "s");
    buffer_append_format(out, "%10s%10s%10s%23s%11s  topic\n", "F1 of A", "F1 of B", "B - A",
                         "95 % of B - A", "documents");
    for (size_t i = 0; i < topics->n; i++) {
        append_row(out, metrics_topic(a, i).f1, metrics_topic(b, i).f1, differences->topics[i].f1,
                   a->tallies[i].documents);
        table_topic(out, topics->ids[i], topics->names[i]);
        labels += a->tallies[i].documents;
    }
    append_row(out, metrics_micro(a).f1, metrics_micro(b).f1, differences->micro.f1, labels);
    buffer_append_string(out, "micro\n");
    append_row(out, metrics_macro(a).f1, metrics_macro(b).f1, differences->macro.f1, labels);
    buffer_append_string(out, "macro\n");
    buffer_append_format(out,
                         "%zu documents; %zu labelled differently: A is right on %zu, B on %zu, "
                         "neither on %zu\n",
                         a->documents, comparison->n_changes, comparison->right[RIGHT_A],
                         comparison->right[RIGHT_B], comparison->right[RIGHT_NEITHER]);
    for (size_t i = 0; i < comparison->n_changes; i++)
        append_change(out, comparison, &comparison->changes[i]);
}

/* ---- JSON ---- */

static void json_difference(struct buffer *out, const char *key, struct measure a, struct measure b,
                            const struct measure_intervals *intervals)
{
    json_key(out, key);
    buffer_append_string(out, "{");
    json_key(out, "precision");
    json_number(out, b.precision - a.precision, 6);
    json_key(out, "recall");
    json_number(out, b.recall - a.recall, 6);
    json_key(out, "f1");
    json_number(out, b.f1 - a.f1, 6);
    json_interval(out, "precision_interval", intervals->precision);
    json_interval(out, "recall_interval", intervals->recall);
    json_interval(out, "f1_interval", intervals->f1);
    buffer_append_string(out, "}");
}

static void json_model(struct buffer *out, const struct comparison *comparison, const char *key,
                       const char *file, unsigned side)
{
    json_key(out, key);
    buffer_append_string(out, "{");
    json_file(out, file);
    json_count(out, "topics_of_its_own",
               comparison->alone[side].metrics.n_topics - comparison->topics.n);
    json_key(out, "evaluation");
    evaluation_json(&comparison->alone[side], out);
    buffer_append_string(out, "}");
}

typedef bool is_listed(const struct changed_topic *topic);

static bool is_given_by_a(const struct changed_topic *topic)
{
    return topic->given[0];
}

static bool is_given_by_b(const struct changed_topic *topic)
{
    return topic->given[1];
}

static bool is_true(const struct changed_topic *topic)
{
    return topic->truth == CHANGE_TRUE;
}

static void json_ids(struct buffer *out, const struct comparison *comparison, const char *key,
                     const struct change *change, is_listed *lists)
{
    bool any = false;
    json_key(out, key);
    buffer_append_string(out, "[");
    for (size_t i = 0; i < change->n_topics; i++) {
        if (!lists(&change->topics[i]))
            continue;
        buffer_append_string(out, any ? "," : "");
        json_string(out, text_of(comparison->topics.ids[change->topics[i].topic]));
        any = true;
    }
    buffer_append_string(out, "]");
}

static void json_change(struct buffer *out, const struct comparison *comparison,
                        const struct change *change)
{
    static const char *const right[] = {"A", "B", "neither", "both"};
    buffer_append_string(out, "{");
    json_evaluated(&change->of, out);
    json_ids(out, comparison, "true", change, is_true);
    json_ids(out, comparison, "a", change, is_given_by_a);
    json_ids(out, comparison, "b", change, is_given_by_b);
    json_text(out, "right", text_of(right[who_is_right(change)]));
    buffer_append_string(out, "}");
}

void comparison_json(const struct comparison *comparison, const char *const names[2],
                     struct buffer *out)
{
    const struct metrics *a = &comparison->metrics[0], *b = &comparison->metrics[1];
    const struct intervals *differences = &comparison->differences;
    buffer_append_string(out, "{");
    json_count(out, "documents", a->documents);
    json_model(out, comparison, "a", names[0], 0);
    json_model(out, comparison, "b", names[1], 1);
    json_key(out, "difference");
    buffer_append_string(out, "{");
    json_difference(out, "micro", metrics_micro(a), metrics_micro(b), &differences->micro);
    json_difference(out, "macro", metrics_macro(a), metrics_macro(b), &differences->macro);
    json_key(out, "topics");
    buffer_append_string(out, "[");
    for (size_t i = 0; i < comparison->topics.n; i++) {
        buffer_append_string(out, i == 0 ? "{" : ",{");
        json_text(out, "topic", text_of(comparison->topics.ids[i]));
        json_difference(out, "measure", metrics_topic(a, i), metrics_topic(b, i),
                        &differences->topics[i]);
        buffer_append_string(out, "}");
    }
    buffer_append_string(out, "]}");
    json_key(out, "changes");
    buffer_append_string(out, "[");
    for (size_t i = 0; i < comparison->n_changes; i++) {
        buffer_append_string(out, i == 0 ? "" : ",");
        json_change(out, comparison, &comparison->changes[i]);
    }
    buffer_append_string(out, "]}");
}
