/* SPDX-License-Identifier: BSD-3-Clause */
/* Sixteen bytes in one register, which every machine of ours has; a comparison of two gives all
 * bits or none for each byte. */
#ifndef BASE_BYTES16_H
#define BASE_BYTES16_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t bytes16 __attribute__((vector_size(16)));

static inline bytes16 bytes16_load(const void *bytes)
{
    bytes16 loaded;
    memcpy(&loaded, bytes, sizeof loaded);
    return loaded;
}

/* Is one bit of them set? */
static inline bool bytes16_any(bytes16 bytes)
{
    uint64_t halves[2];
    memcpy(halves, &bytes, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

/* Which byte is the first of them with a bit set? There is one. */
static inline size_t bytes16_first(bytes16 bytes)
{
    uint64_t halves[2];
    memcpy(halves, &bytes, sizeof halves);
    size_t half = halves[0] == 0;
    return half * sizeof *halves + (size_t)__builtin_ctzll(halves[half]) / 8;
}

#endif
