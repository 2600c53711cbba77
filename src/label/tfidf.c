/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/tfidf.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

float tfidf_idf(uint64_t n_documents, uint64_t document_frequency)
{
    return (float)(1 + log((1 + (double)n_documents) / (1 + (double)document_frequency)));
}

double tfidf_frequency(uint32_t count)
{
    return 1 + log((double)count);
}

bool counts_init(struct counts *counts, const struct vocab *vocab)
{
    counts->vocab = vocab;
    counts->of = array_new_at_hand(vocab->size, sizeof *counts->of);
    /* One more: what is written of an n-gram that is not new is written over. */
    counts->ids = array_new((size_t)vocab->size + 1, sizeof *counts->ids);
    counts->vector = array_new(vocab->size, sizeof *counts->vector);
    counts->met = array_new(COUNTS_LETTERS, sizeof *counts->met);
    counts->frequency = array_new(COUNTS_TABLE, sizeof *counts->frequency);
    for (uint32_t count = 1; counts->frequency != NULL && count < COUNTS_TABLE; count++)
        counts->frequency[count] = tfidf_frequency(count);
    return counts->of != NULL && counts->ids != NULL && counts->vector != NULL &&
           counts->met != NULL && counts->frequency != NULL;
}

void counts_release(struct counts *counts)
{
    free(counts->of);
    free(counts->ids);
    free(counts->vector);
    free(counts->met);
    free(counts->frequency);
    *counts = (struct counts){0};
}

/* n-grams that are looked up before the first of them is counted. */
enum { BATCH = 256 };

/* Counts known n-grams by their ids. Without branches: whether one is new is anybody's guess. */
static inline void add_ids(struct counts *counts, const uint32_t *ids, size_t n, uint16_t weight)
{
    uint32_t n_ids = counts->n_ids;
    for (size_t i = 0; i < n; i++) {
        uint32_t id = ids[i], before = counts->of[id], sum = before + weight;
        counts->ids[n_ids] = id;
        n_ids += before == 0;
        counts->of[id] = (uint16_t)(sum < UINT16_MAX ? sum : UINT16_MAX);
    }
    counts->n_ids = n_ids;
}

/* The same, of n-grams that are rare, whose counts are asked of memory before their turn. */
static void add_rare(struct counts *counts, const uint32_t *ids, size_t n, uint16_t weight)
{
    for (size_t i = 0; i < n; i++)
        __builtin_prefetch(&counts->of[ids[i]], 1);
    add_ids(counts, ids, n, weight);
}

static void cover(struct coverage *coverage, size_t known, size_t all)
{
    coverage->known += known;
    coverage->unknown += all - known;
}

/* The id of a letter alone, looked up when it is met first. */
static inline uint32_t single_id(struct counts *counts, uint32_t letter)
{
    if (letter >= COUNTS_LETTERS)
        return vocab_find(counts->vocab, ngram_key(0, letter, 1));
    if (counts->met[letter] == 0)
        counts->met[letter] = 1 + vocab_find(counts->vocab, ngram_key(0, letter, 1));
    return counts->met[letter] - 1;
}

void counts_add_singles(struct counts *counts, const uint32_t *letters, size_t n, uint16_t weight)
{
    uint32_t ids[BATCH], size = counts->vocab->size;
    for (size_t at = 0; at < n;) {
        size_t end = n - at < BATCH ? n : at + BATCH, alone = 0, known = 0;
        for (; at < end; at++) {
            uint32_t id = single_id(counts, letters[at]);
            size_t is_alone = ngram_stands_alone(letters[at]);
            ids[known] = id;
            known += is_alone & (size_t)(id < size);
            alone += is_alone;
        }
        add_ids(counts, ids, known, weight);
        cover(&counts->single, known, alone);
    }
}

void counts_add_pairs(struct counts *counts, const uint32_t *letters, size_t n, uint16_t weight)
{
    uint32_t ids[BATCH];
    for (size_t at = 0; at + 1 < n; at += BATCH) {
        size_t pairs = n - 1 - at < BATCH ? n - 1 - at : BATCH;
        size_t known = vocab_find_pairs(counts->vocab, letters + at, pairs, ids);
        add_rare(counts, ids, known, weight);
        cover(&counts->longer, known, pairs);
    }
}

void counts_add_longer(struct counts *counts, const uint64_t *keys, size_t n, uint16_t weight)
{
    uint32_t ids[BATCH];
    for (size_t at = 0; at < n; at += BATCH) {
        size_t size = n - at < BATCH ? n - at : BATCH;
        size_t known = vocab_find_known(counts->vocab, keys + at, size, ids);
        add_rare(counts, ids, known, weight);
        cover(&counts->longer, known, size);
    }
}

void counts_forget(struct counts *counts)
{
    counts->n_ids = 0;
    counts->single = counts->longer = (struct coverage){0, 0};
}

void counts_clear(struct counts *counts)
{
    for (uint32_t i = 0; i < counts->n_ids; i++)
        counts->of[counts->ids[i]] = 0;
    counts_forget(counts);
}

uint32_t tfidf_vector(struct counts *counts, const float *idf)
{
    double squares = 0;
    for (uint32_t i = 0; i < counts->n_ids; i++) {
        uint32_t id = counts->ids[i];
        double value = counts_take(counts, idf, id);
        counts->vector[i] = (struct feature){id, value};
        squares += value * value;
    }
    uint32_t n = counts->n_ids;
    double share = n > 0 ? 1 / sqrt(squares) : 0;
    for (uint32_t i = 0; i < n; i++)
        counts->vector[i].value *= share;
    counts->share = share;
    counts_forget(counts);
    return n;
}
