/* A labelled record against what a model gives it. */
#ifndef MEASURE_EVALUATOR_H
#define MEASURE_EVALUATOR_H

#include "base/json.h"
#include "fenlei.h"
#include "measure/metrics.h"

/* Topics to evaluate by that are not one model's own: those of several models together. */
struct shared_topics {
    size_t n;
    const char **ids, **names; /* [n] */
    size_t *places[2];         /* [topics of the model] of each of two models, in ids */
};

struct evaluator {
    const fenlei_model *model;
    const struct shared_topics *topics; /* NULL: the model's own */
    unsigned side;                      /* of the model, in their places */
    bool *truth, *either, *given;       /* [n_topics], of the last record */
    double *probability, *score;        /* [n_topics] */
    size_t best;                        /* the first of the labels, as -k 1 shows it */
    struct record record;               /* the last one, until evaluator_clear() */
};

bool evaluator_init(struct evaluator *evaluator, const fenlei_model *model,
                    const struct shared_topics *topics, unsigned side);
void evaluator_release(struct evaluator *evaluator);
void evaluator_clear(struct evaluator *evaluator); /* gives back the record's memory */

/* Parses one line, labels it and fills the evaluator; an error when the record cannot be used, or
 * has a label that is none of the topics. */
fenlei_status evaluate_line(struct evaluator *evaluator, fenlei_labeler *labeler, fenlei_text line,
                            const fenlei_options *options, fenlei_error *error);

/* The same for a text whose topics are known: truth[topics of the model]. */
fenlei_status evaluate_text(struct evaluator *evaluator, fenlei_labeler *labeler, fenlei_text title,
                            fenlei_text text, const bool *truth, fenlei_error *error);

/* What the last record contributes to an evaluation. */
struct answer evaluator_answer(const struct evaluator *evaluator);

#endif
