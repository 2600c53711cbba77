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

bool counts_init(struct counts *counts, uint32_t size)
{
    counts->of = array_new((size_t)size + 1, sizeof *counts->of);
    counts->ids = array_new((size_t)size + 1, sizeof *counts->ids);
    counts->vector = array_new(size, sizeof *counts->vector);
    counts->frequency = array_new(COUNTS_TABLE, sizeof *counts->frequency);
    for (uint32_t count = 1; counts->frequency != NULL && count < COUNTS_TABLE; count++)
        counts->frequency[count] = tfidf_frequency(count);
    return counts->of != NULL && counts->ids != NULL && counts->vector != NULL &&
           counts->frequency != NULL;
}

void counts_release(struct counts *counts)
{
    free(counts->of);
    free(counts->ids);
    free(counts->vector);
    free(counts->frequency);
    *counts = (struct counts){0};
}

void counts_add(struct counts *counts, const struct vocab *vocab, const uint64_t *keys, size_t n,
                uint32_t weight)
{
    enum { BATCH = 256 };
    uint32_t found[BATCH], n_ids = counts->n_ids;
    size_t known = 0, longer = 0, longer_known = 0;
    for (size_t at = 0; at < n; at += BATCH) {
        size_t size = n - at < BATCH ? n - at : BATCH;
        vocab_find_all(vocab, keys + at, size, found);
        for (size_t i = 0; i < size; i++)
            __builtin_prefetch(&counts->of[found[i] < vocab->size ? found[i] : vocab->size], 1);
        /* Without branches: whether an n-gram is known or new is anybody's guess. */
        for (size_t i = 0; i < size; i++) {
            uint32_t id = found[i] < vocab->size ? found[i] : vocab->size;
            uint32_t is_known = id < vocab->size, before = counts->of[id], sum = before + weight;
            counts->ids[n_ids] = id;
            n_ids += is_known & (uint32_t)(before == 0);
            counts->of[id] = sum | (0 - (uint32_t)(sum < before));
            uint32_t is_longer = !ngram_is_single(keys[at + i]);
            known += is_known;
            longer += is_longer;
            longer_known += is_longer & is_known;
        }
    }
    counts->n_ids = n_ids;
    counts->known += known;
    counts->unknown += n - known;
    counts->longer += longer;
    counts->longer_known += longer_known;
    counts->of[vocab->size] = 0;
}

void counts_clear(struct counts *counts)
{
    for (uint32_t i = 0; i < counts->n_ids; i++)
        counts->of[counts->ids[i]] = 0;
    counts->n_ids = 0;
    counts->known = counts->unknown = counts->longer = counts->longer_known = 0;
}

uint32_t tfidf_vector(struct counts *counts, const float *idf)
{
    double squares = 0;
    for (uint32_t i = 0; i < counts->n_ids; i++) {
        uint32_t id = counts->ids[i];
        uint32_t count = counts->of[id];
        double frequency = count < COUNTS_TABLE ? counts->frequency[count] : tfidf_frequency(count);
        double value = frequency * (double)idf[id];
        counts->of[id] = 0;
        counts->vector[i] = (struct feature){id, value};
        squares += value * value;
    }
    uint32_t n = counts->n_ids;
    double share = n > 0 ? 1 / sqrt(squares) : 0;
    for (uint32_t i = 0; i < n; i++)
        counts->vector[i].value *= share;
    counts->share = share;
    counts->n_ids = 0;
    counts->known = counts->unknown = counts->longer = counts->longer_known = 0;
    return n;
}
