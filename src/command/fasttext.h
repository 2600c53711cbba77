/* SPDX-License-Identifier: BSD-3-Clause */
/* A line of fastText, whose words that begin with __label__ are labels -> a draft. */
#ifndef COMMAND_FASTTEXT_H
#define COMMAND_FASTTEXT_H

#include "command/export.h"

/* Like export_object(). */
fenlei_status fasttext_take(struct export *export, fenlei_text line, struct draft *draft,
                            bool *is_left_out, fenlei_error *error);

#endif
