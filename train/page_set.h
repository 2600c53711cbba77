/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages whose lines carry their roles: what the chain over lines (label/chain.h) learns from.
 *
 * A page file is UTF-8, a line of it for each line of the page: the role, a tab, the line as the
 * page has it. A blank line is a blank line of the page. models/README.md tells the roles. */
#ifndef TRAIN_PAGE_SET_H
#define TRAIN_PAGE_SET_H

#include "label/line.h"
#include "label/role.h"
#include "train/article_pool.h"

struct labelled_page {
    struct buffer text; /* the page; its lines point into it */
    struct lines lines;
    uint8_t *roles; /* [lines.n] of enum role */
    enum heading_style style;
    double weight; /* in learning: what was written whole is worth several that are drawn */
};

struct page_set {
    struct labelled_page *pages; /* [n] */
    size_t n, capacity;
};

/* Adds the page of which `text` is the file. An error names the line. */
fenlei_status page_set_add(struct page_set *set, fenlei_text text, fenlei_error *error);

/* Reads `path`: a page file (*.page), a layout (*.layout, layout.h), or a folder of both, whose
 * layouts choose their words from its *.words files; a layout given by itself, from those beside
 * it. Layouts are set with `articles`, which they need one of; a page of theirs that its roles do
 * not fit is dropped, and an error where that is more than one page in ten. The same for the same
 * files. An error names file and line. */
fenlei_status page_set_read(struct page_set *set, const char *path,
                            const struct layout_article *articles, size_t n_articles,
                            fenlei_error *error);

void page_set_release(struct page_set *set);

#endif
