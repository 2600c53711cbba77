/* SPDX-License-Identifier: BSD-3-Clause */
/* The encodings that are told apart: a reader of one character for each. None needs to know what
 * stood before, so that reading can begin anywhere. */
#ifndef LABEL_ENCODING_H
#define LABEL_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The size of the character at bytes[0], of which `size` > 0 bytes are there; 0 where they are not
 * the beginning of one. */
typedef size_t read_character(const uint8_t *bytes, size_t size, uint32_t *character);

struct encoding {
    const char *name;    /* as ICU knows it too */
    const char *mark;    /* U+FEFF in this encoding */
    size_t mark_size;    /* in bytes */
    size_t damaged_size; /* a character's bytes and one too many: replaced as a whole */
    read_character *read;
};

/* Where costs are equal, the first is meant. Those with plain lines come first: a byte 0x0A ends a
 * line, and belongs to nothing else. */
enum {
    UTF_8,
    GB18030,
    BIG5,
    N_PLAIN_LINES,
    UTF_16LE = N_PLAIN_LINES,
    UTF_16BE,
    UTF_32LE,
    UTF_32BE,
    N_ENCODINGS
};
extern const struct encoding encodings[N_ENCODINGS];

#endif
