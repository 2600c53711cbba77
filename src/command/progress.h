/* SPDX-License-Identifier: BSD-3-Clause */
/* How far long work is, and how long it will still take: a line on standard error that is written
 * over again and again, for people at a terminal. */
#ifndef COMMAND_PROGRESS_H
#define COMMAND_PROGRESS_H

#include "base/memory.h"

/* All zero shows nothing. */
struct progress {
    const char *what, *unit; /* "training", " MB" */
    double start, shown;     /* seconds of a clock */
    double pause;            /* the least seconds from the start, and from line to line */
    size_t width;            /* of the line that stands there */
    bool is_on;
};

/* On where standard error is a terminal, or it is wanted. */
void progress_begin(struct progress *progress, const char *what, const char *unit, double pause,
                    bool is_wanted);

/* `all` is 0 where it is not known. */
void progress_show(struct progress *progress, size_t done, size_t all);

/* Leaves the line as it stands, and begins another. */
void progress_end(struct progress *progress);

/* Takes the line away: what comes next may be a message, or the shell's. */
void progress_clear(struct progress *progress);

/* "training: 12 of 144, about 3 s left", or, where `all` is not known, "labelling: 12 files". */
void progress_line(struct buffer *out, const struct progress *progress, size_t done, size_t all,
                   double seconds);

#endif
