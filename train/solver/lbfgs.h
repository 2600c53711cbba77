/* SPDX-License-Identifier: BSD-3-Clause */
/* Minimises a smooth function of many variables: L-BFGS (Nocedal, Updating quasi-Newton matrices
 * with limited storage, Mathematics of Computation 35, 1980) with a backtracking line search. */
#ifndef TRAIN_SOLVER_LBFGS_H
#define TRAIN_SOLVER_LBFGS_H

#include <stdbool.h>
#include <stddef.h>

/* The function's value at x[n]; fills gradient[n]. */
typedef double lbfgs_function(void *context, const double *x, double *gradient);

struct lbfgs {
    lbfgs_function *function;
    void *context;
    size_t n;
    unsigned most_steps;
    double tolerance; /* ends when a step lessens the value by a smaller part than this */
};

/* Moves x[n] to where the function is least. False when memory runs out. */
bool lbfgs_minimise(const struct lbfgs *problem, double *x);

#endif
