/* Bytes of any supported encoding -> UTF-8 text.
 *
 * Strictly valid UTF-8 is never taken for anything else and is not copied. A byte order mark
 * decides next; then UTF-16 without a mark, GB18030 and Big5 are tried, each strictly, and the one
 * whose characters are the commonest wins. Where none fits, the bytes are UTF-8 with a few
 * replaced, or no text at all. */
#ifndef DECODE_H
#define DECODE_H

#include "mem.h"
#include "origin.h"

#include <stdint.h>

struct decoded {
    fenlei_text text;          /* valid UTF-8, in the caller's bytes or in `converted` */
    const char *encoding;      /* a constant, or the name that was asked for */
    size_t substitutions;      /* invalid sequences that became U+FFFD */
    size_t substitutions_line; /* line of the first of them, from 1 */
    bool is_converted;         /* `text` is in `converted` */
    struct buffer converted;
};

/* Decodes size bytes. `encoding` NULL detects; else a name that ICU knows. `bytes` must stay as
 * long as decoded->text is used. May be called again on the same struct; decode_release() ends
 * its use. */
fenlei_status decode(struct decoded *decoded, const char *bytes, size_t size, const char *encoding,
                     fenlei_error *error);

/* Where the characters of decoded->text stand in `bytes`, which it was decoded from. Converts them
 * once more. FENLEI_NO_MEMORY, or FENLEI_BAD_INPUT for an encoding that does not give the same text
 * twice. */
fenlei_status decode_origins(const struct decoded *decoded, const char *bytes, size_t size,
                             struct origins *origins, fenlei_error *error);

void decode_release(struct decoded *decoded);

/* Length of the longest valid UTF-8 prefix: == size when all of it is valid. */
size_t utf8_valid_prefix(const char *bytes, size_t size);

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
