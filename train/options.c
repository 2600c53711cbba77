/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/options.h"

#include "command/arguments.h"
#include "command/message.h"

#include "base/parallel.h"
#include "label/ngram.h"
#include "train/corpus.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_TOPICS = 256,
    KEY_NGRAMS,
    KEY_MIN_DF,
    KEY_TITLE_WEIGHT,
    KEY_FOLDS,
    KEY_SEED,
    KEY_CV,
    KEY_TEST,
    KEY_VERIFY,
    KEY_REPORT,
    KEY_HTML,
    KEY_SPLIT_DATE,
    KEY_CHECK,
    KEY_PRECISION,
    KEY_SLACK,
    KEY_PUNCTUATION,
    KEY_MEMORY,
    KEY_FORCE,
    KEY_PAGES,
    KEY_BASE,
    KEY_REPLACE,
    KEY_LIKE,
    KEY_HELD_OUT,
    KEY_CORRECTIONS,
    KEY_PROGRESS,
    KEY_NO_SKETCH,
    KEY_LANG
};

static const struct argp_option option_table[] = {
    {"output", 'o', "MODEL", 0, "the model file to write", 1},
    {"replace", KEY_REPLACE, "MODEL", 0, "replace MODEL only by one that is not worse", 1},
    {"held-out", KEY_HELD_OUT, "FILE", 0, "records that --replace compares on", 1},
    {"corrections", KEY_CORRECTIONS, "FILE", 0, "records that override those of an id or text", 1},
    {"like", KEY_LIKE, "MODEL", 0, "take what is not said here from MODEL", 1},
    {"topics", KEY_TOPICS, "FILE", 0, "the topics in order, as JSON [{\"id\", \"name\"}]", 1},
    {"pages", KEY_PAGES, "FILE", 0, "learn to read pages from this file or folder", 1},
    {"base", KEY_BASE, "MODEL", 0, "take the page reader from this model", 1},
    {"no-sketch", KEY_NO_SKETCH, NULL, 0, "keep no sketch of the training texts in the model", 1},
    {"cost", 'C', "C", 0, "cost of an error to the SVM (default 1)", 2},
    {"ngrams", KEY_NGRAMS, "MIN-MAX", 0, "lengths of the character n-grams (default 2-2)", 2},
    {"punctuation", KEY_PUNCTUATION, NULL, 0, "keep punctuation marks and spaces in n-grams", 2},
    {"min-df", KEY_MIN_DF, "N", 0, "leave out n-grams of fewer documents (default 1)", 2},
    {"title-weight", KEY_TITLE_WEIGHT, "N", 0, "count a headline's n-grams N times (default 3)", 2},
    {"folds", KEY_FOLDS, "K", 0,
     "folds for thresholds and probabilities (default 5; 0: threshold 0, no probabilities)", 2},
    {"precision", KEY_PRECISION, "P", 0,
     "choose thresholds for this precision out of fold, instead of the highest F1", 2},
    {"slack", KEY_SLACK, "F1", 0, "lowest thresholds this close in F1 (default 0)", 2},
    {"seed", KEY_SEED, "N", 0, "of the shuffle into folds (default 1)", 2},
    {"cv", KEY_CV, "K", 0, "print the out-of-fold evaluation over K folds", 3},
    {"test", KEY_TEST, "FILE", 0, "evaluate on held-out records; may be repeated", 3},
    {"split-date", KEY_SPLIT_DATE, "DATE", 0, "train on those before YYYY-MM-DD, test on others",
     3},
    {"verify", KEY_VERIFY, NULL, 0, "print how far the scores are from libsvm's own", 3},
    {"check", KEY_CHECK, NULL, 0,
     "look for ills of the corpus (near-duplicates, contradicted labels); write no model", 3},
    {"report", KEY_REPORT, "FILE", 0, "write the evaluations as JSON", 3},
    {"html", KEY_HTML, "FILE", 0, "write the evaluations as a page to look at", 3},
    {"lang", KEY_LANG, "zh|en", 0, "of --html and the messages; else by the locale", 3},
    {"force", KEY_FORCE, NULL, 0, "let --report and --html replace others' files", 3},
    {"progress", KEY_PROGRESS, NULL, 0, "show progress without a terminal, too", 4},
    {"quiet", 'q', NULL, 0, "show no progress", 4},
    {"threads", 'j', "N", 0, "threads (default: one a processor)", 4},
    {"memory", KEY_MEMORY, "MB", 0,
     "for kernel values (default 128); a topic that needs more is solved by descent, not libsvm",
     4},
    {0}};

