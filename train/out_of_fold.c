#include "train/out_of_fold.h"

#include "base/plain.h"
#include "base/status.h"
#include "command/message.h"
#include "train/calibrate.h"
#include "train/folds.h"

#include <stdlib.h>

/* Scratch for calibrating all topics once. */
struct calibrator {
    struct scored *scores; /* [n_documents][n_topics] */
    size_t *positives;     /* [n_topics] */
    bool *is_served;       /* [n_topics] see folds_serve() */

    struct calibration *calibration; /* [n_topics] */
    bool *given, *either;            /* [n_topics] */
    double *probability;             /* [n_topics] */
};

/* The out-of-fold scores of one topic, of all folds but `left_out`; returns their number. */
static size_t gather_scores(const struct training *training, const struct repeat *repeat,
                            size_t topic, uint32_t left_out, struct scored *scores,
                            size_t *positives)
{
    size_t n = 0, n_topics = training->corpus.n_topics;
    *positives = 0;
    for (size_t i = 0; i < training->corpus.n_documents; i++) {
        if (repeat->fold[i] == left_out)
            continue;
        bool positive = training->corpus.truth[i * n_topics + topic];
        scores[n++] = (struct scored){repeat->out_of_fold[i * n_topics + topic], positive};
        *positives += positive;
    }
    return n;
}

/* The scores of one topic by the training that has seen all documents. */
static void score_training(const struct training *training, size_t topic, struct scored *scores)
{
    const struct learned *learned = &training->learned;
    size_t n_topics = training->corpus.n_topics;
    for (size_t i = 0; i < training->corpus.n_documents; i++) {
        const struct vector *vector = &training->dataset.vectors[i];
        double score = learned->bias[topic];
        for (uint32_t k = 0; k < vector->size; k++)
            score += vector->features[k].value *
                     (double)learned->weights[vector->features[k].id * n_topics + topic];
        scores[i] = (struct scored){score, training->corpus.truth[i * n_topics + topic]};
    }
}

/* Calibrates every topic on the out-of-fold scores of all folds but `left_out` (n_folds: none); one
 * that has none worth the name is calibrated on its training's, and on what the others have in
 * common. */
static void calibrate_topics(const struct training *training, struct calibrator *calibrator,
                             const struct repeat *repeat, uint32_t left_out,
                             struct calibration *calibration)
{
    double precision = training->options->precision;
    size_t n_topics = training->corpus.n_topics, all = 0;
    for (size_t topic = 0; topic < n_topics; topic++) {
        if (!calibrator->is_served[topic])
            continue;
        struct scored *scores = calibrator->scores + all;
        size_t n =
            gather_scores(training, repeat, topic, left_out, scores, &calibrator->positives[topic]);
        calibration[topic] = calibrate(scores, n, precision);
        for (size_t i = 0; i < n; i++)
            scores[i].score = label_probability(&calibration[topic], scores[i].score);
        all += n;
    }
    double common = all > 0 ? calibrate_common(calibrator->scores, all, precision) : 0.5;
    for (size_t topic = 0; topic < n_topics; topic++)
        if (calibrator->is_served[topic])
            calibration_shrink(&calibration[topic], calibrator->positives[topic], common);
    for (size_t topic = 0; topic < n_topics; topic++)
        if (!calibrator->is_served[topic]) {
            score_training(training, topic, calibrator->scores);
            calibration[topic] =
                calibrate_on_training(calibrator->scores, training->corpus.n_documents, common);
        }
}

/* Finds out which topics the folds of every repeat serve. */
static void find_unserved(struct training *training, bool *is_served)
{
    const struct corpus *corpus = &training->corpus;
    for (size_t topic = 0; topic < corpus->n_topics; topic++) {
        is_served[topic] = true;
        for (size_t i = 0; i < training->learned.n_repeats; i++)
            is_served[topic] = is_served[topic] &&
                               folds_serve(corpus->truth, corpus->n_documents, corpus->n_topics,
                                           topic, training->learned.repeats[i].fold);
        training->n_unserved += !is_served[topic];
    }
}

/* Names those that they do not serve, the first of many. */
static void name_unserved(const struct training *training, const bool *is_served)
{
    enum { NAMED = 20 };
    struct buffer words = {0};
    size_t n = 0;
    if (training->n_unserved == 0)
        return;
    buffer_append_string(&words, "too few documents to score out of fold: ");
    for (size_t topic = 0; topic < training->corpus.n_topics; topic++) {
        if (is_served[topic] || n++ >= NAMED)
            continue;
        buffer_append_string(&words, n > 1 ? ", " : "");
        plain_append_string(&words, training->corpus.topic_ids[topic]);
    }
    if (n > NAMED)
        buffer_append_format(&words, " and %zu more", n - NAMED);
    buffer_append_string(&words, "; the threshold of such a topic is what tells its own documents "
                                 "from the others in training, its probabilities are rough");
    buffer_append(&words, "", 1);
    message(NULL, 0, words.failed ? "out of memory" : words.bytes);
    buffer_release(&words);
}

