/* SPDX-License-Identifier: BSD-3-Clause */
#include "measure/curve.h"

#include <math.h>
#include <stdlib.h>

int by_falling_score(const void *left, const void *right)
{
    const struct scored *a = left, *b = right;
    if (a->score != b->score)
        return a->score < b->score ? 1 : -1;
    return (int)b->is_positive - (int)a->is_positive;
}

/* Is the i-th point so many hits on that it should be shown? */
static bool is_due(size_t hits, size_t positives, size_t n_points)
{
    size_t most = CURVE_POINTS_MAX - 1;
    return hits == positives || positives <= most ||
           (double)hits * (double)most >= (double)(n_points + 1) * (double)positives;
}

void curve_make(struct curve *curve, struct scored *scores, size_t n)
{
    size_t positives = 0, hits = 0, hits_before = 0;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        positives += scores[i].is_positive;
    *curve = (struct curve){.average_precision = (double)NAN};
    if (positives == 0)
        return;
    qsort(scores, n, sizeof *scores, by_falling_score);
    for (size_t i = 0; i < n && hits_before < positives; i++) {
        hits += scores[i].is_positive;
        if ((i + 1 < n && scores[i + 1].score == scores[i].score) || hits == hits_before)
            continue; /* no cut between equal scores, and no point that finds nothing more */
        double precision = (double)hits / (double)(i + 1);
        sum += precision * (double)(hits - hits_before);
        hits_before = hits;
        if (is_due(hits, positives, curve->n_points))
            curve->points[curve->n_points++] =
                (struct curve_point){(double)hits / (double)positives, precision, scores[i].score};
    }
    curve->average_precision = sum / (double)positives;
}
