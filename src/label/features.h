/* SPDX-License-Identifier: BSD-3-Clause */
/* An article -> the n-grams that count: its headline's, then its body's. Training, labelling and
 * explaining all begin here, so that what one of them counts the others count too. */
#ifndef LABEL_FEATURES_H
#define LABEL_FEATURES_H

#include "label/ngram.h"
#include "label/tfidf.h"

/* How features are made; part of the model, so that predicting cannot drift from training. */
struct feature_settings {
    uint32_t ngram_min, ngram_max; /* 1 to NGRAM_MAX */
    uint32_t keep_punctuation;     /* 0 or 1: punctuation marks are characters of n-grams */
    uint32_t title_weight;         /* an n-gram of the headline counts this often; 0 to 100 */
    uint32_t n_documents;          /* of the training data */
};

enum passage_kind { HEADLINE, BODY, PASSAGES };

/* The letters of an article, kept apart by passage. All zero is an empty one. */
struct features {
    struct ngram_lengths lengths;
    struct passage_features {
        struct folded folded;
        uint16_t weight; /* each n-gram counts this often; without letters where 0 */
    } passages[PASSAGES];
};

/* Folds both passages (valid UTF-8 of FENLEI_TEXT_MAX bytes at most), whose n-grams are the
 * features; replaces what `features` held. False when memory runs out. */
bool features_extract(struct features *features, const struct feature_settings *settings,
                      fenlei_text headline, fenlei_text body);

/* Adds all n-grams to the counts. */
void features_count(const struct features *features, struct counts *counts);

/* Are some of them otherwise than they should, for want of ICU? See icu.h. */
bool features_lack_icu(const struct features *features);

/* Letters of the passages that count. */
size_t features_letters(const struct features *features);

size_t features_memory(const struct features *features); /* bytes allocated */
void features_release(struct features *features);

#endif
