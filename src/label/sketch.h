/* SPDX-License-Identifier: BSD-3-Clause */
/* What a model keeps of the texts it was trained on, by which a text that is nearly one of them is
 * told: no text, 48 bytes for each, and at most 16 more for each to say which shingles are common.
 *
 * It estimates the likeness of train/duplicates.h, the weighted Jaccard coefficient, by 4 bits of
 * each of 96 hashes (b-bit minwise hashing: Li and König, 2010), with a deviation of 0.05. How
 * many of the texts of each likeness it holds to be near-duplicates, of 1,153 edited copies of this
 * project's articles against 1,153 articles, and of Reuters' 3,299 test articles against its 9,603
 * for training:
 *
 *     likeness   to 0.2      to 0.3        to 0.4        to 0.5        to 0.6        above
 *     edited     0 of 179    1 of 71       22 of 77      71 of 81      93 of 94      651 of 651
 *     Reuters    0 of 621    29 of 1784    146 of 483    150 of 170    107 of 107    134 of 134
 *
 * In all, of those from 0.4 on, 0.987 and 0.954 are found; of the others, 0.070 and 0.061 are held
 * to be near-duplicates. */
#ifndef LABEL_SKETCH_H
#define LABEL_SKETCH_H

#include "base/memory.h"
#include "label/shingles.h"

enum { SKETCH_HASHES = 96, SKETCH_BITS = 4, SKETCH_WORDS = SKETCH_HASHES * SKETCH_BITS / 64 };

/* A text's signature. */
struct sketch_entry {
    uint64_t words[SKETCH_WORDS];
};

/* A view of the bytes that stand in the model file; all zero is one of no text. */
struct sketch {
    const struct sketch_entry *entries; /* [n] a training text each, copies apart */
    size_t n;
    const uint32_t *common; /* [n_common] rising: the place of a common shingle in the upper 24
                               bits, what it weighs (less 1) in the lower 8 */
    size_t n_common;
    uint32_t rare_weight; /* of all others; at least 1 */
};

/* False where the bytes, aligned to 8, are none that sketch_write() writes; none at all are a
 * sketch of no text. */
bool sketch_open(struct sketch *sketch, fenlei_text bytes);

/* Appends the bytes. */
void sketch_write(const struct sketch *sketch, struct buffer *out);

/* The signature of a text as the sketch weighs its shingles; weights[shingles->n] is scratch. */
struct sketch_entry sketch_sign(const struct sketch *sketch, const struct shingles *shingles,
                                float *weights);

/* How alike two texts are, estimated, from below 0 to 1. */
double sketch_similarity(const struct sketch_entry *a, const struct sketch_entry *b);

/* From which likeness on a text is held to be nearly another: that of train/duplicates.h. */
#define SKETCH_SIMILARITY 0.4

/* Is the text nearly one of those trained on, as far as the sketch can tell? False when memory runs
 * out. */
bool sketch_knows(const struct sketch *sketch, fenlei_text text, bool *knows);

#endif
