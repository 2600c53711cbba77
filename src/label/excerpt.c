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

/* Where something was last seen. What falls to the same place is forgotten: it was farther away
 * than most of what is looked at. */
struct latest {
    uint32_t key; /* 0: nothing */
    uint32_t at;
};

enum { LATEST_BITS = 15, LATEST_LEAST = 6, LATEST_A_LETTER = 8 };

static unsigned latest_bits(size_t n)
{
    unsigned bits = LATEST_LEAST;
    while (bits < LATEST_BITS && (size_t)1 << bits < n * LATEST_A_LETTER)
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

static uint32_t key_of_row(const uint16_t *letters)
{
    return (uint32_t)(random_mix(random_mix(four(letters)) + four(letters + 4)) >> 32) | 1;
}

/* Links what begins at letter i to the same behind it; goes from the last letter to the first. */
static void link_echo(struct echo *echoes, struct latest *latest, uint32_t key, size_t i)
{
    uint32_t distance = latest->key == key ? latest->at - (uint32_t)i : 0;
    if (distance < 1U << ECHO_BITS) {
        echoes[i].after = distance & ((1U << ECHO_BITS) - 1);
        echoes[i + distance].before = distance & ((1U << ECHO_BITS) - 1);
    }
    *latest = (struct latest){key, (uint32_t)i};
}

static struct latest *latest_of(struct page_letters *letters, unsigned bits, uint32_t key)
{
    return letters->latest + (key * UINT32_C(0x9E3779B1) >> (32 - bits));
}

static void link_all(struct page_letters *letters, unsigned bits)
{
    unsigned sort = 0, surprise = 0;
    size_t run = 0;
    for (size_t i = letters->n; i-- > 0;) {
        const uint16_t *letter = letters->of + i;
        unsigned own = character_sort(*letter), next = surprise;
        struct echo *word = &letters->words[i], *alone = &letters->alone[i];
        run = own == sort ? run + 1 : 1;
        sort = own;
        *word = *alone = (struct echo){0};
        if (sort == CHARACTER_HAN) {
            surprise = surprisal(*letter);
            alone->weight = weight_of_letter(surprise) & UINT8_MAX;
            word->weight = (run > 1 ? weight_of_pair(surprise + next) : 0) & UINT8_MAX;
        } else if (sort == CHARACTER_LETTER && run >= ROW_LATIN)
            word->weight = LATIN_WEIGHT;
        if (alone->weight > 0)
            link_echo(letters->alone, latest_of(letters, bits, *letter), *letter, i);
        if (word->weight > 0) {
            uint32_t key =
                sort == CHARACTER_HAN ? (uint32_t)character_pair(letter) : key_of_row(letter);
            link_echo(letters->words, latest_of(letters, bits, key), key, i);
        }
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
    link_all(letters, bits);
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

/* What stands more than once on one side is counted where it is nearest to the other. */
struct shared excerpt_shared(const struct echo *echoes, struct excerpt excerpt)
{
    unsigned weight = 0, of_above = 0, of_below = 0;
    for (size_t at = excerpt.above; at < excerpt.from; at++) {
        struct echo echo = echoes[at];
        if (echo.weight == 0 || (echo.after > 0 && at + echo.after < excerpt.from))
            continue;
        of_above += echo.weight;
        if (after(echoes, at, excerpt.to) < excerpt.below)
            weight += echo.weight;
    }
    for (size_t at = excerpt.to; at < excerpt.below; at++) {
        struct echo echo = echoes[at];
        of_below += echo.before == 0 || at - echo.before < excerpt.to ? echo.weight : 0U;
    }
    return (struct shared){weight, of_above < of_below ? of_above : of_below};
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