/* The thresholds and sigmoids of all repeats, averaged. */
static void average_calibrations(struct training *training, struct calibrator *calibrator)
{
    size_t n_topics = training->corpus.n_topics, n = training->learned.n_repeats;
    for (size_t i = 0; i < n; i++) {
        calibrate_topics(training, calibrator, &training->learned.repeats[i], training->n_folds,
                         calibrator->calibration);
        for (size_t topic = 0; topic < n_topics; topic++) {
            const struct calibration *one = &calibrator->calibration[topic];
            struct calibration *mean = &training->calibration[topic];
            mean->threshold += one->threshold / (double)n;
            mean->slope += one->slope / (double)n;
            mean->intercept += one->intercept / (double)n;
        }
    }
}

/* What one repeat gives a document. */
static struct answer answer_of(const struct training *training, struct calibrator *calibrator,
                               const struct repeat *repeat, size_t document)
{
    size_t n_topics = training->corpus.n_topics, best = 0;
    const double *scores = repeat->out_of_fold + document * n_topics;
    for (size_t topic = 0; topic < n_topics; topic++) {
        const struct calibration *calibration = &calibrator->calibration[topic];
        calibrator->given[topic] = scores[topic] >= calibration->threshold;
        calibrator->probability[topic] = label_probability(calibration, scores[topic]);
        if (calibrator->probability[topic] > calibrator->probability[best])
            best = topic;
    }
    return (struct answer){.truth = training->corpus.truth + document * n_topics,
                           .either = calibrator->either,
                           .given = calibrator->given,
                           .probability = calibrator->probability,
                           .score = scores,
                           .best = best};
}

/* Evaluates each document by thresholds from the other folds, so that nothing it is held against
 * has seen it. `evaluation` is for the first repeat, of the others only the metrics count. */
static void evaluate_repeat(struct training *training, struct calibrator *calibrator,
                            const struct repeat *repeat, struct evaluation *evaluation,
                            struct metrics *metrics)
{
    for (uint32_t fold = 0; fold < training->n_folds; fold++) {
        calibrate_topics(training, calibrator, repeat, fold, calibrator->calibration);
        for (size_t i = 0; i < training->corpus.n_documents; i++) {
            if (repeat->fold[i] != fold)
                continue;
            struct answer answer = answer_of(training, calibrator, repeat, i);
            if (evaluation != NULL)
                evaluation_add(evaluation, answer,
                               document_identify(&training->corpus.documents[i]));
            else
                metrics_add(metrics, answer);
        }
    }
}

static bool evaluate_repeats(struct training *training, struct calibrator *calibrator)
{
    struct evaluation *evaluation = training_evaluation(training, "Out of fold");
    if (evaluation == NULL)
        return false;
    evaluation->note = "Made by models that had not seen these articles.";
    evaluate_repeat(training, calibrator, &training->learned.repeats[0], evaluation, NULL);
    bool good = evaluation_finish(evaluation, training->options->threads);
    training->out_of_fold_f1[0] = metrics_micro(&evaluation->metrics).f1;
    for (size_t i = 1; good && i < training->learned.n_repeats; i++) {
        struct metrics metrics;
        good = metrics_init(&metrics, training->corpus.n_topics);
        if (good)
            evaluate_repeat(training, calibrator, &training->learned.repeats[i], NULL, &metrics);
        training->out_of_fold_f1[i] = good ? metrics_micro(&metrics).f1 : 0;
        metrics_release(&metrics);
    }
    return good;
}

static bool calibrator_init(struct calibrator *calibrator, size_t n_documents, size_t n_topics)
{
    *calibrator =
        (struct calibrator){.scores = array_new(n_documents, n_topics * sizeof *calibrator->scores),
                            .positives = array_new(n_topics, sizeof *calibrator->positives),
                            .is_served = array_new(n_topics, sizeof *calibrator->is_served),
                            .calibration = array_new(n_topics, sizeof *calibrator->calibration),
                            .given = array_new(n_topics, sizeof *calibrator->given),
                            .either = array_new(n_topics, sizeof *calibrator->either),
                            .probability = array_new(n_topics, sizeof *calibrator->probability)};
    return calibrator->scores != NULL && calibrator->positives != NULL &&
           calibrator->is_served != NULL && calibrator->calibration != NULL &&
           calibrator->given != NULL && calibrator->either != NULL &&
           calibrator->probability != NULL;
}

static void calibrator_release(struct calibrator *calibrator)
{
    free(calibrator->scores);
    free(calibrator->positives);
    free(calibrator->is_served);
    free(calibrator->calibration);
    free(calibrator->given);
    free(calibrator->either);
    free(calibrator->probability);
}

fenlei_status out_of_fold_calibrate(struct training *training, fenlei_error *error)
{
    size_t n_topics = training->corpus.n_topics;
    struct calibrator calibrator;
    training->calibration = array_new(n_topics, sizeof *training->calibration);
    if (training->calibration == NULL)
        return error_memory(error);
    if (training->n_folds == 0)
        return FENLEI_OK;
    bool good = calibrator_init(&calibrator, training->corpus.n_documents, n_topics);
    if (good) {
        find_unserved(training, calibrator.is_served);
        name_unserved(training, calibrator.is_served);
        average_calibrations(training, &calibrator);
        good = evaluate_repeats(training, &calibrator);
    }
    calibrator_release(&calibrator);
    return good ? FENLEI_OK : error_memory(error);
}
