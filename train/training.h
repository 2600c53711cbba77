/* One training: what its steps hand on to each other, each filled by one of them and then only
 * read. The steps themselves are prepare, learn, out_of_fold, publish and examine; train.c has
 * their order. */
#ifndef TRAINING_H
#define TRAINING_H

#include "assessment.h"
#include "duplicates.h"
#include "label.h"
#include "learn.h"
#include "options.h"

/* All zero but `options`, which stay the caller's, it is a training not yet begun; what the
 * pointers point to is owned. */
struct training {
    const struct options *options;

    /* prepare.h */
    struct corpus corpus;
    struct duplicates duplicates; /* with folds only */
    uint32_t *group;              /* [n_documents] of near-duplicates, NULL without folds */
    struct dataset dataset;

    struct learned learned; /* learn.h */

    struct calibration *calibration; /* [n_topics] out_of_fold.h */

    /* [n_assessments] out of fold, on --test, on --split-date, as far as they are asked for. They
     * name the corpus's topics and documents without owning the names. */
    struct assessment assessments[3];
    size_t n_assessments;
    char split_title[40]; /* of the last one */

    struct buffer card;   /* JSON, part of the model */
    struct buffer report; /* JSON, for --report */
    struct buffer out;    /* for standard output */
    bool is_ill;          /* --check found something to mend */
};

void training_release(struct training *training);

/* [n_topics], the corpus's. */
const char *const *training_topic_ids(const struct training *training);
const char *const *training_topic_names(const struct training *training);

/* The next assessment, of the corpus's topics at their calibrated thresholds; NULL when memory runs
 * out. `title` must outlive the training. */
struct assessment *training_assess(struct training *training, const char *title);

/* Names a document of the corpus in an assessment. */
struct assessed document_identify(const struct document *document);

#endif
