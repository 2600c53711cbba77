/* SPDX-License-Identifier: BSD-3-Clause */
/* Which articles a page shows, as its address says it. */
#ifndef DESK_FILTER_H
#define DESK_FILTER_H

#include "desk/fields.h"
#include "desk/store.h"

/* The texts point into the fields. */
struct filter filter_read(const struct fields *fields);

/* Appends the fields again, each behind `&` but the first, which follows `first`. Nothing where
 * they ask for nothing. */
void filter_address(struct buffer *out, const struct fields *fields, char first);

/* Sets the cursor: the page behind, or before, an article. False when it cannot be read. */
bool filter_from(struct filter *filter, struct store *store, int64_t article, bool is_backwards,
                 struct article *scratch);

/* Appends text as a part of an address, percent-escaped. */
void address_append(struct buffer *out, fenlei_text text);

#endif
