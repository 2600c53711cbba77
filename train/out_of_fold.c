#include "train/out_of_fold.h"

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
};

/* The out-of-fold scores of one topic, of all folds but `left_out`; returns their number. */
static size_t gather_scores(const struct training *training, size_t topic, uint32_t left_out,
                            struct scored *scores, size_t *positives)
{
    size_t n = 0, n_topics = training->corpus.n_topics;
    *positives = 0;
    for (size_t i = 0; i < training->corpus.n_documents; i++) {
        if (training->learned.fold[i] == left_out)
            continue;
        bool positive = training->corpus.truth[i * n_topics + topic];
        scores[n++] =
            (struct scored){training->learned.out_of_fold[i * n_topics + topic], positive};
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
                             uint32_t left_out, struct calibration *calibration)
{
    double precision = training->options->precision;
    size_t n_topics = training->corpus.n_topics, all = 0;
    for (size_t topic = 0; topic < n_topics; topic++) {
        if (!calibrator->is_served[topic])
            continue;
        struct scored *scores = calibrator->scores + all;
        size_t n = gather_scores(training, topic, left_out, scores, &calibrator->positives[topic]);
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

/* Finds out which topics folds serve, and names those that they do not. */
static void name_unserved(struct training *training, bool *is_served)
{
    const struct corpus *corpus = &training->corpus;
    for (size_t topic = 0; topic < corpus->n_topics; topic++) {
        is_served[topic] = folds_serve(corpus->truth, corpus->n_documents, corpus->n_topics, topic,
                                       training->learned.fold);
        if (is_served[topic])
            continue;
        struct buffer words = {0};
        buffer_append_format(&words,
                             "topic \"%s\" has too few documents to be scored out of fold; its "
                             "threshold is what tells its own from the others in training, its "
                             "probabilities are rough",
                             corpus->topic_ids[topic]);
        buffer_append(&words, "", 1);
        message(NULL, 0, words.failed ? corpus->topic_ids[topic] : words.bytes);
        buffer_release(&words);
        training->n_unserved++;
    }
}

/* Evaluates each document by thresholds from the other folds, so that nothing it is held against
 * has seen it. */
static void evaluate_fold(struct training *training, uint32_t fold,
                          const struct calibration *calibration, bool *given, const bool *either,
                          double *probability)
{
    size_t n_topics = training->corpus.n_topics;
    for (size_t i = 0; i < training->corpus.n_documents; i++) {
        if (training->learned.fold[i] != fold)
            continue;
        const double *scores = training->learned.out_of_fold + i * n_topics;
        size_t best = 0;
        for (size_t topic = 0; topic < n_topics; topic++) {
            given[topic] = scores[topic] >= calibration[topic].threshold;
            probability[topic] = label_probability(&calibration[topic], scores[topic]);
            if (probability[topic] > probability[best])
                best = topic;
        }
        evaluation_add(&training->evaluations[0],
                       (struct answer){training->corpus.truth + i * n_topics, either, given,
                                       probability, scores, best},
                       document_identify(&training->corpus.documents[i]));
    }
}

fenlei_status out_of_fold_calibrate(struct training *training, fenlei_error *error)
{
    size_t n_topics = training->corpus.n_topics;
    uint32_t n_folds = training->n_folds;
    training->calibration = array_new(n_topics, sizeof *training->calibration);
    if (training->calibration == NULL)
        return error_memory(error);
    if (n_folds == 0)
        return FENLEI_OK;
    struct calibrator calibrator = {
        array_new(training->corpus.n_documents, n_topics * sizeof *calibrator.scores),
        array_new(n_topics, sizeof *calibrator.positives),
        array_new(n_topics, sizeof *calibrator.is_served)};
    struct calibration *others = array_new(n_topics, sizeof *others);
    bool *given = array_new(n_topics, sizeof *given), *either = array_new(n_topics, sizeof *either);
    double *probability = array_new(n_topics, sizeof *probability);
    bool good = calibrator.scores != NULL && calibrator.positives != NULL &&
                calibrator.is_served != NULL && others != NULL && given != NULL && either != NULL &&
                probability != NULL;
    if (good) {
        name_unserved(training, calibrator.is_served);
        calibrate_topics(training, &calibrator, n_folds, training->calibration);
        good = training_evaluation(training, "Out of fold") != NULL;
        training->evaluations[0].note = "Made by models that had not seen these articles.";
    }
    for (uint32_t fold = 0; good && fold < n_folds; fold++) {
        calibrate_topics(training, &calibrator, fold, others);
        evaluate_fold(training, fold, others, given, either, probability);
    }
    good = good && evaluation_finish(&training->evaluations[0], training->options->threads);
    free(calibrator.scores);
    free(calibrator.positives);
    free(calibrator.is_served);
    free(others);
    free(given);
    free(either);
    free(probability);
    return good ? FENLEI_OK : error_memory(error);
}
