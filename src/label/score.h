/* Vector -> one decision value a topic. */
#ifndef LABEL_SCORE_H
#define LABEL_SCORE_H

#include "label/tfidf.h"

/* A view. The weight rows of all topics are stored by n-gram: what one n-gram weighs for every
 * topic lies together, in one or two cache lines. */
struct weights {
    uint32_t n_topics;
    const float *of;    /* [vocabulary][n_topics] */
    const double *bias; /* [n_topics] */
};

/* scores[n_topics] = bias + the sum over the vector of value x weight. */
void score_topics(const struct weights *weights, const struct feature *vector, uint32_t n,
                  double *scores);

#endif
