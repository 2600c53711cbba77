/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/gate.h"

#include "base/input.h"
#include "base/json.h"
#include "base/number.h"
#include "base/plain.h"
#include "base/record.h"
#include "base/replace.h"
#include "base/status.h"
#include "command/message.h"
#include "command/records.h"
#include "measure/comparison.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

/* ---- corrections: the last word on a record ---- */

/* A document by what makes it the same as another. */
struct named {
    uint64_t hash;
    uint32_t document;
};

static int by_hash(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->document < b->document ? -1 : a->document > b->document;
}

static uint64_t hash_of(fenlei_text text)
{
    return XXH3_64bits(text.bytes, text.size);
}

typedef fenlei_text name_document(const struct document *document);

static fenlei_text id_of(const struct document *document)
{
    return document->id;
}

static fenlei_text text_of_document(const struct document *document)
{
    return document->text;
}

/* Drops what comes before the last of each run of documents with one name, where that last one is
 * a correction. `known` is scratch. */
static void drop_corrected(const struct corpus *corpus, name_document *name,
                           size_t first_correction, struct named *known, enum fate *fates)
{
    size_t n = 0;
    for (size_t i = 0; i < corpus->n_documents; i++) {
        fenlei_text text = name(&corpus->documents[i]);
        if (text.size > 0)
            known[n++] = (struct named){hash_of(text), (uint32_t)i};
    }
    if (n > 0)
        qsort(known, n, sizeof *known, by_hash);
    for (size_t i = 0; i < n; i++) {
        size_t last = i;
        while (last + 1 < n && known[last + 1].hash == known[i].hash)
            last++;
        bool is_corrected = known[last].document >= first_correction;
        for (; i < last; i++)
            if (is_corrected)
                fates[known[i].document] = FATE_DROPPED;
    }
}

/* ---- what is near a held-out record ---- */

