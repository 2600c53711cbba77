/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/like.h"

#include "base/json.h"
#include "base/status.h"
#include "command/shipped.h"
#include "label/ngram.h"
#include "label/shipped_model.h"

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
    else if (is_open(options, name, "precision", SETTING_AIM))
        take_number(value, 1e-9, 1 - 1e-9, &options->aim.precision);
    else if (is_open(options, name, "slack", SETTING_AIM))
        take_number(value, 0, 1 - 1e-9, &options->aim.slack);
    else if (is_open(options, name, "seed", SETTING_SEED))
        take_seed(options, value);
}

/* What a card says of the texts that were trained on. */
struct origin {
    char hash[40];
};

static void take_hash(void *context, const char *name, fenlei_text value)
{
    struct origin *origin = context;
    if (strcmp(name, "data_hash") != 0 || value.size >= sizeof origin->hash)
        return;
    memcpy(origin->hash, value.bytes, value.size);
    origin->hash[value.size] = '\0';
}

static bool are_of_one_corpus(const fenlei_model *a, const fenlei_model *b)
{
    struct origin of_a = {""}, of_b = {""};
    return json_visit_plain(fenlei_model_card(a), take_hash, &of_a) &&
           json_visit_plain(fenlei_model_card(b), take_hash, &of_b) && of_a.hash[0] != '\0' &&
           strcmp(of_a.hash, of_b.hash) == 0;
}

/* Was the model trained on the corpus that comes with the programs? So was the shipped one. */
static fenlei_status check_origin(const char *name, const fenlei_model *model, fenlei_error *error)
{
    fenlei_model *shipped = NULL;
    struct buffer path = {0};
    bool is_shipped = shipped_model(&path) && !path.failed &&
                      fenlei_model_open(path.bytes, &shipped, error) == FENLEI_OK &&
                      are_of_one_corpus(model, shipped);
    bool failed = path.failed;
    fenlei_model_close(shipped);
    buffer_release(&path);
    if (is_shipped)
        return FENLEI_OK;
    return failed
               ? error_memory(error)
               : error_set(error, FENLEI_BAD_INPUT,
                           "%s was not trained on the corpus that comes with fenlei: give its own "
                           "as CORPUS",
                           name);
}

/* Without a CORPUS it is the shipped one, with its topics in their order. */
static fenlei_status take_corpus(struct options *options, fenlei_error *error)
{
    struct buffer folder = {0}, topics = {0};
    if (!shipped_corpus(&options->shipped, &options->n_shipped))
        return error_memory(error);
    if (options->n_shipped == 0 || !shipped_folder("train/corpus", &folder)) {
        buffer_release(&folder);
        return error_set(error, FENLEI_IO,
                         "the corpus that comes with fenlei is not here: give a "
                         "CORPUS");
    }
    options->corpora = options->shipped;
    options->n_corpora = options->n_shipped;
    buffer_append_format(&topics, "%s/topics.json", folder.bytes);
    buffer_release(&folder);
    if (topics.failed)
        return error_memory(error);
    options->shipped_topics = topics.bytes;
    if (options->topics == NULL)
        options->topics = options->shipped_topics;
    return FENLEI_OK;
}

fenlei_status like_apply(struct options *options, fenlei_error *error)
{
    fenlei_model *model;
    if (options->like == NULL)
        return FENLEI_OK;
    bool lacks_corpus = options->n_corpora == 0 && !trains_page_reader(options);
    fenlei_status status = fenlei_model_open(options->like, &model, error);
    if (status != FENLEI_OK)
        return status;
    if (!json_visit_plain(fenlei_model_card(model), take_field, options))
        status = error_memory(error);
    if (status == FENLEI_OK && lacks_corpus)
        status = check_origin(options->like, model, error);
    if (status == FENLEI_OK && lacks_corpus)
        status = take_corpus(options, error);
    if (options->base == NULL && options->n_pages == 0)
        options->base = options->like;
    fenlei_model_close(model);
    return status;
}
