/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/solver/descent.h"

#include "base/random.h"

#include <math.h>
#include <stdlib.h>

/* The penalty of the method of multipliers. The curvature of the dual in the bias is the number of
 * free support vectors, at least; so a penalty that hardly disturbs single documents (whose own
 * curvature is 1) is still large for the bias. Of 0.01, 0.1 and 1 the one with the fewest passes
 * on headlines and on news wire. */
static const double PENALTY = 0.1;

/* A document this far behind the margin of a solution nearby is unlikely to reach it. Of a topic
 * with few documents all others are hardly behind the margin and do not move much more either: they
 * share out among them what its own documents pull. So it is this times the topic's share of the
 * documents where that is less. */
static const double NEARBY = 0.3, NEARBY_OF_SHARE = 16 * 0.3;

/* Where the optimum is wanted no nearer than this, such a document is set aside again as soon as it
 * was looked at. */
static const double COARSE = 0.02;

bool solution_init(struct solution *solution, const struct dataset *dataset)
{
    *solution = (struct solution){0};
    solution->alpha = array_new(dataset->n_documents, sizeof *solution->alpha);
    solution->weights = array_new(dataset->vocab.size, sizeof *solution->weights);
    return solution->alpha != NULL && solution->weights != NULL;
}

void solution_release(struct solution *solution)
{
    free(solution->alpha);
    free(solution->weights);
    *solution = (struct solution){0};
}

static void add(double *weights, const struct dataset *dataset, size_t document, double factor)
{
    const struct vector vector = dataset->vectors[document];
    const struct vector_form form = dataset->form;
    for (uint32_t k = 0; k < vector.size; k++) {
        struct feature feature = vector_feature(vector.words[k], vector.share, &form);
        weights[feature.id] += factor * feature.value;
    }
    vector_add_behind(&vector, &form, factor, weights);
}

void solution_sum(struct solution *solution, const struct dataset *dataset, const struct task *task)
{
    for (uint32_t id = 0; id < dataset->vocab.size; id++)
        solution->weights[id] = 0;
    for (size_t i = 0; i < dataset->n_documents; i++)
        if (solution->alpha[i] > 0)
            add(solution->weights, dataset, i, task_side(task, i) * solution->alpha[i]);
}

/* Adds the product with one feature. */
static inline double plus(double sum, const double *weights, const struct vector *vector,
                          const struct vector_form *form, uint32_t k)
{
    struct feature feature = vector_feature(vector->words[k], vector->share, form);
    return sum + weights[feature.id] * feature.value;
}

static inline double dot(const double *weights, const struct dataset *dataset, size_t document)
{
    const struct vector *vector = &dataset->vectors[document];
    double sum = 0;
    for (uint32_t k = 0; k < vector->size; k++)
        sum = plus(sum, weights, vector, &dataset->form, k);
    return sum + vector_dot_behind(vector, &dataset->form, weights);
}

/* The products with two documents, side by side: a sum of its own is what each waits for. */
static inline void dot_both(const double *weights, const struct dataset *dataset, size_t one,
                            size_t other, double products[2])
{
    const struct vector left = dataset->vectors[one], right = dataset->vectors[other];
    const struct vector_form form = dataset->form;
    uint32_t shared = left.size < right.size ? left.size : right.size;
    double first = 0, second = 0;
    for (uint32_t k = 0; k < shared; k++) {
        first = plus(first, weights, &left, &form, k);
        second = plus(second, weights, &right, &form, k);
    }
    for (uint32_t k = shared; k < left.size; k++)
        first = plus(first, weights, &left, &form, k);
    for (uint32_t k = shared; k < right.size; k++)
        second = plus(second, weights, &right, &form, k);
    products[0] = first + vector_dot_behind(&left, &form, weights);
    products[1] = second + vector_dot_behind(&right, &form, weights);
}

double solution_score(const struct solution *solution, const struct dataset *dataset,
                      size_t document)
{
    return dot(solution->weights, dataset, document) + solution->bias;
}

