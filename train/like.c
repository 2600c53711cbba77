/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/like.h"

#include "base/json.h"
#include "base/status.h"
#include "label/ngram.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A number of the card within its bounds; what is there otherwise is left as it is. */
static void take_number(fenlei_text value, double least, double most, double *number)
{
    char digits[40];
    if (value.size >= sizeof digits)
        return;
    memcpy(digits, value.bytes, value.size);
    digits[value.size] = '\0';
    char *end;
    double read = strtod(digits, &end);
    if (end != digits && *end == '\0' && read >= least && read <= most)
        *number = read;
}

static uint32_t whole(fenlei_text value, double least, double most, uint32_t before)
{
    double number = before;
    take_number(value, least, most, &number);
    return (uint32_t)number;
}

/* "1-2" */
static void take_ngrams(struct options *options, fenlei_text value)
{
    const char *dash = memchr(value.bytes, '-', value.size);
    if (dash == NULL)
        return;
    size_t before = (size_t)(dash - value.bytes);
    uint32_t min = whole((fenlei_text){value.bytes, before}, 1, NGRAM_MAX, 0);
    uint32_t max = whole((fenlei_text){dash + 1, value.size - before - 1}, 1, NGRAM_MAX, 0);
    if (min == 0 || max < min)
        return;
    options->ngram_min = min;
    options->ngram_max = max;
}

/* The seed is a whole number that a double may not hold. */
static void take_seed(struct options *options, fenlei_text value)
{
    char digits[24];
    if (value.size >= sizeof digits)
        return;
    memcpy(digits, value.bytes, value.size);
    digits[value.size] = '\0';
    char *end;
    errno = 0;
    unsigned long long seed = strtoull(digits, &end, 10);
    if (end != digits && *end == '\0' && errno == 0)
        options->seed = seed;
}

static bool is_open(const struct options *options, const char *name, const char *wanted,
                    enum setting setting)
{
    return strcmp(name, wanted) == 0 && (options->said & setting) == 0;
}

static void take_field(void *context, const char *name, fenlei_text value)
{
    struct options *options = context;
    if (is_open(options, name, "C", SETTING_COST))
        take_number(value, 1e-9, 1e6, &options->C);
    else if (is_open(options, name, "ngrams", SETTING_NGRAMS))
        take_ngrams(options, value);
    else if (is_open(options, name, "punctuation", SETTING_PUNCTUATION))
        options->keep_punctuation = text_equal(value, text_of("yes"));
    else if (is_open(options, name, "min_df", SETTING_MIN_DF))
        options->min_df = whole(value, 1, 1000000, options->min_df);
    else if (is_open(options, name, "title_weight", SETTING_TITLE_WEIGHT))
        options->title_weight = whole(value, 0, 100, options->title_weight);
    else if (is_open(options, name, "folds", SETTING_FOLDS))
        options->folds = whole(value, 0, FOLDS_MAX, options->folds);
    else if (is_open(options, name, "precision", SETTING_PRECISION))
        take_number(value, 1e-9, 1 - 1e-9, &options->aim.precision);
    else if (is_open(options, name, "slack", SETTING_SLACK))
        take_number(value, 0, 1 - 1e-9, &options->aim.slack);
    else if (is_open(options, name, "seed", SETTING_SEED))
        take_seed(options, value);
}

fenlei_status like_apply(struct options *options, fenlei_error *error)
{
    fenlei_model *model;
    if (options->like == NULL)
        return FENLEI_OK;
    fenlei_status status = fenlei_model_open(options->like, &model, error);
    if (status != FENLEI_OK)
        return status;
    if (!json_visit_plain(fenlei_model_card(model), take_field, options))
        status = error_memory(error);
    if (options->base == NULL && options->n_pages == 0)
        options->base = options->like;
    fenlei_model_close(model);
    return status;
}
