/* Out-of-fold scores -> a threshold and a probability for one topic. */
#ifndef TRAIN_CALIBRATE_H
#define TRAIN_CALIBRATE_H

#include "label/label.h"
#include "measure/curve.h"

/* Fits both to n scores, which it sorts by falling score.
 * threshold: the lowest whose F1 is within 0.005 of the highest or, where `precision` is not NAN,
 * the most documents at that precision (above every score where none reaches it); halfway between
 * the neighbouring scores.
 * slope, intercept: Platt's sigmoid by Newton's method (Lin, Lin and Weng, A note on Platt's
 * probabilistic outputs for support vector machines, Machine Learning 68, 2007). The slope is
 * positive whatever the scores. */
struct calibration calibrate(struct scored *scores, size_t n, double precision);

/* The probability from which giving every topic has, nearly, the highest micro-F1 (or the wanted
 * precision): a threshold that all topics' documents together choose. scores[n] hold probabilities.
 */
double calibrate_common(struct scored *scores, size_t n, double precision);

/* Moves a threshold that few documents have chosen towards the score at which the topic has the
 * probability `common`: to (positives * own + CALIBRATE_PRIOR * common) / (positives + PRIOR). */
enum { CALIBRATE_PRIOR = 100 };
void calibration_shrink(struct calibration *calibration, size_t positives, double common);

/* For a topic without scores worth calibrating on: `scores`, which it sorts, are those of its own
 * training. The threshold is what tells its documents from the others there, halfway between;
 * the probability at the threshold is `common`, and rises as fast as a sigmoid does that is nearly
 * sure at the margins. */
struct calibration calibrate_on_training(struct scored *scores, size_t n, double common);

#endif