static double parse_cost(const char *text, struct argp_state *state)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value > 0 && value <= 1e6))
        argp_error(state, "-C takes a number above 0, at most 1e6, not \"%s\"", text);
    return value;
}

static double parse_precision(const char *text, struct argp_state *state)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value > 0 && value < 1))
        argp_error(state, "--precision takes a number between 0 and 1, not \"%s\"", text);
    return value;
}

static double parse_slack(const char *text, struct argp_state *state)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= 0 && value < 1))
        argp_error(state, "--slack takes an F1 of at least 0 and below 1, not \"%s\"", text);
    return value;
}

static const char *parse_output(const char *path, const char *option, struct argp_state *state)
{
    if (arguments_name_output(path))
        argp_error(
            state,
            "%s takes the name of a file, not \"%s\": it is replaced whole, as standard output "
            "cannot be",
            option, path);
    return path;
}

static uint64_t parse_integer(const char *text, uint64_t least, uint64_t most, const char *option,
                              struct argp_state *state)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || text[0] == '-' || value < least ||
        value > most)
        argp_error(state, "%s takes a whole number from %llu to %llu, not \"%s\"", option,
                   (unsigned long long)least, (unsigned long long)most, text);
    return value;
}

static void parse_ngrams(const char *text, struct options *options, struct argp_state *state)
{
    char *end;
    unsigned long min = strtoul(text, &end, 10), max = min;
    if (end != text && *end == '-') {
        const char *second = end + 1;
        max = strtoul(second, &end, 10);
        if (end == second)
            min = 0;
    }
    if (end == text || *end != '\0' || min < 1 || min > max || max > NGRAM_MAX)
        argp_error(state, "--ngrams takes MIN-MAX, 1 to %d, not \"%s\"", NGRAM_MAX, text);
    options->ngram_min = (uint32_t)min;
    options->ngram_max = (uint32_t)max;
}

static uint32_t parse_folds(const char *text, uint64_t least, const char *option,
                            struct argp_state *state)
{
    uint64_t folds = parse_integer(text, least, FOLDS_MAX, option, state);
    if (folds == 1)
        argp_error(state, "%s takes at least 2 folds", option);
    return (uint32_t)folds;
}

/* How often the command line asks for standard input. */
static size_t count_standard_input(const struct options *options)
{
    size_t n = options->topics != NULL && strcmp(options->topics, "-") == 0;
    for (size_t i = 0; i < options->n_corpora; i++)
        n += strcmp(options->corpora[i], "-") == 0;
    for (size_t i = 0; i < options->n_tests; i++)
        n += strcmp(options->tests[i], "-") == 0;
    for (size_t i = 0; i < options->n_corrections; i++)
        n += strcmp(options->corrections[i], "-") == 0;
    return n;
}

static bool add_name(char ***names, size_t *n, size_t *capacity, char *name)
{
    if (!array_reserve(names, capacity, *n + 1, sizeof **names))
        return false;
    (*names)[(*n)++] = name;
    return true;
}

/* The name of the model that --replace trains beside the old one; NULL when memory runs out. */
static char *name_beside(const char *model)
{
    struct buffer name = {0};
    buffer_append_string(&name, model);
    buffer_append(&name, ".new", sizeof ".new");
    if (!name.failed)
        return name.bytes;
    buffer_release(&name);
    return NULL;
}

/* What --replace needs, and what does not go with it. */
static void check_replace(const struct options *options, struct argp_state *state)
{
    if (options->replace == NULL && options->n_held_out > 0)
        argp_error(state, "--held-out goes with --replace (--test evaluates one model)");
    if (options->replace == NULL)
        return;
    if (options->output != NULL)
        argp_error(state, "--replace and -o exclude each other");
    if (options->n_held_out == 0)
        argp_error(state, "--replace compares on held-out records: give --held-out FILE");
    for (size_t i = 0; i < options->n_held_out; i++)
        if (strcmp(options->held_out[i], "-") == 0)
            argp_error(state, "--held-out is read twice: it takes the name of a file, not \"-\"");
    if (options->check || options->split_date != NULL || trains_page_reader(options))
        argp_error(state, "--replace goes with a CORPUS, without --check and --split-date");
}

