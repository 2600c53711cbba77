/* SPDX-License-Identifier: BSD-3-Clause */
/* Completions for the shells, written from a program's own table of options. */
#ifndef COMMAND_COMPLETION_H
#define COMMAND_COMPLETION_H

#include "base/memory.h"

#include <argp.h>

/* Appends the script for a shell, "bash", "zsh" or "fish"; false for another name. */
bool completion_write(struct buffer *out, const char *shell, const char *program,
                      const struct argp *parser);

#endif
