/* SPDX-License-Identifier: BSD-3-Clause */
/* Out-of-fold scores of all topics -> their calibration, and how well the training does on
 * documents it has not seen. Fitting one topic's scores is calibrate.h. */
#ifndef TRAIN_OUT_OF_FOLD_H
#define TRAIN_OUT_OF_FOLD_H

#include "train/training.h"

/* Fills calibration from corpus and learned and, with folds, the first evaluation. Without folds
 * all calibrations are zero: threshold 0, no probabilities. */
fenlei_status out_of_fold_calibrate(struct training *training, fenlei_error *error);

#endif
