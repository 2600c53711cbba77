/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/status.h"
#include "base/utf8.h"
#include "desk/filter.h"
#include "desk/pages.h"
#include "html/html.h"
#include "html/mark.h"

#include <stdio.h>
#include <string.h>

enum { TITLE_MOST = 40 /* characters of a paragraph that may be a headline */ };

/* ---- who asks ---- */

/* The name that the browser keeps, decoded into *name. */
static fenlei_text read_who(const struct view *view, struct fields *decoded)
{
    fenlei_text cookie = request_cookie(view->request, "fenlei_who");
    if (!fields_parse_encoded(decoded, cookie) || decoded->n == 0)
        return text_of("");
    fenlei_text name = decoded->of[0].name;
    return (fenlei_text){name.bytes, utf8_valid_prefix(name.bytes, name.size)};
}

/* ---- the text ---- */

/* Copies marked paragraphs, with a button before each but the first, where another article may
 * begin. */
static void put_paragraphs(struct view *view, const struct buffer *marked)
{
    size_t paragraph = 0;
    for (size_t at = 0; at < marked->size;) {
        size_t left = marked->size - at;
        const char *here = marked->bytes + at;
        buffer_append(view->out, here, 1);
        at++;
        if (left < 3 || memcmp(here, "<p>", 3) != 0)
            continue;
        put(view, "p>");
        at += 2;
        if (paragraph++ == 0)
            continue;
        put_format(view, "<button class=begin name=do value=\"begin %zu\" title=\"", paragraph - 1);
        put_text(view, TEXT_BEGINS_HERE);
        put(view, "\" aria-label=\"");
        put_text(view, TEXT_BEGINS_HERE);
        put(view, "\">\u2702</button>");
    }
}

/* Marks what speaks for the topics given, in the topics' colours. */
static void mark_topics(struct lease *lease, const fenlei_article *labelled, struct marks *marks)
{
    for (size_t i = 0; i < fenlei_topic_count(lease->model); i++) {
        const fenlei_why *why;
        double shown;
        fenlei_error error;
        size_t topic = labelled->labels[i].topic;
        if (labelled->labels[i].given &&
            fenlei_explain(lease->labeler, 0, topic, &why, &error) == FENLEI_OK)
            marks_add(marks, (unsigned)((lease->topics[topic] - 1) % MARK_SLOTS), why, &shown);
    }
    marks_sort(marks);
}

static void put_article_text(struct view *view, const struct article *article,
                             const struct marks *marks)
{
    struct buffer marked = {0};
    marks_text(marks, article->text, &marked);
    put(view, "<div class=text lang=zh>");
    put_paragraphs(view, &marked);
    put(view, "</div>\n");
    buffer_release(&marked);
}

static void put_headline(struct view *view, const struct article *article,
                         const struct marks *marks)
{
    put(view, "<h1 class=headline>");
    if (article->title.size > 0)
        marks_title(marks, article->title, view->out);
    else
        put_text(view, TEXT_UNTITLED);
    put(view, "</h1>\n");
    if (article->byline.size > 0) {
        put(view, "<p class=by>");
        put_shown(view, article->byline);
        put(view, "</p>\n");
    }
}

/* ---- chips ---- */

/* What a key gives or takes; NULL where there are no more. */
static const char *key_for(size_t n)
{
    static const char keys[][2] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "0",
                                   "q", "w", "e", "r", "t", "y", "i", "o", "p", "a",
                                   "s", "d", "f", "g", "h", "l", "z", "c", "v", "b"};
    return n < sizeof keys / sizeof *keys ? keys[n] : NULL;
}

/* The probability of a topic, given or not; NAN where the model does not know it. */
static double probability_of(const struct lease *lease, const fenlei_article *labelled,
                             int64_t topic)
{
    for (size_t i = 0; labelled != NULL && i < fenlei_topic_count(lease->model); i++)
        if (lease->topics[labelled->labels[i].topic] == topic)
            return labelled->labels[i].probability;
    return (double)NAN;
}

