/* SPDX-License-Identifier: BSD-3-Clause */
/* The tf-idf vector of a document, four bytes a feature: what is kept is which n-grams it has and
 * how often, and a value is computed where it is needed, the very same one that labelling computes
 * (label/tfidf.h). A million news items of 700 bytes take 1.1 GB. */
#ifndef TRAIN_VECTOR_H
#define TRAIN_VECTOR_H

#include "label/tfidf.h"

/* How a vocabulary's features lie in their words: the id in the upper bits, the count less 1 in the
 * others. A count that has no room there stands behind the words, one after the other. */
struct vector_form {
    unsigned count_bits; /* 1 to 8 */
    double *frequency;   /* [1 << count_bits] of a count less 1; the last, for those behind, is 0 */
    const float *idf;    /* [vocabulary] */
};

struct vector {
    uint32_t *words; /* [size] by rising id, and behind them counts without room */
    uint32_t size, n_behind;
    double share; /* 1 / Euclidean length */
};

/* False when memory runs out; to be released in any case. `idf` stays the caller's. */
bool vector_form_init(struct vector_form *form, uint32_t vocabulary, const float *idf);
void vector_form_release(struct vector_form *form);

/* Scratch of one thread; all zero at first. */
struct vector_scratch {
    uint64_t *counted; /* [2 * capacity] an id in the upper half, its count less 1 in the lower;
                          then room to sort them */
    size_t capacity;
};

/* What was counted of a document becomes its vector, whose words the caller frees; the counts are
 * zero again. False when memory runs out. */
bool vector_make(struct vector *vector, const struct vector_form *form, struct counts *counts,
                 struct vector_scratch *scratch);

/* A feature as its word alone tells it, of a vector with such a share. The value is 0 where the
 * count stands behind. There is no call in it, for loops that do little else. */
static inline struct feature vector_feature(uint32_t word, double share,
                                            const struct vector_form *form)
{
    uint32_t id = word >> form->count_bits, most = ((uint32_t)1 << form->count_bits) - 1;
    return (struct feature){id, form->frequency[word & most] * (double)form->idf[id] * share};
}

/* A walk through the features. */
struct vector_walk {
    const uint32_t *words, *behind;
    double share;
};

static inline struct vector_walk vector_walk(const struct vector *vector)
{
    return (struct vector_walk){vector->words, vector->words + vector->size, vector->share};
}

/* The next feature, of a vector that has one more. */
static inline struct feature vector_next(struct vector_walk *walk, const struct vector_form *form)
{
    uint32_t word = *walk->words++, most = ((uint32_t)1 << form->count_bits) - 1;
    uint32_t id = word >> form->count_bits, count = word & most;
    double frequency = __builtin_expect(count < most, 1) ? form->frequency[count]
                                                         : tfidf_frequency(*walk->behind++);
    return (struct feature){id, frequency * (double)form->idf[id] * walk->share};
}

/* What is left to those loops where counts stand behind, which hardly a vector has: the sum of
 * products with weights[vocabulary], or `factor` times the values added to them. */
double vector_sum_behind(const struct vector *vector, const struct vector_form *form,
                         const double *weights);
void vector_spread_behind(const struct vector *vector, const struct vector_form *form,
                          double factor, double *weights);

static inline double vector_dot_behind(const struct vector *vector, const struct vector_form *form,
                                       const double *weights)
{
    return __builtin_expect(vector->n_behind > 0, 0) ? vector_sum_behind(vector, form, weights) : 0;
}

static inline void vector_add_behind(const struct vector *vector, const struct vector_form *form,
                                     double factor, double *weights)
{
    if (__builtin_expect(vector->n_behind > 0, 0))
        vector_spread_behind(vector, form, factor, weights);
}

#endif
