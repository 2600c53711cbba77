/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/batch.h"

#include "classify/extent.h"
#include "classify/spreadsheet.h"
#include "command/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { HALF_ITEMS = 256, HALF_BYTES = 512 << 10, FILES_A_THREAD = 16 };

static const double PROGRESS_PAUSE = 1; /* seconds */

static void free_labelers(fenlei_labeler **labelers, unsigned n)
{
    for (unsigned i = 0; labelers != NULL && i < n; i++)
        fenlei_labeler_free(labelers[i]);
    free(labelers);
}

/* A labeler a thread; NULL when memory runs out. */
static fenlei_labeler **make_labelers(const fenlei_model *model, unsigned n)
{
    fenlei_error error;
    fenlei_labeler **labelers = array_new(n, sizeof *labelers);
    for (unsigned i = 0; labelers != NULL && i < n; i++)
        if (fenlei_labeler_new(model, &labelers[i], &error) != FENLEI_OK) {
            free_labelers(labelers, n);
            return NULL;
        }
    return labelers;
}

static bool init_trial(struct batch *batch)
{
    bool good = evaluation_run_init(&batch->run, batch->choice);
    for (size_t k = 0; good && k < 2; k++) {
        struct half *half = &batch->halves[k];
        half->n_used = HALF_ITEMS;
        for (size_t i = 0; good && i < HALF_ITEMS; i++)
            good = evaluation_run_prepare(&batch->run, &half->items[i]);
    }
    return good;
}

bool batch_init(struct batch *batch, const struct choice *choice)
{
    const struct settings *settings = choice->settings;
    *batch = (struct batch){.choice = choice};
    batch->filling = &batch->halves[0];
    batch->working = &batch->halves[1];
    for (size_t k = 0; k < 2; k++)
        batch->halves[k].items = array_new(HALF_ITEMS, sizeof *batch->halves[k].items);
    batch->labelers = make_labelers(choice->model, settings->threads);
    if (choice->other != NULL)
        batch->other_labelers = make_labelers(choice->other, settings->threads);
    return batch->filling->items != NULL && batch->working->items != NULL &&
           batch->labelers != NULL && (choice->other == NULL || batch->other_labelers != NULL) &&
           gazette_init(&batch->gazette, fenlei_topic_count(choice->model)) &&
           (!settings->evaluate || init_trial(batch));
}

void batch_release(struct batch *batch)
{
    unsigned threads = batch->choice->settings->threads;
    parallel_finish(&batch->crew); /* at work where printing failed */
    for (size_t k = 0; k < 2; k++) {
        struct half *half = &batch->halves[k];
        for (size_t i = 0; half->items != NULL && i < half->n_used; i++)
            item_release(&half->items[i]);
        free(half->items);
    }
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
    struct half *half = batch->filling;
    if (half->n_used <= half->n_items)
        half->n_used = half->n_items + 1;
    return &half->items[half->n_items];
}

static void work_on(void *context, unsigned thread, size_t i)
{
    const struct batch *batch = context;
    struct item *item = &batch->working->items[i];
    const struct settings *settings = batch->choice->settings;
    fenlei_labeler *labeler = batch->labelers[thread];
    if (settings->evaluate)
        evaluation_run_record(&batch->run, labeler,
                              batch->other_labelers != NULL ? batch->other_labelers[thread] : NULL,
                              item);
    else if (settings->jsonl)
        item_label_record(item, batch->choice, labeler);
    else
        item_label_file(item, batch->choice, labeler);
}

/* What the item has to print, or that memory ran out; false when standard output fails. */
static bool print_item(struct item *item, const struct settings *settings, bool good)
{
    if (item->out.failed || item->messages.failed) {
        buffer_clear(&item->out);
        buffer_clear(&item->messages);
        item_fail(item, item->path, item->source.number, "out of memory");
        if (settings->jsonl)
            item_write_error(item, settings, item->source, "out of memory");
    }
    if (good && item->out.size > 0)
        good = fwrite(item->out.bytes, 1, item->out.size, stdout) == item->out.size;
    if (item->messages.size > 0)
        fwrite(item->messages.bytes, 1, item->messages.size, stderr);
    return good;
}

/* Prints a half that is labelled, and empties it. */
static bool print_half(struct batch *batch, struct half *half)
{
    const struct settings *settings = batch->choice->settings;
    bool good = true;
    progress_clear(&batch->progress);
    for (size_t i = 0; i < half->n_items; i++) {
        struct item *item = &half->items[i];
        if (settings->evaluate)
            evaluation_run_add(&batch->run, item);
        batch->done += settings_read_records(settings) ? item->line.size + 1 : 1;
        good = print_item(item, settings, good);
        if (settings_show_articles(settings))
            gazette_add(&batch->gazette, &item->sheet, item_name(item), item->path);
        batch->failed = batch->failed || item->failed;
        item_clear(item);
    }
    half->n_items = half->n_bytes = 0;
    show_progress(batch);
    return good;
}

/* Labels what has been gathered, while what was labelled before is printed. */
static bool turn(struct batch *batch)
{
    struct half *labelled = batch->working, *gathered = batch->filling;
    batch->working = gathered;
    batch->filling = labelled;
    parallel_begin(&batch->crew, gathered->n_items, batch->choice->settings->threads, work_on,
                   batch);
    return print_half(batch, labelled);
}

bool batch_add(struct batch *batch)
{
    const struct settings *settings = batch->choice->settings;
    struct half *half = batch->filling;
    half->n_bytes += batch_next(batch)->line.size;
    half->n_items++;
    bool full = half->n_items == HALF_ITEMS ||
                (settings_read_records(settings)
                     ? half->n_bytes > HALF_BYTES
                     : half->n_items >= FILES_A_THREAD * (size_t)settings->threads);
    if (!full)
        return true;
    parallel_finish(&batch->crew);
    return turn(batch);
}

bool batch_flush(struct batch *batch)
{
    bool good = true;
    for (size_t k = 0; k < 2; k++) {
        parallel_finish(&batch->crew);
        good = turn(batch) && good;
    }
    parallel_finish(&batch->crew);
    return good;
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
    message(name, line, text);
    show_fault(batch, name, line, text);
    batch->failed = true;
}
