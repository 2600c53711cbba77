/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/features.h"

static bool extract_passage(struct passage_features *passage,
                            const struct feature_settings *settings, fenlei_text text,
                            uint32_t weight)
{
    passage->weight = weight;
    passage->folded.count = passage->folded.n_letters = 0;
    passage->folded.lacks_icu = false;
    if (weight == 0 || text.size == 0)
        return true;
    return fold(&passage->folded, text, settings->keep_punctuation != 0);
}

bool features_extract(struct features *features, const struct feature_settings *settings,
                      fenlei_text headline, fenlei_text body)
{
    features->lengths = (struct ngram_lengths){settings->ngram_min, settings->ngram_max};
    return extract_passage(&features->passages[HEADLINE], settings, headline,
                           settings->title_weight) &&
           extract_passage(&features->passages[BODY], settings, body, 1);
}

void features_count(const struct features *features, const struct vocab *vocab,
                    struct counts *counts)
{
    uint64_t keys[NGRAMS_AT_ONCE];
    for (size_t i = 0; i < PASSAGES; i++) {
        const struct passage_features *passage = &features->passages[i];
        size_t at = 0, n;
        while ((n = ngrams_next(&passage->folded, features->lengths, &at, keys)) > 0)
            counts_add(counts, vocab, keys, n, passage->weight);
    }
}

bool features_lack_icu(const struct features *features)
{
    return features->passages[HEADLINE].folded.lacks_icu ||
           features->passages[BODY].folded.lacks_icu;
}

size_t features_letters(const struct features *features)
{
    size_t letters = 0;
    for (size_t i = 0; i < PASSAGES; i++)
        letters += features->passages[i].folded.n_letters;
    return letters;
}

size_t features_memory(const struct features *features)
{
    size_t size = 0;
    for (size_t i = 0; i < PASSAGES; i++)
        size += fold_memory(&features->passages[i].folded);
    return size;
}

void features_release(struct features *features)
{
    for (size_t i = 0; i < PASSAGES; i++)
        fold_release(&features->passages[i].folded);
    *features = (struct features){0};
}
