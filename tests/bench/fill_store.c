/* SPDX-License-Identifier: BSD-3-Clause */
/* Fills a desk's store with as many articles as asked for, made of the sentences of a corpus, to
 * see how it answers when it is large: usage: fill_store FOLDER ARTICLES CORPUS... */
#include "base/input.h"
#include "base/record.h"
#include "desk/labels.h"
#include "desk/sketch.h"
#include "desk/store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_ARTICLES = 1000, SENTENCES = 3 };

struct source {
    struct buffer bytes; /* all texts */
    struct piece {
        size_t at, size;
    } * titles, *sentences; /* [n_titles], [n_sentences] in bytes */
    size_t n_titles, n_sentences, titles_capacity, sentences_capacity;
};

static uint64_t state = 1;

static uint64_t draw(uint64_t below)
{
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (state >> 33) % below;
}

static bool add_piece(struct piece **pieces, size_t *n, size_t *capacity, struct piece piece)
{
    if (!array_reserve(pieces, capacity, *n + 1, sizeof **pieces))
        return false;
    (*pieces)[(*n)++] = piece;
    return true;
}

static bool add_record(struct source *source, const struct record *record)
{
    static const char stop[] = "。";
    size_t start = source->bytes.size;
    buffer_append_text(&source->bytes, record->title);
    if (!add_piece(&source->titles, &source->n_titles, &source->titles_capacity,
                   (struct piece){start, record->title.size}))
        return false;
    fenlei_text left = record->text;
    while (left.size > 0) {
        const char *end = memmem(left.bytes, left.size, stop, sizeof stop - 1);
        size_t size = end != NULL ? (size_t)(end - left.bytes) + sizeof stop - 1 : left.size;
        start = source->bytes.size;
        buffer_append(&source->bytes, left.bytes, size);
        if (!add_piece(&source->sentences, &source->n_sentences, &source->sentences_capacity,
                       (struct piece){start, size}))
            return false;
        left = (fenlei_text){left.bytes + size, left.size - size};
    }
    return !source->bytes.failed;
}

static bool read_corpus(struct source *source, const char *path)
{
    struct input input;
    struct buffer line = {0};
    fenlei_error error;
    bool end = false, good = input_open(&input, path, &error) == FENLEI_OK;
    while (good && input_line(&input, &line, &end, &error) == FENLEI_OK && !end) {
        struct record record = {0};
        good = record_parse(&record, line.bytes, line.size, &error) == FENLEI_OK &&
               add_record(source, &record);
        record_release(&record);
    }
    input_close(&input);
    buffer_release(&line);
    return good;
}

static fenlei_text text_at(const struct source *source, struct piece piece)
{
    return (fenlei_text){source->bytes.bytes + piece.at, piece.size};
}

/* Fills one article; texts in *bytes, which does not move. */
static void make_article(const struct source *source, struct article *article, char *bytes)
{
    static const char *const papers[] = {"平安绍兴", "法治湖州", "株洲政法", ""};
    static const char *const reviews[] = {
        "near-threshold", "too-short", "unfamiliar", "", "", "", ""};
    size_t n = 0;
    struct buffer given = {0};
    *article = (struct article){.model = 1, .first_line = 1, .last_line = 9};
    for (size_t i = 0; i < SENTENCES; i++) {
        fenlei_text sentence = text_at(source, source->sentences[draw(source->n_sentences)]);
        if (n + sentence.size > 2000)
            break;
        memcpy(bytes + n, sentence.bytes, sentence.size);
        n += sentence.size;
    }
    article->text = (fenlei_text){bytes, n};
    article->title = text_at(source, source->titles[draw(source->n_titles)]);
    char *day = bytes + 2000, *labels = bytes + 2016, *sketch = bytes + 2080;
    snprintf(day, 11, "20%02d-%02d-%02d", 14 + (int)draw(10), 1 + (int)draw(12), 1 + (int)draw(28));
    for (uint64_t i = draw(3); i > 0; i--)
        labels_append(&given, (struct set_label){1 + (int64_t)draw(12), 0.9});
    memcpy(labels, given.bytes != NULL ? given.bytes : "", given.size < 60 ? given.size : 60);
    article->given = (fenlei_text){labels, given.size};
    for (size_t i = 0; i < SKETCH_BYTES; i++)
        sketch[i] = (char)draw(256);
    article->sketch = (fenlei_text){sketch, SKETCH_BYTES};
    article->day = text_of(day);
    article->paper = text_of(papers[draw(4)]);
    article->review = text_of(reviews[draw(7)]);
    article->doubt = (double)draw(1000000) / 1e6;
    buffer_release(&given);
}

static bool fill(struct store *store, const struct source *source, size_t n_articles)
{
    struct article *articles = array_new(FILE_ARTICLES, sizeof *articles);
    char(*bytes)[2200] = array_new(FILE_ARTICLES, sizeof *bytes);
    bool good = articles != NULL && bytes != NULL;
    for (size_t done = 0; good && done < n_articles; done += FILE_ARTICLES) {
        char name[32];
        int64_t id;
        bool known;
        fenlei_error error;
        snprintf(name, sizeof name, "file-%zu.txt", done);
        struct stored_file file = {.name = text_of(name), .hash = {done, 1}};
        for (size_t i = 0; i < FILE_ARTICLES; i++)
            make_article(source, &articles[i], bytes[i]);
        good =
            store_add_file(store, &file, articles, FILE_ARTICLES, &id, &known, &error) == FENLEI_OK;
    }
    free(articles);
    free(bytes);
    return good;
}

int main(int argc, char **argv)
{
    struct source source = {0};
    struct store *store;
    fenlei_error error;
    bool good = argc > 3 && store_open(argv[1], &store, &error) == FENLEI_OK;
    for (int i = 3; i < argc && good; i++)
        good = read_corpus(&source, argv[i]);
    good = good && source.n_sentences > 0 && source.n_titles > 0 &&
           fill(store, &source, strtoul(argv[2], NULL, 10));
    if (argc > 3)
        store_close(store);
    return good ? 0 : 1;
}
