/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/detect.h"

#include "base/status.h"
#include "label/reading.h"
#include "label/surprisal.h"

#include <stdlib.h>
#include <string.h>

/* A byte order mark outweighs a few damaged bytes, but not a whole text. Units of two and four
 * bytes seldom go without one. */
enum { MARK_BITS = 80, UNMARKED_BITS = 14 };

/* That lines are in different encodings is rarer than a damaged byte or two; where it is so, the
 * encoding may change often. */
enum { MIXED_BITS = 50, CHANGE_BITS = 6 };

/* Beyond ASCII, text surprises by 9 to 15 bits a character, gibberish by 16 and more. */
enum { GIBBERISH_BITS = 16 };

/* A byte of text surprises by less in an encoding with plain lines; text in another one, read as
 * if it were, by more. */
enum { TEXT_BITS = 7 };

enum { ENCODING_SHIFT = 4, BITS_A_CHANGE = 2 };

/* ---- lines ---- */

/* The lines read so far, in bits: all in one encoding, or changing, with the last one in it. */
struct line_costs {
    uint64_t alone[N_PLAIN_LINES];
    uint64_t changing[N_PLAIN_LINES];
};

static int cheapest(const uint64_t *costs, int n)
{
    int best = 0;
    for (int i = 1; i < n; i++)
        if (costs[i] < costs[best])
            best = i;
    return best;
}

/* So many characters beyond ASCII that read as plain text in one encoding are not by chance. In
 * another one, they would be at least so many times as surprising. */
enum { PLAIN_CHARACTERS = 8, TIMES_AS_SURPRISING = 2 };

static bool is_ascii(const uint8_t *bytes, size_t size)
{
    size_t i = 0;
    while (i < size && bytes[i] < 0x80)
        i++;
    return i == size;
}

static bool is_plain(int encoding, const uint8_t *line, size_t size, uint64_t *bits)
{
    struct reading_sum sum;
    if (!reading_is_plain(&encodings[encoding], line, size, NULL, &sum))
        return false;
    *bits = sum.bits;
    return sum.beyond_ascii >= PLAIN_CHARACTERS;
}

/* What the line costs in each encoding. That of `likely` is tried first. */
static void weigh_line(int likely, const uint8_t *line, size_t size, uint64_t costs[N_PLAIN_LINES])
{
    uint64_t bits;
    for (int i = 0; i < N_PLAIN_LINES; i++) {
        int encoding = (likely + i) % N_PLAIN_LINES;
        if (!is_plain(encoding, line, size, &bits))
            continue;
        for (int k = 0; k < N_PLAIN_LINES; k++)
            costs[k] = k == encoding ? bits : bits * TIMES_AS_SURPRISING;
        return;
    }
    for (int i = 0; i < N_PLAIN_LINES; i++)
        costs[i] = i > 0 && is_ascii(line, size)
                       ? costs[0]
                       : reading_find(&encodings[i], line, size, INT64_MAX, NULL);
}

/* Adds a line. Returns for each encoding which one the line before it is in, BITS_A_CHANGE each. */
static unsigned add_line(struct line_costs *costs, const uint8_t *line, size_t size)
{
    const struct line_costs before = *costs;
    const int best = cheapest(before.changing, N_PLAIN_LINES);
    uint64_t bits[N_PLAIN_LINES];
    unsigned changes = 0;
    weigh_line(best, line, size, bits);
    for (int i = 0; i < N_PLAIN_LINES; i++) {
        bool changed = before.changing[best] + CHANGE_BITS < before.changing[i];
        costs->alone[i] += bits[i];
        costs->changing[i] =
            (changed ? before.changing[best] + CHANGE_BITS : before.changing[i]) + bits[i];
        changes |= (unsigned)(changed ? best : i) << (BITS_A_CHANGE * i);
    }
    return changes;
}

static bool has_mark(int encoding, const uint8_t *bytes, size_t size)
{
    const struct encoding *e = &encodings[encoding];
    return e->mark_size > 0 && size >= e->mark_size && memcmp(bytes, e->mark, e->mark_size) == 0;
}

/* What having no mark costs. */
static uint64_t cost_of_mark(int encoding, const uint8_t *bytes, size_t size)
{
    if (has_mark(encoding, bytes, size))
        return 0;
    return encoding < N_PLAIN_LINES ? MARK_BITS : MARK_BITS + UNMARKED_BITS;
}

