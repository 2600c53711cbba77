#include "command/installed.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Is the file in `folder`, of `base`? *path becomes its name. */
static bool find_in(struct buffer *path, const char *base, const char *folder, const char *name)
{
    buffer_clear(path);
    buffer_append_format(path, "%s%s/%s", base, folder, name);
    return !path->failed && access(path->bytes, F_OK) == 0;
}

/* The system says by which path the program was started, also where /proc is not mounted. */
bool installed_find(struct buffer *path, const char *name, const char *near, const char *far,
                    const char *folder)
{
    const char *started = (const char *)getauxval(AT_EXECFN);
    char *program = started != NULL ? realpath(started, NULL) : NULL;
    char *slash = program != NULL ? strrchr(program, '/') : NULL;
    bool found = false;
    if (slash != NULL) {
        *slash = '\0';
        found = find_in(path, program, near, name) || find_in(path, program, far, name);
    }
    free(program);
    return found || find_in(path, "", folder, name);
}
