/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/chain_training.h"

#include "base/radix.h"
#include "base/random.h"
#include "base/status.h"
#include "label/chain.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDTH = (N_ROLES + 3) / 4 * 4, /* of a row of weights: whole vectors of four */
    LEAST_SEEN = 3,                /* lines that have a feature worth learning */
    EPOCHS = 16,                   /* times that all pages are gone through */
    EPOCHS_KEPT = 4,               /* the last ones, whose weights' mean is kept */
    AHEAD = 8,                     /* features whose weights are asked of the memory before */
    PRIOR_TIMES = 8                /* that the prior is heeded in an epoch */
};

/* How far the first steps go. Chosen on pages held back. */
static const float STEP = 0.07F;

/* Each time a page is learned from, so many of its features are left out, others each time, and so
 * many of their kinds altogether; the rest stand for them. No page can be told by the words of its
 * articles alone, or by one habit that others lack, and the weights are spread over all cues that
 * tell of a role (Wang, Wang, Wager, Liang, Manning, Feature noising for log-linear structured
 * prediction, EMNLP 2013). */
static const float LEFT_OUT = 0.2F, KINDS_LEFT_OUT = 0.2F;

static float share_kept(void)
{
    return (1 - LEFT_OUT) * (1 - KINDS_LEFT_OUT);
}

/* By how much the true roles of a page must at least win over others, for each line where those
 * would have another article begin or end (Gimpel, Smith, Softmax-margin CRFs, NAACL HLT 2010); for
 * other mistakes half of it. */
static const double MARGIN = 1;

/* Weights smaller than this decide nothing. */
static const float LEAST_WEIGHT = 0.12F;

/* Behind the weights of the features stand those of each style, in the order of struct
 * chain_style. */
enum {
    STYLE_WEIGHTS = 2 * N_ROLES + GAPS * N_ROLES * N_ROLES,
    TRANSITIONS_AT = 2 * N_ROLES,
    ALL_STYLE_WEIGHTS = N_STYLES * STYLE_WEIGHTS
};
static_assert(sizeof(struct chain_style) == STYLE_WEIGHTS * sizeof(float), "no gaps");

/* The powers of e of a style's transitions, 0 where one cannot be. */
struct powers {
    double begin[N_ROLES], end[N_ROLES], transition[GAPS][N_ROLES][N_ROLES];
};

/* The weights of the styles, the sums of their squared gradients, their means, and what a page
 * takes. */
struct styles {
    double weights[ALL_STYLE_WEIGHTS], squares[ALL_STYLE_WEIGHTS], means[ALL_STYLE_WEIGHTS];
    double gradient[ALL_STYLE_WEIGHTS];
    struct powers powers[N_STYLES];
};

/* The same of the features. */
struct learned {
    float (*weights)[WIDTH], (*squares)[WIDTH], (*means)[WIDTH]; /* [n_features] */
    struct styles *styles;
};

struct problem {
    const struct chain_trainer *trainer;
    uint64_t *features; /* [n_features] rising */
    uint8_t *kinds;     /* [n_features] */
    size_t n_features;
    size_t *line_begin; /* [lines of all pages + 1] in `ids` */
    uint32_t *ids;      /* of the features that are kept */
    uint8_t *gaps;      /* [lines of all pages] */
    size_t *page_begin; /* [pages + 1] in line_begin */
    struct learned learned;
    float step;
    uint64_t noise; /* tells which features the page is learned without */
    bool is_kind_out[CUES_KINDS];
};

static bool happens(uint64_t *state, float probability)
{
    return (float)(uint32_t)(random_next(state) >> 40) < probability * (float)(1 << 24);
}

static void draw_noise(struct problem *problem, uint64_t *random)
{
    problem->noise = random_next(random);
    for (size_t kind = 0; kind < CUES_KINDS; kind++)
        problem->is_kind_out[kind] = happens(random, KINDS_LEFT_OUT);
}

static bool is_left_out(const struct problem *problem, uint32_t feature)
{
    uint64_t state = problem->noise ^ feature;
    return problem->is_kind_out[problem->kinds[feature]] || happens(&state, LEFT_OUT);
}

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

/* Those of LEAST_SEEN lines or more, sorted, at the beginning of features[n]; scratch is [n]. */
static size_t keep_frequent(uint64_t *features, uint64_t *scratch, size_t n)
{
    size_t kept = 0;
    radix_sort(features, scratch, n);
    for (size_t i = 0, run; i < n; i += run) {
        for (run = 1; i + run < n && features[i + run] == features[i];)
            run++;
        if (run >= LEAST_SEEN)
            features[kept++] = features[i];
    }
    return kept;
}

