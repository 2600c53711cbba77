/* SPDX-License-Identifier: BSD-3-Clause */
/* The n-grams that speak most for each topic, and whether one of them is a date or a place: what
 * happens to stand in a topic's documents, and is no evidence. */
#ifndef TRAIN_STRONGEST_H
#define TRAIN_STRONGEST_H

#include "base/memory.h"
#include "train/dataset.h"
#include "train/learn.h"

enum { STRONGEST = 20 };

/* By falling strength, which is weight times idf; only n-grams that speak for the topic, and none
 * of four letters or more: their keys do not tell their letters. */
struct strongest {
    uint64_t keys[STRONGEST]; /* [n] */
    float strengths[STRONGEST];
    size_t n;
};

/* [n_topics], the caller's to free; NULL when memory runs out. */
struct strongest *strongest_find(const struct dataset *dataset, const struct learned *learned,
                                 size_t n_topics);

/* Appends the letters of an n-gram of three letters at most; the edge of a run is a space. */
void ngram_append(struct buffer *out, uint64_t key);

/* Has it a digit, 年, 月 or 日 beside a numeral, or the name of a province or a large city of
 * China? Names that are words too (长治, 白银) do not count. */
bool ngram_is_date_or_place(uint64_t key);

#endif
