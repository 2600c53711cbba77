/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/chain_training.h"

#include "base/parallel.h"
#include "base/status.h"
#include "label/chain.h"
#include "train/solver/lbfgs.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHARES = 8,     /* of the pages, whose gradients are summed in order */
    LEAST_SEEN = 3, /* lines that have a feature worth learning */
    MOST_STEPS = 150
};

/* Weights smaller than this decide nothing. */
static const double LEAST_WEIGHT = 0.08;

/* Behind the weights of the features stand those of each style, in the order of struct
 * chain_style. */
enum {
    STYLE_WEIGHTS = 2 * N_ROLES + GAPS * N_ROLES * N_ROLES,
    TRANSITIONS_AT = 2 * N_ROLES,
    ALL_STYLE_WEIGHTS = N_STYLES * STYLE_WEIGHTS
};
static_assert(sizeof(struct chain_style) == STYLE_WEIGHTS * sizeof(float), "no gaps");

struct problem {
    const struct chain_trainer *trainer;
    uint64_t *features; /* [n_features] rising */
    size_t n_features;
    size_t *line_begin; /* [lines of all pages + 1] in `ids` */
    uint32_t *ids;      /* of the features that are kept */
    uint8_t *gaps;      /* [lines of all pages] */
    size_t *page_begin; /* [pages + 1] in line_begin */
    size_t n_weights;
    const double *weights;
    double *gradients; /* [SHARES][n_weights] */
    double values[SHARES];
    bool failed;
};

/* ---- features ---- */

static int compare_features(const void *a, const void *b)
{
    uint64_t first, second;
    memcpy(&first, a, sizeof first);
    memcpy(&second, b, sizeof second);
    return (first > second) - (first < second);
}

/* The features of all lines, as they come. */
struct gathered {
    uint64_t *features;
    size_t n, capacity;
    size_t n_lines;
};

static bool gather(struct problem *problem, struct gathered *all)
{
    const struct page_set *set = problem->trainer->set;
    struct cues cues = {0};
    bool good = true;
    for (size_t p = 0; good && p < set->n; p++) {
        const struct lines *lines = &set->pages[p].lines;
        problem->page_begin[p] = all->n_lines;
        good = cues_begin(&cues, lines);
        for (size_t i = 0; good && i < lines->n; i++, all->n_lines++) {
            good = array_reserve(&all->features, &all->capacity, all->n + CUES_MOST,
                                 sizeof *all->features);
            if (!good)
                break;
            problem->line_begin[all->n_lines] = all->n;
            problem->gaps[all->n_lines] = (uint8_t)cues_gap(&cues, &lines->of[i]);
            all->n += cues_of(&cues, lines, i, all->features + all->n);
        }
    }
    problem->page_begin[set->n] = all->n_lines;
    problem->line_begin[all->n_lines] = all->n;
    cues_release(&cues);
    return good;
}

/* Those of LEAST_SEEN lines or more, sorted, at the beginning of `features`. */
static size_t keep_frequent(uint64_t *features, size_t n)
{
    size_t kept = 0;
    qsort(features, n, sizeof *features, compare_features);
    for (size_t i = 0, run; i < n; i += run) {
        for (run = 1; i + run < n && features[i + run] == features[i];)
            run++;
        if (run >= LEAST_SEEN)
            features[kept++] = features[i];
    }
    return kept;
}

/* Turns features into their numbers, in place of line_begin's old ranges. */
static bool number_features(struct problem *problem, const struct gathered *all)
{
    size_t n = 0, line = 0;
    problem->ids = array_new(all->n + 1, sizeof *problem->ids);
    if (problem->ids == NULL)
        return false;
    for (size_t i = 0; i <= all->n; i++) {
        while (line <= all->n_lines && problem->line_begin[line] == i && i <= all->n)
            problem->line_begin[line++] = n;
        if (i == all->n)
            break;
        const uint64_t *found = bsearch(&all->features[i], problem->features, problem->n_features,
                                        sizeof *found, compare_features);
        if (found != NULL)
            problem->ids[n++] = (uint32_t)(found - problem->features);
    }
    return true;
}

