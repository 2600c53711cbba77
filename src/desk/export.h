/* SPDX-License-Identifier: BSD-3-Clause */
/* Articles for other programs, as many as there are, piece by piece. */
#ifndef DESK_EXPORT_H
#define DESK_EXPORT_H

#include "desk/fields.h"
#include "desk/server.h"
#include "desk/store.h"

enum export_format { EXPORT_JSONL, EXPORT_CSV, EXPORT_DOCCANO, EXPORT_LABEL_STUDIO };

/* "jsonl", "csv", "doccano", "label-studio"; false for another name. */
bool export_format_named(fenlei_text name, enum export_format *format);

/* Fills the answer with the articles that the fields ask for. False when memory runs out. */
bool export_begin(struct store *store, const struct fields *query, enum export_format format,
                  struct answer *answer);

/* One article as a line of JSON, with the fields that train reads. */
void export_json(struct buffer *out, const struct topics *topics, const struct article *article);

#endif
