#include "report.h"

#include <stdio.h>

void report(const char *name, size_t line, const char *message)
{
    if (name == NULL)
        fprintf(stderr, "classify: %s\n", message);
    else if (line > 0)
        fprintf(stderr, "classify: %s:%zu: %s\n", name, line, message);
    else
        fprintf(stderr, "classify: %s: %s\n", name, message);
}
