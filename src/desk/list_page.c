/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/export.h"
#include "desk/filter.h"
#include "desk/pages.h"

#include "base/utf8.h"
#include "html/html.h"
#include "html/markup.h"

#include <stdio.h>
#include <string.h>

enum {
    PAGE_SIZE = 50,
    COUNTED_MOST = 1000,
    EXCERPT = 80,      /* characters */
    EXCERPT_REACH = 16 /* bytes of a text for each of them, markup among them */
};

/* ---- an entry ---- */

/* The first characters of a text, without markup. */
static void put_excerpt(struct view *view, fenlei_text whole, size_t most)
{
    struct buffer shown = {0};
    size_t reach = most * EXCERPT_REACH, at = 0;
    markup_drop(&shown, (fenlei_text){whole.bytes, whole.size < reach ? whole.size : reach});
    fenlei_text text = {shown.bytes, shown.size};
    put(view, "<bdi>");
    for (size_t n = 0; n < most && at < text.size; n++) {
        size_t size = utf8_size(text.bytes + at, text.size - at);
        size = size > 0 ? size : 1;
        html_text(view->out, (fenlei_text){text.bytes + at, size});
        at += size;
    }
    put(view, "</bdi>");
    if (at < text.size || reach < whole.size)
        put(view, "\u2026");
    view->out->failed = view->out->failed || shown.failed;
    buffer_release(&shown);
}

static void put_place(struct view *view, const struct article *article)
{
    put(view, "<p class=meta>");
    if (article->day.size > 0) {
        put_foreign(view, article->day);
        put(view, " \u00b7 ");
    }
    if (article->paper.size > 0) {
        put_foreign(view, article->paper);
        put(view, " \u00b7 ");
    }
    put_foreign(view, article->file_name);
    put_format(view, ":%lld", (long long)article->first_line);
    if (article->review.size > 0) {
        put(view, " \u00b7 <b class=why>");
        put_review_named(view, article->review);
        put(view, "</b>");
    }
    if (article->judged.bytes != NULL) {
        put(view, " \u00b7 ");
        put_text(view, TEXT_BY_A_PERSON);
    }
    put(view, "</p>");
}

void put_entry(struct view *view, const struct article *article, const char *address_query)
{
    put_format(view, "<li class=entry data-entry><a class=title href=\"/articles/%lld",
               (long long)article->id);
    html_text(view->out, text_of(address_query));
    put(view, "\">");
    if (article->title.size > 0)
        put_shown(view, article->title);
    else
        put_excerpt(view, article->text, EXCERPT / 2);
    put(view, "</a>");
    if (article->state == ARTICLE_IS_ONE)
        put_set(view, article->judged.bytes != NULL ? article->judged : article->given);
    if (article->title.size > 0) {
        put(view, "<p class=excerpt>");
        put_excerpt(view, article->text, EXCERPT);
        put(view, "</p>");
    }
    put_place(view, article);
    put(view, "</li>\n");
}

/* ---- the filter ---- */

static void put_topic_choice(struct view *view, const struct filter *filter)
{
    put(view, "<label>");
    put_text(view, TEXT_TOPIC);
    put(view, " <select name=topic>");
    put_option(view, "", false, text_of(text_in(view->language, TEXT_ALL)));
    put_option(view, "none", filter->is_untopical, text_of(text_in(view->language, TEXT_NO_TOPIC)));
    for (size_t i = 0; i < view->topics.n; i++) {
        char number[24];
        const struct topic *topic = &view->topics.of[i];
        snprintf(number, sizeof number, "%lld", (long long)topic->id);
        if (topic->merged_into == 0)
            put_option(view, number, topic->id == filter->topic, text_of(topic->name));
    }
    put(view, "</select></label>\n");
}

