/* SPDX-License-Identifier: BSD-3-Clause */
/* A document as the reader (src/read) hands it to whoever started it: its text, and where each line
 * of it stands in the document.
 *
 * The stream that carries it is the memory of one machine and one build: a header of numbers, the
 * text, then the lines' sources and the boxes. Whoever reads it trusts nothing in it. */
#ifndef COMMAND_DOCUMENT_H
#define COMMAND_DOCUMENT_H

#include "base/memory.h"

#include <stdint.h>

/* The most bytes of a stream: what a reader sends beyond is not read. */
enum { DOCUMENT_STREAM_MAX = 96 << 20 };

enum document_form { DOCUMENT_ERROR, DOCUMENT_PDF, DOCUMENT_HTML, DOCUMENT_DOCX, DOCUMENT_FORMS };

/* A rectangle on a page, in points (1/72 inch) from its top left. Lines of one block stand in one
 * column, one below the other. */
struct document_box {
    uint32_t line, page, block; /* line of the text, counted from 0; page from 1 */
    float x0, y0, x1, y1;
};

struct document {
    enum document_form form;
    struct buffer text;   /* UTF-8, each line ended by \n; of DOCUMENT_ERROR the reason */
    size_t substitutions; /* invalid sequences of an HTML page that became U+FFFD */
    uint32_t *sources; /* [n_lines] of each line its page (PDF), line (HTML) or paragraph (DOCX) */
    size_t n_lines, lines_capacity;
    struct document_box *boxes; /* [n_boxes] by rising line; of a PDF only */
    size_t n_boxes, boxes_capacity;
};

/* Appends a line, which may hold no line break; false when memory runs out. */
bool document_add_line(struct document *document, fenlei_text line, uint32_t source);

/* Adds a box of the line that document_add_line() will add next; false when memory runs out. */
bool document_add_box(struct document *document, struct document_box box);

/* Puts the stream into *out, whose `failed` tells of memory. */
void document_write(const struct document *document, struct buffer *out);

/* Takes a stream apart; *document, which must be all zero, is to be released in any case. A stream
 * that says why there is no document is FENLEI_BAD_INPUT, with its reason; one that is not whole or
 * not sound is FENLEI_BAD_INPUT too. */
fenlei_status document_parse(struct document *document, fenlei_text stream, fenlei_error *error);

void document_release(struct document *document);

#endif
