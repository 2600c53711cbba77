/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/training_files.h"

#include "base/input.h"
#include "base/json.h"
#include "base/record.h"
#include "base/replace.h"
#include "base/status.h"
#include "command/shipped.h"
#include "desk/labels.h"
#include "label/fold.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { HELD_BACK_OF = 5, WRITTEN_AT_ONCE = 1 << 20 };

bool training_holds_back(fenlei_text text)
{
    struct folded folded = {0};
    bool is_held = false;
    if (fold(&folded, text, false))
        is_held =
            XXH3_64bits(folded.letters, folded.count * sizeof *folded.letters) % HELD_BACK_OF == 0;
    fold_release(&folded);
    return is_held;
}

static bool count_one(void *context, const struct article *article)
{
    struct training_counts *counts = context;
    if (training_holds_back(article->text))
        counts->held_back++;
    else
        counts->trained++;
    return true;
}

fenlei_status training_count(struct store *store, struct training_counts *counts,
                             fenlei_error *error)
{
    *counts = (struct training_counts){0};
    return store_judged(store, SIZE_MAX, count_one, counts, error);
}

/* ---- what all files share ---- */

enum part { PART_CORPUS, PART_CORRECTIONS, PART_HELD_OUT };

struct gathering {
    struct desk *desk;
    struct topics topics;
    size_t *examples; /* [topics.n] that are trained on */
    bool *is_trained; /* [topics.n] */
    bool only_counts;
    enum part part;
    int descriptor;
    struct buffer out;
    fenlei_status status;
    fenlei_error *error;
};

static size_t find_key(const struct gathering *gathering, fenlei_text key)
{
    size_t i = 0;
    while (i < gathering->topics.n && !text_equal(text_of(gathering->topics.of[i].key), key))
        i++;
    return i;
}

/* The place of the topic with that id, or of what it was merged into; topics.n for none. */
static size_t find_id(const struct gathering *gathering, int64_t id)
{
    const struct topics *topics = &gathering->topics;
    for (size_t steps = 0; steps <= topics->n; steps++) {
        size_t i = 0;
        while (i < topics->n && topics->of[i].id != id)
            i++;
        if (i == topics->n || topics->of[i].merged_into == 0)
            return i;
        id = topics->of[i].merged_into;
    }
    return topics->n;
}

static bool flush(struct gathering *gathering)
{
    bool good = !gathering->out.failed &&
                write_fully(gathering->descriptor, gathering->out.bytes, gathering->out.size);
    buffer_clear(&gathering->out);
    return good;
}

/* One record, its topics given by their places, which may repeat. */
static bool add_record(struct gathering *gathering, fenlei_text id, fenlei_text title,
                       fenlei_text text, const size_t *places, size_t n)
{
    struct buffer *out = &gathering->out;
    bool any = false;
    if (!gathering->only_counts) {
        buffer_append_string(out, "{");
        json_key(out, "id");
        buffer_append_text(out, id.size > 0 ? id : text_of("null"));
        json_text(out, "title", title);
        json_text(out, "text", text);
        json_key(out, "labels");
        buffer_append_string(out, "[");
    }
    for (size_t i = 0; i < n; i++) {
        bool is_repeated = places[i] == gathering->topics.n;
        for (size_t before = 0; before < i; before++)
            is_repeated = is_repeated || places[before] == places[i];
        if (is_repeated)
            continue;
        if (gathering->only_counts) {
            gathering->examples[places[i]]++;
        } else if (gathering->is_trained[places[i]]) {
            buffer_append_string(out, any ? "," : "");
            json_string(out, text_of(gathering->topics.of[places[i]].key));
            any = true;
        }
    }
    if (gathering->only_counts)
        return true;
    buffer_append_string(out, "]}\n");
    return out->size < WRITTEN_AT_ONCE || flush(gathering);
}

/* ---- corrections ---- */

