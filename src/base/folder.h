/* SPDX-License-Identifier: BSD-3-Clause */
/* The files of a folder, and of the folders in it, one after the other in the order of their bytes.
 *
 * Names that begin with a dot are passed over, and so are pipes, sockets and devices. A link to a
 * file is that file; a link to a folder is not followed, so that a walk always ends and no file
 * comes twice. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include "base/memory.h"

/* Is it a folder, or a link to one? Never "-", which is standard input. */
bool folder_is_one(const char *path);

struct folder_walk {
    bool deep; /* go down into the folders in it */
    void *context;
    /* Is given a file's path, whose bytes last until it returns; false ends the walk. */
    bool (*visit)(void *context, const char *path);
    /* Is told why a folder cannot be read; the walk goes on. */
    void (*fail)(void *context, const char *folder, const char *message);
    size_t n_files;   /* visited */
    size_t n_folders; /* passed over for want of `deep` */
    size_t n_faults;  /* failed */
};

/* False when a visit() ended it. */
bool folder_walk(struct folder_walk *walk, const char *folder);

#endif
