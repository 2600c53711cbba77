/* SPDX-License-Identifier: BSD-3-Clause */
/* A page being written: its frame, and what many pages show. Foreign text goes through
 * put_foreign() alone. */
#ifndef DESK_VIEW_H
#define DESK_VIEW_H

#include "desk/desk.h"
#include "desk/labels.h"
#include "desk/texts.h"

struct view {
    struct desk *desk;
    const struct request *request;
    struct answer *answer;
    struct buffer *out; /* the answer's body */
    enum language language;
    struct topics topics; /* of the store; read by view_topics() */
    bool refreshes;       /* it shows what is under way: it is loaded again by itself */
};

/* Who asks, in which language. */
struct view view_of(struct desk *desk, const struct request *request, struct answer *answer);

/* The page up to its content. `place` is the one of the menu that it belongs to. */
void view_begin(struct view *view, enum text place, fenlei_text title);
void view_end(struct view *view);

void put(struct view *view, const char *html);
void put_format(struct view *view, const char *html, ...) __attribute__((format(printf, 2, 3)));
void put_text(struct view *view, enum text text);
void put_foreign(struct view *view, fenlei_text text);
void put_shown(struct view *view, fenlei_text text); /* an article's, without markup */
void put_day(struct view *view, int64_t seconds);    /* and time */

/* Where a form's fields begin: what shows that the form is the desk's own. */
void put_token(struct view *view);

/* An option of a select. */
void put_option(struct view *view, const char *value, bool is_chosen, fenlei_text name);

/* Reads the topics, once. False, and the page is about that, when they cannot be read. */
bool view_topics(struct view *view);

/* The topic with that id, or what it was merged into; NULL where there is none. */
const struct topic *view_topic(const struct view *view, int64_t id);

/* Topics of a set as labels to look at. */
void put_set(struct view *view, fenlei_text set);
const char *topic_colour(const struct topic *topic); /* a class */

/* "拿不准" for "near-threshold"; what it does not know as it is. */
void put_review(struct view *view, fenlei_review review);
void put_review_named(struct view *view, fenlei_text review);

/* The whole answer: a page that tells an error; another address. */
void view_fail(struct view *view, unsigned status, enum text what, const char *words);
void view_redirect(struct view *view, const char *address);

#endif
