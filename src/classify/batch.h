/* SPDX-License-Identifier: BSD-3-Clause */
/* Items labelled side by side as they come in, and printed in that order. What is done with one of
 * them is in item.h and evaluation_run.h, where they come from in feed.h.
 *
 * Files are named by the caller and read by who labels them. Records come one after the other out
 * of one file, and each thread reads those that it labels, a bundle at a time: what was read stays
 * with one processor. */
#ifndef CLASSIFY_BATCH_H
#define CLASSIFY_BATCH_H

#include "base/crew.h"
#include "classify/bundle.h"
#include "classify/evaluation_run.h"
#include "classify/gazette.h"
#include "command/progress.h"

/* Fills a bundle with the next records; false when it has come to the end of them. *waits, false
 * before: those behind them have to be waited for, and who sent these may be waiting for their
 * answer. */
typedef bool batch_read(void *context, struct bundle *bundle, bool *waits);

/* Records as they are read, by the thread whose turn it is. */
struct batch_stream {
    batch_read *read; /* NULL while files are labelled */
    void *context;
    atomic_bool waits, is_over; /* nothing more is read until what was read is printed, or at all */
    bool lacks_memory;          /* which is why it is over */
};

struct batch {
    const struct choice *choice;
    fenlei_labeler **labelers;       /* [settings->threads] of threads that have labelled, and 0 */
    fenlei_labeler **other_labelers; /* [settings->threads] those of the other model, if any */
    struct bundle *bundles; /* n_places of the caller's thread, OWN_BUNDLES of each other one: it
                             * fills its own, whose memory stays with its processor */
    struct bundle **added;  /* [n_places] a ring: what was added as i is at i % n_places, NULL where
                             * nothing was there to read */
    struct bundle *next;    /* of the file that is added next, or NULL */
    size_t n_places;        /* what may be added and not yet printed */
    size_t n_added, n_printed;
    atomic_size_t n_bytes; /* of records that are not yet printed, and of what they print */
    struct crew crew;      /* at work on them */
    struct batch_stream stream;
    struct buffer spare;       /* memory to say that there is no more */
    struct evaluation_run run; /* of --evaluate */
    struct gazette gazette;    /* of --html without --evaluate */
    struct progress progress;
    size_t done, all; /* of what there is to read, as extent.h counts it */
    bool standard_input_is_read;
    bool names_files; /* there may be several: a record names its own */
    bool failed;      /* some input */
    int output_fault; /* errno where standard output failed, or 0 */
};

/* False when memory runs out; *batch is to be released in any case. */
bool batch_init(struct batch *batch, const struct choice *choice);
void batch_release(struct batch *batch);

/* Prints what stands before the first item; false when standard output fails. */
bool batch_begin(struct batch *batch);

/* The item of the next file, to be given its name; NULL when memory runs out. batch_add() then
 * counts it in, and prints what is labelled already; false when standard output fails. */
struct item *batch_next(struct batch *batch);
bool batch_add(struct batch *batch);

/* Labels the records of the file `path` that read() fills bundles with, until it has no more, and
 * prints them. It is called by one thread at a time, not always the same. False when standard
 * output fails. */
bool batch_stream(struct batch *batch, const char *path, batch_read *read, void *context);

/* Prints all that was added; batch_answer() sees to it that it arrives. */
bool batch_flush(struct batch *batch);
bool batch_answer(struct batch *batch);

/* Reports what has no item to fail. */
void batch_fail(struct batch *batch, const char *name, size_t line, const char *message);

#endif
