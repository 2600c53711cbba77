/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes of any supported encoding -> UTF-8 text.
 *
 * Strictly valid UTF-8 is never taken for anything else and is not copied. Else detect.h finds the
 * encoding, and what of the bytes is damage; both are for encodings of ours, whether detected or
 * named. Others that are named are ICU's to convert. */
#ifndef LABEL_DECODE_H
#define LABEL_DECODE_H

#include "base/memory.h"
#include "label/detect.h"
#include "label/origin.h"

struct decoded {
    fenlei_text text;           /* valid UTF-8, in the caller's bytes or in `converted` */
    const char *encoding;       /* a constant, or the name that was asked for */
    size_t substitutions;       /* invalid sequences that became U+FFFD */
    size_t substitutions_line;  /* line of the first of them, from 1 */
    const char *other_encoding; /* of other_line; NULL where all is in one */
    size_t other_lines;         /* lines in other encodings than `encoding`, beyond ASCII */
    size_t other_line;          /* the first of them, from 1 */
    bool is_converted;          /* `text` is in `converted` */
    struct buffer converted;
    bool is_planned; /* `converted` is what `plan` says, not ICU */
    struct plan plan;
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

/* The bytes that it holds. */
size_t decode_memory(const struct decoded *decoded);

void decode_release(struct decoded *decoded);

#endif
