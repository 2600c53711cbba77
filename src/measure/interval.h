/* SPDX-License-Identifier: BSD-3-Clause */
/* How far precision, recall and F1 could be from what they are on these documents: 95 % intervals
 * by resampling the documents.
 *
 * Bayesian bootstrap (Rubin, The Bayesian bootstrap, Annals of Statistics 9, 1981): in each of the
 * RESAMPLES every document weighs an exponential random number, so that documents with the same
 * outcomes weigh a gamma one together, and the cost does not grow with their number. A topic is
 * given half a document more of hits and of errors, as Jeffreys' prior for a binomial share has it:
 * without, few documents or none in error would promise too much (Brown, Cai and DasGupta, Interval
 * estimation for a binomial proportion, Statistical Science 16, 2001). Micro and macro get theirs
 * as a whole, and are corrected for their bias (Efron, The jackknife, the bootstrap and other
 * resampling plans, 1982). The random numbers come from fixed seeds: the same outcomes give the
 * same intervals, on any number of threads. */
#ifndef MEASURE_INTERVAL_H
#define MEASURE_INTERVAL_H

#include "base/memory.h"

#include <stdint.h>

enum { RESAMPLES = 1000 };

enum outcome { OUTCOME_HIT, OUTCOME_EXTRA, OUTCOME_MISSED };

/* What was decided on each document, for one model or for two on the same documents. A topic
 * rightly withheld is no outcome. All zero is none yet. */
struct outcomes {
    uint32_t *items; /* of all documents, one after the other */
    size_t n_items, items_capacity;
    size_t *ends; /* [n_documents] in items */
    size_t n_documents, ends_capacity;
    bool failed; /* memory ran out: to be asked once, at the end */
};

/* Adds an outcome of the document being read, in the order of topics; then ends the document.
 * `side` is 0, then 1 for the second model. */
void outcomes_add(struct outcomes *outcomes, unsigned side, size_t topic, enum outcome outcome);
void outcomes_end_document(struct outcomes *outcomes);
void outcomes_release(struct outcomes *outcomes);

/* Adds a document with the outcomes of the last ones of two models. */
void outcomes_join(struct outcomes *outcomes, const struct outcomes *a, const struct outcomes *b);

/* The i-th of all, as it was added to side 0 or 1. */
struct outcome_item {
    size_t topic;
    unsigned side;
    enum outcome outcome;
};
struct outcome_item outcomes_item(const struct outcomes *outcomes, size_t i);

struct interval {
    double low, high; /* NAN where what they are for is undefined */
};

struct measure_intervals {
    struct interval precision, recall, f1;
};

struct intervals {
    struct measure_intervals *topics; /* [n_topics] */
    struct measure_intervals micro, macro;
};

/* Of the measures of side 0. False when memory runs out. */
bool intervals_of(const struct outcomes *outcomes, size_t n_topics, unsigned n_threads,
                  struct intervals *intervals);

/* Of the differences, side 1 minus side 0: each resample is the same documents for both. */
bool intervals_of_difference(const struct outcomes *outcomes, size_t n_topics, unsigned n_threads,
                             struct intervals *intervals);

void intervals_release(struct intervals *intervals);

#endif
