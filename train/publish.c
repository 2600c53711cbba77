/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/publish.h"

#include "base/json.h"
#include "base/replace.h"
#include "base/status.h"
#include "base/topic_names.h"
#include "html/evaluation_page.h"
#include "label/model.h"
#include "train/page_reader.h"
#include "train/solver/svm.h"
#include "train/strongest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What speaks most for each topic, so that a person sees what a model goes by. */
static void write_strongest(struct training *training)
{
    struct buffer *card = &training->card;
    size_t n_topics = training->corpus.n_topics;
    struct strongest *strongest = strongest_find(&training->dataset, &training->learned, n_topics);
    card->failed = card->failed || strongest == NULL;
    json_key(card, "strongest");
    buffer_append_string(card, "[");
    for (size_t topic = 0; strongest != NULL && topic < n_topics; topic++) {
        buffer_append_string(card, topic > 0 ? ",{" : "{");
        json_text(card, "topic", text_of(training->corpus.topic_ids[topic]));
        json_key(card, "ngrams");
        buffer_append_string(card, "[");
        for (size_t i = 0; i < strongest[topic].n; i++) {
            struct buffer letters = {0};
            ngram_append(&letters, strongest[topic].keys[i]);
            buffer_append_string(card, i > 0 ? "," : "");
            json_string(card, (fenlei_text){letters.bytes, letters.size});
            card->failed = card->failed || letters.failed;
            buffer_release(&letters);
        }
        buffer_append_string(card, "]}");
    }
    buffer_append_string(card, "]");
    free(strongest);
}

/* Nothing that changes between two runs on the same data: no time, no path, no thread count. */
static void write_card(struct training *training)
{
    const struct options *options = training->options;
    struct buffer *card = &training->card;
    buffer_append_string(card, "{");
    json_key(card, "fenlei");
    json_string(card, text_of(FENLEI_VERSION));
    json_key(card, "solver");
    buffer_append_format(card, "\"libsvm %s C-SVC, linear kernel, one topic against the rest\"",
                         svm_version_name());
    size_t by_descent = 0;
    for (size_t topic = 0; topic < training->corpus.n_topics; topic++)
        by_descent += training->learned.by_descent[topic];
    if (by_descent > 0)
        json_count(card, "topics_by_descent", by_descent);
    if (training->n_unserved > 0)
        json_count(card, "topics_calibrated_in_training", training->n_unserved);
    json_key(card, "C");
    json_number(card, options->C, 9);
    json_key(card, "ngrams");
    buffer_append_format(card, "\"%u-%u\"", options->ngram_min, options->ngram_max);
    json_key(card, "punctuation");
    buffer_append_string(card, options->keep_punctuation ? "true" : "false");
    json_count(card, "min_df", options->min_df);
    json_count(card, "title_weight", options->title_weight);
    json_count(card, "folds", training->n_folds);
    json_key(card, "precision");
    json_number(card, options->aim.precision, 9);
    json_key(card, "slack");
    json_number(card, options->aim.slack, 9);
    json_key(card, "seed");
    buffer_append_format(card, "%" PRIu64, options->seed);
    json_count(card, "documents", training->corpus.n_documents);
    json_count(card, "vocabulary", training->dataset.vocab.size);
    json_key(card, "data_hash");
    buffer_append_format(card, "\"%016llx\"", (unsigned long long)training->corpus.hash);
    if (training->n_pages > 0) {
        json_count(card, "pages", training->n_pages);
        json_count(card, "page_lines", training->n_page_lines);
    }
    write_strongest(training);
    if (training->n_folds > 0) {
        json_key(card, "out_of_fold_micro_f1");
        for (size_t i = 0; i < training->learned.n_repeats; i++) {
            buffer_append_string(card, i == 0 ? "[" : ",");
            json_number(card, training->out_of_fold_f1[i], 6);
        }
        buffer_append_string(card, "]");
        json_key(card, "out_of_fold");
        metrics_json(&training->evaluations[0].metrics, training_topic_ids(training),
                     training_topic_names(training), card);
    }
    buffer_append_string(card, "}");
}

/* The card begins with its first field. */
static const char REPORT[] = "{\"model\":", REPORT_AND_CARD[] = "{\"model\":{\"fenlei\":";

