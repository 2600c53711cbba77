#include "html/mark.h"

#include "html/html.h"

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

static void append_piece(struct buffer *out, fenlei_text text, const unsigned levels[MARK_SLOTS])
{
    if (text.size == 0)
        return;
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
    html_text(out, text);
    if (size > 0)
        buffer_append_string(out, "</mark>");
}

/* A mark that goes on behind a line break is two. */
static void append_lines(struct buffer *out, fenlei_text text, const unsigned levels[MARK_SLOTS])
{
    const char *end;
    while (text.size > 0 && (end = memchr(text.bytes, '\n', text.size)) != NULL) {
        size_t size = (size_t)(end - text.bytes);
        append_piece(out, (fenlei_text){text.bytes, size}, levels);
        buffer_append_string(out, "</p>\n<p>");
        text.bytes += size + 1;
        text.size -= size + 1;
    }
    append_piece(out, text, levels);
}

typedef void append_marked(struct buffer *out, fenlei_text text, const unsigned levels[MARK_SLOTS]);

static void walk(const struct marks *marks, bool in_title, fenlei_text text, append_marked *append,
                 struct buffer *out)
{
    unsigned levels[MARK_SLOTS] = {0};
    size_t at = 0;
    for (size_t i = 0; i < marks->n; i++) {
        const struct mark_edge *edge = &marks->edges[i];
        if (edge->in_title != in_title)
            continue;
        if (edge->at > at) {
            append(out, (fenlei_text){text.bytes + at, edge->at - at}, levels);
            at = edge->at;
        }
        levels[edge->slot] = edge->level;
    }
    append(out, (fenlei_text){text.bytes + at, text.size - at}, levels);
}

void marks_title(const struct marks *marks, fenlei_text title, struct buffer *out)
{
    walk(marks, true, title, append_piece, out);
}

void marks_text(const struct marks *marks, fenlei_text text, struct buffer *out)
{
    while (text.size > 0 && text.bytes[text.size - 1] == '\n')
        text.size--;
    buffer_append_string(out, "<p>");
    walk(marks, false, text, append_lines, out);
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
