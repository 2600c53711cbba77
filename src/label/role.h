/* SPDX-License-Identifier: BSD-3-Clause */
/* What a line of a page is. */
#ifndef LABEL_ROLE_H
#define LABEL_ROLE_H

#include "fenlei.h"

#include <stdint.h>

/* The states of the chain over a page's lines. Their numbers are part of the model file. */
enum role {
    ROLE_FURNITURE,     /* masthead, folio, navigation: between articles */
    ROLE_INTERRUPTION,  /* the same in the middle of an article */
    ROLE_KICKER,        /* a line above the headline that belongs to it */
    ROLE_HEADLINE,      /* the first line of a headline */
    ROLE_HEADLINE_MORE, /* its further lines */
    ROLE_SUBHEAD,
    ROLE_BYLINE,
    ROLE_LEAD,      /* the first line of a text: a dateline, or no headline above it */
    ROLE_BODY,      /* begins a paragraph */
    ROLE_BODY_MORE, /* goes on from the line before */
    ROLE_SECTION,   /* a heading inside an article */
    ROLE_CAPTION,
    ROLE_SIGNATURE, /* author or source at the end */
    ROLE_SPONSOR,
    N_ROLES
};

/* How the articles of a page are headed: which of them show who wrote them, or a dateline, right
 * below the headline. Where most do, a short line without one is no headline but a section's. */
enum heading_style { STYLE_SIGNED, STYLE_UNSIGNED, STYLE_MIXED, N_STYLES };

/* As files of training pages have it: "furniture", "headline+"; ROLE_INTERRUPTION is "furniture"
 * too. A constant. */
const char *role_name(enum role role);

/* Finds the role of that name; false where there is none. Furniture is ROLE_FURNITURE. */
bool role_find(fenlei_text name, enum role *role);

/* Is a line of that role part of the title of its article? Of its text? */
bool role_is_title(enum role role);
bool role_is_text(enum role role);

/* Can a line of role `next` follow one of role `role`? What never can is a fact of how articles are
 * printed; what seldom does is for the chain to know. */
bool role_may_follow(enum role role, enum role next);

/* Can it be the first of a page? */
bool role_may_begin_page(enum role role);

/* Does an article begin at a line of role `next` behind one of role `role`? For ROLE_LEAD only
 * where text stands before it. */
bool role_begins(enum role role, enum role next);

#endif
