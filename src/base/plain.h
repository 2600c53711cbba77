/* SPDX-License-Identifier: BSD-3-Clause */
/* Foreign text, as it may be shown to a person: file names, headlines, labels, messages.
 *
 * Whatever a terminal or a reader's eye would obey instead of showing becomes a space: control
 * characters (C0, DEL, C1), line and paragraph separators, and the marks that turn the direction of
 * the text around them. Bytes that are no UTF-8 become U+FFFD. Every message and table that holds
 * text from outside goes through here (pages: html_text()); `make lint` looks for what does not. */
#ifndef BASE_PLAIN_H
#define BASE_PLAIN_H

#include "base/memory.h"

/* Appends text of any bytes. */
void plain_append(struct buffer *out, fenlei_text text);

void plain_append_string(struct buffer *out, const char *string);

/* The same, of at most `most` characters, with … where there are more. */
void plain_append_excerpt(struct buffer *out, fenlei_text text, size_t most);

/* Makes the text in buffer->bytes[from] and behind plain: for what was formatted there. */
void plain_from(struct buffer *buffer, size_t from);

#endif
