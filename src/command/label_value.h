/* SPDX-License-Identifier: BSD-3-Clause */
/* What labelling tools write where labels are: a name, a list of names, {"choices": [...]},
 * {"taxonomy": [[...]]}, as JSON or as Python prints it; and what is none: spans, ratings, numbers.
 */
#ifndef COMMAND_LABEL_VALUE_H
#define COMMAND_LABEL_VALUE_H

#include "command/draft.h"

/* Chooses what a JSON value names; `separator` parts a single string, NULL does not.
 * FENLEI_BAD_INPUT says what it is where it names no labels. null names none. */
fenlei_status label_value_choose(struct draft *draft, fenlei_text value, const char *separator,
                                 fenlei_error *error);

/* The same of a cell: a name, or JSON or Python in brackets. */
fenlei_status label_value_choose_cell(struct draft *draft, fenlei_text cell, const char *separator,
                                      fenlei_error *error);

/* Names parted by a separator; a whole one without. False when memory runs out. */
bool label_value_part(struct draft *draft, fenlei_text names, const char *separator);

#endif
