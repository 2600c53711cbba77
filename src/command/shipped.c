#include "command/shipped.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Is there a `name` in `folder`, of `base`? *path becomes its name. */
static bool find_in(struct buffer *path, const char *base, const char *folder, const char *name)
{
    buffer_clear(path);
    buffer_append_format(path, "%s%s/%s", base, folder, name);
    return !path->failed && access(path->bytes, F_OK) == 0;
}

/* The folder of this program, to be freed; NULL when it cannot be told. The system says by which
 * path it was started, also where /proc is not mounted. */
static char *program_folder(void)
{
    const char *started = (const char *)getauxval(AT_EXECFN);
    char *program = started != NULL ? realpath(started, NULL) : NULL;
    char *slash = program != NULL ? strrchr(program, '/') : NULL;
    if (slash != NULL)
        *slash = '\0';
    return program;
}

/* Looks in the tree that the program was built in, then where `make install` puts things. */
static bool find(struct buffer *path, const char *in_tree, const char *name)
{
    char *program = program_folder();
    bool found = program != NULL && (find_in(path, program, in_tree, name) ||
                                     find_in(path, program, "/../share/fenlei", name));
    free(program);
    return found || find_in(path, "", MODEL_FOLDER, name);
}

bool shipped_model(struct buffer *path)
{
    return find(path, "/../models", "fenlei.model");
}

bool shipped_folder(const char *name, struct buffer *path)
{
    const char *slash = strrchr(name, '/');
    struct buffer parent = {0};
    buffer_append_format(&parent, "/../%.*s", slash != NULL ? (int)(slash - name) : 0, name);
    bool found = !parent.failed && find(path, parent.bytes, slash != NULL ? slash + 1 : name);
    buffer_release(&parent);
    return found;
}

bool shipped_program(const char *name, struct buffer *path)
{
    char *program = program_folder();
    bool found = program != NULL && find_in(path, program, "", name);
    free(program);
    return found;
}
