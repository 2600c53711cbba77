/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/prepare.h"

#include "base/input.h"
#include "base/status.h"
#include "command/message.h"
#include "command/outputs.h"
#include "train/folds.h"
#include "train/gate.h"
#include "train/lookalike.h"
#include "train/page_reader.h"
#include "train/publish.h"
#include "train/tell.h"

#include <sys/stat.h>

/* Of --replace: the model, the one beside it, and where the old one goes. */
static bool name_outputs(struct outputs *outputs, const struct options *options, struct buffer *old)
{
    buffer_append_format(old, "%s.1", options->replace);
    if (old->failed) {
        message("start", 0, "out of memory");
        return false;
    }
    outputs_add(outputs, "--replace", options->replace, &OUTPUT_MODEL);
    outputs_add(outputs, "the new model of --replace", options->output, &OUTPUT_MODEL);
    outputs_add(outputs, "the old model of --replace", old->bytes, &OUTPUT_MODEL);
    return true;
}

enum exit_status prepare_outputs(const struct options *options)
{
    struct outputs outputs;
    struct buffer old = {0};
    outputs_begin(&outputs, options->force);
    if (options->replace != NULL && !name_outputs(&outputs, options, &old))
        return EXIT_INPUT;
    if (options->replace == NULL)
        outputs_add(&outputs, "-o", options->output, &OUTPUT_MODEL);
    outputs_add(&outputs, "--report", options->report, &OUTPUT_REPORT);
    outputs_add(&outputs, "--html", options->html, &OUTPUT_PAGE);
    if (options->topics != NULL)
        outputs_spare(&outputs, "--topics", options->topics);
    for (size_t i = 0; i < options->n_tests; i++)
        outputs_spare(&outputs, "--test", options->tests[i]);
    if (options->base != NULL)
        outputs_spare(&outputs, "--base", options->base);
    for (size_t i = 0; i < options->n_pages; i++) {
        outputs_spare(&outputs, "--pages", options->pages[i]);
        outputs_spare_folder(&outputs, "the file of pages", options->pages[i]);
    }
    for (size_t i = 0; i < options->n_corpora; i++) {
        outputs_spare(&outputs, "the corpus", options->corpora[i]);
        outputs_spare_folder(&outputs, "the corpus file", options->corpora[i]);
    }
    for (size_t i = 0; i < options->n_held_out; i++)
        outputs_spare(&outputs, "--held-out", options->held_out[i]);
    for (size_t i = 0; i < options->n_corrections; i++)
        outputs_spare(&outputs, "--corrections", options->corrections[i]);
    if (options->like != NULL && options->like != options->replace)
        outputs_spare(&outputs, "--like", options->like);
    enum exit_status status = outputs_check(&outputs);
    buffer_release(&old);
    return status;
}

static fenlei_status check_tests(const struct options *options, fenlei_error *error)
{
    struct input input;
    for (size_t i = 0; i < options->n_tests; i++) {
        if (input_open(&input, options->tests[i], error) != FENLEI_OK)
            return error_locate(error, options->tests[i], 0);
        input_close(&input);
    }
    return FENLEI_OK;
}

/* Bytes of the corpus's files; of folders, what is in them is not asked for. */
static size_t bytes_of(const struct options *options)
{
    size_t bytes = 0;
    for (size_t i = 0; i < options->n_corpora; i++) {
        struct stat status;
        if (stat(options->corpora[i], &status) == 0 && S_ISREG(status.st_mode))
            bytes += (size_t)status.st_size;
    }
    return bytes;
}

static bool keeps_sketch(const struct options *options)
{
    return options->output != NULL && !options->no_sketch;
}

/* Tells the watch what is to be done, as far as it is known: before the corpus is read, its topics
 * are taken to be a dozen. */
static void expect(struct training *training)
{
    enum { A_DOZEN = 12, BYTES_EACH = 900 };
    const struct options *options = training->options;
    const struct corpus *corpus = &training->corpus;
    size_t bytes = bytes_of(options);
    size_t n = corpus->n_documents > 0 ? corpus->n_documents : bytes / BYTES_EACH;
    size_t n_topics = corpus->n_topics > 0 ? corpus->n_topics : A_DOZEN;
    size_t n_repeats = options->folds > 0 ? learn_repeats(n, n_topics) : 0;
    const struct watch_work work = {
        .bytes = bytes,
        .n_threads = options->threads,
        .compares = options->folds > 0,
        .keeps_sketch = keeps_sketch(options),
        .looks = learn_looks(n_topics, n_repeats * options->folds) * (double)n_topics,
        .rounds = (double)(n_repeats * (options->folds + 1) * n_topics)};
    watch_expect(&training->watch, &work);
}

static fenlei_status read_corpus(struct training *training, fenlei_error *error)
{
    const struct options *options = training->options;
    struct corpus *corpus = &training->corpus;
    size_t shown = 0;
    fenlei_status status = FENLEI_OK;
    corpus->records = &options->records;
    corpus->watch = &training->watch;
    expect(training);
    watch_stage(&training->watch, STAGE_READ, bytes_of(options));
    corpus->needs_dates = options->split_date != NULL;
    if (options->topics != NULL)
        status = corpus_read_topics(corpus, options->topics, error);
    for (size_t i = 0; i < options->n_corpora && status == FENLEI_OK; i++)
        status = corpus_add(corpus, options->corpora[i], tell_complaint, &shown, error);
    if (status == FENLEI_OK)
        status = gate_read(training, tell_complaint, &shown, error);
    if (status == FENLEI_OK && corpus->n_errors > 0)
        return error_set(error, FENLEI_BAD_INPUT,
                         "%zu record%s cannot be used; nothing was trained", corpus->n_errors,
                         corpus->n_errors > 1 ? "s" : "");
    if (status == FENLEI_OK && options->split_date != NULL &&
        !corpus_hold_out(corpus, options->split_date))
        status = error_memory(error);
    if (status == FENLEI_OK && options->split_date != NULL && corpus->n_held_out == 0)
        status = error_set(error, FENLEI_BAD_INPUT, "no document of %s or later to test on",
                           options->split_date);
    return status == FENLEI_OK ? corpus_finish(corpus, error) : status;
}

