/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/draw.h"

#include "base/random.h"

unsigned draw_below(uint64_t *random, size_t n)
{
    return (unsigned)(random_next(random) % n);
}

bool draw_happens(uint64_t *random, unsigned percent)
{
    return draw_below(random, 100) < percent;
}

unsigned draw_from(uint64_t *random, struct range range)
{
    return range.least + draw_below(random, (size_t)range.most - range.least + 1);
}

/* What a layout leaves no choice of is not drawn: pages stay as they were before it could be. */
unsigned draw_setting(uint64_t *random, struct range range)
{
    return range.least == range.most ? range.least : draw_from(random, range);
}