static void put_review_choice(struct view *view, const struct filter *filter)
{
    put(view, "<label>");
    put_text(view, TEXT_REASON);
    put(view, " <select name=review>");
    put_option(view, "", false, text_of(text_in(view->language, TEXT_ALL)));
    for (fenlei_review i = FENLEI_REVIEW_NEAR_THRESHOLD; i <= FENLEI_REVIEW_UNCERTAIN_SPLIT; i++) {
        const char *name = fenlei_review_name(i);
        put_format(view, "<option value=%s%s>", name,
                   text_equal(filter->review, text_of(name)) ? " selected" : "");
        put_review(view, i);
        put(view, "</option>");
    }
    put(view, "</select></label>\n");
}

static void put_input(struct view *view, enum text label, const char *attributes, fenlei_text value)
{
    put(view, "<label>");
    put_text(view, label);
    put_format(view, " <input %s value=\"", attributes);
    html_text(view->out, value);
    put(view, "\"></label>\n");
}

static void put_other_choices(struct view *view, const struct filter *filter)
{
    put(view, "<label>");
    put_text(view, TEXT_JUDGED);
    put(view, " <select name=judged>");
    put_option(view, "", false, text_of(text_in(view->language, TEXT_ALL)));
    put_option(view, "yes", filter->judgement == JUDGED_YES,
               text_of(text_in(view->language, TEXT_YES)));
    put_option(view, "no", filter->judgement == JUDGED_NO,
               text_of(text_in(view->language, TEXT_NO)));
    put(view, "</select></label>\n<label>");
    put_text(view, TEXT_ORDER);
    put(view, " <select name=order>");
    put_option(view, "", false, text_of(text_in(view->language, TEXT_NEWEST_FIRST)));
    put_option(view, "day", filter->order == ORDER_DAY,
               text_of(text_in(view->language, TEXT_BY_DAY)));
    put_option(view, "doubt", filter->order == ORDER_DOUBT,
               text_of(text_in(view->language, TEXT_LEAST_SURE)));
    put(view, "</select></label>\n");
}

static void put_filter(struct view *view, const struct filter *filter)
{
    put(view, "<form method=get action=/articles class=filter role=search>\n<label class=wide>");
    put_text(view, TEXT_SEARCH);
    put(view, " <input type=search name=q data-search placeholder=\"");
    put_text(view, TEXT_SEARCH_HELP);
    put(view, "\" value=\"");
    html_text(view->out, filter->search);
    put(view, "\"></label>\n");
    put_topic_choice(view, filter);
    put_input(view, TEXT_FROM_DAY, "type=date name=from", filter->from);
    put_input(view, TEXT_TO_DAY, "type=date name=to", filter->to);
    put_input(view, TEXT_PAPER, "name=paper size=10", filter->paper);
    put_review_choice(view, filter);
    put_other_choices(view, filter);
    if (filter->file > 0)
        put_format(view, "<input type=hidden name=file value=%lld>", (long long)filter->file);
    put(view, "<button class=main>");
    put_text(view, TEXT_SHOW);
    put(view, "</button>\n</form>\n");
}

/* ---- the page ---- */

struct shown {
    struct view *view;
    const char *query;
    int64_t first, last;
    size_t n;
};

static bool show_article(void *context, const struct article *article)
{
    struct shown *shown = context;
    put_entry(shown->view, article, shown->query);
    shown->last = article->id;
    if (shown->n++ == 0)
        shown->first = article->id;
    return true;
}

static void put_turn(struct view *view, const char *relation, const char *field, int64_t article,
                     enum text name)
{
    put_format(view, "<a rel=%s href=\"/articles?%s=%lld", relation, field, (long long)article);
    struct buffer query = {0};
    filter_address(&query, &view->request->query, '&');
    html_text(view->out, (fenlei_text){query.bytes, query.size});
    buffer_release(&query);
    put(view, "\">");
    put_text(view, name);
    put(view, "</a>\n");
}

