#include "command/shipped.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Is there a model in `folder`, of `base`? *path becomes its name. */
static bool find_in(struct buffer *path, const char *base, const char *folder)
{
    buffer_clear(path);
    buffer_append_format(path, "%s%s/fenlei.model", base, folder);
    return !path->failed && access(path->bytes, F_OK) == 0;
}

/* The system says by which path the program was started, also where /proc is not mounted. */
bool shipped_model(struct buffer *path)
{
    const char *started = (const char *)getauxval(AT_EXECFN);
    char *program = started != NULL ? realpath(started, NULL) : NULL;
    char *slash = program != NULL ? strrchr(program, '/') : NULL;
    bool found = false;
    if (slash != NULL) {
        *slash = '\0';
        found = find_in(path, program, "/../models") || find_in(path, program, "/../share/fenlei");
    }
    free(program);
    return found || find_in(path, "", MODEL_FOLDER);
}
