/* SPDX-License-Identifier: BSD-3-Clause */
/* --like: the settings that another model was trained with. */
#ifndef TRAIN_LIKE_H
#define TRAIN_LIKE_H

#include "fenlei.h"
#include "train/options.h"

/* Takes from the card of that model what the command line does not say, and the model itself for
 * its page reader where none is named; nothing without --like. Without a CORPUS it is the one that
 * comes with the programs, where that model was trained on it. */
fenlei_status like_apply(struct options *options, fenlei_error *error);

#endif
