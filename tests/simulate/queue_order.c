/* SPDX-License-Identifier: BSD-3-Clause */
/* What the desk would ask for next: usage: queue_order MODEL POOL JUDGED N queue|doubt. POOL and
 * JUDGED are records; prints the numbers of N lines of POOL, from 0. */
#include "base/input.h"
#include "base/record.h"
#include "desk/batch.h"
#include "desk/queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pool {
    struct candidate *of;
    size_t n, capacity;
};

static bool add(struct pool *pool, const fenlei_model *model, fenlei_labeler *labeler,
                struct sketcher *sketcher, const struct buffer *line)
{
    struct record record = {0};
    const fenlei_article *article;
    fenlei_error error;
    bool good = array_reserve(&pool->of, &pool->capacity, pool->n + 1, sizeof *pool->of) &&
                record_parse(&record, line->bytes, line->size, &error) == FENLEI_OK &&
                fenlei_label_record(labeler, record.title, record.text, NULL, &article, &error) ==
                    FENLEI_OK;
    if (good) {
        struct candidate *candidate = &pool->of[pool->n];
        *candidate =
            (struct candidate){.id = (int64_t)pool->n, .doubt = doubt_of(model, article->labels)};
        good = sketch_of(sketcher, record.title, record.text, candidate->sketch);
        pool->n++;
    }
    record_release(&record);
    return good;
}

static bool read_pool(struct pool *pool, const fenlei_model *model, const char *path)
{
    struct input input;
    struct buffer line = {0};
    fenlei_labeler *labeler = NULL;
    fenlei_error error;
    bool end = false;
    struct sketcher *sketcher = sketcher_new(model);
    bool good = sketcher != NULL && fenlei_labeler_new(model, &labeler, &error) == FENLEI_OK &&
                input_open(&input, path, &error) == FENLEI_OK;
    while (good && input_line(&input, &line, &end, &error) == FENLEI_OK && !end)
        good = add(pool, model, labeler, sketcher, &line);
    if (good)
        input_close(&input);
    fenlei_labeler_free(labeler);
    sketcher_free(sketcher);
    buffer_release(&line);
    return good;
}

static int by_doubt(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->doubt != b->doubt)
        return a->doubt > b->doubt ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static void print_order(struct pool *pool, const struct pool *judged, size_t wanted,
                        bool is_diverse)
{
    size_t n = pool->n < QUEUE_CANDIDATES ? pool->n : QUEUE_CANDIDATES;
    size_t first = judged->n > QUEUE_JUDGED ? judged->n - QUEUE_JUDGED : 0;
    if (n == 0)
        return;
    qsort(pool->of, pool->n, sizeof *pool->of, by_doubt);
    for (size_t i = first; is_diverse && i < judged->n; i++)
        batch_avoid(pool->of, n, (fenlei_text){(const char *)judged->of[i].sketch, SKETCH_BYTES});
    for (size_t i = 0; i < wanted && i < n; i++)
        printf("%lld\n", (long long)(is_diverse ? batch_take(pool->of, n)->id : pool->of[i].id));
}

int main(int argc, char **argv)
{
    fenlei_model *model;
    fenlei_error error;
    struct pool pool = {0}, judged = {0};
    if (argc != 6 || fenlei_model_open(argv[1], &model, &error) != FENLEI_OK ||
        !read_pool(&pool, model, argv[2]) || !read_pool(&judged, model, argv[3]))
        return 1;
    print_order(&pool, &judged, strtoul(argv[4], NULL, 10), strcmp(argv[5], "queue") == 0);
    free(pool.of);
    free(judged.of);
    fenlei_model_close(model);
    return 0;
}
