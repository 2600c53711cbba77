/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/headline.h"

#include "base/utf8.h"
#include "label/fold.h"
#include "train/text.h"

#include <string.h>

bool headline_cut(fenlei_text *rest, fenlei_text *first)
{
    enum { LETTERS_LEAST = 6 };
    for (size_t at = 0, begin = 0; at < rest->size; begin = at) {
        if ((fold_class(utf8_next(rest->bytes, &at)) & FOLD_SPACE) == 0)
            continue;
        fenlei_text behind = {rest->bytes + at, rest->size - at};
        *first = (fenlei_text){rest->bytes, begin};
        if (text_characters(*first) >= LETTERS_LEAST && text_characters(behind) >= LETTERS_LEAST &&
            text_open_brackets(*first) == 0) {
            *rest = behind;
            return true;
        }
    }
    *first = *rest;
    return false;
}

static size_t times_in(fenlei_text text, fenlei_text part)
{
    size_t n = 0;
    for (const char *found; (found = memmem(text.bytes, text.size, part.bytes, part.size)) != NULL;
         n++) {
        size_t skipped = (size_t)(found - text.bytes) + part.size;
        text = (fenlei_text){text.bytes + skipped, text.size - skipped};
    }
    return n;
}

static bool is_letter(int32_t c)
{
    return (fold_class(c) & FOLD_LETTER) != 0;
}

/* What ends a line of a headline, and what begins the next one. */
static bool is_pause(int32_t before, int32_t after)
{
    return before == 0xFF1A /* ： */ || before == 0xFF0C /* ， */ || before == 0xFF1F /* ？ */ ||
           after == 0x2014 /* — */ || (fold_class(after) & FOLD_SPACE) != 0;
}

/* May a line end between these two? Not before punctuation, nor between a number and what is
 * counted; and the name of a column, in 【】, is no line of a headline. */
static bool may_part(fenlei_text left, fenlei_text right, int32_t before, int32_t after)
{
    return before != 0x3011 /* 】 */ && before >= 0x80 && after != 0x7684 /* 的 */ &&
           (is_letter(before) || text_open_brackets(left) < 0) &&
           (is_letter(after) || text_open_brackets(right) > 0);
}

/* How bad it is to break a headline at `at`, where the character [begin, at) ends and the next one,
 * which ends at `end`, begins: not at all at a pause; elsewhere the worse, the more often the two
 * stand side by side in the article's text, for then they are of one word. SIZE_MAX: it cannot
 * be. */
static size_t harm_of_break(fenlei_text headline, fenlei_text text, size_t begin, size_t at,
                            size_t end)
{
    fenlei_text left = {headline.bytes + begin, at - begin},
                right = {headline.bytes + at, end - at};
    size_t from = 0, next = 0;
    int32_t before = utf8_next(left.bytes, &from), after = utf8_next(right.bytes, &next);
    if (text_open_brackets((fenlei_text){headline.bytes, at}) != 0)
        return SIZE_MAX;
    if (is_pause(before, after) && before != after)
        return 0;
    if (!may_part(left, right, before, after))
        return SIZE_MAX;
    return 1 + times_in(text, (fenlei_text){left.bytes, end - begin});
}

/* Where a headline of n letters is broken over two lines: where that does the least harm, and
 * nearest its middle; far from it only at a pause. 0: nowhere. */
static size_t find_break(fenlei_text headline, fenlei_text text, size_t n)
{
    enum { LETTERS_LEAST = 4, HARM_MOST = 1000 };
    size_t best = 0, least = SIZE_MAX, letters = 0;
    for (size_t begin = 0, at = 0, end = 0; at < headline.size; begin = at, at = end, letters++) {
        utf8_next(headline.bytes, &end);
        if (letters < LETTERS_LEAST || letters + LETTERS_LEAST > n)
            continue;
        size_t off = letters * 2 > n ? letters * 2 - n : n - letters * 2;
        size_t harm = harm_of_break(headline, text, begin, at, end);
        if (harm < HARM_MOST && (harm == 0 || off * 3 <= n) && harm * HARM_MOST + off < least) {
            best = at;
            least = harm * HARM_MOST + off;
        }
    }
    return best;
}

fenlei_text headline_break(fenlei_text *rest, fenlei_text text)
{
    enum { LETTERS_OF_ONE_LINE = 10 };
    fenlei_text first;
    size_t n = text_characters(*rest);
    if (headline_cut(rest, &first))
        return first;
    size_t size = n > LETTERS_OF_ONE_LINE ? find_break(*rest, text, n) : 0;
    first = (fenlei_text){rest->bytes, size > 0 ? size : rest->size};
    *rest = text_skip(*rest, first.size);
    *rest = text_skip(*rest, text_leading_blanks(*rest).size);
    return first;
}