/* What an evaluation needs, and what does not go with it. */
static void check_evaluation(const struct options *options, struct argp_state *state)
{
    if (trains_page_reader(options) &&
        (options->cv > 0 || options->check || options->verify || options->n_tests > 0 ||
         options->report != NULL || options->html != NULL || options->split_date != NULL))
        argp_error(state, "without a CORPUS only a page reader is trained: there is nothing "
                          "to evaluate");
    if (options->cv > 0 && options->has_folds && options->cv != options->folds)
        argp_error(state, "--cv and --folds ask for different folds");
    bool has_folds = options->cv > 0 || options->folds > 0;
    if (options->check && (options->output != NULL || !has_folds))
        argp_error(state, "--check goes with folds, and without -o");
    if (options->html != NULL && !has_folds && options->n_tests == 0 && options->split_date == NULL)
        argp_error(state, "--html needs something to show: folds, --test or --split-date");
}

/* What goes together, once all of the command line is known. */
static void check_together(const struct options *options, struct argp_state *state)
{
    if (options->n_corpora == 0 && !trains_page_reader(options) && options->like == NULL &&
        options->replace == NULL)
        argp_error(state, "no CORPUS given");
    if (options->aim.slack > 0 && !isnan(options->aim.precision))
        argp_error(state, "--slack is of the highest F1, which --precision does not ask for");
    check_evaluation(options, state);
    check_replace(options, state);
    if (count_standard_input(options) > 1)
        argp_error(state, "standard input can be read once: \"-\" is given twice");
    if (options->output == NULL && options->replace == NULL &&
        ((options->cv == 0 && !options->check) || options->n_tests > 0 ||
         options->split_date != NULL || options->verify))
        argp_error(state, "no -o MODEL given");
}

/* What follows from what was said; false when memory runs out. */
static bool complete(struct options *options)
{
    if (options->cv > 0)
        options->folds = options->cv;
    if (options->replace == NULL)
        return true;
    options->output = name_beside(options->replace);
    if (options->like == NULL)
        options->like = options->replace;
    return options->output != NULL;
}

