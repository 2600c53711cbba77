/* SPDX-License-Identifier: BSD-3-Clause */
/* Labelled articles as a table (CSV), a row each. */
#ifndef CLASSIFY_SPREADSHEET_H
#define CLASSIFY_SPREADSHEET_H

#include "command/output.h"

/* The mark of UTF-8 and the names of the columns. */
void spreadsheet_begin(struct buffer *out, struct selection selection, bool of_records);

/* A row. */
void spreadsheet_row(struct buffer *out, const fenlei_model *model, struct source source,
                     const fenlei_article *article, struct selection selection);

/* The row of a record that cannot be used. */
void spreadsheet_error(struct buffer *out, struct source source, struct selection selection,
                       const char *message);

#endif
