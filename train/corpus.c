/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/corpus.h"

#include "base/form.h"
#include "base/input.h"
#include "base/record.h"
#include "base/status.h"
#include "base/topic_names.h"
#include "base/utf8.h"
#include "command/records.h"
#include "label/decode.h"
#include "label/fold.h"
#include "label/model.h"
#include "label/page.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

static char *copy_of(fenlei_text text)
{
    char *copy = malloc(text.size + 1);
    if (copy == NULL)
        return NULL;
    if (text.size > 0)
        memcpy(copy, text.bytes, text.size);
    copy[text.size] = '\0';
    return copy;
}

/* ---- topics ---- */

static bool add_topic(struct corpus *corpus, fenlei_text id, fenlei_text name)
{
    size_t capacity = corpus->topics_capacity;
    if (!array_reserve(&corpus->topic_ids, &capacity, corpus->n_topics + 1,
                       sizeof *corpus->topic_ids) ||
        !array_reserve(&corpus->topic_names, &corpus->topics_capacity, corpus->n_topics + 1,
                       sizeof *corpus->topic_names))
        return false;
    corpus->topic_ids[corpus->n_topics] = copy_of(id);
    corpus->topic_names[corpus->n_topics] = copy_of(name);
    corpus->n_topics++;
    return corpus->topic_ids[corpus->n_topics - 1] != NULL &&
           corpus->topic_names[corpus->n_topics - 1] != NULL;
}

static size_t find_topic(const struct corpus *corpus, fenlei_text id)
{
    size_t topic = 0;
    while (topic < corpus->n_topics && !text_equal(text_of(corpus->topic_ids[topic]), id))
        topic++;
    return topic;
}

fenlei_status corpus_read_topics(struct corpus *corpus, const char *path, fenlei_error *error)
{
    struct buffer bytes = {0};
    struct topic_names topics = {0};
    fenlei_status status = input_read(path, &bytes, error);
    if (status == FENLEI_OK && bytes.size == 0)
        status = error_set(error, FENLEI_BAD_INPUT, "it is empty");
    if (status == FENLEI_OK)
        status = topic_names_parse(&topics, bytes.bytes, bytes.size, error);
    if (status == FENLEI_OK && topics.n > TOPICS_MAX)
        status = error_set(error, FENLEI_BAD_INPUT, "more than %d topics", TOPICS_MAX);
    corpus->topics_are_fixed = true;
    for (size_t i = 0; i < topics.n && status == FENLEI_OK; i++)
        if (!add_topic(corpus, topics.ids[i], topics.names[i]))
            status = error_memory(error);
    if (status != FENLEI_OK)
        error_locate(error, path, 0);
    topic_names_release(&topics);
    buffer_release(&bytes);
    return status;
}

/* ---- documents ---- */

static bool add_document(struct corpus *corpus, fenlei_text id, fenlei_text title, fenlei_text text,
                         const char *file, size_t line)
{
    if (!array_reserve(&corpus->documents, &corpus->documents_capacity, corpus->n_documents + 1,
                       sizeof *corpus->documents))
        return false;
    struct buffer bytes = {0};
    buffer_append_text(&bytes, id);
    buffer_append_text(&bytes, title);
    buffer_append_text(&bytes, text);
    if (bytes.failed) {
        buffer_release(&bytes);
        return false;
    }
    corpus->documents[corpus->n_documents++] = (struct document){
        .id = {bytes.bytes, id.size},
        .title = {bytes.bytes + id.size, title.size},
        .text = {bytes.bytes + id.size + title.size, text.size},
        .bytes = bytes.bytes,
        .file = file,
        .line = line,
    };
    return true;
}

static bool add_mark(struct corpus *corpus, size_t topic)
{
    if (!array_reserve(&corpus->marks, &corpus->marks_capacity, corpus->n_marks + 1,
                       sizeof *corpus->marks))
        return false;
    corpus->marks[corpus->n_marks++] =
        (struct mark){(uint32_t)(corpus->n_documents - 1), (uint32_t)topic};
    return true;
}