static bool report_begins(fenlei_text beginning)
{
    size_t size = sizeof REPORT_AND_CARD - 1;
    return beginning.size >= size && memcmp(beginning.bytes, REPORT_AND_CARD, size) == 0;
}

const struct output_kind OUTPUT_REPORT = {"report of train's", report_begins, true};

void publish_card(struct training *training)
{
    write_card(training);
    buffer_append_string(&training->report, REPORT);
    buffer_append(&training->report, training->card.bytes, training->card.size);
}

/* Where each topic's id and name begin in one run of strings. */
static uint32_t *gather_strings(const struct corpus *corpus, struct buffer *strings)
{
    uint32_t *places = array_new(corpus->n_topics, 2 * sizeof *places);
    for (size_t topic = 0; places != NULL && topic < corpus->n_topics; topic++) {
        places[2 * topic] = (uint32_t)strings->size;
        buffer_append(strings, corpus->topic_ids[topic], strlen(corpus->topic_ids[topic]) + 1);
        places[2 * topic + 1] = (uint32_t)strings->size;
        buffer_append(strings, corpus->topic_names[topic], strlen(corpus->topic_names[topic]) + 1);
    }
    return places;
}

/* The weights as a model file has them: dense ones in steps, in *rows, which the caller frees. */
static bool quantise(const struct training *training, struct weights *weights, char **rows)
{
    uint32_t vocabulary = training->dataset.vocab.size;
    *weights = training->learned.weights;
    *rows = NULL;
    if (weights->starts != NULL)
        return true;
    *rows = array_new(vocabulary, weights_row_size(weights->n_topics));
    if (*rows == NULL)
        return false;
    weights_quantise(&training->learned.weights, vocabulary, *rows);
    weights->of = NULL;
    weights->rows = *rows;
    return true;
}

fenlei_status publish_model(struct training *training, fenlei_error *error)
{
    struct buffer strings = {0}, sketch = {0};
    struct weights weights;
    char *rows;
    uint32_t *places = gather_strings(&training->corpus, &strings);
    struct sketch view = sketches_view(&training->sketches);
    if (view.n > 0)
        sketch_write(&view, &sketch);
    if (!quantise(training, &weights, &rows) || places == NULL || strings.failed || sketch.failed ||
        training->card.failed) {
        free(rows);
        free(places);
        buffer_release(&strings);
        buffer_release(&sketch);
        return error_memory(error);
    }
    struct model_parts parts = {
        .settings = training->dataset.settings,
        .vocab = training->dataset.vocab,
        .index = training->dataset.index,
        .idf = training->dataset.idf,
        .weights = weights,
        .calibration = training->calibration,
        .topic_strings = places,
        .strings = {strings.bytes, strings.size},
        .card = {training->card.bytes, training->card.size},
        .reader = page_reader_bytes(training),
        .sketch = {sketch.bytes, sketch.size},
    };
    fenlei_status status = model_write(&parts, training->options->output, error);
    free(rows);
    free(places);
    buffer_release(&strings);
    buffer_release(&sketch);
    return status;
}

static fenlei_status write_page(struct training *training, fenlei_error *error)
{
    struct buffer page = {0};
    if (training->options->html == NULL)
        return FENLEI_OK;
    evaluation_page(&page, training->options->language, training->evaluations,
                    training->n_evaluations,
                    (fenlei_text){training->card.bytes, training->card.size});
    fenlei_status status = page.failed
                               ? error_memory(error)
                               : replace_with_text(training->options->html,
                                                   (fenlei_text){page.bytes, page.size}, error);
    buffer_release(&page);
    return status;
}

static fenlei_status write_report(struct training *training, fenlei_error *error)
{
    const struct buffer *report = &training->report;
    if (training->options->report == NULL)
        return FENLEI_OK;
    if (report->failed)
        return error_memory(error);
    return replace_with_text(training->options->report, (fenlei_text){report->bytes, report->size},
                             error);
}

fenlei_status publish_reports(struct training *training, fenlei_error *error)
{
    if (training->n_folds > 0) {
        json_key(&training->report, "out_of_fold");
        evaluation_json(&training->evaluations[0], &training->report);
    }
    buffer_append_string(&training->report, "}\n");
    fenlei_status status = write_page(training, error);
    return status == FENLEI_OK ? write_report(training, error) : status;
}
