/* SPDX-License-Identifier: BSD-3-Clause */
/* What `train` says on standard error while it works. Its results are on standard output and in
 * files, which is not done here. */
#ifndef TRAIN_TELL_H
#define TRAIN_TELL_H

#include "train/learn.h"

/* A corpus_complaint. context: how many there were so far, a size_t that begins at 0. After the
 * first COMPLAINTS_SHOWN it is only said that there are more. */
enum { COMPLAINTS_SHOWN = 20 };
void tell_complaint(void *context, const char *text);

/* Says how long learning will take, and how much memory. */
void tell_estimate(const struct learner *learner);

#endif
