/* Files -> all that learning needs: the corpus, its near-duplicates, its vectors. Nothing is
 * learned or written. */
#ifndef TRAIN_PREPARE_H
#define TRAIN_PREPARE_H

#include "train/training.h"

/* Fills corpus, duplicates, group and dataset. Says here already, not after a long training, that
 * the report or a test file cannot be used; broken records are told on standard error. */
fenlei_status prepare_training(struct training *training, fenlei_error *error);

#endif
