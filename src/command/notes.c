/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/notes.h"

static const char *const words[NOTES] = {
    [NOTE_UNLABELLED] = "left out: no label",
    [NOTE_UNANNOTATED] = "left out: annotated by nobody",
    [NOTE_ALL_CANCELLED] = "left out: cancelled by whoever looked at it",
    [NOTE_REJECTED] = "left out: rejected or ignored",
    [NOTE_CANCELLED] = "with cancelled annotations, which do not count",
    [NOTE_EMPTY] = "without a choice: none of the topics",
    [NOTE_DISAGREEMENT] = "whose annotators disagree: a label counts that more than half gave",
    [NOTE_UNPARTED] = "with a label that holds #, | or ;, taken as one name (--label-separator)",
};

void notes_add(struct notes *notes, enum note note, size_t number)
{
    if (notes->n[note]++ == 0)
        notes->first[note] = number;
}

void notes_tell(const struct notes *notes, const char *what, struct buffer *out)
{
    for (int note = 0; note < NOTES; note++)
        if (notes->n[note] > 0)
            buffer_append_format(out, "; %zu %s (the first: %s %zu)", notes->n[note], words[note],
                                 what, notes->first[note]);
}
