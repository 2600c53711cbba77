/* SPDX-License-Identifier: BSD-3-Clause */
/* How rare each shingle is in a corpus, and what two texts have in common when each counts by that:
 * a footer on every text tells nothing of sameness. */
#ifndef TRAIN_RARITY_H
#define TRAIN_RARITY_H

#include "label/shingles.h"
#include "train/corpus.h"

#include <stdatomic.h>

enum { RARITY_TABLE = 1 << 10 };

struct rarity {
    const struct corpus *corpus;
    uint32_t *first; /* [n_documents] the first document with the same shingles: a copy's original,
                        or itself; NO_SHINGLES of one that has none */
    size_t n_first;  /* documents that are their own */
    _Atomic uint32_t *frequency; /* [SHINGLE_PLACES] how many of those have a shingle. Two in one
                                    place look commoner than they are, and weigh a little less */
    float weights[RARITY_TABLE]; /* what a shingle of so many tells */
};

#define NO_SHINGLES UINT32_MAX

/* Of the corpus's n_documents, which must outlive it. False when memory runs out; to be released in
 * any case. */
bool rarity_init(struct rarity *rarity, const struct corpus *corpus, unsigned n_threads);
void rarity_release(struct rarity *rarity);

/* A text's shingles with what each tells: ln((1 + documents) / document frequency), and something
 * more than 0. All zero is an empty one. */
struct weighed {
    struct shingles shingles;
    float *weights; /* [shingles.n] */
    size_t capacity;
};

/* Replaces what *weighed held. False when memory runs out. */
bool rarity_weigh(const struct rarity *rarity, fenlei_text text, struct weighed *weighed);

/* The weighted Jaccard coefficient of two, 0 to 1. */
double weighed_similarity(const struct weighed *a, const struct weighed *b);
void weighed_release(struct weighed *weighed);

#endif
