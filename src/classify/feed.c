/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/feed.h"

#include "base/folder.h"
#include "base/input.h"
#include "command/message.h"
#include "command/records.h"

#include <stdio.h>
#include <string.h>

/* Standard input is read once, as a list or as a FILE; a second "-" would find it empty. */
static bool may_open(struct batch *batch, const char *path)
{
    if (strcmp(path, "-") != 0)
        return true;
    if (batch->standard_input_is_read)
        batch_fail(batch, "-", 0, "standard input was read already");
    bool may = !batch->standard_input_is_read;
    batch->standard_input_is_read = true;
    return may;
}

/* Answers what was read when nothing more is there yet: whoever writes may be waiting for it. */
static bool answer(struct batch *batch, bool waits)
{
    if (batch->choice->settings->evaluate || !waits)
        return true;
    return batch_answer(batch);
}

/* Records of a file. */
struct supply {
    struct records records;
    const char *path, *name; /* the name is NULL where no record names its file */
    bool is_answered;        /* as they come */
    fenlei_status status;    /* why they ended before the end, and where */
    fenlei_error error;
    size_t number;
};

static struct item *next_item(const struct supply *supply, struct bundle *bundle)
{
    struct item *item = bundle_next(bundle);
    item->source = (struct source){.file = supply->name, .is_record = true};
    item->path = supply->path;
    return item;
}

/* Adds the records that are whole lines and were read at once; false where there are none. */
static bool take_lines(struct supply *supply, struct bundle *bundle)
{
    fenlei_text lines[BUNDLE_ITEMS];
    size_t number;
    size_t n = records_take_lines(&supply->records, &bundle->lines, lines, bundle->most, &number);
    for (size_t i = 0; i < n; i++) {
        struct item *item = next_item(supply, bundle);
        item->source.number = number + i;
        item->line = lines[i];
        bundle_add(bundle);
    }
    return n > 0;
}

/* Adds the next record, or why it cannot be used; false at the end of them. */
static bool take_record(struct supply *supply, struct bundle *bundle)
{
    bool end;
    fenlei_error error;
    struct item *item = next_item(supply, bundle);
    fenlei_status status =
        records_next(&supply->records, &item->kept, &item->source.number, &end, &error);
    if (status != FENLEI_OK && (status != FENLEI_BAD_INPUT || supply->records.is_over)) {
        supply->status = status;
        supply->error = error;
        supply->number = item->source.number;
        return false;
    }
    if (status == FENLEI_OK && end)
        return false;
    if (status != FENLEI_OK)
        buffer_append_string(&item->fault, error.message);
    item->line = (fenlei_text){item->kept.bytes, item->kept.size};
    bundle_add(bundle);
    return true;
}

static bool take_records(void *context, struct bundle *bundle, bool *waits)
{
    struct supply *supply = context;
    bool good = true;
    if (take_lines(supply, bundle)) {
        *waits = supply->is_answered && records_wait(&supply->records);
        return true;
    }
    while (good && !*waits && bundle_has_room(bundle)) {
        good = take_record(supply, bundle);
        *waits = good && supply->is_answered && records_wait(&supply->records);
    }
    return good;
}

static bool feed_records(struct batch *batch, const char *path)
{
    const struct settings *settings = batch->choice->settings;
    struct supply supply = {
        .path = path, .name = batch->names_files ? path : NULL, .is_answered = !settings->evaluate};
    fenlei_error error;
    bool good = true;
    if (!may_open(batch, path))
        return true;
    fenlei_status status = records_open(&supply.records, path, &settings->records,
                                        settings->evaluate ? LABELS_NEEDED : LABELS_UNREAD, &error);
    if (status != FENLEI_OK)
        batch_fail(batch, path, 0, error.message);
    else
        good = batch_stream(batch, path, take_records, &supply);
    if (good && supply.status != FENLEI_OK)
        batch_fail(batch, path, supply.number, supply.error.message);
    progress_clear(&batch->progress); /* what comes next may be a message */
    if (status == FENLEI_OK)
        records_report(&supply.records, path);
    records_release(&supply.records);
    return good;
}

