/* SPDX-License-Identifier: BSD-3-Clause */
/* Retraining: a child process of the program `train`, and the models that came of it.
 *
 * The gate is train's (--replace): the desk gives it a copy of the model in use and takes what is
 * there afterwards. Every model stays in the folder models/, as NUMBER.model. A crash at any moment
 * leaves the model in use as it was. */
#ifndef DESK_TRAINER_H
#define DESK_TRAINER_H

#include "desk/desk.h"

enum training_state {
    TRAINING_NONE, /* not since the program was started */
    TRAINING_RUNS,
    TRAINING_REPLACED,
    TRAINING_KEPT, /* the old model: the new one is worse */
    TRAINING_FAILED,
    TRAINING_STOPPED
};

struct training_report {
    enum training_state state;
    int64_t started;
    unsigned done, all, seconds_left; /* while it runs; 0 before that is known */
    char message[1000];               /* why it failed, or kept the old model */
    bool is_relabelling;              /* older articles get the labels of the model in use */
};

/* Puts the store's current model in use; in a store without models a copy of the file `path`
 * becomes the first. */
fenlei_status trainer_open(struct desk *desk, const char *path, fenlei_error *error);

/* Ends what is under way. */
void trainer_close(struct desk *desk);

/* Begins a retraining; an error when one is under way, or no correction is held back yet. */
fenlei_status trainer_start(struct desk *desk, fenlei_error *error);
void trainer_stop(struct desk *desk);

/* Puts a model of the store in use. */
fenlei_status trainer_use(struct desk *desk, int64_t model, fenlei_error *error);

struct training_report trainer_report(struct desk *desk);

#endif
