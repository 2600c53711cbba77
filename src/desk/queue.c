/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/queue.h"

#include "base/status.h"
#include "desk/batch.h"

#include <stdlib.h>
#include <string.h>

struct pool {
    struct candidate of[QUEUE_CANDIDATES];
    size_t n;
};

static bool add_candidate(void *context, const struct article *article)
{
    struct pool *pool = context;
    struct candidate *candidate = &pool->of[pool->n++];
    *candidate = (struct candidate){.id = article->id, .doubt = article->doubt};
    if (article->sketch.size == SKETCH_BYTES)
        memcpy(candidate->sketch, article->sketch.bytes, SKETCH_BYTES);
    return pool->n < QUEUE_CANDIDATES;
}

static bool see_judged(void *context, const struct article *article)
{
    struct pool *pool = context;
    batch_avoid(pool->of, pool->n, article->sketch);
    return true;
}

static fenlei_status take(struct queue *queue, struct pool *pool, struct store *store,
                          fenlei_error *error)
{
    struct candidate *best;
    while (queue->n < QUEUE_SIZE && (best = batch_take(pool->of, pool->n)) != NULL) {
        enum store_answer answer =
            store_article(store, best->id, &queue->articles[queue->n], error);
        if (answer == STORE_FAILED)
            return error->status;
        queue->n += answer == STORE_DONE;
    }
    return FENLEI_OK;
}

fenlei_status queue_fill(struct queue *queue, struct store *store, fenlei_error *error)
{
    bool more;
    struct filter filter = {.order = ORDER_DOUBT};
    struct pool *pool = array_new(1, sizeof *pool);
    if (pool == NULL)
        return error_memory(error);
    fenlei_status status =
        store_list(store, &filter, QUEUE_CANDIDATES, add_candidate, pool, &more, error);
    if (status == FENLEI_OK)
        status = store_judged(store, QUEUE_JUDGED, see_judged, pool, error);
    if (status == FENLEI_OK)
        status = take(queue, pool, store, error);
    free(pool);
    return status;
}

void queue_release(struct queue *queue)
{
    for (size_t i = 0; i < QUEUE_SIZE; i++)
        article_release(&queue->articles[i]);
    queue->n = 0;
}
