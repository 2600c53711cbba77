/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/json_part.h"
#include "base/number.h"
#include "desk/pages.h"
#include "desk/trainer.h"
#include "desk/training_files.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FEW_HELD_BACK = 10, CHANGES_SHOWN = 20 };

/* ---- old and new, side by side ---- */

static void put_number(struct view *view, double value, const char *plus)
{
    put(view, "<td class=n>");
    number_signed(view->out, value, 3, plus, "\u2212");
    put(view, "</td>");
}

/* [low, high] */
static void put_interval(struct view *view, fenlei_text measure)
{
    fenlei_text interval, bound;
    size_t at = 0;
    put(view, "<td class=n>");
    if (json_member(measure, "f1_interval", &interval)) {
        for (bool first = true; json_element(interval, &at, &bound); first = false) {
            put(view, first ? "" : " \u2026 ");
            number_signed(view->out, json_part_number(bound), 3, "+", "\u2212");
        }
    }
    put(view, "</td>");
}

/* The member of a member ... of an object; empty where there is none. */
static fenlei_text dig(fenlei_text object, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        if (!json_member(object, *keys, &object))
            return text_of("");
    return object;
}

/* The name of a topic by the key that the JSON has. */
static void put_topic_key(struct view *view, fenlei_text value)
{
    struct buffer key = {0};
    json_part_string(value, &key);
    fenlei_text text = {key.bytes, key.size};
    for (size_t i = 0; i < view->topics.n; i++)
        if (text_equal(text, text_of(view->topics.of[i].key)))
            text = text_of(view->topics.of[i].name);
    put_foreign(view, text);
    buffer_release(&key);
}

static double f1_of(fenlei_text evaluation, const char *key)
{
    return json_part_number(dig(evaluation, (const char *const[]){key, "f1", NULL}));
}

static void put_mean(struct view *view, fenlei_text comparison, const char *key, enum text name)
{
    fenlei_text a = dig(comparison, (const char *const[]){"a", "evaluation", NULL});
    fenlei_text b = dig(comparison, (const char *const[]){"b", "evaluation", NULL});
    fenlei_text difference = dig(comparison, (const char *const[]){"difference", key, NULL});
    put(view, "<tr><th scope=row>");
    put_text(view, name);
    put(view, "</th>");
    put_number(view, f1_of(a, key), "");
    put_number(view, f1_of(b, key), "");
    put_number(view, json_part_number(dig(difference, (const char *const[]){"f1", NULL})), "+");
    put_interval(view, difference);
    put(view, "<td></td></tr>\n");
}

/* The measure of a topic in an evaluation, whose topics are in an order of their own. */
static fenlei_text find_topic(fenlei_text evaluation, fenlei_text key)
{
    fenlei_text topics = dig(evaluation, (const char *const[]){"topics", NULL}), topic, own;
    for (size_t at = 0; json_element(topics, &at, &topic);)
        if (json_member(topic, "topic", &own) && text_equal(own, key))
            return topic;
    return text_of("");
}

static void put_topic_row(struct view *view, fenlei_text topic, fenlei_text left, fenlei_text right)
{
    static const char *const f1[] = {"measure", "f1", NULL}, *const difference_f1[] = {"f1", NULL},
                             *const documents[] = {"documents", NULL};
    fenlei_text difference = dig(topic, (const char *const[]){"measure", NULL});
    double n = json_part_number(dig(left, documents));
    if (!(n > 0))
        return;
    put(view, "<tr><th scope=row>");
    put_topic_key(view, dig(topic, (const char *const[]){"topic", NULL}));
    put(view, "</th>");
    put_number(view, json_part_number(dig(left, f1)), "");
    put_number(view, json_part_number(dig(right, f1)), "");
    put_number(view, json_part_number(dig(difference, difference_f1)), "+");
    put_interval(view, difference);
    put_format(view, "<td class=n>%d</td></tr>\n", (int)n);
}

static void put_topics(struct view *view, fenlei_text comparison)
{
    fenlei_text a = dig(comparison, (const char *const[]){"a", "evaluation", NULL});
    fenlei_text b = dig(comparison, (const char *const[]){"b", "evaluation", NULL});
    fenlei_text all = dig(comparison, (const char *const[]){"difference", "topics", NULL}), topic;
    for (size_t at = 0; json_element(all, &at, &topic);) {
        fenlei_text key = dig(topic, (const char *const[]){"topic", NULL});
        put_topic_row(view, topic, find_topic(a, key), find_topic(b, key));
    }
}

