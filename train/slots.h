/* SPDX-License-Identifier: BSD-3-Clause */
/* The slots of a layout's lines, filled: layout.h tells what stands in {...}. */
#ifndef TRAIN_SLOTS_H
#define TRAIN_SLOTS_H

#include "train/article_pool.h"
#include "train/layout_words.h"

enum { SLOTS_KEPT = 32 }; /* beyond so many, a word is chosen anew where it is wanted again */

/* What they are filled from, and the line that they are filled in. */
struct slots {
    const struct layout_words *words;
    uint64_t *random;              /* the caller's, from which all is drawn */
    struct layout_article article; /* the one being set */
    fenlei_text below;             /* its text from the paragraph that comes next */
    unsigned n_numbered;           /* numbered headings that it has */
    struct kept_word {
        fenlei_text slot, word;
    } kept[SLOTS_KEPT];
    size_t n_kept, n_page_kept; /* those behind the page's are the article's */
    struct buffer line;
    bool lacks_part;      /* a slot of the line has nothing to say */
    fenlei_status status; /* with *error, of the first slot that no word is for */
    fenlei_error *error;
};

/* Forget the words that are the same for a page, or for an article. */
void slots_begin_page(struct slots *slots);
void slots_begin_article(struct slots *slots, struct layout_article article);

/* An empty line. */
void slots_begin_line(struct slots *slots);

/* Appends a text, its slots filled, to the line. */
void slots_append(struct slots *slots, fenlei_text text);

/* There is no word for a slot: the error, where it is the first. */
void slots_lack_word(struct slots *slots, fenlei_text slot);

void slots_release(struct slots *slots);

#endif
