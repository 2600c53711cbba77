/* SPDX-License-Identifier: BSD-3-Clause */
/* Learns the chain over the lines of pages: maximum likelihood with a Gaussian prior, as for any
 * conditional random field (Sutton, McCallum, An introduction to conditional random fields, 2012),
 * and a margin (Gimpel, Smith, Softmax-margin CRFs, NAACL HLT 2010), a page at a time, each weight
 * by steps of its own (AdaGrad: Duchi, Hazan, Singer, Adaptive subgradient methods for online
 * learning and stochastic optimization, JMLR 12, 2011). A few rounds find more articles on pages of
 * other papers than the maximum itself. */
#ifndef TRAIN_CHAIN_TRAINING_H
#define TRAIN_CHAIN_TRAINING_H

#include "train/page_set.h"

struct chain_trainer {
    const struct page_set *set;
    double variance; /* of the prior of each weight */
};

/* Fills *bytes with what chain_view() reads: the same for the same pages. */
fenlei_status chain_train(const struct chain_trainer *trainer, struct buffer *bytes,
                          fenlei_error *error);

#endif
