/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/utf8.h"

#include "base/bytes16.h"

#include <stdbool.h>

/* The Unicode Standard, table 3-7. The second byte's range keeps out overlong forms, surrogates and
 * what lies beyond U+10FFFF. */
size_t utf8_size(const char *bytes, size_t most)
{
    const uint8_t *s = (const uint8_t *)bytes;
    if (s[0] < 0x80)
        return 1;
    size_t size = s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : s[0] < 0xF5 ? 4 : 0;
    if (size == 0 || size > most)
        return 0;
    uint8_t least = s[0] == 0xE0 ? 0xA0 : s[0] == 0xF0 ? 0x90 : 0x80;
    uint8_t greatest = s[0] == 0xED ? 0x9F : s[0] == 0xF4 ? 0x8F : 0xBF;
    if (s[1] < least || s[1] > greatest)
        return 0;
    for (size_t i = 2; i < size; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    return size;
}

/* ---- many at once ---- */

/* All bits of those of sixteen bytes that may stand behind the three before them: the table above,
 * asked of each byte instead of each character. Comparisons by < are the cheap ones. */
static inline bytes16 well_placed(const uint8_t *bytes)
{
    bytes16 here = bytes16_load(bytes), before = bytes16_load(bytes - 1);
    bytes16 goes_on = (bytes16)((here & 0xC0) == 0x80);
    bytes16 begins = (bytes16)(before < 0xC0) & (bytes16)(bytes16_load(bytes - 2) < 0xE0) &
                     (bytes16)(bytes16_load(bytes - 3) < 0xF0);
    bytes16 below_90 = (bytes16)(here < 0x90), below_a0 = (bytes16)(here < 0xA0);
    bytes16 too_low =
        ((bytes16)(before == 0xE0) & below_a0) | ((bytes16)(before == 0xF0) & below_90);
    bytes16 too_high =
        ((bytes16)(before == 0xED) & ~below_a0) | ((bytes16)(before == 0xF4) & ~below_90);
    bytes16 no_lead = (bytes16)((here & 0xFE) == 0xC0);
    return (goes_on ^ begins) & (bytes16)(here < 0xF5) & ~(too_low | too_high | no_lead);
}

enum { BLOCK = 64 };

static inline bool is_well_placed(const uint8_t *bytes)
{
    bytes16 good = well_placed(bytes);
    for (size_t i = sizeof good; i < BLOCK; i += sizeof good)
        good &= well_placed(bytes + i);
    return !bytes16_any(~good);
}

/* The same of the block at bytes[at], copied between bytes that end every character where it is the
 * first or is not whole. */
static bool is_block_valid(const uint8_t *bytes, size_t at, size_t size)
{
    enum { BEFORE = 3 }; /* bytes that well_placed() looks back at */
    uint8_t copy[BEFORE + BLOCK] = {0};
    if (at >= BEFORE && size - at >= BLOCK)
        return is_well_placed(bytes + at);
    if (at >= BEFORE)
        memcpy(copy, bytes + at - BEFORE, BEFORE);
    memcpy(copy + BEFORE, bytes + at, size - at < BLOCK ? size - at : BLOCK);
    return is_well_placed(copy + BEFORE);
}

/* Where the last character that begins in bytes[0] to bytes[size - 1] begins. */
static size_t last_start(const uint8_t *bytes, size_t size)
{
    size_t start = size > 0 ? size - 1 : 0;
    while (start > 0 && (bytes[start] & 0xC0) == 0x80)
        start--;
    return start;
}

size_t utf8_valid_prefix(const char *bytes, size_t size)
{
    const uint8_t *s = (const uint8_t *)bytes;
    size_t at = 0, character;
    while (at < size && is_block_valid(s, at, size))
        at += size - at < BLOCK ? size - at : BLOCK;
    if (at == size && (size % BLOCK > 0 || size == 0))
        return size;
    /* By characters from here on: one of the last whole block may go on behind it. */
    at = last_start(s, at);
    while (at < size && (character = utf8_size(bytes + at, size - at)) > 0)
        at += character;
    return at;
}

enum { LANGUAGE_LOOK = 300 /* characters that tell the language of a text */ };

bool utf8_is_chinese(const char *bytes, size_t size)
{
    size_t han = 0, kana = 0, n = 0;
    for (size_t at = 0; at < size && n < LANGUAGE_LOOK; n++) {
        int32_t c = utf8_next(bytes, &at);
        han += c >= 0x3400 && c < 0xA000;
        kana += c >= 0x3040 && c < 0x3100;
    }
    return han * 4 > n && kana == 0;
}
