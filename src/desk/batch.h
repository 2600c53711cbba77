/* SPDX-License-Identifier: BSD-3-Clause */
/* A batch of articles that a person should judge: the model is unsure of each, and they differ from
 * those judged lately and from each other.
 *
 * One by one the article is taken for which doubt * (1 - likeness to its nearest neighbour among
 * the judged and the taken) is greatest. Uncertainty weighed with the angle to what is already in
 * the batch is Brinker's (Incorporating diversity in active learning with support vector machines,
 * ICML 2003); tests/simulate/queue measures what it is worth. */
#ifndef DESK_BATCH_H
#define DESK_BATCH_H

#include "desk/sketch.h"

#include <stddef.h>

struct candidate {
    int64_t id;
    double doubt;
    double likeness; /* to the nearest of the judged and the taken; 0 before batch_avoid() */
    unsigned char sketch[SKETCH_BYTES];
    bool is_taken;
};

/* Candidates that are like an article with this sketch are worth less from now on. */
void batch_avoid(struct candidate *candidates, size_t n, fenlei_text sketch);

/* Takes the candidate that is worth most; NULL when all are taken. */
struct candidate *batch_take(struct candidate *candidates, size_t n);

#endif
