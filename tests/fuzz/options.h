/* SPDX-License-Identifier: BSD-3-Clause */
/* The option line of a program, whose source the target includes whole: its parser is its own. */
#ifndef TESTS_FUZZ_OPTIONS_H
#define TESTS_FUZZ_OPTIONS_H

#include "fuzz.h"

#include <argp.h>

/* argp_error() ends the program; here it is noted, and what was parsed counts no more. */
static bool refused;

static void refuse(const struct argp_state *state, const char *format, ...)
{
    (void)state;
    require(format[0] != '\0');
    refused = true;
}
#define argp_error refuse

enum { ARGUMENTS_MAX = 32 };

/* Parses the lines of `data` as arguments into *settings; false when they are refused. `line` keeps
 * what the settings point into and is the caller's to release. */
static bool parse_line(const struct argp *parser, const uint8_t *data, size_t size,
                       struct buffer *line, char **arguments, void *settings)
{
    int n = 1;
    buffer_append(line, "program\n", 8);
    buffer_append(line, (const char *)data, size);
    buffer_append(line, "", 1);
    arguments[0] = line->bytes;
    for (char *at = line->bytes; (at = strchr(at, '\n')) != NULL && n < ARGUMENTS_MAX;) {
        *at++ = '\0';
        arguments[n++] = at;
    }
    arguments[n] = NULL;
    refused = false;
    return argp_parse(parser, n, arguments, ARGP_SILENT, NULL, settings) == 0 && !refused;
}

#endif
