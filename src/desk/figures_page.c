/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/pages.h"
#include "html/html.h"

#include <stdlib.h>
#include <string.h>

/* ---- topics by month, by paper ---- */

/* A table whose rows come one after the other: all figures of a row together. */
struct grid {
    struct view *view;
    int64_t *row; /* [topics] of the row being gathered */
    struct buffer name;
    bool has_row;
    enum text none; /* what a row without a name is called */
};

static void put_row(struct grid *grid)
{
    struct view *view = grid->view;
    if (!grid->has_row)
        return;
    put(view, "<tr><th scope=row>");
    if (grid->name.size > 0)
        put_foreign(view, (fenlei_text){grid->name.bytes, grid->name.size});
    else
        put_text(view, grid->none);
    put(view, "</th>");
    for (size_t i = 0; i < view->topics.n; i++) {
        if (view->topics.of[i].merged_into == 0)
            put_format(view, grid->row[i] > 0 ? "<td class=n>%lld</td>" : "<td class=n></td>",
                       (long long)grid->row[i]);
        grid->row[i] = 0;
    }
    put(view, "</tr>\n");
    grid->has_row = false;
}

static bool add_figure(void *context, const struct figure *figure)
{
    struct grid *grid = context;
    fenlei_text name = {grid->name.bytes, grid->name.size};
    if (!grid->has_row || !text_equal(name, figure->name)) {
        put_row(grid);
        buffer_clear(&grid->name);
        buffer_append_text(&grid->name, figure->name);
        grid->has_row = true;
    }
    const struct topic *topic = view_topic(grid->view, figure->topic);
    if (topic != NULL)
        grid->row[topic - grid->view->topics.of] += figure->count;
    return !grid->name.failed;
}

typedef fenlei_status figures_of(struct store *store, store_visit_figure *visit, void *context,
                                 fenlei_error *error);

static void put_grid(struct view *view, enum text title, enum text first, enum text none,
                     figures_of *figures)
{
    fenlei_error error;
    struct grid grid = {.view = view, .none = none};
    grid.row = array_new(view->topics.n, sizeof *grid.row);
    if (grid.row == NULL)
        return;
    put(view, "<h2>");
    put_text(view, title);
    put(view, "</h2>\n<div class=table tabindex=0 role=group><table><thead><tr><th>");
    put_text(view, first);
    put(view, "</th>");
    for (size_t i = 0; i < view->topics.n; i++) {
        if (view->topics.of[i].merged_into != 0)
            continue;
        put(view, "<th class=n>");
        put_foreign(view, text_of(view->topics.of[i].name));
        put(view, "</th>");
    }
    put(view, "</tr></thead><tbody>\n");
    fenlei_status status = figures(view->desk->store, add_figure, &grid, &error);
    put_row(&grid);
    put(view, "</tbody></table></div>\n");
    if (status != FENLEI_OK)
        put_foreign(view, text_of(error.message));
    free(grid.row);
    buffer_release(&grid.name);
}

/* ---- what people correct ---- */

struct corrected {
    struct view *view;
    struct tallies {
        size_t given, taken, kept;
    } * of; /* [topics] */
};

static bool compare_sets(void *context, const struct article *article)
{
    struct corrected *corrected = context;
    struct set_label label;
    const struct topic *first = corrected->view->topics.of;
    for (size_t at = 0; labels_next(article->judged, &at, &label);) {
        const struct topic *topic = view_topic(corrected->view, label.topic);
        if (topic == NULL)
            continue;
        if (labels_have(article->given, label.topic))
            corrected->of[topic - first].kept++;
        else
            corrected->of[topic - first].given++;
    }
    for (size_t at = 0; labels_next(article->given, &at, &label);) {
        const struct topic *topic = view_topic(corrected->view, label.topic);
        if (topic != NULL && !labels_have(article->judged, label.topic))
            corrected->of[topic - first].taken++;
    }
    return true;
}

static void put_corrected(struct view *view)
{
    fenlei_error error;
    struct corrected corrected = {view, array_new(view->topics.n, sizeof *corrected.of)};
    if (corrected.of == NULL)
        return;
    store_judged(view->desk->store, SIZE_MAX, compare_sets, &corrected, &error);
    put(view, "<h2>");
    put_text(view, TEXT_HOW_OFTEN_CORRECTED);
    put(view, "</h2>\n<div class=table tabindex=0 role=group><table><thead><tr><th>");
    put_text(view, TEXT_TOPIC);
    put(view, "</th><th class=n>");
    put_text(view, TEXT_GIVEN_BY_PEOPLE);
    put(view, "</th><th class=n>");
    put_text(view, TEXT_TAKEN_BY_PEOPLE);
    put(view, "</th><th class=n>");
    put_text(view, TEXT_LEFT_ALONE);
    put(view, "</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < view->topics.n; i++) {
        const struct tallies *tallies = &corrected.of[i];
        if (tallies->given + tallies->taken + tallies->kept == 0)
            continue;
        put(view, "<tr><th scope=row>");
        put_foreign(view, text_of(view->topics.of[i].name));
        put_format(view, "</th><td class=n>%zu</td><td class=n>%zu</td><td class=n>%zu</td></tr>\n",
                   tallies->given, tallies->taken, tallies->kept);
    }
    put(view, "</tbody></table></div>\n");
    free(corrected.of);
}

/* ---- the page ---- */

static void put_totals(struct view *view)
{
    struct totals totals;
    size_t shared, agreed;
    fenlei_error error;
    if (store_totals(view->desk->store, &totals, &error) != FENLEI_OK ||
        store_agreement(view->desk->store, &shared, &agreed, &error) != FENLEI_OK)
        return;
    const struct {
        enum text name;
        int64_t count;
    } rows[] = {{TEXT_FILES, totals.files},
                {TEXT_ARTICLES, totals.articles},
                {TEXT_JUDGED, totals.judged},
                {TEXT_CORRECTIONS, totals.corrections}};
    put(view, "<table><tbody>\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        put(view, "<tr><th scope=row>");
        put_text(view, rows[i].name);
        put_format(view, "</th><td class=n>%lld</td></tr>\n", (long long)rows[i].count);
    }
    put(view, "<tr><th scope=row>");
    put_text(view, TEXT_AGREEMENT);
    put(view, "</th><td class=n>");
    if (shared > 0) {
        put_format(view, "%zu ", agreed);
        put_text(view, TEXT_OF);
        put_format(view, " %zu", shared);
    } else {
        put(view, "\u2013");
    }
    put(view, "</td></tr>\n</tbody></table>\n");
}

void figures_show(struct view *view)
{
    if (!view_topics(view))
        return;
    view_begin(view, TEXT_FIGURES, text_of(text_in(view->language, TEXT_FIGURES)));
    put(view, "<h1>");
    put_text(view, TEXT_FIGURES);
    put(view, "</h1>\n");
    put_totals(view);
    put_corrected(view);
    put_grid(view, TEXT_OVER_TIME, TEXT_MONTH, TEXT_NO_DAY, store_by_month);
    put_grid(view, TEXT_BY_PAPER, TEXT_PAPER, TEXT_NO_PAPER, store_by_paper);
    view_end(view);
}
