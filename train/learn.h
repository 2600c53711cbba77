/* A dataset -> weight rows for every topic, and out-of-fold scores for calibrating them: one
 * libsvm task for each topic, and one for each topic and fold, side by side on all threads. */
#ifndef LEARN_H
#define LEARN_H

#include "dataset.h"

struct learner {
    const struct dataset *dataset;
    const bool *truth; /* [n_documents][n_topics] */
    size_t n_topics;
    double C;
    uint32_t n_folds; /* 0: no out-of-fold scores */
    uint64_t seed;
    const uint32_t *group; /* [n_documents] near-duplicates, see folds_assign() */
    unsigned n_threads;
    bool keep_decisions; /* libsvm's own, for verifying */

    /* Told how many of all tasks are done; may be NULL. Calls do not overlap. */
    void (*progress)(void *context, size_t done, size_t all);
    void *context;
};

struct learned {
    float *weights;      /* [vocabulary][n_topics] */
    double *bias;        /* [n_topics] */
    double *out_of_fold; /* [n_documents][n_topics] each document's scores from the training that
                            left its fold out; NULL without folds */
    uint32_t *fold;      /* [n_documents] or NULL */
    double *decisions;   /* [n_documents][n_topics] libsvm's own, or NULL */
};

/* Everything in *learned is the caller's, also after an error; learned_release() frees it. */
fenlei_status learn(const struct learner *learner, struct learned *learned, fenlei_error *error);
void learned_release(struct learned *learned);

#endif
