/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the shipped model is. */
#ifndef LABEL_SHIPPED_MODEL_H
#define LABEL_SHIPPED_MODEL_H

#include "base/memory.h"

/* Finds the shipped model: beside the build tree's bin/ and build/, or where `make install` puts
 * it, as seen from the program or the shared library that this is in; false when there is none.
 * *path becomes its name, or the last that was looked for. */
bool shipped_model(struct buffer *path);

#endif