static bool label_newest(struct corpus *corpus, const fenlei_text *labels, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t topic = find_topic(corpus, labels[i]);
        if ((topic == corpus->n_topics && !add_topic(corpus, labels[i], labels[i])) ||
            !add_mark(corpus, topic))
            return false;
    }
    return true;
}

/* With fixed topics a label must be one of them; without, there is room for so many new ones. Asked
 * before the document is added. */
static fenlei_status check_labels(const struct corpus *corpus, const fenlei_text *labels, size_t n,
                                  fenlei_error *error)
{
    size_t n_new = 0;
    for (size_t i = 0; i < n; i++) {
        if (find_topic(corpus, labels[i]) < corpus->n_topics)
            continue;
        if (corpus->topics_are_fixed)
            return error_set(error, FENLEI_BAD_INPUT, "unknown label \"%.200s\"", labels[i].bytes);
        if (corpus->n_topics + n_new++ >= TOPICS_MAX)
            return error_set(error, FENLEI_BAD_INPUT, "more than %d topics", TOPICS_MAX);
    }
    return FENLEI_OK;
}

/* Nothing but white space? */
static bool is_blank(fenlei_text text)
{
    for (size_t at = 0; at < text.size;)
        if ((fold_class(utf8_next(text.bytes, &at)) & FOLD_SPACE) == 0)
            return false;
    return true;
}

