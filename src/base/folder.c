/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool folder_is_one(const char *path)
{
    struct stat status;
    return strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

enum kind { OTHER, FOLDER, REGULAR };

/* What an entry is. The system mostly says so with its name, and spares a look at every file. */
static enum kind kind_of(const struct dirent *entry, const char *path)
{
    struct stat status;
    if (entry->d_type == DT_REG)
        return REGULAR;
    if (entry->d_type == DT_DIR)
        return FOLDER;
    if (lstat(path, &status) != 0)
        return REGULAR; /* gone, or out of reach: whoever opens it is told */
    if (S_ISDIR(status.st_mode))
        return FOLDER;
    if (S_ISLNK(status.st_mode) && stat(path, &status) != 0)
        return REGULAR; /* a link to nothing, or to itself */
    return S_ISREG(status.st_mode) ? REGULAR : OTHER;
}

static void fail(struct folder_walk *walk, const char *folder, const struct buffer *message)
{
    walk->n_faults++;
    walk->fail(walk->context, folder, message->failed ? "out of memory" : message->bytes);
}

static bool visit_entry(struct folder_walk *walk, const struct dirent *entry, const char *path)
{
    enum kind kind = kind_of(entry, path);
    if (kind == FOLDER && walk->deep)
        return folder_walk(walk, path);
    walk->n_folders += kind == FOLDER;
    walk->n_files += kind == REGULAR;
    return kind != REGULAR || walk->visit(walk->context, path);
}

bool folder_walk(struct folder_walk *walk, const char *folder)
{
    struct dirent **entries;
    struct buffer path = {0};
    bool good = true;
    int n = scandir(folder, &entries, is_visible, by_name);
    if (n < 0) {
        buffer_append_format(&path, "cannot read the folder: %s", strerror(errno));
        fail(walk, folder, &path);
        buffer_release(&path);
        return true;
    }
    const char *slash = n > 0 && folder[strlen(folder) - 1] == '/' ? "" : "/";
    for (int i = 0; i < n; i++) {
        buffer_clear(&path);
        buffer_append_format(&path, "%s%s%s", folder, slash, entries[i]->d_name);
        if (good && path.failed)
            fail(walk, folder, &path);
        else if (good)
            good = visit_entry(walk, entries[i], path.bytes);
        free(entries[i]);
    }
    free(entries);
    buffer_release(&path);
    return good;
}
