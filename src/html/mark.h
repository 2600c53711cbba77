/* SPDX-License-Identifier: BSD-3-Clause */
/* A text as HTML, its phrases marked for several topics at once. */
#ifndef HTML_MARK_H
#define HTML_MARK_H

#include "base/memory.h"

enum {
    MARK_SLOTS = 12, /* topics of one article that can be marked; html.css names them a to l */
    MARK_LEVELS = 4  /* how strongly, from 1 */
};

/* Where the marking of a slot changes, in the title or the text of an article. */
struct mark_edge {
    bool in_title;
    size_t at;
    unsigned slot, level; /* level 0: it ends */
};

struct marks {
    struct mark_edge *edges; /* [n] */
    size_t n, capacity;
};

/* Marks the strongest phrases that speak for the topic of `why`, each as strongly as it counts;
 * phrases of one slot do not overlap. *shown becomes what part of all that speaks for the topic is
 * marked, 0 to 1. False when memory runs out. */
bool marks_add(struct marks *marks, unsigned slot, const fenlei_why *why, double *shown);

/* To be called once after the last marks_add(). */
void marks_sort(struct marks *marks);

/* The title, or the text with each of its lines a <p>. Elements do not overlap: where marks do, the
 * text is cut, and a piece has a class for each slot, the first slot's last. Of markup (markup.h)
 * the page keeps the bytes as <s hidden>, and as <u> what readers see in their place. */
void marks_title(const struct marks *marks, fenlei_text title, struct buffer *out);
void marks_text(const struct marks *marks, fenlei_text text, struct buffer *out);

void marks_clear(struct marks *marks);
void marks_release(struct marks *marks);

#endif