static bool prepare(struct problem *problem)
{
    const struct page_set *set = problem->trainer->set;
    struct gathered all = {0};
    size_t n_lines = 0;
    for (size_t p = 0; p < set->n; p++)
        n_lines += set->pages[p].lines.n;
    problem->line_begin = array_new(n_lines + 1, sizeof *problem->line_begin);
    problem->gaps = array_new(n_lines + 1, 1);
    problem->page_begin = array_new(set->n + 1, sizeof *problem->page_begin);
    bool good = problem->line_begin != NULL && problem->gaps != NULL &&
                problem->page_begin != NULL && gather(problem, &all);
    if (good) {
        problem->features = array_new(all.n + 1, sizeof *problem->features);
        good = problem->features != NULL;
    }
    if (good) {
        if (all.n > 0)
            memcpy(problem->features, all.features, all.n * sizeof *all.features);
        problem->n_features = keep_frequent(problem->features, all.n);
        problem->n_weights = problem->n_features * N_ROLES + ALL_STYLE_WEIGHTS;
        good = number_features(problem, &all);
    }
    if (good) {
        problem->gradients = array_new(SHARES * problem->n_weights, sizeof(double));
        good = problem->gradients != NULL;
    }
    free(all.features);
    return good;
}

static void release(struct problem *problem)
{
    free(problem->features);
    free(problem->line_begin);
    free(problem->ids);
    free(problem->gaps);
    free(problem->page_begin);
    free(problem->gradients);
}

/* ---- the likelihood of a page ---- */

/* What one page takes. */
struct lattice {
    double *score;             /* [n][N_ROLES] powers of e, the highest of a line being 1 */
    double *forward, *divisor; /* [N_STYLES][n][N_ROLES], [N_STYLES][n] */
    size_t score_capacity, forward_capacity, divisor_capacity;
};

/* The powers of e of a style's transitions, 0 where one cannot be. */
struct powers {
    double begin[N_ROLES], end[N_ROLES], transition[GAPS][N_ROLES][N_ROLES];
};

static size_t style_begin(const struct problem *problem, size_t style)
{
    return problem->n_features * N_ROLES + style * STYLE_WEIGHTS;
}

/* Where the weight of a transition stands. */
static size_t transition_at(const struct problem *problem, size_t style, unsigned gap, size_t from)
{
    return style_begin(problem, style) + TRANSITIONS_AT + ((size_t)gap * N_ROLES + from) * N_ROLES;
}

static bool reserve(struct lattice *lattice, size_t n)
{
    size_t row = N_ROLES * sizeof(double);
    return array_reserve(&lattice->score, &lattice->score_capacity, n, row) &&
           array_reserve(&lattice->forward, &lattice->forward_capacity, n * N_STYLES, row) &&
           array_reserve(&lattice->divisor, &lattice->divisor_capacity, n * N_STYLES,
                         sizeof(double));
}

static void fill_powers(const struct problem *problem, size_t style, struct powers *powers)
{
    const double *weight = problem->weights + style_begin(problem, style);
    for (size_t to = 0; to < N_ROLES; to++) {
        powers->begin[to] = role_may_begin_page((enum role)to) ? exp(weight[to]) : 0;
        powers->end[to] = exp(weight[N_ROLES + to]);
    }
    for (unsigned gap = 0; gap < GAPS; gap++)
        for (size_t from = 0; from < N_ROLES; from++)
            for (size_t to = 0; to < N_ROLES; to++)
                powers->transition[gap][from][to] =
                    role_may_follow((enum role)from, (enum role)to)
                        ? exp(problem->weights[transition_at(problem, style, gap, from) + to])
                        : 0;
}

