/* SPDX-License-Identifier: BSD-3-Clause */
/* What is drawn from a generator of base/random.h: each draw moves its state on by one. */
#ifndef TRAIN_DRAW_H
#define TRAIN_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* least <= most. */
struct range {
    unsigned least, most;
};

unsigned draw_below(uint64_t *random, size_t n);             /* of 0 to n - 1, n > 0 */
bool draw_happens(uint64_t *random, unsigned percent);       /* with this probability */
unsigned draw_from(uint64_t *random, struct range range);    /* each as likely as the other */
unsigned draw_setting(uint64_t *random, struct range range); /* nothing drawn where it is one */

#endif
