/* SPDX-License-Identifier: BSD-3-Clause */
/* Out-of-fold scores -> a threshold and a probability for one topic. */
#ifndef TRAIN_CALIBRATE_H
#define TRAIN_CALIBRATE_H

#include "label/label.h"
#include "measure/curve.h"

/* Documents that are not of the topic and score far below it, at one score for all. */
struct rest {
    size_t n;
    double score;
};

/* What thresholds are chosen for: the highest F1 where precision is NAN, and then the lowest one
 * whose F1 is within `slack` of it, 0 or more: what is not of the corpus's own kind scores lower
 * than what is, and F1 hardly moves around its best. */
struct aim {
    double precision, slack;
};

/* Fits both to n scores, which it sorts by falling score, and to the rest, which no threshold is
 * among.
 * threshold: as `aim` says, or, where its precision is not NAN, the most documents at that
 * precision (above every score where none reaches it); halfway between the neighbouring scores.
 * slope, intercept: Platt's sigmoid by Newton's method (Lin, Lin and Weng, A note on Platt's
 * probabilistic outputs for support vector machines, Machine Learning 68, 2007). The slope is
 * positive whatever the scores. */
struct calibration calibrate(struct scored *scores, size_t n, struct rest rest, struct aim aim);

/* The scores of a topic, as calibrate() leaves them, and what it made of them. */
struct ranking {
    const struct scored *scores; /* [n] */
    size_t n;
    const struct calibration *calibration;
};

/* *common becomes the probability from which giving every topic has the highest micro-F1 (or the
 * wanted precision): a threshold that all topics' documents together choose. False when memory runs
 * out. */
bool calibrate_common(const struct ranking *rankings, size_t n_topics, struct aim aim,
                      double *common);

/* Moves a threshold that few documents have chosen towards the score at which the topic has the
 * probability `common`: to (positives * own + CALIBRATE_PRIOR * common) / (positives + PRIOR). */
enum { CALIBRATE_PRIOR = 100 };
void calibration_shrink(struct calibration *calibration, size_t positives, double common);

/* For a topic without scores worth calibrating on: what tells its documents from the others in its
 * own training, halfway between. It sorts the scores. */
double training_threshold(struct scored *scores, size_t n);

/* A calibration where the probability is `common` at the threshold, and rises as fast as a sigmoid
 * does that is nearly sure at the margins. */
struct calibration calibrate_around(double threshold, double common);

#endif