static void put_chip(struct view *view, const struct topic *topic, size_t n, bool is_on,
                     double probability)
{
    const char *key = key_for(n);
    put_format(view, "<li><button class=\"chip %s\" name=do value=\"%s %lld\" aria-pressed=%s",
               topic_colour(topic), is_on ? "take" : "give", (long long)topic->id,
               is_on ? "true" : "false");
    if (key != NULL)
        put_format(view, " data-key=%s", key);
    put(view, ">");
    if (key != NULL)
        put_format(view, "<kbd>%s</kbd> ", key);
    put_foreign(view, text_of(topic->name));
    if (probability == probability)
        put_format(view, " <small>%d%%</small>", (int)(probability * 100 + 0.5));
    put(view, "</button></li>\n");
}

static void put_chips(struct view *view, const struct article *article, const struct lease *lease,
                      const fenlei_article *labelled)
{
    size_t n = 0;
    fenlei_text set = article->judged.bytes != NULL ? article->judged : article->given;
    put(view, "<ul class=\"chips keys\">\n");
    for (size_t i = 0; i < view->topics.n; i++) {
        const struct topic *topic = &view->topics.of[i];
        bool is_on = labels_have(set, topic->id);
        if (topic->merged_into != 0 || (topic->is_retired && !is_on))
            continue;
        put_chip(view, topic, n++, is_on, probability_of(lease, labelled, topic->id));
    }
    put(view, "</ul>\n");
}

static void put_button(struct view *view, const char *what, enum text name, const char *key)
{
    put_format(view, "<button name=do value=%s", what);
    if (key != NULL)
        put_format(view, " data-key=%s", key);
    put(view, ">");
    if (key != NULL)
        put_format(view, "<kbd>%s</kbd> ", strcmp(key, "Enter") == 0 ? "\u23ce" : key);
    put_text(view, name);
    put(view, "</button>\n");
}

static void put_buttons(struct view *view, const struct article *article)
{
    put(view, "<p class=actions>");
    if (article->state == ARTICLE_IS_ONE) {
        put_button(view, "confirm", TEXT_RIGHT_AS_IS, "Enter");
        put_button(view, "none", TEXT_NOT_AN_ARTICLE, "x");
    } else {
        put_button(view, "article", TEXT_IS_AN_ARTICLE, "x");
    }
    put_button(view, "join", TEXT_JOINS_ABOVE, "m");
    put_button(view, "undo", TEXT_UNDO, "u");
    put(view, "</p>\n");
}

/* ---- beside the text ---- */

static void put_facts(struct view *view, const struct article *article)
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
    put_format(view, "<a href=\"/articles?file=%lld\">", (long long)article->file);
    put_foreign(view, article->file_name);
    put_format(view, "</a> \u00b7 ");
    put_text(view, TEXT_LINES);
    put_format(view, " %lld\u2013%lld \u00b7 ", (long long)article->first_line,
               (long long)article->last_line);
    put_text(view, article->judged.bytes != NULL ? TEXT_BY_A_PERSON : TEXT_BY_THE_MODEL);
    if (article->review.size > 0) {
        put(view, " \u00b7 <b class=why>");
        put_review_named(view, article->review);
        put(view, "</b>");
    }
    put(view, "</p>\n");
}

