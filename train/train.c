/* train: labelled articles -> a model file.
 *
 *     corpus -> dataset -> libsvm, a topic against the rest -> thresholds, probabilities -> model
 */
#include "assessment.h"
#include "assessment_page.h"
#include "calibrate.h"
#include "check.h"
#include "corpus.h"
#include "dataset.h"
#include "input.h"
#include "json.h"
#include "judge.h"
#include "learn.h"
#include "model.h"
#include "parallel.h"
#include "replace.h"
#include "status.h"
#include "supervise.h"
#include "svm.h"

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum exit_status { EXIT_DONE = 0, EXIT_INPUT = 1, EXIT_USAGE = 2 };

enum { COMPLAINTS_SHOWN = 20, FOLDS_MAX = 50 };

struct options {
    const char *output, *topics, *report, *html;
    const char *split_date; /* YYYY-MM-DD or NULL */
    char **corpora;         /* [n_corpora] */
    size_t n_corpora;
    char **tests; /* [n_tests] */
    size_t n_tests, tests_capacity;
    double C, precision;
    uint32_t ngram_min, ngram_max, min_df, title_weight, folds, cv;
    uint64_t seed;
    size_t memory; /* bytes for kernel values */
    unsigned threads;
    bool verify, check, has_folds, keep_punctuation;
};

/* ---- command line ---- */

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
    KEY_PUNCTUATION,
    KEY_MEMORY
};

