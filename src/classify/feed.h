/* SPDX-License-Identifier: BSD-3-Clause */
/* The files that the command line or a list names, into batches: each as an item, or each of its
 * lines. */
#ifndef CLASSIFY_FEED_H
#define CLASSIFY_FEED_H

#include "classify/batch.h"

/* What cannot be read is reported, and the rest goes on; false when standard output fails. The last
 * batch is left to flush. */
bool feed(struct batch *batch);

#endif
