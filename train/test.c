#include "train/test.h"

#include "base/input.h"
#include "base/json.h"
#include "base/status.h"
#include "measure/evaluator.h"
#include "train/check.h"

#include <math.h>
#include <stdio.h>

static fenlei_status test_file(fenlei_labeler *labeler, struct evaluator *evaluator,
                               const char *path, struct evaluation *evaluation, fenlei_error *error)
{
    struct input input;
    struct buffer line = {0};
    bool end = false;
    fenlei_status status = input_open(&input, path, error);
    if (status != FENLEI_OK)
        return error_locate(error, path, 0);
    for (size_t number = 1; status == FENLEI_OK; number++) {
        status = input_line(&input, &line, &end, error);
        if (status == FENLEI_OK && end)
            break;
        if (status == FENLEI_OK)
            status = input_check_line(&line, error);
        if (status == FENLEI_OK)
            status = evaluate_line(evaluator, labeler, (fenlei_text){line.bytes, line.size}, NULL,
                                   error);
        if (status == FENLEI_OK)
            evaluation_add(evaluation, evaluator_answer(evaluator),
                           (struct evaluated){path, number, evaluator->record.id,
                                              evaluator->record.title, evaluator->record.text});
        else
            error_locate(error, path, number);
    }
    buffer_release(&line);
    input_close(&input);
    return status;
}

/* Ends an evaluation of the written model: prints it, and adds it to the report under `key`. */
static fenlei_status finish_evaluation(struct training *training, struct evaluation *evaluation,
                                       const char *key, fenlei_labeler *labeler,
                                       fenlei_error *error)
{
    if (!evaluation_finish(evaluation, training->options->threads))
        return error_memory(error);
    fenlei_status status = evaluation_explain(evaluation, labeler, error);
    if (status != FENLEI_OK)
        return status;
    metrics_table(&evaluation->metrics, training_topic_ids(training),
                  training_topic_names(training), &training->out);
    json_key(&training->report, key);
    evaluation_json(evaluation, &training->report);
    return FENLEI_OK;
}

static fenlei_status run_tests(struct training *training, const fenlei_model *model,
                               fenlei_labeler *labeler, fenlei_error *error)
{
    const struct options *options = training->options;
    struct evaluator evaluator = {0};
    if (options->n_tests == 0)
        return FENLEI_OK;
    struct evaluation *evaluation = training_evaluation(training, "Held out");
    fenlei_status status = evaluation != NULL && evaluator_init(&evaluator, model, NULL, 0)
                               ? FENLEI_OK
                               : error_memory(error);
    for (size_t i = 0; i < options->n_tests && status == FENLEI_OK; i++)
        status = test_file(labeler, &evaluator, options->tests[i], evaluation, error);
    if (status == FENLEI_OK) {
        buffer_append_string(&training->out, "held out:\n");
        status = finish_evaluation(training, evaluation, "test", labeler, error);
    }
    evaluator_release(&evaluator);
    return status;
}

static fenlei_status run_split(struct training *training, const fenlei_model *model,
                               fenlei_labeler *labeler, fenlei_error *error)
{
    const struct corpus *corpus = &training->corpus;
    struct evaluator evaluator = {0};
    if (training->options->split_date == NULL)
        return FENLEI_OK;
    snprintf(training->split_title, sizeof training->split_title, "Held out, from %s on",
             training->options->split_date);
    struct evaluation *evaluation = training_evaluation(training, training->split_title);
    fenlei_status status = evaluation != NULL && evaluator_init(&evaluator, model, NULL, 0)
                               ? FENLEI_OK
                               : error_memory(error);
    for (size_t i = 0; i < corpus->n_held_out && status == FENLEI_OK; i++) {
        const struct document *document = &corpus->documents[corpus->n_documents + i];
        const bool *truth = corpus->truth + (corpus->n_documents + i) * corpus->n_topics;
        status = evaluate_text(&evaluator, labeler, document->title, document->text, truth, error);
        if (status == FENLEI_OK)
            evaluation_add(evaluation, evaluator_answer(&evaluator), document_identify(document));
    }
    if (status == FENLEI_OK) {
        buffer_append_format(
            &training->out, "trained on %zu documents before %s, held out %zu from then on:\n",
            corpus->n_documents, training->options->split_date, corpus->n_held_out);
        status = finish_evaluation(training, evaluation, "split", labeler, error);
    }
    evaluator_release(&evaluator);
    return status;
}