/* The derivative of the dual by alpha, as far as alpha can follow it down. */
static double projected(double gradient, double alpha, double C)
{
    if (alpha <= 0)
        return fmin(gradient, 0);
    return alpha >= C ? fmax(gradient, 0) : gradient;
}

void solution_margins(const struct solution *solution, const struct dataset *dataset,
                      const struct task *task, double *margin)
{
    for (size_t i = 0; i < dataset->n_documents; i++)
        margin[i] =
            task_has(task, i) ? task_side(task, i) * solution_score(solution, dataset, i) : 0;
}

double solution_violation(const struct solution *solution, size_t n_documents,
                          const struct task *task, const double *margin)
{
    double largest = 0;
    for (size_t i = 0; i < n_documents; i++)
        if (task_has(task, i))
            largest = fmax(largest, fabs(projected(margin[i] - 1, solution->alpha[i], task->C)));
    return largest;
}

/* A descent under way. */
struct descent {
    struct solution *solution;
    const struct dataset *dataset;
    const struct task *task;
    uint32_t *active; /* [n_documents of the task] those in play first */
    size_t n, n_active;
    double constraint;      /* sum of y_i alpha_i, 0 at the optimum */
    double highest, lowest; /* projected gradients of this pass */
    double above, below;    /* beyond them, a document at its bound is set aside */
    double far;             /* the same as `above` while all are looked at */
    uint64_t random;
};

static double nearby_of(const struct descent *descent)
{
    size_t n = descent->dataset->n_documents, positives = 0;
    for (size_t i = 0; i < n; i++)
        positives += descent->task->is_positive[i];
    return fmin(NEARBY, NEARBY_OF_SHARE * (double)positives / (double)n);
}

/* Those with a chance to matter stand first, and the others wait behind them. */
static void start(struct descent *descent, double tolerance, const double *margin)
{
    struct solution *solution = descent->solution;
    double nearby = margin != NULL ? nearby_of(descent) : NEARBY;
    descent->far = nearby < NEARBY || tolerance >= COARSE ? nearby : INFINITY;
    for (size_t i = 0; i < descent->dataset->n_documents; i++) {
        if (!task_has(descent->task, i)) {
            solution->alpha[i] = 0;
            continue;
        }
        uint32_t *place = &descent->active[descent->n++];
        *place = (uint32_t)i;
        if (margin == NULL || solution->alpha[i] > 0 || margin[i] < 1 + nearby) {
            *place = descent->active[descent->n_active];
            descent->active[descent->n_active++] = (uint32_t)i;
        }
        descent->constraint += task_side(descent->task, i) * solution->alpha[i];
    }
    solution_sum(solution, descent->dataset, descent->task);
}

/* What a document's step did. */
enum turn {
    TURN_ASIDE, /* nothing: it is to be set aside, at its bound and safely so */
    TURN_STAYED,
    TURN_MOVED /* the weights */
};

/* The step of one document, whose product with the weights is known. */
static enum turn step(struct descent *descent, uint32_t document, double product)
{
    struct solution *solution = descent->solution;
    double side = task_side(descent->task, document), C = descent->task->C;
    double alpha = solution->alpha[document];
    double score = product + solution->bias + PENALTY * descent->constraint;
    double gradient = side * score - 1;
    if ((alpha <= 0 && gradient > descent->above) || (alpha >= C && gradient < descent->below))
        return TURN_ASIDE;
    double slope = projected(gradient, alpha, C);
    descent->highest = fmax(descent->highest, slope);
    descent->lowest = fmin(descent->lowest, slope);
    double next = fmin(fmax(alpha - gradient / (1 + PENALTY), 0), C); /* the vectors' length is 1 */
    if (slope == 0 || next == alpha)
        return TURN_STAYED;
    add(solution->weights, descent->dataset, document, (next - alpha) * side);
    descent->constraint += (next - alpha) * side;
    solution->alpha[document] = next;
    return TURN_MOVED;
}

static void swap(uint32_t *active, size_t one, size_t other)
{
    uint32_t document = active[one];
    active[one] = active[other];
    active[other] = document;
}

