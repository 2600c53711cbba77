/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/shipped.h"

#include "base/beside.h"
#include "base/status.h"
#include "label/shipped_model.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* Looks in `tree` and `installed`, as seen from the folder that the program is in, and then in
 * `folder`. */
static bool find(struct buffer *path, const char *name, const char *tree, const char *installed,
                 const char *folder)
{
    const char *near[] = {tree, installed};
    return beside_find(path, beside_program(), name, near, 2, folder);
}

const char *shipped_or_named(const char *named, struct buffer *shipped, fenlei_error *error)
{
    const char *path = named != NULL ? named : getenv("FENLEI_MODEL");
    if (path != NULL && (path == named || path[0] != '\0'))
        return path;
    if (shipped_model(shipped))
        return shipped->bytes;
    error_set(error, FENLEI_BAD_MODEL,
              "no model: name one with -m FILE or $FENLEI_MODEL; the one that comes with fenlei is "
              "not there (%s)",
              shipped->failed ? "out of memory" : shipped->bytes);
    return NULL;
}

bool shipped_reader(struct buffer *path)
{
    return find(path, "fenlei-read", "", "/../libexec/fenlei", READER_FOLDER);
}

bool shipped_folder(const char *name, struct buffer *path)
{
    const char *slash = strrchr(name, '/');
    struct buffer near = {0};
    buffer_append_format(&near, "/../%.*s", slash != NULL ? (int)(slash - name) : 0, name);
    bool found = !near.failed && find(path, slash != NULL ? slash + 1 : name, near.bytes,
                                      "/../share/fenlei", beside_data_folder());
    buffer_release(&near);
    return found;
}

bool shipped_program(const char *name, struct buffer *path)
{
    return find(path, name, "", "", "/usr/bin");
}

static int is_corpus(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    return size > 6 && strcmp(entry->d_name + size - 6, ".jsonl") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

bool shipped_corpus(char ***names, size_t *n)
{
    struct buffer folder = {0};
    struct dirent **entries = NULL;
    bool is_there = shipped_folder("train/corpus", &folder), good = !folder.failed;
    int n_entries = is_there ? scandir(folder.bytes, &entries, is_corpus, by_name) : 0;
    *n = 0;
    *names = array_new(n_entries > 0 ? (size_t)n_entries : 1, sizeof **names);
    good = good && *names != NULL;
    for (int i = 0; i < n_entries; i++) {
        struct buffer path = {0};
        buffer_append_format(&path, "%s/%s", folder.bytes, entries[i]->d_name);
        good = good && !path.failed;
        if (good)
            (*names)[(*n)++] = path.bytes; /* it goes to the caller */
        else
            buffer_release(&path);
        free(entries[i]);
    }
    free(entries);
    buffer_release(&folder);
    return good;
}
