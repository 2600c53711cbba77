/* Out-of-fold scores of all topics -> their calibration, and how well the training does on
 * documents it has not seen. Fitting one topic's scores is calibrate.h. */
#ifndef OUT_OF_FOLD_H
#define OUT_OF_FOLD_H

#include "training.h"

/* Fills calibration from corpus and learned and, with folds, the first assessment. Without folds
 * all calibrations are zero: threshold 0, no probabilities. */
fenlei_status out_of_fold_calibrate(struct training *training, fenlei_error *error);

#endif
