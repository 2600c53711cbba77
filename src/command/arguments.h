/* SPDX-License-Identifier: BSD-3-Clause */
/* What the command lines of all programs have in common, by the tables of argp that each has. */
#ifndef COMMAND_ARGUMENTS_H
#define COMMAND_ARGUMENTS_H

#include <argp.h>
#include <stdbool.h>

/* -h, -?, --help, --usage, -V and --version: a child of each program's parser. */
extern const struct argp arguments_common;

/* argp_parse() with wrong usage as EXIT_USAGE. Of a mistyped option it says which is meant. */
error_t arguments_parse(const struct argp *parser, int argc, char **argv, void *input);

/* Is it a name of standard output, which no file that is replaced whole can be? */
bool arguments_name_output(const char *path);

#endif
