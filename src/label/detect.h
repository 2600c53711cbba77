/* SPDX-License-Identifier: BSD-3-Clause */
/* Which encoding bytes are in, and how each of them is read. The encoding in which they are the
 * least surprising text wins (a shortest description), damage being part of the price. Lines may be
 * in different ones, where that pays for the change. */
#ifndef LABEL_DETECT_H
#define LABEL_DETECT_H

#include "base/memory.h"
#include "label/encoding.h"

/* How to read bytes: steps[i] as reading.h says, with the encoding in the upper bits. Only the
 * steps that are taken from the front mean something. */
struct plan {
    uint8_t *steps; /* [size] */
    size_t capacity;
    int encoding;       /* of the most lines */
    int other_encoding; /* of the first line in another one */
    size_t other_lines; /* how many, of those with more than ASCII in them */
    size_t other_line;  /* the first, from 1 */

    struct buffer changes; /* scratch */
};

/* How the bytes [at] on are read: sets *character, U+FFFD where they are to be replaced, and
 * returns how many they are. */
size_t plan_read(const struct plan *plan, const uint8_t *bytes, size_t size, size_t at,
                 uint32_t *character);
bool plan_replaces(const struct plan *plan, size_t at);

/* Detects the encoding; UTF-8 where none is likely. FENLEI_OK or FENLEI_NO_MEMORY. */
fenlei_status detect(struct plan *plan, const uint8_t *bytes, size_t size, fenlei_error *error);

/* Plans for a given encoding, strictly where nothing is invalid. FENLEI_OK or FENLEI_NO_MEMORY. */
fenlei_status plan_for(struct plan *plan, int encoding, const uint8_t *bytes, size_t size,
                       fenlei_error *error);

void plan_release(struct plan *plan);

#endif
