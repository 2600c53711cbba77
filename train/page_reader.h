/* SPDX-License-Identifier: BSD-3-Clause */
/* The page reader of the model in training: learned from pages, or that of another model. */
#ifndef TRAIN_PAGE_READER_H
#define TRAIN_PAGE_READER_H

#include "train/training.h"

/* Opens the model of --base, or the shipped one, for its reader; says so where there is none.
 * Nothing where --pages asks for a reader of its own. To be called before the corpus is read, whose
 * folders it reads. */
fenlei_status page_reader_borrow(struct training *training, fenlei_error *error);

/* Learns the reader from the files of --pages, whose layouts are set with the corpus's articles. */
fenlei_status page_reader_learn(struct training *training, fenlei_error *error);

/* The reader's bytes, for the model file; empty where it has none. */
fenlei_text page_reader_bytes(const struct training *training);

/* Writes the -o file: the model of --base with the reader that was learned. */
fenlei_status page_reader_replace(struct training *training, fenlei_error *error);

#endif
