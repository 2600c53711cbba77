/* SPDX-License-Identifier: BSD-3-Clause */
/* Sets of topics as the store keeps them: "3 7", or with probabilities "3:0.9312 7:0.4410". */
#ifndef DESK_LABELS_H
#define DESK_LABELS_H

#include "base/memory.h"

#include <stdint.h>

struct set_label {
    int64_t topic;
    double probability; /* NAN where none is told */
};

/* The label at text.bytes[*at]; moves *at behind it. False at the end. */
bool labels_next(fenlei_text set, size_t *at, struct set_label *label);

bool labels_have(fenlei_text set, int64_t topic);

/* Appends one, with its probability where it has one. */
void labels_append(struct buffer *set, struct set_label label);

/* Appends the topics of a set without their probabilities, with or without `topic`. */
void labels_change(struct buffer *out, fenlei_text set, int64_t topic, bool is_given);

/* Do two sets hold the same topics? */
bool labels_equal(fenlei_text a, fenlei_text b);

#endif
