/* SPDX-License-Identifier: BSD-3-Clause */
/* How well given labels agree with true ones: precision, recall and F1 a topic, micro, macro. */
#ifndef MEASURE_METRICS_H
#define MEASURE_METRICS_H

#include "base/memory.h"
#include "measure/interval.h"

enum { CALIBRATION_BINS = 10 };

struct tally {
    size_t documents; /* truly of the topic */
    size_t true_positives, false_positives, false_negatives;
};

struct measure {
    double precision, recall, f1; /* NAN where undefined: nothing given, nothing to find */
};

/* What one document contributes; arrays are [n_topics]. */
struct answer {
    const bool *truth;
    const bool *either; /* scored neither way, whatever is given */
    const bool *given;
    const double *probability; /* NULL for a model without */
    const double *score;       /* decision values; may be NULL */
    size_t best;               /* the topic ranked first */
    size_t n_left_out;         /* labels that it has and that are none of the topics */
    bool is_known;             /* nearly a text that the model was trained on */
};

struct metrics {
    size_t n_topics;
    struct tally *tallies; /* [n_topics] */
    size_t documents;
    size_t none, none_given; /* documents without a topic; those among them that got one */
    size_t left_out, documents_left_out; /* labels that are none of the topics; documents that have
                                            such */
    size_t single, best_is_true;         /* documents with one topic; those it is ranked first in */
    double squared_errors;               /* of the probabilities */
    struct bin {
        size_t n, positives;
        double probability;   /* their sum */
    } bins[CALIBRATION_BINS]; /* of equal width from 0 to 1 */
    struct outcomes outcomes;
    struct intervals intervals; /* after metrics_estimate() */
};

bool metrics_init(struct metrics *metrics, size_t n_topics);
void metrics_release(struct metrics *metrics);
void metrics_add(struct metrics *metrics, struct answer answer);

/* Fills `intervals`, which tables and JSON then show. False when memory has run out, here or while
 * adding. */
bool metrics_estimate(struct metrics *metrics, unsigned n_threads);

struct measure metrics_topic(const struct metrics *metrics, size_t topic);

/* Over all decisions. */
struct measure metrics_micro(const struct metrics *metrics);

/* How many labels the documents have that are topics. */
size_t metrics_labels(const struct metrics *metrics);

/* The mean over the topics that have a document; a precision without anything given counts 0. */
struct measure metrics_macro(const struct metrics *metrics);

/* How far the probabilities can be trusted, over all decisions; NAN without probabilities. */
struct reliability {
    double brier;       /* mean squared error (Brier, Verification of forecasts, 1950) */
    double calibration; /* expected calibration error: the mean distance, weighted by their sizes,
                           between a bin's mean probability and its share of positives */
};
struct reliability metrics_reliability(const struct metrics *metrics);

/* Every document has exactly one topic: then the share whose first-ranked topic is the true one
 * means something. */
bool metrics_is_single(const struct metrics *metrics);

/* A table for people; ids and names are [n_topics]. */
void metrics_table(const struct metrics *metrics, const char *const *ids, const char *const *names,
                   struct buffer *out);

/* One JSON object, without a line break. */
void metrics_json(const struct metrics *metrics, const char *const *ids, const char *const *names,
                  struct buffer *out);

/* "documents", "micro" and "macro", without the braces. */
void metrics_json_averages(const struct metrics *metrics, struct buffer *out);

/* All its fields, without the braces. */
void metrics_json_fields(const struct metrics *metrics, const char *const *ids,
                         const char *const *names, struct buffer *out);

/* "key": [low, high], or null where it is undefined. */
void json_interval(struct buffer *out, const char *key, struct interval interval);

/* For people: the end of a table's row, a topic's id and its name where that is another. */
void table_topic(struct buffer *out, const char *id, const char *name);

/* 0.812-0.871 for people, or - */
void table_interval(struct buffer *out, struct interval interval);

#endif