static bool find_frequent(struct problem *problem, const struct gathered *all)
{
    problem->features = array_new(all->n + 1, sizeof *problem->features);
    uint64_t *scratch = array_new(all->n + 1, sizeof *scratch);
    bool good = problem->features != NULL && scratch != NULL;
    if (good && all->n > 0) {
        memcpy(problem->features, all->features, all->n * sizeof *all->features);
        problem->n_features = keep_frequent(problem->features, scratch, all->n);
    }
    free(scratch);
    return good;
}

static bool note_kinds(struct problem *problem)
{
    problem->kinds = array_new(problem->n_features + 1, 1);
    if (problem->kinds == NULL)
        return false;
    for (size_t f = 0; f < problem->n_features; f++)
        problem->kinds[f] = (uint8_t)cues_kind(problem->features[f]);
    return true;
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
    good = good && find_frequent(problem, &all) && note_kinds(problem) &&
           number_features(problem, &all);
    if (good) {
        struct learned *learned = &problem->learned;
        learned->weights = array_new(problem->n_features + 1, sizeof *learned->weights);
        learned->squares = array_new(problem->n_features + 1, sizeof *learned->squares);
        learned->means = array_new(problem->n_features + 1, sizeof *learned->means);
        learned->styles = array_new(1, sizeof *learned->styles);
        good = learned->weights != NULL && learned->squares != NULL && learned->means != NULL &&
               learned->styles != NULL;
    }
    free(all.features);
    return good;
}

static void release(struct problem *problem)
{
    free(problem->features);
    free(problem->kinds);
    free(problem->line_begin);
    free(problem->ids);
    free(problem->gaps);
    free(problem->page_begin);
    free(problem->learned.weights);
    free(problem->learned.squares);
    free(problem->learned.means);
    free(problem->learned.styles);
}

/* ---- the likelihood of a page ---- */

/* What one page takes. */
struct lattice {
    double *score;             /* [n][N_ROLES] powers of e, the highest of a line being 1 */
    double *forward, *divisor; /* [N_STYLES][n][N_ROLES], [N_STYLES][n] */
    double *expected; /* [n][N_ROLES] how often a line has a role, less how often it does */
    size_t score_capacity, forward_capacity, divisor_capacity, expected_capacity;
};

static void release_lattice(struct lattice *lattice)
{
    free(lattice->score);
    free(lattice->forward);
    free(lattice->divisor);
    free(lattice->expected);
}

/* Where the weights of a style begin, and that of a transition. */
static size_t style_begin(size_t style)
{
    return style * STYLE_WEIGHTS;
}

static size_t transition_at(size_t style, unsigned gap, size_t from)
{
    return style_begin(style) + TRANSITIONS_AT + ((size_t)gap * N_ROLES + from) * N_ROLES;
}

static bool reserve(struct lattice *lattice, size_t n)
{
    size_t row = N_ROLES * sizeof(double);
    return array_reserve(&lattice->score, &lattice->score_capacity, n, row) &&
           array_reserve(&lattice->forward, &lattice->forward_capacity, n * N_STYLES, row) &&
           array_reserve(&lattice->divisor, &lattice->divisor_capacity, n * N_STYLES,
                         sizeof(double)) &&
           array_reserve(&lattice->expected, &lattice->expected_capacity, n, row);
}

static void fill_powers(const struct problem *problem, size_t style, struct powers *powers)
{
    const double *weight = problem->learned.styles->weights + style_begin(style);
    for (size_t to = 0; to < N_ROLES; to++) {
        powers->begin[to] = role_may_begin_page((enum role)to) ? exp(weight[to]) : 0;
        powers->end[to] = exp(weight[N_ROLES + to]);
    }
    for (unsigned gap = 0; gap < GAPS; gap++)
        for (size_t from = 0; from < N_ROLES; from++)
            for (size_t to = 0; to < N_ROLES; to++)
                powers->transition[gap][from][to] =
                    role_may_follow((enum role)from, (enum role)to)
                        ? exp(problem->learned.styles
                                  ->weights[transition_at(style, gap, from) + to])
                        : 0;
}

