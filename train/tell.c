/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/tell.h"

#include "command/message.h"

#include <math.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

void tell_complaint(void *context, const char *text)
{
    size_t *shown = context;
    if (*shown < COMPLAINTS_SHOWN)
        message(NULL, 0, text);
    else if (*shown == COMPLAINTS_SHOWN)
        message(NULL, 0, "more of these are not shown");
    ++*shown;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void show_progress(void *context, size_t done, size_t all)
{
    const double *start = context;
    double left = (now() - *start) / (double)done * (double)(all - done);
    fprintf(stderr, "\rtraining: %zu of %zu, about %.0f s left  %s", done, all, left,
            done == all ? "\n" : "");
}

static void show_estimate(const struct learner *learner)
{
    struct learn_estimate estimate;
    if (learn_estimate(learner, &estimate))
        fprintf(stderr, "training %zu topics on %zu documents: about %.0f s and %.0f MB\n",
                learner->n_topics, learner->dataset->n_documents, ceil(estimate.seconds),
                ceil(estimate.bytes / 1e6));
}

void tell_progress(struct learner *learner, double *start, bool is_wanted)
{
    if (!is_wanted && !isatty(STDERR_FILENO))
        return;
    show_estimate(learner);
    learner->progress = show_progress;
    learner->context = start;
    *start = now();
}
