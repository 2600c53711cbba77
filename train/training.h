/* SPDX-License-Identifier: BSD-3-Clause */
/* One training: what its steps hand on to each other, each filled by one of them and then only
 * read. The steps themselves are prepare, learn, out_of_fold, publish and test; train.c has
 * their order. */
#ifndef TRAIN_TRAINING_H
#define TRAIN_TRAINING_H

#include "label/label.h"
#include "measure/evaluation.h"
#include "train/duplicates.h"
#include "train/learn.h"
#include "train/options.h"
#include "train/sketches.h"

/* All zero but `options`, which stay the caller's, it is a training not yet begun; what the
 * pointers point to is owned. */
struct training {
    const struct options *options;

    struct watch watch;

    /* prepare.h */
    struct corpus corpus;
    uint32_t n_folds;             /* as many as the options say and the corpus allows; 0: none */
    struct duplicates duplicates; /* with folds only */
    uint32_t *group;              /* [n_documents] of near-duplicates, NULL without folds */
    struct sketches sketches;     /* for the model; empty where it keeps none */
    struct dataset dataset;

    fenlei_model *base;   /* reader.h; NULL where none is needed or there */
    struct buffer reader; /* what was learned from pages; empty: the base's is taken */
    size_t n_pages, n_page_lines;

    struct learned learned; /* learn.h */

    struct calibration *calibration; /* [n_topics] out_of_fold.h */
    size_t n_unserved;               /* topics calibrated without out-of-fold scores */
    double out_of_fold_f1[REPEATS];  /* micro-F1, of each repeat */

    /* [n_evaluations] out of fold, on --test, on --split-date, as far as they are asked for. They
     * name the corpus's topics and documents without owning the names. */
    struct evaluation evaluations[3];
    size_t n_evaluations;
    char split_title[40]; /* of the last one */

    struct buffer card;   /* JSON, part of the model */
    struct buffer report; /* JSON, for --report */
    struct buffer out;    /* for standard output */
    bool is_ill;          /* --check found something to mend */
    bool is_kept;         /* --replace kept the old model */
};

void training_release(struct training *training);

/* [n_topics], the corpus's. */
const char *const *training_topic_ids(const struct training *training);
const char *const *training_topic_names(const struct training *training);

/* The next evaluation, of the corpus's topics at their calibrated thresholds; NULL when memory runs
 * out. `title` must outlive the training. */
struct evaluation *training_evaluation(struct training *training, const char *title);

/* Names a document of the corpus in an evaluation. */
struct evaluated document_identify(const struct document *document);

#endif
