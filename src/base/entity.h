/* SPDX-License-Identifier: BSD-3-Clause */
/* HTML's names of characters, as text out of crawlers and converters still has them. */
#ifndef BASE_ENTITY_H
#define BASE_ENTITY_H

#include "fenlei.h"

#include <stdint.h>

/* The character of the entity that `text`, which begins with &, begins with: &mdash;, &#8212; or
 * &#x2014;. *size becomes its bytes. -1 where it is none that is known. */
int32_t entity_of(fenlei_text text, size_t *size);

#endif
