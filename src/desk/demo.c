/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/demo.h"

#include "base/input.h"
#include "base/replace.h"
#include "base/status.h"
#include "command/shipped.h"
#include "desk/intake.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool demo_folder(struct buffer *folder)
{
    const char *base = getenv("TMPDIR");
    buffer_clear(folder);
    buffer_append_format(folder, "%s/fenlei-demo-XXXXXX",
                         base != NULL && base[0] == '/' ? base : "/tmp");
    return !folder->failed && mkdtemp(folder->bytes) != NULL;
}

static fenlei_status take_seed(struct desk *desk, const char *folder, const char *name,
                               fenlei_error *error)
{
    struct buffer path = {0}, bytes = {0};
    struct receipt receipt = {0};
    buffer_append_format(&path, "%s/%s", folder, name);
    fenlei_status status =
        path.failed ? error_memory(error) : input_read(path.bytes, &bytes, error);
    if (status == FENLEI_OK)
        status =
            intake(desk->store, desk->labelling,
                   &(struct arrival){.name = text_of(name), .bytes = {bytes.bytes, bytes.size}},
                   &receipt, error);
    buffer_release(&receipt.note);
    buffer_release(&path);
    buffer_release(&bytes);
    return status == FENLEI_OK ? status : error_locate(error, name, 0);
}

static int is_page(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    return size > 4 && strcmp(entry->d_name + size - 4, ".txt") == 0;
}

fenlei_status demo_fill(struct desk *desk, fenlei_error *error)
{
    struct buffer folder = {0};
    struct dirent **entries = NULL;
    int n =
        shipped_folder("seeds", &folder) ? scandir(folder.bytes, &entries, is_page, alphasort) : 0;
    fenlei_status status =
        n > 0 ? FENLEI_OK : error_set(error, FENLEI_IO, "the seed pages of the demo are not there");
    for (int i = 0; i < n; i++) {
        if (status == FENLEI_OK)
            status = take_seed(desk, folder.bytes, entries[i]->d_name, error);
        free(entries[i]);
    }
    free(entries);
    buffer_release(&folder);
    return status;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status, (void)kind, (void)walk;
    return remove(path);
}

void demo_remove(const char *folder)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
