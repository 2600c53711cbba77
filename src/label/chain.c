/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/chain.h"

#include "label/character.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A sequence that cannot be. Sums of a few of them stay finite. */
static const float NEVER = -1e30F;

enum { LANES = CHAIN_LANES };

/* The transitions of one page of a style after one gap: logarithms and powers of e. What is summed
 * up stands in the columns, side by side. */
struct step {
    float score[N_ROLES][LANES];  /* [role][next] */
    float power[N_ROLES][LANES];  /* [role][next] */
    float behind[N_ROLES][LANES]; /* [next][role] the same powers */
    float begins[N_ROLES][LANES]; /* [next][role] those by which an article begins */
};

struct transitions {
    float begin[LANES], end[N_ROLES];
    struct step after[GAPS];
};

/* ---- the view ---- */

static bool are_finite(const float *values, size_t n)
{
    bool finite = true;
    for (size_t i = 0; i < n; i++)
        finite &= fabsf(values[i]) <= 1e6F;
    return finite;
}

bool chain_is_foreign(const void *bytes, size_t size)
{
    const struct chain_head *head = bytes;
    return size >= sizeof *head && head->version != CHAIN_VERSION;
}

bool chain_view(struct chain *chain, const void *bytes, size_t size)
{
    *chain = (struct chain){0};
    if (size == 0)
        return true;
    const struct chain_head *head = bytes;
    size_t head_size = (sizeof *head + 63) / 64 * 64;
    if (size < head_size || head->n_roles != N_ROLES || head->version != CHAIN_VERSION ||
        head->bits < 1 || head->bits > 28 ||
        size != head_size + (sizeof *chain->rows << head->bits) || !(head->scale > 0) ||
        !are_finite(&head->scale, 1) ||
        !are_finite(&head->style[0].begin[0], sizeof head->style / (sizeof(float))))
        return false;
    chain->head = head;
    chain->rows = (const struct chain_row *)((const char *)bytes + head_size);
    return true;
}

/* ---- the lines ---- */

/* NULL where no feature of training is meant. A full table has no end: as many steps as rows. */
static const struct chain_row *find_row(const struct chain *chain, uint64_t feature)
{
    uint32_t bits = chain->head->bits, mask = (UINT32_C(1) << bits) - 1;
    uint32_t at = chain_bucket(feature, bits), fingerprint = chain_fingerprint(feature);
    for (uint32_t step = 0; step <= mask; step++, at = (at + 1) & mask) {
        if (chain->rows[at].fingerprint == fingerprint)
            return &chain->rows[at];
        if (chain->rows[at].fingerprint == 0)
            return NULL;
    }
    return NULL;
}

/* A row is added up as a whole: what comes of its fingerprint is left out. */
static void sum_features(const struct chain *chain, const uint64_t *features, size_t n,
                         float *potential)
{
    enum { BEFORE = offsetof(struct chain_row, weight) / sizeof(int16_t) };
    enum { NUMBERS = sizeof(struct chain_row) / sizeof(int16_t) };
    int32_t sum[NUMBERS] = {0};
    for (size_t i = 0; i < n; i++)
        __builtin_prefetch(&chain->rows[chain_bucket(features[i], chain->head->bits)]);
    for (size_t i = 0; i < n; i++) {
        const struct chain_row *row = find_row(chain, features[i]);
        int16_t numbers[NUMBERS];
        if (row == NULL)
            continue;
        memcpy(numbers, row, sizeof numbers);
        for (int k = 0; k < NUMBERS; k++)
            sum[k] += numbers[k];
    }
    memset(potential, 0, LANES * sizeof *potential);
    for (int role = 0; role < N_ROLES; role++)
        potential[role] = (float)sum[BEFORE + role] * chain->head->scale;
}

/* All lines are of one article: nothing stands outside it, and only one begins. */
static bool is_of_one_article(enum role role)
{
    return role != ROLE_FURNITURE && role != ROLE_INTERRUPTION && role != ROLE_SPONSOR;
}

