/* SPDX-License-Identifier: BSD-3-Clause */
/* A newspaper page -> its articles: headline, byline, body, lines.
 *
 * The page is text out of a PDF, a scan or a crawler. line.h tells what each line looks like,
 * chain.h what it is; this joins lines into articles. Every line with a letter is in some piece. */
#ifndef LABEL_PAGE_H
#define LABEL_PAGE_H

#include "base/memory.h"
#include "label/chain.h"
#include "label/line.h"
#include "label/origin.h"

#include <stdint.h>

/* The most lines of a page that are not blank. */
enum { PAGE_LINES_MAX = 1 << 20 };

/* What makes a piece doubtful. */
enum doubt {
    DOUBT_NONE,
    DOUBT_SEVERAL, /* another article may begin inside it */
    DOUBT_SPLIT    /* it may begin elsewhere, or its headline end elsewhere */
};

struct piece {
    size_t title, title_size; /* where they lie in page.text; sizes may be 0 */
    size_t byline, byline_size;
    size_t body, body_size;
    size_t part, n_parts; /* its line ranges in page.parts */
    bool is_article;      /* false: masthead, sponsor's line */
    enum doubt doubt;
    uint32_t first_line, last_line; /* in page.lines */
};

struct page {
    struct piece *pieces; /* [n_pieces] in the order of their first lines */
    size_t n_pieces, pieces_capacity;
    fenlei_lines *parts;
    size_t n_parts, parts_capacity;
    struct buffer text; /* titles, bylines and bodies, joined from their lines */

    struct lines lines; /* lines.too_long: more than PAGE_LINES_MAX */
    struct placed {
        uint32_t owner; /* the piece that the line belongs to */
        uint32_t next;  /* the next line of that piece */
    } * placed;         /* scratch, [lines.n] */
    size_t placed_capacity;
    struct chain_scratch scratch;
};

/* Splits valid UTF-8; with `whole`, into one article at most. Without weights (`chain` all zero)
 * only whole texts can be read, their first line being the headline where it looks like one. False
 * when memory runs out, or when the page is `lines.too_long`. May be called again on the same
 * struct; page_release() ends its use. All zero is an empty one. */
bool page_split(struct page *page, fenlei_text text, const struct chain *chain, bool whole);

/* Where the lines that page.text [begin, begin + size) is joined from stand in `text`, the one that
 * was split. Offsets are from `begin` on. False when memory runs out. */
bool page_origins(const struct page *page, const struct piece *piece, fenlei_text text,
                  size_t begin, size_t size, struct origins *origins);

size_t page_memory(const struct page *page); /* bytes allocated */
void page_release(struct page *page);

#endif
