/* SPDX-License-Identifier: BSD-3-Clause */
/* Vector -> one decision value a topic. */
#ifndef LABEL_SCORE_H
#define LABEL_SCORE_H

#include "label/tfidf.h"

/* A view. Weights are stored by n-gram: what one n-gram weighs for every topic lies together.
 * Where there are few topics, each n-gram has a weight for all of them, in one cache line or two:
 * in a model file in steps, while training in full. Of many topics an n-gram concerns few: it then
 * has those weights alone that are not zero, each with its topic. */
struct weights {
    uint32_t n_topics;
    const double *bias;     /* [n_topics] */
    const float *of;        /* [vocabulary][n_topics]; sparse, [starts[vocabulary]]; NULL where
                               there are rows */
    const char *rows;       /* [vocabulary][weights_row_size()] see below; or NULL */
    const uint64_t *starts; /* [vocabulary + 1] where the weights of each n-gram begin; NULL where
                               there is one for every topic */
    const uint16_t *topics; /* [starts[vocabulary]] of each weight, rising for each n-gram */
};

/* scores[n_topics] = bias + the sum over the vector of value x weight, in the vector's order. Dense
 * and sparse weights give the same to the last bit. */
void score_topics(const struct weights *weights, const struct feature *vector, uint32_t n,
                  double *scores);

/* The same of the vector that counts become, which are forgotten: tfidf_vector() and score_topics()
 * in one pass where the weights are in rows and the topics enough, without the vector. */
void score_counts(const struct weights *weights, struct counts *counts, const float *idf,
                  double *scores);

/* What n-gram `id` weighs for a topic. */
double weight_of(const struct weights *weights, uint32_t id, uint32_t topic);

/* Sparse weights lie in one block of memory: starts, weights, topics. Its bytes for so many weights
 * of so many n-grams, and the view of it. */
uint64_t weights_sparse_size(uint64_t n_weights, uint32_t vocabulary);
void weights_point(struct weights *weights, const void *block, uint64_t n_weights,
                   uint32_t vocabulary);

/* A row of steps: a float, what one step weighs, which is 1/32,767 of the largest weight of the
 * row, and then for each topic a number of them in 16 bits. Bytes, a multiple of 4. */
size_t weights_row_size(uint32_t n_topics);

/* Fills rows[vocabulary][weights_row_size()] with dense weights. */
void weights_quantise(const struct weights *weights, uint32_t vocabulary, char *rows);

#endif
