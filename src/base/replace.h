/* SPDX-License-Identifier: BSD-3-Clause */
/* A file replaced whole or not at all. */
#ifndef BASE_REPLACE_H
#define BASE_REPLACE_H

#include "fenlei.h"

#include <stdint.h>

/* Writes the new contents to a descriptor at its beginning; false, with errno set, when it cannot.
 */
typedef bool replace_write(void *context, int descriptor);

/* Writes `path` through a temporary file beside it, fsync and rename: afterwards `path` is what
 * write_to() has written, or, with an error, what it was. A symbolic link stays one, a mode
 * stays, and so do owner and group as far as the process may give a file away. A signal that would
 * end the program waits meanwhile, so that no temporary file is left. */
fenlei_status replace_file(const char *path, replace_write *write_to, void *context,
                           fenlei_error *error);
fenlei_status replace_with_text(const char *path, fenlei_text text, fenlei_error *error);

/* Whether replace_file() could begin: the folder is there, a file can be made in it, and what is
 * there, if anything, is a file. Leaves nothing behind. */
fenlei_status replace_try(const char *path, fenlei_error *error);

/* The path of the folder that `path` is in, for the caller to free; NULL when memory runs out. */
char *folder_of(const char *path);

/* All of it, in as many pieces as the system takes it. */
bool write_fully(int descriptor, const void *bytes, uint64_t size);

#endif
