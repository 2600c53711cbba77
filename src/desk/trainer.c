/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/trainer.h"

#include "base/input.h"
#include "base/json_part.h"
#include "base/replace.h"
#include "base/status.h"
#include "command/exit_status.h"
#include "command/shipped.h"
#include "desk/training_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RELABELLED_AT_ONCE = 100, MESSAGES_KEPT = 4096 };

struct trainer {
    struct desk *desk;
    pthread_mutex_t lock; /* of all below */
    struct training_report report;
    pid_t child;      /* 0: none */
    bool is_stopping; /* the retraining */
    bool is_closing;  /* everything */

    pthread_t training, relabelling;
    bool has_training, has_relabelling; /* to be joined */
};

/* ---- names ---- */

/* DIR/NAME, ended by NUL; false when memory runs out. */
static bool name_file(const struct desk *desk, const char *name, struct buffer *path)
{
    buffer_clear(path);
    buffer_append_format(path, "%s/%s", desk->settings->folder.bytes, name);
    return !path->failed;
}

static bool name_model(const struct desk *desk, int64_t number, struct buffer *path)
{
    char name[40];
    snprintf(name, sizeof name, "models/%lld.model", (long long)number);
    return name_file(desk, name, path);
}

static fenlei_status make_folders(const struct desk *desk, fenlei_error *error)
{
    static const char *const names[] = {"models", "training"};
    struct buffer path = {0};
    fenlei_status status = FENLEI_OK;
    for (size_t i = 0; i < 2 && status == FENLEI_OK; i++) {
        if (!name_file(desk, names[i], &path))
            status = error_memory(error);
        else if (mkdir(path.bytes, 0700) != 0 && errno != EEXIST)
            status = error_io(error, path.bytes, "make the folder");
    }
    buffer_release(&path);
    return status;
}

static bool copy_to(void *context, int descriptor)
{
    const int *from = context;
    char bytes[16384];
    ssize_t size;
    while ((size = read(*from, bytes, sizeof bytes)) > 0)
        if (!write_fully(descriptor, bytes, (uint64_t)size))
            return false;
    return size == 0;
}

