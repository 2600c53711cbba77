/* SPDX-License-Identifier: BSD-3-Clause */
/* What to label next: a batch (batch.h) of the QUEUE_CANDIDATES articles of greatest doubt, unlike
 * the QUEUE_JUDGED that were judged last. */
#ifndef DESK_QUEUE_H
#define DESK_QUEUE_H

#include "desk/store.h"

enum { QUEUE_SIZE = 10, QUEUE_CANDIDATES = 200, QUEUE_JUDGED = 100 };

struct queue {
    struct article articles[QUEUE_SIZE]; /* [n] the first to be looked at first */
    size_t n;
};

/* *queue is all zero before. */
fenlei_status queue_fill(struct queue *queue, struct store *store, fenlei_error *error);
void queue_release(struct queue *queue);

#endif
