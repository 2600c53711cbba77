#include "tfidf.h"

#include "mem.h"

#include <math.h>
#include <stdlib.h>

float tfidf_idf(uint64_t n_documents, uint64_t document_frequency)
{
    return (float)(1 + log((1 + (double)n_documents) / (1 + (double)document_frequency)));
}

bool counts_init(struct counts *counts, uint32_t size)
{
    counts->of = array_new(size, sizeof *counts->of);
    counts->ids = array_new(size, sizeof *counts->ids);
    counts->vector = array_new(size, sizeof *counts->vector);
    return counts->of != NULL && counts->ids != NULL && counts->vector != NULL;
}

void counts_release(struct counts *counts)
{
    free(counts->of);
    free(counts->ids);
    free(counts->vector);
    *counts = (struct counts){0};
}

void counts_add(struct counts *counts, const struct vocab *vocab, const struct bigrams *bigrams,
                uint32_t weight)
{
    for (size_t i = 0; i < bigrams->count; i++) {
        uint32_t id = vocab_find(vocab, bigrams->keys[i]);
        if (id == VOCAB_UNKNOWN) {
            counts->unknown++;
            continue;
        }
        counts->known++;
        if (counts->of[id] == 0)
            counts->ids[counts->n_ids++] = id;
        counts->of[id] += weight;
    }
}

void counts_clear(struct counts *counts)
{
    for (uint32_t i = 0; i < counts->n_ids; i++)
        counts->of[counts->ids[i]] = 0;
    counts->n_ids = 0;
    counts->known = counts->unknown = 0;
}

uint32_t tfidf_vector(struct counts *counts, const float *idf)
{
    double squares = 0;
    for (uint32_t i = 0; i < counts->n_ids; i++) {
        uint32_t id = counts->ids[i];
        double value = (1 + log((double)counts->of[id])) * (double)idf[id];
        counts->vector[i] = (struct feature){id, value};
        squares += value * value;
    }
    double length = sqrt(squares);
    for (uint32_t i = 0; i < counts->n_ids; i++)
        counts->vector[i].value /= length;
    uint32_t n = counts->n_ids;
    counts_clear(counts);
    return n;
}