static void put_keys(struct view *view, fenlei_text keys)
{
    fenlei_text key;
    bool any = false;
    put(view, "<td>");
    for (size_t at = 0; json_element(keys, &at, &key); any = true) {
        put(view, any ? ", " : "");
        put_topic_key(view, key);
    }
    put(view, any ? "</td>" : "\u2013</td>");
}

static void put_changes(struct view *view, fenlei_text comparison)
{
    static const char *const columns[] = {"true", "a", "b"};
    fenlei_text changes = dig(comparison, (const char *const[]){"changes", NULL}), change;
    size_t at = 0, n = 0;
    while (n < CHANGES_SHOWN && json_element(changes, &at, &change)) {
        struct buffer title = {0};
        if (n++ == 0) {
            put(view, "<div class=table tabindex=0 role=group><table><thead><tr><th></th><th>");
            put_text(view, TEXT_BY_A_PERSON);
            put(view, "</th><th>");
            put_text(view, TEXT_OLD);
            put(view, "</th><th>");
            put_text(view, TEXT_NEW);
            put(view, "</th></tr></thead><tbody>\n");
        }
        put(view, "<tr><th scope=row>");
        json_part_string(dig(change, (const char *const[]){"title", NULL}), &title);
        put_shown(view, (fenlei_text){title.bytes, title.size});
        buffer_release(&title);
        put(view, "</th>");
        for (size_t i = 0; i < 3; i++)
            put_keys(view, dig(change, (const char *const[]){columns[i], NULL}));
        put(view, "</tr>\n");
    }
    if (n > 0)
        put(view, "</tbody></table></div>\n");
}

static void put_comparison(struct view *view, fenlei_text comparison)
{
    if (comparison.size == 0)
        return;
    put(view, "<details><summary>");
    put_text(view, TEXT_COMPARISON);
    put(view, "</summary>\n<div class=table tabindex=0 role=group><table><thead><tr><th>");
    put_text(view, TEXT_TOPIC);
    static const enum text columns[] = {TEXT_OLD, TEXT_NEW, TEXT_DIFFERENCE, TEXT_INTERVAL};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        put(view, i < 2 ? "</th><th class=n>F1, " : "</th><th class=n>");
        put_text(view, columns[i]);
    }
    put(view, "</th><th class=n>");
    put_text(view, TEXT_N_ARTICLES);
    put(view, "</th></tr></thead><tbody>\n");
    put_mean(view, comparison, "micro", TEXT_OVERALL);
    put_mean(view, comparison, "macro", TEXT_MEAN_OF_TOPICS);
    put_topics(view, comparison);
    put(view, "</tbody></table></div>\n");
    put_changes(view, comparison);
    put(view, "</details>\n");
}

/* ---- the models ---- */

static bool put_model(void *context, const struct model_entry *model)
{
    static const enum text states[] = {[MODEL_CURRENT] = TEXT_CURRENT,
                                       [MODEL_KEPT] = TEXT_KEPT,
                                       [MODEL_REFUSED] = TEXT_WAS_REFUSED};
    struct view *view = context;
    put_format(view, "<li id=model-%lld><b>", (long long)model->id);
    put_text(view, TEXT_MODEL);
    put_format(view, " %lld</b> \u00b7 <span class=state>", (long long)model->id);
    put_text(view, states[model->state]);
    put(view, "</span> \u00b7 ");
    put_day(view, model->made);
    if (text_equal(model->detail, text_of("shipped"))) {
        put(view, " \u00b7 ");
        put_text(view, TEXT_SHIPPED);
    } else if (model->detail.size > 0) {
        put(view, "<p class=fault>");
        put_foreign(view, model->detail);
        put(view, "</p>");
    }
    if (model->state == MODEL_KEPT && model->file.size > 0) {
        put(view, " <form method=post action=/models class=inline data-quick>");
        put_token(view);
        put_format(view, "<button name=use value=%lld>", (long long)model->id);
        put_text(view, TEXT_BACK_TO_THIS);
        put(view, "</button></form>");
    }
    put_comparison(view, model->comparison);
    put(view, "</li>\n");
    return true;
}

/* ---- the retraining ---- */

