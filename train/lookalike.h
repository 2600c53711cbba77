/* SPDX-License-Identifier: BSD-3-Clause */
/* Labels that look alike and are not the same: a space behind one, another width, another case, an
 * accent composed or not. To people they are one topic; to a training, two that contradict. */
#ifndef TRAIN_LOOKALIKE_H
#define TRAIN_LOOKALIKE_H

#include "train/corpus.h"

struct lookalikes {
    struct lookalike {
        size_t topic, other; /* topic < other */
    } * pairs;               /* [n] each topic with the next that looks like it */
    size_t n, capacity;
};

/* False when memory runs out. */
bool lookalikes_find(struct lookalikes *lookalikes, const struct corpus *corpus);
void lookalikes_release(struct lookalikes *lookalikes);

#endif
