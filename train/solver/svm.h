/* SPDX-License-Identifier: BSD-3-Clause */
/* libsvm's C-SVC with a linear kernel, one topic against the rest; nothing else knows libsvm.
 *
 * libsvm takes time and memory that grow with the square of the documents it is given. Only those
 * near the margin matter to the solution: it is given the ones that a descent (descent.h) has found
 * there, and those besides that violate the margin of its answer, until none does. The answer is
 * then libsvm's optimum of the whole problem (chunking; Joachims, Making large-scale SVM learning
 * practical, 1999, section 11.2). */
#ifndef TRAIN_SOLVER_SVM_H
#define TRAIN_SOLVER_SVM_H

#include "train/solver/descent.h"

/* libsvm's default, of the margin: for descents that are to end where libsvm does. */
#define SVM_TOLERANCE 0.001

/* The memory that threads share for kernel values. To be made before there are threads. */
struct svm_memory;

struct svm_memory *svm_memory_new(size_t bytes); /* NULL when there is none */
void svm_memory_free(struct svm_memory *memory);

enum svm_answer {
    SVM_SOLVED,    /* *solution is libsvm's */
    SVM_TOO_LARGE, /* the kernel does not fit: *solution is as it was */
    SVM_OUTGROWN   /* it fits no more: *solution is a start for a descent */
};

/* Lets libsvm solve the task. *solution holds a descent's solution before and libsvm's afterwards.
 * Where `decisions` is not NULL, decisions[i] becomes libsvm's own decision value of
 * document i. Waits while other threads have the memory. The task must have documents of both
 * sides. */
fenlei_status svm_solve(struct svm_memory *memory, const struct dataset *dataset,
                        const struct task *task, struct solution *solution, enum svm_answer *answer,
                        double *decisions, fenlei_error *error);

/* Version of libsvm, as in 3.24. */
const char *svm_version_name(void);

#endif
