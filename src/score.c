#include "score.h"

void score_topics(const struct weights *weights, const struct feature *vector, uint32_t n,
                  double *scores)
{
    uint32_t n_topics = weights->n_topics;
    for (uint32_t topic = 0; topic < n_topics; topic++)
        scores[topic] = weights->bias[topic];
    for (uint32_t i = 0; i < n; i++) {
        const float *of = weights->of + (size_t)vector[i].id * n_topics;
        double value = vector[i].value;
        for (uint32_t topic = 0; topic < n_topics; topic++)
            scores[topic] += value * (double)of[topic];
    }
}
