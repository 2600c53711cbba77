/* SPDX-License-Identifier: BSD-3-Clause */
/* desk: a page in the browser where labels are read, corrected, and learned from.
 *
 * The story of one run: settings.h reads the command line, store.h opens what is kept, labelling.h
 * the model, server.h listens; access.h says who may come in, routes.h who answers. */
#include "desk/access.h"
#include "desk/demo.h"
#include "desk/routes.h"
#include "desk/trainer.h"

#include "base/input.h"
#include "command/exit_status.h"
#include "command/message.h"
#include "command/shipped.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More threads than processors: one that reads a large page does not keep the others waiting. */
enum { BODY_MOST = 64 << 20, THREADS_MORE = 2 };

static bool admit(void *context, const struct request *request, struct answer *answer)
{
    return access_admit(context, request, answer);
}

static void answer_request(void *context, const struct request *request, struct answer *answer)
{
    routes_answer(context, request, answer);
}

static enum exit_status fail(enum exit_status status, const fenlei_error *error)
{
    message(NULL, 0, error->message);
    return status;
}

static enum exit_status open_model(struct desk *desk)
{
    struct buffer shipped = {0};
    fenlei_error error;
    const char *path = shipped_or_named(desk->settings->model, &shipped, &error);
    enum exit_status status = EXIT_DONE;
    if (path == NULL || trainer_open(desk, path, &error) != FENLEI_OK)
        status = fail(EXIT_MODEL, &error);
    buffer_release(&shipped);
    return status;
}

static enum exit_status listen_on(struct desk *desk)
{
    fenlei_error error;
    struct server_settings settings = {.address = desk->settings->address,
                                       .port = desk->settings->port,
                                       .threads = desk->settings->threads + THREADS_MORE,
                                       .body_most = BODY_MOST,
                                       .context = desk,
                                       .admit = admit,
                                       .answer = answer_request};
    desk->port = settings.port;
    if (server_start(&settings, &desk->server, &error) != FENLEI_OK)
        return fail(EXIT_INPUT, &error);
    desk->port = server_port(desk->server);
    return EXIT_DONE;
}

/* The address to open, on standard output: it is what the program was called for. */
static void say_address(const struct desk *desk)
{
    struct buffer line = {0};
    const char *form =
        strchr(desk->settings->address, ':') != NULL ? "http://[%s]:%u/" : "http://%s:%u/";
    buffer_append_format(&line, form, desk->settings->address, desk->port);
    if (desk->password.size == 0)
        buffer_append_format(&line, "?key=%s", desk->key);
    buffer_append_string(&line, "\n");
    if (!line.failed)
        fwrite(line.bytes, 1, line.size, stdout);
    fflush(stdout);
    buffer_release(&line);
}

static enum exit_status serve(struct desk *desk, const sigset_t *ends)
{
    int number;
    enum exit_status status = listen_on(desk);
    if (status != EXIT_DONE)
        return status;
    say_address(desk);
    sigwait(ends, &number);
    return EXIT_DONE;
}

static enum exit_status run(const struct settings *settings, const sigset_t *ends)
{
    struct desk desk = {.settings = settings, .started = time(NULL)};
    fenlei_error error;
    enum exit_status status = EXIT_DONE;
    desk.labelling = labelling_new();
    if (desk.labelling == NULL ||
        store_open(settings->folder.bytes, &desk.store, &error) != FENLEI_OK ||
        access_prepare(&desk, &error) != FENLEI_OK)
        status = fail(EXIT_INPUT, &error);
    if (status == EXIT_DONE)
        status = open_model(&desk);
    if (status == EXIT_DONE && settings->is_demo && demo_fill(&desk, &error) != FENLEI_OK)
        status = fail(EXIT_INPUT, &error);
    if (status == EXIT_DONE)
        status = serve(&desk, ends);
    server_stop(desk.server);
    trainer_close(&desk);
    labelling_free(desk.labelling);
    store_close(desk.store);
    buffer_release(&desk.password);
    return status;
}

/* What ends the program is waited for, by this thread alone. */
static void block_signals(sigset_t *ends)
{
    sigemptyset(ends);
    sigaddset(ends, SIGINT);
    sigaddset(ends, SIGTERM);
    sigaddset(ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file-size limit is then an error like a full disk */
}

int main(int argc, char **argv)
{
    struct settings settings;
    sigset_t ends;
    if (!input_fill_standard())
        return EXIT_INPUT;
    bool good = settings_parse(argc, argv, &settings);
    block_signals(&ends);
    enum exit_status status = EXIT_INPUT;
    if (good && (!settings.is_demo || demo_folder(&settings.folder)))
        status = run(&settings, &ends);
    else
        message("start", 0, good ? "no folder for the demo can be made" : "out of memory");
    if (good && settings.is_demo)
        demo_remove(settings.folder.bytes);
    settings_release(&settings);
    return (int)status;
}
