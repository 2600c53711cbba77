/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/utf8.h"

#include <stdbool.h>

/* Three bytes of a character from U+1000 on that is neither a surrogate nor beyond U+FFFF: every
 * Han character in use. */
static inline bool is_common_triple(const uint8_t *s)
{
    return (s[0] > 0xE0) & (s[0] < 0xF0) & (s[0] != 0xED) & ((s[1] & 0xC0) == 0x80) &
           ((s[2] & 0xC0) == 0x80);
}

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

size_t utf8_valid_prefix(const char *bytes, size_t size)
{
    const uint8_t *s = (const uint8_t *)bytes;
    size_t i = 0;
    while (i < size) {
        while (size - i >= 3 && is_common_triple(s + i))
            i += 3;
        while (i < size && s[i] < 0x80)
            i++;
        if (i == size || (size - i >= 3 && is_common_triple(s + i)))
            continue;
        size_t character = utf8_size(bytes + i, size - i);
        if (character == 0)
            break;
        i += character;
    }
    return i;
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
