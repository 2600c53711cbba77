/* SPDX-License-Identifier: BSD-3-Clause */
/* HTML -> the article in it, without menus, links to others, scripts and what stands round it.
 *
 * What is text and what is not is told as Kohlschuetter, Fankhauser and Nejdl (WSDM 2010) do, from
 * how long a passage is and how much of it is links; the article is the innermost element that
 * holds nearly all the text. */
#ifndef READ_HYPERTEXT_H
#define READ_HYPERTEXT_H

#include "command/document.h"

/* Fills *document, which is empty; `encoding` is the page's, or NULL: its own. */
fenlei_status hypertext_read(struct document *document, fenlei_text bytes, const char *encoding,
                             fenlei_error *error);

#endif