static bool put_correction(void *context, const struct correction *correction)
{
    static const enum text deeds[] = {
        [CORRECTION_TOPICS] = TEXT_DID_TOPICS,      [CORRECTION_CONFIRMED] = TEXT_DID_CONFIRM,
        [CORRECTION_NOT_AN_ARTICLE] = TEXT_DID_NOT, [CORRECTION_AN_ARTICLE] = TEXT_DID_IS,
        [CORRECTION_JOINED] = TEXT_DID_JOIN,        [CORRECTION_BEGUN] = TEXT_DID_BEGIN,
        [CORRECTION_UNDONE] = TEXT_DID_UNDO};
    struct view *view = context;
    put(view, "<li>");
    put_day(view, correction->at);
    put(view, " ");
    if (correction->who.size > 0)
        put_foreign(view, correction->who);
    else
        put_text(view, TEXT_NOBODY);
    put(view, " ");
    put_text(view, deeds[correction->kind]);
    if (correction->kind == CORRECTION_TOPICS)
        put_set(view, correction->detail);
    if (correction->undone_by != 0) {
        put(view, " <small>");
        put_text(view, TEXT_WAS_UNDONE);
        put(view, "</small>");
    }
    put(view, "</li>\n");
    return true;
}

static void put_history(struct view *view, int64_t id)
{
    fenlei_error error;
    size_t before = view->out->size;
    put(view, "<section class=history><h2>");
    put_text(view, TEXT_HISTORY);
    put(view, "</h2>\n<ol>\n");
    size_t empty = view->out->size;
    store_history(view->desk->store, id, put_correction, view, &error);
    if (view->out->size == empty && !view->out->failed)
        view->out->size = before;
    else
        put(view, "</ol></section>\n");
}

static bool take_id(void *context, const struct article *article)
{
    *(int64_t *)context = article->id;
    return false;
}

/* The next article of the list that this one was opened from. */
static void put_neighbour(struct view *view, const struct article *article, bool is_before,
                          const char *query)
{
    struct filter filter = filter_read(&view->request->query);
    fenlei_error error;
    int64_t id = 0;
    bool more;
    filter.cursor = article->id;
    filter.cursor_day = article->day;
    filter.cursor_doubt = article->doubt;
    filter.cursor_line = article->first_line;
    filter.is_backwards = is_before;
    if (store_list(view->desk->store, &filter, 1, take_id, &id, &more, &error) != FENLEI_OK ||
        id == 0)
        return;
    put_format(view, "<a rel=%s data-key=%s href=\"/articles/%lld", is_before ? "prev" : "next",
               is_before ? "k" : "j", (long long)id);
    html_text(view->out, text_of(query));
    put_format(view, "\"><kbd>%s</kbd> ", is_before ? "k" : "j");
    put_text(view, is_before ? TEXT_PREVIOUS_ARTICLE : TEXT_NEXT_ARTICLE);
    put(view, "</a>\n");
}

static void put_turns(struct view *view, const struct article *article, const char *query)
{
    bool is_queue = text_equal(fields_value(&view->request->query, "queue"), text_of("1"));
    put(view, "<nav class=turns>");
    if (is_queue) {
        put(view, "<a href=/next>");
        put_text(view, TEXT_NEXT_TO_LABEL);
        put_format(view, "</a>\n<a rel=next data-key=j href=\"/next?after=%lld\"><kbd>j</kbd> ",
                   (long long)article->id);
        put_text(view, TEXT_NEXT_ARTICLE);
        put(view, "</a>");
    } else {
        put(view, "<a href=\"/articles");
        html_text(view->out, text_of(query));
        put(view, "\">");
        put_text(view, TEXT_BACK_TO_LIST);
        put(view, "</a>\n");
        put_neighbour(view, article, true, query);
        put_neighbour(view, article, false, query);
    }
    put(view, "</nav>\n");
}

/* ---- the page ---- */

/* The fields of the address that a form or a link takes along. */
static void carry_query(const struct view *view, struct buffer *query)
{
    if (text_equal(fields_value(&view->request->query, "queue"), text_of("1")))
        buffer_append_string(query, "?queue=1");
    else
        filter_address(query, &view->request->query, '?');
    buffer_append(query, "", 1);
}

