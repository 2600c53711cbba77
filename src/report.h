/* How `classify` tells what went wrong: messages on standard error, and its exit status. */
#ifndef REPORT_H
#define REPORT_H

#include <stddef.h>

enum exit_status { EXIT_DONE = 0, EXIT_INPUT = 1, EXIT_USAGE = 2, EXIT_MODEL = 3 };

/* `name` is what the message is about, or NULL; `line` of it, or 0. */
void report(const char *name, size_t line, const char *message);

#endif
