/* SPDX-License-Identifier: BSD-3-Clause */
/* The articles that pages are set with, and the draw of one. */
#ifndef TRAIN_ARTICLE_POOL_H
#define TRAIN_ARTICLE_POOL_H

#include "base/memory.h"

#include <stdint.h>

/* An article to be set. */
struct layout_article {
    fenlei_text title, text;
};

struct article_pool {
    const struct layout_article *articles; /* [n] the caller's */
    uint64_t *keys;                        /* [n] of their texts; 0 for one that cannot be set */
    size_t n, n_whole;                     /* all, and those that can be set */
};

/* False where there is no memory; it is to be released all the same. */
bool article_pool_make(struct article_pool *pool, const struct layout_article *articles, size_t n);
void article_pool_release(struct article_pool *pool);

/* One of those that can be set, which there must be. */
struct layout_article article_pool_draw(const struct article_pool *pool, uint64_t *random);

#endif
