/* SPDX-License-Identifier: BSD-3-Clause */
/* Items gathered, labelled side by side, and printed in the order they came in. What is done with
 * one of them is in item.h and evaluation_run.h, where they come from in feed.h. */
#ifndef CLASSIFY_BATCH_H
#define CLASSIFY_BATCH_H

#include "classify/evaluation_run.h"
#include "classify/gazette.h"

struct batch {
    const struct choice *choice;
    fenlei_labeler **labelers;       /* [settings->threads] */
    fenlei_labeler **other_labelers; /* those of the other model, or NULL */
    struct item *items;              /* [BATCH_ITEMS] */
    size_t n_items, n_bytes;
    size_t n_used;             /* of the items, ever: the memory of the others is never touched */
    struct evaluation_run run; /* of --evaluate */
    struct gazette gazette;    /* of --html without --evaluate */
    bool standard_input_is_read;
    bool failed; /* some input */
};

/* False when memory runs out; *batch is to be released in any case. */
bool batch_init(struct batch *batch, const struct choice *choice);
void batch_release(struct batch *batch);

/* The item to fill next; batch_add() then counts it in, and labels the batch once it is full. */
struct item *batch_next(struct batch *batch);
bool batch_add(struct batch *batch);

/* Labels what has been gathered and prints it in order; false when standard output fails. */
bool batch_flush(struct batch *batch);

/* Reports what has no item to fail. */
void batch_fail(struct batch *batch, const char *name, size_t line, const char *message);

#endif