static void fill_transitions(const struct chain_style *style, bool whole, struct transitions *made)
{
    *made = (struct transitions){0};
    for (int from = 0; from < N_ROLES; from++)
        for (int to = 0; to < N_ROLES; to++) {
            enum role role = (enum role)from, next = (enum role)to;
            bool may = role_may_follow(role, next), begins = role_begins(role, next);
            if (whole && (!is_of_one_article(next) || (begins && next != ROLE_LEAD)))
                may = false;
            for (int gap = 0; gap < GAPS; gap++) {
                struct step *step = &made->after[gap];
                float score = may ? style->transition[gap][from][to] : NEVER;
                float power = may ? expf(score) : 0;
                step->score[from][to] = score;
                step->power[from][to] = step->behind[to][from] = power;
                step->begins[to][from] = begins ? power : 0;
            }
        }
    for (int to = 0; to < N_ROLES; to++) {
        enum role role = (enum role)to;
        bool may = role_may_begin_page(role) && !(whole && !is_of_one_article(role));
        made->begin[to] = may ? style->begin[to] : NEVER;
        made->end[to] = style->end[to];
    }
}

/* ---- the best sequence (Viterbi) ---- */

/* Moves the scores of the best sequences on by one line; a million lines stay exact, for the
 * highest is taken off each time and returned. */
static float step_best(const float score[N_ROLES][LANES], const float *potential, float *best,
                       uint8_t *back)
{
    float next[LANES], highest = -FLT_MAX;
    int32_t origin[LANES] = {0};
    for (int to = 0; to < LANES; to++)
        next[to] = best[0] + score[0][to];
    for (int from = 1; from < N_ROLES; from++) {
        float sum[LANES];
        for (int to = 0; to < LANES; to++)
            sum[to] = best[from] + score[from][to];
        for (int to = 0; to < LANES; to++)
            origin[to] = sum[to] > next[to] ? from : origin[to];
        for (int to = 0; to < LANES; to++)
            next[to] = sum[to] > next[to] ? sum[to] : next[to];
    }
    for (int to = 0; to < N_ROLES; to++) {
        back[to] = (uint8_t)origin[to];
        next[to] += potential[to];
        highest = next[to] > highest ? next[to] : highest;
    }
    for (int role = 0; role < N_ROLES; role++)
        best[role] = next[role] - highest > NEVER ? next[role] - highest : NEVER;
    return highest;
}

/* Finds the best roles of a page of that style; returns their score. */
static double find_best(struct chain_scratch *scratch, struct lines *lines,
                        const struct transitions *transitions)
{
    float best[N_ROLES];
    double total = 0;
    for (int role = 0; role < N_ROLES; role++)
        best[role] = transitions->begin[role] + scratch->potential[role];
    for (size_t i = 1; i < lines->n; i++)
        total +=
            (double)step_best(transitions->after[cues_gap(&scratch->cues, &lines->of[i])].score,
                              scratch->potential + i * LANES, best, scratch->back + i * LANES);
    int role = 0;
    for (int other = 1; other < N_ROLES; other++)
        if (best[other] + transitions->end[other] > best[role] + transitions->end[role])
            role = other;
    total += (double)(best[role] + transitions->end[role]);
    for (size_t i = lines->n; i-- > 0;) {
        lines->of[i].role = (uint8_t)role;
        role = i > 0 ? scratch->back[i * LANES + (size_t)role] : role;
    }
    return total;
}

/* ---- probabilities (forward and backward) ---- */

/* Turns the potentials into powers of e, the highest of each line being 1. */
static void exponentiate(float *potential, size_t n)
{
    for (size_t i = 0; i < n; i++, potential += LANES) {
        float highest = potential[0];
        for (int role = 1; role < N_ROLES; role++)
            highest = potential[role] > highest ? potential[role] : highest;
        for (int role = 0; role < N_ROLES; role++)
            potential[role] = expf(potential[role] - highest);
    }
}

/* Divides by the sum, and returns it. */
static float normalise(float *values)
{
    float sum = 0;
    for (int role = 0; role < N_ROLES; role++)
        sum += values[role];
    for (int role = 0; role < N_ROLES && sum > 0; role++)
        values[role] /= sum;
    return sum;
}

/* Fills the forward sums; returns the logarithm of the sum over all sequences, but for what the
 * potentials were divided by. */
