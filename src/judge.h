/* A labelled record against what a model gives it. */
#ifndef JUDGE_H
#define JUDGE_H

#include "evaluate.h"
#include "fenlei.h"
#include "json.h"

struct judge {
    const fenlei_model *model;
    bool *truth, *either, *given; /* [n_topics], of the last record */
    double *probability, *score;  /* [n_topics] */
    size_t best;                  /* the first of the labels, as -k 1 shows it */
    struct record record;         /* the last one, until judge_clear() */
};

bool judge_init(struct judge *judge, const fenlei_model *model);
void judge_release(struct judge *judge);
void judge_clear(struct judge *judge); /* gives back the record's memory */

/* Parses one line, labels it and fills the judge; an error when the record cannot be used, or has
 * a label that is no topic of the model. */
fenlei_status judge_line(struct judge *judge, fenlei_labeler *labeler, fenlei_text line,
                         const fenlei_options *options, fenlei_error *error);

/* What the last record contributes to an evaluation. */
struct judgement judge_result(const struct judge *judge);

#endif
