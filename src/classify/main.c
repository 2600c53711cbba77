/* SPDX-License-Identifier: BSD-3-Clause */
/* classify: labels the articles of newspaper pages, or records of JSON lines, with topics.
 *
 * The story of one run: settings.h reads the command line, choice.h opens the models it names,
 * feed.h brings the inputs in, batch.h labels and prints them, evaluation_run.h is --evaluate. */
#include "base/input.h"
#include "classify/feed.h"

#include "command/message.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool write_page(struct batch *batch)
{
    const struct choice *choice = batch->choice;
    fenlei_error error;
    if (gazette_write(&batch->gazette, choice->model, choice->settings->language,
                      choice->settings->html, &error) == FENLEI_OK)
        return true;
    message(NULL, 0, error.message);
    return false;
}

/* What can be told only after the last input; false when it cannot. */
static bool conclude(struct batch *batch)
{
    const struct settings *settings = batch->choice->settings;
    if (settings->evaluate)
        return evaluation_run_print(&batch->run, batch->labelers[0]);
    return !settings_show_articles(settings) || write_page(batch);
}

/* Did all that was printed arrive? `fault` is errno where it is known that it did not, or 0. */
static bool end_output(int fault)
{
    if (fault == 0 && fflush(stdout) == 0 && ferror(stdout) == 0)
        return true;
    message("standard output", 0, strerror(fault != 0 ? fault : errno));
    return false;
}

static enum exit_status print_card(const fenlei_model *model)
{
    fenlei_text card = fenlei_model_card(model);
    bool good = fwrite(card.bytes, 1, card.size, stdout) == card.size;
    good = good && fwrite("\n", 1, 1, stdout) == 1;
    return end_output(good ? 0 : errno) ? EXIT_DONE : EXIT_INPUT;
}

/* What is printed goes out in pieces as large as those that come in; to a terminal line by line. */
static void widen_output(void)
{
    static char bytes[64 << 10];
    if (!isatty(STDOUT_FILENO))
        setvbuf(stdout, bytes, _IOFBF, sizeof bytes);
}

static enum exit_status classify(const struct choice *choice)
{
    struct batch batch;
    widen_output();
    if (!batch_init(&batch, choice)) {
        batch_release(&batch);
        message("start", 0, "out of memory");
        return EXIT_INPUT;
    }
    bool good = batch_begin(&batch) && feed(&batch) && batch_flush(&batch);
    progress_clear(&batch.progress);
    bool is_refused = choice->outputs->is_refused;
    bool failed = good && !is_refused && !conclude(&batch);
    failed = failed || batch.failed;
    int fault = batch.output_fault;
    batch_release(&batch);
    if (!end_output(fault))
        return EXIT_INPUT;
    return is_refused ? EXIT_USAGE : failed ? EXIT_INPUT : EXIT_DONE;
}

static enum exit_status run(const struct settings *settings)
{
    struct choice choice;
    struct outputs outputs;
    enum exit_status status = choice_open(&choice, settings, &outputs);
    if (status == EXIT_DONE)
        status = settings->card ? print_card(choice.model) : classify(&choice);
    choice_release(&choice);
    return status;
}

int main(int argc, char **argv)
{
    struct settings settings;
    if (!input_fill_standard())
        return EXIT_INPUT;
    signal(SIGXFSZ, SIG_IGN); /* a file-size limit is then an error like a full disk */
    enum exit_status status = EXIT_INPUT;
    if (settings_parse(argc, argv, &settings)) {
        messages_speak(settings.language);
        status = run(&settings);
    } else {
        message("start", 0, "out of memory");
    }
    settings_release(&settings);
    return (int)status;
}
