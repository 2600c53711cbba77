/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8, read, written and checked. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of the longest valid UTF-8 prefix: == size when all of it is valid. */
size_t utf8_valid_prefix(const char *bytes, size_t size);

/* The size of the character at bytes[0], of which `most` > 0 bytes are there; 0 where it is not
 * valid. */
size_t utf8_size(const char *bytes, size_t most);

/* Is valid UTF-8 Chinese by its first characters: Han, and none of Japan's? */
bool utf8_is_chinese(const char *bytes, size_t size);

/* The character at bytes[*at] of valid UTF-8; moves *at behind it. Inline: it is asked for every
 * character of every text. */
static inline int32_t utf8_next(const char *bytes, size_t *at)
{
    const uint8_t *s = (const uint8_t *)bytes + *at;
    if (s[0] < 0x80) {
        *at += 1;
        return s[0];
    }
    if (s[0] >= 0xE0 && s[0] < 0xF0) {
        *at += 3;
        return (s[0] & 0xF) << 12 | (s[1] & 0x3F) << 6 | (s[2] & 0x3F);
    }
    if (s[0] < 0xE0) {
        *at += 2;
        return (s[0] & 0x1F) << 6 | (s[1] & 0x3F);
    }
    *at += 4;
    return (s[0] & 7) << 18 | (s[1] & 0x3F) << 12 | (s[2] & 0x3F) << 6 | (s[3] & 0x3F);
}

/* The size of the last character of bytes[size] > 0 of valid UTF-8. */
static inline size_t utf8_last_size(const char *bytes, size_t size)
{
    size_t last = 1;
    while (last < size && ((uint8_t)bytes[size - last] & 0xC0) == 0x80)
        last++;
    return last;
}

/* Writes the character c as UTF-8; returns its size, 1 to 4. */
static inline size_t utf8_write(char bytes[4], uint32_t c)
{
    static const uint8_t leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--, c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3F));
    bytes[0] = (char)(leads[size] | c);
    return size;
}

#endif
