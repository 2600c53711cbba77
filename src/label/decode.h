/* Bytes of any supported encoding -> UTF-8 text.
 *
 * Strictly valid UTF-8 is never taken for anything else and is not copied. A byte order mark
 * decides next; then UTF-16 without a mark, GB18030 and Big5 are tried, each strictly, and the one
 * whose characters are the commonest wins. Where none fits, the bytes are UTF-8 with a few
 * replaced, or no text at all. */
#ifndef LABEL_DECODE_H
#define LABEL_DECODE_H

#include "base/memory.h"
#include "label/origin.h"

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

#endif
