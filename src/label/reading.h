/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading damaged bytes in a given encoding. Of all ways to cut them into characters and bytes to
 * be replaced, the one that is least surprising: a byte that was put in or lost costs itself, and
 * not the rest of its line. The time is linear in the bytes. */
#ifndef LABEL_READING_H
#define LABEL_READING_H

#include "label/encoding.h"

/* How the bytes at one place are read: a character of so many bytes, or so many bytes that are no
 * character and become one U+FFFD. */
enum { STEP_SIZE = 7, STEP_REPLACED = 8 };

/* Reads size bytes and returns the surprise of all, in bits. steps[i], of [size], becomes how to
 * read on at byte i; NULL: only the cost is asked for, and where it is above `limit`, which is
 * less than 2^63, something above it is returned, sooner. */
uint64_t reading_find(const struct encoding *encoding, const uint8_t *bytes, size_t size,
                      uint64_t limit, uint8_t *steps);

/* Reads one character after the other, which is sooner done. False where one is not valid, or where
 * in a row they are too surprising to be plain text; else sets *sum. Of steps, [size] or NULL, only
 * those that are taken from the front are set. */
struct reading_sum {
    uint64_t bits;
    size_t beyond_ascii; /* characters */
};
bool reading_is_plain(const struct encoding *encoding, const uint8_t *bytes, size_t size,
                      uint8_t *steps, struct reading_sum *sum);

/* The same of any characters, however surprising. */
bool reading_is_valid(const struct encoding *encoding, const uint8_t *bytes, size_t size,
                      uint8_t *steps);

#endif