static fenlei_status copy_file(const char *from, const char *to, fenlei_error *error)
{
    int descriptor = open(from, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return error_io(error, from, "open");
    fenlei_status status = replace_file(to, copy_to, &descriptor, error);
    close(descriptor);
    return status;
}

/* ---- models ---- */

struct models {
    int64_t current, last;
};

static bool see_model(void *context, const struct model_entry *model)
{
    struct models *models = context;
    models->last = model->id > models->last ? model->id : models->last;
    if (model->state == MODEL_CURRENT)
        models->current = model->id;
    return true;
}

/* The model's file is there before the store names it. */
static fenlei_status keep_model(struct desk *desk, const char *file, const char *detail,
                                fenlei_text comparison, enum model_state state, int64_t *id,
                                fenlei_error *error)
{
    struct models models = {0};
    struct buffer path = {0};
    fenlei_status status = store_models(desk->store, see_model, &models, error);
    if (status == FENLEI_OK && !name_model(desk, models.last + 1, &path))
        status = error_memory(error);
    if (status == FENLEI_OK && file != NULL)
        status = copy_file(file, path.bytes, error);
    struct model_entry entry = {.made = (int64_t)time(NULL),
                                .file = text_of(file != NULL ? "kept" : ""),
                                .state = state,
                                .detail = text_of(detail),
                                .comparison = comparison};
    if (status == FENLEI_OK)
        status = store_add_model(desk->store, &entry, id, error);
    buffer_release(&path);
    return status;
}

static fenlei_status put_in_use(struct desk *desk, int64_t id, fenlei_error *error)
{
    struct buffer path = {0};
    fenlei_status status = name_model(desk, id, &path)
                               ? labelling_use(desk->labelling, desk->store, path.bytes, id, error)
                               : error_memory(error);
    buffer_release(&path);
    return status;
}

/* ---- older articles ---- */

struct batch {
    struct article articles[RELABELLED_AT_ONCE];
    size_t n;
    bool failed;
};

static bool take_outdated(void *context, const struct article *article)
{
    struct batch *batch = context;
    batch->failed = batch->failed || !article_copy(&batch->articles[batch->n], article);
    batch->n++;
    return !batch->failed;
}

static bool is_closing(struct trainer *trainer)
{
    pthread_mutex_lock(&trainer->lock);
    bool stops = trainer->is_closing;
    pthread_mutex_unlock(&trainer->lock);
    return stops;
}

/* Labels a batch anew; false when it cannot. What the model says of a judged article changes too,
 * but not what counts. */
static bool relabel_batch(struct trainer *trainer, struct batch *batch)
{
    struct lease lease;
    fenlei_error error;
    struct buffer *described = array_new(batch->n, sizeof *described);
    if (described == NULL || lease_take(trainer->desk->labelling, &lease, &error) != FENLEI_OK) {
        free(described);
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < batch->n && good; i++) {
        enum article_state state = batch->articles[i].state;
        good = lease_label(&lease, &batch->articles[i], &described[i], &error) == FENLEI_OK;
        batch->articles[i].state = state;
        if (state == ARTICLE_IS_NONE)
            batch->articles[i].review = text_of("not-an-article");
    }
    lease_give(&lease);
    good =
        good && store_relabel(trainer->desk->store, batch->articles, batch->n, &error) == FENLEI_OK;
    for (size_t i = 0; i < batch->n; i++)
        buffer_release(&described[i]);
    free(described);
    return good;
}

static bool relabel_next(struct trainer *trainer, int64_t model, int64_t *before)
{
    fenlei_error error;
    struct batch *batch = array_new(1, sizeof *batch);
    if (batch == NULL)
        return false;
    fenlei_status status = store_outdated(trainer->desk->store, model, *before, RELABELLED_AT_ONCE,
                                          take_outdated, batch, &error);
    bool more = status == FENLEI_OK && !batch->failed && batch->n > 0;
    if (more) {
        *before = batch->articles[batch->n - 1].id;
        more = relabel_batch(trainer, batch);
    }
    for (size_t i = 0; i < batch->n; i++)
        article_release(&batch->articles[i]);
    free(batch);
    return more;
}

static int64_t model_in_use(struct desk *desk)
{
    struct models models = {0};
    fenlei_error error;
    store_models(desk->store, see_model, &models, &error);
    return models.current;
}

static void *relabel(void *context)
{
    struct trainer *trainer = context;
    int64_t before = INT64_MAX, model = model_in_use(trainer->desk);
    while (!is_closing(trainer)) {
        int64_t now = model_in_use(trainer->desk);
        if (now != model) {
            model = now;
            before = INT64_MAX;
        }
        if (!relabel_next(trainer, model, &before))
            break;
    }
    pthread_mutex_lock(&trainer->lock);
    trainer->report.is_relabelling = false;
    pthread_mutex_unlock(&trainer->lock);
    return NULL;
}

/* Begins, unless it is under way: then it sees by itself that the model is another. */
static void start_relabelling(struct trainer *trainer)
{
    pthread_mutex_lock(&trainer->lock);
    bool runs = trainer->report.is_relabelling;
    bool must_join = !runs && trainer->has_relabelling;
    trainer->report.is_relabelling = true;
    pthread_mutex_unlock(&trainer->lock);
    if (runs)
        return;
    if (must_join)
        pthread_join(trainer->relabelling, NULL);
    trainer->has_relabelling = pthread_create(&trainer->relabelling, NULL, relabel, trainer) == 0;
}

fenlei_status trainer_use(struct desk *desk, int64_t model, fenlei_error *error)
{
    fenlei_status status = put_in_use(desk, model, error);
    if (status == FENLEI_OK)
        status = store_use_model(desk->store, model, error);
    if (status == FENLEI_OK)
        start_relabelling(desk->trainer);
    return status;
}

/* ---- one retraining ---- */

static bool is_stopping(struct trainer *trainer)
{
    pthread_mutex_lock(&trainer->lock);
    bool stops = trainer->is_stopping || trainer->is_closing;
    pthread_mutex_unlock(&trainer->lock);
    return stops;
}

static void set_message(struct trainer *trainer, enum training_state state, const char *message)
{
    pthread_mutex_lock(&trainer->lock);
    trainer->report.state = state;
    snprintf(trainer->report.message, sizeof trainer->report.message, "%s", message);
    pthread_mutex_unlock(&trainer->lock);
}

/* The number behind `before`; moves *at behind it. False where there is none. */
static bool read_number(const char **at, const char *before, unsigned *number)
{
    size_t size = strlen(before);
    char *end;
    if (strncmp(*at, before, size) != 0)
        return false;
    errno = 0;
    unsigned long value = strtoul(*at + size, &end, 10);
    bool good = end > *at + size && errno == 0 && value <= UINT_MAX;
    *number = (unsigned)value;
    *at = end;
    return good;
}

/* "training: 12 of 144, about 3 s left" */
static void read_progress(struct trainer *trainer, const char *line)
{
    unsigned done, all, left;
    if (!read_number(&line, "training: ", &done) || !read_number(&line, " of ", &all) ||
        !read_number(&line, ", about ", &left))
        return;
    pthread_mutex_lock(&trainer->lock);
    trainer->report.done = done;
    trainer->report.all = all;
    trainer->report.seconds_left = left;
    pthread_mutex_unlock(&trainer->lock);
}

/* Reads what train says until it ends; keeps the last lines that are no progress. */
static void listen_to(struct trainer *trainer, int descriptor, char messages[MESSAGES_KEPT])
{
    char line[512];
    size_t size = 0, kept = 0;
    char c;
    messages[0] = '\0';
    while (read(descriptor, &c, 1) == 1) {
        if (c != '\r' && c != '\n') {
            if (size + 1 < sizeof line)
                line[size++] = c;
            continue;
        }
        line[size] = '\0';
        if (strncmp(line, "training", 8) == 0)
            read_progress(trainer, line);
        else if (size > 0 && kept + size + 2 < MESSAGES_KEPT)
            kept += (size_t)snprintf(messages + kept, MESSAGES_KEPT - kept, "%s%s",
                                     kept > 0 ? "\n" : "", line);
        size = 0;
    }
}

/* Starts train in the folder of its files; its messages come from *descriptor. */
static pid_t spawn_train(const struct trainer *trainer, const char *program, const char *folder,
                         int *descriptor)
{
    char threads[16];
    int ends[2];
    pid_t child = 0;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, ignored;
    snprintf(threads, sizeof threads, "%u", trainer->desk->settings->threads);
    const char *const arguments[] = {"train",
                                     "--replace",
                                     "next.model",
                                     "--held-out",
                                     "held-out.jsonl",
                                     "--corrections",
                                     "corrections.jsonl",
                                     "--topics",
                                     "topics.json",
                                     "--report",
                                     "report.json",
                                     "--force",
                                     "--progress",
                                     "-j",
                                     threads,
                                     "corpus.jsonl",
                                     NULL};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return 0;
    sigemptyset(&none);
    sigemptyset(&ignored);
    sigaddset(&ignored, SIGPIPE);
    sigaddset(&ignored, SIGXFSZ);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addchdir_np(&actions, folder);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "output.txt",
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &ignored);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    char *const *argv = (char *const *)(uintptr_t)arguments;
    if (posix_spawn(&child, program, &actions, &attributes, argv, environ) != 0)
        child = 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(ends[1]);
    if (child == 0)
        close(ends[0]);
    else
        *descriptor = ends[0];
    return child;
}