/* Draws one of the active documents from `place` on to that place; returns where it was. */
static size_t draw(struct descent *descent, size_t place)
{
    size_t n = descent->n_active - place;
    size_t from = place + (size_t)(random_next(&descent->random) % n);
    swap(descent->active, place, from);
    return from;
}

/* The document that the n-th draw from here, for a place so far behind `place`, will bring, unless
 * one before it is set aside; NULL where there is none. */
static const struct vector *foresee(const struct descent *descent, size_t place, size_t n)
{
    size_t at = place + n - 1;
    if (at >= descent->n_active)
        return NULL;
    at += (size_t)(random_ahead(descent->random, n) % (descent->n_active - at));
    return &descent->dataset->vectors[descent->active[at]];
}

/* Sends for the features of documents that come soon, and for where those lie that come after them:
 * memory is slow, and no order of documents that it could foresee. */
static void send_ahead(const struct descent *descent, size_t place)
{
    enum { SOON = 4, LATER = 12, WORDS_A_LINE = 16, WORDS_MOST = 32 * WORDS_A_LINE };
    for (size_t n = 1; n <= 2; n++) {
        const struct vector *soon = foresee(descent, place, SOON + n);
        const struct vector *later = foresee(descent, place, LATER + n);
        for (uint32_t at = 0; soon != NULL && at < soon->size && at < WORDS_MOST;
             at += WORDS_A_LINE)
            __builtin_prefetch(soon->words + at);
        if (later != NULL)
            __builtin_prefetch(later);
    }
}

static void set_aside(struct descent *descent, size_t place)
{
    swap(descent->active, place, --descent->n_active);
}

/* Every active document once, in random order. Few documents move the weights: so the product of
 * the next one is computed beside, and once more where they did. The next is another where this
 * one is set aside. */
static void pass(struct descent *descent)
{
    const struct dataset *dataset = descent->dataset;
    const double *weights = descent->solution->weights;
    uint32_t *active = descent->active;
    descent->highest = -INFINITY;
    descent->lowest = INFINITY;
    for (size_t s = 0; s < descent->n_active;) {
        double products[2];
        draw(descent, s);
        bool has_next = s + 1 < descent->n_active;
        uint64_t random = descent->random;
        size_t from = has_next ? draw(descent, s + 1) : s;
        send_ahead(descent, s + 2);
        dot_both(weights, dataset, active[s], active[has_next ? s + 1 : s], products);
        enum turn turn = step(descent, active[s], products[0]);
        if (turn == TURN_ASIDE) {
            if (has_next)
                swap(active, s + 1, from);
            descent->random = random;
            set_aside(descent, s);
            continue;
        }
        s++;
        if (!has_next)
            break;
        if (turn == TURN_MOVED)
            products[1] = dot(weights, dataset, active[s]);
        if (step(descent, active[s], products[1]) == TURN_ASIDE)
            set_aside(descent, s);
        else
            s++;
    }
}

static void take_all_back(struct descent *descent)
{
    descent->n_active = descent->n;
    descent->above = descent->far;
    descent->below = -INFINITY;
}

bool descent_run(struct solution *solution, const struct dataset *dataset, const struct task *task,
                 double tolerance, unsigned passes_most, const double *margin, uint32_t *active)
{
    struct descent descent = {.solution = solution,
                              .dataset = dataset,
                              .task = task,
                              .active = active,
                              .above = INFINITY,
                              .below = -INFINITY,
                              .random = 1};
    start(&descent, tolerance, margin);
    for (unsigned passes = 0; passes < passes_most; passes++) {
        bool had_all = descent.n_active == descent.n;
        pass(&descent);
        bool has_all = isinf(descent.far) ? descent.n_active == descent.n : had_all;
        double moved = PENALTY * descent.constraint;
        solution->bias += moved;
        bool is_done = descent.highest <= tolerance && descent.lowest >= -tolerance &&
                       fabs(moved) <= tolerance;
        if (is_done && has_all)
            return true;
        descent.above = descent.highest > 0 ? descent.highest : INFINITY;
        descent.below = descent.lowest < 0 ? descent.lowest : -INFINITY;
        if (is_done)
            take_all_back(&descent);
    }
    return false;
}
