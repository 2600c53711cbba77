/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows of CSV as RFC 4180 has them, with line ends CR LF, for spreadsheets: CSV_MARK before the
 * first row tells them that it is UTF-8. */
#ifndef COMMAND_CSV_H
#define COMMAND_CSV_H

#include "base/memory.h"

#define CSV_MARK "\xEF\xBB\xBF"

/* A cell, with a comma before it unless it begins a row. What a spreadsheet would compute (it
 * begins with = + - @, a tab, CR or LF) is made text by an apostrophe before it. */
void csv_text(struct buffer *out, fenlei_text text);

/* The same for what is not foreign, as numbers: nothing is put before it. */
void csv_plain(struct buffer *out, fenlei_text text);
void csv_count(struct buffer *out, size_t count);

void csv_end(struct buffer *out);

#endif
