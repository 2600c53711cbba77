/* What to label next: articles that the model is least sure of and that differ from those judged
 * lately and from each other.
 *
 * Of the QUEUE_CANDIDATES articles of greatest doubt (sketch.h) a batch is taken one by one; each
 * is the one for which doubt * (1 - likeness to its nearest neighbour among the judged and the
 * taken) is greatest. Uncertainty weighed with the angle to what is already in the batch is
 * Brinker's (Incorporating diversity in active learning with support vector machines, ICML 2003).
 */
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
