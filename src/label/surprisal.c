/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/surprisal.h"

#include "label/surprisal_data.h"

/* Beyond the Basic Multilingual Plane: emoji, rare Han characters, and what nobody has. */
static unsigned surprisal_beyond(uint32_t character)
{
    if (character >= 0x1F000 && character < 0x20000)
        return 17;
    return character < 0x33480 ? 22 : SURPRISAL_MAX;
}

unsigned surprisal(uint32_t character)
{
    if (character < sizeof surprisal_of / sizeof *surprisal_of)
        return surprisal_of[character];
    return surprisal_beyond(character);
}