static void put_form_begin(struct view *view, const struct article *article, const char *query)
{
    put_format(view, "<form method=post class=article data-quick action=\"/articles/%lld",
               (long long)article->id);
    html_text(view->out, text_of(query));
    put(view, "\">\n");
    put_token(view);
    put_format(view, "<input type=hidden name=version value=%lld>", (long long)article->version);
    put(view, "<input type=hidden name=set value=\"");
    html_text(view->out, article->judged.bytes != NULL ? article->judged : article->given);
    put(view, "\">\n");
}

static void put_article(struct view *view, const struct article *article, struct lease *lease,
                        const char *query)
{
    const fenlei_article *labelled = NULL;
    struct marks marks = {0};
    fenlei_error error;
    if (article->state == ARTICLE_IS_ONE &&
        fenlei_label_record(lease->labeler, article->title, article->text, NULL, &labelled,
                            &error) == FENLEI_OK)
        mark_topics(lease, labelled, &marks);
    put_form_begin(view, article, query);
    put_headline(view, article, &marks);
    put_facts(view, article);
    if (article->state == ARTICLE_IS_ONE)
        put_chips(view, article, lease, labelled);
    put_buttons(view, article);
    put_article_text(view, article, &marks);
    put(view, "</form>\n");
    marks_release(&marks);
}

static void show(struct view *view, const struct article *article)
{
    struct lease lease;
    fenlei_error error;
    struct buffer query = {0};
    if (lease_take(view->desk->labelling, &lease, &error) != FENLEI_OK) {
        view_fail(view, 500, TEXT_FAILED, error.message);
        return;
    }
    carry_query(view, &query);
    const char *carried = query.failed ? "" : query.bytes;
    view_begin(view, TEXT_ARTICLES, article->title);
    put_turns(view, article, carried);
    if (article->state == ARTICLE_IS_GONE) {
        put(view, "<p class=fault>");
        put_text(view, TEXT_GONE);
        put(view, "</p>\n");
    } else {
        put_article(view, article, &lease, carried);
    }
    put_history(view, article->id);
    view_end(view);
    buffer_release(&query);
    lease_give(&lease);
}

void article_show(struct view *view, int64_t id)
{
    struct article article = {0};
    fenlei_error error;
    enum store_answer answer = store_article(view->desk->store, id, &article, &error);
    if (answer == STORE_MISSING)
        view_fail(view, 404, TEXT_NOT_FOUND, NULL);
    else if (answer == STORE_FAILED)
        view_fail(view, 500, TEXT_FAILED, error.message);
    else if (view_topics(view))
        show(view, &article);
    article_release(&article);
}

/* ---- changes ---- */

/* A change under way: what is asked for, and scratch for what the articles become. */
struct mend {
    struct view *view;
    struct article article, other;
    struct correction correction;
    struct article becomes[2];
    size_t n;
    struct buffer judged, text, described[2];
};

static void mend_release(struct mend *mend)
{
    article_release(&mend->article);
    article_release(&mend->other);
    buffer_release(&mend->judged);
    buffer_release(&mend->text);
    buffer_release(&mend->described[0]);
    buffer_release(&mend->described[1]);
}

/* The set as a person sees it, with one topic more or less. */
static void judge(struct mend *mend, int64_t topic, bool is_given)
{
    fenlei_text set =
        mend->article.judged.bytes != NULL ? mend->article.judged : mend->article.given;
    labels_change(&mend->judged, set, topic, is_given);
    buffer_append(&mend->judged, "", 1);
    struct article *becomes = &mend->becomes[0];
    becomes->judged = (fenlei_text){mend->judged.bytes, mend->judged.size - 1};
    becomes->judged_at = mend->correction.at;
    mend->correction.detail = becomes->judged;
    mend->n = 1;
}

static void set_state(struct mend *mend, enum article_state state, enum correction_kind kind)
{
    mend->becomes[0].state = state;
    if (state == ARTICLE_IS_NONE)
        mend->becomes[0].review = text_of("not-an-article");
    mend->correction.kind = kind;
    mend->n = 1;
}

