/* SPDX-License-Identifier: BSD-3-Clause */
/* What each stage of a document's path costs, beside the floor: a bare loop that decodes UTF-8 and
 * probes one hash table for each bigram.
 *
 *     stages MODEL RECORDS.jsonl
 *
 * Prints tab-separated lines: stage, seconds for all records (the least of several rounds), MB/s of
 * the records' file. One thread, everything in memory. */
#include "base/input.h"
#include "base/record.h"
#include "base/status.h"
#include "base/utf8.h"
#include "command/output.h"
#include "label/features.h"
#include "label/label.h"
#include "label/model.h"
#include "label/score.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 7 };

enum stage { FLOOR, JSON_IN, DECODE, FOLD, LOOKUP, SCORE, LABEL, JSON_OUT, N_STAGES };

static const char *const stage_names[N_STAGES] = {"floor",
                                                  "JSON in",
                                                  "decode (check UTF-8)",
                                                  "fold",
                                                  "n-grams, lookup and count",
                                                  "tf-idf and score",
                                                  "label",
                                                  "JSON out"};

struct bench {
    fenlei_model *model;
    struct buffer file;
    fenlei_text *lines; /* [n_lines] */
    size_t n_lines;
    uint64_t *table; /* [1 << table_bits] keys of the floor, 0 is free */
    unsigned table_bits;

