/* Out-of-fold scores -> a threshold and a probability for one topic. */
#ifndef TRAIN_CALIBRATE_H
#define TRAIN_CALIBRATE_H

#include "label/label.h"
#include "measure/curve.h"

/* Assigns n documents to n_folds folds: documents with the same set of topics are dealt out in
 * turn, so that topics are in proportion; `seed` shuffles them before. truth is [n][n_topics].
 * group[n] keeps near-duplicates together: a document whose group is another one follows that
 * one, whose group is itself. False when memory runs out. */
bool folds_assign(const bool *truth, size_t n, size_t n_topics, uint32_t n_folds, uint64_t seed,
                  const uint32_t *group, uint32_t *fold);

/* Fits both to n scores, which it sorts by falling score.
 * threshold: the highest F1 or, where `precision` is not NAN, the most documents at that precision
 * (above every score where none reaches it); halfway between the neighbouring scores.
 * slope, intercept: Platt's sigmoid by Newton's method (Lin, Lin and Weng, A note on Platt's
 * probabilistic outputs for support vector machines, Machine Learning 68, 2007). The slope is
 * positive whatever the scores. */
struct calibration calibrate(struct scored *scores, size_t n, double precision);

/* The probability from which giving every topic has the highest micro-F1 (or the wanted precision):
 * a threshold that all topics' documents together choose. scores[n] hold probabilities. */
double calibrate_common(struct scored *scores, size_t n, double precision);

/* Moves a threshold that few documents have chosen towards the score at which the topic has the
 * probability `common`: to (positives * own + CALIBRATE_PRIOR * common) / (positives + PRIOR). */
enum { CALIBRATE_PRIOR = 100 };
void calibration_shrink(struct calibration *calibration, size_t positives, double common);

#endif
