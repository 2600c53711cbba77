/* SPDX-License-Identifier: BSD-3-Clause */
/* What a training leaves behind: the model with its card, the report and the page. What is in the
 * evaluations they show is made by out_of_fold and test; the format of a model is model.h. */
#ifndef TRAIN_PUBLISH_H
#define TRAIN_PUBLISH_H

#include "command/outputs.h"
#include "train/training.h"

/* What --report writes. */
extern const struct output_kind OUTPUT_REPORT;

/* Fills the card, and begins the report with it. */
void publish_card(struct training *training);

/* Writes the -o file, whole or not at all. */
fenlei_status publish_model(struct training *training, fenlei_error *error);

/* Ends the report, and writes the files of --html and --report where they are asked for. */
fenlei_status publish_reports(struct training *training, fenlei_error *error);

#endif
