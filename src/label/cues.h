/* SPDX-License-Identifier: BSD-3-Clause */
/* What a line's role is told by: the features of the chain over lines (chain.h).
 *
 * They are those of the field: the words and the shape of the edges of a line, its width,
 * punctuation and marks, blank lines, its place and repetition on the page, and what its neighbours
 * look like (Councill, Giles, Kan, ParsCit, LREC 2008; Lopez, GROBID, ECDL 2009). None is a word
 * list but family names. */
#ifndef LABEL_CUES_H
#define LABEL_CUES_H

#include "label/excerpt.h"
#include "label/line.h"

/* What most lines of a page have in common. */
struct page_style {
    uint32_t usual_gap;  /* blank lines between most lines */
    uint32_t full_width; /* columns of most lines of a page of broken lines; 0 where it has none */
    bool has_marks;      /* headings are marked by # */
    uint8_t highest_rank, lowest_rank; /* the least and the most # of them */
    bool has_indents;                  /* paragraphs are indented */
    bool has_wide_gaps;                /* some lines stand farther apart than usual */
    uint32_t usual_letters;            /* of a paragraph's first line, or of a paragraph */
    uint64_t style;                    /* all of it in one number */
};

/* The Han characters among which surnames are looked for, and their number. */
enum { CUES_HAN = 0x4E00, CUES_N_HAN = 0x5200 };

struct cues {
    struct page_style style;
    uint64_t surnames[CUES_N_HAN / 64]; /* a bit for each of those characters */
    uint32_t *repeated, *numbered;      /* [n_buckets] lines by their keys, by their series */
    uint32_t first_opening; /* the mark that the page's first text begins with; 0: none */
    size_t n_buckets, capacity, numbered_capacity;
    struct page_letters letters;
};

/* The most features of a line. */
enum { CUES_MOST = 160 };

/* Looks over the page. False when memory runs out. All zero is an empty struct. */
bool cues_begin(struct cues *cues, const struct lines *lines);

/* A feature is of one of less than CUES_KINDS kinds, such as words or gaps. */
enum { CUES_KINDS = 128 };

static inline unsigned cues_kind(uint64_t feature)
{
    return (unsigned)(feature % CUES_KINDS);
}

/* Writes the features of line i, 64-bit hashes, without order, to features[CUES_MOST]; returns
 * their number. */
size_t cues_of(const struct cues *cues, const struct lines *lines, size_t i, uint64_t *features);

/* How far line i stands from the one before it: 0 no blank line, 1 as usual on the page, 2 more. */
enum { GAPS = 3 };
unsigned cues_gap(const struct cues *cues, const struct line *line);

size_t cues_memory(const struct cues *cues);
void cues_release(struct cues *cues);

#endif
