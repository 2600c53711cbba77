/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/out_of_fold.h"

#include "base/parallel.h"
#include "base/plain.h"
#include "base/status.h"
#include "command/message.h"
#include "train/calibrate.h"
#include "train/folds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Scratch for calibrating all topics once. */
struct calibrator {
    uint32_t *ranked;         /* [ends[n_topics - 1]] scores of one repeat by their place in
                                 out_of_fold.scores, topic by topic, falling */
    size_t *ends;             /* [n_topics] */
    struct scored *scores;    /* [ends[n_topics - 1]] those of all folds but one, each topic's from
                                 where its ranked ones begin */
    struct ranking *rankings; /* [n_topics] of them */
    bool *is_served;          /* [n_topics] see folds_serve() */
    double *in_training;      /* [n_topics] thresholds of those that are not */
    size_t *inside;           /* [n_folds] documents of each fold */

    struct calibration *calibration; /* [n_topics] */

    /* What a document gets: at first, where none of its scores is known, and then itself. */
    struct given {
        bool *topics;        /* [n_topics] */
        double *probability; /* [n_topics] */
        double *score;       /* [n_topics] */
    } first, given;
    bool *either;   /* [n_topics] */
    size_t *starts; /* [n_documents + 1] of each document in `places` */
    struct place {
        uint32_t at, topic; /* in out_of_fold.scores */
    } * places;             /* [ends[n_topics - 1]] of the repeat, document by document */
};

/* What a topic's scores are ranked by. */
struct ranks {
    const struct training *training;
    const struct out_of_fold *scores;
    size_t topic;
};

static bool is_positive(const struct ranks *ranks, uint32_t at)
{
    const struct corpus *corpus = &ranks->training->corpus;
    return corpus->truth[ranks->scores->documents[at] * corpus->n_topics + ranks->topic];
}

/* Those of the topic are first where scores are the same, then those of earlier documents. */
static int by_falling_rank(const void *left, const void *right, void *context)
{
    const struct ranks *ranks = context;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    double one = ranks->scores->scores[a], other = ranks->scores->scores[b];
    if (one != other)
        return one < other ? 1 : -1;
    bool is_one = is_positive(ranks, a), is_other = is_positive(ranks, b);
    if (is_one != is_other)
        return is_one ? -1 : 1;
    return a < b ? -1 : 1;
}

/* Where a topic's scores begin among those of all. */
static size_t start_of(const struct calibrator *calibrator, size_t topic)
{
    return topic > 0 ? calibrator->ends[topic - 1] : 0;
}

/* What threads do with each topic of a repeat. */
struct round {
    const struct training *training;
    struct calibrator *calibrator;
    const struct repeat *repeat;
    uint32_t left_out; /* a fold, or n_folds: none */
};

static void rank_topic(void *context, unsigned thread, size_t topic)
{
    (void)thread;
    const struct round *round = context;
    const struct out_of_fold *scores = &round->repeat->topics[topic];
    uint32_t *ranked = round->calibrator->ranked + start_of(round->calibrator, topic);
    for (size_t i = 0; i < scores->n; i++)
        ranked[i] = (uint32_t)i;
    qsort_r(ranked, scores->n, sizeof *ranked, by_falling_rank,
            &(struct ranks){round->training, scores, topic});
}

/* Ranks the scores of every topic. */
static void rank_scores(const struct training *training, struct calibrator *calibrator,
                        const struct repeat *repeat)
{
    size_t n_topics = training->corpus.n_topics, end = 0;
    for (uint32_t fold = 0; fold <= training->n_folds; fold++)
        calibrator->inside[fold] = 0;
    for (size_t i = 0; i < training->corpus.n_documents; i++)
        calibrator->inside[repeat->fold[i]]++;
    for (size_t topic = 0; topic < n_topics; topic++)
        calibrator->ends[topic] = end += repeat->topics[topic].n;
    parallel_for(n_topics, training->options->threads, rank_topic,
                 &(struct round){training, calibrator, repeat, training->n_folds});
}

/* The ranked scores of one topic, of all folds but the one left out; returns their number. */
static size_t gather_scores(const struct round *round, size_t topic, struct scored *scores)
{
    const struct calibrator *calibrator = round->calibrator;
    const struct out_of_fold *known = &round->repeat->topics[topic];
    struct ranks ranks = {round->training, known, topic};
    size_t n = 0;
    for (size_t i = start_of(calibrator, topic); i < calibrator->ends[topic]; i++) {
        uint32_t at = calibrator->ranked[i];
        if (round->repeat->fold[known->documents[at]] != round->left_out)
            scores[n++] = (struct scored){known->scores[at], is_positive(&ranks, at)};
    }
    return n;
}