/* Has the model look at an article whose text is another now. */
static bool label_anew(struct mend *mend, size_t i, fenlei_error *error)
{
    struct lease lease;
    if (lease_take(mend->view->desk->labelling, &lease, error) != FENLEI_OK)
        return false;
    mend->becomes[i].judged = (fenlei_text){NULL, 0};
    mend->becomes[i].judged_at = 0;
    fenlei_status status = lease_label(&lease, &mend->becomes[i], &mend->described[i], error);
    lease_give(&lease);
    return status == FENLEI_OK;
}

/* The article goes behind the one above it, which becomes the first of the change. */
static enum store_answer join(struct mend *mend, fenlei_error *error)
{
    int64_t above;
    struct article *article = &mend->article;
    if (store_neighbour(mend->view->desk->store, article->file, article->id, true, &above, error) !=
        FENLEI_OK)
        return STORE_FAILED;
    enum store_answer answer =
        above == 0 ? STORE_MISSING
                   : store_article(mend->view->desk->store, above, &mend->other, error);
    if (answer != STORE_DONE)
        return answer;
    mend->becomes[1] = *article;
    mend->becomes[1].state = ARTICLE_IS_GONE;
    mend->becomes[0] = mend->other;
    buffer_append_text(&mend->text, mend->other.text);
    if (mend->text.size > 0 && mend->text.bytes[mend->text.size - 1] != '\n')
        buffer_append_string(&mend->text, "\n");
    fenlei_text headline = article->title;
    buffer_append_text(&mend->text, headline);
    buffer_append_string(&mend->text, headline.size > 0 ? "\n" : "");
    buffer_append_text(&mend->text, article->text);
    mend->becomes[0].text = (fenlei_text){mend->text.bytes, mend->text.size};
    mend->becomes[0].last_line = article->last_line;
    mend->correction.kind = CORRECTION_JOINED;
    mend->n = 2;
    return !mend->text.failed && label_anew(mend, 0, error) ? STORE_DONE : STORE_FAILED;
}

/* Where paragraph `number` begins, from 0; the size of the text where there is none. */
static size_t find_paragraph(fenlei_text text, int64_t number)
{
    size_t at = 0;
    for (; number > 0 && at < text.size; number--) {
        const char *end = memchr(text.bytes + at, '\n', text.size - at);
        at = end != NULL ? (size_t)(end - text.bytes) + 1 : text.size;
    }
    return at;
}

/* A short paragraph that does not end a sentence is a headline. */
static bool is_headline(fenlei_text paragraph)
{
    static const char *const ends[] = {"。", "！", "？", "…", "”", ".", "!", "?", ";", "；", "，"};
    size_t n = 0;
    for (size_t at = 0; at < paragraph.size; n++)
        utf8_next(paragraph.bytes, &at);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (text_ends(paragraph, ends[i]))
            return false;
    return n > 0 && n <= TITLE_MOST;
}

static enum store_answer begin(struct mend *mend, int64_t paragraph, fenlei_error *error)
{
    fenlei_text text = mend->article.text;
    size_t at = find_paragraph(text, paragraph);
    if (paragraph == 0 || at >= text.size)
        return STORE_MISSING;
    struct article *above = &mend->becomes[0], *below = &mend->becomes[1];
    *below = (struct article){.file = mend->article.file,
                              .day = mend->article.day,
                              .paper = mend->article.paper,
                              .first_line = mend->article.first_line,
                              .last_line = mend->article.last_line};
    above->text = (fenlei_text){text.bytes, at};
    below->text = (fenlei_text){text.bytes + at, text.size - at};
    const char *end = memchr(below->text.bytes, '\n', below->text.size);
    size_t size = end != NULL ? (size_t)(end - below->text.bytes) : below->text.size;
    if (end != NULL && is_headline((fenlei_text){below->text.bytes, size})) {
        below->title = (fenlei_text){below->text.bytes, size};
        below->text = (fenlei_text){end + 1, below->text.size - size - 1};
    }
    mend->correction.kind = CORRECTION_BEGUN;
    mend->n = 2;
    return label_anew(mend, 0, error) && label_anew(mend, 1, error) ? STORE_DONE : STORE_FAILED;
}

