/* SPDX-License-Identifier: BSD-3-Clause */
/* Counts of n-grams -> sparse unit vector.
 *
 * value(g) = (1 + ln count(g)) * idf(g), then divided by the Euclidean length of them all:
 * sublinear term frequency (Manning, Raghavan and Schütze, Introduction to Information Retrieval,
 * section 6.4.1) and the smoothed inverse document frequency of scikit-learn,
 * idf(g) = 1 + ln((1 + documents) / (1 + document frequency(g))).
 * n-grams outside the vocabulary do not count. */
#ifndef LABEL_TFIDF_H
#define LABEL_TFIDF_H

#include "label/ngram.h"
#include "label/vocab.h"

struct feature {
    uint32_t id;
    double value;
};

/* The inverse document frequency of an n-gram found in document_frequency of n_documents. */
float tfidf_idf(uint64_t n_documents, uint64_t document_frequency);

/* The sublinear term frequency of a count above 0. */
double tfidf_frequency(uint32_t count);

/* Counts of which the term frequency is kept in a table, and letters of which the id is. */
enum { COUNTS_TABLE = 256, COUNTS_LETTERS = 0x10000 };

/* n-grams, with repetition, in and outside the vocabulary. */
struct coverage {
    size_t known, unknown;
};

/* Counts by id for one document at a time. */
struct counts {
    const struct vocab *vocab;
    uint16_t *of;  /* [vocabulary] 0 outside `ids`; in one block with three others, see below */
    uint32_t *ids; /* [n_ids] in the order first met */
    uint32_t n_ids;
    struct coverage single, longer; /* of one letter; of two or more */
    struct feature *vector;         /* [n_ids] after tfidf_vector(); scratch to score_counts() */
    double share;                   /* 1 / the length that it was divided by; 0 of an empty one */
    double *frequency;              /* [COUNTS_TABLE] sublinear term frequency of a count; the block
                                       begins with it */
    uint32_t *met;                  /* [COUNTS_LETTERS] of a letter met before: 1 + its id alone, or
                                       1 + the vocabulary's size where it has none */
    uint16_t *seen; /* [COUNTS_LETTERS] how often, while letters are counted; else 0 */
};

/* Scratch for a vocabulary, which must live as long; false when memory runs out. */
bool counts_init(struct counts *counts, const struct vocab *vocab);
void counts_release(struct counts *counts);

/* Each counts n-grams `weight` times, which is above 0; a count stops at UINT16_MAX: the array of
 * them is half as large for it, and what counts is the logarithm.
 * Single letters, as far as they are none of the marks that count in longer n-grams only; the
 * n - 1 pairs of neighbours among n letters; longer n-grams by their keys. */
void counts_add_singles(struct counts *counts, const uint32_t *letters, size_t n, uint16_t weight);
void counts_add_pairs(struct counts *counts, const uint32_t *letters, size_t n, uint16_t weight);
void counts_add_longer(struct counts *counts, const uint64_t *keys, size_t n, uint16_t weight);

/* What a counted n-gram is worth before the vector has length 1; its count is zero again. */
static inline double counts_take(struct counts *counts, const float *idf, uint32_t id)
{
    uint32_t count = counts->of[id];
    counts->of[id] = 0;
    return (count < COUNTS_TABLE ? counts->frequency[count] : tfidf_frequency(count)) *
           (double)idf[id];
}

/* Forgets what was counted. */
void counts_clear(struct counts *counts);

/* The same, faster, where all counts were taken. */
void counts_forget(struct counts *counts);

/* Fills counts->vector, n_ids features in the order first met, of Euclidean length 1, and returns
 * their number; the counts are zero again. idf is [vocabulary]. */
uint32_t tfidf_vector(struct counts *counts, const float *idf);

#endif
