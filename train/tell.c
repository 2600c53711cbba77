/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/tell.h"

#include "command/message.h"

#include <math.h>
#include <stdio.h>

void tell_complaint(void *context, const char *text)
{
    size_t *shown = context;
    if (*shown < COMPLAINTS_SHOWN)
        message(NULL, 0, text);
    else if (*shown == COMPLAINTS_SHOWN)
        message(NULL, 0, "more of these are not shown");
    ++*shown;
}

static void show_progress(void *context, size_t done, size_t all)
{
    progress_show(context, done, all);
    if (done == all)
        progress_end(context);
}

static void show_estimate(const struct learner *learner)
{
    struct learn_estimate estimate;
    if (learn_estimate(learner, &estimate))
        fprintf(stderr, "training %zu topics on %zu documents: about %.0f s and %.0f MB\n",
                learner->n_topics, learner->dataset->n_documents, ceil(estimate.seconds),
                ceil(estimate.bytes / 1e6));
}

void tell_progress(struct learner *learner, struct progress *progress, bool is_wanted)
{
    progress_begin(progress, "training", "", 0, is_wanted);
    if (!progress->is_on)
        return;
    show_estimate(learner);
    learner->progress = show_progress;
    learner->context = progress;
}
