/* SPDX-License-Identifier: BSD-3-Clause */
/* Items that one thread labels before it takes others, and that are printed together: a file, or
 * some records, which it has read as a rule. */
#ifndef CLASSIFY_BUNDLE_H
#define CLASSIFY_BUNDLE_H

#include "classify/item.h"

#include <stdatomic.h>

/* The most records of a bundle, and the bytes of them after which it takes no more. */
enum { BUNDLE_ITEMS = 64, BUNDLE_BYTES = 16 << 10 };

/* All zero is an empty one. It is used again and again. */
struct bundle {
    atomic_bool is_taken; /* from bundle_take() until bundle_clear() */
    struct item *items;   /* [n_items] */
    size_t n_items, n_room;
    size_t most;    /* items that it may have */
    size_t n_used;  /* items that were ever filled: the memory of the others is never touched */
    size_t n_bytes; /* of the lines of the items */
    struct buffer lines; /* memory that lines of items may lie in */

    /* Of the first items what is to be printed, put together; they are empty again. */
    size_t n_collected;
    struct buffer out, messages;
    bool failed;
};

/* Makes an empty bundle one to be filled with up to `most` items; false when memory runs out. */
bool bundle_take(struct bundle *bundle, size_t most);

/* The item to fill next, while there is room; bundle_add() then counts it in. */
bool bundle_has_room(const struct bundle *bundle);
struct item *bundle_next(struct bundle *bundle);
void bundle_add(struct bundle *bundle);

/* Puts what the next item has to print behind what those before it have, and empties it. Where
 * memory ran out it and those behind it stay as they are. */
void bundle_collect(struct bundle *bundle);

/* Empties it. Another thread may do that. */
void bundle_clear(struct bundle *bundle);
void bundle_release(struct bundle *bundle);

#endif
