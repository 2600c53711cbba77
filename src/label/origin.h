/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the bytes of a text made from another came from: runs of characters of one size each, which
 * is next to nothing to remember of a converted or joined text. */
#ifndef LABEL_ORIGIN_H
#define LABEL_ORIGIN_H

#include "base/memory.h"

/* `count` characters in a row, each `size` bytes of the text, made from `from_size` bytes each. */
struct stretch {
    size_t at, from; /* offsets of the first */
    size_t count, size, from_size;
};

struct origins {
    struct stretch *stretches; /* [n] rising by `at` */
    size_t n, capacity;
};

/* Adds what follows the last stretch, lengthening it where it goes on alike; false when memory runs
 * out. Sizes are above 0. */
bool origins_add(struct origins *origins, struct stretch stretch);

/* The stretch that holds offset `at`; in a gap, the next one. `origins` is not empty, and what lies
 * behind the last is the last's. */
size_t origins_find(const struct origins *origins, size_t at);

/* Where the character of the text at [at] begins in what it came from, and where the one that holds
 * byte end - 1 ends. In a gap between stretches: the next one's beginning, the last one's end. */
size_t origins_start(const struct origins *origins, size_t at);
size_t origins_end(const struct origins *origins, size_t end);

void origins_clear(struct origins *origins);
size_t origins_memory(const struct origins *origins); /* bytes allocated */
void origins_release(struct origins *origins);

#endif
