/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/excerpt.h"

#include "base/memory.h"
#include "base/random.h"
#include "label/character.h"
#include "label/surprisal.h"

#include <stdlib.h>
#include <string.h>

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
    return true;
}

size_t page_letters_memory(const struct page_letters *letters)
{
    return letters->capacity * sizeof *letters->of +
           letters->starts_capacity * sizeof *letters->starts;
}

void page_letters_release(struct page_letters *letters)
{
    free(letters->of);
    free(letters->starts);
    *letters = (struct page_letters){0};
}

struct excerpt excerpt_above(const struct page_letters *letters, size_t i, size_t most)
{
    size_t end = letters->starts[i], n = end < most ? end : most;
    return (struct excerpt){letters->of + end - n, n};
}

struct excerpt excerpt_from(const struct page_letters *letters, size_t i, size_t most)
{
    size_t start = letters->starts[i], rest = letters->n - start;
    return (struct excerpt){letters->of + start, rest < most ? rest : most};
}

struct excerpt excerpt_of(const struct page_letters *letters, size_t i, size_t most)
{
    size_t n = letters->starts[i + 1] - letters->starts[i];
    return excerpt_from(letters, i, n < most ? n : most);
}

/* ---- what two have in common ---- */

/* How many letters in a row tell of something, and how much. */
enum { HAN_ROW = 2, LATIN_ROW = 8, LATIN_WEIGHT = 6 };

/* A set of hashes of letters in a row; two in one place are taken for one. */
enum { SET_BITS = 10 };

struct letter_set {
    uint32_t of[1 << SET_BITS];
};

static uint64_t four(const uint16_t *letters)
{
    return character_pair(letters) << 32 | character_pair(letters + 2);
}

/* Fills hashes[text.n]: at each letter that of the row of one sort that begins there and may tell
 * of something, two Han letters or eight of an alphabet; 0 where there are fewer. */
static void hash_rows(struct excerpt text, uint32_t *hashes)
{
    const uint16_t *letters = text.letters;
    unsigned sort = 0;
    size_t run = 0;
    for (size_t i = text.n; i-- > 0;) {
        unsigned own = character_sort(letters[i]);
        run = own == sort ? run + 1 : 1;
        sort = own;
        uint64_t hash = 0;
        if (sort == CHARACTER_HAN && run >= HAN_ROW)
            hash = random_mix(character_pair(letters + i)) | UINT64_C(1) << 32;
        else if (sort == CHARACTER_LETTER && run >= LATIN_ROW)
            hash = random_mix(random_mix(four(letters + i)) + four(letters + i + 4)) | UINT64_C(1)
                                                                                           << 32;
        hashes[i] = (uint32_t)(hash >> 32);
    }
}

static void fill_set(struct letter_set *set, struct excerpt text)
{
    uint32_t hashes[EXCERPT_MOST];
    memset(set, 0, sizeof *set);
    hash_rows(text, hashes);
    for (size_t i = 0; i < text.n; i++)
        if (hashes[i] != 0)
            set->of[hashes[i] >> (32 - SET_BITS)] = hashes[i];
}

/* What a pair of Han letters tells that stands in both of two texts, in bits: 绣品 more than 工作,
 * 的一 nothing. */
static unsigned weight_of(const uint16_t *letters)
{
    enum { COMMON = 12 };
    unsigned bits = surprisal(letters[0]) + surprisal(letters[1]);
    return bits > COMMON ? bits - COMMON : 0;
}

struct shared {
    unsigned rows;   /* different rows of letters */
    unsigned weight; /* of them together, in bits */
};

/* Which rows of letters are in the set; those found are taken out of it. */
static struct shared find_shared(struct letter_set *set, struct excerpt text)
{
    uint32_t hashes[EXCERPT_MOST];
    struct shared shared = {0};
    hash_rows(text, hashes);
    for (size_t i = 0; i < text.n; i++) {
        uint32_t *found = &set->of[hashes[i] >> (32 - SET_BITS)];
        if (hashes[i] != 0 && *found == hashes[i]) {
            shared.rows++;
            shared.weight += character_sort(text.letters[i]) == CHARACTER_HAN
                                 ? weight_of(text.letters + i)
                                 : LATIN_WEIGHT;
            *found = 0;
        }
    }
    return shared;
}

unsigned excerpt_shared(struct excerpt a, struct excerpt b)
{
    struct letter_set set;
    fill_set(&set, a);
    return find_shared(&set, b).weight;
}

/* A part of a whole in eighths, rounded up. */
static unsigned eighths(unsigned part, unsigned whole)
{
    return (part * 8 + whole - 1) / whole;
}

unsigned excerpt_rows_told(struct excerpt own, struct excerpt text)
{
    struct letter_set set;
    fill_set(&set, own);
    unsigned rows = own.n >= LATIN_ROW ? (unsigned)(own.n - LATIN_ROW + 1) : 1;
    unsigned found = find_shared(&set, text).rows;
    return found >= rows ? 8 : eighths(found, rows);
}

/* Looks at all of a text: a step has as many comparisons as the compiler makes side by side. */
static bool has_pair(struct excerpt text, uint16_t first, uint16_t second)
{
    enum { STEP = 16 };
    const uint16_t *letters = text.letters;
    uint16_t found = 0;
    size_t k = 0;
    for (; k + STEP < text.n; k += STEP)
        for (size_t j = k; j < k + STEP; j++)
            found |= (uint16_t)((letters[j] == first) & (letters[j + 1] == second));
    for (; k + 1 < text.n; k++)
        found |= (uint16_t)((letters[k] == first) & (letters[k + 1] == second));
    return found != 0;
}

unsigned excerpt_pairs_told(struct excerpt own, struct excerpt text)
{
    unsigned found = 0, pairs = own.n > 0 ? (unsigned)(own.n - 1) : 0;
    for (size_t i = 0; i < pairs; i++)
        found += has_pair(text, own.letters[i], own.letters[i + 1]);
    return pairs > 0 ? eighths(found, pairs) : 0;
}

unsigned excerpt_weight_told(struct excerpt own, struct excerpt text)
{
    unsigned found = 0, all = 0;
    for (size_t i = 0; i + 1 < own.n; i++) {
        const uint16_t *two = own.letters + i;
        if (character_sort(two[0]) != CHARACTER_HAN || character_sort(two[1]) != CHARACTER_HAN)
            continue;
        unsigned weight = weight_of(two);
        all += weight;
        found += has_pair(text, two[0], two[1]) ? weight : 0;
    }
    return all > 0 ? eighths(found, all) : 9;
}
