/* SPDX-License-Identifier: BSD-3-Clause */
#include "html/mark.h"

#include "base/utf8.h"
#include "html/html.h"
#include "html/markup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is marked of all that speaks for a topic: enough to see why, not all the text. */
static const double SHOWN = 0.5;
enum { PHRASES_MOST = 30 };

static bool add_edge(struct marks *marks, struct mark_edge edge)
{
    if (!array_reserve(&marks->edges, &marks->capacity, marks->n + 1, sizeof edge))
        return false;
    marks->edges[marks->n++] = edge;
    return true;
}

static bool add_phrase(struct marks *marks, unsigned slot, unsigned level,
                       const fenlei_phrase *phrase)
{
    for (size_t i = 0; i < phrase->n_places; i++) {
        const fenlei_place *place = &phrase->places[i];
        if (!add_edge(marks, (struct mark_edge){place->is_headline, place->from, slot, level}) ||
            !add_edge(marks, (struct mark_edge){place->is_headline, place->to, slot, 0}))
            return false;
    }
    return true;
}

bool marks_add(struct marks *marks, unsigned slot, const fenlei_why *why, double *shown)
{
    double all = 0, strongest = 0, sum = 0;
    for (size_t i = 0; i < why->n_phrases; i++) {
        all += fmax(why->phrases[i]->share, 0);
        strongest = fmax(why->phrases[i]->share, strongest);
    }
    for (size_t i = 0, n = 0; i < why->n_phrases && n < PHRASES_MOST && sum < SHOWN * all; i++) {
        const fenlei_phrase *phrase = why->phrases[i];
        if (phrase->share <= 0)
            continue;
        unsigned level = (unsigned)ceil(phrase->share / strongest * MARK_LEVELS);
        if (!add_phrase(marks, slot, level, phrase))
            return false;
        sum += phrase->share;
        n++;
    }
    *shown = all > 0 ? sum / all : 0;
    return true;
}

/* An end comes before a beginning at the same place. */
static int by_place(const void *left, const void *right)
{
    const struct mark_edge *a = left, *b = right;
    if (a->in_title != b->in_title)
        return a->in_title ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->level > 0) - (b->level > 0);
}

void marks_sort(struct marks *marks)
{
    if (marks->n > 0)
        qsort(marks->edges, marks->n, sizeof *marks->edges, by_place);
}

/* A text on its way into a page. */
struct painting {
    const struct marks *marks;
    bool is_title;
    fenlei_text text;
    struct markups markups;
    size_t next;                 /* the markup that is not behind what was written */
    unsigned levels[MARK_SLOTS]; /* of what is written now */
    struct buffer *out;
};

/* Appends what `levels` are as classes; false where nothing is marked. */
static bool begin_mark(struct buffer *out, const unsigned levels[MARK_SLOTS])
{
    char classes[3 * MARK_SLOTS + 1];
    size_t size = 0;
    for (unsigned slot = MARK_SLOTS; slot-- > 0;) {
        if (levels[slot] == 0)
            continue;
        if (size > 0)
            classes[size++] = ' ';
        classes[size++] = (char)('a' + slot);
        classes[size++] = (char)('0' + levels[slot]);
    }
    classes[size] = '\0';
    if (size > 0)
        buffer_append_format(out, size > 2 ? "<mark class=\"%s\">" : "<mark class=%s>", classes);
    return size > 0;
}

/* What readers see: a piece without markup. */
static void append_piece(struct painting *painting, size_t from, size_t to)
{
    struct buffer *out = painting->out;
    if (from == to)
        return;
    bool is_marked = begin_mark(out, painting->levels);
    html_text(out, (fenlei_text){painting->text.bytes + from, to - from});
    buffer_append_string(out, is_marked ? "</mark>" : "");
}

/* A piece of markup stays in the page for scripts that need the text as it is. */
static void append_hidden(struct painting *painting, const struct markup *markup, size_t from,
                          size_t to)
{
    struct buffer *out = painting->out;
    char instead[4];
    buffer_append_string(out, "<s hidden>");
    html_text(out, (fenlei_text){painting->text.bytes + from, to - from});
    buffer_append_string(out, "</s>");
    if (markup->instead == 0 || to < markup->to)
        return;
    buffer_append_string(out, "<u>");
    html_text(out, (fenlei_text){instead, utf8_write(instead, markup->instead)});
    buffer_append_string(out, "</u>");
}

/* A piece without a line break. */
static void append_line(struct painting *painting, size_t from, size_t to)
{
    while (from < to) {
        const struct markup *markup =
            painting->next < painting->markups.n ? &painting->markups.of[painting->next] : NULL;
        size_t start = markup != NULL && markup->from < to ? markup->from : to;
        if (start > from) {
            append_piece(painting, from, start);
            from = start;
            continue;
        }
        size_t end = markup->to < to ? markup->to : to;
        append_hidden(painting, markup, from, end);
        painting->next += end == markup->to;
        from = end;
    }
}

/* A mark that goes on behind a line break is two. */
static void append_lines(struct painting *painting, size_t from, size_t to)
{
    const char *bytes = painting->text.bytes, *end;
    while (!painting->is_title && from < to &&
           (end = memchr(bytes + from, '\n', to - from)) != NULL) {
        append_line(painting, from, (size_t)(end - bytes));
        buffer_append_string(painting->out, "</p>\n<p>");
        from = (size_t)(end - bytes) + 1;
    }
    append_line(painting, from, to);
}

static void paint(struct painting *painting)
{
    size_t at = 0;
    if (!markup_find(&painting->markups, painting->text))
        painting->out->failed = true;
    for (size_t i = 0; i < painting->marks->n; i++) {
        const struct mark_edge *edge = &painting->marks->edges[i];
        if (edge->in_title != painting->is_title)
            continue;
        if (edge->at > at) {
            append_lines(painting, at, edge->at);
            at = edge->at;
        }
        painting->levels[edge->slot] = edge->level;
    }
    append_lines(painting, at, painting->text.size);
    markups_release(&painting->markups);
}

void marks_title(const struct marks *marks, fenlei_text title, struct buffer *out)
{
    paint(&(struct painting){.marks = marks, .is_title = true, .text = title, .out = out});
}

void marks_text(const struct marks *marks, fenlei_text text, struct buffer *out)
{
    while (text.size > 0 && text.bytes[text.size - 1] == '\n')
        text.size--;
    buffer_append_string(out, "<p>");
    paint(&(struct painting){.marks = marks, .text = text, .out = out});
    buffer_append_string(out, "</p>\n");
}

void marks_clear(struct marks *marks)
{
    marks->n = 0;
}

void marks_release(struct marks *marks)
{
    free(marks->edges);
    *marks = (struct marks){0};
}
