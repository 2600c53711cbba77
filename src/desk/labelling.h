/* SPDX-License-Identifier: BSD-3-Clause */
/* The model in use, with labelers for many threads. Another takes its place while requests go on:
 * whoever has the old one keeps it until it is given back. */
#ifndef DESK_LABELLING_H
#define DESK_LABELLING_H

#include "desk/sketch.h"
#include "desk/store.h"

struct labelling;

struct labelling *labelling_new(void); /* NULL when memory runs out */
void labelling_free(struct labelling *labelling);

/* Opens the model of a file and puts it in use as number `id`; makes its topics known to the
 * store. After an error the one before stays. */
fenlei_status labelling_use(struct labelling *labelling, struct store *store, const char *path,
                            int64_t id, fenlei_error *error);

/* A labeler of the model in use, for one thread, until lease_give(). */
struct lease {
    struct labelling *labelling;
    struct used_model *used;
    const fenlei_model *model;
    int64_t model_id;
    const int64_t *topics; /* [topics of the model] their ids in the store */
    fenlei_labeler *labeler;
    struct sketcher *sketcher;
    struct helper *helper;
};
fenlei_status lease_take(struct labelling *labelling, struct lease *lease, fenlei_error *error);
void lease_give(struct lease *lease);

/* What the model says of an article: given, review, doubt, sketch and model. `labelled` is of the
 * lease's labeler; *out gets texts that point into `bytes`, cleared first. */
fenlei_status lease_describe(struct lease *lease, const fenlei_article *labelled,
                             struct article *out, struct buffer *bytes, fenlei_error *error);

/* The same for the title and text of an article, as it stands. */
fenlei_status lease_label(struct lease *lease, struct article *article, struct buffer *bytes,
                          fenlei_error *error);

#endif
