/* SPDX-License-Identifier: BSD-3-Clause */
/* Where an article of a file stands: in lines of a text or of HTML, in paragraphs, on pages of a
 * PDF. */
#ifndef CLASSIFY_PLACE_H
#define CLASSIFY_PLACE_H

#include "command/document.h"

/* Its first and last line in the file, of a DOCX file its paragraphs, of a PDF its pages;
 * `document` is NULL for a text. */
fenlei_lines place_lines(const struct document *document, fenlei_lines lines);

/* "line", "paragraph" or "page": what place_lines() counts. */
const char *place_unit(const struct document *document);

/* "lines", and "parts" of an article that another one interrupts; of a PDF "page" and "boxes". */
void place_json(struct buffer *out, const struct document *document, const fenlei_article *article);

#endif
