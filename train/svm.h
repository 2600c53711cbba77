/* libsvm's C-SVC with a linear kernel, one topic against the rest; nothing else knows libsvm.
 *
 * Only the documents near the margin matter to the solution, so a task starts with few and adds
 * those that violate the margin until none does: each round is libsvm's own, and so is the optimum
 * of the last one, of the whole problem (chunking; Joachims, Making large-scale SVM learning
 * practical, 1999, section 11.2). Kernel values of long documents are computed once, for all topics
 * and folds, where they fit into memory. */
#ifndef SVM_H
#define SVM_H

#include "dataset.h"

/* The documents and what is shared of their kernel. Immutable, shared by threads. */
struct svm_data;

enum { SVM_MEMORY_DEFAULT = 1 << 30 }; /* bytes for shared kernel values */

fenlei_status svm_data_new(const struct dataset *dataset, size_t memory, unsigned n_threads,
                           struct svm_data **data, fenlei_error *error);
void svm_data_free(struct svm_data *data);

/* One topic to learn. */
struct svm_task {
    const bool *is_positive; /* of document i at is_positive[i * stride] */
    size_t stride;
    const uint32_t *fold; /* [n_documents], or NULL to train on all */
    uint32_t left_out;    /* the fold not trained on */
    double C;
};

/* Trains and sums the support vectors into `weights` [vocabulary] (overwritten) and *bias. Where
 * `decisions` is not NULL, decisions[i * stride] becomes libsvm's own decision value of document i.
 * A task with documents of one side only yields zero weights and a bias of +1 or -1. */
fenlei_status svm_train_topic(const struct svm_data *data, const struct svm_task *task,
                              double *weights, double *bias, double *decisions,
                              fenlei_error *error);

/* Version of libsvm, as in 3.24. */
const char *svm_version_name(void);

#endif