static double go_forward(const struct chain_scratch *scratch, const struct lines *lines,
                         const struct transitions *transitions, float *forward)
{
    double total = 0;
    for (int role = 0; role < N_ROLES; role++) {
        float score = transitions->begin[role];
        forward[role] = score > NEVER ? expf(score) * scratch->potential[role] : 0;
    }
    total += log((double)normalise(forward));
    for (size_t i = 1; i < lines->n; i++) {
        const struct step *step = &transitions->after[cues_gap(&scratch->cues, &lines->of[i])];
        const float *before = forward + (i - 1) * LANES,
                    *potential = scratch->potential + i * LANES;
        float *now = forward + i * LANES, sum[LANES] = {0};
        for (int from = 0; from < N_ROLES; from++)
            for (int to = 0; to < LANES; to++)
                sum[to] += before[from] * step->power[from][to];
        for (int to = 0; to < LANES; to++)
            now[to] = sum[to] * potential[to];
        total += log((double)normalise(now));
    }
    float end = 0;
    for (int role = 0; role < N_ROLES; role++)
        end += forward[(lines->n - 1) * LANES + (size_t)role] * expf(transitions->end[role]);
    return total + log((double)end);
}

/* Adds to the probabilities of line i, times `share`, given what is behind it: after[role] is in
 * proportion to the probability of all that follows. Moves `after` to the line before. */
static void weigh_line(const struct chain_scratch *scratch, struct lines *lines,
                       const struct transitions *transitions, const float *forward, size_t i,
                       float share, float *after)
{
    struct line *line = &lines->of[i];
    const float *potential = scratch->potential + i * LANES;
    float total = 0, title = 0, begins = 0, pairs = 0, own[N_ROLES];
    for (int role = 0; role < N_ROLES; role++) {
        float weight = forward[i * LANES + (size_t)role] * after[role];
        total += weight;
        title += role_is_title((enum role)role) ? weight : 0;
        own[role] = potential[role] * after[role];
    }
    line->is_title += total > 0 ? share * title / total : 0;
    if (i == 0) {
        line->begins += share;
        return;
    }
    const struct step *step = &transitions->after[cues_gap(&scratch->cues, line)];
    const float *before = forward + (i - 1) * LANES;
    float earlier[LANES] = {0}, beginning[LANES] = {0};
    for (int to = 0; to < N_ROLES; to++)
        for (int from = 0; from < LANES; from++) {
            earlier[from] += step->behind[to][from] * own[to];
            beginning[from] += step->begins[to][from] * own[to];
        }
    for (int from = 0; from < N_ROLES; from++) {
        begins += before[from] * beginning[from];
        pairs += before[from] * earlier[from];
    }
    line->begins += pairs > 0 ? share * begins / pairs : 0;
    normalise(earlier);
    memcpy(after, earlier, N_ROLES * sizeof *after);
}

static void find_probabilities(struct chain_scratch *scratch, struct lines *lines)
{
    const struct transitions *transitions = scratch->transitions;
    size_t size = lines->n * LANES;
    double total[N_STYLES], highest = -DBL_MAX, sum = 0;
    exponentiate(scratch->potential, lines->n);
    for (size_t style = 0; style < N_STYLES; style++) {
        total[style] =
            go_forward(scratch, lines, &transitions[style], scratch->forward + style * size);
        highest = total[style] > highest ? total[style] : highest;
    }
    for (int style = 0; style < N_STYLES; style++)
        sum += exp(total[style] - highest);
    for (size_t i = 0; i < lines->n; i++)
        lines->of[i].begins = lines->of[i].is_title = 0;
    for (size_t style = 0; style < N_STYLES; style++) {
        float after[N_ROLES], share = (float)(exp(total[style] - highest) / sum);
        for (int role = 0; role < N_ROLES; role++)
            after[role] = expf(transitions[style].end[role]);
        for (size_t i = lines->n; i-- > 0;)
            weigh_line(scratch, lines, &transitions[style], scratch->forward + style * size, i,
                       share, after);
    }
}

/* The best roles of the style that has the best of all. */
static void find_roles(struct chain_scratch *scratch, struct lines *lines)
{
    const struct transitions *transitions = scratch->transitions;
    int best = 0;
    double highest = 0;
    for (int style = 0; style < N_STYLES; style++) {
        double score = find_best(scratch, lines, &transitions[style]);
        if (style == 0 || score > highest) {
            best = style;
            highest = score;
        }
    }
    if (best != N_STYLES - 1)
        find_best(scratch, lines, &transitions[best]);
}

/* What a line cannot be by its form alone, whatever its words are: a date or a note of a record is
 * no headline, and begins no text, but where lines are broken. */
