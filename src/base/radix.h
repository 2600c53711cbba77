/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers sorted in linear time, byte by byte from the lowest (Knuth, The Art of Computer
 * Programming, volume 3, section 5.2.5). */
#ifndef BASE_RADIX_H
#define BASE_RADIX_H

#include <stddef.h>
#include <stdint.h>

/* Sorts numbers[n], the least first; scratch is [n]. */
void radix_sort(uint64_t *numbers, uint64_t *scratch, size_t n);

/* The same, each number once; returns how many there are. */
size_t radix_sort_unique(uint64_t *numbers, uint64_t *scratch, size_t n);

#endif
