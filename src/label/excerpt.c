/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/excerpt.h"

#include "base/memory.h"
#include "base/random.h"
#include "label/character.h"
#include "label/surprisal.h"

#include <stdlib.h>
#include <string.h>

/* ---- what stands again ---- */

/* What a row of letters of an alphabet tells. */
enum { LATIN_WEIGHT = 6 };

/* Of what begins at a letter, where it was seen last, by a hash of its letters. What falls to the
 * same place is forgotten: it was farther away than most of what is looked at. */
enum { LATEST_MOST = 16, LATEST_LEAST = 6, LATEST_A_LETTER = 16 };

static unsigned latest_bits(size_t n)
{
    unsigned bits = LATEST_LEAST;
    while (bits < LATEST_MOST && (size_t)1 << bits < n * LATEST_A_LETTER)
        bits++;
    return bits;
}

/* What a pair of Han letters tells, in bits: 绣品 more than 工作, 的一 nothing. */
static unsigned weight_of_pair(unsigned bits)
{
    enum { COMMON = 12 };
    return bits > COMMON ? bits - COMMON : 0;
}

/* What a Han letter tells by itself: of those that make half of a text, nothing. */
static unsigned weight_of_letter(unsigned bits)
{
    enum { COMMON = 5, RARE = 8 };
    return bits >= RARE ? bits - COMMON : 0;
}

static uint64_t four(const uint16_t *letters)
{
    return character_pair(letters) << 32 | character_pair(letters + 2);
}

/* A hash of a row of letters of one of the lengths that are looked at. */
static uint64_t hash_row(const uint16_t *letters, size_t row)
{
    if (row == ROW_LATIN)
        return random_mix(random_mix(four(letters)) + four(letters + 4));
    return (row == ROW_HAN ? character_pair(letters) : letters[0]) * UINT64_C(0x9E3779B97F4A7C15);
}

static bool is_same_row(const uint16_t *a, const uint16_t *b, size_t row)
{
    size_t same = 0;
    while (same < row && a[same] == b[same])
        same++;
    return same == row;
}

/* Links the row that begins at letter i to the same behind it, the last letters coming first. */
static void link_row(struct page_letters *letters, struct echo *echoes, size_t i, size_t row)
{
    uint32_t *latest = letters->latest + (hash_row(letters->of + i, row) >> letters->latest_shift);
    uint32_t distance = *latest - (uint32_t)i;
    *latest = (uint32_t)i;
    if (distance > 0 && distance < 1U << ECHO_BITS && i + distance + row <= letters->n &&
        is_same_row(letters->of + i, letters->of + i + distance, row)) {
        echoes[i].after = distance & ((1U << ECHO_BITS) - 1);
        echoes[i + distance].before = distance & ((1U << ECHO_BITS) - 1);
    }
}

/* Notes what letter i tells by itself, and together with those behind it: it begins a run of so
 * many letters of its sort. */
static void weigh(struct page_letters *letters, size_t i, unsigned sort, size_t run)
{
    const uint16_t *letter = letters->of + i;
    struct echo *word = &letters->words[i], *alone = &letters->alone[i];
    *word = *alone = (struct echo){0};
    if (sort == CHARACTER_HAN) {
        unsigned bits = surprisal(letter[0]);
        alone->weight = weight_of_letter(bits) & UINT8_MAX;
        word->weight =
            (run >= ROW_HAN ? weight_of_pair(bits + surprisal(letter[1])) : 0) & UINT8_MAX;
    } else if (sort == CHARACTER_LETTER && run >= ROW_LATIN)
        word->weight = LATIN_WEIGHT;
}

static void link_all(struct page_letters *letters)
{
    unsigned sort = 0;
    size_t run = 0;
    for (size_t i = letters->n; i-- > 0;) {
        unsigned own = character_sort(letters->of[i]);
        run = own == sort ? run + 1 : 1;
        sort = own;
        weigh(letters, i, sort, run);
        if (letters->alone[i].weight > 0)
            link_row(letters, letters->alone, i, 1);
        if (letters->words[i].weight > 0)
            link_row(letters, letters->words, i, sort == CHARACTER_HAN ? ROW_HAN : ROW_LATIN);
    }
}

static bool find_echoes(struct page_letters *letters)
{
    unsigned bits = latest_bits(letters->n);
    size_t n = (size_t)1 << bits;
    if (!array_reserve(&letters->words, &letters->words_capacity, letters->n,
                       sizeof *letters->words) ||
        !array_reserve(&letters->alone, &letters->alone_capacity, letters->n,
                       sizeof *letters->alone) ||
        !array_reserve(&letters->latest, &letters->latest_capacity, n, sizeof *letters->latest))
        return false;
    memset(letters->latest, 0, n * sizeof *letters->latest);
    letters->latest_shift = 64 - bits;
    link_all(letters);
    return true;
}