/* What a button asks for: a word, and for some a number. */
static bool is_asked(fenlei_text what, const char *word, int64_t *number)
{
    size_t size = strlen(word);
    if (what.size < size || memcmp(what.bytes, word, size) != 0)
        return false;
    if (what.size == size)
        return true;
    if (what.bytes[size] != ' ')
        return false;
    *number = 0;
    for (size_t i = size + 1; i < what.size && i < size + 16; i++) {
        if (what.bytes[i] < '0' || what.bytes[i] > '9')
            return false;
        *number = *number * 10 + (what.bytes[i] - '0');
    }
    return true;
}

static enum store_answer prepare(struct mend *mend, fenlei_text what, fenlei_error *error)
{
    int64_t number = 0;
    mend->becomes[0] = mend->article;
    if (is_asked(what, "give", &number) || is_asked(what, "take", &number)) {
        if (view_topic(mend->view, number) == NULL)
            return STORE_MISSING;
        judge(mend, number, what.bytes[0] == 'g');
    } else if (is_asked(what, "confirm", &number)) {
        mend->correction.kind = CORRECTION_CONFIRMED;
        judge(mend, 0, false);
    } else if (is_asked(what, "none", &number)) {
        set_state(mend, ARTICLE_IS_NONE, CORRECTION_NOT_AN_ARTICLE);
    } else if (is_asked(what, "article", &number)) {
        set_state(mend, ARTICLE_IS_ONE, CORRECTION_AN_ARTICLE);
        return label_anew(mend, 0, error) ? STORE_DONE : STORE_FAILED;
    } else if (is_asked(what, "join", &number)) {
        return join(mend, error);
    } else if (is_asked(what, "begin", &number)) {
        return begin(mend, number, error);
    } else {
        return STORE_MISSING;
    }
    return STORE_DONE;
}

/* ---- the answer to a change ---- */

/* What the second person wanted: topics, or what the button says that was pressed. */
static void put_wanted(struct view *view, fenlei_text what, fenlei_text base)
{
    static const struct {
        const char *word;
        enum text text;
    } buttons[] = {{"confirm", TEXT_RIGHT_AS_IS},   {"none", TEXT_NOT_AN_ARTICLE},
                   {"article", TEXT_IS_AN_ARTICLE}, {"join", TEXT_JOINS_ABOVE},
                   {"begin", TEXT_BEGINS_HERE},     {"undo", TEXT_UNDO}};
    struct buffer wanted = {0};
    int64_t number = 0;
    if (is_asked(what, "give", &number) || is_asked(what, "take", &number)) {
        labels_change(&wanted, base, number, what.bytes[0] == 'g');
        put_set(view, (fenlei_text){wanted.bytes, wanted.size});
        buffer_release(&wanted);
        return;
    }
    for (size_t i = 0; i < sizeof buttons / sizeof *buttons; i++)
        if (is_asked(what, buttons[i].word, &number)) {
            put(view, "<p>");
            put_text(view, buttons[i].text);
            put(view, "</p>\n");
        }
}

