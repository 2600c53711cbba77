/* SPDX-License-Identifier: BSD-3-Clause */
/* --replace: a new model takes the place of the old one only when it is not worse.
 *
 * Both label the held-out records. The new model is worse when the 95 % interval of the difference
 * of micro-F1 lies below zero, or that of the F1 of a topic with GATE_DOCUMENTS held-out records or
 * more (interval.h; the figures are those of `classify --evaluate -m A -m B`). No record that is
 * held out is trained on, and none that is nearly the same as one. */
#ifndef TRAIN_GATE_H
#define TRAIN_GATE_H

#include "train/training.h"

enum { GATE_DOCUMENTS = 10 };

/* Reads --corrections and --held-out, while the corpus is being read: corrections take the place of
 * records with the same id or text, and what is near a held-out record is dropped. Nothing where
 * neither is asked for. */
fenlei_status gate_read(struct training *training, corpus_complaint *complain, void *context,
                        fenlei_error *error);

/* Compares the model that was written beside the old one with that, and puts it in its place, or
 * removes it and fills is_kept. Adds the comparison to the report and to standard output. */
fenlei_status gate_replace(struct training *training, fenlei_error *error);

#endif
