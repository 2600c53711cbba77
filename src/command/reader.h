/* SPDX-License-Identifier: BSD-3-Clause */
/* PDF, HTML and DOCX files -> text, by the program of src/read, one process a file. It bounds
 * itself; this sees to the clock, to how much it writes, and that its end is told. */
#ifndef CLASSIFY_READER_H
#define CLASSIFY_READER_H

#include "command/document.h"

/* Reads the bytes of a document into *document, which is all zero and to be released in any case.
 * `encoding` is that of an HTML page, or NULL: its own. May run on several threads. */
fenlei_status reader_read(struct document *document, fenlei_text bytes, const char *encoding,
                          fenlei_error *error);

/* The text of a page: the bytes of a file, or what its reader makes of them in *document, which is
 * all zero and to be released in any case. An error for what holds no page. */
fenlei_status reader_take(struct document *document, fenlei_text bytes, const char *encoding,
                          fenlei_text *text, fenlei_error *error);

#endif
