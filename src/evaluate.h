/* How well given labels agree with true ones: precision, recall and F1 a topic, micro, macro. */
#ifndef EVALUATE_H
#define EVALUATE_H

#include "mem.h"

struct tally {
    size_t documents; /* truly of the topic */
    size_t true_positives, false_positives, false_negatives;
};

struct measure {
    double precision, recall, f1; /* NAN where undefined: nothing given, nothing to find */
};

/* What one document contributes; arrays are [n_topics]. */
struct judgement {
    const bool *truth;
    const bool *either; /* scored neither way, whatever is given */
    const bool *given;
    size_t best; /* the topic with the best score */
};

struct evaluation {
    size_t n_topics;
    struct tally *tallies; /* [n_topics] */
    size_t documents;
    size_t none, none_given;     /* documents without a topic; those among them that got one */
    size_t single, best_is_true; /* documents with one topic; those whose best-scored it is */
};

bool evaluation_init(struct evaluation *evaluation, size_t n_topics);
void evaluation_release(struct evaluation *evaluation);
void evaluation_add(struct evaluation *evaluation, struct judgement judgement);

struct measure evaluation_topic(const struct evaluation *evaluation, size_t topic);

/* Over all decisions. */
struct measure evaluation_micro(const struct evaluation *evaluation);

/* The mean over the topics that have a document; a precision without anything given counts 0. */
struct measure evaluation_macro(const struct evaluation *evaluation);

/* Every document has exactly one topic: then the share whose best-scored topic is the true one
 * means something. */
bool evaluation_is_single(const struct evaluation *evaluation);

/* A table for people; ids and names are [n_topics]. */
void evaluation_table(const struct evaluation *evaluation, const char *const *ids,
                      const char *const *names, struct buffer *out);

/* One JSON object, without a line break. */
void evaluation_json(const struct evaluation *evaluation, const char *const *ids,
                     const char *const *names, struct buffer *out);

#endif