static void score_line(const struct problem *problem, size_t line, double *score)
{
    memset(score, 0, N_ROLES * sizeof *score);
    for (size_t i = problem->line_begin[line]; i < problem->line_begin[line + 1]; i++) {
        const double *weight = problem->weights + (size_t)problem->ids[i] * N_ROLES;
        for (int role = 0; role < N_ROLES; role++)
            score[role] += weight[role];
    }
}

/* Fills the scores of all lines; returns the logarithm of what they were divided by, and adds what
 * the true roles have to *truth. */
static double score_lines(const struct problem *problem, const struct labelled_page *page,
                          size_t begin, struct lattice *lattice, double *truth)
{
    double total = 0;
    for (size_t i = 0; i < page->lines.n; i++) {
        double *score = lattice->score + i * N_ROLES, highest = -DBL_MAX;
        score_line(problem, begin + i, score);
        *truth += score[page->roles[i]];
        for (int to = 0; to < N_ROLES; to++)
            highest = score[to] > highest ? score[to] : highest;
        for (int to = 0; to < N_ROLES; to++)
            score[to] = exp(score[to] - highest);
        total += highest;
    }
    return total;
}

/* The score of the true roles' transitions. */
static double true_transitions(const struct problem *problem, const struct labelled_page *page,
                               size_t begin)
{
    size_t n = page->lines.n, at = style_begin(problem, page->style);
    double score =
        problem->weights[at + page->roles[0]] + problem->weights[at + N_ROLES + page->roles[n - 1]];
    for (size_t i = 1; i < n; i++)
        score += problem->weights[transition_at(problem, page->style, problem->gaps[begin + i],
                                                page->roles[i - 1]) +
                                  page->roles[i]];
    return score;
}

/* Fills a style's forward sums, each line's summing to 1; returns the logarithm of the sum over all
 * sequences. */
static double go_forward(const struct problem *problem, size_t n, size_t begin,
                         const struct powers *powers, const double *scores, double *forward,
                         double *divisor)
{
    double total = 0, end = 0;
    for (size_t i = 0; i < n; i++, forward += N_ROLES, scores += N_ROLES) {
        double sum = 0;
        for (int to = 0; to < N_ROLES; to++) {
            double before = i == 0 ? powers->begin[to] : 0;
            for (int from = 0; from < N_ROLES && i > 0; from++)
                before += forward[from - N_ROLES] *
                          powers->transition[problem->gaps[begin + i]][from][to];
            forward[to] = before * scores[to];
            sum += forward[to];
        }
        for (int to = 0; to < N_ROLES; to++)
            forward[to] /= sum;
        divisor[i] = sum;
        total += log(sum);
    }
    for (int role = 0; role < N_ROLES; role++)
        end += forward[role - N_ROLES] * powers->end[role];
    return total + log(end);
}

/* Adds to the gradient what line `line` is expected to have of each role. */
static void add_line(const struct problem *problem, size_t line, const double *expected,
                     double *gradient)
{
    for (size_t i = problem->line_begin[line]; i < problem->line_begin[line + 1]; i++) {
        double *sum = gradient + (size_t)problem->ids[i] * N_ROLES;
        for (int role = 0; role < N_ROLES; role++)
            sum[role] += expected[role];
    }
}

/* Adds the counts that a style makes us expect, times its probability `share`, to the gradient,
 * and those of the lines to expected[n][N_ROLES]. */
