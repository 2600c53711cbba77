/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages of the programs and the library in Chinese, for those who meet them beside a page. */
#ifndef HTML_CHINESE_H
#define HTML_CHINESE_H

#include "base/memory.h"

/* Appends the message in Chinese as far as it is known, the rest as it is: what stands before a
 * ": ", such as a file's name, is kept where the message behind it is known. */
void chinese_message(struct buffer *out, fenlei_text message);

#endif
