/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/reader.h"

#include "base/form.h"

#include "base/status.h"
#include "command/shipped.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS = 60, CHUNK = 64 << 10 };

struct reader {
    pid_t process;
    int output;
    struct timespec end; /* when it must be done */
};

/* A file without a name, at its beginning, that holds the bytes; -1 where there can be none. */
static int hold(fenlei_text bytes)
{
#ifdef MFD_CLOEXEC
    int file = memfd_create("fenlei", MFD_CLOEXEC);
#else
    FILE *stream = tmpfile();
    int file = stream != NULL ? fcntl(fileno(stream), F_DUPFD_CLOEXEC, 3) : -1;
    if (stream != NULL)
        fclose(stream);
#endif
    size_t written = 0;
    while (file >= 0 && written < bytes.size) {
        ssize_t size = write(file, bytes.bytes + written, bytes.size - written);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0) {
            close(file);
            return -1;
        }
        written += (size_t)size;
    }
    if (file >= 0)
        lseek(file, 0, SEEK_SET);
    return file;
}

/* Signals as if it were started from a shell: whoever started us may have set them otherwise. */
static void set_signals(posix_spawnattr_t *attributes)
{
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

/* Starts the program with `input` as its standard input and `output` as its standard output,
 * without an environment; returns errno's value. */
static int spawn(const char *program, const char *encoding, int input, int output, pid_t *process)
{
    char name[] = "fenlei-read", *none[] = {NULL};
    char *arguments[] = {name, (char *)(uintptr_t)encoding, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure != 0)
        return failure;
    failure = posix_spawnattr_init(&attributes);
    if (failure == 0) {
        set_signals(&attributes);
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        failure = posix_spawn(process, program, &actions, &attributes, arguments, none);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

static fenlei_status start(struct reader *reader, fenlei_text bytes, const char *encoding,
                           fenlei_error *error)
{
    struct buffer program = {0};
    int ends[2] = {-1, -1}, failure;
    if (!shipped_reader(&program)) {
        buffer_release(&program);
        return error_set(error, FENLEI_IO, "fenlei-read, which reads such files, is not installed");
    }
    int input = hold(bytes);
    if (input < 0 || pipe2(ends, O_CLOEXEC) != 0) {
        failure = errno != 0 ? errno : EIO;
    } else {
        failure = spawn(program.bytes, encoding, input, ends[1], &reader->process);
        close(ends[1]);
        if (failure != 0)
            close(ends[0]);
    }
    if (input >= 0)
        close(input);
    buffer_release(&program);
    if (failure != 0)
        return error_set(error, FENLEI_IO, "cannot start fenlei-read, which reads such files: %s",
                         strerror(failure));
    reader->output = ends[0];
    clock_gettime(CLOCK_MONOTONIC, &reader->end);
    reader->end.tv_sec += SECONDS;
    return FENLEI_OK;
}

/* Milliseconds until it must be done. */
static int time_left(const struct reader *reader)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long long left = (reader->end.tv_sec - now.tv_sec) * 1000LL +
                     (reader->end.tv_nsec - now.tv_nsec) / 1000000 + 1;
    return left > 0 ? (int)left : 0;
}

/* Everything it writes; false, and the reason, where it takes too long or writes too much. */
static fenlei_status listen(const struct reader *reader, struct buffer *stream, fenlei_error *error)
{
    for (;;) {
        struct pollfd ready = {.fd = reader->output, .events = POLLIN};
        int answer = poll(&ready, 1, time_left(reader));
        if (answer == 0)
            return error_set(error, FENLEI_BAD_INPUT, "reading it takes longer than %d seconds",
                             SECONDS);
        if (answer < 0 && errno == EINTR)
            continue;
        if (!buffer_reserve(stream, CHUNK))
            return error_memory(error);
        ssize_t size = read(reader->output, stream->bytes + stream->size, CHUNK);
        if (size == 0)
            return FENLEI_OK;
        if (size < 0 && errno != EINTR)
            return error_set(error, FENLEI_IO, "cannot read from fenlei-read: %s", strerror(errno));
        stream->size += size > 0 ? (size_t)size : 0;
        if (stream->size > DOCUMENT_STREAM_MAX)
            return error_set(error, FENLEI_BAD_INPUT, "it unpacks to more than %d MiB of text",
                             DOCUMENT_STREAM_MAX >> 20);
    }
}

/* Ends it if it did not end, and tells a signal that ended it; 0: it ended by itself, or nobody can
 * tell, because whoever started us ignores its processes' ends. */
static int finish(const struct reader *reader, bool is_done)
{
    int status = 0;
    pid_t ended;
    close(reader->output);
    if (!is_done)
        kill(reader->process, SIGKILL);
    do
        ended = waitpid(reader->process, &status, 0);
    while (ended < 0 && errno == EINTR);
    return ended == reader->process && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static fenlei_status tell_signal(int number, fenlei_error *error)
{
    if (number == SIGXCPU || number == SIGKILL)
        return error_set(error, FENLEI_BAD_INPUT, "reading it takes too long");
    return error_set(error, FENLEI_BAD_INPUT,
                     "it is damaged, or takes too much memory: its reader was ended by signal %d",
                     number);
}

fenlei_status reader_read(struct document *document, fenlei_text bytes, const char *encoding,
                          fenlei_error *error)
{
    struct reader reader;
    struct buffer stream = {0};
    fenlei_status status = start(&reader, bytes, encoding, error);
    if (status != FENLEI_OK)
        return status;
    status = listen(&reader, &stream, error);
    bool is_done = status == FENLEI_OK;
    int number = finish(&reader, is_done);
    if (is_done)
        status = document_parse(document, (fenlei_text){stream.bytes, stream.size}, error);
    if (is_done && status != FENLEI_OK && number > 0)
        status = tell_signal(number, error);
    buffer_release(&stream);
    return status;
}

fenlei_status reader_take(struct document *document, fenlei_text bytes, const char *encoding,
                          fenlei_text *text, fenlei_error *error)
{
    struct page_form form = form_of_page(bytes);
    *text = bytes;
    if (form.name == NULL)
        return FENLEI_OK;
    if (!form.is_document)
        return error_set(error, FENLEI_BAD_INPUT, "it is %s%s%s", form.name,
                         form.advice != NULL ? ": " : "", form.advice != NULL ? form.advice : "");
    fenlei_status status = reader_read(document, bytes, form.is_html ? encoding : NULL, error);
    *text = (fenlei_text){document->text.bytes, document->text.size};
    return status;
}
