/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers as decimals, the same in every locale: printf writes what the locale calls a point. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include "base/memory.h"

#include <stdint.h>

/* Appends a whole number, with zeros before it up to so many digits, 20 at most. */
void number_whole(struct buffer *out, uint64_t value, unsigned digits);

/* Appends `value` with exactly `decimals` (0 to 12) decimals, rounded to nearest, and a minus sign
 * where what is shown is below 0. From 1e6 on there are at most 9 decimals; from 1e9 on, where a
 * double holds few or none, it is as printf's %.17g has it. Not a number is "-". */
void number_fixed(struct buffer *out, double value, unsigned decimals);

/* The same with signs of the caller's: `plus` also before 0. */
void number_signed(struct buffer *out, double value, unsigned decimals, const char *plus,
                   const char *minus);

/* The same, with spaces before it up to `width` bytes. */
void number_aligned(struct buffer *out, double value, unsigned decimals, const char *plus,
                    size_t width);

#endif