static size_t line_size(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = memchr(bytes, '\n', size);
    return end == NULL ? size : (size_t)(end - bytes) + 1;
}

/* plan->changes gets a byte a line, as add_line() returns it. */
static struct line_costs weigh_lines(struct plan *plan, const uint8_t *bytes, size_t size)
{
    struct line_costs costs;
    for (int i = 0; i < N_PLAIN_LINES; i++) {
        costs.alone[i] = cost_of_mark(i, bytes, size);
        costs.changing[i] = costs.alone[i] + MIXED_BITS;
    }
    for (size_t at = 0, length; at < size; at += length) {
        length = line_size(bytes + at, size - at);
        char changes = (char)add_line(&costs, bytes + at, length);
        buffer_append(&plan->changes, &changes, 1);
    }
    return costs;
}

/* ---- plans ---- */

size_t plan_read(const struct plan *plan, const uint8_t *bytes, size_t size, size_t at,
                 uint32_t *character)
{
    uint8_t step = plan->steps[at];
    *character = 0xFFFD;
    if ((step & STEP_REPLACED) == 0)
        encodings[step >> ENCODING_SHIFT].read(bytes + at, size - at, character);
    return step & STEP_SIZE;
}

bool plan_replaces(const struct plan *plan, size_t at)
{
    return (plan->steps[at] & STEP_REPLACED) != 0;
}

static void name_encoding(uint8_t *steps, size_t size, int encoding)
{
    for (size_t i = 0; i < size; i++)
        steps[i] |= (uint8_t)(encoding << ENCODING_SHIFT);
}

static void plan_passage(struct plan *plan, int encoding, const uint8_t *bytes, size_t at,
                         size_t size)
{
    struct reading_sum sum;
    if (!reading_is_plain(&encodings[encoding], bytes + at, size, plan->steps + at, &sum))
        reading_find(&encodings[encoding], bytes + at, size, 0, plan->steps + at);
    name_encoding(plan->steps + at, size, encoding);
}

static void set_alone(struct plan *plan, int encoding)
{
    plan->encoding = plan->other_encoding = encoding;
    plan->other_lines = plan->other_line = 0;
}

static void plan_all(struct plan *plan, int encoding, const uint8_t *bytes, size_t size)
{
    set_alone(plan, encoding);
    for (size_t at = 0, length; at < size; at += length) {
        length = encoding < N_PLAIN_LINES ? line_size(bytes + at, size - at) : size;
        plan_passage(plan, encoding, bytes, at, length);
    }
}

static size_t line_start(const uint8_t *bytes, size_t end)
{
    const uint8_t *before = end > 1 ? memrchr(bytes, '\n', end - 1) : NULL;
    return before == NULL ? 0 : (size_t)(before - bytes) + 1;
}

/* How many lines beyond ASCII are in each encoding, and the first of them, from 1. */
struct census {
    size_t lines[N_PLAIN_LINES], first[N_PLAIN_LINES];
};

static void set_others(struct plan *plan, const struct census *census)
{
    plan->encoding = 0;
    for (int i = 1; i < N_PLAIN_LINES; i++)
        if (census->lines[i] > census->lines[plan->encoding])
            plan->encoding = i;
    plan->other_lines = plan->other_line = 0;
    for (int i = 0; i < N_PLAIN_LINES; i++) {
        if (i == plan->encoding || census->lines[i] == 0)
            continue;
        plan->other_lines += census->lines[i];
        if (plan->other_line == 0 || census->first[i] < plan->other_line) {
            plan->other_line = census->first[i];
            plan->other_encoding = i;
        }
    }
}

/* Every line in its own encoding, the last in `encoding`; from the end to the front, as the changes
 * are known. */
static void plan_lines(struct plan *plan, int encoding, const uint8_t *bytes, size_t size)
{
    struct census census = {{0}, {0}};
    size_t start, line = plan->changes.size;
    for (size_t end = size; end > 0; end = start, line--) {
        start = line_start(bytes, end);
        plan_passage(plan, encoding, bytes, start, end - start);
        if (!is_ascii(bytes + start, end - start)) {
            census.lines[encoding]++;
            census.first[encoding] = line;
        }
        unsigned changes = (uint8_t)plan->changes.bytes[line - 1];
        encoding = (int)(changes >> (BITS_A_CHANGE * encoding) & ((1 << BITS_A_CHANGE) - 1));
    }
    set_others(plan, &census);
}

