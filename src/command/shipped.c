/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/shipped.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Is the file in `folder`, of `base`? *path becomes its name, unless memory has run out before. */
static bool find_in(struct buffer *path, const char *base, const char *folder, const char *name)
{
    if (path->failed)
        return false;
    buffer_clear(path);
    buffer_append_format(path, "%s%s/%s", base, folder, name);
    return !path->failed && access(path->bytes, F_OK) == 0;
}

/* Looks in `tree` and `installed`, as seen from the folder that the program is in, and then in
 * `folder`. The system says by which path the program was started, also where /proc is not mounted.
 */
static bool find(struct buffer *path, const char *name, const char *tree, const char *installed,
                 const char *folder)
{
    const char *started = (const char *)getauxval(AT_EXECFN);
    char *program = started != NULL ? realpath(started, NULL) : NULL;
    char *slash = program != NULL ? strrchr(program, '/') : NULL;
    bool found = false;
    if (started != NULL && program == NULL && errno == ENOMEM) {
        path->failed = true; /* it is not known whether it is there */
        return false;
    }
    if (slash != NULL) {
        *slash = '\0';
        found = find_in(path, program, tree, name) || find_in(path, program, installed, name);
    }
    free(program);
    return found || find_in(path, "", folder, name);
}

bool shipped_model(struct buffer *path)
{
    return find(path, "fenlei.model", "/../models", "/../share/fenlei", MODEL_FOLDER);
}

bool shipped_reader(struct buffer *path)
{
    return find(path, "fenlei-read", "", "/../libexec/fenlei", READER_FOLDER);
}

bool shipped_folder(const char *name, struct buffer *path)
{
    const char *slash = strrchr(name, '/');
    struct buffer near = {0};
    buffer_append_format(&near, "/../%.*s", slash != NULL ? (int)(slash - name) : 0, name);
    bool found = !near.failed && find(path, slash != NULL ? slash + 1 : name, near.bytes,
                                      "/../share/fenlei", MODEL_FOLDER);
    buffer_release(&near);
    return found;
}

bool shipped_program(const char *name, struct buffer *path)
{
    return find(path, name, "", "", "/usr/bin");
}
