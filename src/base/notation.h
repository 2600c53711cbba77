/* SPDX-License-Identifier: BSD-3-Clause */
/* Text that programs write for programs, or that has its articles wrapped in something else: a page
 * of a newspaper looks like none of it. */
#ifndef BASE_NOTATION_H
#define BASE_NOTATION_H

#include "fenlei.h"

struct notation {
    const char *name;   /* "subtitles (SRT)"; NULL for a text that may be a page */
    const char *advice; /* what can be done with it; may be NULL */
};

/* Of a text that begins with a visible character, in any encoding that keeps ASCII. */
struct notation notation_of(fenlei_text text);

#endif
