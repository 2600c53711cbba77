/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/pages.h"
#include "desk/queue.h"

#include <stdio.h>

enum { LATELY = 20 };

/* Of the articles judged last, those that a person gave other topics than the model. */
struct lately {
    size_t n, changed;
};

static bool count_changed(void *context, const struct article *article)
{
    struct lately *lately = context;
    lately->n++;
    lately->changed += !labels_equal(article->given, article->judged);
    return true;
}

static void put_progress(struct view *view)
{
    struct totals totals;
    struct lately lately = {0};
    fenlei_error error;
    if (store_totals(view->desk->store, &totals, &error) != FENLEI_OK ||
        store_judged(view->desk->store, LATELY, count_changed, &lately, &error) != FENLEI_OK)
        return;
    put(view, "<p class=meta>");
    put_text(view, TEXT_JUDGED_SO_FAR);
    put_format(view, ": %lld \u00b7 ", (long long)totals.judged);
    put_text(view, TEXT_LAST_CHANGED);
    put_format(view, ": %zu", lately.changed);
    put(view, "</p>\n");
}

static void show(struct view *view, const struct queue *queue)
{
    view_begin(view, TEXT_NEXT_TO_LABEL, text_of(text_in(view->language, TEXT_NEXT_TO_LABEL)));
    put(view, "<h1>");
    put_text(view, TEXT_NEXT_TO_LABEL);
    put(view, "</h1>\n<p>");
    put_text(view, queue->n > 0 ? TEXT_QUEUE_HELP : TEXT_QUEUE_EMPTY);
    put(view, "</p>\n");
    put_progress(view);
    put(view, "<ol class=list>\n");
    for (size_t i = 0; i < queue->n; i++)
        put_entry(view, &queue->articles[i], "?queue=1");
    put(view, "</ol>\n");
    view_end(view);
}

/* The first of the queue that is not the article that was just looked at. */
static void lead_on(struct view *view, const struct queue *queue, int64_t after)
{
    for (size_t i = 0; i < queue->n; i++)
        if (queue->articles[i].id != after) {
            char address[64];
            snprintf(address, sizeof address, "/articles/%lld?queue=1",
                     (long long)queue->articles[i].id);
            view_redirect(view, address);
            return;
        }
    view_redirect(view, "/next");
}

void queue_show(struct view *view)
{
    struct queue queue = {0};
    fenlei_error error;
    int64_t after = fields_number(&view->request->query, "after");
    if (!view_topics(view))
        return;
    if (queue_fill(&queue, view->desk->store, &error) != FENLEI_OK)
        view_fail(view, 500, TEXT_FAILED, error.message);
    else if (after > 0)
        lead_on(view, &queue, after);
    else
        show(view, &queue);
    queue_release(&queue);
}
