/* SPDX-License-Identifier: BSD-3-Clause */
/* The model file: written whole or not at all, read whole and verified, never parsed.
 *
 * A header (magic, format version, byte order, file size, checksum), a table of sections, and the
 * sections, each an array at a multiple of 64 bytes; the checksum is XXH3's 64 bits of everything
 * behind the header. models/README.md lists the sections. */
#ifndef LABEL_MODEL_H
#define LABEL_MODEL_H

#include "fenlei.h"
#include "label/chain.h"
#include "label/features.h"
#include "label/label.h"
#include "label/score.h"

/* The most topics of a model. */
enum { TOPICS_MAX = 10000 };

/* A model's contents: views into arrays that somebody else owns. */
struct model_parts {
    struct feature_settings settings;
    struct vocab vocab;
    fenlei_text index; /* of the vocabulary: what `vocab` has its slots in */
    const float *idf;  /* [vocab.size] */
    struct weights weights;
    const struct calibration *calibration; /* [weights.n_topics] */
    const uint32_t *topic_strings; /* [weights.n_topics][2] where id and name begin in `strings` */
    fenlei_text strings;           /* each ended by NUL */
    fenlei_text card;              /* JSON: options, data, scores */
    fenlei_text reader;            /* what `chain` is a view of; empty: it reads no pages */
    struct chain chain;            /* the page reader; filled by opening, not used by writing */
    fenlei_text sketch;            /* see sketch.h; empty in a model that keeps none */
};

struct fenlei_model {
    struct model_parts parts;
    void *index; /* of a model in an older format, which has none; or NULL */
    void *bytes; /* the whole file, in memory of its own: what others make of it is all one */
    size_t size;
};

/* Writes `path` through a temporary file beside it, fsync and rename: afterwards `path` is the new
 * model, or, with an error, what it was. */
fenlei_status model_write(const struct model_parts *parts, const char *path, fenlei_error *error);

/* Does a file that begins with these bytes say that it is a model, whole or not, of any version? */
bool model_begins(fenlei_text beginning);

#endif
