/* SPDX-License-Identifier: BSD-3-Clause */
/* `desk --demo`: a store in a temporary folder, with the seed pages in it. */
#ifndef DESK_DEMO_H
#define DESK_DEMO_H

#include "desk/desk.h"

/* Makes a folder, whose name *folder becomes, ended by NUL. */
bool demo_folder(struct buffer *folder);

/* Takes in the pages that lie beside the build tree's bin/, or where `make install` put them. */
fenlei_status demo_fill(struct desk *desk, fenlei_error *error);

/* Removes the folder with all that the desk keeps there. */
void demo_remove(const char *folder);

#endif
