/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/radix.h"

#include <string.h>

enum { DIGITS = 8, VALUES = 256, FEW = 24 };

static void insert_each(uint64_t *numbers, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t number = numbers[i];
        size_t at = i;
        for (; at > 0 && numbers[at - 1] > number; at--)
            numbers[at] = numbers[at - 1];
        numbers[at] = number;
    }
}

static size_t digit_of(uint64_t number, unsigned digit)
{
    return (size_t)(number >> 8 * digit) & (VALUES - 1);
}

/* Moves the numbers by one digit, those with the same one in the order they have; counts[VALUES] of
 * each value is used up. */
static void move(const uint64_t *from, uint64_t *to, size_t n, unsigned digit, size_t *counts)
{
    size_t start = 0;
    for (size_t value = 0; value < VALUES; value++) {
        size_t count = counts[value];
        counts[value] = start;
        start += count;
    }
    for (size_t i = 0; i < n; i++)
        to[counts[digit_of(from[i], digit)]++] = from[i];
}

void radix_sort(uint64_t *numbers, uint64_t *scratch, size_t n)
{
    size_t counts[DIGITS][VALUES] = {{0}};
    uint64_t *from = numbers, *to = scratch;
    if (n < FEW) {
        insert_each(numbers, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        for (unsigned digit = 0; digit < DIGITS; digit++)
            counts[digit][digit_of(numbers[i], digit)]++;
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        if (counts[digit][digit_of(from[0], digit)] == n)
            continue; /* they all have this one in common */
        move(from, to, n, digit, counts[digit]);
        uint64_t *other = from;
        from = to;
        to = other;
    }
    if (from != numbers)
        memcpy(numbers, from, n * sizeof *numbers);
}

size_t radix_sort_unique(uint64_t *numbers, uint64_t *scratch, size_t n)
{
    size_t unique = 0;
    radix_sort(numbers, scratch, n);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || numbers[i] != numbers[i - 1])
            numbers[unique++] = numbers[i];
    return unique;
}
