/* SPDX-License-Identifier: BSD-3-Clause */
/* PDF -> text in reading order. poppler says which letter stands where; layout.h what that makes.
 */
#ifndef READ_PDF_H
#define READ_PDF_H

#include "command/document.h"

/* Where poppler has tables of letters that a PDF may name. */
#define PDF_TABLES "/usr/share/poppler"

/* Fills *document, which is empty; the message of an error tells what can be done. */
fenlei_status pdf_read(struct document *document, fenlei_text bytes, fenlei_error *error);

#endif
