/* SPDX-License-Identifier: BSD-3-Clause */
/* A score -> the phrases that make it up.
 *
 * A score is linear: bias + the sum over n-grams of value x weight. The part of an n-gram is shared
 * out to its occurrences as they count, the part of an occurrence to its letters alike. What a run
 * of letters adds up to is its phrase's share, so that the shares of all phrases and the bias are
 * the score, and no letter is in two phrases. */
#ifndef LABEL_EXPLAIN_H
#define LABEL_EXPLAIN_H

#include "label/model.h"
#include "label/origin.h"

/* One of the two texts of an article, and where it came from: offsets in the text are looked up in
 * `page`, those found there in `file`; NULL where nothing was joined or decoded. */
struct passage {
    fenlei_text text;
    bool in_title; /* as its places say */
    bool is_headline;
    fenlei_text page_text;
    const struct origins *page, *file;
};

struct explainer {
    struct spread {
        struct passage passage;
        const struct folded *folded; /* the passage's, in `features` below */
        struct ngrams ngrams;
        uint32_t weight; /* of each n-gram */
        uint32_t *ids;   /* [ngrams.count] */
        double *letters; /* [folded->count] what the letter adds to the score */
        double *joints;  /* [folded->count] n-grams that hold this letter and the next */
        bool *words;     /* [folded->count] a word begins here */
        size_t ids_capacity, letters_capacity, joints_capacity, words_capacity;
    } spreads[PASSAGES];
    struct features features;
    double *units;    /* [vocabulary] what one occurrence of an n-gram adds, where it counts once */
    uint64_t *totals; /* [vocabulary] how often an n-gram counts, also beyond struct counts */
    struct stand *stands; /* [n_stands] every place of every phrase */
    size_t n_stands, stands_capacity;
    struct buffer text; /* of the phrases */
    fenlei_phrase *phrases;
    const fenlei_phrase **order; /* [phrases] by falling |share| */
    fenlei_place *places;
    size_t phrases_capacity, order_capacity, places_capacity;
};

/* Fills *why, which belongs to the explainer, for the article that the passages are the title and
 * the body of; `counts` is scratch, zero before and after. False when memory runs out. */
bool explain(struct explainer *explainer, const struct model_parts *model, struct counts *counts,
             const struct passage passages[PASSAGES], size_t topic, fenlei_why *why);
/* Bytes allocated but for `units` and `totals`, whose size is the model's; and they given back. */
size_t explainer_memory(const struct explainer *explainer);
void explainer_shed(struct explainer *explainer);
void explainer_release(struct explainer *explainer);

#endif