static void score_line(const struct problem *problem, size_t line, double *score)
{
    float sum[WIDTH] = {0};
    size_t end = problem->line_begin[line + 1];
    for (size_t i = problem->line_begin[line]; i < end; i++) {
        const float *weight = problem->learned.weights[problem->ids[i]];
        __builtin_prefetch(problem->learned.weights[problem->ids[i + AHEAD < end ? i + AHEAD : i]]);
        if (is_left_out(problem, problem->ids[i]))
            continue;
        for (int role = 0; role < WIDTH; role++)
            sum[role] += weight[role];
    }
    for (int role = 0; role < N_ROLES; role++)
        score[role] = (double)(sum[role] / share_kept());
}

/* What is taken for one another at little cost. */
enum part {
    PART_AROUND,
    PART_HEAD,
    PART_HEAD_MORE,
    PART_NAME,
    PART_TEXT,
    PART_TEXT_MORE,
    PART_SECTION
};

static enum part part_of(enum role role)
{
    static const uint8_t parts[N_ROLES] = {
        [ROLE_KICKER] = PART_HEAD,
        [ROLE_HEADLINE] = PART_HEAD,
        [ROLE_HEADLINE_MORE] = PART_HEAD_MORE,
        [ROLE_SUBHEAD] = PART_HEAD_MORE,
        [ROLE_BYLINE] = PART_NAME,
        [ROLE_SIGNATURE] = PART_NAME,
        [ROLE_LEAD] = PART_TEXT,
        [ROLE_BODY] = PART_TEXT,
        [ROLE_BODY_MORE] = PART_TEXT_MORE,
        [ROLE_SECTION] = PART_SECTION,
    };
    return (enum part)parts[role];
}

static double margin_of(enum role truth, enum role role)
{
    enum part wanted = part_of(truth), part = part_of(role);
    if (wanted == part)
        return 0;
    return wanted == PART_HEAD || part == PART_HEAD ? MARGIN : MARGIN / 2;
}

