/* SPDX-License-Identifier: BSD-3-Clause */
/* `classify --evaluate`: labelled records against what one model or two give them, and what comes
 * of it printed. How well a model does is reckoned in evaluation.h, what changes between two in
 * comparison.h. */
#ifndef CLASSIFY_EVALUATION_RUN_H
#define CLASSIFY_EVALUATION_RUN_H

#include "classify/item.h"
#include "command/message.h"
#include "measure/comparison.h"
#include "measure/evaluation.h"

struct evaluation_run {
    const struct choice *choice;
    struct evaluation evaluation; /* with one model */
    struct comparison comparison; /* with two */
    struct missing missing;       /* in all of them */
    struct messages unusable, left_out[2];
};

/* False when memory runs out; *run is to be released in any case. */
bool evaluation_run_init(struct evaluation_run *run, const struct choice *choice);
void evaluation_run_release(struct evaluation_run *run);

/* Labels a record and compares; of several items, at the same time on several threads. */
void evaluation_run_record(const struct evaluation_run *run, fenlei_labeler *labeler,
                           fenlei_labeler *other_labeler, struct item *item);

/* Takes in what evaluation_run_record() made of the item, and leaves in its messages those that are
 * to be shown. */
void evaluation_run_add(struct evaluation_run *run, struct item *item);

/* Prints it all, and writes the page of --html. False, and reported, where that fails. */
bool evaluation_run_print(struct evaluation_run *run, fenlei_labeler *labeler);

#endif
