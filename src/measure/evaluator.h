/* SPDX-License-Identifier: BSD-3-Clause */
/* A labelled record against what a model gives it. */
#ifndef MEASURE_EVALUATOR_H
#define MEASURE_EVALUATOR_H

#include "base/record.h"
#include "fenlei.h"
#include "label/sketch.h"
#include "measure/metrics.h"

struct evaluator {
    const fenlei_model *model;
    struct sketch sketch;         /* the model's */
    bool *truth, *either, *given; /* [n_topics], of the last record */
    double *probability, *score;  /* [n_topics] */
    size_t best;                  /* the first of the labels, as -k 1 shows it */
    size_t n_left_out;            /* labels of the record that are no topic of the model */
    const char *left_out;         /* the first of them, the record's own; NULL without */
    bool is_known;        /* nearly a training text; the caller's to fill, or the sketch's */
    struct record record; /* the last one, until evaluator_clear() */
};

bool evaluator_init(struct evaluator *evaluator, const fenlei_model *model);
void evaluator_release(struct evaluator *evaluator);
void evaluator_clear(struct evaluator *evaluator); /* gives back the record's memory */

/* Parses a record that must have labels; record_release() must follow, also after an error. */
fenlei_status evaluator_parse(struct record *record, fenlei_text line, fenlei_error *error);

/* Parses one line, labels it and fills the evaluator; an error when the record cannot be used. A
 * label that is no topic of the model is left out, and counted. */
fenlei_status evaluate_line(struct evaluator *evaluator, fenlei_labeler *labeler, fenlei_text line,
                            const fenlei_options *options, fenlei_error *error);

/* The same for a text whose topics are known: truth[topics of the model]. */
fenlei_status evaluate_text(struct evaluator *evaluator, fenlei_labeler *labeler, fenlei_text title,
                            fenlei_text text, const bool *truth, fenlei_error *error);

/* Fills is_known of the last record by the model's sketch, where it has one. */
fenlei_status evaluator_ask_sketch(struct evaluator *evaluator, fenlei_error *error);

/* Says in words->message what was left out of the last record; `whose` is "the model". False when
 * nothing was. */
bool evaluator_tell_left_out(const struct evaluator *evaluator, const char *whose,
                             fenlei_error *words);

/* What the last record contributes to an evaluation. */
struct answer evaluator_answer(const struct evaluator *evaluator);

#endif
