/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/role.h"

#include "base/memory.h"

static const char *const names[N_ROLES] = {
    [ROLE_FURNITURE] = "furniture",
    [ROLE_INTERRUPTION] = "furniture",
    [ROLE_KICKER] = "kicker",
    [ROLE_HEADLINE] = "headline",
    [ROLE_HEADLINE_MORE] = "headline+",
    [ROLE_SUBHEAD] = "subhead",
    [ROLE_BYLINE] = "byline",
    [ROLE_LEAD] = "lead",
    [ROLE_BODY] = "body",
    [ROLE_BODY_MORE] = "body+",
    [ROLE_SECTION] = "section",
    [ROLE_CAPTION] = "caption",
    [ROLE_SIGNATURE] = "signature",
    [ROLE_SPONSOR] = "sponsor",
};

const char *role_name(enum role role)
{
    return names[role];
}

bool role_find(fenlei_text name, enum role *role)
{
    for (int i = 0; i < N_ROLES; i++)
        if (text_equal(name, text_of(names[i]))) {
            *role = (enum role)i;
            return true;
        }
    return false;
}

bool role_is_title(enum role role)
{
    return role == ROLE_KICKER || role == ROLE_HEADLINE || role == ROLE_HEADLINE_MORE ||
           role == ROLE_SUBHEAD;
}

bool role_is_text(enum role role)
{
    return role == ROLE_LEAD || role == ROLE_BODY || role == ROLE_BODY_MORE ||
           role == ROLE_SECTION || role == ROLE_SIGNATURE;
}

static bool is_outside(enum role role)
{
    return role == ROLE_FURNITURE || role == ROLE_SPONSOR;
}

bool role_may_begin_page(enum role role)
{
    return is_outside(role) || role == ROLE_KICKER || role == ROLE_HEADLINE || role == ROLE_LEAD ||
           role == ROLE_CAPTION;
}

bool role_may_follow(enum role role, enum role next)
{
    if (next == ROLE_HEADLINE_MORE)
        return role == ROLE_HEADLINE || role == ROLE_HEADLINE_MORE;
    if (is_outside(role))
        return role_may_begin_page(next);
    bool begins = is_outside(next) || next == ROLE_KICKER || next == ROLE_HEADLINE;
    if (role == ROLE_KICKER && (next == ROLE_KICKER || next == ROLE_HEADLINE))
        return true;
    if ((role_is_title(role) || role == ROLE_BYLINE) && (begins || next == ROLE_SIGNATURE))
        return false; /* no headline without a text */
    if (role == ROLE_INTERRUPTION)
        return !is_outside(next) && next != ROLE_KICKER && next != ROLE_HEADLINE;
    return true;
}

bool role_begins(enum role role, enum role next)
{
    switch (next) {
    case ROLE_KICKER:
    case ROLE_HEADLINE:
        return role != ROLE_KICKER;
    case ROLE_LEAD:
        return is_outside(role) || role_is_text(role);
    default:
        return false;
    }
}
