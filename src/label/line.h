/* SPDX-License-Identifier: BSD-3-Clause */
/* The lines of a page, as they stand there: what is to be seen of each by itself.
 *
 * A line is a row of the text (row.h), of one column where columns stand side by side (columns.h),
 * or some rows of single letters. Letters are compared in one form (character.h), without the
 * blanks that set letters apart (本 报 讯). What converters and crawlers left around a line
 * (remnant.h) and page numbers within a sentence are no part of it. */
#ifndef LABEL_LINE_H
#define LABEL_LINE_H

#include "base/memory.h"
#include "label/origin.h"
#include "label/row.h"

#include <stdint.h>

/* Comparable characters kept of the two ends of a line. */
enum { LINE_HEAD = 20, LINE_TAIL = 10 };

struct line {
    fenlei_text text;             /* without white space at the ends, # and ** */
    uint32_t number, last_number; /* of its first and last line in the file, from 1 */
    uint16_t blank;               /* lines without text before it, UINT16_MAX at most */
    uint16_t indent;              /* columns of white space before it */
    uint16_t columns; /* that it takes in a fixed-width font: a Han character takes two */
    uint16_t letters; /* comparable characters without spaces */
    uint16_t han, latin, digits, commas, stops, spaces; /* how many of each */
    uint8_t heading_above; /* that of the nearest line above that has one, 0 for none */
    uint8_t heading;       /* number of # before it */
    bool is_bold;          /* ** around it */
    bool is_spaced;        /* its letters are set apart by blanks */
    bool is_exact;     /* its text is what is compared: no entity, nothing invisible, not spaced */
    bool after_rule;   /* a line of dashes or an image stood before it */
    bool is_finished;  /* ends like a sentence */
    bool is_bracketed; /* one bracket around all of it */
    bool is_date;      /* a date or a time, and nothing else */
    bool is_note;      /* a field of a crawler's record that is of no text: 关键词：... */
    int8_t open;       /* quotation marks and brackets that it leaves open, less those it closes */
    uint8_t first_space;  /* characters of `head` before its first space inside; 0 for none */
    int8_t size_of_first; /* 1: it begins with a capital letter, -1: with a small one, 0: neither */
    uint8_t n_head, n_tail;
    uint16_t head[LINE_HEAD], tail[LINE_TAIL]; /* comparable characters; above U+FFFF: U+FFFF */
    uint32_t key; /* hash of what is compared, equal for lines that differ in figures only */

    uint8_t role;     /* of enum role */
    float begins;     /* probability that an article begins here */
    float is_title;   /* probability that it is of a title */
    size_t copied_to; /* in page.text, where it is part of a headline, byline or body */
};

struct lines {
    struct line *of; /* [n] those with text */
    size_t n, capacity;
    struct rows rows; /* scratch */
    uint64_t *pairs;  /* a bit for the hash of any two letters that stand side by side in a line */
    size_t pairs_capacity;
    uint32_t pair_mask; /* of those hashes; 0 where the page is too long for that */
    bool too_long;      /* more than `most` */
    bool is_uncertain;  /* columns stand side by side that cannot be parted */
};

/* Reads the lines of valid UTF-8. False when memory runs out, or when there are more than `most`.
 * They point into `text`. All zero is an empty struct. */
bool lines_read(struct lines *lines, fenlei_text text, size_t most);
size_t lines_memory(const struct lines *lines);
void lines_release(struct lines *lines);

/* Writes the first, or the last, `most` comparable characters of the line to letters[most], without
 * spaces; returns their number. */
size_t line_first_letters(const struct line *line, uint16_t *letters, size_t most);
size_t line_last_letters(const struct line *line, uint16_t *letters, size_t most);

/* Stand these two comparable characters side by side in any line? Now and then it says so of two
 * that do not. */
bool lines_have_pair(const struct lines *lines, uint16_t first, uint16_t second);

/* Appends the line as a reader sees it: letters that are set apart are joined. False when memory
 * runs out. */
bool line_append(const struct line *line, struct buffer *buffer);

/* Where that came from in the text that begins at `beginning`, what was appended standing at `at`.
 * False when memory runs out. */
bool line_origins(const struct line *line, const char *beginning, size_t at,
                  struct origins *origins);

#endif
