/* SPDX-License-Identifier: BSD-3-Clause */
/* How far a training is, and how long it will still take, from its first seconds on: one line on
 * standard error over all its stages.
 *
 * What a stage takes is known beforehand only in proportion to the others, from trainings that were
 * measured. How fast all of them are here, the time taken so far tells. */
#ifndef TRAIN_WATCH_H
#define TRAIN_WATCH_H

#include "command/progress.h"

#include <pthread.h>
#include <stdatomic.h>

enum stage {
    STAGE_READ,  /* steps are bytes */
    STAGE_COUNT, /* how many documents have a shingle; steps here and below are documents */
    STAGE_SIGN,
    STAGE_PAIR, /* bands */
    STAGE_SKETCH,
    STAGE_VOCAB,
    STAGE_VECTORS,
    STAGE_LEARN,     /* optimisations */
    STAGE_CALIBRATE, /* rounds */
    STAGES
};

/* What is to be done, as far as it is known. */
struct watch_work {
    size_t bytes; /* of the corpus's files */
    unsigned n_threads;
    bool compares, keeps_sketch; /* the texts, for folds; for the model */
    double looks;                /* at all documents, by learning */
    double rounds;               /* of all topics, by calibrating */
};

/* All zero is one at which nobody looks. */
struct watch {
    struct progress progress;
    double cost[STAGES]; /* 0 of a stage that is left out */
    enum stage stage;
    size_t shown; /* the most parts that a line has told */
    size_t all;   /* steps of this stage */
    atomic_size_t done;
    pthread_mutex_t lock; /* of the line */
};

/* To be called before there are threads. The line is shown where standard error is a terminal, or
 * it is wanted. */
void watch_begin(struct watch *watch, bool is_wanted);

/* Says what is to be done, and again when more is known of it. */
void watch_expect(struct watch *watch, const struct watch_work *work);

/* Begins a stage of so many steps. */
void watch_stage(struct watch *watch, enum stage stage, size_t n_steps);

/* So many steps more of the stage are done. By any thread; `watch` may be NULL. */
void watch_step(struct watch *watch, size_t n_steps);

/* Takes the line away, until the next step: a message comes. */
void watch_clear(struct watch *watch);

/* Says that all is done; nothing is shown any more. */
void watch_end(struct watch *watch);

#endif