/* Both versions, and the same form again, based on what is there now. */
static void show_conflict(struct view *view, int64_t id, fenlei_text what)
{
    struct article now = {0};
    fenlei_error error;
    struct buffer query = {0};
    if (store_article(view->desk->store, id, &now, &error) != STORE_DONE) {
        view_fail(view, 409, TEXT_CONFLICT, NULL);
        article_release(&now);
        return;
    }
    carry_query(view, &query);
    view->answer->status = 409;
    view_begin(view, TEXT_ARTICLES, text_of(text_in(view->language, TEXT_CONFLICT)));
    put(view, "<h1>");
    put_text(view, TEXT_CONFLICT);
    put(view, "</h1>\n<p class=fault role=alert>");
    put_text(view, TEXT_CONFLICT_HELP);
    put(view, "</p>\n");
    put_form_begin(view, &now, query.failed ? "" : query.bytes);
    put(view, "<h2>");
    put_text(view, TEXT_YOU_WANTED);
    put(view, "</h2>\n");
    fenlei_text base = fields_value(&view->request->form, "set");
    put_wanted(view, what, base.size > 0 ? base : now.given);
    put(view, "<h2>");
    put_text(view, TEXT_IS_NOW);
    put(view, "</h2>\n");
    put_set(view, now.judged.bytes != NULL ? now.judged : now.given);
    put(view, "<p><button class=main name=do value=\"");
    html_text(view->out, what);
    put(view, "\">");
    put_text(view, TEXT_DO_AGAIN);
    put_format(view, "</button> <a href=\"/articles/%lld\">", (long long)id);
    if (now.title.size > 0)
        put_shown(view, now.title);
    else
        put_text(view, TEXT_UNTITLED);
    put(view, "</a></p></form>\n");
    put_history(view, id);
    view_end(view);
    article_release(&now);
    buffer_release(&query);
}

static void go_to(struct view *view, int64_t id)
{
    struct buffer address = {0}, query = {0};
    carry_query(view, &query);
    buffer_append_format(&address, "/articles/%lld%s", (long long)id,
                         query.failed ? "" : query.bytes);
    view_redirect(view, address.failed ? "/articles" : address.bytes);
    buffer_release(&address);
    buffer_release(&query);
}

static void answer_change(struct view *view, enum store_answer answer, int64_t id, int64_t shown,
                          fenlei_text what, const fenlei_error *error)
{
    int64_t number;
    switch (answer) {
    case STORE_DONE:
        go_to(view, shown);
        break;
    case STORE_CONFLICT:
        show_conflict(view, id, what);
        break;
    case STORE_MISSING:
        view_fail(view, 404,
                  is_asked(what, "undo", &number)   ? TEXT_NOTHING_TO_UNDO
                  : is_asked(what, "join", &number) ? TEXT_NO_ONE_ABOVE
                                                    : TEXT_NOT_FOUND,
                  NULL);
        break;
    case STORE_FAILED:
        view_fail(view, 507, TEXT_FAILED, error->message);
        break;
    }
}

void article_change(struct view *view, int64_t id)
{
    const struct fields *form = &view->request->form;
    fenlei_text what = fields_value(form, "do");
    int64_t version = fields_number(form, "version"), number, shown = id;
    fenlei_error error = {0};
    struct fields name = {0};
    struct mend mend = {.view = view};
    if (!view_topics(view))
        return;
    mend.correction = (struct correction){.at = (int64_t)time(NULL), .who = read_who(view, &name)};
    enum store_answer answer = store_article(view->desk->store, id, &mend.article, &error);
    if (answer == STORE_DONE && is_asked(what, "undo", &number)) {
        answer = store_undo(view->desk->store, id, version, mend.correction.who, mend.correction.at,
                            &shown, &error);
    } else if (answer == STORE_DONE && mend.article.version != version) {
        answer = STORE_CONFLICT;
    } else if (answer == STORE_DONE) {
        answer = prepare(&mend, what, &error);
        if (answer == STORE_DONE && mend.judged.failed) {
            error_memory(&error);
            answer = STORE_FAILED;
        }
        if (answer == STORE_DONE)
            answer =
                store_revise(view->desk->store, &mend.correction, mend.becomes, mend.n, &error);
        shown = mend.becomes[0].id;
    }
    answer_change(view, answer, id, shown, what, &error);
    fields_release(&name);
    mend_release(&mend);
}
