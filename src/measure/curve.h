/* SPDX-License-Identifier: BSD-3-Clause */
/* How precision falls as recall rises: what every threshold would give. */
#ifndef MEASURE_CURVE_H
#define MEASURE_CURVE_H

#include "base/memory.h"

enum { CURVE_POINTS_MAX = 100 };

/* One decision on a topic. */
struct scored {
    double score;
    bool is_positive;
};

/* Giving the topic to everything that scores `threshold` or more. */
struct curve_point {
    double recall, precision, threshold;
};

struct curve {
    struct curve_point points[CURVE_POINTS_MAX]; /* [n_points] by rising recall */
    size_t n_points;                             /* 0 without positives */
    double average_precision;                    /* the mean precision over the positives; NAN */
};

/* By falling score, positives first. */
int by_falling_score(const void *left, const void *right);

/* Sorts scores[n] by falling score. Where there are more hits than points, the points are evenly
 * spaced among the hits; the last one finds every positive. */
void curve_make(struct curve *curve, struct scored *scores, size_t n);

#endif