static void go_back(const struct problem *problem, size_t n, size_t begin, size_t style,
                    const struct powers *powers, const struct lattice *lattice, double share,
                    double *expected, double *gradient)
{
    const double *forward = lattice->forward + style * n * N_ROLES;
    const double *divisor = lattice->divisor + style * n;
    double after[N_ROLES], end = 0, *own = gradient + style_begin(problem, style);
    for (int role = 0; role < N_ROLES; role++)
        end += forward[(n - 1) * N_ROLES + (size_t)role] * powers->end[role];
    for (int role = 0; role < N_ROLES; role++)
        after[role] = share * powers->end[role] / end;
    for (size_t i = n; i-- > 0;) {
        for (size_t role = 0; role < N_ROLES; role++) {
            double count = forward[i * N_ROLES + role] * after[role];
            expected[i * N_ROLES + role] += count;
            own[role] += i == 0 ? count : 0;
            own[N_ROLES + role] += i == n - 1 ? count : 0;
        }
        if (i == 0)
            break;
        unsigned gap = problem->gaps[begin + i];
        const double *before = forward + (i - 1) * N_ROLES, *score = lattice->score + i * N_ROLES;
        double earlier[N_ROLES] = {0};
        for (size_t from = 0; from < N_ROLES; from++) {
            double *pairs = gradient + transition_at(problem, style, gap, from);
            for (int to = 0; to < N_ROLES; to++) {
                double weight =
                    powers->transition[gap][from][to] * score[to] * after[to] / divisor[i];
                earlier[from] += weight;
                pairs[to] += before[from] * weight;
            }
        }
        memcpy(after, earlier, sizeof after);
    }
}

/* Takes the true counts off the gradient. */
static void subtract_truth(const struct problem *problem, const struct labelled_page *page,
                           size_t begin, double *expected, double *gradient)
{
    size_t n = page->lines.n;
    double *own = gradient + style_begin(problem, page->style);
    own[page->roles[0]] -= 1;
    own[N_ROLES + page->roles[n - 1]] -= 1;
    for (size_t i = 1; i < n; i++)
        gradient[transition_at(problem, page->style, problem->gaps[begin + i], page->roles[i - 1]) +
                 page->roles[i]] -= 1;
    for (size_t i = 0; i < n; i++) {
        expected[i * N_ROLES + page->roles[i]] -= 1;
        add_line(problem, begin + i, expected + i * N_ROLES, gradient);
    }
}

/* The negative logarithm of the probability of a page's true style and roles. */
static double page_value(const struct problem *problem, size_t p, struct lattice *lattice,
                         const struct powers *powers, double *gradient)
{
    const struct labelled_page *page = &problem->trainer->set->pages[p];
    size_t n = page->lines.n, begin = problem->page_begin[p];
    if (n == 0)
        return 0;
    double truth = 0, total[N_STYLES], highest = -DBL_MAX, sum = 0;
    double scale = score_lines(problem, page, begin, lattice, &truth);
    truth += true_transitions(problem, page, begin);
    for (size_t style = 0; style < N_STYLES; style++) {
        total[style] =
            go_forward(problem, n, begin, &powers[style], lattice->score,
                       lattice->forward + style * n * N_ROLES, lattice->divisor + style * n);
        highest = total[style] > highest ? total[style] : highest;
    }
    for (size_t style = 0; style < N_STYLES; style++)
        sum += exp(total[style] - highest);
    double *expected = array_new(n, N_ROLES * sizeof *expected);
    if (expected == NULL)
        return NAN;
    for (size_t style = 0; style < N_STYLES; style++)
        go_back(problem, n, begin, style, &powers[style], lattice,
                exp(total[style] - highest) / sum, expected, gradient);
    subtract_truth(problem, page, begin, expected, gradient);
    free(expected);
    return scale + highest + log(sum) - truth;
}

/* One share of the pages: every SHARES-th. */
static void add_share(void *context, unsigned thread, size_t share)
{
    (void)thread;
    struct problem *problem = context;
    struct lattice lattice = {0};
    struct powers powers[N_STYLES];
    double *gradient = problem->gradients + share * problem->n_weights;
    memset(gradient, 0, problem->n_weights * sizeof *gradient);
    problem->values[share] = 0;
    for (size_t style = 0; style < N_STYLES; style++)
        fill_powers(problem, style, &powers[style]);
    for (size_t p = share; p < problem->trainer->set->n; p += SHARES) {
        if (!reserve(&lattice, problem->trainer->set->pages[p].lines.n)) {
            problem->failed = true;
            break;
        }
        problem->values[share] += page_value(problem, p, &lattice, powers, gradient);
    }
    free(lattice.score);
    free(lattice.forward);
    free(lattice.divisor);
}

