/* SPDX-License-Identifier: BSD-3-Clause */
/* Decision values -> probabilities, labels in order, and whether a person should look. */
#ifndef LABEL_LABEL_H
#define LABEL_LABEL_H

#include "fenlei.h"
#include "label/tfidf.h"

#include <stdint.h>

/* Of one topic, learned from out-of-fold scores (train/calibrate.h). */
struct calibration {
    double threshold; /* the decision value from which the topic is given */
    double slope;     /* > 0; 0 for a model without probabilities */
    double intercept;
};

/* Platt's sigmoid, 1 / (1 + exp(-(slope * score + intercept))); NAN without one. */
double label_probability(const struct calibration *calibration, double score);

/* How much of a text there is to go by. */
struct evidence {
    size_t letters;
    struct coverage single, longer; /* n-grams of one letter; of two or more */
};

/* Fills labels[n] from scores[n] and sorts them by falling probability, then score, then topic.
 * `threshold` is a probability for all topics, or NAN for each one's own. Of a text
 * without one known n-gram nothing is known: no topic is given, whatever the threshold. */
void label_topics(const struct calibration *calibration, const double *scores, uint32_t n,
                  double threshold, struct evidence evidence, fenlei_label *labels);

fenlei_review label_review(const struct calibration *calibration, const fenlei_label *labels,
                           uint32_t n, double threshold, struct evidence evidence);

#endif
