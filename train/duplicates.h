/* SPDX-License-Identifier: BSD-3-Clause */
/* Documents that are nearly the same text: copies, edited copies, the same under another headline.
 *
 * Similarity is the weighted Jaccard coefficient of the sets of letter trigrams of two texts
 * (headlines left out), each trigram weighing its inverse document frequency: a footer on every
 * text, or the mould that a hundred weather reports are poured into, tells nothing of sameness.
 * Candidates come from weighted MinHash signatures in bands (Leskovec, Rajaraman and Ullman, Mining
 * of Massive Datasets, chapter 3), and are then compared exactly. */
#ifndef TRAIN_DUPLICATES_H
#define TRAIN_DUPLICATES_H

#include "train/rarity.h"

/* Unrelated articles on one subject stay below 0.2; a copy with every fifth sentence rewritten is
 * about 0.6. */
#define DUPLICATES_SIMILARITY 0.4

struct duplicate {
    uint32_t a, b; /* documents, a < b */
    double similarity;
};

struct duplicates {
    struct duplicate *pairs; /* [n] by falling similarity, then by a and b */
    size_t n, capacity;
};

/* In the corpus of *rarity, finds each document's first copy, and of those that are nobody's copy
 * the pairs that are DUPLICATES_SIMILARITY or more alike. A pair at that edge is found with a
 * probability of 0.93, at 0.6 of 0.9999. Takes some 500 bytes a document, and time in proportion to
 * the text. */
fenlei_status duplicates_find(struct duplicates *duplicates, const struct rarity *rarity,
                              unsigned n_threads, fenlei_error *error);
void duplicates_release(struct duplicates *duplicates);

#endif
