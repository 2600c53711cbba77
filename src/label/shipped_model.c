/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/shipped_model.h"

#include "base/beside.h"

/* The last is for a library in lib/ARCHITECTURE. */
static const char *const near[] = {"/../models", "/../share/fenlei", "/../../share/fenlei"};

bool shipped_model(struct buffer *path)
{
    return beside_find(path, beside_code(), "fenlei.model", near, sizeof near / sizeof *near,
                       beside_data_folder());
}
