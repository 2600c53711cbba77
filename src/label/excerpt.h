/* SPDX-License-Identifier: BSD-3-Clause */
/* The letters of a page in a row, excerpts of it, and how much of one is told in another: two
 * articles use other words, two parts of one the same (Hearst, TextTiling, Computational
 * Linguistics 23, 1997). */
#ifndef LABEL_EXCERPT_H
#define LABEL_EXCERPT_H

#include "label/line.h"

/* Of a line, no more letters of its beginning and of its end are kept: the most of an excerpt. */
enum { EXCERPT_MOST = 960 };

/* All letters of a page as they are compared, so that what stands around a line need not be read
 * again for each. */
struct page_letters {
    uint16_t *of;   /* [n] */
    size_t *starts; /* [lines + 1] where the letters of each line begin */
    size_t n, capacity, starts_capacity;
};

/* False when memory runs out. All zero is an empty struct. */
bool page_letters_gather(struct page_letters *letters, const struct lines *lines);
size_t page_letters_memory(const struct page_letters *letters);
void page_letters_release(struct page_letters *letters);

/* Letters in a row, EXCERPT_MOST at most. */
struct excerpt {
    const uint16_t *letters; /* [n], borrowed */
    size_t n;
};

/* At most `most` letters: those before line i, those from its beginning on (i may be one past the
 * last line), and its own. */
struct excerpt excerpt_above(const struct page_letters *letters, size_t i, size_t most);
struct excerpt excerpt_from(const struct page_letters *letters, size_t i, size_t most);
struct excerpt excerpt_of(const struct page_letters *letters, size_t i, size_t most);

/* What both tell: pairs of Han letters, and eight letters of an alphabet in a row, each by what it
 * tells, in bits beyond what common words have. */
unsigned excerpt_shared(struct excerpt a, struct excerpt b);

/* How much of `own` stands in `text`, in eighths, rounded up: of all pairs of letters; of rows of
 * eight letters of an alphabet; of pairs of Han letters by what each tells, 9 for none. */
unsigned excerpt_pairs_told(struct excerpt own, struct excerpt text);
unsigned excerpt_rows_told(struct excerpt own, struct excerpt text);
unsigned excerpt_weight_told(struct excerpt own, struct excerpt text);

#endif
