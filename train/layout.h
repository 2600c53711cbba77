/* SPDX-License-Identifier: BSD-3-Clause */
/* Layouts: the habits of a paper, written down, over which articles are set as pages whose lines
 * carry their roles: page_set.h tells of those, setter.h sets them.
 *
 *     pages 12            how many pages are made of it
 *     articles 2-6        on each
 *     short 40%           of them keep but their first one or two paragraphs
 *     blank 1             blank lines between paragraphs; 0-1: drawn for each page
 *     dense 40%           on so many pages the blank lines of the blocks below are left out
 *     wrap 18-24          paragraphs are broken into lines of so many characters
 *     wrapped 60%         but only on so many pages
 *     terse 25%           on so many pages, a paragraph is its first sentence only, with nothing
 *                         between two of them
 *     tagged 5%           of the articles, as scripts of broadcasts do, name what each paragraph is
 *                         by a {tag+} before it
 *     alike 70%           on so many pages all articles are set by the same block
 *     foreign 100%        so many pages are of {latin} or {cyrillic} words, one for a Han letter
 *     narrow 50%          headlines and bylines, too, on so many pages
 *     indent 2            blanks (U+3000) before a paragraph; 0-2: drawn for each page
 *     spaced 50% headline
 *                         lines of that role are letterspaced on so many pages
 *     broken 20%          of the paragraphs are broken once, by a blank line, as at a column's end,
 *                         a dozen letters or more on either side
 *
 *     [top]               then blocks: what stands on top of the page,
 *     furniture	{paper}
 *
 *     [article 3]         an article (one of such blocks is chosen, this with weight 3),
 *     headline	{title}
 *     50% byline	本报记者 {name}
 *
 *     body	{text}
 *     [between 20%]       what may stand between two articles,
 *     [inside 10%]        or between two paragraphs, the first whose chance it is,
 *     [break 20%]         or in the middle of a paragraph,
 *     [bottom]            and at the end.
 *
 * A line of a block is a role, a tab and a text, maybe after the probability that it is there; an
 * empty line is a blank line. In a text, {title} is the title, {title1} and {title2} its parts at a
 * space (a line whose part is missing is left out), {broken} the title broken over two lines,
 * {heading} a clause or two of the next two paragraphs, {text} the paragraphs, {first} the first
 * of them, after which {text} is the others; what stands behind them ends the last one. {next} and
 * {hznext} are the number of the article's next heading, 1, 2 or 一, 二. Any other {word} is a
 * random choice of the lines `word	...` of a file of words, the same for the whole page where
 * its name ends in *, for the whole article where it ends in +. Words may hold words. {0-9} and the
 * like is a number. Lines that begin with // are comments.
 *
 * In an article's text a line that is no sentence is a heading of a section, which terse pages
 * leave out, or at the end a signature; an article whose text begins with one is not set. One with
 * a dateline of its own begins with a lead, whatever the layout says, and has no second one. */
#ifndef TRAIN_LAYOUT_H
#define TRAIN_LAYOUT_H

#include "base/memory.h"
#include "train/draw.h"

enum layout_place {
    PLACE_TOP,
    PLACE_ARTICLE,
    PLACE_BETWEEN,
    PLACE_INSIDE,
    PLACE_BREAK,
    PLACE_BOTTOM,
    N_PLACES
};

/* A line of a block, its slots not yet filled. */
struct layout_line {
    unsigned percent;       /* probability */
    fenlei_text role, text; /* empty: a blank line */
};

struct layout_block {
    enum layout_place place;
    unsigned weight;   /* of an article's; else its probability in percent */
    size_t begin, end; /* in layout.lines */
};

/* A layout file, read. Its texts point into its bytes. */
struct layout {
    struct buffer bytes;
    struct range pages, articles, wrap, blank, indent;
    unsigned short_percent, broken_percent, wrapped_percent, narrow_percent, foreign_percent,
        terse_percent, alike_percent, dense_percent, tagged_percent;
    struct layout_spacing {
        unsigned percent;
        fenlei_text role;
    } spaced[8];
    size_t n_spaced;
    struct layout_line *lines; /* [n_lines] of all blocks */
    size_t n_lines, lines_capacity;
    struct layout_block *blocks; /* [n_blocks]: one at least is an article's */
    size_t n_blocks, blocks_capacity;
};

/* Reads a file into *layout, which is to be released also where that fails. An error names file
 * and line. */
fenlei_status layout_read(struct layout *layout, const char *path, fenlei_error *error);
void layout_release(struct layout *layout);

/* Is it one number, or a range as 0-9: what a setting has, and a slot may have? */
bool layout_is_range(fenlei_text text, struct range *range);

#endif