static const struct argp_option option_table[] = {
    {"output", 'o', "MODEL", 0, "the model file to write", 1},
    {"topics", KEY_TOPICS, "FILE", 0, "the topics in order, as JSON [{\"id\", \"name\"}]", 1},
    {"cost", 'C', "C", 0, "cost of an error to the SVM (default 1)", 2},
    {"ngrams", KEY_NGRAMS, "MIN-MAX", 0, "lengths of the character n-grams (default 2-2)", 2},
    {"punctuation", KEY_PUNCTUATION, NULL, 0, "keep punctuation marks and spaces in n-grams", 2},
    {"min-df", KEY_MIN_DF, "N", 0, "leave out n-grams of fewer than N documents (default 1)", 2},
    {"title-weight", KEY_TITLE_WEIGHT, "N", 0, "count a headline's n-grams N times (default 3)", 2},
    {"folds", KEY_FOLDS, "K", 0,
     "folds for thresholds and probabilities (default 5; 0: threshold 0, no probabilities)", 2},
    {"precision", KEY_PRECISION, "P", 0,
     "choose thresholds for this precision out of fold, instead of the highest F1", 2},
    {"seed", KEY_SEED, "N", 0, "of the shuffle into folds (default 1)", 2},
    {"cv", KEY_CV, "K", 0, "print the out-of-fold evaluation over K folds", 3},
    {"test", KEY_TEST, "FILE", 0, "evaluate on held-out records; may be repeated", 3},
    {"split-date", KEY_SPLIT_DATE, "DATE", 0,
     "train on records with a date before DATE (YYYY-MM-DD), evaluate on the others", 3},
    {"verify", KEY_VERIFY, NULL, 0,
     "print how far the model's scores are from libsvm's own, on every training document", 3},
    {"check", KEY_CHECK, NULL, 0,
     "look for ills of the corpus (near-duplicates, contradicted labels); write no model", 3},
    {"report", KEY_REPORT, "FILE", 0, "write the evaluations as JSON", 3},
    {"html", KEY_HTML, "FILE", 0, "write the evaluations as a page to look at", 3},
    {"threads", 'j', "N", 0, "threads (default: one a processor)", 4},
    {"memory", KEY_MEMORY, "MB", 0,
     "for kernel values (default 768); a topic that needs more is solved by descent, not libsvm",
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

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case 'o':
        options->output = argument;
        break;
    case KEY_TOPICS:
        options->topics = argument;
        break;
    case 'C':
        options->C = parse_cost(argument, state);
        break;
    case KEY_NGRAMS:
        parse_ngrams(argument, options, state);
        break;
    case KEY_PUNCTUATION:
        options->keep_punctuation = true;
        break;
    case KEY_MIN_DF:
        options->min_df = (uint32_t)parse_integer(argument, 1, 1000000, "--min-df", state);
        break;
    case KEY_TITLE_WEIGHT:
        options->title_weight = (uint32_t)parse_integer(argument, 0, 100, "--title-weight", state);
        break;
    case KEY_FOLDS:
        options->folds = parse_folds(argument, 0, "--folds", state);
        options->has_folds = true;
        break;
    case KEY_PRECISION:
        options->precision = parse_precision(argument, state);
        break;
    case KEY_SEED:
        options->seed = parse_integer(argument, 0, UINT64_MAX, "--seed", state);
        break;
    case KEY_CV:
        options->cv = parse_folds(argument, 2, "--cv", state);
        break;
    case KEY_TEST:
        if (!array_reserve(&options->tests, &options->tests_capacity, options->n_tests + 1,
                           sizeof *options->tests))
            return ENOMEM;
        options->tests[options->n_tests++] = argument;
        break;
    case KEY_VERIFY:
        options->verify = true;
        break;
    case KEY_CHECK:
        options->check = true;
        break;
    case KEY_REPORT:
        options->report = argument;
        break;
    case KEY_HTML:
        options->html = argument;
        break;
    case KEY_SPLIT_DATE:
        if (!is_date(text_of(argument)))
            argp_error(state, "--split-date takes a day as YYYY-MM-DD, not \"%s\"", argument);
        options->split_date = argument;
        break;
    case KEY_MEMORY:
        options->memory = (size_t)parse_integer(argument, 0, 1 << 24, "--memory", state) << 20;
        break;
    case 'j':
        options->threads = (unsigned)parse_integer(argument, 0, THREADS_MAX, "-j", state);
        break;
    case ARGP_KEY_ARGS:
        options->corpora = state->argv + state->next;
        options->n_corpora = (size_t)(state->argc - state->next);
        break;
    case ARGP_KEY_END:
        if (options->n_corpora == 0)
            argp_error(state, "no CORPUS given");
        if (options->cv > 0 && options->has_folds && options->cv != options->folds)
            argp_error(state, "--cv and --folds ask for different folds");
        if (options->cv > 0)
            options->folds = options->cv;
        if (options->check && (options->output != NULL || options->folds == 0))
            argp_error(state, "--check goes with folds, and without -o");
        if (options->html != NULL && options->folds == 0 && options->n_tests == 0 &&
            options->split_date == NULL)
            argp_error(state, "--html needs something to show: folds, --test or --split-date");
        if (options->output == NULL &&
            ((options->cv == 0 && !options->check) || options->n_tests > 0 ||
             options->split_date != NULL || options->verify))
            argp_error(state, "no -o MODEL given");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

const char *argp_program_version = "train (fenlei) " FENLEI_VERSION;

static const struct argp parser = {
    option_table,
    parse_option,
    "-o MODEL CORPUS...",
    "Trains a model that labels articles with topics. A CORPUS is a file of JSON lines, {\"text\": "
    "..., \"labels\": [...]} with an optional \"title\", or a folder with one folder a topic.\v"
    "Limits: 10000 topics; a record of 16 MiB, of JSON 1000 deep, 1000000 values or 1024 labels; a "
    "file of 64 MiB "
    "or 1048576 lines in a folder.\n\n"
    "Exit status: 0 done, 1 the corpus or a file failed, or --check found something to mend, 2 "
    "wrong usage. A model that is there "
    "stays as it was unless the new one is whole.",
    NULL,
    NULL,
    NULL};

/* ---- one training ---- */

struct training {
    const struct options *options;
    struct corpus corpus;
    struct duplicates duplicates;
    uint32_t *group; /* [n_documents] of near-duplicates */
    struct dataset dataset;
    struct learned learned;
    struct calibration *calibration;  /* [n_topics] */
    struct assessment assessments[3]; /* [n_assessments] out of fold, on --test, --split-date */
    size_t n_assessments;
    struct buffer card;   /* JSON, part of the model */
    struct buffer report; /* JSON, for --report */
    struct buffer out;    /* for standard output */
    char split_title[40];
    bool is_ill; /* --check found something to mend */
};

static void say(const char *message)
{
    fprintf(stderr, "train: %s\n", message);
}

static void complain(void *context, const char *message)
{
    size_t *shown = context;
    if (*shown < COMPLAINTS_SHOWN)
        say(message);
    else if (*shown == COMPLAINTS_SHOWN)
        say("more of these are not shown");
    ++*shown;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void show_progress(void *context, size_t done, size_t all)
{
    const double *start = context;
    double left = (now() - *start) / (double)done * (double)(all - done);
    fprintf(stderr, "\rtraining: %zu of %zu, about %.0f s left  %s", done, all, left,
            done == all ? "\n" : "");
}

static void show_estimate(const struct learner *learner)
{
    struct learn_estimate estimate;
    if (learn_estimate(learner, &estimate))
        fprintf(stderr, "training %zu topics on %zu documents: about %.0f s and %.0f MB\n",
                learner->n_topics, learner->dataset->n_documents, ceil(estimate.seconds),
                ceil(estimate.bytes / 1e6));
}

static fenlei_status read_corpus(struct training *training, fenlei_error *error)
{
    const struct options *options = training->options;
    struct corpus *corpus = &training->corpus;
    size_t shown = 0;
    fenlei_status status = FENLEI_OK;
    corpus->needs_dates = options->split_date != NULL;
    if (options->topics != NULL)
        status = corpus_read_topics(corpus, options->topics, error);
    for (size_t i = 0; i < options->n_corpora && status == FENLEI_OK; i++)
        status = corpus_add(corpus, options->corpora[i], complain, &shown, error);
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

static fenlei_status group_duplicates(struct training *training, fenlei_error *error)
{
    size_t n = training->corpus.n_documents;
    if (training->options->folds == 0)
        return FENLEI_OK; /* no folds to keep them in */
    training->group = array_new(n, sizeof *training->group);
    if (training->group == NULL)
        return error_memory(error);
    fenlei_status status = duplicates_find(&training->duplicates, &training->corpus,
                                           training->options->threads, error);
    if (status == FENLEI_OK)
        duplicates_group(&training->duplicates, n, training->group);
    return status;
}

/* A twentieth of the margin, fifty times the solvers' tolerance: rounding alone does not get
 * there. */
static const double VIOLATION_MOST = 0.05;

/* What did not converge is no model. */
static fenlei_status check_optimum(const struct training *training, fenlei_error *error)
{
    for (size_t topic = 0; topic < training->corpus.n_topics; topic++)
        if (training->learned.violation[topic] > VIOLATION_MOST)
            return error_set(
                error, FENLEI_BAD_INPUT,
                "topic %s did not converge (a document is %.2g off its place); nothing "
                "was written; try a smaller -C",
                training->corpus.topic_ids[topic], training->learned.violation[topic]);
    return FENLEI_OK;
}

/* ---- calibration ---- */

/* Scratch for calibrating all topics once. */
struct calibrator {
    struct scored *scores; /* [n_documents][n_topics] */
    size_t *positives;     /* [n_topics] */
};

/* The out-of-fold scores of one topic, of all folds but `left_out`; returns their number. */
static size_t gather_scores(const struct training *training, size_t topic, uint32_t left_out,
                            struct scored *scores, size_t *positives)
{
    size_t n = 0, n_topics = training->corpus.n_topics;
    *positives = 0;
    for (size_t i = 0; i < training->corpus.n_documents; i++) {
        if (training->learned.fold[i] == left_out)
            continue;
        bool positive = training->corpus.truth[i * n_topics + topic];
        scores[n++] =
            (struct scored){training->learned.out_of_fold[i * n_topics + topic], positive};
        *positives += positive;
    }
    return n;
}

/* Calibrates every topic on the out-of-fold scores of all folds but `left_out` (n_folds: none). */
static void calibrate_topics(const struct training *training, struct calibrator *calibrator,
                             uint32_t left_out, struct calibration *calibration)
{
    double precision = training->options->precision;
    size_t n_topics = training->corpus.n_topics, all = 0;
    for (size_t topic = 0; topic < n_topics; topic++) {
        struct scored *scores = calibrator->scores + all;
        size_t n = gather_scores(training, topic, left_out, scores, &calibrator->positives[topic]);
        calibration[topic] = calibrate(scores, n, precision);
        for (size_t i = 0; i < n; i++)
            scores[i].score = label_probability(&calibration[topic], scores[i].score);
        all += n;
    }
    double common = calibrate_common(calibrator->scores, all, precision);
    for (size_t topic = 0; topic < n_topics; topic++)
        calibration_shrink(&calibration[topic], calibrator->positives[topic], common);
}

/* The next assessment, of the corpus's topics; NULL when memory runs out. */
static struct assessment *begin_assessment(struct training *training, const char *title)
{
    const struct options *options = training->options;
    struct assessment *assessment = &training->assessments[training->n_assessments++];
    if (!assessment_init(assessment, title, training->corpus.n_topics,
                         options->html != NULL || options->report != NULL))
        return NULL;
    for (size_t topic = 0; topic < training->corpus.n_topics; topic++) {
        double threshold = training->calibration[topic].threshold;
        assessment->ids[topic] = training->corpus.topic_ids[topic];
        assessment->names[topic] = training->corpus.topic_names[topic];
        assessment->cuts[topic] =
            (struct cut){threshold, label_probability(&training->calibration[topic], threshold)};
    }
    return assessment;
}

static struct assessed assessed_document(const struct document *document)
{
    return (struct assessed){document->file, document->line, document->id, document->title,
                             document->text};
}

/* Judges each document by thresholds from the other folds, so that nothing it is judged by has
 * seen it. */
static void evaluate_fold(struct training *training, uint32_t fold,
                          const struct calibration *calibration, bool *given, const bool *either,
                          double *probability)
{
    size_t n_topics = training->corpus.n_topics;
    for (size_t i = 0; i < training->corpus.n_documents; i++) {
        if (training->learned.fold[i] != fold)
            continue;
        const double *scores = training->learned.out_of_fold + i * n_topics;
        size_t best = 0;
        for (size_t topic = 0; topic < n_topics; topic++) {
            given[topic] = scores[topic] >= calibration[topic].threshold;
            probability[topic] = label_probability(&calibration[topic], scores[topic]);
            if (probability[topic] > probability[best])
                best = topic;
        }
        assessment_add(&training->assessments[0],
                       (struct judgement){training->corpus.truth + i * n_topics, either, given,
                                          probability, scores, best},
                       assessed_document(&training->corpus.documents[i]));
    }
}

static fenlei_status calibrate_all(struct training *training, fenlei_error *error)
{
    size_t n_topics = training->corpus.n_topics;
    uint32_t n_folds = training->options->folds;
    training->calibration = array_new(n_topics, sizeof *training->calibration);
    if (training->calibration == NULL)
        return error_memory(error);
    if (n_folds == 0)
        return FENLEI_OK;
    struct calibrator calibrator = {
        array_new(training->corpus.n_documents, n_topics * sizeof *calibrator.scores),
        array_new(n_topics, sizeof *calibrator.positives)};
    struct calibration *others = array_new(n_topics, sizeof *others);
    bool *given = array_new(n_topics, sizeof *given), *either = array_new(n_topics, sizeof *either);
    double *probability = array_new(n_topics, sizeof *probability);
    bool good = calibrator.scores != NULL && calibrator.positives != NULL && others != NULL &&
                given != NULL && either != NULL && probability != NULL;
    if (good) {
        calibrate_topics(training, &calibrator, n_folds, training->calibration);
        good = begin_assessment(training, "Out of fold") != NULL;
    }
    for (uint32_t fold = 0; good && fold < n_folds; fold++) {
        calibrate_topics(training, &calibrator, fold, others);
        evaluate_fold(training, fold, others, given, either, probability);
    }
    good = good && assessment_finish(&training->assessments[0], training->options->threads);
    free(calibrator.scores);
    free(calibrator.positives);
    free(others);
    free(given);
    free(either);
    free(probability);
    return good ? FENLEI_OK : error_memory(error);
}

/* ---- the model ---- */

static const char *const *topic_ids(const struct training *training)
{
    return (const char *const *)training->corpus.topic_ids;
}

static const char *const *topic_names(const struct training *training)
{
    return (const char *const *)training->corpus.topic_names;
}

/* Nothing that changes between two runs on the same data: no time, no path, no thread count. */
static void write_card(struct training *training)
{
    const struct options *options = training->options;
    struct buffer *card = &training->card;
    buffer_append_string(card, "{");
    json_key(card, "fenlei");
    json_string(card, text_of(FENLEI_VERSION));
    json_key(card, "solver");
    buffer_append_format(card, "\"libsvm %s C-SVC, linear kernel, one topic against the rest\"",
                         svm_version_name());
    size_t by_descent = 0;
    for (size_t topic = 0; topic < training->corpus.n_topics; topic++)
        by_descent += training->learned.by_descent[topic];
    if (by_descent > 0)
        json_count(card, "topics_by_descent", by_descent);
    json_key(card, "C");
    json_number(card, options->C, 9);
    json_key(card, "ngrams");
    buffer_append_format(card, "\"%u-%u\"", options->ngram_min, options->ngram_max);
    json_key(card, "punctuation");
    buffer_append_string(card, options->keep_punctuation ? "true" : "false");
    json_count(card, "min_df", options->min_df);
    json_count(card, "title_weight", options->title_weight);
    json_count(card, "folds", options->folds);
    json_key(card, "precision");
    json_number(card, options->precision, 9);
    json_key(card, "seed");
    buffer_append_format(card, "%" PRIu64, options->seed);
    json_count(card, "documents", training->corpus.n_documents);
    json_count(card, "vocabulary", training->dataset.vocab.size);
    json_key(card, "data_hash");
    buffer_append_format(card, "\"%016llx\"", (unsigned long long)training->corpus.hash);
    if (options->folds > 0) {
        json_key(card, "out_of_fold");
        evaluation_json(&training->assessments[0].evaluation, topic_ids(training),
                        topic_names(training), card);
    }
    buffer_append_string(card, "}");
}

/* Where each topic's id and name begin in one run of strings. */
static uint32_t *gather_strings(const struct corpus *corpus, struct buffer *strings)
{
    uint32_t *places = array_new(corpus->n_topics, 2 * sizeof *places);
    for (size_t topic = 0; places != NULL && topic < corpus->n_topics; topic++) {
        places[2 * topic] = (uint32_t)strings->size;
        buffer_append(strings, corpus->topic_ids[topic], strlen(corpus->topic_ids[topic]) + 1);
        places[2 * topic + 1] = (uint32_t)strings->size;
        buffer_append(strings, corpus->topic_names[topic], strlen(corpus->topic_names[topic]) + 1);
    }
    return places;
}

static fenlei_status write_model(struct training *training, fenlei_error *error)
{
    struct buffer strings = {0};
    uint32_t *places = gather_strings(&training->corpus, &strings);
    if (places == NULL || strings.failed || training->card.failed) {
        free(places);
        buffer_release(&strings);
        return error_memory(error);
    }
    struct model_parts parts = {
        .settings = training->dataset.settings,
        .vocab = training->dataset.vocab,
        .idf = training->dataset.idf,
        .weights = {(uint32_t)training->corpus.n_topics, training->learned.weights,
                    training->learned.bias},
        .calibration = training->calibration,
        .topic_strings = places,
        .strings = {strings.bytes, strings.size},
        .card = {training->card.bytes, training->card.size},
    };
    fenlei_status status = model_write(&parts, training->options->output, error);
    free(places);
    buffer_release(&strings);
    return status;
}

/* ---- after training: what the written model does ---- */

static fenlei_status test_file(fenlei_labeler *labeler, struct judge *judge, const char *path,
                               struct assessment *assessment, fenlei_error *error)
{
    FILE *file;
    struct buffer line = {0};
    bool end = false;
    fenlei_status status = input_open(path, &file, error);
    if (status != FENLEI_OK)
        return error_locate(error, path, 0);
    for (size_t number = 1; status == FENLEI_OK; number++) {
        status = input_line(file, &line, &end, error);
        if (status == FENLEI_OK && end)
            break;
        if (status == FENLEI_OK)
            status = input_check_line(&line, error);
        if (status == FENLEI_OK)
            status = judge_line(judge, labeler, (fenlei_text){line.bytes, line.size}, NULL, error);
        if (status == FENLEI_OK)
            assessment_add(assessment, judge_result(judge),
                           (struct assessed){path, number, judge->record.id, judge->record.title,
                                             judge->record.text});
        else
            error_locate(error, path, number);
    }
    buffer_release(&line);
    input_close(file);
    return status;
}

/* Ends an assessment of the written model: prints it, and adds it to the report under `key`. */
static fenlei_status finish_assessment(struct training *training, struct assessment *assessment,
                                       const char *key, fenlei_labeler *labeler,
                                       fenlei_error *error)
{
    if (!assessment_finish(assessment, training->options->threads))
        return error_memory(error);
    fenlei_status status = assessment_explain(assessment, labeler, error);
    if (status != FENLEI_OK)
        return status;
    evaluation_table(&assessment->evaluation, topic_ids(training), topic_names(training),
                     &training->out);
    json_key(&training->report, key);
    assessment_json(assessment, &training->report);
    return FENLEI_OK;
}

static fenlei_status run_tests(struct training *training, const fenlei_model *model,
                               fenlei_labeler *labeler, fenlei_error *error)
{
    const struct options *options = training->options;
    struct judge judge = {0};
    if (options->n_tests == 0)
        return FENLEI_OK;
    struct assessment *assessment = begin_assessment(training, "Held out");
    fenlei_status status =
        assessment != NULL && judge_init(&judge, model, NULL, 0) ? FENLEI_OK : error_memory(error);
    for (size_t i = 0; i < options->n_tests && status == FENLEI_OK; i++)
        status = test_file(labeler, &judge, options->tests[i], assessment, error);
    if (status == FENLEI_OK) {
        buffer_append_string(&training->out, "held out:\n");
        status = finish_assessment(training, assessment, "test", labeler, error);
    }
    judge_release(&judge);
    return status;
}

static fenlei_status run_split(struct training *training, const fenlei_model *model,
                               fenlei_labeler *labeler, fenlei_error *error)
{
    const struct corpus *corpus = &training->corpus;
    struct judge judge = {0};
    if (training->options->split_date == NULL)
        return FENLEI_OK;
    struct assessment *assessment = begin_assessment(training, training->split_title);
    fenlei_status status =
        assessment != NULL && judge_init(&judge, model, NULL, 0) ? FENLEI_OK : error_memory(error);
    for (size_t i = 0; i < corpus->n_held_out && status == FENLEI_OK; i++) {
        const struct document *document = &corpus->documents[corpus->n_documents + i];
        const bool *truth = corpus->truth + (corpus->n_documents + i) * corpus->n_topics;
        status = judge_text(&judge, labeler, document->title, document->text, truth, error);
        if (status == FENLEI_OK)
            assessment_add(assessment, judge_result(&judge), assessed_document(document));
    }
    if (status == FENLEI_OK) {
        buffer_append_format(
            &training->out, "trained on %zu documents before %s, held out %zu from then on:\n",
            corpus->n_documents, training->options->split_date, corpus->n_held_out);
        status = finish_assessment(training, assessment, "split", labeler, error);
    }
    judge_release(&judge);
    return status;
}

/* The written model on every training document, by the path that `classify` takes, against
 * libsvm's own decision values. */
static fenlei_status verify(struct training *training, fenlei_labeler *labeler, fenlei_error *error)
{
    const struct corpus *corpus = &training->corpus;
    double largest = 0, violation = 0;
    for (size_t topic = 0; topic < corpus->n_topics; topic++)
        violation = fmax(violation, training->learned.violation[topic]);
    for (size_t i = 0; i < corpus->n_documents; i++) {
        const double *decisions = training->learned.decisions + i * corpus->n_topics;
        fenlei_article article;
        fenlei_status status = fenlei_label_record(
            labeler, corpus->documents[i].title, corpus->documents[i].text, NULL, &article, error);
        if (status != FENLEI_OK)
            return status;
        for (size_t k = 0; k < corpus->n_topics; k++) {
            const fenlei_label *label = &article.labels[k];
            double expected = decisions[label->topic];
            double difference = fabs(label->score - expected) / fmax(1, fabs(expected));
            largest = fmax(largest, difference);
        }
    }
    buffer_append_format(&training->out,
                         "verified: %zu documents, %zu topics; largest difference from the "
                         "solver's own decision values %.3g (relative)\n"
                         "optimum: no document violates its condition by more than %.3g\n",
                         corpus->n_documents, corpus->n_topics, largest, violation);
    json_key(&training->report, "verify");
    buffer_append_format(
        &training->report,
        "{\"documents\":%zu,\"largest_difference\":%.17g,\"largest_violation\":%.17g}",
        corpus->n_documents, largest, violation);
    return FENLEI_OK;
}

static fenlei_status examine_model(struct training *training, fenlei_error *error)
{
    fenlei_model *model = NULL;
    fenlei_labeler *labeler = NULL;
    fenlei_status status = fenlei_model_open(training->options->output, &model, error);
    fenlei_text card = {training->card.bytes, training->card.size};
    if (status == FENLEI_OK && !text_equal(fenlei_model_card(model), card))
        status = error_set(error, FENLEI_IO, "%s: replaced by another training meanwhile",
                           training->options->output);
    if (status == FENLEI_OK)
        status = fenlei_labeler_new(model, &labeler, error);
    if (status == FENLEI_OK)
        status = run_tests(training, model, labeler, error);
    if (status == FENLEI_OK)
        status = run_split(training, model, labeler, error);
    if (status == FENLEI_OK && training->options->folds > 0) {
        training->assessments[0].note =
            "Made by models that had not seen these articles. The phrases are those of the model "
            "written, which has.";
        status = assessment_explain(&training->assessments[0], labeler, error);
    }
    if (status == FENLEI_OK && training->options->verify)
        status = verify(training, labeler, error);
    fenlei_labeler_free(labeler);
    fenlei_model_close(model);
    return status;
}

static fenlei_status check(struct training *training, fenlei_error *error)
{
    struct check check = {
        .corpus = &training->corpus,
        .duplicates = &training->duplicates,
        .learned = &training->learned,
        .calibration = training->calibration,
    };
    size_t n_findings;
    json_key(&training->report, "check");
    fenlei_status status =
        check_corpus(&check, &training->out, &training->report, &n_findings, error);
    training->is_ill = n_findings > 0;
    return status;
}

static fenlei_status write_page(struct training *training, fenlei_error *error)
{
    struct buffer page = {0};
    if (training->options->html == NULL)
        return FENLEI_OK;
    assessment_page(&page, text_of("How well the model does"), training->assessments,
                    training->n_assessments,
                    (fenlei_text){training->card.bytes, training->card.size});
    fenlei_status status = page.failed
                               ? error_memory(error)
                               : replace_with_text(training->options->html,
                                                   (fenlei_text){page.bytes, page.size}, error);
    buffer_release(&page);
    return status;
}

static fenlei_status write_report(struct training *training, fenlei_error *error)
{
    const char *path = training->options->report;
    if (path == NULL)
        return FENLEI_OK;
    if (training->report.failed)
        return error_memory(error);
    FILE *file = fopen(path, "wb");
    bool good = file != NULL && fwrite(training->report.bytes, 1, training->report.size, file) ==
                                    training->report.size;
    if (file != NULL)
        good = fclose(file) == 0 && good;
    return good ? FENLEI_OK
                : error_set(error, FENLEI_IO, "%s: cannot write it: %s", path, strerror(errno));
}

/* Says before a long training that the report or a test file cannot be used after it. */
static fenlei_status check_files(const struct options *options, fenlei_error *error)
{
    FILE *file;
    if (options->report != NULL) {
        file = fopen(options->report, "ab");
        if (file == NULL)
            return error_set(error, FENLEI_IO, "%s: cannot write it: %s", options->report,
                             strerror(errno));
        fclose(file);
    }
    for (size_t i = 0; i < options->n_tests; i++) {
        if (input_open(options->tests[i], &file, error) != FENLEI_OK)
            return error_locate(error, options->tests[i], 0);
        input_close(file);
    }
    return FENLEI_OK;
}

static fenlei_status run(struct training *training, fenlei_error *error)
{
    const struct options *options = training->options;
    struct settings settings = {.ngram_min = options->ngram_min,
                                .ngram_max = options->ngram_max,
                                .keep_punctuation = options->keep_punctuation,
                                .title_weight = options->title_weight};
    fenlei_status status = check_files(options, error);
    if (status == FENLEI_OK)
        status = read_corpus(training, error);
    settings.n_documents = (uint32_t)training->corpus.n_documents;
    if (status == FENLEI_OK && options->folds > training->corpus.n_documents)
        status = error_set(error, FENLEI_BAD_INPUT, "%zu documents cannot make %u folds",
                           training->corpus.n_documents, options->folds);
    if (status == FENLEI_OK)
        status = group_duplicates(training, error);
    if (status == FENLEI_OK)
        status = dataset_make(&training->dataset, &training->corpus, settings, options->min_df,
                              options->threads, error);
    double start;
    struct learner learner = {
        .dataset = &training->dataset,
        .truth = training->corpus.truth,
        .n_topics = training->corpus.n_topics,
        .C = options->C,
        .n_folds = options->folds,
        .seed = options->seed,
        .group = training->group,
        .n_threads = options->threads,
        .memory = options->memory,
        .keep_decisions = options->verify,
        .progress = isatty(STDERR_FILENO) ? show_progress : NULL,
        .context = &start,
    };
    if (status == FENLEI_OK && learner.progress != NULL)
        show_estimate(&learner);
    start = now();
    if (status == FENLEI_OK)
        status = learn(&learner, &training->learned, error);
    if (status == FENLEI_OK)
        status = check_optimum(training, error);
    if (status == FENLEI_OK)
        status = calibrate_all(training, error);
    if (status != FENLEI_OK)
        return status;

    write_card(training);
    buffer_append_string(&training->report, "{\"model\":");
    buffer_append(&training->report, training->card.bytes, training->card.size);
    if (options->cv > 0) {
        buffer_append_format(&training->out, "out of fold, %u folds:\n", options->folds);
        evaluation_table(&training->assessments[0].evaluation, topic_ids(training),
                         topic_names(training), &training->out);
    }
    if (options->check)
        status = check(training, error);
    if (options->output != NULL)
        status = write_model(training, error);
    if (status == FENLEI_OK && options->output != NULL &&
        (options->n_tests > 0 || options->verify || options->split_date != NULL ||
         options->html != NULL))
        status = examine_model(training, error);
    if (options->folds > 0) {
        if (training->assessments[0].note == NULL)
            training->assessments[0].note = "Made by models that had not seen these articles.";
        json_key(&training->report, "out_of_fold");
        assessment_json(&training->assessments[0], &training->report);
    }
    if (status == FENLEI_OK)
        status = write_page(training, error);
    buffer_append_string(&training->report, "}\n");
    return status == FENLEI_OK ? write_report(training, error) : status;
}

/* Everything behind the command line, with what is printed. */
static int train(void *context)
{
    const struct options *options = context;
    struct training training = {.options = options};
    fenlei_error error;
    /* libsvm's columns come and go with each topic: their pages stay. */
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    signal(SIGXFSZ, SIG_IGN); /* a file-size limit is then an error like a full disk */
    if (options->split_date != NULL)
        snprintf(training.split_title, sizeof training.split_title, "Held out, from %s on",
                 options->split_date);
    fenlei_status status = run(&training, &error);
    if (status != FENLEI_OK)
        say(error.message);
    if (training.out.failed && status == FENLEI_OK) {
        status = error_memory(&error);
        say(error.message);
    }
    if (training.out.size > 0)
        fwrite(training.out.bytes, 1, training.out.size, stdout);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say("cannot write to standard output");
        status = FENLEI_IO;
    }
    bool failed = status != FENLEI_OK || training.is_ill;
    corpus_release(&training.corpus);
    duplicates_release(&training.duplicates);
    dataset_release(&training.dataset);
    learned_release(&training.learned);
    for (size_t i = 0; i < training.n_assessments; i++)
        assessment_release(&training.assessments[i]);
    buffer_release(&training.card);
    buffer_release(&training.report);
    buffer_release(&training.out);
    free(training.calibration);
    free(training.group);
    return failed ? EXIT_INPUT : EXIT_DONE;
}

int main(int argc, char **argv)
{
    struct options options = {.C = 1,
                              .precision = (double)NAN,
                              .ngram_min = 2,
                              .ngram_max = 2,
                              .min_df = 1,
                              .title_weight = 3,
                              .folds = 5,
                              .seed = 1,
                              .memory = (size_t)768 << 20};
    if (!input_fill_standard())
        return EXIT_INPUT;
    argp_err_exit_status = EXIT_USAGE;
    if (argp_parse(&parser, argc, argv, 0, NULL, &options) != 0) {
        say("cannot read the options: out of memory");
        return EXIT_INPUT;
    }
    if (options.threads == 0)
        options.threads = parallel_processors();
    int status = supervise(train, &options, EXIT_INPUT, say);
    free(options.tests);
    return status;
}
