/* SPDX-License-Identifier: BSD-3-Clause */
/* The rows of a page whose columns stand side by side, as `pdftotext -layout` and tables of a word
 * processor leave them: parted where the gutter is plain, and put one column below the other. */
#ifndef LABEL_COLUMNS_H
#define LABEL_COLUMNS_H

#include "label/row.h"

/* Puts the columns of rows that stand side by side one below the other. *uncertain becomes whether
 * rows look like columns but cannot be parted. False when memory runs out. */
bool columns_separate(struct rows *rows, bool *uncertain);

#endif
