/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes encoding_data.h at build time: which characters ICU's GB18030 and Big5 have in their cells
 * of two bytes, and how the four-byte characters of GB18030 below U+10000 are laid out. Of Big5 not
 * the single bytes that ICU fills up with private characters. */
#include "label/encoding_cells.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucnv.h>
#include <unicode/utf16.h>

enum { FOUR_BYTES_MAX = 0x10000 };

static UConverter *open_strictly(const char *name)
{
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(name, &code);
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    if (U_FAILURE(code)) {
        fprintf(stderr, "encoding_generate: ICU: %s: %s\n", name, u_errorName(code));
        exit(1);
    }
    return converter;
}

/* The one character that all of `bytes` stand for; 0 for none. */
static uint32_t character_of(UConverter *converter, const char *bytes, int32_t size)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar units[8];
    int32_t length = ucnv_toUChars(converter, units, 8, bytes, size, &code);
    if (U_FAILURE(code) || length != 1)
        return 0;
    return units[0];
}

static void write_cells(const char *name, const char *encoding)
{
    UConverter *converter = open_strictly(encoding);
    printf("static const uint16_t %s_cells[CELL_LEADS * CELL_TRAILS] = {", name);
    for (int lead = LEAD_MIN; lead <= LEAD_MAX; lead++)
        for (int trail = TRAIL_MIN; trail <= LEAD_MAX; trail++) {
            char bytes[] = {(char)lead, (char)trail};
            printf("%s%u,", trail % 16 == 0 ? "\n" : "", character_of(converter, bytes, 2));
        }
    printf("\n};\n");
    ucnv_close(converter);
}

/* Characters that follow each other in places that do. */
static void write_runs(void)
{
    UConverter *converter = open_strictly("GB18030");
    uint32_t begin = 0, first = 0, count = 0;
    printf("static const struct {\n    uint32_t place;\n    uint16_t character, count;\n"
           "} gb18030_runs[] = {\n");
    for (uint32_t place = 0; place <= FOUR_BYTES_MAX; place++) {
        char bytes[] = {(char)(0x81 + place / 12600), (char)('0' + place / 1260 % 10),
                        (char)(0x81 + place / 10 % 126), (char)('0' + place % 10)};
        uint32_t character = place < FOUR_BYTES_MAX ? character_of(converter, bytes, 4) : 0;
        if (count > 0 && character == first + count) {
            count++;
            continue;
        }
        if (count > 0)
            printf("    {%u, %u, %u},\n", begin, first, count);
        begin = place;
        first = character;
        count = character != 0;
    }
    printf("};\n");
    ucnv_close(converter);
}

int main(void)
{
    printf("/* Made by encoding_generate.c from ICU %s; do not edit. */\n", U_ICU_VERSION);
    write_cells("gb18030", "GB18030");
    write_cells("big5", "Big5");
    write_runs();
    return ferror(stdout) ? 1 : 0;
}
