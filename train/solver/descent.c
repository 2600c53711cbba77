#include "train/solver/descent.h"

#include <math.h>
#include <stdlib.h>

/* The penalty of the method of multipliers. The curvature of the dual in the bias is the number of
 * free support vectors, at least; so a penalty that hardly disturbs single documents (whose own
 * curvature is 1) is still large for the bias. Of 0.01, 0.1 and 1 the one with the fewest passes
 * on headlines and on news wire. */
static const double PENALTY = 0.1;

/* A document this far behind the margin of a solution nearby is unlikely to reach it. */
static const double NEARBY = 0.3;

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

static void add(double *weights, const struct vector *vector, double factor)
{
    for (uint32_t k = 0; k < vector->size; k++)
        weights[vector->features[k].id] += factor * vector->features[k].value;
}

void solution_sum(struct solution *solution, const struct dataset *dataset, const struct task *task)
{
    for (uint32_t id = 0; id < dataset->vocab.size; id++)
        solution->weights[id] = 0;
    for (size_t i = 0; i < dataset->n_documents; i++)
        if (solution->alpha[i] > 0)
            add(solution->weights, &dataset->vectors[i], task_side(task, i) * solution->alpha[i]);
}

static inline double dot(const double *weights, const struct vector *vector)
{
    double sum = 0;
    for (uint32_t k = 0; k < vector->size; k++)
        sum += weights[vector->features[k].id] * vector->features[k].value;
    return sum;
}

double solution_score(const struct solution *solution, const struct vector *vector)
{
    return dot(solution->weights, vector) + solution->bias;
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
        margin[i] = task_has(task, i)
                        ? task_side(task, i) * solution_score(solution, &dataset->vectors[i])
                        : 0;
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
    uint64_t random;
};

/* SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* Those with a chance to matter stand first, and the others wait behind them. */
static void start(struct descent *descent, const double *margin)
{
    struct solution *solution = descent->solution;
    for (size_t i = 0; i < descent->dataset->n_documents; i++) {
        if (!task_has(descent->task, i)) {
            solution->alpha[i] = 0;
            continue;
        }
        uint32_t *place = &descent->active[descent->n++];
        *place = (uint32_t)i;
        if (margin == NULL || solution->alpha[i] > 0 || margin[i] < 1 + NEARBY) {
            *place = descent->active[descent->n_active];
            descent->active[descent->n_active++] = (uint32_t)i;
        }
        descent->constraint += task_side(descent->task, i) * solution->alpha[i];
    }
    solution_sum(solution, descent->dataset, descent->task);
}

/* The step of one document; false when it is to be set aside: at its bound, and safely so. */
static bool step(struct descent *descent, uint32_t document)
{
    struct solution *solution = descent->solution;
    const struct vector *vector = &descent->dataset->vectors[document];
    double side = task_side(descent->task, document), C = descent->task->C;
    double alpha = solution->alpha[document];
    double score = solution_score(solution, vector) + PENALTY * descent->constraint;
    double gradient = side * score - 1;
    if ((alpha <= 0 && gradient > descent->above) || (alpha >= C && gradient < descent->below))
        return false;
    double slope = projected(gradient, alpha, C);
    descent->highest = fmax(descent->highest, slope);
    descent->lowest = fmin(descent->lowest, slope);
    double next = fmin(fmax(alpha - gradient / (1 + PENALTY), 0), C); /* the vectors' length is 1 */
    if (slope != 0 && next != alpha) {
        add(solution->weights, vector, (next - alpha) * side);
        descent->constraint += (next - alpha) * side;
        solution->alpha[document] = next;
    }
    return true;
}

/* Every active document once, in random order. */
static void pass(struct descent *descent)
{
    uint32_t *active = descent->active;
    descent->highest = -INFINITY;
    descent->lowest = INFINITY;
    for (size_t s = 0; s < descent->n_active;) {
        size_t other = s + (size_t)(next_random(&descent->random) % (descent->n_active - s));
        uint32_t document = active[other];
        active[other] = active[s];
        active[s] = document;
        if (step(descent, document)) {
            s++;
        } else {
            descent->n_active--;
            active[s] = active[descent->n_active];
            active[descent->n_active] = document;
        }
    }
}

static void take_all_back(struct descent *descent)
{
    descent->n_active = descent->n;
    descent->above = INFINITY;
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
    start(&descent, margin);
    for (unsigned passes = 0; passes < passes_most; passes++) {
        pass(&descent);
        double moved = PENALTY * descent.constraint;
        solution->bias += moved;
        bool is_done = descent.highest <= tolerance && descent.lowest >= -tolerance &&
                       fabs(moved) <= tolerance;
        if (is_done && descent.n_active == descent.n)
            return true;
        descent.above = descent.highest > 0 ? descent.highest : INFINITY;
        descent.below = descent.lowest < 0 ? descent.lowest : -INFINITY;
        if (is_done)
            take_all_back(&descent);
    }
    return false;
}
