/* Documents that are nearly the same text: copies, edited copies, the same under another headline.
 *
 * Similarity is the Jaccard coefficient of the sets of letter trigrams of two texts (headlines left
 * out). Candidates come from MinHash signatures in bands (Leskovec, Rajaraman and Ullman, Mining of
 * Massive Datasets, chapter 3), and are then compared exactly. */
#ifndef TRAIN_DUPLICATES_H
#define TRAIN_DUPLICATES_H

#include "train/corpus.h"

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

/* Finds each document's first copy, and of those that are nobody's copy the pairs that are
 * DUPLICATES_SIMILARITY or more alike. A pair at that edge is found with a probability of 0.93, at
 * 0.6 of 0.9999. */
fenlei_status duplicates_find(struct duplicates *duplicates, const struct corpus *corpus,
                              unsigned n_threads, fenlei_error *error);
void duplicates_release(struct duplicates *duplicates);

/* group[n_documents]: the first document of all those that a chain of pairs connects. */
void duplicates_group(const struct duplicates *duplicates, size_t n_documents, uint32_t *group);

#endif
