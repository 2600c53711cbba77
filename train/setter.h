/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages set by a layout: its blocks, filled with articles and words, as the lines of page files. */
#ifndef TRAIN_SETTER_H
#define TRAIN_SETTER_H

#include "train/article_pool.h"
#include "train/layout_words.h"

/* Sets the pages of the layout `path` and gives each to `take`, as the text of a page file
 * (page_set.h). The same for the same arguments. An error names file and line. */
fenlei_status layout_set(const char *path, const struct layout_words *words,
                         const struct layout_article *articles, size_t n_articles, uint64_t seed,
                         fenlei_status (*take)(void *context, fenlei_text page,
                                               fenlei_error *error),
                         void *context, fenlei_error *error);

#endif
