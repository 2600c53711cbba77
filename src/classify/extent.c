/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/extent.h"

#include "base/folder.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct extent {
    bool of_records;
    bool is_unknown;
    size_t size;
};

static bool add_file(void *context, const char *path)
{
    struct extent *extent = context;
    struct stat file;
    if (!extent->of_records) {
        extent->size++;
        return true;
    }
    int status = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &file) : stat(path, &file);
    if (status == 0 && S_ISREG(file.st_mode))
        extent->size += (size_t)file.st_size;
    else if (status == 0)
        extent->is_unknown = true;
    return true;
}

/* It is told when the folder is read. */
static void pass_over(void *context, const char *folder, const char *text)
{
    (void)context;
    (void)folder;
    (void)text;
}

size_t extent_of(const struct settings *settings)
{
    struct extent extent = {.of_records = settings_read_records(settings),
                            .is_unknown = settings->files_from != NULL};
    struct folder_walk walk = {
        .deep = settings->deep, .context = &extent, .visit = add_file, .fail = pass_over};
    if (settings->n_files == 0)
        add_file(&extent, "-");
    for (size_t i = 0; i < settings->n_files; i++)
        if (folder_is_one(settings->files[i]))
            folder_walk(&walk, settings->files[i]);
        else
            add_file(&extent, settings->files[i]);
    return extent.is_unknown ? 0 : extent.size;
}
