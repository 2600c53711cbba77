/* SPDX-License-Identifier: BSD-3-Clause */
/* What the generated folding table says of a character; shared by fold.c and fold_generate.c. */
#ifndef LABEL_FOLD_CLASS_H
#define LABEL_FOLD_CLASS_H

#include <stdint.h>

enum fold_class {
    FOLD_LETTER = 1, /* letter, mark or number: part of a run */
    FOLD_SPACE = 2,
    FOLD_CJK = 4,    /* of a script written without spaces: Han, kana, bopomofo */
    FOLD_STARTS = 8, /* never combines with the character before it */
    FOLD_STAYS = 16, /* above U+FFFF: folds to itself */
    FOLD_PLAIN = 32  /* in the plane: becomes one character, which is no space */
};

/* In place of a folded character. Neither is a character that folding can yield. */
enum { FOLD_VANISHES = 0xFFFE, FOLD_EXPANDS = 0xFFFF };

/* A character of the Basic Multilingual Plane in the table: what it becomes, and its class. */
static inline uint32_t fold_entry(uint16_t folded, uint8_t class)
{
    return (uint32_t)folded << 16 | class;
}

static inline uint16_t fold_entry_folded(uint32_t entry)
{
    return (uint16_t)(entry >> 16);
}

static inline uint32_t fold_entry_class(uint32_t entry)
{
    return entry & UINT8_MAX;
}

#endif
