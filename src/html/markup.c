/* SPDX-License-Identifier: BSD-3-Clause */
#include "html/markup.h"

#include "base/entity.h"
#include "base/styling.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static char at_or_nul(fenlei_text text, size_t at)
{
    return at < text.size ? text.bytes[at] : '\0';
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

static size_t unseen_size(fenlei_text text, size_t at)
{
    size_t behind = at;
    bool is_inside = ((unsigned char)text.bytes[at] & 0xC0) == 0x80; /* of a character */
    return !is_inside && is_unseen(utf8_next(text.bytes, &behind)) ? behind - at : 0;
}

/* The size of what begins at `at`; 0: nothing. */
static size_t size_at(struct styling *styling, size_t at, uint32_t *instead)
{
    fenlei_text text = styling->text;
    char c = text.bytes[at];
    size_t size = styling_may_begin(c) ? styling_size(styling, at) : 0;
    if (size > 0)
        return size;
    if (c == '#' || c == '>')
        return line_mark_size(text, at);
    return c == '&' ? entity_size(text, at, instead) : unseen_size(text, at);
}

bool markup_find(struct markups *found, fenlei_text text)
{
    struct styling styling = {.text = text};
    found->n = 0;
    for (size_t at = 0; at < text.size;) {
        uint32_t instead = 0;
        size_t size = size_at(&styling, at, &instead);
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
