#include "train/out_of_fold.h"

#include "base/status.h"
#include "train/calibrate.h"

#include <stdlib.h>

/* Scratch for calibrating all topics once. */
struct calibrator {
    struct scored *scores; /* [n_documents][n_topics] */
    size_t *positives;     /* [n_topics] */
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

/* Calibrates every topic on the out-of-fold scores of all folds but `left_out` (n_folds: none). */
static void calibrate_topics(const struct training *training, struct calibrator *calibrator,
                             uint32_t left_out, struct calibration *calibration)
{
    double precision = training->options->precision;
    size_t n_topics = training->corpus.n_topics, all = 0;
    for (size_t topic = 0; topic < n_topics; topic++) {
        struct scored *scores = calibrator->scores + all;
        size_t n = gather_scores(training, topic, left_out, scores, &calibrator->positives[topic]);
        calibration[topic] = calibrate(scores, n, precision);
        for (size_t i = 0; i < n; i++)
            scores[i].score = label_probability(&calibration[topic], scores[i].score);
        all += n;
    }
    double common = calibrate_common(calibrator->scores, all, precision);
    for (size_t topic = 0; topic < n_topics; topic++)
        calibration_shrink(&calibration[topic], calibrator->positives[topic], common);
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
        array_new(n_topics, sizeof *calibrator.positives)};
    struct calibration *others = array_new(n_topics, sizeof *others);
    bool *given = array_new(n_topics, sizeof *given), *either = array_new(n_topics, sizeof *either);
    double *probability = array_new(n_topics, sizeof *probability);
    bool good = calibrator.scores != NULL && calibrator.positives != NULL && others != NULL &&
                given != NULL && either != NULL && probability != NULL;
    if (good) {
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
    free(others);
    free(given);
    free(either);
    free(probability);
    return good ? FENLEI_OK : error_memory(error);
}
