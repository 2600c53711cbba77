/* SPDX-License-Identifier: BSD-3-Clause */
/* What a retraining is given: the shipped articles and the corrections, with the topics as they are
 * now.
 *
 * A fifth of the corrections is held back, to compare models on. Which, the hash of the folded text
 * says: they stay held back for ever, and so does the same article sent again. */
#ifndef DESK_TRAINING_FILES_H
#define DESK_TRAINING_FILES_H

#include "desk/desk.h"

/* Examples that a topic must have before it is trained. */
enum { TOPIC_LEAST = 10 };

struct training_counts {
    size_t trained, held_back; /* corrections */
};

/* Is an article with this text held back? */
bool training_holds_back(fenlei_text text);

/* How many corrections there are of each kind. */
fenlei_status training_count(struct store *store, struct training_counts *counts,
                             fenlei_error *error);

/* Writes corpus.jsonl, corrections.jsonl, held-out.jsonl and topics.json into a folder. */
fenlei_status training_files_write(struct desk *desk, const char *folder, fenlei_error *error);

#endif
