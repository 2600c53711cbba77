/* A file written whole or not at all: through a temporary file beside it, fsync and rename. */
#ifndef SAVE_H
#define SAVE_H

#include "mem.h"

#include <stdint.h>

/* Writes a file's contents to an open descriptor; false, with errno, when that fails. */
typedef bool save_contents(void *context, int descriptor);

/* Afterwards `path` is what `write_to` wrote or, with an error, what it was. Symbolic links stay
 * links; what is no plain file is refused. */
fenlei_status save(const char *path, save_contents *write_to, void *context, fenlei_error *error);

/* The same for bytes in memory; a failed buffer is an error and writes nothing. */
fenlei_status save_buffer(const char *path, const struct buffer *buffer, fenlei_error *error);

/* Says before long work that `path` could not be saved after it; leaves it as it is. */
fenlei_status save_check(const char *path, fenlei_error *error);

/* write() and fsync(), in as many calls as the system takes; false with errno. */
bool write_fully(int descriptor, const void *bytes, uint64_t size);
bool sync_file(int descriptor);

#endif
