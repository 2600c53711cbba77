/* Pages whose lines carry their roles: what the chain over lines (label/chain.h) learns from.
 *
 * A page file is UTF-8, a line of it for each line of the page: the role, a tab, the line as the
 * page has it. A blank line is a blank line of the page. models/README.md tells the roles. */
#ifndef TRAIN_PAGE_SET_H
#define TRAIN_PAGE_SET_H

#include "label/line.h"
#include "label/role.h"

struct labelled_page {
    struct buffer text; /* the page; its lines point into it */
    struct lines lines;
    uint8_t *roles; /* [lines.n] of enum role */
    enum heading_style style;
};

struct page_set {
    struct labelled_page *pages; /* [n] */
    size_t n, capacity;
};

/* Adds the page of which `text` is the file. An error names the line. */
fenlei_status page_set_add(struct page_set *set, fenlei_text text, fenlei_error *error);

/* Reads the page file `path`; an error names it. */
fenlei_status page_set_read(struct page_set *set, const char *path, fenlei_error *error);

void page_set_release(struct page_set *set);

#endif