static bool gather_judged(void *context, const struct article *article)
{
    struct gathering *gathering = context;
    struct set_label label;
    size_t places[RECORD_LABELS_MAX], n = 0;
    bool is_held = training_holds_back(article->text);
    if (is_held != (gathering->part == PART_HELD_OUT))
        return true;
    for (size_t at = 0; n < RECORD_LABELS_MAX && labels_next(article->judged, &at, &label);)
        places[n++] = find_id(gathering, label.topic);
    struct buffer id = {0};
    buffer_append_format(&id, "\"desk-%lld\"", (long long)article->id);
    bool good = !id.failed && add_record(gathering, (fenlei_text){id.bytes, id.size},
                                         article->title, article->text, places, n);
    buffer_release(&id);
    if (!good)
        gathering->status = error_set(gathering->error, FENLEI_IO, "it cannot be written");
    return good;
}

static fenlei_status gather_corrections(struct gathering *gathering, fenlei_error *error)
{
    fenlei_status status =
        store_judged(gathering->desk->store, SIZE_MAX, gather_judged, gathering, error);
    return status == FENLEI_OK ? gathering->status : status;
}

/* ---- corpora ---- */

static fenlei_status gather_line(struct gathering *gathering, fenlei_text line, fenlei_error *error)
{
    struct record record = {0};
    size_t places[RECORD_LABELS_MAX];
    fenlei_status status = record_parse(&record, line.bytes, line.size, error);
    if (status == FENLEI_OK)
        status = record_parse_labels(&record, error);
    for (size_t i = 0; status == FENLEI_OK && i < record.n_labels; i++) {
        places[i] = find_key(gathering, record.labels[i]);
        if (places[i] < gathering->topics.n)
            places[i] = find_id(gathering, gathering->topics.of[places[i]].id);
    }
    if (status == FENLEI_OK &&
        !add_record(gathering, record.id, record.title, record.text, places, record.n_labels))
        status = error_set(error, FENLEI_IO, "it cannot be written");
    record_release(&record);
    return status;
}

static fenlei_status gather_file(struct gathering *gathering, const char *path, fenlei_error *error)
{
    struct input input;
    struct buffer line = {0};
    bool end = false;
    fenlei_status status = input_open(&input, path, error);
    for (size_t number = 1; status == FENLEI_OK; number++) {
        status = input_line(&input, &line, &end, error);
        if (status != FENLEI_OK || end)
            break;
        if (line.size > 0)
            status = gather_line(gathering, (fenlei_text){line.bytes, line.size}, error);
        if (status != FENLEI_OK)
            error_locate(error, path, number);
    }
    buffer_release(&line);
    input_close(&input);
    return status;
}

static fenlei_status gather_shipped(struct gathering *gathering, fenlei_error *error)
{
    char **names;
    size_t n;
    fenlei_status status = shipped_corpus(&names, &n) ? FENLEI_OK : error_memory(error);
    for (size_t i = 0; i < n; i++) {
        if (status == FENLEI_OK)
            status = gather_file(gathering, names[i], error);
        free(names[i]);
    }
    free(names);
    return status;
}

static fenlei_status gather_corpora(struct gathering *gathering, fenlei_error *error)
{
    const struct settings *settings = gathering->desk->settings;
    if (settings->n_corpora == 0)
        return gather_shipped(gathering, error);
    fenlei_status status = FENLEI_OK;
    for (size_t i = 0; i < settings->n_corpora && status == FENLEI_OK; i++)
        status = gather_file(gathering, settings->corpora[i], error);
    return status;
}

/* ---- the files ---- */

static fenlei_status gather(struct gathering *gathering, fenlei_error *error)
{
    gathering->status = FENLEI_OK;
    gathering->error = error;
    return gathering->part == PART_CORPUS ? gather_corpora(gathering, error)
                                          : gather_corrections(gathering, error);
}