static double value_of(void *context, const double *weights, double *gradient)
{
    struct problem *problem = context;
    double value = 0, prior = 1 / problem->trainer->variance;
    problem->weights = weights;
    parallel_for(SHARES, problem->trainer->n_threads, add_share, problem);
    for (size_t i = 0; i < problem->n_weights; i++) {
        gradient[i] = weights[i] * prior;
        value += weights[i] * weights[i] * prior / 2;
    }
    for (size_t share = 0; share < SHARES; share++) {
        value += problem->values[share];
        const double *part = problem->gradients + share * problem->n_weights;
        for (size_t i = 0; i < problem->n_weights; i++)
            gradient[i] += part[i];
    }
    return value;
}

/* ---- what is kept ---- */

static double largest(const double *weights)
{
    double most = 0;
    for (int role = 0; role < N_ROLES; role++)
        most = fabs(weights[role]) > most ? fabs(weights[role]) : most;
    return most;
}

static void put_row(struct chain_row *rows, uint32_t bits, uint64_t feature, const double *weights,
                    double scale)
{
    uint32_t mask = (UINT32_C(1) << bits) - 1, at = chain_bucket(feature, bits);
    while (rows[at].fingerprint != 0)
        at = (at + 1) & mask;
    rows[at].fingerprint = chain_fingerprint(feature);
    for (int role = 0; role < N_ROLES; role++)
        rows[at].weight[role] = (int16_t)lrint(weights[role] / scale);
}

static bool write_chain(const struct problem *problem, const double *weights, struct buffer *bytes)
{
    size_t kept = 0, head_size = (sizeof(struct chain_head) + 63) / 64 * 64;
    double most = LEAST_WEIGHT;
    for (size_t i = 0; i < problem->n_features; i++) {
        double size = largest(weights + i * N_ROLES);
        kept += size >= LEAST_WEIGHT;
        most = size > most ? size : most;
    }
    struct chain_head head = {.n_roles = N_ROLES,
                              .bits = 4,
                              .scale = (float)(most / INT16_MAX),
                              .version = CHAIN_VERSION};
    while ((size_t)3 << head.bits < kept * 4)
        head.bits++;
    const double *styles = weights + style_begin(problem, 0);
    for (size_t i = 0; i < ALL_STYLE_WEIGHTS; i++)
        (&head.style[0].begin[0])[i] = (float)styles[i];
    size_t size = head_size + (sizeof(struct chain_row) << head.bits);
    buffer_clear(bytes);
    if (!buffer_reserve(bytes, size))
        return false;
    memset(bytes->bytes, 0, size);
    memcpy(bytes->bytes, &head, sizeof head);
    bytes->size = size;
    struct chain_row *rows = (struct chain_row *)(void *)(bytes->bytes + head_size);
    for (size_t i = 0; i < problem->n_features; i++)
        if (largest(weights + i * N_ROLES) >= LEAST_WEIGHT)
            put_row(rows, head.bits, problem->features[i], weights + i * N_ROLES,
                    (double)head.scale);
    return true;
}

fenlei_status chain_train(const struct chain_trainer *trainer, struct buffer *bytes,
                          fenlei_error *error)
{
    struct problem problem = {.trainer = trainer};
    double *weights = NULL;
    bool good = prepare(&problem);
    if (good) {
        weights = array_new(problem.n_weights, sizeof *weights);
        good = weights != NULL;
    }
    if (good) {
        struct lbfgs lbfgs = {.function = value_of,
                              .context = &problem,
                              .n = problem.n_weights,
                              .most_steps = MOST_STEPS,
                              .tolerance = 1e-5};
        good = lbfgs_minimise(&lbfgs, weights) && !problem.failed &&
               write_chain(&problem, weights, bytes);
    }
    free(weights);
    release(&problem);
    return good ? FENLEI_OK : error_memory(error);
}
