/* SPDX-License-Identifier: BSD-3-Clause */
/* How surprising a character is in a text that people of these papers write: -log2 of its share of
 * all characters, from counts (letters.txt). Both scripts count as one. By this, a decoder tells
 * text from gibberish. */
#ifndef LABEL_SURPRISAL_H
#define LABEL_SURPRISAL_H

#include <stdint.h>

enum { SURPRISAL_MAX = 23 };

/* In bits, 3 to SURPRISAL_MAX. */
unsigned surprisal(uint32_t character);

#endif
