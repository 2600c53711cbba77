/* SPDX-License-Identifier: BSD-3-Clause */
/* The sketch that a model keeps of its training texts (label/sketch.h); and with the texts at hand,
 * which other one is nearly one of them. */
#ifndef TRAIN_SKETCHES_H
#define TRAIN_SKETCHES_H

#include "label/sketch.h"
#include "train/rarity.h"

/* What a sketch is a view of. */
struct sketches {
    struct sketch_entry *entries; /* [n] the documents that are no copies, in order */
    uint32_t *documents;          /* [n] which */
    size_t n;
    uint32_t *common; /* [n_common] */
    size_t n_common;
    uint32_t rare_weight;
};

/* Of the corpus that *rarity is of. False when memory runs out; to be released in any case. */
bool sketches_draw(struct sketches *sketches, const struct rarity *rarity, unsigned n_threads);
void sketches_release(struct sketches *sketches);
struct sketch sketches_view(const struct sketches *sketches);

/* The training documents, by which other texts are held to be known or not. */
struct known {
    struct rarity rarity;
    struct sketches sketches;
    struct weighed text, other; /* scratch, like what follows */
    float *weights;
    size_t weights_capacity;
};

/* False when memory runs out; to be released in any case. The corpus must outlive it. */
bool known_init(struct known *known, const struct corpus *corpus, unsigned n_threads);
void known_release(struct known *known);

/* Is the text a near-duplicate of a document, DUPLICATES_SIMILARITY or more alike? The sketch names
 * those to compare. False when memory runs out. */
bool known_has(struct known *known, fenlei_text text, bool *has);

#endif
