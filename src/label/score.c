/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/score.h"

/* Topics whose sums stay in registers while a vector is gone through, and the features whose rows
 * are asked of memory before their turn. */
enum { TILE = 4, AHEAD = 24 };

static const float *row_of(const struct weights *weights, const struct feature *feature)
{
    return weights->of + (size_t)feature->id * weights->n_topics;
}

/* Adds up `n_topics` topics from `topic` on; at most TILE. */
static inline void score_tile(const struct weights *weights, uint32_t topic, uint32_t n_topics,
                              const struct feature *vector, uint32_t n, double *scores)
{
    double sums[TILE];
    for (uint32_t k = 0; k < n_topics; k++)
        sums[k] = weights->bias[topic + k];
    for (uint32_t i = 0; i < n; i++) {
        const float *row = row_of(weights, &vector[i]) + topic;
        if (topic == 0 && i + AHEAD < n) {
            const float *ahead = row_of(weights, &vector[i + AHEAD]);
            __builtin_prefetch(ahead);
            __builtin_prefetch(ahead + weights->n_topics - 1);
        }
        for (uint32_t k = 0; k < n_topics; k++)
            sums[k] += vector[i].value * (double)row[k];
    }
    for (uint32_t k = 0; k < n_topics; k++)
        scores[topic + k] = sums[k];
}

static void score_sparse(const struct weights *weights, const struct feature *vector, uint32_t n,
                         double *scores)
{
    for (uint32_t topic = 0; topic < weights->n_topics; topic++)
        scores[topic] = weights->bias[topic];
    for (uint32_t i = 0; i < n; i++) {
        uint64_t end = weights->starts[vector[i].id + 1];
        for (uint64_t at = weights->starts[vector[i].id]; at < end; at++)
            scores[weights->topics[at]] += vector[i].value * (double)weights->of[at];
    }
}

void score_topics(const struct weights *weights, const struct feature *vector, uint32_t n,
                  double *scores)
{
    if (weights->starts != NULL) {
        score_sparse(weights, vector, n, scores);
        return;
    }
    uint32_t topic = 0;
    for (; topic + TILE <= weights->n_topics; topic += TILE)
        score_tile(weights, topic, TILE, vector, n, scores);
    if (topic < weights->n_topics)
        score_tile(weights, topic, weights->n_topics - topic, vector, n, scores);
}

float weight_of(const struct weights *weights, uint32_t id, uint32_t topic)
{
    if (weights->starts == NULL)
        return weights->of[(size_t)id * weights->n_topics + topic];
    uint64_t low = weights->starts[id], end = weights->starts[id + 1], high = end;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (weights->topics[middle] < topic)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && weights->topics[low] == topic ? weights->of[low] : 0;
}

uint64_t weights_sparse_size(uint64_t n_weights, uint32_t vocabulary)
{
    return ((uint64_t)vocabulary + 1) * sizeof(uint64_t) +
           n_weights * (sizeof(float) + sizeof(uint16_t));
}

void weights_point(struct weights *weights, const void *block, uint64_t n_weights,
                   uint32_t vocabulary)
{
    weights->starts = block;
    weights->of = (const void *)(weights->starts + vocabulary + 1);
    weights->topics = (const void *)(weights->of + n_weights);
}
