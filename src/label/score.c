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

void score_topics(const struct weights *weights, const struct feature *vector, uint32_t n,
                  double *scores)
{
    uint32_t topic = 0;
    for (; topic + TILE <= weights->n_topics; topic += TILE)
        score_tile(weights, topic, TILE, vector, n, scores);
    if (topic < weights->n_topics)
        score_tile(weights, topic, weights->n_topics - topic, vector, n, scores);
}
