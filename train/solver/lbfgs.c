/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/solver/lbfgs.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HISTORY = 8, HALVINGS = 20 };

/* How x and the gradient changed in the last steps. */
struct history {
    double *moves[HISTORY], *turns[HISTORY]; /* [n] each */
    double curvature[HISTORY];               /* 1 / (move . turn) */
    size_t count;                            /* steps so far */
};

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void add_scaled(double *sum, const double *a, double factor, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += factor * a[i];
}

/* The two loops over the history (Nocedal and Wright, Numerical Optimization, algorithm 7.4). */
static void find_direction(const struct history *history, const double *gradient, double *direction,
                           size_t n)
{
    double factor[HISTORY];
    size_t kept = history->count < HISTORY ? history->count : HISTORY;
    for (size_t i = 0; i < n; i++)
        direction[i] = -gradient[i];
    for (size_t i = 0; i < kept; i++) {
        size_t k = (history->count - 1 - i) % HISTORY;
        factor[k] = history->curvature[k] * dot(history->moves[k], direction, n);
        add_scaled(direction, history->turns[k], -factor[k], n);
    }
    if (kept > 0) {
        size_t k = (history->count - 1) % HISTORY;
        double scale = 1 / (history->curvature[k] * dot(history->turns[k], history->turns[k], n));
        for (size_t i = 0; i < n; i++)
            direction[i] *= scale;
    }
    for (size_t i = kept; i-- > 0;) {
        size_t k = (history->count - 1 - i) % HISTORY;
        double back = history->curvature[k] * dot(history->turns[k], direction, n);
        add_scaled(direction, history->moves[k], factor[k] - back, n);
    }
}

struct state {
    double *gradient, *direction, *new_x, *new_gradient; /* [n] */
    struct history history;
};

static bool allocate(struct state *state, size_t n)
{
    state->gradient = array_new(n, sizeof(double));
    state->direction = array_new(n, sizeof(double));
    state->new_x = array_new(n, sizeof(double));
    state->new_gradient = array_new(n, sizeof(double));
    bool good = state->gradient != NULL && state->direction != NULL && state->new_x != NULL &&
                state->new_gradient != NULL;
    for (size_t i = 0; i < HISTORY; i++) {
        state->history.moves[i] = array_new(n, sizeof(double));
        state->history.turns[i] = array_new(n, sizeof(double));
        good = good && state->history.moves[i] != NULL && state->history.turns[i] != NULL;
    }
    return good;
}

static void release(struct state *state)
{
    free(state->gradient);
    free(state->direction);
    free(state->new_x);
    free(state->new_gradient);
    for (size_t i = 0; i < HISTORY; i++) {
        free(state->history.moves[i]);
        free(state->history.turns[i]);
    }
}

/* Remembers the step from x to new_x and makes it. A step along which the gradient does not grow
 * teaches nothing of the curvature. */
static void take_step(struct state *state, double *x, size_t n)
{
    struct history *history = &state->history;
    size_t k = history->count % HISTORY;
    for (size_t i = 0; i < n; i++) {
        history->moves[k][i] = state->new_x[i] - x[i];
        history->turns[k][i] = state->new_gradient[i] - state->gradient[i];
    }
    double curvature = dot(history->moves[k], history->turns[k], n);
    if (curvature > 1e-12) {
        history->curvature[k] = 1 / curvature;
        history->count++;
    }
    memcpy(x, state->new_x, n * sizeof *x);
    memcpy(state->gradient, state->new_gradient, n * sizeof *x);
}

/* Halves the step until the value falls as far as the slope promises (Armijo). The new value, or
 * the old one where no step is short enough. */
static double search_line(const struct lbfgs *problem, struct state *state, const double *x,
                          double value, double length)
{
    double slope = dot(state->gradient, state->direction, problem->n);
    for (int halving = 0; halving < HALVINGS; halving++, length /= 2) {
        memcpy(state->new_x, x, problem->n * sizeof *x);
        add_scaled(state->new_x, state->direction, length, problem->n);
        double now = problem->function(problem->context, state->new_x, state->new_gradient);
        if (now <= value + 1e-4 * length * slope)
            return now;
    }
    return value;
}

bool lbfgs_minimise(const struct lbfgs *problem, double *x)
{
    struct state state = {0};
    size_t n = problem->n;
    if (!allocate(&state, n)) {
        release(&state);
        return false;
    }
    double value = problem->function(problem->context, x, state.gradient);
    for (unsigned step = 0; step < problem->most_steps; step++) {
        find_direction(&state.history, state.gradient, state.direction, n);
        double length = step == 0 ? 1 / (sqrt(dot(state.gradient, state.gradient, n)) + 1e-12) : 1;
        double now = search_line(problem, &state, x, value, length);
        bool stands = !(value - now > problem->tolerance * fabs(value));
        if (now < value)
            take_step(&state, x, n);
        value = now;
        if (stands)
            break;
    }
    release(&state);
    return true;
}
