/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of `train`: its options, checked one by one and against each other. What files
 * they name is not looked at here. */
#ifndef TRAIN_OPTIONS_H
#define TRAIN_OPTIONS_H

#include "command/record_options.h"
#include "html/language.h"
#include "train/calibrate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FOLDS_MAX = 50 };

/* What a model's card says of its training, and the command line may say otherwise. */
enum setting {
    SETTING_COST = 1,
    SETTING_NGRAMS = 2,
    SETTING_PUNCTUATION = 4,
    SETTING_MIN_DF = 8,
    SETTING_TITLE_WEIGHT = 16,
    SETTING_FOLDS = 32,
    SETTING_AIM = 64, /* precision and slack: saying one is not wanting the other */
    SETTING_SEED = 128
};

/* Strings and `corpora` are those of argv. */
struct options {
    const char *output, *topics, *report, *html;
    const char *replace;    /* a model; `output` is then its name with .new, and owned */
    const char *like;       /* a model whose settings count where the command line has none */
    const char *split_date; /* YYYY-MM-DD or NULL */
    char **corpora;         /* [n_corpora] */
    size_t n_corpora;
    char **shipped; /* [n_shipped] names of files that `corpora` are, owned; NULL where argv has
                       them */
    size_t n_shipped;
    const char *shipped_topics; /* the name that `topics` is then, owned */
    char **tests;               /* [n_tests] the array is owned */
    size_t n_tests, tests_capacity;
    char **held_out; /* [n_held_out] the array is owned, and that of corrections */
    size_t n_held_out, held_out_capacity;
    char **corrections; /* [n_corrections] */
    size_t n_corrections, corrections_capacity;
    char **pages; /* [n_pages] the array is owned */
    size_t n_pages, pages_capacity;
    struct record_options records;
    const char *base; /* a model, or NULL */
    double C;
    struct aim aim; /* of thresholds */
    uint32_t ngram_min, ngram_max, min_df, title_weight;
    uint32_t folds, cv; /* 0: none; folds is cv where both count */
    uint64_t seed;
    size_t memory;          /* bytes for kernel values */
    unsigned threads;       /* at least 1 */
    enum language language; /* of --lang, else of the locale; LANGUAGE_LATER where neither says */
    bool verify, check, has_folds, keep_punctuation, force, progress, quiet, no_sketch;
    unsigned said; /* which settings the command line has: bits of enum setting */
};

/* Fills *options, with defaults for what argv does not say. False when memory runs out; wrong usage
 * and --help end the program, as argp does. options_release() frees *options, also then. */
bool options_parse(int argc, char **argv, struct options *options);
void options_release(struct options *options);

/* Is it only a page reader, learned for another model? There is no corpus then. */
bool trains_page_reader(const struct options *options);

#endif
