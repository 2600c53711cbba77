/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/batch.h"

#include <math.h>

static fenlei_text sketch_text(const struct candidate *candidate)
{
    return (fenlei_text){(const char *)candidate->sketch, SKETCH_BYTES};
}

void batch_avoid(struct candidate *candidates, size_t n, fenlei_text sketch)
{
    for (size_t i = 0; i < n; i++)
        candidates[i].likeness =
            fmax(candidates[i].likeness, sketch_likeness(sketch_text(&candidates[i]), sketch));
}

struct candidate *batch_take(struct candidate *candidates, size_t n)
{
    struct candidate *best = NULL;
    double most = -1;
    for (size_t i = 0; i < n; i++) {
        double worth = candidates[i].doubt * (1 - candidates[i].likeness);
        if (candidates[i].is_taken || worth <= most)
            continue;
        best = &candidates[i];
        most = worth;
    }
    if (best != NULL) {
        best->is_taken = true;
        batch_avoid(candidates, n, sketch_text(best));
    }
    return best;
}