static void score_lines(const struct problem *problem, const struct labelled_page *page,
                        size_t begin, struct lattice *lattice)
{
    for (size_t i = 0; i < page->lines.n; i++) {
        double *score = lattice->score + i * N_ROLES, highest = -DBL_MAX;
        score_line(problem, begin + i, score);
        for (int to = 0; to < N_ROLES; to++)
            score[to] += margin_of(page->roles[i], (enum role)to);
        for (int to = 0; to < N_ROLES; to++)
            highest = score[to] > highest ? score[to] : highest;
        for (int to = 0; to < N_ROLES; to++)
            score[to] = exp(score[to] - highest);
    }
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

/* Adds the counts that a style makes us expect, times its probability `share`, to the gradient,
 * and those of the lines to expected[n][N_ROLES]. */
static void go_back(const struct problem *problem, size_t n, size_t begin, size_t style,
                    const struct powers *powers, const struct lattice *lattice, double share,
                    double *expected, double *gradient)
{
    const double *forward = lattice->forward + style * n * N_ROLES;
    const double *divisor = lattice->divisor + style * n;
    double after[N_ROLES], end = 0, *own = gradient + style_begin(style);
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
            double *pairs = gradient + transition_at(style, gap, from);
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

/* Takes the true counts off the gradient, and off what is expected of the lines. */
static void subtract_truth(const struct problem *problem, const struct labelled_page *page,
                           size_t begin, double *expected, double *gradient)
{
    size_t n = page->lines.n;
    double *own = gradient + style_begin(page->style);
    own[page->roles[0]] -= 1;
    own[N_ROLES + page->roles[n - 1]] -= 1;
    for (size_t i = 1; i < n; i++)
        gradient[transition_at(page->style, problem->gaps[begin + i], page->roles[i - 1]) +
                 page->roles[i]] -= 1;
    for (size_t i = 0; i < n; i++)
        expected[i * N_ROLES + page->roles[i]] -= 1;
}

/* Fills the gradient of the logarithm of a page's true style and roles, times the page's weight:
 * that of the styles' weights, and in lattice->expected what each line adds to those of its
 * features. */
static void find_gradient(const struct problem *problem, size_t p, struct lattice *lattice,
                          const struct powers *powers, double *gradient)
{
    const struct labelled_page *page = &problem->trainer->set->pages[p];
    size_t n = page->lines.n, begin = problem->page_begin[p];
    double total[N_STYLES], highest = -DBL_MAX, sum = 0;
    score_lines(problem, page, begin, lattice);
    for (size_t style = 0; style < N_STYLES; style++) {
        total[style] =
            go_forward(problem, n, begin, &powers[style], lattice->score,
                       lattice->forward + style * n * N_ROLES, lattice->divisor + style * n);
        highest = total[style] > highest ? total[style] : highest;
    }
    for (size_t style = 0; style < N_STYLES; style++)
        sum += exp(total[style] - highest);
    memset(gradient, 0, ALL_STYLE_WEIGHTS * sizeof *gradient);
    memset(lattice->expected, 0, n * N_ROLES * sizeof *lattice->expected);
    for (size_t style = 0; style < N_STYLES; style++)
        go_back(problem, n, begin, style, &powers[style], lattice,
                exp(total[style] - highest) / sum, lattice->expected, gradient);
    subtract_truth(problem, page, begin, lattice->expected, gradient);
    for (size_t i = 0; i < ALL_STYLE_WEIGHTS; i++)
        gradient[i] *= page->weight;
    for (size_t i = 0; i < n * N_ROLES; i++)
        lattice->expected[i] *= page->weight;
}

/* ---- learning ---- */

/* Keeps the first steps, and divisions, in bounds. */
static const float LEAST_SQUARE = 1e-8F;

/* The square of a gradient that teaches nothing. */
static const float LEAST_SURPRISE = 1e-5F;

static void take_step(float *restrict weight, float *restrict square,
                      const float *restrict gradient, const float *restrict squared)
{
    for (int role = 0; role < WIDTH; role++)
        square[role] += squared[role];
    for (int role = 0; role < WIDTH; role++)
        weight[role] -= gradient[role] / sqrtf(square[role] + LEAST_SQUARE);
}

/* Moves the weights of a line's features against their gradient. */
static void learn_line(struct problem *problem, size_t line, const double *expected)
{
    struct learned *learned = &problem->learned;
    float gradient[WIDTH] = {0}, squared[WIDTH], most = 0;
    for (int role = 0; role < N_ROLES; role++)
        gradient[role] = (float)expected[role] / share_kept();
    for (int role = 0; role < WIDTH; role++) {
        squared[role] = gradient[role] * gradient[role];
        most = squared[role] > most ? squared[role] : most;
        gradient[role] *= problem->step;
    }
    if (most < LEAST_SURPRISE)
        return; /* it is as expected */
    size_t end = problem->line_begin[line + 1];
    for (size_t i = problem->line_begin[line]; i < end; i++) {
        __builtin_prefetch(learned->squares[problem->ids[i + AHEAD < end ? i + AHEAD : i]], 1);
        if (!is_left_out(problem, problem->ids[i]))
            take_step(learned->weights[problem->ids[i]], learned->squares[problem->ids[i]],
                      gradient, squared);
    }
}

static void learn_styles(const struct problem *problem)
{
    struct styles *styles = problem->learned.styles;
    for (size_t i = 0; i < ALL_STYLE_WEIGHTS; i++) {
        double gradient = styles->gradient[i];
        styles->squares[i] += gradient * gradient;
        styles->weights[i] -=
            (double)problem->step * gradient / sqrt(styles->squares[i] + (double)LEAST_SQUARE);
    }
}

static bool learn_page(struct problem *problem, size_t p, struct lattice *lattice)
{
    struct styles *styles = problem->learned.styles;
    size_t n = problem->trainer->set->pages[p].lines.n;
    if (n == 0)
        return true;
    if (!reserve(lattice, n))
        return false;
    for (size_t style = 0; style < N_STYLES; style++)
        fill_powers(problem, style, &styles->powers[style]);
    find_gradient(problem, p, lattice, styles->powers, styles->gradient);
    learn_styles(problem);
    for (size_t i = 0; i < n; i++)
        learn_line(problem, problem->page_begin[p] + i, lattice->expected + i * N_ROLES);
    return true;
}

/* Draws the weights to 0, as the prior does on so great a part of the pages. */
static void heed_prior(struct problem *problem, double part)
{
    struct learned *learned = &problem->learned;
    float pull = (float)(part / problem->trainer->variance) * problem->step;
    for (size_t f = 0; f < problem->n_features; f++)
        for (int role = 0; role < WIDTH; role++)
            learned->weights[f][role] /= 1 + pull / sqrtf(learned->squares[f][role] + LEAST_SQUARE);
    for (size_t i = 0; i < ALL_STYLE_WEIGHTS; i++)
        learned->styles->weights[i] /=
            1 + (double)pull / sqrt(learned->styles->squares[i] + (double)LEAST_SQUARE);
}

static void add_to_means(struct problem *problem)
{
    struct learned *learned = &problem->learned;
    for (size_t f = 0; f < problem->n_features; f++)
        for (int role = 0; role < WIDTH; role++)
            learned->means[f][role] += learned->weights[f][role] / EPOCHS_KEPT;
    for (size_t i = 0; i < ALL_STYLE_WEIGHTS; i++)
        learned->styles->means[i] += learned->styles->weights[i] / EPOCHS_KEPT;
}

static void shuffle(size_t *order, size_t n, uint64_t *random)
{
    for (size_t i = n; i-- > 1;) {
        size_t other = random_next(random) % (i + 1), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}

/* Goes through the pages again and again, in another order each time; in the second half the steps
 * grow shorter. */
static bool learn(struct problem *problem, size_t *order)
{
    size_t n = problem->trainer->set->n, since = 0;
    struct lattice lattice = {0};
    uint64_t random = 0;
    bool good = true;
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (int epoch = 0; epoch < EPOCHS && good; epoch++) {
        float left = 2 * (float)(EPOCHS - epoch) / EPOCHS;
        problem->step = STEP * (left < 1 ? left : 1);
        shuffle(order, n, &random);
        for (size_t i = 0; i < n && good; i++) {
            draw_noise(problem, &random);
            good = learn_page(problem, order[i], &lattice);
            since++;
            if (since * PRIOR_TIMES < n && i + 1 < n)
                continue;
            heed_prior(problem, (double)since / (double)n);
            since = 0;
        }
        if (epoch + EPOCHS_KEPT >= EPOCHS)
            add_to_means(problem);
    }
    release_lattice(&lattice);
    return good;
}

/* ---- what is kept ---- */

static float largest(const float *weights)
{
    float most = 0;
    for (int role = 0; role < N_ROLES; role++)
        most = fabsf(weights[role]) > most ? fabsf(weights[role]) : most;
    return most;
}

static void put_row(struct chain_row *rows, uint32_t bits, uint64_t feature, const float *weights,
                    float scale)
{
    uint32_t mask = (UINT32_C(1) << bits) - 1, at = chain_bucket(feature, bits);
    while (rows[at].fingerprint != 0)
        at = (at + 1) & mask;
    rows[at].fingerprint = chain_fingerprint(feature);
    for (int role = 0; role < N_ROLES; role++)
        rows[at].weight[role] = (int16_t)lrintf(weights[role] / scale);
}

static bool write_chain(const struct problem *problem, struct buffer *bytes)
{
    const struct learned *learned = &problem->learned;
    size_t kept = 0, head_size = (sizeof(struct chain_head) + 63) / 64 * 64;
    float most = LEAST_WEIGHT;
    for (size_t i = 0; i < problem->n_features; i++) {
        float size = largest(learned->means[i]);
        kept += size >= LEAST_WEIGHT;
        most = size > most ? size : most;
    }
    struct chain_head head = {
        .n_roles = N_ROLES, .bits = 4, .scale = most / INT16_MAX, .version = CHAIN_VERSION};
    while ((size_t)3 << head.bits < kept * 4)
        head.bits++;
    for (size_t i = 0; i < ALL_STYLE_WEIGHTS; i++)
        (&head.style[0].begin[0])[i] = (float)learned->styles->means[i];
    size_t size = head_size + (sizeof(struct chain_row) << head.bits);
    buffer_clear(bytes);
    if (!buffer_reserve(bytes, size))
        return false;
    memset(bytes->bytes, 0, size);
    memcpy(bytes->bytes, &head, sizeof head);
    bytes->size = size;
    struct chain_row *rows = (struct chain_row *)(void *)(bytes->bytes + head_size);
    for (size_t i = 0; i < problem->n_features; i++)
        if (largest(learned->means[i]) >= LEAST_WEIGHT)
            put_row(rows, head.bits, problem->features[i], learned->means[i], head.scale);
    return true;
}

fenlei_status chain_train(const struct chain_trainer *trainer, struct buffer *bytes,
                          fenlei_error *error)
{
    struct problem problem = {.trainer = trainer};
    size_t *order = array_new(trainer->set->n + 1, sizeof *order);
    bool good = order != NULL && prepare(&problem) && learn(&problem, order) &&
                write_chain(&problem, bytes);
    free(order);
    release(&problem);
    return good ? FENLEI_OK : error_memory(error);
}
