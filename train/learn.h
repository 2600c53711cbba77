/* A dataset -> weight rows for every topic, and out-of-fold scores for calibrating them. Topics are
 * learned side by side on all threads.
 *
 * A topic is solved by descent and then by libsvm. Its folds begin from that solution: leaving a
 * tenth of the documents out moves it little, so that a few passes over the documents that matter
 * restore the optimum, at a fraction of a training. */
#ifndef TRAIN_LEARN_H
#define TRAIN_LEARN_H

#include "train/dataset.h"

/* Cross-validation is repeated with other shuffles into folds: thresholds chosen on one shuffle
 * move with its luck. */
enum { REPEATS = 3 };

struct learner {
    const struct dataset *dataset;
    const bool *truth; /* [n_documents][n_topics] */
    size_t n_topics;
    double C;
    uint32_t n_folds;      /* 0: no out-of-fold scores */
    uint64_t seed;         /* of the first shuffle; those after it have the next ones */
    const uint32_t *group; /* [n_documents] near-duplicates, see folds_assign() */
    unsigned n_threads;
    size_t memory;       /* bytes for kernel values, of all threads together */
    bool keep_decisions; /* libsvm's own, for verifying */

    /* Told how many of all optimisations are done; may be NULL. Calls do not overlap. */
    void (*progress)(void *context, size_t done, size_t all);
    void *context;
};

struct learned {
    float *weights; /* [vocabulary][n_topics] */
    double *bias;   /* [n_topics] */
    struct repeat {
        uint32_t *fold;      /* [n_documents] */
        double *out_of_fold; /* [n_documents][n_topics] each document's scores from the training
                                that left its fold out */
    } repeats[REPEATS];      /* [n_repeats] */
    size_t n_repeats;        /* 0 without folds */
    double *decisions;       /* [n_documents][n_topics] the solver's own, or NULL */
    bool *by_descent;        /* [n_topics] too large for libsvm */
    double *violation;       /* [n_topics] see solution_violation(), of the training on all */
    double fold_violation;   /* the largest of the trainings without a fold */
};

/* What learning will take, roughly, on the grounds of what one look at the documents takes here.
 * False when memory runs out. */
struct learn_estimate {
    double seconds;
    double bytes; /* at most, with the dataset */
};
bool learn_estimate(const struct learner *learner, struct learn_estimate *estimate);

/* Everything in *learned is the caller's, also after an error; learned_release() frees it. */
fenlei_status learn(const struct learner *learner, struct learned *learned, fenlei_error *error);
void learned_release(struct learned *learned);

#endif
