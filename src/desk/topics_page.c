/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/utf8.h"
#include "desk/pages.h"
#include "desk/training_files.h"
#include "html/html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many examples people gave of each topic, by its place among the view's. */
struct examples {
    const struct view *view;
    size_t *of; /* [topics] */
};

static bool count_examples(void *context, const struct article *article)
{
    struct examples *examples = context;
    struct set_label label;
    for (size_t at = 0; labels_next(article->judged, &at, &label);) {
        const struct topic *topic = view_topic(examples->view, label.topic);
        if (topic != NULL)
            examples->of[topic - examples->view->topics.of]++;
    }
    return true;
}

static bool model_knows(const struct lease *lease, int64_t topic)
{
    for (size_t i = 0; i < fenlei_topic_count(lease->model); i++)
        if (lease->topics[i] == topic)
            return true;
    return false;
}

static void put_form(struct view *view, int64_t topic)
{
    put(view, "<form method=post action=/topics class=row-of>");
    put_token(view);
    if (topic > 0)
        put_format(view, "<input type=hidden name=topic value=%lld>", (long long)topic);
}

static void put_button(struct view *view, const char *what, enum text name)
{
    put_format(view, "<button name=do value=%s>", what);
    put_text(view, name);
    put(view, "</button>");
}

static void put_name(struct view *view, const char *id, const char *name)
{
    put(view, "<input name=name required maxlength=80 size=12 aria-label=\"");
    put_text(view, TEXT_NAME);
    put_format(view, "\" id=%s value=\"", id);
    html_text(view->out, text_of(name));
    put(view, "\">");
}

static void put_merge(struct view *view, const struct topic *topic)
{
    put_form(view, topic->id);
    put(view, "<select name=into aria-label=\"");
    put_text(view, TEXT_MERGE_INTO);
    put(view, "\">");
    for (size_t i = 0; i < view->topics.n; i++) {
        char number[24];
        const struct topic *other = &view->topics.of[i];
        snprintf(number, sizeof number, "%lld", (long long)other->id);
        if (other != topic && other->merged_into == 0)
            put_option(view, number, false, text_of(other->name));
    }
    put(view, "</select>");
    put_button(view, "merge", TEXT_MERGE_INTO);
    put(view, "</form>");
}

static void put_state(struct view *view, const struct topic *topic, bool is_known, size_t examples)
{
    put_format(view, "%zu", examples);
    if (topic->is_retired) {
        put(view, " \u00b7 ");
        put_text(view, TEXT_RETIRED);
    } else if (is_known) {
        put(view, " \u00b7 ");
        put_text(view, TEXT_KNOWN_TO_MODEL);
    } else if (examples < TOPIC_LEAST) {
        put(view, " \u00b7 <b class=why>");
        put_text(view, TEXT_MISSING);
        put_format(view, " %zu</b>", TOPIC_LEAST - examples);
    }
}

static void put_topic(struct view *view, const struct topic *topic, bool is_known, size_t examples)
{
    char id[32];
    snprintf(id, sizeof id, "name-%lld", (long long)topic->id);
    put_format(view, "<tr><th scope=row><a class=\"chip %s\" href=\"/articles?topic=%lld\">",
               topic_colour(topic), (long long)topic->id);
    put_foreign(view, text_of(topic->name));
    put(view, "</a></th><td>");
    if (topic->merged_into != 0) {
        const struct topic *into = view_topic(view, topic->id);
        put_text(view, TEXT_MERGED);
        put(view, " ");
        put_foreign(view, text_of(into != NULL ? into->name : ""));
        put(view, "</td><td></td><td></td></tr>\n");
        return;
    }
    put_state(view, topic, is_known, examples);
    put(view, "</td><td>");
    put_form(view, topic->id);
    put_name(view, id, topic->name);
    put_button(view, "rename", TEXT_RENAME);
    put(view, "</form></td><td>");
    put_merge(view, topic);
    put_form(view, topic->id);
    put_button(view, topic->is_retired ? "revive" : "retire",
               topic->is_retired ? TEXT_REVIVE : TEXT_RETIRE);
    put(view, "</form></td></tr>\n");
}

static void put_table(struct view *view, const struct lease *lease, const size_t *examples)
{
    put(view, "<div class=table tabindex=0 role=group><table class=topics><thead><tr><th>");
    put_text(view, TEXT_TOPIC);
    put(view, "</th><th>");
    put_text(view, TEXT_EXAMPLES);
    put(view, "</th><th>");
    put_text(view, TEXT_RENAME);
    put(view, "</th><th>");
    put_text(view, TEXT_MERGE_INTO);
    put(view, "</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < view->topics.n; i++)
        put_topic(view, &view->topics.of[i], model_knows(lease, view->topics.of[i].id),
                  examples[i]);
    put(view, "</tbody></table></div>\n");
}

void topics_show(struct view *view)
{
    struct lease lease;
    fenlei_error error;
    if (!view_topics(view))
        return;
    struct examples examples = {view, array_new(view->topics.n, sizeof *examples.of)};
    if (examples.of == NULL ||
        store_judged(view->desk->store, SIZE_MAX, count_examples, &examples, &error) != FENLEI_OK ||
        lease_take(view->desk->labelling, &lease, &error) != FENLEI_OK) {
        free(examples.of);
        view_fail(view, 500, TEXT_FAILED, NULL);
        return;
    }
    view_begin(view, TEXT_TOPICS, text_of(text_in(view->language, TEXT_TOPICS)));
    put(view, "<h1>");
    put_text(view, TEXT_TOPICS);
    put(view, "</h1>\n");
    put_table(view, &lease, examples.of);
    put(view, "<h2>");
    put_text(view, TEXT_NEW_TOPIC);
    put(view, "</h2>\n");
    put_form(view, 0);
    put_name(view, "name-new", "");
    put_button(view, "add", TEXT_ADD);
    put(view, "</form>\n");
    view_end(view);
    lease_give(&lease);
    free(examples.of);
}

static bool is_text(fenlei_text name)
{
    bool any = false;
    for (size_t i = 0; i < name.size; i++) {
        if ((unsigned char)name.bytes[i] < ' ')
            return false;
        any = any || name.bytes[i] != ' ';
    }
    return any && name.size <= 240 && utf8_valid_prefix(name.bytes, name.size) == name.size;
}

void topics_change(struct view *view)
{
    const struct fields *form = &view->request->form;
    struct store *store = view->desk->store;
    fenlei_text what = fields_value(form, "do"), name = fields_value(form, "name");
    int64_t topic = fields_number(form, "topic"), into = fields_number(form, "into");
    fenlei_error error;
    fenlei_status status = FENLEI_OK;
    bool is_understood = view_topics(view);
    if (!is_understood)
        return;
    if (text_equal(what, text_of("add")) && is_text(name))
        status = store_add_topic(store, name, name, &topic, &error);
    else if (text_equal(what, text_of("rename")) && is_text(name))
        status = store_rename_topic(store, topic, name, &error);
    else if (text_equal(what, text_of("retire")) || text_equal(what, text_of("revive")))
        status = store_retire_topic(store, topic, what.bytes[2] == 't', &error);
    else if (text_equal(what, text_of("merge")) && view_topic(view, into) != NULL &&
             view_topic(view, topic) != NULL && view_topic(view, into)->id != topic)
        status = store_merge_topic(store, topic, view_topic(view, into)->id, &error);
    else
        is_understood = false;
    if (!is_understood)
        view_fail(view, 400, TEXT_FAILED, NULL);
    else if (status != FENLEI_OK)
        view_fail(view, 507, TEXT_FAILED, error.message);
    else
        view_redirect(view, "/topics");
}
