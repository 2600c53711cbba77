/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/batch.h"

#include "classify/extent.h"
#include "classify/spreadsheet.h"
#include "command/message.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* On their way for each thread: bundles, enough that none waits for another that has a long record,
 * and bytes. A thread that is ahead of the others has some more bundles, and then leaves the
 * reading to them. */
enum { BUNDLES_A_THREAD = 16, OWN_BUNDLES = 32, BYTES_A_THREAD = 1 << 20 };

enum { SPARE_BYTES = 32 << 10 };

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

/* Takes the first of the thread's own bundles that is free: those that were used lately come first.
 * NULL where there is none, or no memory. The caller's thread has one that is free always, as no
 * more than n_places are added and not printed. */
static struct bundle *take_bundle(const struct batch *batch, unsigned thread, size_t most)
{
    size_t n = thread == 0 ? batch->n_places : OWN_BUNDLES;
    struct bundle *own =
        batch->bundles + (thread == 0 ? 0 : batch->n_places + (thread - 1) * (size_t)OWN_BUNDLES);
    for (size_t i = 0; i < n; i++)
        if (!atomic_load(&own[i].is_taken))
            return bundle_take(&own[i], most) ? &own[i] : NULL;
    return NULL;
}

static struct bundle **added_at(const struct batch *batch, size_t i)
{
    return &batch->added[i % batch->n_places];
}

static bool has_much_to_print(const struct batch *batch)
{
    return atomic_load(&batch->n_bytes) > (size_t)BYTES_A_THREAD * batch->choice->settings->threads;
}

/* Is more made of the items than what they print? */
static bool keeps_items(const struct settings *settings)
{
    return settings->evaluate || settings_show_articles(settings);
}

/* Reads the records of which bundle i is made. Where too much waits to be printed nothing is read,
 * nor by a thread that lacks what it needs: more will be added. */
static void begin(void *context, unsigned thread, size_t i)
{
    struct batch *batch = context;
    struct batch_stream *stream = &batch->stream;
    if (stream->read == NULL)
        return;
    bool is_over = atomic_load(&stream->is_over), waits = atomic_load(&stream->waits);
    *added_at(batch, i) = NULL;
    if (is_over || waits || has_much_to_print(batch))
        return;
    /* What is kept of an item may be large. */
    size_t most = keeps_items(batch->choice->settings) ? 1 : BUNDLE_ITEMS;
    struct bundle *bundle = has_labelers(batch, thread) ? take_bundle(batch, thread, most) : NULL;
    if (bundle != NULL) {
        is_over = !stream->read(stream->context, bundle, &waits);
        atomic_fetch_add(&batch->n_bytes, bundle->n_bytes);
    } else {
        is_over = stream->lacks_memory = thread == 0;
    }
    *added_at(batch, i) = bundle;
    atomic_store(&stream->waits, waits);
    atomic_store(&stream->is_over, is_over);
}

static void label_item(const struct batch *batch, unsigned thread, struct item *item)
{
    const struct settings *settings = batch->choice->settings;
    if (!has_labelers(batch, thread))
        item->messages.failed = true; /* tell_lack() says so */
    else if (settings->evaluate)
        evaluation_run_record(&batch->run, batch->labelers[thread], batch->other_labelers[thread],
                              item);
    else if (settings->jsonl)
        item_label_record(item, batch->choice, batch->labelers[thread]);
    else
        item_label_file(item, batch->choice, batch->labelers[thread]);
}

static void work_on(void *context, unsigned thread, size_t i)
{
    struct batch *batch = context;
    struct bundle *bundle = *added_at(batch, i);
    bool is_kept = keeps_items(batch->choice->settings);
    if (bundle == NULL)
        return;
    for (size_t k = 0; k < bundle->n_items; k++) {
        label_item(batch, thread, &bundle->items[k]);
        if (!is_kept && bundle->n_collected == k)
            bundle_collect(bundle);
    }
    atomic_fetch_add(&batch->n_bytes, bundle->out.size);
}

