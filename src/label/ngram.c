/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/ngram.h"

#include "base/memory.h"

#include <stdlib.h>

static inline void push(struct ngrams *ngrams, uint64_t key, size_t first)
{
    ngrams->keys[ngrams->count] = key;
    ngrams->first[ngrams->count] = (uint32_t)first;
    ngrams->count++;
}

/* A single character is never a mark, but punctuation kept counts alone too. */
static inline bool stands_alone(uint32_t letter)
{
    return letter > MARK_END;
}

/* The usual lengths, 1-2 and 2-2: no loop for each place. */
static void extract_pairs(struct ngrams *ngrams, const struct folded *folded, bool with_single)
{
    const uint32_t *letters = folded->letters;
    for (size_t i = 0; i < folded->count; i++) {
        if (with_single && stands_alone(letters[i]))
            push(ngrams, ngram_key(0, letters[i], 1), i);
        if (i + 1 < folded->count)
            push(ngrams, ngram_key(letters[i], letters[i + 1], 2), i);
    }
}

static void extract(struct ngrams *ngrams, const struct folded *folded, unsigned min, unsigned max)
{
    for (size_t i = 0; i < folded->count; i++) {
        uint64_t key = 0;
        for (unsigned n = 1; n <= max && i + n <= folded->count; n++) {
            uint32_t letter = folded->letters[i + n - 1];
            key = ngram_key(key, letter, n);
            if (n >= min && (n > 1 || stands_alone(letter)))
                push(ngrams, key, i);
            if (n > 1 && fold_is_mark(letter))
                break;
        }
    }
}

bool ngrams_extract(struct ngrams *ngrams, const struct folded *folded, unsigned min, unsigned max)
{
    ngrams->count = 0;
    if (folded->n_letters == 0)
        return true;
    size_t most = folded->count * (max - min + 1);
    if (!array_reserve(&ngrams->keys, &ngrams->key_capacity, most, sizeof *ngrams->keys) ||
        !array_reserve(&ngrams->first, &ngrams->first_capacity, most, sizeof *ngrams->first))
        return false;
    if (max == 2)
        extract_pairs(ngrams, folded, min == 1);
    else
        extract(ngrams, folded, min, max);
    return true;
}

size_t ngrams_memory(const struct ngrams *ngrams)
{
    return ngrams->key_capacity * sizeof *ngrams->keys +
           ngrams->first_capacity * sizeof *ngrams->first;
}

int ngram_by_key(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

void ngrams_release(struct ngrams *ngrams)
{
    free(ngrams->keys);
    free(ngrams->first);
    *ngrams = (struct ngrams){0};
}
