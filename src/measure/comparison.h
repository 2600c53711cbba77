/* SPDX-License-Identifier: BSD-3-Clause */
/* Two models, A and B, on the same records: how good each is by its own topics, as it would be
 * alone; and by the topics that both have, how much better one is and where they differ. */
#ifndef MEASURE_COMPARISON_H
#define MEASURE_COMPARISON_H

#include "measure/evaluation.h"
#include "measure/evaluator.h"

/* A record that the two label differently. */
struct change {
    struct buffer bytes;
    struct evaluated of; /* in `bytes`; text is empty */
    struct changed_topic {
        size_t topic;
        enum { CHANGE_TRUE, CHANGE_FALSE, CHANGE_EITHER } truth;
        bool given[2]; /* by A, by B */
    } * topics;        /* [n_topics] those given by either or true */
    size_t n_topics;
};

struct comparison {
    struct evaluation alone[2];
    struct shared_topics {
        size_t n;
        const char **ids, **names; /* [n] the topics that both have, in A's order */
        size_t *places[2];         /* [n] each among the topics of A, of B */
    } topics;
    struct projection {
        bool *truth, *either, *given; /* [topics.n] scratch: a model's answer by these topics */
    } projections[2];
    struct metrics metrics[2];    /* by these topics */
    struct outcomes outcomes;     /* of both */
    struct intervals differences; /* B minus A, after comparison_finish() */
    struct change *changes;       /* [n_changes] */
    size_t n_changes, changes_capacity;
    size_t right[3]; /* changed records that A alone, B alone, neither has all right */
    bool failed;
};

/* `probability`: one threshold for all topics, or NAN for the models' own. False when memory runs
 * out; to be released in any case. */
bool comparison_init(struct comparison *comparison, const fenlei_model *const models[2],
                     double probability);
void comparison_release(struct comparison *comparison);

/* One record's judgements, each over its model's own topics. */
void comparison_add(struct comparison *comparison, struct answer a, struct answer b,
                    struct evaluated evaluated);

/* False when memory has run out, here or before. */
bool comparison_finish(struct comparison *comparison, unsigned n_threads);

void comparison_table(const struct comparison *comparison, const char *const names[2],
                      struct buffer *out);

/* One JSON object, without a line break. */
void comparison_json(const struct comparison *comparison, const char *const names[2],
                     struct buffer *out);

#endif
