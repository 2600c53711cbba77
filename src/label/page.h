/* A newspaper page -> its articles: headline, byline, body, lines.
 *
 * The page is text out of a PDF or a scan: a paragraph a line, more or less; headings marked by #
 * or by nothing; sentences broken over blank lines. An article begins where a headline is followed
 * by a byline or by 本报讯, or where a marked heading of an article's rank stands. What it cannot
 * place is kept as what it is least wrong to call it: every line of the page is in some piece.
 *
 * line.h tells what one line looks like; this joins lines into articles. */
#ifndef LABEL_PAGE_H
#define LABEL_PAGE_H

#include "base/memory.h"
#include "label/origin.h"

#include <stdint.h>

/* The most lines of a page that are not blank. */
enum { PAGE_LINES_MAX = 1 << 20 };

struct piece {
    size_t title, title_size; /* where they lie in page.text; sizes may be 0 */
    size_t byline, byline_size;
    size_t body, body_size;
    size_t part, n_parts;           /* its line ranges in page.parts */
    bool is_article;                /* false: masthead, sponsor's line */
    uint32_t first_line, last_line; /* in page.lines */
};

struct page {
    struct piece *pieces; /* [n_pieces] in the order of their first lines */
    size_t n_pieces, pieces_capacity;
    fenlei_lines *parts;
    size_t n_parts, parts_capacity;
    bool too_long;      /* more than PAGE_LINES_MAX lines */
    struct buffer text; /* titles, bylines and bodies, joined from their lines */

    struct buffer plain; /* scratch: the page with its Han characters simplified */
    struct line *lines;  /* scratch */
    size_t n_lines, lines_capacity;
    struct placed {
        uint32_t owner; /* the piece that the line belongs to */
        uint32_t next;  /* the next line of that piece */
    } * placed;         /* scratch, [n_lines] */
    size_t placed_capacity;
};

/* Splits valid UTF-8; with `whole`, into one article at most. False when memory runs out, or when
 * the page is `too_long`. May be called again on the same struct; page_release() ends its use. All
 * zero is an empty one. */
bool page_split(struct page *page, fenlei_text text, bool whole);

/* Where the lines that page.text [begin, begin + size) is joined from stand in `text`, the one that
 * was split. Offsets are from `begin` on. False when memory runs out. */
bool page_origins(const struct page *page, const struct piece *piece, fenlei_text text,
                  size_t begin, size_t size, struct origins *origins);

size_t page_memory(const struct page *page); /* bytes allocated */
void page_release(struct page *page);

#endif
