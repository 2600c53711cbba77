/* SPDX-License-Identifier: BSD-3-Clause */
/* What the queue goes by: how unsure a model is of an article, and how much two articles differ.
 *
 * Doubt: each topic's distance from its threshold, in the units of its calibration, tells how
 * probable it is that the decision is wrong if the threshold is where right and wrong balance; the
 * doubt of an article is the probability that any of its decisions is. (Lewis and Gale, A
 * sequential algorithm for training text classifiers, SIGIR 1994, for one topic; Brinker, On active
 * learning in multi-label classification, 2006, for many.)
 *
 * A sketch is SKETCH_BITS signs of random projections of the tf-idf vector: the share of signs in
 * which two differ is the angle between the vectors, in half turns (Charikar, Similarity estimation
 * techniques from rounding algorithms, STOC 2002). It depends on n-grams, not on their numbers in a
 * vocabulary, so that those of different models can be compared. */
#ifndef DESK_SKETCH_H
#define DESK_SKETCH_H

#include "fenlei.h"

#include <stdint.h>

enum { SKETCH_BITS = 512, SKETCH_BYTES = SKETCH_BITS / 8 };

/* Of the labels of all topics, as an article has them. Without probabilities every score counts as
 * its own calibration. 0 to 1. */
double doubt_of(const fenlei_model *model, const fenlei_label *labels);

/* Scratch for sketches of one model's vectors. */
struct sketcher;
struct sketcher *sketcher_new(const fenlei_model *model); /* NULL when memory runs out */
void sketcher_free(struct sketcher *sketcher);

/* False when memory runs out. */
bool sketch_of(struct sketcher *sketcher, fenlei_text title, fenlei_text text,
               unsigned char sketch[SKETCH_BYTES]);

/* The cosine of the angle between two vectors, as their sketches have it: 1 for the same, 0 for
 * those that share nothing, and for a sketch that is none. */
double sketch_likeness(fenlei_text a, fenlei_text b);

#endif
