/* SPDX-License-Identifier: BSD-3-Clause */
/* The letters of a page in a row, and how much of what stands before a line is told again behind
 * it, or told of the line: two articles use other words, two parts of one the same (Hearst,
 * TextTiling, Computational Linguistics 23, 1997). */
#ifndef LABEL_EXCERPT_H
#define LABEL_EXCERPT_H

#include "label/line.h"

/* Of a line, no more letters of its beginning and of its end are kept: the most that is looked at
 * on one side of a line. */
enum { EXCERPT_MOST = 960 };

/* Where what begins at a letter stands next to it on the page, in letters, and what it tells, in
 * bits beyond what common ones have. 0 where it stands nowhere near, or tells nothing. */
enum { ECHO_BITS = 12 };

struct echo {
    uint32_t before : ECHO_BITS, after : ECHO_BITS, weight : 32 - 2 * ECHO_BITS;
};

/* How many letters in a row tell of something, Han letters and those of an alphabet. */
enum { ROW_HAN = 2, ROW_LATIN = 8 };

/* All letters of a page as they are compared, so that what stands around a line need not be read
 * again for each. */
struct page_letters {
    uint16_t *of;       /* [n] */
    size_t *starts;     /* [lines + 1] where the letters of each line begin */
    struct echo *words; /* [n] rows of letters that tell of something */
    struct echo *alone; /* [n] Han letters */
    size_t n, capacity, starts_capacity, words_capacity, alone_capacity;
    uint32_t *latest; /* scratch: by the highest bits of a hash, where a row was seen last */
    size_t latest_capacity;
    unsigned latest_shift; /* to these bits */
};

/* False when memory runs out. All zero is an empty struct. */
bool page_letters_gather(struct page_letters *letters, const struct lines *lines);
size_t page_letters_memory(const struct page_letters *letters);
void page_letters_release(struct page_letters *letters);

/* A part of a page's letters, and what is looked at on both sides of it: [above, from) and
 * [to, below). */
struct excerpt {
    size_t above, from, to, below;
};

/* At most `most` letters before and behind line i; before it, and of its own. */
struct excerpt excerpt_around(const struct page_letters *letters, size_t i, size_t most);
struct excerpt excerpt_at_start(const struct page_letters *letters, size_t i, size_t most);

/* What both sides tell, of rows of letters that tell of something, and of about how much that the
 * shorter one does. */
struct shared {
    unsigned weight, of;
};

struct shared excerpt_shared(const struct echo *echoes, struct excerpt excerpt);

/* How much of the first `most` letters of the part itself each side tells, of rows of `row` of
 * them, in eighths, rounded up; EXCERPT_SILENT of what tells nothing. */
enum { EXCERPT_SILENT = 9 };

struct told {
    unsigned above, below;
};

struct told excerpt_told(const struct echo *echoes, struct excerpt excerpt, size_t most,
                         size_t row);

#endif
