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

void tell_estimate(const struct learner *learner)
{
    struct learn_estimate estimate;
    if (learn_estimate(learner, &estimate))
        fprintf(stderr, "training %zu topics on %zu documents: about %.0f s and %.0f MB\n",
                learner->n_topics, learner->dataset->n_documents, ceil(estimate.seconds),
                ceil(estimate.bytes / 1e6));
}
