/* SPDX-License-Identifier: BSD-3-Clause */
/* A doctor for labelled data: near-duplicates, labels that the other documents contradict, topics
 * that are too small, odd lengths, damaged text, dates and places that stand for a topic, and how
 * varied the language is. */
#ifndef TRAIN_CHECK_H
#define TRAIN_CHECK_H

#include "train/duplicates.h"
#include "train/learn.h"

struct check {
    const struct corpus *corpus;
    const struct dataset *dataset;
    const struct duplicates *duplicates;
    const struct learned *learned;         /* with out-of-fold scores */
    const struct calibration *calibration; /* [n_topics] */
};

/* Writes the findings for people to `text` and as one JSON object to `json`. *n_findings becomes
 * the number of those that want a remedy: pairs of near-duplicates, contradicted documents, damaged
 * texts. */
fenlei_status check_corpus(const struct check *check, struct buffer *text, struct buffer *json,
                           size_t *n_findings, fenlei_error *error);

#endif
