/* SPDX-License-Identifier: BSD-3-Clause */
/* A corpus -> vocabulary and one tf-idf vector a document, made by the same modules as when
 * predicting. */
#ifndef TRAIN_DATASET_H
#define TRAIN_DATASET_H

#include "label/model.h"
#include "train/corpus.h"
#include "train/vector.h"

struct dataset {
    size_t n_documents;
    struct feature_settings settings;
    struct vocab vocab; /* views of the arrays below */
    uint64_t *keys;
    uint32_t *document_frequency;
    fenlei_text index; /* of the vocabulary */
    float *idf;
    struct vector_form form; /* of the vectors */
    struct vector *vectors;  /* [n_documents] of Euclidean length 1 */
};

/* Counts and weighs everything, on n_threads threads; the result does not depend on their number.
 * n-grams in fewer than min_df documents are left out. */
fenlei_status dataset_make(struct dataset *dataset, const struct corpus *corpus,
                           struct feature_settings settings, uint32_t min_df, unsigned n_threads,
                           fenlei_error *error);
void dataset_release(struct dataset *dataset);

#endif
