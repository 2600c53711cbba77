/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/test.h"

#include "base/input.h"
#include "base/json.h"
#include "base/record.h"
#include "base/status.h"
#include "command/message.h"
#include "command/records.h"
#include "measure/evaluator.h"
#include "train/check.h"

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>

/* What testing needs besides the model. */
struct tester {
    struct evaluator evaluator;
    struct known known; /* the training texts */
    struct messages left_out;
    struct evaluation *evaluation;
};

static fenlei_status tester_init(struct tester *tester, struct training *training,
                                 const char *title, const fenlei_model *model, fenlei_error *error)
{
    *tester = (struct tester){.evaluation = training_evaluation(training, title)};
    bool good = tester->evaluation != NULL && evaluator_init(&tester->evaluator, model) &&
                known_init(&tester->known, &training->corpus, training->options->threads);
    if (!good)
        return error_memory(error);
    tester->evaluation->known_by = KNOWN_EXACTLY;
    return FENLEI_OK;
}

static void tester_release(struct tester *tester)
{
    known_release(&tester->known);
    evaluator_release(&tester->evaluator);
}

/* Adds what the evaluator made of a record. */
static fenlei_status add_record(struct tester *tester, struct evaluated evaluated,
                                fenlei_error *error)
{
    struct evaluator *evaluator = &tester->evaluator;
    fenlei_error words;
    if (!known_has(&tester->known, evaluated.text, &evaluator->is_known))
        return error_memory(error);
    if (evaluator_tell_left_out(evaluator, "the model", &words) && messages_may(&tester->left_out))
        message(evaluated.file, evaluated.line, words.message);
    evaluation_add(tester->evaluation, evaluator_answer(evaluator), evaluated);
    return FENLEI_OK;
}

/* What is done with a record of a --test file. */
typedef fenlei_status visit_line(void *context, const char *path, size_t number,
                                 const struct buffer *line, fenlei_error *error);

/* Calls visit for each record; an error names file and line. */
static fenlei_status visit_records(const char *path, const struct options *options, bool tells,
                                   visit_line *visit, void *context, fenlei_error *error)
{
    struct records records;
    struct buffer line = {0};
    size_t number = 0;
    bool end = false;
    fenlei_status status = records_open(&records, path, &options->records, LABELS_NEEDED, error);
    if (status != FENLEI_OK)
        error_locate(error, path, 0);
    while (status == FENLEI_OK && !end) {
        status = records_next(&records, &line, &number, &end, error);
        if (status == FENLEI_OK && !end && !input_is_blank(&line))
            status = visit(context, path, number, &line, error);
        if (status != FENLEI_OK)
            error_locate(error, path, number);
    }
    if (status == FENLEI_OK && tells)
        records_report(&records, path);
    buffer_release(&line);
    records_release(&records);
    return status;
}

static fenlei_status check_line(void *context, const char *path, size_t number,
                                const struct buffer *line, fenlei_error *error)
{
    (void)context;
    (void)path;
    (void)number;
    struct record record = {0};
    fenlei_status status = evaluator_parse(&record, (fenlei_text){line->bytes, line->size}, error);
    record_release(&record);
    return status;
}

/* What can be read twice. */
static bool is_regular(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

fenlei_status test_check(const struct options *options, fenlei_error *error)
{
    fenlei_status status = FENLEI_OK;
    for (size_t i = 0; i < options->n_tests && status == FENLEI_OK; i++)
        if (is_regular(options->tests[i]))
            status = visit_records(options->tests[i], options, false, check_line, NULL, error);
    return status;
}

struct test_visit {
    struct tester *tester;
    fenlei_labeler *labeler;
};

static fenlei_status test_line(void *context, const char *path, size_t number,
                               const struct buffer *line, fenlei_error *error)
{
    const struct test_visit *visit = context;
    struct evaluator *evaluator = &visit->tester->evaluator;
    fenlei_status status = evaluate_line(evaluator, visit->labeler,
                                         (fenlei_text){line->bytes, line->size}, NULL, error);
    if (status != FENLEI_OK)
        return status;
    return add_record(visit->tester,
                      (struct evaluated){path, number, evaluator->record.id,
                                         evaluator->record.title, evaluator->record.text},
                      error);
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
    evaluation_table(evaluation, &training->out);
    json_key(&training->report, key);
    evaluation_json(evaluation, &training->report);
    return FENLEI_OK;
}

static fenlei_status run_tests(struct training *training, const fenlei_model *model,
                               fenlei_labeler *labeler, fenlei_error *error)
{
    const struct options *options = training->options;
    struct tester tester;
    if (options->n_tests == 0)
        return FENLEI_OK;
    fenlei_status status = tester_init(&tester, training, "Held out", model, error);
    for (size_t i = 0; i < options->n_tests && status == FENLEI_OK; i++)
        status = visit_records(options->tests[i], options, true, test_line,
                               &(struct test_visit){&tester, labeler}, error);
    messages_end(&tester.left_out, "records with labels that the model lacks");
    if (status == FENLEI_OK) {
        buffer_append_string(&training->out, "held out:\n");
        status = finish_evaluation(training, tester.evaluation, "test", labeler, error);
    }
    tester_release(&tester);
    return status;
}

static fenlei_status run_split(struct training *training, const fenlei_model *model,
                               fenlei_labeler *labeler, fenlei_error *error)
{
    const struct corpus *corpus = &training->corpus;
    struct tester tester;
    if (training->options->split_date == NULL)
        return FENLEI_OK;
    snprintf(training->split_title, sizeof training->split_title, "Held out, from %s on",
             training->options->split_date);
    fenlei_status status = tester_init(&tester, training, training->split_title, model, error);
    for (size_t i = 0; i < corpus->n_held_out && status == FENLEI_OK; i++) {
        const struct document *document = &corpus->documents[corpus->n_documents + i];
        const bool *truth = corpus->truth + (corpus->n_documents + i) * corpus->n_topics;
        status = evaluate_text(&tester.evaluator, labeler, document->title, document->text, truth,
                               error);
        if (status == FENLEI_OK)
            status = add_record(&tester, document_identify(document), error);
    }
    if (status == FENLEI_OK) {
        buffer_append_format(
            &training->out, "trained on %zu documents before %s, held out %zu from then on:\n",
            corpus->n_documents, training->options->split_date, corpus->n_held_out);
        status = finish_evaluation(training, tester.evaluation, "split", labeler, error);
    }
    tester_release(&tester);
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
