/* SPDX-License-Identifier: BSD-3-Clause */
/* How much there is to read, for the line that says how far it is. */
#ifndef CLASSIFY_EXTENT_H
#define CLASSIFY_EXTENT_H

#include "classify/settings.h"

/* Of pages the number of files, of records the bytes of all files; 0 where that cannot be known
 * before: of pipes and of lists. */
size_t extent_of(const struct settings *settings);

#endif
