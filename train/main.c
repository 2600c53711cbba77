/* SPDX-License-Identifier: BSD-3-Clause */
/* train: labelled articles -> a model file.
 *
 *     corpus -> dataset -> libsvm, a topic against the rest -> thresholds, probabilities -> model
 *
 * Here is the order of the steps, what is printed, and how the program ends. */
#include "base/input.h"
#include "base/number.h"
#include "base/status.h"
#include "command/exit_status.h"
#include "command/message.h"
#include "train/gate.h"
#include "train/like.h"
#include "train/out_of_fold.h"
#include "train/page_reader.h"
#include "train/prepare.h"
#include "train/publish.h"
#include "train/supervise.h"
#include "train/tell.h"
#include "train/test.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

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

static fenlei_status learn_topics(struct training *training, fenlei_error *error)
{
    const struct options *options = training->options;
    struct learner learner = {
        .dataset = &training->dataset,
        .truth = training->corpus.truth,
        .n_topics = training->corpus.n_topics,
        .C = options->C,
        .n_folds = training->n_folds,
        .seed = options->seed,
        .group = training->group,
        .n_threads = options->threads,
        .memory = options->memory,
        .storage = STORAGE_SMALLER,
        .all_scores = OUT_OF_FOLD_ALL,
        .keep_decisions = options->verify,
        .watch = &training->watch,
    };
    if (training->watch.progress.is_on) {
        watch_clear(&training->watch);
        tell_estimate(&learner);
    }
    fenlei_status status = learn(&learner, &training->learned, error);
    return status == FENLEI_OK ? check_optimum(training, error) : status;
}

static void print_out_of_fold(struct training *training)
{
    buffer_append_format(&training->out, "out of fold, %u folds:\n", training->n_folds);
    metrics_table(&training->evaluations[0].metrics, training_topic_ids(training),
                  training_topic_names(training), &training->out);
    if (training->learned.n_repeats == 1)
        return;
    buffer_append_string(&training->out, "micro-F1 of other shuffles into folds:");
    for (size_t i = 1; i < training->learned.n_repeats; i++) {
        buffer_append_string(&training->out, i == 1 ? " " : ", ");
        number_fixed(&training->out, training->out_of_fold_f1[i], 3);
    }
    buffer_append_string(&training->out, "\n");
}

/* Without a corpus: pages -> the base model with another reader. */
static fenlei_status replace_reader(struct training *training, fenlei_error *error)
{
    fenlei_status status = page_reader_borrow(training, error);
    if (status == FENLEI_OK)
        status = page_reader_learn(training, error);
    return status == FENLEI_OK ? page_reader_replace(training, error) : status;
}

/* The story of one training. What was found before an error is still printed. */
static fenlei_status run(struct training *training, fenlei_error *error)
{
    const struct options *options = training->options;
    if (trains_page_reader(options))
        return replace_reader(training, error);
    fenlei_status status = test_check(options, error);
    if (!options->quiet)
        watch_begin(&training->watch, options->progress);
    if (status == FENLEI_OK)
        status = prepare_training(training, error);
    if (status == FENLEI_OK)
        status = learn_topics(training, error);
    if (status == FENLEI_OK)
        status = out_of_fold_calibrate(training, error);
    if (status != FENLEI_OK) {
        watch_clear(&training->watch);
        return status;
    }
    watch_end(&training->watch);

    publish_card(training);
    if (options->cv > 0)
        print_out_of_fold(training);
    if (options->check)
        status = check_training(training, error);
    if (status == FENLEI_OK && options->output != NULL)
        status = publish_model(training, error);
    if (status == FENLEI_OK)
        status = test_model(training, error);
    if (status == FENLEI_OK && options->replace != NULL)
        status = gate_replace(training, error);
    return status == FENLEI_OK ? publish_reports(training, error) : status;
}

/* Prints what a training has found, and how it failed. */
static fenlei_status print(const struct training *training, fenlei_status status,
                           fenlei_error *error)
{
    if (status == FENLEI_OK && training->out.failed)
        status = error_memory(error);
    if (status != FENLEI_OK)
        message(NULL, 0, error->message);
    if (training->out.size > 0)
        fwrite(training->out.bytes, 1, training->out.size, stdout);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        message(NULL, 0, "cannot write to standard output");
        status = FENLEI_IO;
    }
    return status;
}

/* Everything behind the command line, in a process of its own. */
static int train(void *context)
{
    struct training training = {.options = context};
    fenlei_error error;
    enum exit_status refused = prepare_outputs(context);
    if (refused != EXIT_DONE)
        return (int)refused;
    /* libsvm's columns come and go with each topic: their pages stay. */
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    signal(SIGXFSZ, SIG_IGN); /* a file-size limit is then an error like a full disk */
    fenlei_status status = like_apply(context, &error);
    if (status == FENLEI_OK)
        status = run(&training, &error);
    status = print(&training, status, &error);
    bool failed = status != FENLEI_OK || training.is_ill, is_kept = training.is_kept;
    if (training.options->replace != NULL)
        unlink(training.options->output); /* it was put in its place, or is not wanted */
    training_release(&training);
    return failed ? EXIT_INPUT : is_kept ? EXIT_KEPT : EXIT_DONE;
}

int main(int argc, char **argv)
{
    struct options options;
    if (!input_fill_standard())
        return EXIT_INPUT;
    if (!options_parse(argc, argv, &options)) {
        message("start", 0, "out of memory");
        options_release(&options);
        return EXIT_INPUT;
    }
    messages_speak(options.language);
    int status = supervise(train, &options, EXIT_INPUT);
    options_release(&options);
    return status;
}
