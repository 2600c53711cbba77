/* SPDX-License-Identifier: BSD-3-Clause */
/* Items labelled side by side as they come in, and printed in that order. What is done with one of
 * them is in item.h and evaluation_run.h, where they come from in feed.h. */
#ifndef CLASSIFY_BATCH_H
#define CLASSIFY_BATCH_H

#include "base/crew.h"
#include "classify/evaluation_run.h"
#include "classify/gazette.h"
#include "command/progress.h"

struct batch {
    const struct choice *choice;
    fenlei_labeler **labelers;       /* [settings->threads] of threads that have labelled, and 0 */
    fenlei_labeler **other_labelers; /* [settings->threads] those of the other model, if any */
    struct item *items;              /* [n_places] a ring: item i is at i % n_places */
    size_t n_places, n_used; /* of which so many ever: the memory of the others is never touched */
    size_t n_added, n_printed, n_bytes; /* n_bytes of the lines that are not yet printed */
    struct crew crew;                   /* at work on them */
    struct evaluation_run run;          /* of --evaluate */
    struct gazette gazette;             /* of --html without --evaluate */
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

/* The item to fill next; batch_add() then counts it in, and prints what is labelled already. Both
 * false when standard output fails. */
struct item *batch_next(struct batch *batch);
bool batch_add(struct batch *batch);

/* Prints all that was added. */
bool batch_flush(struct batch *batch);

/* Reports what has no item to fail. */
void batch_fail(struct batch *batch, const char *name, size_t line, const char *message);

#endif
