/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes surprisal_data.h at build time from letters.txt, given on standard input. A traditional
 * character is as common as its simplified one. What was not counted is told apart by its kind: an
 * everyday row of GB2312, a script, an ASCII letter. */
#include "label/surprisal.h"

#include "base/utf8.h"
#include "label/encoding_cells.h"
#include "label/fold_class.h"

#include "label/encoding_data.h"
#include "label/fold_data.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

enum { PLANE = 0x10000, COUNTED_MAX = 19 };

static uint8_t bits_of[PLANE]; /* 0: not known yet */

static void read_letters(void)
{
    char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *letters;
        unsigned long bits = strtoul(line, &letters, 10);
        if (letters == line || *letters != ' ')
            continue; /* a comment */
        size_t at = 1;
        while (letters[at] != '\n' && letters[at] != '\0') {
            int32_t c = utf8_next(letters, &at);
            if (c < PLANE)
                bits_of[c] = (uint8_t)bits;
        }
    }
}

/* The cells of rows [first, last] and trail bytes from `trail` on, as far as they are not known. */
static void set_rows(const uint16_t *cells, int first, int last, int trail, uint8_t bits)
{
    for (int lead = first; lead <= last; lead++)
        for (int i = trail; i <= LEAD_MAX; i++) {
            uint16_t c = cells[(lead - LEAD_MIN) * CELL_TRAILS + i - TRAIL_MIN];
            if (bits_of[c] == 0)
                bits_of[c] = bits;
        }
}

static uint8_t ascii_bits(int c)
{
    static const char common[] = "\n 0123456789aeinorst,.", spaces[] = "\n\r\t";
    if (memchr(common, c, sizeof common - 1) != NULL)
        return 6;
    bool is_control = c < ' ' || c == 0x7F;
    return is_control && memchr(spaces, c, sizeof spaces - 1) == NULL ? 22 : 7;
}

static uint8_t bits_of_script(UChar32 c)
{
    UErrorCode code = U_ZERO_ERROR;
    switch (uscript_getScript(c, &code)) {
    case USCRIPT_LATIN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
        return 13;
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
        return 14;
    case USCRIPT_HANGUL:
        return 15;
    case USCRIPT_HAN:
        return 21;
    case USCRIPT_COMMON:
        return 15;
    default:
        return 17;
    }
}

static uint8_t bits_of_kind(UChar32 c)
{
    switch (u_charType(c)) {
    case U_UNASSIGNED:
    case U_SURROGATE:
        return SURPRISAL_MAX;
    case U_CONTROL_CHAR:
    case U_PRIVATE_USE_CHAR:
        return 22;
    case U_FORMAT_CHAR:
        return 17;
    default:
        return c == 0xFFFD ? 18 : bits_of_script(c);
    }
}

int main(void)
{
    read_letters();
    for (int c = 0; c < 0x80; c++)
        bits_of[c] = ascii_bits(c);
    set_rows(gb18030_cells, 0xB0, 0xD7, 0xA1, COUNTED_MAX);
    for (int c = 0x80; c < PLANE; c++) {
        uint16_t folded = fold_entry_folded(fold_entries[c]);
        if (bits_of[c] == 0 && folded >= 0x80 && folded < FOLD_VANISHES)
            bits_of[c] = bits_of[folded];
    }
    set_rows(gb18030_cells, 0xA1, 0xA3, 0xA1, 14);
    set_rows(gb18030_cells, 0xD8, 0xF7, 0xA1, COUNTED_MAX + 1);
    set_rows(big5_cells, 0xA1, 0xC6, TRAIL_MIN, COUNTED_MAX + 1);
    for (int c = 0; c < PLANE; c++)
        if (bits_of[c] == 0)
            bits_of[c] = bits_of_kind(c);

    printf("/* Made by surprisal_generate.c from letters.txt; do not edit. */\n"
           "static const uint8_t surprisal_of[0x10000] = {");
    for (int c = 0; c < PLANE; c++)
        printf("%s%u,", c % 16 == 0 ? "\n" : "", bits_of[c]);
    printf("\n};\n");
    return ferror(stdout) ? 1 : 0;
}