    struct features features;
    struct counts counts;
    double *scores;       /* [topics] */
    fenlei_label *labels; /* [topics] */
    struct buffer out;
    uint64_t sink; /* so that no work is left out as useless */
    double seconds[N_STAGES];
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Adds the time since *since to a stage. */
static void lap(struct bench *bench, enum stage stage, double *since)
{
    double time = now();
    bench->seconds[stage] += time - *since;
    *since = time;
}

/* ---- the floor ---- */

static uint64_t *floor_slot(const struct bench *bench, uint64_t key)
{
    uint64_t mask = (UINT64_C(1) << bench->table_bits) - 1;
    uint64_t i = vocab_hash(key) >> (64 - bench->table_bits);
    while (bench->table[i] != 0 && bench->table[i] != key)
        i = (i + 1) & mask;
    return &bench->table[i];
}

static int by_key(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static bool floor_init(struct bench *bench)
{
    const struct vocab *vocab = &bench->model->parts.vocab;
    bench->table_bits = 1;
    while (UINT64_C(1) << bench->table_bits < 2 * (uint64_t)vocab->size)
        bench->table_bits++;
    bench->table = array_new((size_t)1 << bench->table_bits, sizeof *bench->table);
    uint64_t *keys = array_new(vocab->size, sizeof *keys);
    if (keys != NULL) {
        vocab_list(vocab, keys);
        qsort(keys, vocab->size, sizeof *keys, by_key); /* common ones have no advantage */
    }
    for (uint32_t id = 0; bench->table != NULL && keys != NULL && id < vocab->size; id++)
        *floor_slot(bench, keys[id]) = keys[id];
    free(keys);
    return bench->table != NULL && keys != NULL;
}

static uint64_t floor_run(const struct bench *bench, fenlei_text text)
{
    uint64_t found = 0;
    uint32_t before = MARK_START;
    for (size_t at = 0; at < text.size;) {
        uint32_t letter = (uint32_t)utf8_next(text.bytes, &at);
        found += *floor_slot(bench, ngram_key(before, letter, 2)) != 0;
        before = letter;
    }
    return found;
}

/* ---- the path, a stage at a time ---- */

static bool run_record(struct bench *bench, size_t i)
{
    const struct model_parts *model = &bench->model->parts;
    uint32_t n_topics = model->weights.n_topics;
    struct record record = {0};
    double time = now();
    if (record_parse(&record, bench->lines[i].bytes, bench->lines[i].size, NULL) != FENLEI_OK)
        return false;
    lap(bench, JSON_IN, &time);
    bench->sink += utf8_valid_prefix(record.title.bytes, record.title.size) +
                   utf8_valid_prefix(record.text.bytes, record.text.size);
    lap(bench, DECODE, &time);
    bool good = features_extract(&bench->features, &model->settings, record.title, record.text);
    lap(bench, FOLD, &time);
    features_count(&bench->features, &bench->counts);
    struct evidence evidence = {features_letters(&bench->features), bench->counts.single,
                                bench->counts.longer};
    lap(bench, LOOKUP, &time);
    score_counts(&model->weights, &bench->counts, model->idf, bench->scores);
    lap(bench, SCORE, &time);
    label_topics(model->calibration, bench->scores, n_topics, (double)NAN, evidence, bench->labels);
    fenlei_article article = {.labels = bench->labels};
    article.review =
        label_review(model->calibration, bench->labels, n_topics, (double)NAN, evidence);
    lap(bench, LABEL, &time);
    buffer_clear(&bench->out);
    output_json(&bench->out, bench->model,
                (struct source){.number = i + 1, .id = record.id, .is_record = true}, NULL,
                &article, (struct selection){0}, (fenlei_text){NULL, 0});
    bench->sink += bench->out.size;
    lap(bench, JSON_OUT, &time);
    bench->sink += floor_run(bench, record.title) + floor_run(bench, record.text);
    lap(bench, FLOOR, &time);
    record_release(&record);
    return good;
}

static bool gather_lines(struct bench *bench)
{
    size_t capacity = 0, at = 0;
    while (at < bench->file.size) {
        const char *start = bench->file.bytes + at;
        const char *end = memchr(start, '\n', bench->file.size - at);
        size_t size = end != NULL ? (size_t)(end - start) : bench->file.size - at;
        if (!array_reserve(&bench->lines, &capacity, bench->n_lines + 1, sizeof *bench->lines))
            return false;
        bench->lines[bench->n_lines++] = (fenlei_text){start, size};
        at += size + 1;
    }
    return bench->n_lines > 0;
}

static bool prepare(struct bench *bench, char **argv, fenlei_error *error)
{
    if (fenlei_model_open(argv[1], &bench->model, error) != FENLEI_OK ||
        input_read(argv[2], &bench->file, error) != FENLEI_OK)
        return false;
    size_t n_topics = fenlei_topic_count(bench->model);
    bench->scores = array_new(n_topics, sizeof *bench->scores);
    bench->labels = array_new(n_topics, sizeof *bench->labels);
    error_set(error, FENLEI_NO_MEMORY, "no memory, or no records");
    return bench->scores != NULL && bench->labels != NULL && gather_lines(bench) &&
           counts_init(&bench->counts, &bench->model->parts.vocab) && floor_init(bench);
}

static void release(struct bench *bench)
{
    features_release(&bench->features);
    counts_release(&bench->counts);
    buffer_release(&bench->file);
    buffer_release(&bench->out);
    free(bench->lines);
    free(bench->table);
    free(bench->scores);
    free(bench->labels);
    fenlei_model_close(bench->model);
}

int main(int argc, char **argv)
{
    struct bench bench = {0};
    fenlei_error error;
    double best[N_STAGES];
    if (argc != 3 || !prepare(&bench, argv, &error)) {
        fprintf(stderr, "stages: %s\n", argc == 3 ? error.message : "MODEL RECORDS.jsonl");
        release(&bench);
        return 1;
    }
    bool good = true;
    for (int round = 0; round < ROUNDS && good; round++) {
        for (int stage = 0; stage < N_STAGES; stage++)
            bench.seconds[stage] = 0;
        for (size_t i = 0; i < bench.n_lines && good; i++)
            good = run_record(&bench, i);
        for (int stage = 0; stage < N_STAGES; stage++)
            best[stage] =
                round == 0 ? bench.seconds[stage] : fmin(best[stage], bench.seconds[stage]);
    }
    double megabytes = (double)bench.file.size / 1e6;
    for (int stage = 0; stage < N_STAGES && good; stage++)
        printf("%s\t%.4f\t%.0f\n", stage_names[stage], best[stage], megabytes / best[stage]);
    if (!good)
        fprintf(stderr, "stages: a record cannot be used\n");
    release(&bench);
    return good && bench.sink > 0 ? 0 : 1;
}
