/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/view.h"

#include "base/utf8.h"
#include "html/html.h"
#include "html/markup.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    enum text name;
    const char *address;
} menu[] = {{TEXT_INBOX, "/inbox"},    {TEXT_ARTICLES, "/articles"}, {TEXT_NEXT_TO_LABEL, "/next"},
            {TEXT_RETRAIN, "/models"}, {TEXT_TOPICS, "/topics"},     {TEXT_FIGURES, "/figures"}};

struct view view_of(struct desk *desk, const struct request *request, struct answer *answer)
{
    fenlei_text cookie = request_cookie(request, "fenlei_language");
    enum language language = text_equal(cookie, text_of("zh")) ? CHINESE
                             : text_equal(cookie, text_of("en"))
                                 ? ENGLISH
                                 : language_preferred(request_header(request, "Accept-Language"));
    return (struct view){.desk = desk,
                         .request = request,
                         .answer = answer,
                         .out = &answer->body,
                         .language = language};
}

void put(struct view *view, const char *html)
{
    buffer_append_string(view->out, html);
}

void put_format(struct view *view, const char *html, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, html);
    vsnprintf(text, sizeof text, html, arguments);
    va_end(arguments);
    put(view, text);
}

void put_text(struct view *view, enum text text)
{
    html_text(view->out, text_of(text_in(view->language, text)));
}

void put_foreign(struct view *view, fenlei_text text)
{
    html_isolated(view->out, text);
}

void put_shown(struct view *view, fenlei_text text)
{
    struct buffer shown = {0};
    markup_drop(&shown, text);
    put_foreign(view, (fenlei_text){shown.bytes, shown.size});
    view->out->failed = view->out->failed || shown.failed;
    buffer_release(&shown);
}

