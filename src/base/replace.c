#include "base/replace.h"

#include "base/memory.h"
#include "base/status.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITE_MOST = 1 << 30 }; /* bytes at once; Linux takes a little less than 2 GiB */

/* All of it, in as many pieces as the system takes it. */
bool write_fully(int descriptor, const void *bytes, uint64_t size)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t written = write(descriptor, at, size < WRITE_MOST ? size : WRITE_MOST);
        if (written < 0 && errno == EINTR)
            continue;
        if (written == 0)
            errno = EIO;
        if (written <= 0)
            return false;
        at += written;
        size -= (uint64_t)written;
    }
    return true;
}

static bool sync_file(int descriptor)
{
    int status;
    do
        status = fsync(descriptor);
    while (status != 0 && errno == EINTR);
    return status == 0;
}

/* A rename is durable once its directory is. */
static bool sync_directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *directory = slash == NULL   ? strdup(".")
                      : slash == path ? strdup("/")
                                      : strndup(path, (size_t)(slash - path));
    if (directory == NULL)
        return false;
    int descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(directory);
    if (descriptor < 0)
        return errno == EACCES; /* a folder that may be written but not read */
    /* Some file systems cannot sync a directory; the rename stands all the same. */
    bool good = sync_file(descriptor) || errno == EINVAL;
    close(descriptor);
    return good;
}

static fenlei_status write_temporary(const char *path, char *temporary, replace_write *write_to,
                                     void *context, fenlei_error *error)
{
    int descriptor = mkostemp(temporary, O_CLOEXEC);
    if (descriptor < 0)
        return error_io(error, path, "create a file beside it");
    mode_t mask = umask(0);
    umask(mask);
    bool good = fchmod(descriptor, 0666 & ~mask) == 0 && write_to(context, descriptor) &&
                sync_file(descriptor);
    int saved = errno;
    if (close(descriptor) != 0 && good && errno != EINTR) { /* the file is closed even so */
        good = false;
        saved = errno;
    }
    if (!good) {
        unlink(temporary);
        errno = saved;
        return saved == ENOMEM ? error_memory(error) : error_io(error, path, "write it");
    }
    return FENLEI_OK;
}

static bool is_link(const char *path)
{
    struct stat file;
    return lstat(path, &file) == 0 && S_ISLNK(file.st_mode);
}

/* Follows symbolic links, so that a link stays one, and refuses to replace what is no file. The
 * caller frees *target. */
static fenlei_status find_target(const char *path, char **target, fenlei_error *error)
{
    struct stat file;
    *target = realpath(path, NULL);
    if (*target == NULL && errno == ENOENT && is_link(path))
        return error_set(error, FENLEI_IO, "%s: cannot write it: a symbolic link to nothing", path);
    if (*target == NULL)
        *target = errno == ENOENT ? strdup(path) : NULL;
    else if (stat(*target, &file) == 0 && !S_ISREG(file.st_mode))
        return error_set(error, FENLEI_IO, "%s: cannot write it: %s", path,
                         S_ISDIR(file.st_mode) ? "it is a folder" : "not a plain file");
    return *target != NULL ? FENLEI_OK : error_io(error, path, "write it");
}

static fenlei_status replace_target(const char *path, replace_write *write_to, void *context,
                                    fenlei_error *error)
{
    struct buffer temporary = {0};
    buffer_append_format(&temporary, "%s.tmp-XXXXXX", path);
    if (temporary.failed)
        return error_memory(error);
    fenlei_status status = write_temporary(path, temporary.bytes, write_to, context, error);
    if (status == FENLEI_OK && rename(temporary.bytes, path) != 0) {
        status = error_io(error, path, "replace it");
        unlink(temporary.bytes);
    }
    if (status == FENLEI_OK && !sync_directory_of(path))
        status = error_io(error, path, "sync its directory");
    buffer_release(&temporary);
    return status;
}

fenlei_status replace_file(const char *path, replace_write *write_to, void *context,
                           fenlei_error *error)
{
    char *target = NULL;
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    fenlei_status status = find_target(path, &target, error);
    if (status == FENLEI_OK)
        status = replace_target(target, write_to, context, error);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    free(target);
    return status;
}

static bool write_text(void *context, int descriptor)
{
    const fenlei_text *text = context;
    return write_fully(descriptor, text->bytes, text->size);
}

fenlei_status replace_with_text(const char *path, fenlei_text text, fenlei_error *error)
{
    return replace_file(path, write_text, &text, error);
}
