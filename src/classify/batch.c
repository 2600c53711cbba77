/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/batch.h"

#include "classify/extent.h"
#include "classify/spreadsheet.h"
#include "command/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Items on their way for each thread: enough that none waits for another, and few enough that what
 * was read is still in the processor's cache when it is labelled, and again when it is printed. */
enum { ITEMS_A_THREAD = 16, WAITING_BYTES = 1 << 20 };

static const double PROGRESS_PAUSE = 1; /* seconds */

static void free_labelers(fenlei_labeler **labelers, unsigned n)
{
    for (unsigned i = 0; labelers != NULL && i < n; i++)
        fenlei_labeler_free(labelers[i]);
    free(labelers);
}

/* Makes what a thread labels with when it has something to label: for one page, one thread has. */
static bool has_labeler(const fenlei_model *model, fenlei_labeler **labelers, unsigned thread)
{
    fenlei_error error;
    return model == NULL || labelers[thread] != NULL ||
           fenlei_labeler_new(model, &labelers[thread], &error) == FENLEI_OK;
}

static bool has_labelers(const struct batch *batch, unsigned thread)
{
    return has_labeler(batch->choice->model, batch->labelers, thread) &&
           has_labeler(batch->choice->other, batch->other_labelers, thread);
}

/* Where memory runs out, it is tried again for each item, which tells. */
static void prepare(void *context, unsigned thread)
{
    (void)has_labelers(context, thread);
}

static struct item *item_at(const struct batch *batch, size_t i)
{
    return &batch->items[i % batch->n_places];
}

static void work_on(void *context, unsigned thread, size_t i)
{
    const struct batch *batch = context;
    struct item *item = item_at(batch, i);
    const struct settings *settings = batch->choice->settings;
    if (!has_labelers(batch, thread)) {
        item->failed = item->messages.failed = true;
        return;
    }
    fenlei_labeler *labeler = batch->labelers[thread];
    if (settings->evaluate)
        evaluation_run_record(&batch->run, labeler, batch->other_labelers[thread], item);
    else if (settings->jsonl)
        item_label_record(item, batch->choice, labeler);
    else
        item_label_file(item, batch->choice, labeler);
}

static bool init_trial(struct batch *batch)
{
    bool good = evaluation_run_init(&batch->run, batch->choice);
    for (size_t i = 0; good && i < batch->n_places; i++)
        good = evaluation_run_prepare(&batch->run, &batch->items[i]);
    batch->n_used = batch->n_places;
    return good;
}

bool batch_init(struct batch *batch, const struct choice *choice)
{
    const struct settings *settings = choice->settings;
    *batch = (struct batch){.choice = choice};
    unsigned threads = settings->threads;
    batch->n_places = threads > 1 ? (size_t)ITEMS_A_THREAD * threads : 1;
    batch->items = array_new(batch->n_places, sizeof *batch->items);
    batch->labelers = array_new(threads, sizeof *batch->labelers);
    batch->other_labelers = array_new(threads, sizeof *batch->other_labelers);
    bool has_crew = crew_init(&batch->crew, batch->n_places, threads, work_on, batch);
    crew_prepare_by(&batch->crew, prepare);
    return has_crew && batch->items != NULL && batch->labelers != NULL &&
           batch->other_labelers != NULL && has_labelers(batch, 0) &&
           gazette_init(&batch->gazette, fenlei_topic_count(choice->model)) &&
           (!settings->evaluate || init_trial(batch));
}

void batch_release(struct batch *batch)
{
    unsigned threads = batch->choice->settings->threads;
    crew_release(&batch->crew); /* at work where printing failed */
    for (size_t i = 0; batch->items != NULL && i < batch->n_used; i++)
        item_release(&batch->items[i]);
    free(batch->items);
    free_labelers(batch->labelers, threads);
    free_labelers(batch->other_labelers, threads);
    evaluation_run_release(&batch->run);
    gazette_release(&batch->gazette);
}

/* Lines on a terminal say by themselves how far it is. */
static void begin_progress(struct batch *batch)
{
    const struct settings *settings = batch->choice->settings;
    if (settings->quiet || (isatty(STDOUT_FILENO) && !settings->evaluate))
        return;
    progress_begin(&batch->progress, "labelling",
                   settings_read_records(settings) ? " MB" : " files", PROGRESS_PAUSE, false);
    if (batch->progress.is_on)
        batch->all = extent_of(settings);
}

