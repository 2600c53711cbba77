/* SPDX-License-Identifier: BSD-3-Clause */
/* The weights of topics that are learned one by one -> what each n-gram weighs for all of them, as
 * a model has it. */
#ifndef TRAIN_ROWS_H
#define TRAIN_ROWS_H

#include "label/score.h"

/* The weights of one topic that are not zero. */
struct column {
    uint32_t *ids; /* [n] rising */
    float *values; /* [n] */
    uint32_t n;
};

/* Keeps what is not zero of weights[vocabulary]. False when memory runs out. */
bool column_make(struct column *column, const double *weights, uint32_t vocabulary);
void column_release(struct column *column);

enum storage {
    STORAGE_DENSE,
    STORAGE_SPARSE,
    STORAGE_SMALLER /* whichever takes less in a model file, where dense weights are steps */
};

/* Fills of, starts and topics of *weights from columns[weights->n_topics], and gives the columns'
 * memory back as it goes. They lie in one block, returned, which the caller frees; NULL when memory
 * runs out. */
void *rows_make(struct column *columns, uint32_t vocabulary, enum storage storage,
                struct weights *weights);

#endif
