/* SPDX-License-Identifier: BSD-3-Clause */
/* The pages: each answers a request whose address it is for. */
#ifndef DESK_PAGES_H
#define DESK_PAGES_H

#include "desk/view.h"

typedef void page_answer(struct view *view);

page_answer inbox_show, inbox_take;
page_answer list_show, list_export;
page_answer queue_show;
page_answer models_show, models_change;
page_answer topics_show, topics_change;
page_answer figures_show;

/* /articles/NUMBER */
void article_show(struct view *view, int64_t id);
void article_change(struct view *view, int64_t id);

/* An entry of a list of articles. */
void put_entry(struct view *view, const struct article *article, const char *address_query);

#endif
