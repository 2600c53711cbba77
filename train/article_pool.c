/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/article_pool.h"

#include "base/random.h"
#include "base/utf8.h"
#include "train/paragraph.h"
#include "train/text.h"

#include <stdlib.h>
#include <xxhash.h>

/* Does a line begin with a mark, ■ to ⛿, as an item of several does? */
static bool has_mark(fenlei_text line)
{
    size_t at = 0;
    int32_t first = line.size > 0 ? utf8_next(line.bytes, &at) : 0;
    return first >= 0x25A0 && first <= 0x26FF;
}

/* Or with a tag in brackets, as 【甲县】? */
static bool has_tag(fenlei_text line)
{
    return text_begins(line, "【");
}

/* Is half of it items? Whether these are one article or one each, nobody can tell from the text. */
static bool is_of_items(fenlei_text text)
{
    fenlei_text paragraph;
    size_t n = 0, n_items = 0;
    for (bool more = true; more;) {
        more = text_cut(&text, '\n', &paragraph);
        n += paragraph.size > 0;
        n_items += has_mark(paragraph) || has_tag(paragraph);
    }
    return n_items > 1 && 2 * n_items >= n;
}

/* Does a text begin as an article does, below the headline? Where a line that is no sentence stands
 * first it is a byline, or the headline of the first of several; where a mark does, an item of
 * several that are articles each: roles that are not known. */
static bool begins_with_sentence(fenlei_text text)
{
    fenlei_text paragraph;
    bool has_more = text_cut(&text, '\n', &paragraph);
    return !has_mark(paragraph) &&
           (!has_more || (paragraph.size > 0 && paragraph_is_sentence(paragraph)));
}

bool article_pool_make(struct article_pool *pool, const struct layout_article *articles, size_t n)
{
    *pool = (struct article_pool){articles, array_new(n + 1, sizeof *pool->keys), n, 0};
    for (size_t i = 0; pool->keys != NULL && i < n; i++) {
        fenlei_text text = articles[i].text;
        bool is_whole = articles[i].title.size > 0 && text.size > 0 && begins_with_sentence(text) &&
                        !is_of_items(text);
        pool->keys[i] =
            is_whole ? XXH3_64bits_withSeed(text.bytes, text.size, articles[i].title.size) : 0;
        pool->n_whole += is_whole;
    }
    return pool->keys != NULL;
}

void article_pool_release(struct article_pool *pool)
{
    free(pool->keys);
}

/* Each is as likely as the other. It is the one whose key, mixed with what was drawn, is the lowest
 * (rendezvous hashing: Thaler and Ravishankar, 1998), so that an article that a corpus gains or
 * loses changes the few pages that it is on and no other: trained models stay comparable. */
struct layout_article article_pool_draw(const struct article_pool *pool, uint64_t *random)
{
    uint64_t drawn = random_next(random), least = UINT64_MAX;
    size_t best = 0;
    for (size_t i = 0; i < pool->n; i++) {
        uint64_t mixed = random_mix(pool->keys[i] ^ drawn);
        if (pool->keys[i] != 0 && mixed < least) {
            least = mixed;
            best = i;
        }
    }
    return pool->articles[best];
}
