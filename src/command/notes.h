/* SPDX-License-Identifier: BSD-3-Clause */
/* What a person should know of a file of records besides what failed: what was left out of it, and
 * how often something was taken to mean something. */
#ifndef COMMAND_NOTES_H
#define COMMAND_NOTES_H

#include "base/memory.h"

enum note {
    NOTE_UNLABELLED,
    NOTE_UNANNOTATED,
    NOTE_ALL_CANCELLED,
    NOTE_REJECTED,
    NOTE_CANCELLED,
    NOTE_EMPTY,
    NOTE_DISAGREEMENT,
    NOTE_UNPARTED,
    NOTES
};

struct notes {
    size_t n[NOTES], first[NOTES]; /* how often, and the number of the first record */
};

void notes_add(struct notes *notes, enum note note, size_t number);

/* Appends a clause for each, "; 3 left out: no label (the first: line 7)"; `what` numbers are of:
 * "line" or "record". */
void notes_tell(const struct notes *notes, const char *what, struct buffer *out);

#endif