static fenlei_status reserve_steps(struct plan *plan, size_t size, fenlei_error *error)
{
    return array_reserve(&plan->steps, &plan->capacity, size, sizeof *plan->steps)
               ? FENLEI_OK
               : error_memory(error);
}

fenlei_status plan_for(struct plan *plan, int encoding, const uint8_t *bytes, size_t size,
                       fenlei_error *error)
{
    fenlei_status status = reserve_steps(plan, size, error);
    if (status != FENLEI_OK)
        return status;
    set_alone(plan, encoding);
    if (!reading_is_valid(&encodings[encoding], bytes, size, plan->steps))
        reading_find(&encodings[encoding], bytes, size, 0, plan->steps);
    name_encoding(plan->steps, size, encoding);
    return FENLEI_OK;
}

/* ---- the choice ---- */

/* Whether what is read is less like text than any text is. */
static bool is_gibberish(const struct plan *plan, const uint8_t *bytes, size_t size)
{
    uint64_t characters = 0, bits = 0;
    for (size_t at = 0; at < size;) {
        bool is_replaced = plan_replaces(plan, at);
        uint32_t character;
        at += plan_read(plan, bytes, size, at, &character);
        if (is_replaced || character < 0x80)
            continue;
        characters++;
        bits += surprisal(character);
    }
    return bits > characters * GIBBERISH_BITS;
}

/* The encoding without plain lines that costs less than `limit`; -1 for none. */
static int cheaper_than(uint64_t limit, const uint8_t *bytes, size_t size)
{
    int best = -1;
    for (int i = N_PLAIN_LINES; i < N_ENCODINGS; i++) {
        uint64_t mark = cost_of_mark(i, bytes, size);
        uint64_t cost = mark + reading_find(&encodings[i], bytes, size, limit, NULL);
        if (cost < limit) {
            limit = cost;
            best = i;
        }
    }
    return best;
}

/* Plans for an encoding without plain lines in which all is plain text. */
static bool plan_plain(struct plan *plan, const uint8_t *bytes, size_t size)
{
    struct reading_sum sum;
    for (int i = N_PLAIN_LINES; i < N_ENCODINGS; i++)
        if (reading_is_plain(&encodings[i], bytes, size, plan->steps, &sum) &&
            sum.beyond_ascii >= PLAIN_CHARACTERS) {
            set_alone(plan, i);
            name_encoding(plan->steps, size, i);
            return true;
        }
    return false;
}

static void choose(struct plan *plan, const uint8_t *bytes, size_t size)
{
    if (plan_plain(plan, bytes, size))
        return;
    struct line_costs costs = weigh_lines(plan, bytes, size);
    int alone = cheapest(costs.alone, N_PLAIN_LINES);
    int changing = cheapest(costs.changing, N_PLAIN_LINES);
    bool is_mixed = costs.changing[changing] < costs.alone[alone];
    uint64_t limit = is_mixed ? costs.changing[changing] : costs.alone[alone];
    int wide = limit < size * TEXT_BITS ? -1 : cheaper_than(limit, bytes, size);
    if (wide >= 0)
        plan_all(plan, wide, bytes, size);
    else if (is_mixed && !plan->changes.failed)
        plan_lines(plan, changing, bytes, size);
    else
        plan_all(plan, alone, bytes, size);
}

fenlei_status detect(struct plan *plan, const uint8_t *bytes, size_t size, fenlei_error *error)
{
    fenlei_status status = reserve_steps(plan, size, error);
    if (status != FENLEI_OK)
        return status;
    buffer_clear(&plan->changes);
    choose(plan, bytes, size);
    if (plan->changes.failed)
        return error_memory(error);
    bool is_sure = plan->encoding == UTF_8 && plan->other_lines == 0;
    if (!is_sure && !has_mark(plan->encoding, bytes, size) && is_gibberish(plan, bytes, size))
        plan_all(plan, UTF_8, bytes, size);
    return FENLEI_OK;
}

void plan_release(struct plan *plan)
{
    free(plan->steps);
    buffer_release(&plan->changes);
    *plan = (struct plan){0};
}
