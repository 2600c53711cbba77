/* SPDX-License-Identifier: BSD-3-Clause */
/* Files -> all that learning needs: the corpus, its near-duplicates, its vectors. Nothing is
 * learned or written. */
#ifndef TRAIN_PREPARE_H
#define TRAIN_PREPARE_H

#include "command/exit_status.h"
#include "train/training.h"

/* Before anything is read: no output is one of the files that are read, or the other output, or in
 * the place of what is none of ours, and each can be written. Anything but EXIT_DONE was
 * reported. */
enum exit_status prepare_outputs(const struct options *options);

/* Fills corpus, duplicates, group and dataset. Says here already, not after a long training, that
 * a test file cannot be used; broken records are told on standard error. */
fenlei_status prepare_training(struct training *training, fenlei_error *error);

#endif
