/* SPDX-License-Identifier: BSD-3-Clause */
/* Where that is which comes with the code that runs. */
#ifndef BASE_BESIDE_H
#define BASE_BESIDE_H

#include "base/memory.h"

/* By which path the program was started; NULL where the system does not say. It says so also where
 * /proc is not mounted. Lives as long as the program. */
const char *beside_program(void);

/* The file that this very code was loaded from: the program, or a shared library. */
const char *beside_code(void);

/* Finds the file `name` in the first of `near`, [n_near] folders as seen from the one that `file`
 * is in ("/../share/fenlei"), that has it, and then in `folder`; false when there is none. *path
 * becomes its name, or the last that was looked for. `file` may be NULL: then `folder` alone. */
bool beside_find(struct buffer *path, const char *file, const char *name, const char *const *near,
                 size_t n_near, const char *folder);

/* Where `make install` puts models, corpus and seeds. */
const char *beside_data_folder(void);

#endif
