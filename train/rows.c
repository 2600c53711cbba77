/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/rows.h"

#include "base/memory.h"

#include <stdlib.h>

bool column_make(struct column *column, const double *weights, uint32_t vocabulary)
{
    uint32_t n = 0;
    for (uint32_t id = 0; id < vocabulary; id++)
        n += (float)weights[id] != 0;
    *column = (struct column){.ids = array_new(n, sizeof *column->ids),
                              .values = array_new(n, sizeof *column->values)};
    if (column->ids == NULL || column->values == NULL)
        return false;
    for (uint32_t id = 0; id < vocabulary; id++)
        if ((float)weights[id] != 0) {
            column->ids[column->n] = id;
            column->values[column->n++] = (float)weights[id];
        }
    return true;
}

void column_release(struct column *column)
{
    free(column->ids);
    free(column->values);
    *column = (struct column){0};
}

static void *make_dense(struct column *columns, uint32_t vocabulary, struct weights *weights)
{
    size_t n_topics = weights->n_topics;
    float *of = array_new(vocabulary, n_topics * sizeof *of);
    for (size_t topic = 0; of != NULL && topic < n_topics; topic++) {
        for (uint32_t i = 0; i < columns[topic].n; i++)
            of[columns[topic].ids[i] * n_topics + topic] = columns[topic].values[i];
        column_release(&columns[topic]);
    }
    weights->of = of;
    return of;
}

/* Topics come in their order, so that each n-gram's rise. While rows are filled, starts[id + 1] is
 * where the next weight of n-gram id goes; afterwards its row ends there. */
static void fill_rows(struct column *columns, size_t n_topics, uint64_t *starts, float *of,
                      uint16_t *topics)
{
    for (size_t topic = 0; topic < n_topics; topic++) {
        const struct column *column = &columns[topic];
        for (uint32_t i = 0; i < column->n; i++) {
            uint64_t at = starts[column->ids[i] + 1]++;
            of[at] = column->values[i];
            topics[at] = (uint16_t)topic;
        }
        column_release(&columns[topic]);
    }
}

/* starts[id + 1] becomes the number of weights of all n-grams before id. */
static void count_rows(const struct column *columns, size_t n_topics, uint32_t vocabulary,
                       uint64_t *starts)
{
    uint64_t before = 0;
    for (size_t topic = 0; topic < n_topics; topic++)
        for (uint32_t i = 0; i < columns[topic].n; i++)
            starts[columns[topic].ids[i] + 1]++;
    for (uint32_t id = 0; id < vocabulary; id++) {
        uint64_t n = starts[id + 1];
        starts[id + 1] = before;
        before += n;
    }
}

static void *make_sparse(struct column *columns, uint32_t vocabulary, uint64_t n_weights,
                         struct weights *weights)
{
    uint64_t *block = array_new(weights_sparse_size(n_weights, vocabulary), 1);
    if (block == NULL)
        return NULL;
    float *of = (float *)(void *)(block + vocabulary + 1);
    count_rows(columns, weights->n_topics, vocabulary, block);
    fill_rows(columns, weights->n_topics, block, of, (uint16_t *)(void *)(of + n_weights));
    weights_point(weights, block, n_weights, vocabulary);
    return block;
}

void *rows_make(struct column *columns, uint32_t vocabulary, enum storage storage,
                struct weights *weights)
{
    uint64_t n_weights = 0;
    weights->starts = NULL;
    weights->topics = NULL;
    for (uint32_t topic = 0; topic < weights->n_topics; topic++)
        n_weights += columns[topic].n;
    if (storage == STORAGE_SMALLER)
        storage = weights_sparse_size(n_weights, vocabulary) <
                          (uint64_t)vocabulary * weights_row_size(weights->n_topics)
                      ? STORAGE_SPARSE
                      : STORAGE_DENSE;
    return storage == STORAGE_SPARSE ? make_sparse(columns, vocabulary, n_weights, weights)
                                     : make_dense(columns, vocabulary, weights);
}