static void show_progress(struct batch *batch)
{
    size_t unit = settings_read_records(batch->choice->settings) ? 1000000 : 1;
    progress_show(&batch->progress, batch->done / unit, batch->all / unit);
}

bool batch_begin(struct batch *batch)
{
    const struct settings *settings = batch->choice->settings;
    struct buffer head = {0};
    begin_progress(batch);
    if (settings->csv)
        spreadsheet_begin(&head, settings->selection, settings->jsonl);
    bool good =
        !head.failed && (head.size == 0 || fwrite(head.bytes, 1, head.size, stdout) == head.size);
    buffer_release(&head);
    return good;
}

struct item *batch_next(struct batch *batch)
{
    if (batch->n_used <= batch->n_added && batch->n_used < batch->n_places)
        batch->n_used++;
    return item_at(batch, batch->n_added);
}

/* What the item has to print, or that memory ran out; false when standard output fails. */
static bool print_item(struct batch *batch, struct item *item)
{
    const struct settings *settings = batch->choice->settings;
    bool good = true;
    if (item->out.failed || item->messages.failed) {
        buffer_clear(&item->out);
        buffer_clear(&item->messages);
        item_fail(item, item->path, item->source.number, "out of memory");
        if (settings->jsonl)
            item_write_error(item, settings, item->source, "out of memory");
    }
    if (item->out.size > 0)
        good = fwrite(item->out.bytes, 1, item->out.size, stdout) == item->out.size;
    if (item->messages.size > 0) {
        progress_clear(&batch->progress);
        fwrite(item->messages.bytes, 1, item->messages.size, stderr);
    }
    return good;
}

/* Prints the next item, which is labelled, and empties it. */
static bool print_next(struct batch *batch)
{
    const struct settings *settings = batch->choice->settings;
    struct item *item = item_at(batch, batch->n_printed++);
    batch->n_bytes -= item->line.size;
    if (settings->evaluate)
        evaluation_run_add(&batch->run, item);
    batch->done += settings_read_records(settings) ? item->line.size + 1 : 1;
    bool good = print_item(batch, item);
    if (settings_show_articles(settings))
        gazette_add(&batch->gazette, &item->sheet, item_name(item), item->path);
    batch->failed = batch->failed || item->failed;
    item_clear(item);
    return good;
}

static bool is_next_done(const struct batch *batch)
{
    return batch->n_printed < batch->n_added && crew_has_done(&batch->crew, batch->n_printed);
}

/* Waits for so many items more, and prints them and all that are labelled behind them. */
static bool print_some(struct batch *batch, size_t least)
{
    bool good = true;
    size_t wanted = batch->n_printed + least;
    while (good && (batch->n_printed < wanted || is_next_done(batch))) {
        crew_await(&batch->crew, batch->n_printed);
        good = print_next(batch);
    }
    show_progress(batch);
    return good;
}

bool batch_add(struct batch *batch)
{
    bool good = true;
    batch->n_bytes += batch_next(batch)->line.size;
    batch->n_added++;
    crew_add(&batch->crew);
    while (good && (batch->n_added - batch->n_printed == batch->n_places ||
                    (batch->n_bytes > WAITING_BYTES && batch->n_added > batch->n_printed)))
        good = print_some(batch, 1);
    return good;
}

bool batch_flush(struct batch *batch)
{
    return print_some(batch, batch->n_added - batch->n_printed);
}

/* Says on the pages, too, that some input is missing there. */
static void show_fault(struct batch *batch, const char *name, size_t line, const char *text)
{
    const struct settings *settings = batch->choice->settings;
    struct sheet sheet = {0};
    batch->run.missing.inputs++;
    if (!settings_show_articles(settings))
        return;
    sheet_add_fault(&sheet, line, text);
    gazette_add(&batch->gazette, &sheet, name, name);
    sheet_release(&sheet);
}

void batch_fail(struct batch *batch, const char *name, size_t line, const char *text)
{
    batch_flush(batch); /* what came before is told before */
    progress_clear(&batch->progress);
    message(name, line, text);
    show_fault(batch, name, line, text);
    batch->failed = true;
}