static bool is_number(const char *digits, size_t n, int least, int most)
{
    int number = 0;
    for (size_t i = 0; i < n; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return false;
        number = number * 10 + (digits[i] - '0');
    }
    return number >= least && number <= most;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool is_date(fenlei_text text)
{
    const char *at = text.bytes;
    if (text.size != 10 || at[4] != '-' || at[7] != '-' || !is_number(at, 4, 0, 9999) ||
        !is_number(at + 5, 2, 1, 12))
        return false;
    int year = (at[0] - '0') * 1000 + (at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0');
    return is_number(at + 8, 2, 1, days_in(year, (at[5] - '0') * 10 + (at[6] - '0')));
}

static fenlei_status check_date(const struct corpus *corpus, fenlei_text date, fenlei_error *error)
{
    if (!corpus->needs_dates || (date.bytes != NULL && is_date(date)))
        return FENLEI_OK;
    if (date.bytes == NULL)
        return error_set(error, FENLEI_BAD_INPUT, "no \"date\" (YYYY-MM-DD, a string)");
    return error_set(error, FENLEI_BAD_INPUT, "the date \"%.40s\" is no day written YYYY-MM-DD",
                     date.bytes);
}

static fenlei_status add_record(struct corpus *corpus, const struct buffer *line, const char *file,
                                size_t number, fenlei_error *error)
{
    struct record record = {0};
    fenlei_status status = record_parse(&record, line->bytes, line->size, error);
    if (status == FENLEI_OK)
        status = record_parse_labels(&record, error);
    if (status == FENLEI_OK && !record.is_labelled)
        status = record_refuse_unlabelled(&record, error);
    if (status == FENLEI_OK && is_blank(record.text))
        status = error_set(error, FENLEI_BAD_INPUT, "the text is empty");
    if (status == FENLEI_OK)
        status = check_labels(corpus, record.labels, record.n_labels, error);
    if (status == FENLEI_OK)
        status = check_date(corpus, record.date, error);
    if (status == FENLEI_OK &&
        !(add_document(corpus, record.id, record.title, record.text, file, number) &&
          label_newest(corpus, record.labels, record.n_labels)))
        status = error_memory(error);
    if (status == FENLEI_OK && corpus->needs_dates)
        memcpy(corpus->documents[corpus->n_documents - 1].date, record.date.bytes, 10);
    record_release(&record);
    return status;
}

static fenlei_status add_records(struct corpus *corpus, const char *path,
                                 corpus_complaint *complain, void *context, fenlei_error *error)
{
    static const struct record_options told = {0};
    struct records records;
    struct buffer line = {0};
    size_t number = 0;
    bool end = false;
    fenlei_status status = records_open(
        &records, path, corpus->records != NULL ? corpus->records : &told, LABELS_NEEDED, error);
    if (status != FENLEI_OK)
        error_locate(error, path, 0);
    while (status == FENLEI_OK && !end) {
        status = records_next(&records, &line, &number, &end, error);
        watch_step(corpus->watch, line.size + 1);
        if (status == FENLEI_OK && !end && !input_is_blank(&line))
            status = add_record(corpus, &line, path, number, error);
        if (status == FENLEI_OK)
            continue;
        error_locate(error, path, number);
        if (status != FENLEI_BAD_INPUT || records.is_over)
            break;
        watch_clear(corpus->watch);
        complain(context, error->message);
        corpus->n_errors++;
        status = FENLEI_OK;
    }
    if (status == FENLEI_OK)
        records_report(&records, path);
    buffer_release(&line);
    records_release(&records);
    return status;
}

/* ---- a folder of folders ---- */

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* alphasort() would ask the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* The path of an entry, kept by the corpus; NULL when memory runs out. */
static const char *keep_path(struct corpus *corpus, const char *folder, const char *name)
{
    struct buffer path = {0};
    buffer_append_format(&path, "%s/%s", folder, name);
    buffer_append(&path, "", 1);
    if (path.failed || !array_reserve(&corpus->paths, &corpus->paths_capacity, corpus->n_paths + 1,
                                      sizeof *corpus->paths)) {
        buffer_release(&path);
        return NULL;
    }
    corpus->paths[corpus->n_paths++] = path.bytes;
    return path.bytes;
}

static bool is_of_type(const char *path, mode_t type)
{
    struct stat status;
    return stat(path, &status) == 0 && (status.st_mode & S_IFMT) == type;
}

static bool is_folder(const char *path)
{
    return is_of_type(path, S_IFDIR);
}

static fenlei_status check_file_form(fenlei_text file, fenlei_error *error)
{
    struct page_form form = form_of_page(file);
    if (form.name == NULL)
        return FENLEI_OK;
    return error_set(error, FENLEI_BAD_INPUT,
                     "it is %s; a file in a topic's folder is the plain text of one article",
                     form.name);
}

/* A file is one article, read as `classify --whole` reads it. */
static fenlei_status add_file(struct corpus *corpus, const char *path, fenlei_text topic,
                              fenlei_error *error)
{
    struct buffer bytes = {0};
    struct decoded decoded = {0};
    struct page page = {0};
    static const struct chain none;
    fenlei_status status = input_read(path, &bytes, error);
    if (status == FENLEI_OK)
        status = check_file_form((fenlei_text){bytes.bytes, bytes.size}, error);
    if (status == FENLEI_OK)
        status = decode(&decoded, bytes.bytes, bytes.size, NULL, error);
    if (status == FENLEI_OK && decoded.substitutions > 0)
        status = error_set(error, FENLEI_BAD_INPUT, "not valid %s (line %zu)", decoded.encoding,
                           decoded.substitutions_line);
    if (status == FENLEI_OK && decoded.other_lines > 0)
        status = error_set(error, FENLEI_BAD_INPUT, "line %zu is in %s, unlike the rest (%s)",
                           decoded.other_line, decoded.other_encoding, decoded.encoding);
    if (status == FENLEI_OK &&
        !page_split(&page, decoded.text, corpus->chain != NULL ? corpus->chain : &none, true))
        status = page.lines.too_long ? error_set(error, FENLEI_BAD_INPUT,
                                                 "more than %d lines of text", PAGE_LINES_MAX)
                                     : error_memory(error);
    if (status == FENLEI_OK && page.n_pieces == 0)
        status = error_set(error, FENLEI_BAD_INPUT, "it has no text");
    for (size_t i = 0; i < page.n_pieces && status == FENLEI_OK; i++) {
        const struct piece *piece = &page.pieces[i];
        if (!piece->is_article)
            continue;
        fenlei_text title = {page.text.bytes + piece->title, piece->title_size};
        fenlei_text body = {page.text.bytes + piece->body, piece->body_size};
        status = check_labels(corpus, &topic, 1, error);
        if (status == FENLEI_OK &&
            !(add_document(corpus, (fenlei_text){NULL, 0}, title, body, path, 0) &&
              label_newest(corpus, &topic, 1)))
            status = error_memory(error);
    }
    if (status != FENLEI_OK)
        error_locate(error, path, 0);
    page_release(&page);
    decode_release(&decoded);
    buffer_release(&bytes);
    return status;
}

typedef fenlei_status visit_entry(struct corpus *corpus, const char *path, const char *name,
                                  void *context, fenlei_error *error);

/* Calls visit for each entry of a folder, in the order of their bytes. */
static fenlei_status visit_folder(struct corpus *corpus, const char *folder, visit_entry *visit,
                                  void *context, fenlei_error *error)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, is_visible, by_name);
    if (n < 0)
        return error_set(error, FENLEI_IO, "%s: cannot read the folder: %s", folder,
                         strerror(errno));
    fenlei_status status = FENLEI_OK;
    for (int i = 0; i < n; i++) {
        if (status == FENLEI_OK) {
            const char *path = keep_path(corpus, folder, entries[i]->d_name);
            status = path == NULL ? error_memory(error)
                                  : visit(corpus, path, entries[i]->d_name, context, error);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

struct visit {
    corpus_complaint *complain;
    void *context;
    fenlei_text topic;
    const char *loose; /* the last of the files beside the topics' folders */
    size_t n_loose;
};

/* Tells what is no error, but may be a slip. */
static void note(const struct visit *visit, const char *path, size_t n, const char *what)
{
    fenlei_error words;
    if (n > 1)
        error_set(&words, FENLEI_OK, "%s and %zu more: %s", path, n - 1, what);
    else
        error_set(&words, FENLEI_OK, "%s: %s", path, what);
    visit->complain(visit->context, words.message);
}

static fenlei_status visit_file(struct corpus *corpus, const char *path, const char *name,
                                void *context, fenlei_error *error)
{
    (void)name;
    const struct visit *visit = context;
    if (is_folder(path))
        return error_set(error, FENLEI_BAD_INPUT,
                         "%s: a folder inside a topic's folder; put its files beside the others",
                         path);
    fenlei_status status = is_of_type(path, S_IFREG)
                               ? add_file(corpus, path, visit->topic, error)
                               : error_set(error, FENLEI_BAD_INPUT, "%s: not a plain file", path);
    if (status != FENLEI_BAD_INPUT && status != FENLEI_IO)
        return status;
    watch_clear(corpus->watch);
    visit->complain(visit->context, error->message);
    corpus->n_errors++;
    return FENLEI_OK;
}

static fenlei_status visit_topic(struct corpus *corpus, const char *path, const char *name,
                                 void *context, fenlei_error *error)
{
    struct visit *visit = context;
    if (!is_folder(path)) { /* as a README beside the topics */
        visit->n_loose++;
        visit->loose = path;
        return FENLEI_OK;
    }
    size_t before = corpus->n_documents + corpus->n_errors;
    if (utf8_valid_prefix(name, strlen(name)) != strlen(name))
        return error_set(error, FENLEI_BAD_INPUT, "%s: the folder's name is not UTF-8", path);
    visit->topic = text_of(name);
    fenlei_status status = visit_folder(corpus, path, visit_file, visit, error);
    if (status == FENLEI_OK && corpus->n_documents + corpus->n_errors == before)
        note(visit, path, 1, "an empty folder: no topic of that name");
    return status;
}

fenlei_status corpus_add(struct corpus *corpus, const char *path, corpus_complaint *complain,
                         void *context, fenlei_error *error)
{
    if (!is_folder(path))
        return add_records(corpus, path, complain, context, error);
    if (corpus->needs_dates)
        return error_set(error, FENLEI_BAD_INPUT, "%s: the files of a folder have no dates", path);
    struct visit visit = {.complain = complain, .context = context};
    size_t before = corpus->n_documents + corpus->n_errors;
    fenlei_status status = visit_folder(corpus, path, visit_topic, &visit, error);
    if (status == FENLEI_OK && visit.n_loose > 0)
        note(&visit, visit.loose, visit.n_loose, "beside the topics' folders, not read");
    if (status == FENLEI_OK && corpus->n_documents + corpus->n_errors == before)
        status = error_set(error, FENLEI_BAD_INPUT,
                           "%s: no documents; a folder must hold one folder a topic", path);
    return status;
}

/* ---- the end of reading ---- */

/* The place of each document when those held out go behind the others, and those dropped behind
 * all. */
static void place_documents(struct corpus *corpus, const enum fate *fates, uint32_t *place)
{
    uint32_t next = 0;
    size_t ends[FATES] = {0};
    for (unsigned fate = 0; fate < FATES; fate++) {
        for (size_t i = 0; i < corpus->n_documents; i++)
            if (fates[i] == fate)
                place[i] = next++;
        ends[fate] = next;
    }
    corpus->n_documents = ends[FATE_KEPT];
    corpus->n_held_out = ends[FATE_HELD_OUT] - ends[FATE_KEPT];
}

static void part_marks(struct corpus *corpus, const uint32_t *place)
{
    size_t n = 0;
    for (size_t i = 0; i < corpus->n_marks; i++) {
        uint32_t document = place[corpus->marks[i].document];
        if (document < corpus->n_documents + corpus->n_held_out)
            corpus->marks[n++] = (struct mark){document, corpus->marks[i].topic};
    }
    corpus->n_marks = n;
}

bool corpus_part(struct corpus *corpus, const enum fate *fates)
{
    size_t n = corpus->n_documents;
    struct document *placed = array_new(n, sizeof *placed);
    uint32_t *place = array_new(n, sizeof *place);
    bool good = placed != NULL && place != NULL;
    if (good) {
        place_documents(corpus, fates, place);
        for (size_t i = 0; i < n; i++)
            placed[place[i]] = corpus->documents[i];
        if (n > 0)
            memcpy(corpus->documents, placed, n * sizeof *placed);
        part_marks(corpus, place);
        for (size_t i = corpus->n_documents + corpus->n_held_out; i < n; i++)
            free(corpus->documents[i].bytes);
    }
    free(placed);
    free(place);
    return good;
}

bool corpus_hold_out(struct corpus *corpus, const char *date)
{
    enum fate *fates = array_new(corpus->n_documents, sizeof *fates);
    if (fates == NULL)
        return false;
    for (size_t i = 0; i < corpus->n_documents; i++)
        fates[i] = strcmp(corpus->documents[i].date, date) >= 0 ? FATE_HELD_OUT : FATE_KEPT;
    bool good = corpus_part(corpus, fates);
    free(fates);
    return good;
}

struct ranked {
    const char *id;
    size_t topic;
};

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct ranked *)a)->id, ((const struct ranked *)b)->id);
}

