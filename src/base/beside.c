/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/beside.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

const char *beside_program(void)
{
    return (const char *)getauxval(AT_EXECFN);
}

/* The linker's own name of a program is empty: what it gives for a name there is what the caller
 * said (argv[0]), which need not be where it is. */
const char *beside_code(void)
{
    static const char here = 0;
    Dl_info found;
    struct link_map *map;
    if (dladdr1(&here, &found, (void **)&map, RTLD_DL_LINKMAP) == 0)
        return NULL;
    return map->l_name[0] != '\0' ? map->l_name : beside_program();
}

/* Is the file in `folder`, of `base`? *path becomes its name, unless memory has run out before. */
static bool find_in(struct buffer *path, const char *base, const char *folder, const char *name)
{
    if (path->failed)
        return false;
    buffer_clear(path);
    buffer_append_format(path, "%s%s/%s", base, folder, name);
    return !path->failed && access(path->bytes, F_OK) == 0;
}

bool beside_find(struct buffer *path, const char *file, const char *name, const char *const *near,
                 size_t n_near, const char *folder)
{
    char *real = file != NULL ? realpath(file, NULL) : NULL;
    char *slash = real != NULL ? strrchr(real, '/') : NULL;
    bool found = false;
    if (file != NULL && real == NULL && errno == ENOMEM) {
        path->failed = true; /* it is not known whether it is there */
        return false;
    }
    if (slash != NULL) {
        *slash = '\0';
        for (size_t i = 0; i < n_near && !found; i++)
            found = find_in(path, real, near[i], name);
    }
    free(real);
    return found || find_in(path, "", folder, name);
}

const char *beside_data_folder(void)
{
    return DATA_FOLDER;
}