static fenlei_status name_lookalikes(const struct corpus *corpus, fenlei_error *error)
{
    struct lookalikes lookalikes;
    bool good = lookalikes_find(&lookalikes, corpus);
    for (size_t i = 0; good && i < lookalikes.n; i++) {
        fenlei_error words;
        error_set(&words, FENLEI_OK,
                  "labels \"%.200s\" and \"%.200s\" look alike; they are two topics",
                  corpus->topic_ids[lookalikes.pairs[i].topic],
                  corpus->topic_ids[lookalikes.pairs[i].other]);
        message(NULL, 0, words.message);
    }
    lookalikes_release(&lookalikes);
    return good ? FENLEI_OK : error_memory(error);
}

static fenlei_status group_duplicates(struct training *training, const struct rarity *rarity,
                                      fenlei_error *error)
{
    size_t n = training->corpus.n_documents;
    training->group = array_new(n, sizeof *training->group);
    if (training->group == NULL)
        return error_memory(error);
    fenlei_status status =
        duplicates_find(&training->duplicates, rarity, training->options->threads, error);
    if (status == FENLEI_OK &&
        !folds_group(&training->duplicates, training->corpus.truth, n, training->corpus.n_topics,
                     training->n_folds, training->group))
        status = error_memory(error);
    return status;
}

/* What is the same text, and nearly: for the folds, and for the model to remember. */
static fenlei_status find_sameness(struct training *training, fenlei_error *error)
{
    const struct options *options = training->options;
    struct rarity rarity;
    if (training->n_folds == 0 && !keeps_sketch(options))
        return FENLEI_OK;
    fenlei_status status =
        rarity_init(&rarity, &training->corpus, options->threads) ? FENLEI_OK : error_memory(error);
    if (status == FENLEI_OK && training->n_folds > 0)
        status = group_duplicates(training, &rarity, error);
    if (status == FENLEI_OK && keeps_sketch(options) &&
        !sketches_draw(&training->sketches, &rarity, options->threads))
        status = error_memory(error);
    rarity_release(&rarity);
    return status;
}

static fenlei_status make_dataset(struct training *training, fenlei_error *error)
{
    const struct options *options = training->options;
    struct feature_settings settings = {.ngram_min = options->ngram_min,
                                        .ngram_max = options->ngram_max,
                                        .keep_punctuation = options->keep_punctuation,
                                        .title_weight = options->title_weight,
                                        .n_documents = (uint32_t)training->corpus.n_documents};
    return dataset_make(&training->dataset, &training->corpus, settings, options->min_df,
                        options->threads, error);
}

/* A corpus with fewer documents than folds gets a fold a document, unless the folds were asked for.
 */
static fenlei_status choose_folds(struct training *training, fenlei_error *error)
{
    const struct options *options = training->options;
    size_t n = training->corpus.n_documents;
    training->n_folds = options->folds;
    if (options->folds <= n)
        return FENLEI_OK;
    if (options->has_folds || options->cv > 0)
        return error_set(error, FENLEI_BAD_INPUT, "%zu documents cannot make %u folds", n,
                         options->folds);
    training->n_folds = n > 1 ? (uint32_t)n : 0;
    fenlei_error note;
    error_set(&note, FENLEI_OK,
              "%zu documents make %u folds at most, not %u: thresholds and "
              "probabilities rest on very little",
              n, training->n_folds, options->folds);
    message(NULL, 0, note.message);
    return FENLEI_OK;
}

/* A topic none of whose texts has a feature could be told from others by nothing. */
static fenlei_status check_letters(const struct training *training, fenlei_error *error)
{
    const struct corpus *corpus = &training->corpus;
    for (size_t topic = 0; topic < corpus->n_topics; topic++) {
        size_t i = 0;
        while (i < corpus->n_documents && (!corpus->truth[i * corpus->n_topics + topic] ||
                                           training->dataset.vectors[i].size == 0))
            i++;
        if (i == corpus->n_documents)
            return error_set(error, FENLEI_BAD_INPUT,
                             "topic \"%.200s\": none of its texts has an n-gram to learn from (all "
                             "are without letters, too short, or have only n-grams left out by "
                             "--min-df)",
                             corpus->topic_ids[topic]);
    }
    return FENLEI_OK;
}

fenlei_status prepare_training(struct training *training, fenlei_error *error)
{
    fenlei_status status = check_tests(training->options, error);
    if (status == FENLEI_OK)
        status = page_reader_borrow(training, error);
    if (status == FENLEI_OK)
        status = read_corpus(training, error);
    watch_clear(&training->watch);
    if (status == FENLEI_OK)
        status = name_lookalikes(&training->corpus, error);
    if (status == FENLEI_OK)
        status = choose_folds(training, error);
    if (status == FENLEI_OK)
        expect(training);
    if (status == FENLEI_OK)
        status = find_sameness(training, error);
    if (status == FENLEI_OK)
        status = make_dataset(training, error);
    if (status == FENLEI_OK)
        status = check_letters(training, error);
    return status == FENLEI_OK && training->options->output != NULL
               ? page_reader_learn(training, error)
               : status;
}
