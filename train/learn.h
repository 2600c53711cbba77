/* SPDX-License-Identifier: BSD-3-Clause */
/* A dataset -> weight rows for every topic, and out-of-fold scores for calibrating them. Topics are
 * learned side by side on all threads.
 *
 * A topic is solved by descent and then by libsvm. Its folds begin from that solution: leaving a
 * tenth of the documents out moves it little, so that a few passes over the documents that matter
 * restore the optimum, at a fraction of a training. */
#ifndef TRAIN_LEARN_H
#define TRAIN_LEARN_H

#include "train/dataset.h"
#include "train/rows.h"

/* Cross-validation is repeated with other shuffles into folds: thresholds chosen on one shuffle
 * move with its luck. The more documents choose them, the less they do: over six to ten seeds, the
 * standard deviation of micro-F1 on 10,000 other headlines of ten topics is 0.0020 from one shuffle
 * and 0.0011 from three with 250 documents a topic, 0.0009 and 0.0008 with 500, 0.0005 and 0.0003
 * with 1,000, around the same mean. With ONE_SHUFFLE documents a topic one is enough. */
enum { REPEATS = 3, ONE_SHUFFLE = 1000 };
size_t learn_repeats(size_t n_documents, size_t n_topics);

/* Out-of-fold scores of one topic. Of many topics on many documents all of them would take far more
 * memory than all else, and nearly all are as far below the topic as can be: then only the highest
 * are kept, and those of the topic's own documents, and the mean of the others stands for each. */
struct out_of_fold {
    uint32_t *documents; /* [n] rising */
    double *scores;      /* [n] each document's score from the training that left its fold out */
    size_t n;     /* all documents; or the highest, OUT_OF_FOLD_LEAST and OUT_OF_FOLD_EACH for
                     each of the topic's own, and its own */
    double rest;  /* mean score of the documents that are not kept */
    double floor; /* just above the highest of them; -HUGE_VAL where there are none */
};
enum { OUT_OF_FOLD_LEAST = 64, OUT_OF_FOLD_EACH = 16, OUT_OF_FOLD_ALL = 1 << 21 };

struct learner {
    const struct dataset *dataset;
    const bool *truth; /* [n_documents][n_topics] */
    size_t n_topics;
    double C;
    uint32_t n_folds;      /* 0: no out-of-fold scores */
    uint64_t seed;         /* of the first shuffle; those after it have the next ones */
    const uint32_t *group; /* [n_documents] near-duplicates, see folds_assign() */
    unsigned n_threads;
    size_t memory;        /* bytes for kernel values, of all threads together */
    enum storage storage; /* of the weights */
    size_t all_scores;    /* documents times topics up to which all out-of-fold scores are kept;
                             OUT_OF_FOLD_ALL is a little memory */
    bool keep_decisions;  /* libsvm's own, for verifying */

    struct watch *watch; /* told of every optimisation; NULL: nobody looks */
};

struct learned {
    struct weights weights; /* of them, `rows` and `bias` are owned */
    void *rows;
    double *bias;           /* [n_topics] */
    struct column *columns; /* [n_topics] scratch: the weights, while topics are being learned */
    struct repeat {
        uint32_t *fold;             /* [n_documents] */
        struct out_of_fold *topics; /* [n_topics] */
    } repeats[REPEATS];             /* [n_repeats] */
    size_t n_topics;
    size_t n_repeats;      /* see learn_repeats(); 0 without folds */
    double *decisions;     /* [n_documents][n_topics] the solver's own, or NULL */
    bool *by_descent;      /* [n_topics] too large for libsvm */
    double *violation;     /* [n_topics] see solution_violation(), of the training on all */
    double fold_violation; /* the largest of the trainings without a fold */
};

/* What learning will take, roughly, on the grounds of what one look at the documents takes here.
 * False when memory runs out. */
struct learn_estimate {
    double seconds;
    double bytes; /* at most, with the dataset */
};
bool learn_estimate(const struct learner *learner, struct learn_estimate *estimate);

/* Measured: looks at all documents that a topic takes with so many trainings without a fold. */
double learn_looks(size_t n_topics, size_t n_trainings);

/* Everything in *learned is the caller's, also after an error; learned_release() frees it. */
fenlei_status learn(const struct learner *learner, struct learned *learned, fenlei_error *error);
void learned_release(struct learned *learned);

/* A document's score, or what stands for it. */
double out_of_fold_score(const struct out_of_fold *scores, uint32_t document);

#endif