/* ---- the letters of a page ---- */

bool page_letters_gather(struct page_letters *letters, const struct lines *lines)
{
    enum { BOTH_ENDS = 2 * EXCERPT_MOST };
    letters->n = 0;
    if (!array_reserve(&letters->starts, &letters->starts_capacity, lines->n + 1,
                       sizeof *letters->starts))
        return false;
    for (size_t i = 0; i < lines->n; i++) {
        const struct line *line = &lines->of[i];
        bool is_long = line->letters > BOTH_ENDS;
        letters->starts[i] = letters->n;
        if (!array_reserve(&letters->of, &letters->capacity, letters->n + BOTH_ENDS,
                           sizeof *letters->of))
            return false;
        letters->n +=
            line_first_letters(line, letters->of + letters->n, is_long ? EXCERPT_MOST : BOTH_ENDS);
        if (is_long)
            letters->n += line_last_letters(line, letters->of + letters->n, EXCERPT_MOST);
    }
    letters->starts[lines->n] = letters->n;
    return find_echoes(letters);
}

size_t page_letters_memory(const struct page_letters *letters)
{
    return letters->capacity * sizeof *letters->of +
           letters->starts_capacity * sizeof *letters->starts +
           letters->words_capacity * sizeof *letters->words +
           letters->alone_capacity * sizeof *letters->alone +
           letters->latest_capacity * sizeof *letters->latest;
}

void page_letters_release(struct page_letters *letters)
{
    free(letters->of);
    free(letters->starts);
    free(letters->words);
    free(letters->alone);
    free(letters->latest);
    *letters = (struct page_letters){0};
}

/* ---- what is told on both sides ---- */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

struct excerpt excerpt_around(const struct page_letters *letters, size_t i, size_t most)
{
    size_t from = letters->starts[i], to = letters->starts[i + 1];
    return (struct excerpt){from - least(from, most), from, to, least(letters->n, to + most)};
}

struct excerpt excerpt_at_start(const struct page_letters *letters, size_t i, size_t most)
{
    size_t from = letters->starts[i], end = letters->starts[i + 1];
    return (struct excerpt){from - least(from, most), from, from, least(end, from + most)};
}

/* Where it stands next from `until` on, or before `until`; SIZE_MAX: nowhere near. */
static size_t after(const struct echo *echoes, size_t at, size_t until)
{
    do {
        if (echoes[at].after == 0)
            return SIZE_MAX;
        at += echoes[at].after;
    } while (at < until);
    return at;
}

static size_t before(const struct echo *echoes, size_t at, size_t until)
{
    do {
        if (echoes[at].before == 0)
            return SIZE_MAX;
        at -= echoes[at].before;
    } while (at >= until);
    return at;
}

/* What stands more than once above is counted where it stands last. What is told below is taken to
 * be as much as above, by the length. */
struct shared excerpt_shared(const struct echo *echoes, struct excerpt excerpt)
{
    unsigned weight = 0, of = 0;
    for (size_t at = excerpt.above; at < excerpt.from; at++) {
        struct echo echo = echoes[at];
        bool again = echo.after - 1U < excerpt.from - at - 1;
        if (echo.weight == 0 || again)
            continue;
        of += echo.weight;
        if (after(echoes, at, excerpt.to) < excerpt.below)
            weight += echo.weight;
    }
    size_t above = excerpt.from - excerpt.above, below = excerpt.below - excerpt.to;
    return (struct shared){weight, below < above ? (unsigned)(of * below / above) : of};
}

/* A part of a whole in eighths, rounded up. */
static unsigned eighths(unsigned part, unsigned whole)
{
    return whole == 0 ? EXCERPT_SILENT : (part * 8 + whole - 1) / whole;
}

struct told excerpt_told(const struct echo *echoes, struct excerpt excerpt, size_t most, size_t row)
{
    unsigned above = 0, below = 0, all = 0;
    size_t end = least(excerpt.to, excerpt.from + most);
    for (size_t at = excerpt.from; at + row <= end; at++) {
        unsigned weight = echoes[at].weight;
        if (weight == 0)
            continue;
        size_t earlier = before(echoes, at, excerpt.from);
        all += weight;
        above += earlier != SIZE_MAX && earlier >= excerpt.above ? weight : 0;
        below += after(echoes, at, excerpt.to) < excerpt.below ? weight : 0;
    }
    return (struct told){eighths(above, all), eighths(below, all)};
}
