/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers that look random and are the same everywhere: the generator splitmix64 (Steele, Lea and
 * Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

/* Mixes the bits of a number; a bijection. */
static inline uint64_t random_mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* The n-th number after a state, from 1. */
static inline uint64_t random_ahead(uint64_t state, uint64_t n)
{
    return random_mix(state + n * UINT64_C(0x9E3779B97F4A7C15));
}

/* The next number; the state moves on. Any state is a good beginning. */
static inline uint64_t random_next(uint64_t *state)
{
    return random_mix(*state += UINT64_C(0x9E3779B97F4A7C15));
}

#endif