/* The written model on every training document, by the path that `classify` takes, against
 * libsvm's own decision values. */
static fenlei_status verify(struct training *training, fenlei_labeler *labeler, fenlei_error *error)
{
    const struct corpus *corpus = &training->corpus;
    double largest = 0, violation = 0;
    for (size_t topic = 0; topic < corpus->n_topics; topic++)
        violation = fmax(violation, training->learned.violation[topic]);
    for (size_t i = 0; i < corpus->n_documents; i++) {
        const double *decisions = training->learned.decisions + i * corpus->n_topics;
        const fenlei_article *article;
        fenlei_status status = fenlei_label_record(
            labeler, corpus->documents[i].title, corpus->documents[i].text, NULL, &article, error);
        if (status != FENLEI_OK)
            return status;
        for (size_t k = 0; k < corpus->n_topics; k++) {
            const fenlei_label *label = &article->labels[k];
            double expected = decisions[label->topic];
            double difference = fabs(label->score - expected) / fmax(1, fabs(expected));
            largest = fmax(largest, difference);
        }
    }
    buffer_append_format(&training->out,
                         "verified: %zu documents, %zu topics; largest difference from the "
                         "solver's own decision values %.3g (relative)\n"
                         "optimum: no document violates its condition by more than %.3g\n",
                         corpus->n_documents, corpus->n_topics, largest, violation);
    json_key(&training->report, "verify");
    buffer_append_format(
        &training->report,
        "{\"documents\":%zu,\"largest_difference\":%.17g,\"largest_violation\":%.17g}",
        corpus->n_documents, largest, violation);
    return FENLEI_OK;
}

static bool has_to_test(const struct options *options)
{
    return options->output != NULL && (options->n_tests > 0 || options->verify ||
                                       options->split_date != NULL || options->html != NULL);
}

fenlei_status test_model(struct training *training, fenlei_error *error)
{
    fenlei_model *model = NULL;
    fenlei_labeler *labeler = NULL;
    if (!has_to_test(training->options))
        return FENLEI_OK;
    fenlei_status status = fenlei_model_open(training->options->output, &model, error);
    fenlei_text card = {training->card.bytes, training->card.size};
    if (status == FENLEI_OK && !text_equal(fenlei_model_card(model), card))
        status = error_set(error, FENLEI_IO, "%s: replaced by another training meanwhile",
                           training->options->output);
    if (status == FENLEI_OK)
        status = fenlei_labeler_new(model, &labeler, error);
    if (status == FENLEI_OK)
        status = run_tests(training, model, labeler, error);
    if (status == FENLEI_OK)
        status = run_split(training, model, labeler, error);
    if (status == FENLEI_OK && training->n_folds > 0) {
        training->evaluations[0].note =
            "Made by models that had not seen these articles. The phrases are those of the model "
            "written, which has.";
        status = evaluation_explain(&training->evaluations[0], labeler, error);
    }
    if (status == FENLEI_OK && training->options->verify)
        status = verify(training, labeler, error);
    fenlei_labeler_free(labeler);
    fenlei_model_close(model);
    return status;
}

fenlei_status check_training(struct training *training, fenlei_error *error)
{
    struct check check = {
        .corpus = &training->corpus,
        .dataset = &training->dataset,
        .duplicates = &training->duplicates,
        .learned = &training->learned,
        .calibration = training->calibration,
    };
    size_t n_findings;
    json_key(&training->report, "check");
    fenlei_status status =
        check_corpus(&check, &training->out, &training->report, &n_findings, error);
    training->is_ill = n_findings > 0;
    return status;
}
