/* SPDX-License-Identifier: BSD-3-Clause */
/* DOCX -> text: a ZIP archive (libarchive) of XML (libxml2). A paragraph is a line; headings, by
 * their style or by the size of their type, are marked by #. */
#ifndef READ_DOCX_H
#define READ_DOCX_H

#include "command/document.h"

/* The most bytes of a part of the archive once it is unpacked, and parts of it. */
enum { DOCX_PART_MAX = 64 << 20, DOCX_PARTS_MAX = 10000 };

/* Fills *document, which is empty; the message of an error tells what can be done. */
fenlei_status docx_read(struct document *document, fenlei_text bytes, fenlei_error *error);

#endif
