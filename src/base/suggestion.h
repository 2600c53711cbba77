/* SPDX-License-Identifier: BSD-3-Clause */
/* Did you mean ...? The name nearest to one that is not known. */
#ifndef BASE_SUGGESTION_H
#define BASE_SUGGESTION_H

#include "base/memory.h"

/* All zero but for `typed`, which is not owned, before the first name. */
struct suggestion {
    const char *typed;
    const char *nearest; /* of the names tried; NULL where none is near */
    size_t distance;     /* its slips: letters too many, missing, wrong or in the other order */
};

/* Tries a name, which must last as long as *suggestion; true where it is the nearest so far. At
 * most a third of its characters may be slips, or one of two; what is missing at its end is one. */
bool suggestion_try(struct suggestion *suggestion, const char *name);

#endif