static size_t n_bundles(const struct batch *batch, unsigned threads)
{
    return batch->n_places + (threads - 1) * (size_t)OWN_BUNDLES;
}

bool batch_init(struct batch *batch, const struct choice *choice)
{
    const struct settings *settings = choice->settings;
    *batch = (struct batch){.choice = choice};
    unsigned threads = settings->threads;
    batch->n_places = threads > 1 ? (size_t)BUNDLES_A_THREAD * threads : 1;
    batch->bundles = array_new(n_bundles(batch, threads), sizeof *batch->bundles);
    batch->added = array_new(batch->n_places, sizeof *batch->added);
    batch->labelers = array_new(threads, sizeof *batch->labelers);
    batch->other_labelers = array_new(threads, sizeof *batch->other_labelers);
    bool has_crew = crew_init(&batch->crew, batch->n_places, threads, work_on, batch);
    crew_prepare_by(&batch->crew, prepare);
    has_crew = has_crew && crew_begin_by(&batch->crew, begin);
    return has_crew && batch->bundles != NULL && batch->added != NULL && batch->labelers != NULL &&
           batch->other_labelers != NULL && has_labelers(batch, 0) &&
           buffer_reserve(&batch->spare, SPARE_BYTES) &&
           gazette_init(&batch->gazette, fenlei_topic_count(choice->model)) &&
           (!settings->evaluate || evaluation_run_init(&batch->run, batch->choice));
}

