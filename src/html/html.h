/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages to look at: one HTML file that needs nothing from elsewhere and lets nothing in.
 *
 * The style is html.css, for light, dark and paper; a page's script is a file NAME.js. Both are
 * embedded by the Makefile: "NAME_js.h" defines NAME_js. The policy in the page's head names the
 * hash of every such script, so that no other script runs there, whatever the page's texts hold. */
#ifndef HTML_HTML_H
#define HTML_HTML_H

#include "html/language.h"

/* Everything up to the beginning of <body>. The title is text; `style` is one page's own, behind
 * the common one, or "". */
void html_begin(struct buffer *out, enum language language, fenlei_text title, const char *style);

/* Does a file that begins with these bytes begin as html_begin() does? */
bool html_begins(fenlei_text beginning);

/* The end of the page. `script` is one of the embedded ones, or NULL. */
void html_end(struct buffer *out, const char *script);

/* Text as text, also between the double or single quotes of an attribute. White space becomes a
 * space; other control characters, NUL among them, and bytes that are no UTF-8 become U+FFFD. */
void html_text(struct buffer *out, fenlei_text text);

/* The same as an element of its own that keeps its direction of writing to itself. */
void html_isolated(struct buffer *out, fenlei_text text);

#endif