/* The threshold of one topic by the training that has seen all documents. */
static double score_training(const struct training *training, size_t topic, struct scored *scores)
{
    const struct weights *weights = &training->learned.weights;
    size_t n_topics = training->corpus.n_topics, n = training->corpus.n_documents;
    for (size_t i = 0; i < n; i++) {
        const struct vector *vector = &training->dataset.vectors[i];
        struct vector_walk walk = vector_walk(vector);
        double score = weights->bias[topic];
        for (uint32_t k = 0; k < vector->size; k++) {
            struct feature feature = vector_next(&walk, &training->dataset.form);
            score += feature.value * weight_of(weights, feature.id, (uint32_t)topic);
        }
        scores[i] = (struct scored){score, training->corpus.truth[i * n_topics + topic]};
    }
    return training_threshold(scores, n);
}

static size_t count_hits(const struct ranking *ranking)
{
    size_t positives = 0;
    for (size_t i = 0; i < ranking->n; i++)
        positives += ranking->scores[i].is_positive;
    return positives;
}

static void calibrate_topic(void *context, unsigned thread, size_t topic)
{
    (void)thread;
    const struct round *round = context;
    const struct training *training = round->training;
    struct calibrator *calibrator = round->calibrator;
    struct scored *scores = calibrator->scores + start_of(calibrator, topic);
    size_t n_outside = training->corpus.n_documents - calibrator->inside[round->left_out];
    size_t n = calibrator->is_served[topic] ? gather_scores(round, topic, scores) : 0;
    calibrator->rankings[topic] = (struct ranking){scores, n, &calibrator->calibration[topic]};
    if (calibrator->is_served[topic])
        calibrator->calibration[topic] =
            calibrate(scores, n, (struct rest){n_outside - n, round->repeat->topics[topic].rest},
                      training->options->aim);
}

/* Calibrates every topic on the out-of-fold scores of all folds but `left_out` (n_folds: none); one
 * that has none worth the name is calibrated on its training's, and on what the others have in
 * common. */