/* Files in and out. Each group of the table has a function of its own. */
static error_t parse_file(struct options *options, int key, char *argument,
                          struct argp_state *state)
{
    switch (key) {
    case 'o':
        options->output = parse_output(argument, "-o", state);
        break;
    case KEY_TOPICS:
        options->topics = argument;
        break;
    case KEY_NO_SKETCH:
        options->no_sketch = true;
        break;
    case KEY_PAGES:
        if (!add_name(&options->pages, &options->n_pages, &options->pages_capacity, argument))
            return ENOMEM;
        break;
    case KEY_HELD_OUT:
        if (!add_name(&options->held_out, &options->n_held_out, &options->held_out_capacity,
                      argument))
            return ENOMEM;
        break;
    case KEY_CORRECTIONS:
        if (!add_name(&options->corrections, &options->n_corrections,
                      &options->corrections_capacity, argument))
            return ENOMEM;
        break;
    case KEY_REPLACE:
        options->replace = parse_output(argument, "--replace", state);
        break;
    case KEY_LIKE:
        options->like = argument;
        break;
    case KEY_BASE:
        options->base = argument;
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* How is learned. */
static error_t parse_learning(struct options *options, int key, char *argument,
                              struct argp_state *state)
{
    switch (key) {
    case 'C':
        options->said |= SETTING_COST;
        options->C = parse_cost(argument, state);
        break;
    case KEY_NGRAMS:
        options->said |= SETTING_NGRAMS;
        parse_ngrams(argument, options, state);
        break;
    case KEY_PUNCTUATION:
        options->said |= SETTING_PUNCTUATION;
        options->keep_punctuation = true;
        break;
    case KEY_MIN_DF:
        options->said |= SETTING_MIN_DF;
        options->min_df = (uint32_t)parse_integer(argument, 1, 1000000, "--min-df", state);
        break;
    case KEY_TITLE_WEIGHT:
        options->said |= SETTING_TITLE_WEIGHT;
        options->title_weight = (uint32_t)parse_integer(argument, 0, 100, "--title-weight", state);
        break;
    case KEY_FOLDS:
        options->said |= SETTING_FOLDS;
        options->folds = parse_folds(argument, 0, "--folds", state);
        options->has_folds = true;
        break;
    case KEY_PRECISION:
        options->said |= SETTING_AIM;
        options->aim.precision = parse_precision(argument, state);
        break;
    case KEY_SLACK:
        options->said |= SETTING_AIM;
        options->aim.slack = parse_slack(argument, state);
        break;
    case KEY_SEED:
        options->said |= SETTING_SEED;
        options->seed = parse_integer(argument, 0, UINT64_MAX, "--seed", state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* What is evaluated, and where that goes. */
static error_t parse_evaluation(struct options *options, int key, char *argument,
                                struct argp_state *state)
{
    switch (key) {
    case KEY_CV:
        options->said |= SETTING_FOLDS;
        options->cv = parse_folds(argument, 2, "--cv", state);
        break;
    case KEY_TEST:
        if (!add_name(&options->tests, &options->n_tests, &options->tests_capacity, argument))
            return ENOMEM;
        break;
    case KEY_VERIFY:
        options->verify = true;
        break;
    case KEY_CHECK:
        options->check = true;
        break;
    case KEY_REPORT:
        options->report = parse_output(argument, "--report", state);
        break;
    case KEY_HTML:
        options->html = parse_output(argument, "--html", state);
        break;
    case KEY_LANG:
        options->language = language_named(argument);
        if (options->language == LANGUAGE_LATER)
            argp_error(state, "--lang takes zh or en, not \"%s\"", argument);
        break;
    case KEY_FORCE:
        options->force = true;
        break;
    case KEY_SPLIT_DATE:
        if (!is_date(text_of(argument)))
            argp_error(state, "--split-date takes a day as YYYY-MM-DD, not \"%s\"", argument);
        options->split_date = argument;
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* How the program runs. */
static error_t parse_running(struct options *options, int key, char *argument,
                             struct argp_state *state)
{
    switch (key) {
    case KEY_PROGRESS:
        options->progress = true;
        options->quiet = false;
        break;
    case 'q':
        options->quiet = true;
        options->progress = false;
        break;
    case KEY_MEMORY:
        options->memory = (size_t)parse_integer(argument, 0, 1 << 24, "--memory", state) << 20;
        break;
    case 'j':
        options->threads = (unsigned)parse_integer(argument, 0, THREADS_MAX, "-j", state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->records;
        return 0;
    case ARGP_KEY_ARGS:
        options->corpora = state->argv + state->next;
        options->n_corpora = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_END:
        check_together(options, state);
        return complete(options) ? 0 : ENOMEM;
    default:
        break;
    }
    error_t status = parse_file(options, key, argument, state);
    if (status == ARGP_ERR_UNKNOWN)
        status = parse_learning(options, key, argument, state);
    if (status == ARGP_ERR_UNKNOWN)
        status = parse_evaluation(options, key, argument, state);
    if (status == ARGP_ERR_UNKNOWN)
        status = parse_running(options, key, argument, state);
    return status;
}

const char *argp_program_version = "train (fenlei) " FENLEI_VERSION;

static const struct argp_child children[] = {
    {&record_options_parser, 0, NULL, 0}, {&arguments_common, 0, NULL, -1}, {0}};

static const struct argp parser = {
    option_table,
    parse_option,
    "-o MODEL CORPUS...\n--replace MODEL --held-out FILE CORPUS...",
    "Trains a model that labels articles with topics. A CORPUS is a file of records with \"text\", "
    "\"labels\" and perhaps a \"title\" (see --format), or a folder with one folder a topic.\v"
    "Limits: 10000 topics; a record of 16 MiB, of JSON 1000 deep, 1000000 values or 1024 labels; a "
    "file of 64 MiB "
    "or 1048576 lines in a folder.\n\n"
    "Exit status: 0 done, 1 the corpus or a file failed, or --check found something to mend, 2 "
    "wrong usage, 4 --replace kept the old model. A model that is there "
    "stays as it was unless the new one is whole.",
    children,
    NULL,
    NULL};

static const struct options defaults = {.C = 1,
                                        .aim = {.precision = (double)NAN},
                                        .ngram_min = 2,
                                        .ngram_max = 2,
                                        .min_df = 1,
                                        .title_weight = 3,
                                        .folds = 5,
                                        .seed = 1,
                                        .memory = (size_t)128 << 20};

bool trains_page_reader(const struct options *options)
{
    return options->n_corpora == 0 && options->base != NULL && options->n_pages > 0;
}

bool options_parse(int argc, char **argv, struct options *options)
{
    *options = defaults;
    options->language = language_of_environment();
    if (arguments_parse(&parser, argc, argv, options) != 0)
        return false;
    if (options->threads == 0)
        options->threads = parallel_processors();
    return true;
}

void options_release(struct options *options)
{
    if (options->replace != NULL)
        free((char *)options->output);
    for (size_t i = 0; i < options->n_shipped; i++)
        free(options->shipped[i]);
    free(options->shipped);
    free((char *)options->shipped_topics);
    free(options->tests);
    free(options->pages);
    free(options->held_out);
    free(options->corrections);
}
