#include "desk/queue.h"

#include "base/status.h"
#include "desk/sketch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct candidate {
    int64_t id;
    double doubt;
    double likeness; /* to the nearest of the judged and the taken */
    unsigned char sketch[SKETCH_BYTES];
    bool is_taken;
};

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

/* Candidates that are like `sketch` are worth less from now on. */
static void compare(struct pool *pool, fenlei_text sketch)
{
    for (size_t i = 0; i < pool->n; i++) {
        fenlei_text own = {(const char *)pool->of[i].sketch, SKETCH_BYTES};
        pool->of[i].likeness = fmax(pool->of[i].likeness, sketch_likeness(own, sketch));
    }
}

static bool see_judged(void *context, const struct article *article)
{
    compare(context, article->sketch);
    return true;
}

static struct candidate *best_of(struct pool *pool)
{
    struct candidate *best = NULL;
    double most = -1;
    for (size_t i = 0; i < pool->n; i++) {
        double worth = pool->of[i].doubt * (1 - pool->of[i].likeness);
        if (pool->of[i].is_taken || worth <= most)
            continue;
        best = &pool->of[i];
        most = worth;
    }
    return best;
}

static fenlei_status take(struct queue *queue, struct pool *pool, struct store *store,
                          fenlei_error *error)
{
    struct candidate *best;
    while (queue->n < QUEUE_SIZE && (best = best_of(pool)) != NULL) {
        best->is_taken = true;
        enum store_answer answer =
            store_article(store, best->id, &queue->articles[queue->n], error);
        if (answer == STORE_FAILED)
            return error->status;
        queue->n += answer == STORE_DONE;
        compare(pool, (fenlei_text){(const char *)best->sketch, SKETCH_BYTES});
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
