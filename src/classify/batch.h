/* SPDX-License-Identifier: BSD-3-Clause */
/* Items gathered, labelled side by side, and printed in the order they came in: while one half of
 * the batch is being labelled, the other is printed and filled again. What is done with one of them
 * is in item.h and evaluation_run.h, where they come from in feed.h. */
#ifndef CLASSIFY_BATCH_H
#define CLASSIFY_BATCH_H

#include "base/parallel.h"
#include "classify/evaluation_run.h"
#include "classify/gazette.h"
#include "command/progress.h"

struct batch {
    const struct choice *choice;
    fenlei_labeler **labelers;       /* [settings->threads] */
    fenlei_labeler **other_labelers; /* those of the other model, or NULL */
    struct half {
        struct item *items; /* [HALF_ITEMS] */
        size_t n_items, n_bytes;
        size_t n_used; /* of the items, ever: the memory of the others is never touched */
    } halves[2], *filling, *working;
    struct crew crew;          /* at work on one half */
    struct evaluation_run run; /* of --evaluate */
    struct gazette gazette;    /* of --html without --evaluate */
    struct progress progress;
    size_t done, all; /* of what there is to read, as extent.h counts it */
    bool standard_input_is_read;
    bool names_files; /* there may be several: a record names its own */
    bool failed;      /* some input */
};

/* False when memory runs out; *batch is to be released in any case. */
bool batch_init(struct batch *batch, const struct choice *choice);
void batch_release(struct batch *batch);

/* Prints what stands before the first item; false when standard output fails. */
bool batch_begin(struct batch *batch);

/* The item to fill next; batch_add() then counts it in, and begins to label once there are enough.
 */
struct item *batch_next(struct batch *batch);
bool batch_add(struct batch *batch);

/* Labels what has been gathered and prints it in order; false when standard output fails. */
bool batch_flush(struct batch *batch);

/* Reports what has no item to fail. */
void batch_fail(struct batch *batch, const char *name, size_t line, const char *message);

#endif