void batch_release(struct batch *batch)
{
    unsigned threads = batch->choice->settings->threads;
    crew_release(&batch->crew); /* at work where printing failed */
    for (size_t i = 0; batch->bundles != NULL && i < n_bundles(batch, threads); i++)
        bundle_release(&batch->bundles[i]);
    free(batch->bundles);
    free(batch->added);
    buffer_release(&batch->spare);
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

/* Notes why standard output failed, if it did: what follows may have errors of its own. */
static bool note(struct batch *batch, bool good)
{
    if (!good && batch->output_fault == 0)
        batch->output_fault = errno != 0 ? errno : EIO;
    return good;
}

/* False when standard output fails. */
static bool print(struct batch *batch, const struct buffer *out, const struct buffer *messages)
{
    bool good =
        note(batch, out->size == 0 || fwrite(out->bytes, 1, out->size, stdout) == out->size);
    if (messages->size > 0) {
        progress_clear(&batch->progress);
        fwrite(messages->bytes, 1, messages->size, stderr);
    }
    return good;
}

bool batch_begin(struct batch *batch)
{
    const struct settings *settings = batch->choice->settings;
    struct buffer head = {0};
    begin_progress(batch);
    if (settings->csv)
        spreadsheet_begin(&head, settings->selection, settings->jsonl);
    if (head.failed)
        batch->output_fault = ENOMEM;
    bool good = !head.failed && print(batch, &head, &(struct buffer){0});
    buffer_release(&head);
    return good;
}

static void swap(struct buffer *a, struct buffer *b)
{
    struct buffer spare = *a;
    *a = *b;
    *b = spare;
}

/* Makes the item say that memory ran out, instead of what it has to print, in the spare memory. */
static void tell_lack(struct batch *batch, struct item *item)
{
    const struct settings *settings = batch->choice->settings;
    swap(&item->out, &batch->spare);
    buffer_clear(&item->out);
    buffer_clear(&item->messages);
    item_fail(item, item->path, item->source.number, "out of memory");
    if (settings->jsonl)
        item_write_error(item, settings, item->source, "out of memory");
    if (item->out.failed)
        buffer_clear(&item->out); /* no half lines */
}

static bool conclude_item(struct batch *batch, struct item *item)
{
    const struct settings *settings = batch->choice->settings;
    if (settings->evaluate)
        evaluation_run_add(&batch->run, item);
    bool has_lack = item->out.failed || item->messages.failed;
    if (has_lack)
        tell_lack(batch, item);
    bool good = print(batch, &item->out, &item->messages);
    if (has_lack)
        swap(&item->out, &batch->spare);
    if (settings_show_articles(settings))
        gazette_add(&batch->gazette, &item->sheet, item_name(item), item->path);
    batch->failed = batch->failed || item->failed;
    return good;
}

/* Prints the next bundle, which is labelled, and empties it. */
static bool print_next(struct batch *batch)
{
    struct bundle *bundle = *added_at(batch, batch->n_printed++);
    if (bundle == NULL)
        return true;
    bool good = print(batch, &bundle->out, &bundle->messages);
    batch->failed = batch->failed || bundle->failed;
    for (size_t i = bundle->n_collected; good && i < bundle->n_items; i++)
        good = conclude_item(batch, &bundle->items[i]);
    batch->done += bundle->n_items + bundle->n_bytes; /* a file's item has no line */
    atomic_fetch_sub(&batch->n_bytes, bundle->n_bytes + bundle->out.size);
    bundle_clear(bundle);
    return good;
}

static bool is_next_done(const struct batch *batch)
{
    return batch->n_printed < batch->n_added && crew_has_done(&batch->crew, batch->n_printed);
}

/* Waits for so many bundles more, and prints them and all that are labelled behind them. */
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

/* Makes room for the next bundle. */
static bool make_room(struct batch *batch)
{
    bool good = true;
    while (good && batch->n_added - batch->n_printed == batch->n_places)
        good = print_some(batch, 1);
    return good;
}

struct item *batch_next(struct batch *batch)
{
    if (batch->next == NULL)
        batch->next = take_bundle(batch, 0, 1);
    return batch->next != NULL ? bundle_next(batch->next) : NULL;
}

bool batch_add(struct batch *batch)
{
    bundle_add(batch->next);
    atomic_fetch_add(&batch->n_bytes, batch->next->n_bytes);
    *added_at(batch, batch->n_added++) = batch->next;
    batch->next = NULL;
    crew_add(&batch->crew);
    return make_room(batch);
}

bool batch_flush(struct batch *batch)
{
    return print_some(batch, batch->n_added - batch->n_printed);
}

bool batch_answer(struct batch *batch)
{
    return batch_flush(batch) && note(batch, fflush(stdout) == 0);
}

/* Where printing failed: what is read is the caller's, and nobody may read on. */
static void give_up(struct batch *batch)
{
    atomic_store(&batch->stream.is_over, true);
    for (size_t i = batch->n_printed; i < batch->n_added; i++)
        crew_await(&batch->crew, i);
}

/* Adds bundles until nothing more is read. The first one of all, and the first behind each pause,
 * is read here: before it is known what there is, nobody else is called. */
static bool add_bundles(struct batch *batch)
{
    bool good = true, is_first = true;
    while (good && !atomic_load(&batch->stream.is_over)) {
        batch->n_added++;
        if (is_first)
            crew_add_begun(&batch->crew);
        else
            crew_add(&batch->crew);
        good = make_room(batch);
        is_first = atomic_load(&batch->stream.waits);
        if (good && is_first) {
            good = batch_answer(batch);
            atomic_store(&batch->stream.waits, false);
        }
    }
    return good && batch_flush(batch);
}

bool batch_stream(struct batch *batch, const char *path, batch_read *read, void *context)
{
    bool good = batch_flush(batch);
    batch->stream = (struct batch_stream){.read = read, .context = context};
    good = good && add_bundles(batch);
    if (!good)
        give_up(batch);
    bool lacks_memory = good && batch->stream.lacks_memory;
    batch->stream = (struct batch_stream){0};
    if (lacks_memory)
        batch_fail(batch, path, 0, "out of memory");
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
    progress_clear(&batch->progress);
    message(name, line, text);
    show_fault(batch, name, line, text);
    batch->failed = true;
}
