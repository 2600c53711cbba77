/* SPDX-License-Identifier: BSD-3-Clause */
/* Learns the chain over the lines of pages: maximum likelihood with a Gaussian prior, as for any
 * conditional random field (Sutton, McCallum, An introduction to conditional random fields, 2012).
 */
#ifndef TRAIN_CHAIN_TRAINING_H
#define TRAIN_CHAIN_TRAINING_H

#include "train/page_set.h"

struct chain_trainer {
    const struct page_set *set;
    double variance; /* of the prior of each weight */
    unsigned n_threads;
};

/* Fills *bytes with what chain_view() reads: the same for the same pages, on any number of
 * threads. */
fenlei_status chain_train(const struct chain_trainer *trainer, struct buffer *bytes,
                          fenlei_error *error);

#endif
