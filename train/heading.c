/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/heading.h"

#include "base/utf8.h"
#include "label/fold.h"
#include "train/draw.h"
#include "train/text.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The point of 3.2, and the comma of 1,200. */
static bool is_in_number(fenlei_text text, size_t begin, size_t end)
{
    return begin > 0 && end < text.size && end == begin + 1 && is_digit(text.bytes[begin - 1]) &&
           is_digit(text.bytes[end]);
}

/* Cuts the next clause off *rest: what stands between two marks of punctuation. */
static fenlei_text cut_clause(fenlei_text *rest)
{
    size_t begin = 0, at = 0, end = 0;
    while (at < rest->size) {
        size_t before = at;
        int32_t c = utf8_next(rest->bytes, &at);
        if ((fold_class(c) & FOLD_LETTER) != 0 || is_in_number(*rest, before, at))
            end = at;
        else if (end > begin)
            break;
        else
            begin = end = at;
    }
    fenlei_text clause = {rest->bytes + begin, end - begin};
    *rest = text_skip(*rest, at);
    return clause;
}

/* Not a date, nor what is left of 增长17.2%. */
static bool may_head(fenlei_text clause)
{
    enum { LETTERS_LEAST = 4, LETTERS_MOST = 14 };
    size_t n = text_characters(clause);
    return n >= LETTERS_LEAST && n <= LETTERS_MOST && !is_digit(clause.bytes[0]) &&
           !is_digit(clause.bytes[clause.size - 1]);
}

/* A clause of the paragraph that comes next or the one behind, which is what a heading tells of.
 * Empty where none may head a section. */
static fenlei_text draw_clause(fenlei_text below, uint64_t *random)
{
    fenlei_text rest = below, part;
    size_t n = 0;
    text_cut(&rest, '\n', &part);
    text_cut(&rest, '\n', &part);
    below.size -= rest.size;
    for (rest = below; rest.size > 0;)
        n += may_head(cut_clause(&rest));
    if (n == 0)
        return (fenlei_text){"", 0};
    size_t which = draw_below(random, n);
    for (rest = below;;) {
        fenlei_text clause = cut_clause(&rest);
        if (may_head(clause) && which-- == 0)
            return clause;
    }
}

/* As a section of the article might be headed: by words of its own, since what is about something
 * else could not be told from the next article's headline. Two clauses now and then, where both are
 * short: a heading is shorter than a headline. */
bool heading_append(struct buffer *line, fenlei_text below, uint64_t *random)
{
    enum { LETTERS_MOST = 20, PERCENT_OF_TWO = 35 };
    fenlei_text clause = draw_clause(below, random);
    buffer_append_text(line, clause);
    if (!draw_happens(random, PERCENT_OF_TWO))
        return clause.size > 0;
    fenlei_text second = draw_clause(below, random);
    if (!text_equal(clause, second) &&
        text_characters(clause) + text_characters(second) <= LETTERS_MOST) {
        buffer_append_string(line, " ");
        buffer_append_text(line, second);
    }
    return clause.size > 0;
}