/* The first of a document's group. */
static uint32_t root_of(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

/* Drops documents of a group that a held-out record is in; those are the last n_held of `all`. */
static fenlei_status drop_near(const struct training *training, const struct corpus *all,
                               size_t n_held, enum fate *fates, fenlei_error *error)
{
    size_t n = all->n_documents, first = n - n_held;
    struct duplicates duplicates = {0};
    struct rarity rarity = {0};
    uint32_t *parent = array_new(n, sizeof *parent);
    bool *is_held = array_new(n, sizeof *is_held);
    fenlei_status status = parent != NULL && is_held != NULL ? FENLEI_OK : error_memory(error);
    if (status == FENLEI_OK && !rarity_init(&rarity, all, training->options->threads))
        status = error_memory(error);
    if (status == FENLEI_OK)
        status = duplicates_find(&duplicates, &rarity, training->options->threads, error);
    if (status == FENLEI_OK) {
        for (size_t i = 0; i < n; i++)
            parent[i] = (uint32_t)i;
        for (size_t i = 0; i < duplicates.n; i++)
            parent[root_of(parent, duplicates.pairs[i].b)] = root_of(parent, duplicates.pairs[i].a);
        for (size_t i = first; i < n; i++)
            is_held[root_of(parent, (uint32_t)i)] = true;
        for (size_t i = 0; i < first; i++)
            if (is_held[root_of(parent, (uint32_t)i)])
                fates[i] = FATE_DROPPED;
    }
    duplicates_release(&duplicates);
    rarity_release(&rarity);
    free(parent);
    free(is_held);
    return status;
}

/* The documents of the corpus, and behind them the held-out ones: views. */
static fenlei_status join(const struct corpus *corpus, const struct corpus *held,
                          struct corpus *all, fenlei_error *error)
{
    size_t n = corpus->n_documents + held->n_documents;
    *all = (struct corpus){.documents = array_new(n, sizeof *all->documents), .n_documents = n};
    if (all->documents == NULL)
        return error_memory(error);
    if (corpus->n_documents > 0)
        memcpy(all->documents, corpus->documents, corpus->n_documents * sizeof *all->documents);
    if (held->n_documents > 0)
        memcpy(all->documents + corpus->n_documents, held->documents,
               held->n_documents * sizeof *all->documents);
    return FENLEI_OK;
}

static fenlei_status hold_out(struct training *training, corpus_complaint *complain, void *context,
                              enum fate *fates, fenlei_error *error)
{
    const struct options *options = training->options;
    struct corpus held = {.chain = training->corpus.chain, .records = &options->records}, all = {0};
    fenlei_status status = FENLEI_OK;
    for (size_t i = 0; i < options->n_held_out && status == FENLEI_OK; i++)
        status = corpus_add(&held, options->held_out[i], complain, context, error);
    training->corpus.n_errors += held.n_errors;
    if (status == FENLEI_OK && held.n_documents == 0 && held.n_errors == 0)
        status = error_set(error, FENLEI_BAD_INPUT, "--held-out: there is no record");
    if (status == FENLEI_OK)
        status = join(&training->corpus, &held, &all, error);
    if (status == FENLEI_OK)
        status = drop_near(training, &all, held.n_documents, fates, error);
    free(all.documents);
    corpus_release(&held);
    return status;
}

static void tell_dropped(const struct corpus *corpus, size_t before)
{
    fenlei_error note;
    if (corpus->n_documents == before)
        return;
    error_set(&note, FENLEI_OK, "%zu records are not trained on: corrected, or held out",
              before - corpus->n_documents);
    message(NULL, 0, note.message);
}

fenlei_status gate_read(struct training *training, corpus_complaint *complain, void *context,
                        fenlei_error *error)
{
    const struct options *options = training->options;
    struct corpus *corpus = &training->corpus;
    size_t first_correction = corpus->n_documents;
    fenlei_status status = FENLEI_OK;
    if (options->n_corrections == 0 && options->n_held_out == 0)
        return FENLEI_OK;
    for (size_t i = 0; i < options->n_corrections && status == FENLEI_OK; i++)
        status = corpus_add(corpus, options->corrections[i], complain, context, error);
    if (status != FENLEI_OK || corpus->n_documents == 0)
        return status;
    size_t n = corpus->n_documents;
    enum fate *fates = array_new(n, sizeof *fates);
    struct named *known = array_new(n, sizeof *known);
    if (fates == NULL || known == NULL)
        status = error_memory(error);
    if (status == FENLEI_OK && options->n_corrections > 0) {
        drop_corrected(corpus, id_of, first_correction, known, fates);
        drop_corrected(corpus, text_of_document, first_correction, known, fates);
    }
    if (status == FENLEI_OK && options->n_held_out > 0)
        status = hold_out(training, complain, context, fates, error);
    if (status == FENLEI_OK && !corpus_part(corpus, fates))
        status = error_memory(error);
    if (status == FENLEI_OK)
        tell_dropped(corpus, n);
    free(fates);
    free(known);
    return status;
}

/* ---- the comparison ---- */

/* Old and new model on the same records. */
struct trial {
    struct training *training;
    fenlei_model *models[2];
    fenlei_labeler *labelers[2];
    struct evaluator evaluators[2];
    struct comparison comparison;
};

static void trial_release(struct trial *trial)
{
    for (int side = 0; side < 2; side++) {
        evaluator_release(&trial->evaluators[side]);
        fenlei_labeler_free(trial->labelers[side]);
    }
    comparison_release(&trial->comparison);
    for (int side = 0; side < 2; side++)
        fenlei_model_close(trial->models[side]);
}

static fenlei_status trial_open(struct trial *trial, const char *const names[2],
                                fenlei_error *error)
{
    fenlei_status status = FENLEI_OK;
    for (int side = 0; side < 2 && status == FENLEI_OK; side++) {
        status = fenlei_model_open(names[side], &trial->models[side], error);
        if (status == FENLEI_OK)
            status = fenlei_labeler_new(trial->models[side], &trial->labelers[side], error);
    }
    if (status != FENLEI_OK)
        return status;
    const fenlei_model *const models[] = {trial->models[0], trial->models[1]};
    if (!comparison_init(&trial->comparison, models, (double)NAN) ||
        !evaluator_init(&trial->evaluators[0], models[0]) ||
        !evaluator_init(&trial->evaluators[1], models[1]))
        return error_memory(error);
    return FENLEI_OK;
}

static fenlei_status try_line(struct trial *trial, const char *path, size_t number,
                              const struct buffer *line, fenlei_error *error)
{
    fenlei_status status = FENLEI_OK;
    for (int side = 0; side < 2 && status == FENLEI_OK; side++) {
        struct evaluator *evaluator = &trial->evaluators[side];
        status = evaluate_line(evaluator, trial->labelers[side],
                               (fenlei_text){line->bytes, line->size}, NULL, error);
        if (status == FENLEI_OK)
            status = evaluator_ask_sketch(evaluator, error);
    }
    if (status != FENLEI_OK)
        return error_locate(error, path, number);
    const struct record *record = &trial->evaluators[0].record;
    comparison_add(&trial->comparison, evaluator_answer(&trial->evaluators[0]),
                   evaluator_answer(&trial->evaluators[1]),
                   (struct evaluated){path, number, record->id, record->title, record->text});
    return FENLEI_OK;
}

static fenlei_status try_file(struct trial *trial, const char *path, fenlei_error *error)
{
    struct records records;
    struct buffer line = {0};
    size_t number = 0;
    bool end = false;
    fenlei_status status =
        records_open(&records, path, &trial->training->options->records, LABELS_NEEDED, error);
    if (status != FENLEI_OK)
        error_locate(error, path, 0);
    while (status == FENLEI_OK && !end) {
        status = records_next(&records, &line, &number, &end, error);
        if (status != FENLEI_OK)
            error_locate(error, path, number);
        else if (!end && !input_is_blank(&line))
            status = try_line(trial, path, number, &line, error);
    }
    buffer_release(&line);
    records_release(&records);
    return status;
}

/* ---- the decision ---- */

static void append_difference(struct buffer *out, double a, double b, struct interval interval)
{
    number_fixed(out, a, 3);
    buffer_append_string(out, " becomes ");
    number_fixed(out, b, 3);
    buffer_append_string(out, ", a difference between ");
    number_signed(out, interval.low, 3, "+", "-");
    buffer_append_string(out, " and ");
    number_signed(out, interval.high, 3, "+", "-");
}

/* Appends why the records tell too little of what either model finds; nothing where they tell
 * enough. They do not where most labels are written otherwise than the topics. */
static void tell_lack(const struct comparison *comparison, struct buffer *why)
{
    size_t n_known = metrics_labels(&comparison->metrics[0]);
    size_t n_unknown = comparison->alone[1].metrics.left_out;
    if (n_known == 0)
        buffer_append_string(why, "there is nothing to judge by: no held-out record has a topic "
                                  "that both models have");
    else if (n_known < n_unknown)
        buffer_append_format(
            why,
            "there is too little to judge by: %zu labels of the held-out records "
            "are topics that both models have, and %zu are no topic of the new one",
            n_known, n_unknown);
}

/* Appends why the new model is worse; nothing where it is not. */
static void judge(const struct comparison *comparison, struct buffer *why)
{
    const struct metrics *a = &comparison->metrics[0], *b = &comparison->metrics[1];
    const struct intervals *differences = &comparison->differences;
    if (differences->micro.f1.high < 0) {
        buffer_append_string(why, "the new model is worse: micro-F1 ");
        append_difference(why, metrics_micro(a).f1, metrics_micro(b).f1, differences->micro.f1);
    }
    for (size_t i = 0; i < comparison->topics.n; i++) {
        if (a->tallies[i].documents < GATE_DOCUMENTS || !(differences->topics[i].f1.high < 0))
            continue;
        buffer_append_string(why, why->size > 0 ? "; F1 of " : "the new model is worse: F1 of ");
        plain_append_string(why, comparison->topics.names[i]);
        buffer_append_string(why, " ");
        append_difference(why, metrics_topic(a, i).f1, metrics_topic(b, i).f1,
                          differences->topics[i].f1);
    }
}

/* Copies a model, whole or not at all. */
static bool copy_to(void *context, int descriptor)
{
    int *from = context;
    char bytes[16384];
    ssize_t size;
    while ((size = read(*from, bytes, sizeof bytes)) > 0)
        if (!write_fully(descriptor, bytes, (uint64_t)size))
            return false;
    return size == 0;
}

static fenlei_status keep_old(const char *model, const char *old, fenlei_error *error)
{
    int from = open(model, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return error_io(error, model, "open");
    fenlei_status status = replace_file(old, copy_to, &from, error);
    close(from);
    return status;
}

/* The old model goes to its name with .1, then the new one takes its place: at each moment the
 * model is whole, the old one or the new one. */
static fenlei_status put_in_place(struct training *training, fenlei_error *error)
{
    const struct options *options = training->options;
    struct buffer old = {0};
    buffer_append_format(&old, "%s.1", options->replace);
    fenlei_status status =
        old.failed ? error_memory(error) : keep_old(options->replace, old.bytes, error);
    if (status == FENLEI_OK)
        status = keep_old(options->output, options->replace, error);
    buffer_release(&old);
    return status;
}

static fenlei_status decide(struct trial *trial, const struct stat *before, fenlei_error *error)
{
    struct training *training = trial->training;
    const struct options *options = training->options;
    struct buffer why = {0};
    struct stat now;
    const char *const names[] = {options->replace, "the new model"};
    if (!comparison_finish(&trial->comparison, options->threads))
        return error_memory(error);
    comparison_table(&trial->comparison, names, &training->out);
    json_key(&training->report, "comparison");
    comparison_json(&trial->comparison, names, &training->report);
    tell_lack(&trial->comparison, &why);
    if (why.size == 0)
        judge(&trial->comparison, &why);
    json_text(&training->report, "kept_old", (fenlei_text){why.bytes, why.size});
    training->is_kept = why.size > 0;
    fenlei_status status = why.failed ? error_memory(error) : FENLEI_OK;
    if (status == FENLEI_OK && training->is_kept) {
        buffer_append_format(&training->out, "kept %s: %.*s\n", options->replace, (int)why.size,
                             why.bytes);
    } else if (status == FENLEI_OK) {
        if (stat(options->replace, &now) != 0 || now.st_ino != before->st_ino ||
            now.st_mtim.tv_sec != before->st_mtim.tv_sec ||
            now.st_mtim.tv_nsec != before->st_mtim.tv_nsec)
            status = error_set(error, FENLEI_IO, "%s: replaced by somebody else meanwhile",
                               options->replace);
        else
            status = put_in_place(training, error);
        if (status == FENLEI_OK)
            buffer_append_string(&training->out, "replaced: the new model is not worse\n");
    }
    buffer_release(&why);
    return status;
}

fenlei_status gate_replace(struct training *training, fenlei_error *error)
{
    const struct options *options = training->options;
    struct trial trial = {.training = training};
    struct stat before = {0};
    fenlei_status status = FENLEI_OK;
    if (stat(options->replace, &before) != 0)
        status = error_io(error, options->replace, "read");
    if (status == FENLEI_OK)
        status =
            trial_open(&trial, (const char *const[]){options->replace, options->output}, error);
    for (size_t i = 0; i < options->n_held_out && status == FENLEI_OK; i++)
        status = try_file(&trial, options->held_out[i], error);
    if (status == FENLEI_OK)
        status = decide(&trial, &before, error);
    trial_release(&trial);
    return status;
}