void put_day(struct view *view, int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm parts;
    char text[32];
    if (localtime_r(&time, &parts) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%d %H:%M", &parts) > 0)
        put_format(view, "<time>%s</time>", text);
}

void put_token(struct view *view)
{
    put_format(view, "<input type=hidden name=token value=%s>", view->desk->token);
}

void put_option(struct view *view, const char *value, bool is_chosen, fenlei_text name)
{
    put(view, "<option value=\"");
    html_text(view->out, text_of(value));
    put(view, is_chosen ? "\" selected>" : "\">");
    html_text(view->out, name);
    put(view, "</option>");
}

/* ---- the frame ---- */

static void put_menu(struct view *view, enum text place)
{
    put(view, "<nav class=menu><ul>");
    for (size_t i = 0; i < sizeof menu / sizeof *menu; i++) {
        put_format(view, "<li><a href=%s%s>", menu[i].address,
                   menu[i].name == place ? " aria-current=page" : "");
        put_text(view, menu[i].name);
        put(view, "</a></li>");
    }
    put(view, "</ul></nav>");
}

static void put_language_switch(struct view *view)
{
    enum language other = view->language == CHINESE ? ENGLISH : CHINESE;
    put(view, "<form method=post action=/language class=language>");
    put_token(view);
    put_format(view, "<button name=language value=%s lang=%s>", other == CHINESE ? "zh" : "en",
               language_tag(other));
    put_text(view, TEXT_OTHER_LANGUAGE);
    put(view, "</button></form>");
}

void view_begin(struct view *view, enum text place, fenlei_text title)
{
    view->answer->type = "text/html; charset=utf-8";
    put_format(view, "<!doctype html>\n<html lang=%s>\n<head>\n<meta charset=utf-8>\n<title>",
               language_tag(view->language));
    html_text(view->out, title);
    put(view, " \u00b7 ");
    put_text(view, TEXT_DESK);
    put(view, "</title>\n");
    if (view->refreshes)
        put(view, "<noscript><meta http-equiv=refresh content=3></noscript>\n");
    put(view, "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=color-scheme content=\"light dark\">\n"
              "<link rel=icon href=/desk.svg>\n<link rel=stylesheet href=/desk.css>\n<script "
              "src=/desk.js defer></script>\n"
              "</head>\n<body>\n<a class=skip href=#content>");
    put_text(view, TEXT_SKIP);
    put(view, "</a>\n<header class=desk><a class=brand href=/inbox>");
    put_text(view, TEXT_DESK);
    put(view, "</a>");
    put_menu(view, place);
    put_language_switch(view);
    put(view, "</header>\n<main id=content>\n");
}

static void put_who(struct view *view)
{
    fenlei_text who = view->request->connection != NULL
                          ? request_cookie(view->request, "fenlei_who")
                          : text_of("");
    struct fields decoded = {0};
    put(view, "<form method=post action=/who class=who><label>");
    put_text(view, TEXT_YOUR_NAME);
    put(view, " <input name=who maxlength=40 size=12 value=\"");
    if (fields_parse_encoded(&decoded, who) && decoded.n > 0)
        html_text(view->out, decoded.of[0].name);
    fields_release(&decoded);
    put(view, "\"></label>");
    put_token(view);
    put(view, "<button>");
    put_text(view, TEXT_SAVE);
    put(view, "</button></form>");
}

void view_end(struct view *view)
{
    put(view, "</main>\n<footer class=desk>");
    put_who(view);
    put(view, "<details><summary>");
    put_text(view, TEXT_KEYS);
    put(view, "</summary><p>");
    put_text(view, TEXT_KEYS_HELP);
    put_format(view, "</p></details><p class=meta>fenlei %s</p></footer>\n</body>\n</html>\n",
               fenlei_version());
    topics_release(&view->topics);
}

/* ---- topics ---- */

bool view_topics(struct view *view)
{
    fenlei_error error;
    if (view->topics.n > 0 || store_topics(view->desk->store, &view->topics, &error) == FENLEI_OK)
        return true;
    topics_release(&view->topics);
    view_fail(view, 500, TEXT_FAILED, error.message);
    return false;
}

const struct topic *view_topic(const struct view *view, int64_t id)
{
    for (size_t steps = 0; steps <= view->topics.n; steps++) {
        const struct topic *found = NULL;
        for (size_t i = 0; i < view->topics.n; i++)
            if (view->topics.of[i].id == id)
                found = &view->topics.of[i];
        if (found == NULL || found->merged_into == 0)
            return found;
        id = found->merged_into;
    }
    return NULL;
}

const char *topic_colour(const struct topic *topic)
{
    static const char *const classes[] = {"k0", "k1", "k2", "k3", "k4",  "k5",
                                          "k6", "k7", "k8", "k9", "k10", "k11"};
    return classes[(topic->id - 1) % 12];
}

void put_set(struct view *view, fenlei_text set)
{
    struct set_label label;
    bool any = false;
    put(view, "<ul class=chips>");
    for (size_t at = 0; labels_next(set, &at, &label);) {
        const struct topic *topic = view_topic(view, label.topic);
        if (topic == NULL)
            continue;
        any = true;
        put_format(view, "<li class=\"chip %s\">", topic_colour(topic));
        put_foreign(view, text_of(topic->name));
        if (label.probability == label.probability)
            put_format(view, " <small>%d%%</small>", (int)(label.probability * 100 + 0.5));
        put(view, "</li>");
    }
    if (!any) {
        put(view, "<li class=\"chip none\">");
        put_text(view, TEXT_NO_TOPIC);
        put(view, "</li>");
    }
    put(view, "</ul>");
}

void put_review(struct view *view, fenlei_review review)
{
    static const enum text words[] = {[FENLEI_REVIEW_NEAR_THRESHOLD] = TEXT_NEAR_THRESHOLD,
                                      [FENLEI_REVIEW_TOO_SHORT] = TEXT_TOO_SHORT,
                                      [FENLEI_REVIEW_UNFAMILIAR] = TEXT_UNFAMILIAR,
                                      [FENLEI_REVIEW_NOT_AN_ARTICLE] = TEXT_REVIEW_NOT_AN_ARTICLE,
                                      [FENLEI_REVIEW_SEVERAL_ARTICLES] = TEXT_SEVERAL_ARTICLES,
                                      [FENLEI_REVIEW_UNCERTAIN_SPLIT] = TEXT_UNCERTAIN_SPLIT};
    put_text(view, words[review]);
}

void put_review_named(struct view *view, fenlei_text review)
{
    for (fenlei_review i = FENLEI_REVIEW_NEAR_THRESHOLD; i <= FENLEI_REVIEW_UNCERTAIN_SPLIT; i++)
        if (text_equal(review, text_of(fenlei_review_name(i)))) {
            put_review(view, i);
            return;
        }
    put_foreign(view, review);
}

/* ---- whole answers ---- */

void view_fail(struct view *view, unsigned status, enum text what, const char *words)
{
    buffer_clear(view->out);
    view->answer->status = status;
    view_begin(view, TEXT_DESK, text_of(text_in(view->language, what)));
    put(view, "<h1>");
    put_text(view, what);
    put(view, "</h1>\n");
    if (words != NULL) {
        put(view, "<p class=fault>");
        put_foreign(view, text_of(words));
        put(view, "</p>\n");
    }
    view_end(view);
}

void view_redirect(struct view *view, const char *address)
{
    buffer_clear(view->out);
    view->answer->status = 303;
    buffer_append_string(&view->answer->location, address);
    topics_release(&view->topics);
}