static bool feed_file(struct batch *batch, const char *path)
{
    if (!may_open(batch, path))
        return true;
    struct item *item = batch_next(batch);
    if (item == NULL) {
        batch_fail(batch, path, 0, "out of memory");
        return true;
    }
    item->path = path;
    return batch_add(batch);
}

/* A file by a name that ends with NUL and stays with the item: *name becomes another buffer. */
static bool feed_named(struct batch *batch, struct buffer *name)
{
    if (settings_read_records(batch->choice->settings))
        return feed_records(batch, name->bytes);
    struct item *item = batch_next(batch);
    if (item == NULL)
        return feed_file(batch, name->bytes); /* which says so */
    struct buffer spare = item->kept;
    item->kept = *name;
    *name = spare;
    return feed_file(batch, item->kept.bytes);
}

/* A file by the name that a line of the list gives. */
static bool feed_listed(struct batch *batch, struct buffer *name, size_t number)
{
    const struct settings *settings = batch->choice->settings;
    fenlei_error error;
    if (input_check_line(name, &error) != FENLEI_OK || memchr(name->bytes, '\0', name->size)) {
        batch_fail(batch, settings->files_from, number, "not the name of a file");
        return true;
    }
    buffer_append(name, "", 1);
    if (name->failed) {
        batch_fail(batch, settings->files_from, number, "out of memory");
        return true;
    }
    if (!outputs_spare(batch->choice->outputs, "the input", name->bytes)) {
        batch->failed = true;
        return true;
    }
    return feed_named(batch, name);
}

static bool feed_list(struct batch *batch, const char *list)
{
    struct input input;
    struct buffer name = {0};
    fenlei_error error;
    bool good = true, end = false;
    if (!may_open(batch, list))
        return true;
    fenlei_status status = input_open(&input, list, &error);
    input.ends_at_nul = batch->choice->settings->ends_at_nul;
    for (size_t number = 1; good && status == FENLEI_OK; number++) {
        if (batch->choice->outputs->is_refused)
            break;
        status = input_line(&input, &name, &end, &error);
        if (status != FENLEI_OK || end)
            break;
        if (name.failed || name.size > 0)
            good = feed_listed(batch, &name, number) && answer(batch, input_waits(&input));
    }
    if (status != FENLEI_OK)
        batch_fail(batch, list, 0, error.message);
    input_close(&input);
    buffer_release(&name);
    return good;
}

/* ---- folders ---- */

static bool feed_found(void *context, const char *path)
{
    struct batch *batch = context;
    struct buffer name = {0};
    buffer_append(&name, path, strlen(path) + 1);
    bool good = true;
    if (name.failed)
        batch_fail(batch, path, 0, "out of memory");
    else
        good = feed_named(batch, &name);
    buffer_release(&name);
    return good;
}

static void tell_fault(void *context, const char *folder, const char *text)
{
    batch_fail(context, folder, 0, text);
}

static bool feed_folder(struct batch *batch, const char *folder)
{
    struct folder_walk walk = {.deep = batch->choice->settings->deep,
                               .context = batch,
                               .visit = feed_found,
                               .fail = tell_fault};
    bool good = folder_walk(&walk, folder);
    if (walk.n_faults > 0)
        return good;
    if (good && walk.n_files == 0 && walk.n_folders > 0)
        batch_fail(batch, folder, 0, "no files in it, only folders: -r goes down into them");
    else if (good && walk.n_files == 0)
        batch_fail(batch, folder, 0, "no files in it");
    else if (good && walk.n_folders > 0 && !batch->choice->settings->quiet) {
        progress_clear(&batch->progress);
        message(folder, 0, "the folders in it are passed over: -r goes down into them");
    }
    return good;
}

static bool feed_path(struct batch *batch, const char *path)
{
    if (folder_is_one(path))
        return feed_folder(batch, path);
    return settings_read_records(batch->choice->settings) ? feed_records(batch, path)
                                                          : feed_file(batch, path);
}

bool feed(struct batch *batch)
{
    const struct settings *settings = batch->choice->settings;
    batch->names_files = settings_name_files(settings);
    if (settings->files_from != NULL)
        return feed_list(batch, settings->files_from);
    if (settings->n_files == 0)
        return feed_path(batch, "-");
    bool good = true;
    for (size_t i = 0; good && i < settings->n_files; i++)
        good = feed_path(batch, settings->files[i]);
    return good;
}
