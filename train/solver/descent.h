/* SPDX-License-Identifier: BSD-3-Clause */
/* One topic against the rest, by dual coordinate descent: the problem that libsvm's C-SVC solves,
 * with a linear kernel and a bias that is not penalised,
 *
 *     minimise |w|^2 / 2 + C * sum of max(0, 1 - y_i (w . x_i + b)),
 *
 * in time that grows with the text, not with its square. A pass over the documents costs as much as
 * scoring them (Hsieh, Chang, Lin, Keerthi and Sundararajan, A dual coordinate descent method for
 * large-scale linear SVM, ICML 2008). The bias is the multiplier of the dual's constraint, sum of
 * y_i alpha_i = 0, and is found by the method of multipliers (Bertsekas, Constrained optimization
 * and Lagrange multiplier methods, 1982, chapter 2). */
#ifndef TRAIN_SOLVER_DESCENT_H
#define TRAIN_SOLVER_DESCENT_H

#include "train/dataset.h"

/* A topic to learn. */
struct task {
    const bool *is_positive; /* [n_documents] */
    const uint32_t *fold;    /* [n_documents], or NULL to train on all */
    uint32_t left_out;       /* the fold not trained on */
    double C;
};

static inline bool task_has(const struct task *task, size_t document)
{
    return task->fold == NULL || task->fold[document] != task->left_out;
}

/* +1 for a document of the topic, -1 for one of the rest. */
static inline double task_side(const struct task *task, size_t document)
{
    return task->is_positive[document] ? 1 : -1;
}

/* Where a solver stands: f(x) = weights . x + bias. */
struct solution {
    double *alpha;   /* [n_documents] 0 to C; 0 outside the task */
    double *weights; /* [vocabulary] sum of y_i alpha_i x_i */
    double bias;
};

bool solution_init(struct solution *solution, const struct dataset *dataset);
void solution_release(struct solution *solution);

/* Sums the weights up from alpha. */
void solution_sum(struct solution *solution, const struct dataset *dataset,
                  const struct task *task);

double solution_score(const struct solution *solution, const struct dataset *dataset,
                      size_t document);

/* margin[i] = y f(x) of document i; 0 outside the task. */
void solution_margins(const struct solution *solution, const struct dataset *dataset,
                      const struct task *task, double *margin);

/* The distance from the optimum: how far y f(x) of any document of the task is on the wrong side of
 * 1 for its alpha (below for 0, above for C, off for one between). 0 at the optimum. */
double solution_violation(const struct solution *solution, size_t n_documents,
                          const struct task *task, const double *margin);

/* Goes down from where *solution stands (alpha and bias; all zero at first) until no document
 * violates its condition by more than `tolerance`, or for `passes_most` passes; returns whether it
 * got there. `margin` is that of a solution nearby, or NULL: what lies far behind it there is
 * looked at last. `active` is scratch, [n_documents]. */
bool descent_run(struct solution *solution, const struct dataset *dataset, const struct task *task,
                 double tolerance, unsigned passes_most, const double *margin, uint32_t *active);

#endif
