/* Files that came with the program: beside it in a build tree, or where `make install` put them. */
#ifndef COMMAND_INSTALLED_H
#define COMMAND_INSTALLED_H

#include "base/memory.h"

/* Looks for the file `name` in `near` and then `far`, as seen from the folder that the program is
 * in, and then in `folder`, where it was to be installed. False where it is in none of them. */
bool installed_find(struct buffer *path, const char *name, const char *near, const char *far,
                    const char *folder);

#endif