static void set_child(struct trainer *trainer, pid_t child)
{
    pthread_mutex_lock(&trainer->lock);
    trainer->child = child;
    if (child > 0 && (trainer->is_stopping || trainer->is_closing))
        kill(child, SIGTERM);
    pthread_mutex_unlock(&trainer->lock);
}

/* Runs train to its end; its exit status, or -1 where it has none. */
static int run_train(struct trainer *trainer, const char *folder, char messages[MESSAGES_KEPT])
{
    struct buffer program = {0};
    int descriptor = -1, status = -1;
    pid_t child = shipped_program("train", &program)
                      ? spawn_train(trainer, program.bytes, folder, &descriptor)
                      : 0;
    buffer_release(&program);
    if (child == 0) {
        snprintf(messages, MESSAGES_KEPT, "the program train cannot be started");
        return -1;
    }
    set_child(trainer, child);
    listen_to(trainer, descriptor, messages);
    close(descriptor);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    set_child(trainer, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What train found, as JSON, and why it kept the old model. */
static void read_report(const char *folder, struct buffer *report, fenlei_text *comparison,
                        struct buffer *why)
{
    struct buffer path = {0};
    fenlei_error error;
    fenlei_text kept;
    *comparison = text_of("");
    buffer_append_format(&path, "%s/report.json", folder);
    if (!path.failed && input_read(path.bytes, report, &error) == FENLEI_OK) {
        fenlei_text whole = {report->bytes, report->size};
        json_member(whole, "comparison", comparison);
        if (json_member(whole, "kept_old", &kept))
            json_part_string(kept, why);
    }
    buffer_append(why, "", 1);
    buffer_release(&path);
}

static fenlei_status take_result(struct trainer *trainer, int ended, const char *folder,
                                 const char *model, const char *messages, fenlei_error *error)
{
    struct buffer report = {0}, why = {0};
    fenlei_text comparison;
    int64_t id;
    fenlei_status status = FENLEI_OK;
    if (ended != EXIT_DONE && ended != EXIT_KEPT)
        return error_set(error, FENLEI_BAD_INPUT, "%s",
                         messages[0] != '\0' ? messages : "train was ended");
    read_report(folder, &report, &comparison, &why);
    const char *reason = why.failed ? "" : why.bytes;
    if (ended == EXIT_KEPT) {
        status = keep_model(trainer->desk, NULL, reason, comparison, MODEL_REFUSED, &id, error);
        if (status == FENLEI_OK)
            set_message(trainer, TRAINING_KEPT, reason);
    } else {
        status = keep_model(trainer->desk, model, "", comparison, MODEL_CURRENT, &id, error);
        if (status == FENLEI_OK)
            status = trainer_use(trainer->desk, id, error);
        if (status == FENLEI_OK)
            set_message(trainer, TRAINING_REPLACED, "");
    }
    buffer_release(&report);
    buffer_release(&why);
    return status;
}

/* The folder with what train is given: a copy of the model in use, and the records. */
static fenlei_status prepare(struct trainer *trainer, const char *folder, const char *model,
                             fenlei_error *error)
{
    struct buffer current = {0};
    fenlei_status status = training_files_write(trainer->desk, folder, error);
    if (status == FENLEI_OK && !name_model(trainer->desk, model_in_use(trainer->desk), &current))
        status = error_memory(error);
    if (status == FENLEI_OK)
        status = copy_file(current.bytes, model, error);
    buffer_release(&current);
    return status;
}

static void *retrain(void *context)
{
    struct trainer *trainer = context;
    struct buffer folder = {0}, model = {0};
    char messages[MESSAGES_KEPT] = "";
    fenlei_error error = {.message = "out of memory"};
    fenlei_status status = FENLEI_NO_MEMORY;
    if (name_file(trainer->desk, "training", &folder) &&
        name_file(trainer->desk, "training/next.model", &model))
        status = prepare(trainer, folder.bytes, model.bytes, &error);
    if (status == FENLEI_OK) {
        int ended = run_train(trainer, folder.bytes, messages);
        status = take_result(trainer, ended, folder.bytes, model.bytes, messages, &error);
    }
    if (status != FENLEI_OK)
        set_message(trainer, is_stopping(trainer) ? TRAINING_STOPPED : TRAINING_FAILED,
                    error.message);
    buffer_release(&folder);
    buffer_release(&model);
    return NULL;
}

fenlei_status trainer_start(struct desk *desk, fenlei_error *error)
{
    struct trainer *trainer = desk->trainer;
    struct training_counts counts;
    fenlei_status status = training_count(desk->store, &counts, error);
    if (status == FENLEI_OK && counts.held_back == 0)
        status = error_set(error, FENLEI_BAD_INPUT,
                           "no correction is held back yet to compare on; judge more articles");
    if (status != FENLEI_OK)
        return status;
    pthread_mutex_lock(&trainer->lock);
    bool runs = trainer->report.state == TRAINING_RUNS, must_join = !runs && trainer->has_training;
    if (!runs) {
        bool is_relabelling = trainer->report.is_relabelling;
        trainer->report = (struct training_report){.state = TRAINING_RUNS,
                                                   .started = (int64_t)time(NULL),
                                                   .is_relabelling = is_relabelling};
        trainer->is_stopping = false;
    }
    pthread_mutex_unlock(&trainer->lock);
    if (runs)
        return error_set(error, FENLEI_BAD_ARGUMENT, "a retraining is under way");
    if (must_join)
        pthread_join(trainer->training, NULL);
    trainer->has_training = pthread_create(&trainer->training, NULL, retrain, trainer) == 0;
    if (trainer->has_training)
        return FENLEI_OK;
    set_message(trainer, TRAINING_FAILED, "no thread can be started");
    return error_set(error, FENLEI_NO_MEMORY, "no thread can be started");
}

void trainer_stop(struct desk *desk)
{
    struct trainer *trainer = desk->trainer;
    pthread_mutex_lock(&trainer->lock);
    if (trainer->report.state == TRAINING_RUNS) {
        trainer->is_stopping = true;
        if (trainer->child > 0)
            kill(trainer->child, SIGTERM);
    }
    pthread_mutex_unlock(&trainer->lock);
}

struct training_report trainer_report(struct desk *desk)
{
    pthread_mutex_lock(&desk->trainer->lock);
    struct training_report report = desk->trainer->report;
    pthread_mutex_unlock(&desk->trainer->lock);
    return report;
}

/* ---- from start to end ---- */

fenlei_status trainer_open(struct desk *desk, const char *path, fenlei_error *error)
{
    struct models models = {0};
    struct trainer *trainer = array_new(1, sizeof *trainer);
    if (trainer == NULL)
        return error_memory(error);
    trainer->desk = desk;
    pthread_mutex_init(&trainer->lock, NULL);
    desk->trainer = trainer;
    fenlei_status status = make_folders(desk, error);
    if (status == FENLEI_OK)
        status = store_models(desk->store, see_model, &models, error);
    if (status == FENLEI_OK && models.current == 0)
        status =
            keep_model(desk, path, "shipped", text_of(""), MODEL_CURRENT, &models.current, error);
    if (status == FENLEI_OK)
        status = put_in_use(desk, models.current, error);
    if (status == FENLEI_OK)
        start_relabelling(trainer);
    return status;
}

void trainer_close(struct desk *desk)
{
    struct trainer *trainer = desk->trainer;
    if (trainer == NULL)
        return;
    pthread_mutex_lock(&trainer->lock);
    trainer->is_closing = true;
    if (trainer->child > 0)
        kill(trainer->child, SIGTERM);
    pthread_mutex_unlock(&trainer->lock);
    if (trainer->has_training)
        pthread_join(trainer->training, NULL);
    if (trainer->has_relabelling)
        pthread_join(trainer->relabelling, NULL);
    pthread_mutex_destroy(&trainer->lock);
    free(trainer);
    desk->trainer = NULL;
}