/* Sorts topics that were found in the records, so that the order of the files does not matter. */
static bool sort_topics(struct corpus *corpus)
{
    size_t n = corpus->n_topics;
    struct ranked *ranked = array_new(n, sizeof *ranked);
    char **ids = array_new(n, sizeof *ids), **names = array_new(n, sizeof *names);
    uint32_t *place = array_new(n, sizeof *place);
    bool good = ranked != NULL && ids != NULL && names != NULL && place != NULL;
    if (good) {
        for (size_t i = 0; i < n; i++)
            ranked[i] = (struct ranked){corpus->topic_ids[i], i};
        qsort(ranked, n, sizeof *ranked, by_id);
        for (size_t i = 0; i < n; i++) {
            ids[i] = corpus->topic_ids[ranked[i].topic];
            names[i] = corpus->topic_names[ranked[i].topic];
            place[ranked[i].topic] = (uint32_t)i;
        }
        memcpy(corpus->topic_ids, ids, n * sizeof *ids);
        memcpy(corpus->topic_names, names, n * sizeof *names);
        for (size_t i = 0; i < corpus->n_marks; i++)
            corpus->marks[i].topic = place[corpus->marks[i].topic];
    }
    free(ranked);
    free(ids);
    free(names);
    free(place);
    return good;
}

