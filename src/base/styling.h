/* SPDX-License-Identifier: BSD-3-Clause */
/* Marks within a line that say how its letters look, or where they lead: **bold**, <b>, [b],
 * [words](address), ESC[1m. The words stay, the marks are no text. */
#ifndef BASE_STYLING_H
#define BASE_STYLING_H

#include "fenlei.h"

#include <stdbool.h>
#include <stdint.h>

/* Marks that stand in pairs: **bold**, __bold__, ~~gone~~. */
enum { STYLING_PAIRS = 3 };

/* A text, valid UTF-8, on the way from its beginning to its end. */
struct styling {
    fenlei_text text;
    bool keeps_pairs;           /* they are text: 王**、李** */
    size_t ends[STYLING_PAIRS]; /* where each kind of pair that is open ends; 0: none is */
};

/* Can a mark begin with that byte? Most bytes cannot; inline, as it is asked for every character.
 */
static inline bool styling_may_begin(char byte)
{
    static const uint64_t low = UINT64_C(1) << 0x1B | UINT64_C(1) << '!' | UINT64_C(1) << '&' |
                                UINT64_C(1) << '*' | UINT64_C(1) << '<',
                          high = UINT64_C(1) << ('[' - 64) | UINT64_C(1) << ('\\' - 64) |
                                 UINT64_C(1) << (']' - 64) | UINT64_C(1) << ('_' - 64) |
                                 UINT64_C(1) << ('~' - 64);
    unsigned char c = (unsigned char)byte;
    return c < 0x80 && ((c < 64 ? low : high) >> (c & 63) & 1) != 0;
}

/* The size of the mark that begins at byte `at`; 0: none. To be asked from the beginning of the
 * text on, not within a mark. */
size_t styling_size(struct styling *styling, size_t at);

#endif
