/* A labelled record against what a model gives it. */
#ifndef JUDGE_H
#define JUDGE_H

#include "evaluate.h"
#include "fenlei.h"
#include "json.h"

/* Topics to judge by that are not one model's own: those of several models together. */
struct judged_topics {
    size_t n;
    const char **ids, **names; /* [n] */
    size_t *places[2];         /* [topics of the model] of each of two models, in ids */
};

struct judge {
    const fenlei_model *model;
    const struct judged_topics *topics; /* NULL: the model's own */
    unsigned side;                      /* of the model, in their places */
    bool *truth, *either, *given;       /* [n_topics], of the last record */
    double *probability, *score;        /* [n_topics] */
    size_t best;                        /* the first of the labels, as -k 1 shows it */
    struct record record;               /* the last one, until judge_clear() */
};

bool judge_init(struct judge *judge, const fenlei_model *model, const struct judged_topics *topics,
                unsigned side);
void judge_release(struct judge *judge);
void judge_clear(struct judge *judge); /* gives back the record's memory */

/* Parses one line, labels it and fills the judge; an error when the record cannot be used, or has
 * a label that is none of the topics. */
fenlei_status judge_line(struct judge *judge, fenlei_labeler *labeler, fenlei_text line,
                         const fenlei_options *options, fenlei_error *error);

/* The same for a text whose topics are known: truth[topics of the model]. */
fenlei_status judge_text(struct judge *judge, fenlei_labeler *labeler, fenlei_text title,
                         fenlei_text text, const bool *truth, fenlei_error *error);

/* What the last record contributes to an evaluation. */
struct judgement judge_result(const struct judge *judge);

#endif