static bool calibrate_topics(const struct training *training, struct calibrator *calibrator,
                             const struct repeat *repeat, uint32_t left_out)
{
    struct aim aim = training->options->aim;
    double common = 0.5;
    struct calibration *calibration = calibrator->calibration;
    size_t n_topics = training->corpus.n_topics, all = 0;
    parallel_for(n_topics, training->options->threads, calibrate_topic,
                 &(struct round){training, calibrator, repeat, left_out});
    for (size_t topic = 0; topic < n_topics; topic++)
        all += calibrator->rankings[topic].n;
    watch_step(training->corpus.watch, 1);
    if (all > 0 && !calibrate_common(calibrator->rankings, n_topics, aim, &common))
        return false;
    for (size_t topic = 0; topic < n_topics; topic++) {
        if (!calibrator->is_served[topic]) {
            calibration[topic] = calibrate_around(calibrator->in_training[topic], common);
            continue;
        }
        calibration_shrink(&calibration[topic], count_hits(&calibrator->rankings[topic]), common);
        calibration[topic].threshold =
            fmax(calibration[topic].threshold, repeat->topics[topic].floor);
    }
    return true;
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

/* The thresholds of topics that the folds do not serve; `scores` has room for all documents. */
static bool find_in_training(const struct training *training, struct calibrator *calibrator)
{
    struct scored *scores = array_new(training->corpus.n_documents, sizeof *scores);
    for (size_t topic = 0; scores != NULL && topic < training->corpus.n_topics; topic++)
        if (!calibrator->is_served[topic])
            calibrator->in_training[topic] = score_training(training, topic, scores);
    free(scores);
    return scores != NULL;
}

/* The thresholds and sigmoids of all repeats, averaged. */
static bool average_calibrations(struct training *training, struct calibrator *calibrator)
{
    size_t n_topics = training->corpus.n_topics, n = training->learned.n_repeats;
    for (size_t i = 0; i < n; i++) {
        const struct repeat *repeat = &training->learned.repeats[i];
        rank_scores(training, calibrator, repeat);
        if (!calibrate_topics(training, calibrator, repeat, training->n_folds))
            return false;
        for (size_t topic = 0; topic < n_topics; topic++) {
            const struct calibration *one = &calibrator->calibration[topic];
            struct calibration *mean = &training->calibration[topic];
            mean->threshold += one->threshold / (double)n;
            mean->slope += one->slope / (double)n;
            mean->intercept += one->intercept / (double)n;
        }
    }
    return true;
}

/* The scores of a repeat by document, from those by topic. */
static void place_scores(const struct training *training, struct calibrator *calibrator,
                         const struct repeat *repeat)
{
    size_t n = training->corpus.n_documents, *starts = calibrator->starts;
    memset(starts, 0, (n + 2) * sizeof *starts);
    for (size_t topic = 0; topic < training->corpus.n_topics; topic++)
        for (size_t i = 0; i < repeat->topics[topic].n; i++)
            starts[repeat->topics[topic].documents[i] + 2]++;
    for (size_t i = 2; i < n + 2; i++)
        starts[i] += starts[i - 1];
    for (size_t topic = 0; topic < training->corpus.n_topics; topic++)
        for (size_t i = 0; i < repeat->topics[topic].n; i++)
            calibrator->places[starts[repeat->topics[topic].documents[i] + 1]++] =
                (struct place){(uint32_t)i, (uint32_t)topic};
}

static void give(const struct calibrator *calibrator, const struct given *given, size_t topic,
                 double score)
{
    const struct calibration *calibration = &calibrator->calibration[topic];
    given->topics[topic] = score >= calibration->threshold;
    given->probability[topic] = label_probability(calibration, score);
    given->score[topic] = score;
}

static void copy_given(const struct given *given, const struct given *first, size_t topic)
{
    given->topics[topic] = first->topics[topic];
    given->probability[topic] = first->probability[topic];
    given->score[topic] = first->score[topic];
}

/* What a document gets that no score is known of. */
static void give_rest(const struct training *training, struct calibrator *calibrator,
                      const struct repeat *repeat)
{
    for (size_t topic = 0; topic < training->corpus.n_topics; topic++) {
        give(calibrator, &calibrator->first, topic, repeat->topics[topic].rest);
        copy_given(&calibrator->given, &calibrator->first, topic);
    }
}

/* What one repeat gives a document. */
static struct answer answer_of(const struct training *training, struct calibrator *calibrator,
                               const struct repeat *repeat, size_t document)
{
    size_t n_topics = training->corpus.n_topics, best = 0;
    for (size_t i = calibrator->starts[document]; i < calibrator->starts[document + 1]; i++) {
        const struct place *place = &calibrator->places[i];
        give(calibrator, &calibrator->given, place->topic,
             repeat->topics[place->topic].scores[place->at]);
    }
    for (size_t topic = 1; topic < n_topics; topic++)
        if (calibrator->given.probability[topic] > calibrator->given.probability[best])
            best = topic;
    return (struct answer){.truth = training->corpus.truth + document * n_topics,
                           .either = calibrator->either,
                           .given = calibrator->given.topics,
                           .probability = calibrator->given.probability,
                           .score = calibrator->given.score,
                           .best = best};
}

static void forget_answer(struct calibrator *calibrator, size_t document)
{
    for (size_t i = calibrator->starts[document]; i < calibrator->starts[document + 1]; i++)
        copy_given(&calibrator->given, &calibrator->first, calibrator->places[i].topic);
}

/* Evaluates each document by thresholds from the other folds, so that nothing it is held against
 * has seen it. `evaluation` is for the first repeat, of the others only the metrics count. */
static bool evaluate_repeat(struct training *training, struct calibrator *calibrator,
                            const struct repeat *repeat, struct evaluation *evaluation,
                            struct metrics *metrics)
{
    rank_scores(training, calibrator, repeat);
    place_scores(training, calibrator, repeat);
    for (uint32_t fold = 0; fold < training->n_folds; fold++) {
        if (!calibrate_topics(training, calibrator, repeat, fold))
            return false;
        give_rest(training, calibrator, repeat);
        for (size_t i = 0; i < training->corpus.n_documents; i++) {
            if (repeat->fold[i] != fold)
                continue;
            struct answer answer = answer_of(training, calibrator, repeat, i);
            if (evaluation != NULL)
                evaluation_add(evaluation, answer,
                               document_identify(&training->corpus.documents[i]));
            else
                metrics_add(metrics, answer);
            forget_answer(calibrator, i);
        }
    }
    return true;
}

static bool evaluate_repeats(struct training *training, struct calibrator *calibrator)
{
    struct evaluation *evaluation = training_evaluation(training, "Out of fold");
    if (evaluation == NULL)
        return false;
    evaluation->note = "Made by models that had not seen these articles.";
    bool good =
        evaluate_repeat(training, calibrator, &training->learned.repeats[0], evaluation, NULL) &&
        evaluation_finish(evaluation, training->options->threads);
    training->out_of_fold_f1[0] = metrics_micro(&evaluation->metrics).f1;
    for (size_t i = 1; good && i < training->learned.n_repeats; i++) {
        struct metrics metrics;
        good = metrics_init(&metrics, training->corpus.n_topics) &&
               evaluate_repeat(training, calibrator, &training->learned.repeats[i], NULL, &metrics);
        training->out_of_fold_f1[i] = good ? metrics_micro(&metrics).f1 : 0;
        metrics_release(&metrics);
    }
    return good;
}

static bool given_init(struct given *given, size_t n_topics)
{
    *given = (struct given){.topics = array_new(n_topics, sizeof *given->topics),
                            .probability = array_new(n_topics, sizeof *given->probability),
                            .score = array_new(n_topics, sizeof *given->score)};
    return given->topics != NULL && given->probability != NULL && given->score != NULL;
}

static void given_release(struct given *given)
{
    free(given->topics);
    free(given->probability);
    free(given->score);
}

/* The most scores that a repeat has. */
static size_t scores_most(const struct training *training)
{
    size_t most = 0;
    for (size_t i = 0; i < training->learned.n_repeats; i++) {
        size_t n = 0;
        for (size_t topic = 0; topic < training->corpus.n_topics; topic++)
            n += training->learned.repeats[i].topics[topic].n;
        most = n > most ? n : most;
    }
    return most;
}

static bool calibrator_init(struct calibrator *calibrator, const struct training *training)
{
    size_t n_topics = training->corpus.n_topics, n = training->corpus.n_documents;
    size_t most = scores_most(training);
    *calibrator =
        (struct calibrator){.ranked = array_new(most, sizeof *calibrator->ranked),
                            .ends = array_new(n_topics, sizeof *calibrator->ends),
                            .scores = array_new(most, sizeof *calibrator->scores),
                            .rankings = array_new(n_topics, sizeof *calibrator->rankings),
                            .is_served = array_new(n_topics, sizeof *calibrator->is_served),
                            .in_training = array_new(n_topics, sizeof *calibrator->in_training),
                            .inside = array_new((size_t)training->n_folds + 1, sizeof(size_t)),
                            .calibration = array_new(n_topics, sizeof *calibrator->calibration),
                            .either = array_new(n_topics, sizeof *calibrator->either),
                            .starts = array_new(n + 2, sizeof *calibrator->starts),
                            .places = array_new(most, sizeof *calibrator->places)};
    return given_init(&calibrator->first, n_topics) && given_init(&calibrator->given, n_topics) &&
           calibrator->ranked != NULL && calibrator->ends != NULL && calibrator->scores != NULL &&
           calibrator->rankings != NULL && calibrator->is_served != NULL &&
           calibrator->in_training != NULL && calibrator->inside != NULL &&
           calibrator->calibration != NULL && calibrator->either != NULL &&
           calibrator->starts != NULL && calibrator->places != NULL;
}

static void calibrator_release(struct calibrator *calibrator)
{
    free(calibrator->ranked);
    free(calibrator->ends);
    free(calibrator->scores);
    free(calibrator->rankings);
    free(calibrator->is_served);
    free(calibrator->in_training);
    free(calibrator->inside);
    free(calibrator->calibration);
    free(calibrator->either);
    free(calibrator->starts);
    free(calibrator->places);
    given_release(&calibrator->first);
    given_release(&calibrator->given);
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
    bool good = calibrator_init(&calibrator, training);
    if (good) {
        watch_clear(training->corpus.watch);
        find_unserved(training, calibrator.is_served);
        name_unserved(training, calibrator.is_served);
        watch_stage(training->corpus.watch, STAGE_CALIBRATE,
                    training->learned.n_repeats * (training->n_folds + 1));
        good = find_in_training(training, &calibrator) &&
               average_calibrations(training, &calibrator) &&
               evaluate_repeats(training, &calibrator);
    }
    calibrator_release(&calibrator);
    return good ? FENLEI_OK : error_memory(error);
}
