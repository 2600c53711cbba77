/* SPDX-License-Identifier: BSD-3-Clause */
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

char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL   ? strdup(".")
           : slash == path ? strdup("/")
                           : strndup(path, (size_t)(slash - path));
}

/* A rename is durable once its directory is. */
static bool sync_directory_of(const char *path)
{
    char *directory = folder_of(path);
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

static mode_t mode_of_new_file(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* Gives the new file the mode and, as far as we may, owner and group of the one at `path`. Where
 * the group cannot stay, another group gets no more than everybody has. */
static bool keep_mode(int descriptor, const char *path)
{
    struct stat old, new;
    if (stat(path, &old) != 0)
        return errno == ENOENT && fchmod(descriptor, mode_of_new_file()) == 0;
    if (fstat(descriptor, &new) != 0)
        return false;
    mode_t mode = old.st_mode & 0777;
    bool is_kept = old.st_uid == new.st_uid &&old.st_gid == new.st_gid;
    if (!is_kept && fchown(descriptor, old.st_uid, old.st_gid) != 0 &&
        fchown(descriptor, (uid_t)-1, old.st_gid) != 0)
        mode = (mode & ~(mode_t)070) | (mode & 070 & (mode & 07) << 3);
    return fchmod(descriptor, mode) == 0;
}

static fenlei_status write_temporary(const char *path, char *temporary, replace_write *write_to,
                                     void *context, fenlei_error *error)
{
    int descriptor = mkostemp(temporary, O_CLOEXEC);
    if (descriptor < 0)
        return error_io(error, path, "create a file beside it");
    bool good =
        keep_mode(descriptor, path) && write_to(context, descriptor) && sync_file(descriptor);
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

/* A path that names nothing yet is its own target, if a file can be there. */
static fenlei_status find_new_target(const char *path, char **target, fenlei_error *error)
{
    struct stat status;
    size_t size = strlen(path);
    if (is_link(path))
        return error_set(error, FENLEI_IO, "%s: cannot write it: a symbolic link to nothing", path);
    if (size == 0 || path[size - 1] == '/')
        return error_set(error, FENLEI_IO, "%s: cannot write it: not the name of a file", path);
    char *folder = folder_of(path);
    if (folder == NULL)
        return error_memory(error);
    bool is_missing = stat(folder, &status) != 0 && errno == ENOENT;
    if (is_missing)
        error_set(error, FENLEI_IO, "%s: cannot write it: there is no folder %s", path, folder);
    free(folder);
    if (is_missing)
        return FENLEI_IO;
    *target = strdup(path);
    return *target != NULL ? FENLEI_OK : error_memory(error);
}

/* Follows symbolic links, so that a link stays one, and refuses to replace what is no file. The
 * caller frees *target. */
static fenlei_status find_target(const char *path, char **target, fenlei_error *error)
{
    struct stat file;
    *target = realpath(path, NULL);
    if (*target == NULL && errno == ENOENT)
        return find_new_target(path, target, error);
    if (*target != NULL && stat(*target, &file) == 0 && !S_ISREG(file.st_mode))
        return error_set(error, FENLEI_IO, "%s: cannot write it: %s", path,
                         S_ISDIR(file.st_mode) ? "it is a folder" : "not a plain file");
    return *target != NULL ? FENLEI_OK : error_io(error, path, "write it");
}

static fenlei_status replace_target(const char *path, char *temporary, replace_write *write_to,
                                    void *context, fenlei_error *error)
{
    fenlei_status status = write_temporary(path, temporary, write_to, context, error);
    if (status == FENLEI_OK && rename(temporary, path) != 0) {
        status = error_io(error, path, "replace it");
        unlink(temporary);
    }
    if (status == FENLEI_OK && !sync_directory_of(path))
        status = error_io(error, path, "sync its directory");
    return status;
}

/* Creates the temporary file, and takes it away again. */
static fenlei_status try_target(const char *path, char *temporary, fenlei_error *error)
{
    int descriptor = mkostemp(temporary, O_CLOEXEC);
    if (descriptor < 0)
        return error_io(error, path, "create a file beside it");
    close(descriptor);
    unlink(temporary);
    return FENLEI_OK;
}

/* Without write_to, only tries. */
static fenlei_status replace_or_try(const char *path, replace_write *write_to, void *context,
                                    fenlei_error *error)
{
    char *target = NULL;
    struct buffer temporary = {0};
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    fenlei_status status = find_target(path, &target, error);
    if (status == FENLEI_OK)
        buffer_append_format(&temporary, "%s.tmp-XXXXXX", target);
    if (temporary.failed)
        status = error_memory(error);
    if (status == FENLEI_OK && write_to == NULL)
        status = try_target(target, temporary.bytes, error);
    else if (status == FENLEI_OK)
        status = replace_target(target, temporary.bytes, write_to, context, error);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    buffer_release(&temporary);
    free(target);
    return status;
}

fenlei_status replace_file(const char *path, replace_write *write_to, void *context,
                           fenlei_error *error)
{
    return replace_or_try(path, write_to, context, error);
}

fenlei_status replace_try(const char *path, fenlei_error *error)
{
    return replace_or_try(path, NULL, NULL, error);
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
