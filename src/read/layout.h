/* SPDX-License-Identifier: BSD-3-Clause */
/* Letters on a page -> lines of text in reading order.
 *
 * Letters that stand beside each other become runs, and a page of runs is cut along its white
 * space, again and again, into columns and rows (XY-cut: Nagy and Seth 1984, on boxes as in Ha,
 * Haralick and Phillips 1995); what a cut would have to go through is put in order by who stands
 * above or left of whom (Breuel 2003). Size of type says what is a headline. */
#ifndef READ_LAYOUT_H
#define READ_LAYOUT_H

#include "command/document.h"

struct glyph {
    float x0, y0, x1, y1; /* points from the top left of the page; y1 - y0 is the size */
    float size;           /* of the type, in points */
    uint32_t letter;      /* a character, not a space */
    bool after_space;     /* a word begins */
};

/* The most letters of a page. */
enum { LAYOUT_GLYPHS_MAX = 200000 };

/* Adds the lines of a page to *document: a paragraph, or what of it stands in one column, is a
 * line, so is a line of a headline, which # to #### marks, the largest type by one; blocks are
 * parted by an empty line. Each line has a box for each block. False when memory runs out. */
bool layout_page(struct document *document, const struct glyph *glyphs, size_t n, uint32_t page);

#endif
