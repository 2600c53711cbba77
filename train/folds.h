/* SPDX-License-Identifier: BSD-3-Clause */
/* Documents -> folds, for scores from trainings that have not seen what they score.
 *
 * Near-duplicates stay in one fold, or a document would be scored by its own copy. But what a whole
 * topic shares is no copy: a topic written from one mould, all of it in one fold, would be scored
 * by a training that has never seen it. So a group gathers around one document, to which all others
 * are similar (chains of pairs are not sameness), and it never takes more of a topic, nor of all
 * documents, than a fold's part. */
#ifndef TRAIN_FOLDS_H
#define TRAIN_FOLDS_H

#include "train/duplicates.h"

/* group[n]: the document around which the group of each gathered; its own number where it is alone
 * or that document itself. truth is [n][n_topics]. False when memory runs out. */
bool folds_group(const struct duplicates *duplicates, const bool *truth, size_t n, size_t n_topics,
                 uint32_t n_folds, uint32_t *group);

/* Assigns n documents to n_folds folds: documents with the same set of topics are dealt out in
 * turn, so that topics are in proportion; `seed` shuffles them before. A document follows the one
 * that its group has. False when memory runs out. */
bool folds_assign(const bool *truth, size_t n, size_t n_topics, uint32_t n_folds, uint64_t seed,
                  const uint32_t *group, uint32_t *fold);

/* Can a topic be scored out of fold: is there, whichever fold is left out, a document of it to
 * learn from? */
bool folds_serve(const bool *truth, size_t n, size_t n_topics, size_t topic, const uint32_t *fold);

#endif
