/* SPDX-License-Identifier: BSD-3-Clause */
/* What is looked into once everything is learned: the corpus, for --check, and the model as it was
 * written, for --test, --split-date, --verify and the phrases of --html. Both add to the report and
 * to standard output, and write no file. */
#ifndef TRAIN_TEST_H
#define TRAIN_TEST_H

#include "train/training.h"

/* Reads the files of --test that can be read twice, before the time of a training is spent: an
 * error names file and line. */
fenlei_status test_check(const struct options *options, fenlei_error *error);

/* --check; the findings are check.h's. Fills is_ill. */
fenlei_status check_training(struct training *training, fenlei_error *error);

/* Opens the -o file and does with it what was asked for; nothing when nothing was. Refuses a file
 * that does not have this training's card. */
fenlei_status test_model(struct training *training, fenlei_error *error);

#endif
