/* SPDX-License-Identifier: BSD-3-Clause */
/* Preloaded into a program, is a system without ICU: libicuuc cannot be loaded there. */
#include <dlfcn.h>
#include <string.h>

/* The same as in the C library but for that name; declared by no header of ours. */
void *dlopen(const char *name, int flags) // NOLINT: the name is the C library's
{
    void *(*next)(const char *, int) = NULL;
    void *found = dlsym(RTLD_NEXT, "dlopen");
    memcpy(&next, &found, sizeof next);
    if (name != NULL && strncmp(name, "libicuuc", 8) == 0)
        name = "libicuuc-of-no-version.so";
    return next != NULL ? next(name, flags) : NULL;
}
