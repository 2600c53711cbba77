/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/origin.h"

#include <stdlib.h>

static size_t end_of(const struct stretch *stretch)
{
    return stretch->at + stretch->count * stretch->size;
}

static size_t from_end_of(const struct stretch *stretch)
{
    return stretch->from + stretch->count * stretch->from_size;
}

static bool goes_on(const struct stretch *last, const struct stretch *next)
{
    return last->size == next->size && last->from_size == next->from_size &&
           end_of(last) == next->at && from_end_of(last) == next->from;
}

bool origins_add(struct origins *origins, struct stretch stretch)
{
    if (origins->n > 0 && goes_on(&origins->stretches[origins->n - 1], &stretch)) {
        origins->stretches[origins->n - 1].count += stretch.count;
        return true;
    }
    if (!array_reserve(&origins->stretches, &origins->capacity, origins->n + 1, sizeof stretch))
        return false;
    origins->stretches[origins->n++] = stretch;
    return true;
}

size_t origins_find(const struct origins *origins, size_t at)
{
    size_t low = 0, high = origins->n - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (end_of(&origins->stretches[middle]) > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

size_t origins_start(const struct origins *origins, size_t at)
{
    const struct stretch *stretch = &origins->stretches[origins_find(origins, at)];
    if (at < stretch->at)
        return stretch->from;
    return stretch->from + (at - stretch->at) / stretch->size * stretch->from_size;
}

size_t origins_end(const struct origins *origins, size_t end)
{
    if (end == 0)
        return origins_start(origins, 0);
    size_t i = origins_find(origins, end - 1);
    const struct stretch *stretch = &origins->stretches[i];
    if (end <= stretch->at)
        return i > 0 ? from_end_of(stretch - 1) : stretch->from;
    size_t characters = (end - 1 - stretch->at) / stretch->size + 1;
    if (characters > stretch->count)
        characters = stretch->count;
    return stretch->from + characters * stretch->from_size;
}

void origins_clear(struct origins *origins)
{
    origins->n = 0;
}

size_t origins_memory(const struct origins *origins)
{
    return origins->capacity * sizeof *origins->stretches;
}

void origins_release(struct origins *origins)
{
    free(origins->stretches);
    *origins = (struct origins){0};
}