static void forbid_roles(const struct page_style *style, const struct line *line, float *potential)
{
    static const float HARDLY = -30;
    for (int i = 0; i < N_ROLES && (line->is_date || line->is_note); i++) {
        enum role role = (enum role)i;
        bool begins_text = role == ROLE_LEAD || role == ROLE_BODY;
        if (role_is_title(role) || (begins_text && style->full_width == 0))
            potential[i] += HARDLY;
    }
}

/* Does the line break off within a sentence, though it is no headline? */
static bool breaks_off(const struct line *line)
{
    enum { TEXT_LEAST = 60, COMMA = 0x3001 };
    uint16_t last = line->n_tail > 0 ? line->tail[line->n_tail - 1] : 0;
    bool is_text = line->stops > 0 || (line->letters >= TEXT_LEAST && line->commas > 0);
    return is_text && !line->is_finished &&
           (character_is_han(last) || last == ',' || last == COMMA);
}

static bool is_short(const struct line *line)
{
    enum { SHORT_MOST = 24 };
    return line->letters <= SHORT_MOST && line->stops == 0;
}

/* What stands between a line that breaks off within a sentence and one that ends a sentence seldom
 * ends the article, and is seldom a name: it is what a page has between two columns. */
static void keep_together(const struct page_style *style, const struct lines *lines,
                          float *potential)
{
    enum { BETWEEN_MOST = 3 };
    static const float SELDOM = -5, AT_TIMES = -3;
    for (size_t i = 0; i + 2 < lines->n && style->full_width == 0; i++) {
        size_t n = 0;
        if (!breaks_off(&lines->of[i]))
            continue;
        while (n < BETWEEN_MOST && i + n + 2 < lines->n && is_short(&lines->of[i + n + 1]) &&
               (n == 0 || lines->of[i + n].digits + lines->of[i + n + 1].digits > 0))
            n++;
        const struct line *next = &lines->of[i + n + 1];
        if (!next->is_finished || next->stops == 0)
            continue;
        for (size_t k = i + 1; k <= i + n; k++) {
            potential[k * LANES + ROLE_FURNITURE] += SELDOM;
            potential[k * LANES + ROLE_SPONSOR] += SELDOM;
            potential[k * LANES + ROLE_BYLINE] += AT_TIMES;
        }
    }
}

bool chain_decode(const struct chain *chain, struct chain_scratch *scratch, struct lines *lines,
                  bool whole)
{
    size_t n = lines->n;
    if (n == 0)
        return true;
    if (!cues_begin(&scratch->cues, lines) ||
        !array_reserve(&scratch->potential, &scratch->potential_capacity, n,
                       LANES * sizeof *scratch->potential) ||
        !array_reserve(&scratch->forward, &scratch->forward_capacity, n,
                       (size_t)N_STYLES * LANES * sizeof *scratch->forward) ||
        !array_reserve(&scratch->back, &scratch->back_capacity, n, LANES))
        return false;
    if (scratch->transitions == NULL)
        scratch->transitions = array_new(N_STYLES, sizeof *scratch->transitions);
    if (scratch->transitions == NULL)
        return false;
    for (int style = 0; style < N_STYLES; style++)
        fill_transitions(&chain->head->style[style], whole, &scratch->transitions[style]);
    for (size_t i = 0; i < n; i++) {
        uint64_t features[CUES_MOST];
        size_t n_features = cues_of(&scratch->cues, lines, i, features);
        sum_features(chain, features, n_features, scratch->potential + i * LANES);
        forbid_roles(&scratch->cues.style, &lines->of[i], scratch->potential + i * LANES);
    }
    keep_together(&scratch->cues.style, lines, scratch->potential);
    find_roles(scratch, lines);
    find_probabilities(scratch, lines);
    return true;
}

size_t chain_memory(const struct chain_scratch *scratch)
{
    return cues_memory(&scratch->cues) +
           (scratch->transitions != NULL ? N_STYLES * sizeof *scratch->transitions : 0) +
           (scratch->potential_capacity + scratch->forward_capacity * N_STYLES) * LANES *
               sizeof(float) +
           scratch->back_capacity * LANES;
}

void chain_release(struct chain_scratch *scratch)
{
    cues_release(&scratch->cues);
    free(scratch->transitions);
    free(scratch->potential);
    free(scratch->forward);
    free(scratch->back);
    *scratch = (struct chain_scratch){0};
}
