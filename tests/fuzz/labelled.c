/* SPDX-License-Identifier: BSD-3-Clause */
/* Labelled records: as `classify --evaluate` judges them, and as `train` reads them; and as
 * a text in a topic's folder.
 *
 * Files: src/measure/evaluator.c src/measure/metrics.c train/corpus.c */
#include "fuzz.h"

#include "base/form.h"
#include "command/charset.h"
#include "file.h"
#include "measure/evaluator.h"
#include "train/corpus.h"

#include <sys/stat.h>

/* Judges every line; returns the number of those that could be. */
static size_t judge_all(const char *bytes, size_t size)
{
    struct evaluator evaluator = {0};
    struct metrics metrics = {0};
    struct buffer out = {0};
    size_t good = 0;
    require(evaluator_init(&evaluator, tiny_model()) &&
            metrics_init(&metrics, fenlei_topic_count(tiny_model())));
    for (size_t at = 0; at < size;) {
        const char *end = memchr(bytes + at, '\n', size - at);
        size_t length = end != NULL ? (size_t)(end - bytes) - at : size - at;
        fenlei_status status = evaluate_line(&evaluator, tiny_labeler(),
                                             (fenlei_text){bytes + at, length}, NULL, NULL);
        require(status == FENLEI_OK || status == FENLEI_BAD_INPUT);
        if (status == FENLEI_OK) {
            metrics_add(&metrics, evaluator_answer(&evaluator));
            good++;
        }
        at += length + 1;
    }
    require(metrics.documents == good);
    static const char *const ids[] = {"a", "b"};
    require(fenlei_topic_count(tiny_model()) == 2);
    metrics_json(&metrics, ids, ids, &out);
    check_json((fenlei_text){out.bytes, out.size});
    buffer_clear(&out);
    metrics_table(&metrics, ids, ids, &out);
    require(!out.failed);
    buffer_release(&out);
    metrics_release(&metrics);
    evaluator_release(&evaluator);
    return good;
}

static void count_complaint(void *context, const char *message)
{
    require(message[0] != '\0');
    ++*(size_t *)context;
}

static void check_documents(const struct corpus *corpus)
{
    for (size_t i = 0; i < corpus->n_documents; i++) {
        const struct document *document = &corpus->documents[i];
        require(is_utf8(document->title) && is_utf8(document->text) && document->text.size > 0);
        require(document->line > 0 && (i == 0 || document->line > corpus->documents[i - 1].line));
        if (document->id.size > 0)
            check_json(document->id);
    }
}

static void check_topics(const struct corpus *corpus)
{
    for (size_t topic = 0; topic < corpus->n_topics; topic++) {
        size_t n = 0;
        for (size_t i = 0; i < corpus->n_documents; i++)
            n += corpus->truth[i * corpus->n_topics + topic];
        require(n > 0 && n < corpus->n_documents);
        require(topic == 0 || strcmp(corpus->topic_ids[topic - 1], corpus->topic_ids[topic]) < 0);
    }
}

/* Lines with anything on them; the others are passed over. */
static size_t count_lines(const char *bytes, size_t size)
{
    size_t lines = 0;
    bool is_empty = true;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != ' ' && (bytes[i] < '\t' || bytes[i] > '\r'))
            is_empty = false;
        if (bytes[i] != '\n' && i + 1 < size)
            continue;
        lines += !is_empty;
        is_empty = true;
    }
    return lines;
}

/* JSON lines, and not what their content tells, which is for forms.c. */
static const struct record_options lines = {.format = FORMAT_JSONL};

/* A file with a mark of another form is refused as a whole, and UTF-16 has other lines. */
static bool is_foreign(const char *bytes, size_t size)
{
    return form_of_mark((fenlei_text){bytes, size}) != NULL ||
           charset_is_wide((fenlei_text){bytes, size});
}

/* Reads the records as a corpus; every line is a document or a complaint. `topics` is the file of
 * --topics, or NULL. */
static void read_corpus(const char *bytes, size_t size, const char *topics)
{
    struct corpus corpus = {.records = &lines};
    fenlei_error error;
    size_t complaints = 0;
    if (is_foreign(bytes, size))
        return;
    if (topics != NULL)
        require(corpus_read_topics(&corpus, topics, &error) == FENLEI_OK);
    require(corpus_add(&corpus, file_of(bytes, size), count_complaint, &complaints, &error) ==
            FENLEI_OK);
    require(complaints == corpus.n_errors);
    require(corpus.n_documents + corpus.n_errors == count_lines(bytes, size));
    check_documents(&corpus);
    fenlei_status status = corpus_finish(&corpus, &error);
    require(status == FENLEI_OK || status == FENLEI_BAD_INPUT);
    if (status == FENLEI_OK)
        check_topics(&corpus);
    corpus_release(&corpus);
}

/* The same with dates, of which the later ones are held out. */
static void split_corpus(const char *bytes, size_t size)
{
    static const char DATE[] = "2024-01-01";
    struct corpus corpus = {.records = &lines, .needs_dates = true};
    fenlei_error error;
    size_t complaints = 0;
    if (is_foreign(bytes, size))
        return;
    require(corpus_add(&corpus, file_of(bytes, size), count_complaint, &complaints, &error) ==
            FENLEI_OK);
    size_t n = corpus.n_documents;
    require(corpus_hold_out(&corpus, DATE) && corpus.n_documents + corpus.n_held_out == n);
    for (size_t i = 0; i < n; i++) {
        const char *date = corpus.documents[i].date;
        require(is_date(text_of(date)));
        require((strcmp(date, DATE) >= 0) == (i >= corpus.n_documents));
    }
    fenlei_status status = corpus_finish(&corpus, &error);
    require(status == FENLEI_OK || status == FENLEI_BAD_INPUT);
    corpus_release(&corpus);
}

/* A folder for a topic, with one text: whatever file_of() has last been given. */
static const char *folder_of(const char *bytes, size_t size)
{
    static char folder[] = "/tmp/fenlei-fuzz-XXXXXX";
    static bool made;
    const char *text = file_of(bytes, size);
    if (!made) {
        char path[64];
        require(mkdtemp(folder) != NULL);
        snprintf(path, sizeof path, "%s/court", folder);
        require(mkdir(path, 0700) == 0);
        snprintf(path, sizeof path, "%s/court/a.txt", folder);
        require(symlink(text, path) == 0);
        made = true;
    }
    return folder;
}

static void read_folder(const char *bytes, size_t size)
{
    struct corpus corpus = {0};
    fenlei_error error;
    size_t complaints = 0;
    require(corpus_add(&corpus, folder_of(bytes, size), count_complaint, &complaints, &error) ==
            FENLEI_OK);
    require(complaints == corpus.n_errors && corpus.n_documents + corpus.n_errors == 1);
    for (size_t i = 0; i < corpus.n_documents; i++)
        require(is_utf8(corpus.documents[i].text) && corpus.documents[i].line == 0);
    /* All documents have the only topic: nothing to learn. */
    require(corpus_finish(&corpus, &error) == FENLEI_BAD_INPUT);
    corpus_release(&corpus);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    judge_all((const char *)data, size);
    read_corpus((const char *)data, size, NULL);
    read_corpus((const char *)data, size, "tests/fuzz/seeds/topics/tiny");
    split_corpus((const char *)data, size);
    read_folder((const char *)data, size);
    return 0;
}
