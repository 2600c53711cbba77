/* SPDX-License-Identifier: BSD-3-Clause */
#include "html/markup.h"

#include "base/entity.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    REACH = 600, /* bytes of a line within which a mark has its end */
    PAIRS = 3    /* kinds of marks that stand in pairs */
};

/* Two of them begin and two end: **bold**, __bold__, ~~gone~~. */
static const char pairs[PAIRS] = {'*', '_', '~'};

/* Tags that say how letters look, or where lines end. Others are text, as in 《<script>》. */
static const char *const tags[] = {"b",    "br",  "strong", "em",     "i",   "u",
                                   "s",    "p",   "a",      "img",    "div", "span",
                                   "font", "sup", "sub",    "center", "hr",  "nobr"};

/* A text on the way: where each kind of pair that is open ends. */
struct search {
    fenlei_text text;
    size_t ends[PAIRS]; /* 0: none is open */
};

static char at_or_nul(fenlei_text text, size_t at)
{
    return at < text.size ? text.bytes[at] : '\0';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0';
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Where the line ends, or what can be reached of it. */
static size_t reach(fenlei_text text, size_t at)
{
    size_t most = text.size - at < REACH ? text.size : at + REACH;
    const char *end = memchr(text.bytes + at, '\n', most - at);
    return end != NULL ? (size_t)(end - text.bytes) : most;
}

/* The end of a pair that opens at `at`; 0 where none does. */
static size_t pair_end(fenlei_text text, size_t at)
{
    char c = text.bytes[at];
    size_t from = at + 2, to = reach(text, at);
    bool is_inside = c == '_' && at > 0 && is_word(text.bytes[at - 1]);
    if (at_or_nul(text, at + 1) != c || is_space(at_or_nul(text, from)) || text.bytes[from] == c ||
        is_inside)
        return 0;
    for (size_t i = from + 1; i + 1 < to; i++) {
        if (text.bytes[i] == c && text.bytes[i + 1] == c && !is_space(text.bytes[i - 1]) &&
            !(c == '_' && is_word(at_or_nul(text, i + 2))))
            return i;
    }
    return 0;
}

/* One of a pair at `at`, the first or the last: its size, or 0. */
static size_t pair_size(struct search *search, size_t at)
{
    for (size_t i = 0; i < PAIRS; i++) {
        if (search->text.bytes[at] != pairs[i])
            continue;
        if (search->ends[i] == at && at > 0) {
            search->ends[i] = 0;
            return 2;
        }
        if (search->ends[i] > at)
            return 0;
        search->ends[i] = pair_end(search->text, at);
        return search->ends[i] > 0 ? 2 : 0;
    }
    return 0;
}

/* "## " and "> " where a line begins. */
static size_t line_mark_size(fenlei_text text, size_t at)
{
    size_t n = 0;
    if (at > 0 && text.bytes[at - 1] != '\n')
        return 0;
    if (text.bytes[at] == '>')
        return at_or_nul(text, at + 1) == ' ' ? 2 : 0;
    while (n < 6 && at_or_nul(text, at + n) == '#')
        n++;
    return n > 0 && at_or_nul(text, at + n) == ' ' ? n + 1 : 0;
}

static bool is_tag(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (strlen(tags[i]) == size && strncasecmp(tags[i], name, size) == 0)
            return true;
    return false;
}

static size_t tag_size(fenlei_text text, size_t at)
{
    size_t name = at + 1 + (at_or_nul(text, at + 1) == '/'), end = name;
    while (is_word(at_or_nul(text, end)))
        end++;
    if (end == text.size || !is_tag(text.bytes + name, end - name) ||
        strchr(" />", text.bytes[end]) == NULL)
        return 0;
    const char *close = memchr(text.bytes + end, '>', reach(text, end) - end);
    return close != NULL ? (size_t)(close + 1 - text.bytes) - at : 0;
}

/* Without width: a soft hyphen, a space of none, a byte order mark and the like. */
static bool is_unseen(int32_t c)
{
    return c == 0xAD || (c >= 0x200B && c <= 0x200D) || c == 0xFEFF;
}

/* *character becomes what is shown instead; 0: nothing. */
static size_t entity_size(fenlei_text text, size_t at, uint32_t *character)
{
    size_t size;
    int32_t c = entity_of((fenlei_text){text.bytes + at, text.size - at}, &size);
    if (c < 0x20 || (c >= 0x7F && c < 0xA0))
        return 0;
    *character = is_unseen(c) ? 0 : (uint32_t)c;
    return size;
}

/* The tail of "[words](address)" from its "]" on: the words stay. */
static size_t link_tail_size(fenlei_text text, size_t at)
{
    size_t to = reach(text, at);
    if (at_or_nul(text, at + 1) != '(')
        return 0;
    const char *address = text.bytes + at + 2;
    bool leads = to - at > 5 && (strncasecmp(address, "http", 4) == 0 || address[0] == '/' ||
                                 address[0] == '#' || address[0] == '.');
    const char *close = leads ? memchr(address, ')', to - at - 2) : NULL;
    return close != NULL ? (size_t)(close + 1 - text.bytes) - at : 0;
}

/* "[" or "![" of such a link. */
static size_t link_head_size(fenlei_text text, size_t at)
{
    size_t head = text.bytes[at] == '!' ? 2 : 1, to = reach(text, at);
    if (head == 2 && at_or_nul(text, at + 1) != '[')
        return 0;
    const char *close = to > at + head ? memchr(text.bytes + at + head, ']', to - at - head) : NULL;
    return close != NULL && link_tail_size(text, (size_t)(close - text.bytes)) > 0 ? head : 0;
}

static size_t unseen_size(fenlei_text text, size_t at)
{
    size_t behind = at;
    bool is_inside = ((unsigned char)text.bytes[at] & 0xC0) == 0x80; /* of a character */
    return !is_inside && is_unseen(utf8_next(text.bytes, &behind)) ? behind - at : 0;
}

/* The size of what begins at `at`; 0: nothing. */
static size_t size_at(struct search *search, size_t at, uint32_t *instead)
{
    fenlei_text text = search->text;
    switch (text.bytes[at]) {
    case '*':
    case '_':
    case '~':
        return pair_size(search, at);
    case '#':
    case '>':
        return line_mark_size(text, at);
    case '<':
        return tag_size(text, at);
    case '&':
        return entity_size(text, at, instead);
    case '!':
    case '[':
        return link_head_size(text, at);
    case ']':
        return link_tail_size(text, at);
    default:
        return unseen_size(text, at);
    }
}

bool markup_find(struct markups *found, fenlei_text text)
{
    struct search search = {.text = text};
    found->n = 0;
    for (size_t at = 0; at < text.size;) {
        uint32_t instead = 0;
        size_t size = size_at(&search, at, &instead);
        if (size > 0 &&
            !array_reserve(&found->of, &found->capacity, found->n + 1, sizeof *found->of))
            return false;
        if (size > 0)
            found->of[found->n++] = (struct markup){at, at + size, instead};
        at += size > 0 ? size : 1;
    }
    return true;
}

void markups_release(struct markups *found)
{
    free(found->of);
    *found = (struct markups){0};
}

void markup_drop(struct buffer *out, fenlei_text text)
{
    struct markups found = {0};
    size_t at = 0;
    out->failed = !markup_find(&found, text) || out->failed;
    for (size_t i = 0; i < found.n; i++) {
        char instead[4];
        buffer_append(out, text.bytes + at, found.of[i].from - at);
        if (found.of[i].instead != 0)
            buffer_append(out, instead, utf8_write(instead, found.of[i].instead));
        at = found.of[i].to;
    }
    if (text.size > at)
        buffer_append(out, text.bytes + at, text.size - at);
    markups_release(&found);
}