static void put_running(struct view *view, const struct training_report *report)
{
    put(view, "<div role=status data-refresh><p><b>");
    put_text(view, TEXT_UNDER_WAY);
    put(view, "</b>, ");
    put_text(view, TEXT_STARTED_AT);
    put(view, " ");
    put_day(view, report->started);
    put(view, "</p><p><progress aria-label=\"");
    put_text(view, TEXT_UNDER_WAY);
    if (report->all > 0)
        put_format(view, "\" value=%u max=%u></progress> %u/%u \u00b7 ~%u s</p>", report->done,
                   report->all, report->done, report->all, report->seconds_left);
    else
        put(view, "\"></progress></p>");
    put(view, "<form method=post action=/models data-quick>");
    put_token(view);
    put(view, "<button name=stop value=1>");
    put_text(view, TEXT_STOP);
    put(view, "</button></form></div>\n");
}

static void put_result(struct view *view, const struct training_report *report)
{
    static const enum text results[] = {[TRAINING_REPLACED] = TEXT_REPLACED,
                                        [TRAINING_KEPT] = TEXT_REFUSED,
                                        [TRAINING_FAILED] = TEXT_TRAINING_FAILED,
                                        [TRAINING_STOPPED] = TEXT_TRAINING_FAILED};
    if (report->state == TRAINING_NONE || report->state == TRAINING_RUNS)
        return;
    put_format(view, "<div role=status class=\"result%s\"><p><b>",
               report->state == TRAINING_REPLACED ? "" : " fault");
    put_text(view, results[report->state]);
    put(view, "</b></p>");
    if (report->message[0] != '\0') {
        put(view, "<p>");
        put_foreign(view, text_of(report->message));
        put(view, "</p>");
    }
    put(view, "</div>\n");
}

static void put_start(struct view *view)
{
    struct training_counts counts;
    fenlei_error error;
    if (training_count(view->desk->store, &counts, &error) != FENLEI_OK)
        return;
    put(view, "<p class=meta>");
    put_text(view, TEXT_TRAINED_ON);
    put_format(view, ": %zu \u00b7 ", counts.trained);
    put_text(view, TEXT_HELD_BACK);
    put_format(view, ": %zu</p>\n", counts.held_back);
    if (counts.held_back < FEW_HELD_BACK) {
        put(view, "<p class=fault>");
        put_text(view, TEXT_TOO_FEW_HELD);
        put_format(view, " %zu</p>\n", counts.held_back);
    }
    put(view, "<form method=post action=/models data-quick>");
    put_token(view);
    put_format(view, "<button class=main name=start value=1%s>",
               counts.held_back == 0 ? " disabled" : "");
    put_text(view, TEXT_START);
    put(view, "</button></form>\n");
}

void models_show(struct view *view)
{
    struct training_report report = trainer_report(view->desk);
    fenlei_error error;
    if (!view_topics(view))
        return;
    view->refreshes = report.state == TRAINING_RUNS || report.is_relabelling;
    view_begin(view, TEXT_RETRAIN, text_of(text_in(view->language, TEXT_RETRAIN)));
    put(view, "<h1>");
    put_text(view, TEXT_RETRAIN);
    put(view, "</h1>\n<p>");
    put_text(view, TEXT_RETRAIN_HELP);
    put(view, "</p>\n");
    put_result(view, &report);
    if (report.state == TRAINING_RUNS)
        put_running(view, &report);
    else
        put_start(view);
    if (report.is_relabelling) {
        put(view, "<p class=meta data-refresh>");
        put_text(view, TEXT_RELABELLING);
        put(view, "</p>\n");
    }
    put(view, "<h2>");
    put_text(view, TEXT_MODELS);
    put(view, "</h2>\n<ol class=models>\n");
    if (store_models(view->desk->store, put_model, view, &error) != FENLEI_OK)
        put_foreign(view, text_of(error.message));
    put(view, "</ol>\n");
    view_end(view);
}

void models_change(struct view *view)
{
    const struct fields *form = &view->request->form;
    int64_t model = fields_number(form, "use");
    fenlei_error error;
    fenlei_status status = FENLEI_OK;
    if (model > 0)
        status = trainer_use(view->desk, model, &error);
    else if (fields_value(form, "stop").size > 0)
        trainer_stop(view->desk);
    else
        status = trainer_start(view->desk, &error);
    if (status != FENLEI_OK)
        view_fail(view, status == FENLEI_IO ? 507 : 409, TEXT_FAILED, error.message);
    else
        view_redirect(view, "/models");
}
