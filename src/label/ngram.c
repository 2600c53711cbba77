/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/ngram.h"

#include "base/memory.h"

#include <stdlib.h>

/* Where n-grams are written. */
struct writer {
    uint64_t *keys;
    uint32_t *first; /* NULL: their places are not wanted */
    size_t count;
};

static inline void push(struct writer *writer, uint64_t key, size_t first)
{
    writer->keys[writer->count] = key;
    if (writer->first != NULL)
        writer->first[writer->count] = (uint32_t)first;
    writer->count++;
}

/* The usual lengths, 1-2 and 2-2: no loop for each place. */
static inline void write_pairs(struct writer *writer, const struct folded *folded, size_t from,
                               size_t to, bool with_single)
{
    const uint32_t *letters = folded->letters;
    for (size_t i = from; i < to; i++) {
        if (with_single && ngram_stands_alone(letters[i]))
            push(writer, ngram_key(0, letters[i], 1), i);
        if (i + 1 < folded->count)
            push(writer, ngram_key(letters[i], letters[i + 1], 2), i);
    }
}

static void write_all(struct writer *writer, const struct folded *folded, size_t from, size_t to,
                      struct ngram_lengths lengths)
{
    for (size_t i = from; i < to; i++) {
        uint64_t key = 0;
        for (unsigned n = 1; n <= lengths.max && i + n <= folded->count; n++) {
            uint32_t letter = folded->letters[i + n - 1];
            key = ngram_key(key, letter, n);
            if (n >= lengths.min && (n > 1 || ngram_stands_alone(letter)))
                push(writer, key, i);
            if (n > 1 && fold_is_mark(letter))
                break;
        }
    }
}

/* Those that begin at letters [from, to). */
static inline size_t write_ngrams(struct writer writer, const struct folded *folded, size_t from,
                                  size_t to, struct ngram_lengths lengths)
{
    if (lengths.max == 2)
        write_pairs(&writer, folded, from, to, lengths.min == 1);
    else
        write_all(&writer, folded, from, to, lengths);
    return writer.count;
}

size_t ngrams_next(const struct folded *folded, struct ngram_lengths lengths, size_t *at,
                   uint64_t keys[NGRAMS_AT_ONCE])
{
    size_t letters = NGRAMS_AT_ONCE / (lengths.max - lengths.min + 1), n = 0;
    size_t end = folded->n_letters > 0 ? folded->count : 0;
    while (*at < end && n == 0) { /* none begin where runs are short */
        size_t from = *at;
        *at = end - from < letters ? end : from + letters;
        n = write_ngrams((struct writer){.keys = keys}, folded, from, *at, lengths);
    }
    return n;
}

bool ngrams_extract(struct ngrams *ngrams, const struct folded *folded,
                    struct ngram_lengths lengths)
{
    ngrams->count = 0;
    if (folded->n_letters == 0)
        return true;
    size_t most = folded->count * (lengths.max - lengths.min + 1);
    if (!array_reserve(&ngrams->keys, &ngrams->key_capacity, most, sizeof *ngrams->keys) ||
        !array_reserve(&ngrams->first, &ngrams->first_capacity, most, sizeof *ngrams->first))
        return false;
    ngrams->count = write_ngrams((struct writer){.keys = ngrams->keys, .first = ngrams->first},
                                 folded, 0, folded->count, lengths);
    return true;
}

size_t ngrams_memory(const struct ngrams *ngrams)
{
    return ngrams->key_capacity * sizeof *ngrams->keys +
           ngrams->first_capacity * sizeof *ngrams->first;
}

void ngrams_release(struct ngrams *ngrams)
{
    free(ngrams->keys);
    free(ngrams->first);
    *ngrams = (struct ngrams){0};
}
