/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/features.h"

static bool extract_passage(struct passage_features *passage,
                            const struct feature_settings *settings, fenlei_text text,
                            uint16_t weight)
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
                           (uint16_t)settings->title_weight) &&
           extract_passage(&features->passages[BODY], settings, body, 1);
}

/* Three letters and more, and two of them where there are such. */
static void count_longer(const struct folded *folded, struct ngram_lengths lengths, uint16_t weight,
                         struct counts *counts)
{
    uint64_t keys[NGRAMS_AT_ONCE];
    size_t at = 0, n;
    while ((n = ngrams_next(folded, lengths, &at, keys)) > 0)
        counts_add_longer(counts, keys, n, weight);
}

static void count_passage(const struct passage_features *passage, struct ngram_lengths lengths,
                          struct counts *counts)
{
    const struct folded *folded = &passage->folded;
    if (folded->n_letters == 0)
        return;
    if (lengths.min == 1) {
        counts_add_singles(counts, folded->letters, folded->count, passage->weight);
        lengths.min = 2;
    }
    if (lengths.max == 2)
        counts_add_pairs(counts, folded->letters, folded->count, passage->weight);
    else if (lengths.max > 2)
        count_longer(folded, lengths, passage->weight, counts);
}

void features_count(const struct features *features, struct counts *counts)
{
    for (size_t i = 0; i < PASSAGES; i++)
        count_passage(&features->passages[i], features->lengths, counts);
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