static void hash_text(XXH3_state_t *state, fenlei_text text)
{
    uint64_t size = text.size;
    XXH3_64bits_update(state, &size, sizeof size);
    if (size > 0)
        XXH3_64bits_update(state, text.bytes, text.size);
}

static bool hash_corpus(struct corpus *corpus)
{
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL)
        return false;
    XXH3_64bits_reset(state);
    for (size_t topic = 0; topic < corpus->n_topics; topic++) {
        hash_text(state, text_of(corpus->topic_ids[topic]));
        hash_text(state, text_of(corpus->topic_names[topic]));
    }
    for (size_t i = 0; i < corpus->n_documents; i++) {
        hash_text(state, corpus->documents[i].title);
        hash_text(state, corpus->documents[i].text);
        XXH3_64bits_update(state, corpus->truth + i * corpus->n_topics,
                           corpus->n_topics * sizeof *corpus->truth);
    }
    corpus->hash = XXH3_64bits_digest(state);
    XXH3_freeState(state);
    return true;
}

static fenlei_status check_topic(const struct corpus *corpus, size_t topic, size_t count,
                                 fenlei_error *error)
{
    if (count == 0)
        return error_set(error, FENLEI_BAD_INPUT, "topic \"%.200s\" has no document%s",
                         corpus->topic_ids[topic],
                         corpus->n_held_out > 0 ? " that is not held out" : "");
    if (count == corpus->n_documents)
        return error_set(error, FENLEI_BAD_INPUT,
                         "topic \"%.200s\" is on every document: there is nothing to tell it from",
                         corpus->topic_ids[topic]);
    return FENLEI_OK;
}