static void put_turns(struct view *view, const struct shown *shown, const struct filter *filter,
                      bool more)
{
    put(view, "<p class=turns>");
    if (filter->cursor != 0 && (!filter->is_backwards || more) && shown->n > 0)
        put_turn(view, "prev", "before", shown->first, TEXT_EARLIER);
    if ((filter->is_backwards || more) && shown->n > 0)
        put_turn(view, "next", "after", shown->last, TEXT_LATER);
    put(view, "</p>\n");
}

static void put_exports(struct view *view)
{
    static const char *const formats[][2] = {{"jsonl", "JSONL"},
                                             {"csv", "CSV"},
                                             {"doccano", "doccano"},
                                             {"label-studio", "Label Studio"}};
    struct buffer query = {0};
    filter_address(&query, &view->request->query, '&');
    put(view, "<p class=meta>");
    put_text(view, TEXT_EXPORT);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        put_format(view, " \u00b7 <a href=\"/export?format=%s", formats[i][0]);
        html_text(view->out, (fenlei_text){query.bytes, query.size});
        put_format(view, "\" download>%s</a>", formats[i][1]);
    }
    put(view, "</p>\n");
    buffer_release(&query);
}

static void put_found(struct view *view, const struct filter *filter)
{
    fenlei_error error;
    size_t count = 0;
    struct filter all = *filter;
    all.cursor = 0;
    if (store_count(view->desk->store, &all, COUNTED_MOST + 1, &count, &error) != FENLEI_OK)
        return;
    put(view, "<p class=meta role=status>");
    put_text(view, TEXT_FOUND);
    put(view, " ");
    if (count > COUNTED_MOST) {
        put_text(view, TEXT_MORE_THAN);
        put(view, " ");
        count = COUNTED_MOST;
    }
    put_format(view, "%zu ", count);
    put_text(view, TEXT_N_ARTICLES);
    put(view, "</p>\n");
}

static void put_list(struct view *view, const struct filter *filter)
{
    struct buffer query = {0};
    fenlei_error error;
    bool more;
    filter_address(&query, &view->request->query, '?');
    buffer_append(&query, "", 1);
    struct shown shown = {.view = view, .query = query.failed ? "" : query.bytes};
    put(view, "<ol class=list>\n");
    fenlei_status status =
        store_list(view->desk->store, filter, PAGE_SIZE, show_article, &shown, &more, &error);
    put(view, "</ol>\n");
    if (status != FENLEI_OK || shown.n == 0) {
        put(view, "<p class=meta>");
        if (status == FENLEI_OK)
            put_text(view, TEXT_NONE_FOUND);
        else
            put_foreign(view, text_of(error.message));
        put(view, "</p>\n");
    }
    put_turns(view, &shown, filter, more);
    buffer_release(&query);
}

void list_show(struct view *view)
{
    const struct fields *query = &view->request->query;
    struct filter filter = filter_read(query);
    struct article cursor = {0};
    int64_t after = fields_number(query, "after"), before = fields_number(query, "before");
    if (!view_topics(view))
        return;
    if (after > 0 || before > 0)
        filter_from(&filter, view->desk->store, after > 0 ? after : before, after == 0, &cursor);
    view_begin(view, TEXT_ARTICLES, text_of(text_in(view->language, TEXT_ARTICLES)));
    put(view, "<h1>");
    put_text(view, TEXT_ARTICLES);
    put(view, "</h1>\n");
    put_filter(view, &filter);
    put_found(view, &filter);
    put_list(view, &filter);
    put_exports(view);
    view_end(view);
    article_release(&cursor);
}

void list_export(struct view *view)
{
    fenlei_text name = fields_value(&view->request->query, "format");
    enum export_format format;
    if (!export_format_named(name, &format))
        view_fail(view, 400, TEXT_NOT_FOUND, "format: jsonl, csv, doccano or label-studio");
    else if (!export_begin(view->desk->store, &view->request->query, format, view->answer))
        view_fail(view, 500, TEXT_FAILED, "out of memory");
}