/* A topic is trained when it has examples enough, and is not retired. */
static fenlei_status choose_topics(struct gathering *gathering, fenlei_error *error)
{
    size_t n = gathering->topics.n;
    gathering->examples = array_new(n, sizeof *gathering->examples);
    gathering->is_trained = array_new(n, sizeof *gathering->is_trained);
    if (gathering->examples == NULL || gathering->is_trained == NULL)
        return error_memory(error);
    gathering->only_counts = true;
    gathering->part = PART_CORPUS;
    fenlei_status status = gather(gathering, error);
    gathering->part = PART_CORRECTIONS;
    if (status == FENLEI_OK)
        status = gather(gathering, error);
    gathering->only_counts = false;
    size_t n_trained = 0;
    for (size_t i = 0; i < n; i++) {
        const struct topic *topic = &gathering->topics.of[i];
        gathering->is_trained[i] =
            !topic->is_retired && topic->merged_into == 0 && gathering->examples[i] >= TOPIC_LEAST;
        n_trained += gathering->is_trained[i];
    }
    if (status == FENLEI_OK && n_trained == 0)
        status = error_set(error, FENLEI_BAD_INPUT, "no topic has %d examples", TOPIC_LEAST);
    return status;
}

static bool write_part(void *context, int descriptor)
{
    struct gathering *gathering = context;
    gathering->descriptor = descriptor;
    fenlei_status status = gather(gathering, gathering->error);
    gathering->status = status;
    return status == FENLEI_OK && flush(gathering);
}

static fenlei_status write_file(struct gathering *gathering, const char *folder, const char *name,
                                enum part part, fenlei_error *error)
{
    struct buffer path = {0};
    fenlei_error reason;
    buffer_append_format(&path, "%s/%s", folder, name);
    if (path.failed)
        return error_memory(error);
    gathering->part = part;
    gathering->error = &reason;
    gathering->status = FENLEI_OK;
    fenlei_status status = replace_file(path.bytes, write_part, gathering, error);
    if (gathering->status != FENLEI_OK) {
        *error = reason;
        status = gathering->status;
    }
    buffer_release(&path);
    return status;
}

static fenlei_status write_topics(struct gathering *gathering, const char *folder,
                                  fenlei_error *error)
{
    struct buffer path = {0}, json = {0};
    buffer_append_format(&path, "%s/topics.json", folder);
    for (size_t i = 0; i < gathering->topics.n; i++) {
        if (!gathering->is_trained[i])
            continue;
        buffer_append_string(&json, json.size > 0 ? ",\n{" : "[{");
        json_text(&json, "id", text_of(gathering->topics.of[i].key));
        json_text(&json, "name", text_of(gathering->topics.of[i].name));
        buffer_append_string(&json, "}");
    }
    buffer_append_string(&json, "]\n");
    fenlei_status status =
        path.failed || json.failed
            ? error_memory(error)
            : replace_with_text(path.bytes, (fenlei_text){json.bytes, json.size}, error);
    buffer_release(&path);
    buffer_release(&json);
    return status;
}

fenlei_status training_files_write(struct desk *desk, const char *folder, fenlei_error *error)
{
    struct gathering gathering = {.desk = desk};
    fenlei_status status = store_topics(desk->store, &gathering.topics, error);
    if (status == FENLEI_OK)
        status = choose_topics(&gathering, error);
    if (status == FENLEI_OK)
        status = write_topics(&gathering, folder, error);
    if (status == FENLEI_OK)
        status = write_file(&gathering, folder, "corpus.jsonl", PART_CORPUS, error);
    if (status == FENLEI_OK)
        status = write_file(&gathering, folder, "corrections.jsonl", PART_CORRECTIONS, error);
    if (status == FENLEI_OK)
        status = write_file(&gathering, folder, "held-out.jsonl", PART_HELD_OUT, error);
    topics_release(&gathering.topics);
    free(gathering.examples);
    free(gathering.is_trained);
    buffer_release(&gathering.out);
    return status;
}
