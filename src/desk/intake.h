/* SPDX-License-Identifier: BSD-3-Clause */
/* What comes in: a newspaper page, or records in any form that command/records.h reads, split,
 * labelled and kept. */
#ifndef DESK_INTAKE_H
#define DESK_INTAKE_H

#include "desk/labelling.h"
#include "desk/store.h"

struct arrival {
    fenlei_text name, bytes;
    fenlei_text day, paper; /* where they are told; a day is looked for in the name */
    /* Of records that have them under other names; no bytes where nothing is told. */
    fenlei_text text_field, title_field, label_field, label_separator;
};

struct receipt {
    int64_t file;
    size_t n_articles, n_unusable; /* records that could not be read */
    bool is_known;                 /* the same bytes came before */
    struct buffer note;            /* what is wrong with it, in words */
};

/* An error tells why nothing of it was kept. *receipt is all zero before, and its note the
 * caller's. */
fenlei_status intake(struct store *store, struct labelling *labelling,
                     const struct arrival *arrival, struct receipt *receipt, fenlei_error *error);

#endif