/* Every topic must have documents, and others be without it. */
static fenlei_status check_topics(const struct corpus *corpus, fenlei_error *error)
{
    size_t *counts = array_new(corpus->n_topics, sizeof *counts);
    fenlei_status status = counts != NULL ? FENLEI_OK : error_memory(error);
    for (size_t i = 0; counts != NULL && i < corpus->n_documents; i++)
        for (size_t topic = 0; topic < corpus->n_topics; topic++)
            counts[topic] += corpus->truth[i * corpus->n_topics + topic];
    for (size_t topic = 0; topic < corpus->n_topics && status == FENLEI_OK; topic++)
        status = check_topic(corpus, topic, counts[topic], error);
    free(counts);
    return status;
}

fenlei_status corpus_finish(struct corpus *corpus, fenlei_error *error)
{
    if (corpus->n_documents == 0)
        return error_set(error, FENLEI_BAD_INPUT, "the corpus has no document%s",
                         corpus->n_held_out > 0 ? " that is not held out" : "");
    if (corpus->n_topics == 0)
        return error_set(error, FENLEI_BAD_INPUT, "the corpus has no label");
    if (corpus->n_documents + corpus->n_held_out >= UINT32_MAX / 2)
        return error_set(error, FENLEI_BAD_INPUT, "more documents than a model can count");
    corpus->truth = array_new(corpus->n_documents + corpus->n_held_out,
                              corpus->n_topics * sizeof *corpus->truth);
    if (corpus->truth == NULL || (!corpus->topics_are_fixed && !sort_topics(corpus)))
        return error_memory(error);
    for (size_t i = 0; i < corpus->n_marks; i++)
        corpus->truth[corpus->marks[i].document * corpus->n_topics + corpus->marks[i].topic] = true;
    fenlei_status status = check_topics(corpus, error);
    if (status == FENLEI_OK && !hash_corpus(corpus))
        status = error_memory(error);
    return status;
}

void corpus_release(struct corpus *corpus)
{
    for (size_t i = 0; i < corpus->n_documents + corpus->n_held_out; i++)
        free(corpus->documents[i].bytes);
    for (size_t i = 0; i < corpus->n_topics; i++) {
        free(corpus->topic_ids[i]);
        free(corpus->topic_names[i]);
    }
    for (size_t i = 0; i < corpus->n_paths; i++)
        free(corpus->paths[i]);
    free(corpus->documents);
    free(corpus->topic_ids);
    free(corpus->topic_names);
    free(corpus->truth);
    free(corpus->marks);
    free(corpus->paths);
    *corpus = (struct corpus){0};
}
