/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/place.h"

#include "base/json.h"

enum { DECIMALS = 1 };

static uint32_t source_of(const struct document *document, size_t line)
{
    return line > 0 && line <= document->n_lines ? document->sources[line - 1] : 1;
}

fenlei_lines place_lines(const struct document *document, fenlei_lines lines)
{
    if (document == NULL)
        return lines;
    return (fenlei_lines){source_of(document, lines.first), source_of(document, lines.last)};
}

const char *place_unit(const struct document *document)
{
    if (document == NULL || document->form == DOCUMENT_HTML)
        return "line";
    return document->form == DOCUMENT_PDF ? "page" : "paragraph";
}

static void json_lines(struct buffer *out, fenlei_lines lines)
{
    buffer_append_format(out, "[%zu,%zu]", lines.first, lines.last);
}

/* What is written so far of an article's boxes. */
struct boxes {
    struct document_box box; /* being gathered */
    size_t n;
};

static void json_box(struct buffer *out, struct boxes *boxes)
{
    const struct document_box *box = &boxes->box;
    const float edges[] = {box->x0, box->y0, box->x1, box->y1};
    if (box->page == 0)
        return;
    buffer_append_format(out, "%s[%u", boxes->n++ > 0 ? "," : "", box->page);
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        buffer_append_string(out, ",");
        json_number(out, (double)edges[i], DECIMALS);
    }
    buffer_append_string(out, "]");
    boxes->box.page = 0;
}

static void widen(struct document_box *box, const struct document_box *by)
{
    box->x0 = by->x0 < box->x0 ? by->x0 : box->x0;
    box->y0 = by->y0 < box->y0 ? by->y0 : box->y0;
    box->x1 = by->x1 > box->x1 ? by->x1 : box->x1;
    box->y1 = by->y1 > box->y1 ? by->y1 : box->y1;
}

/* The first box of a line from `line` on, counted from 0. */
static size_t find_box(const struct document *document, size_t line)
{
    size_t from = 0, to = document->n_boxes;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (document->boxes[middle].line < line)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* The boxes of lines from first to last, those of a block as one. */
static void json_part(struct buffer *out, const struct document *document, fenlei_lines lines,
                      struct boxes *boxes)
{
    for (size_t i = find_box(document, lines.first - 1);
         i < document->n_boxes && document->boxes[i].line < lines.last; i++) {
        const struct document_box *box = &document->boxes[i];
        if (boxes->box.page == box->page && boxes->box.block == box->block) {
            widen(&boxes->box, box);
        } else {
            json_box(out, boxes);
            boxes->box = *box;
        }
    }
    json_box(out, boxes);
}

static void json_boxes(struct buffer *out, const struct document *document,
                       const fenlei_article *article)
{
    struct boxes boxes = {0};
    json_count(out, "page", place_lines(document, article->lines).first);
    json_key(out, "boxes");
    buffer_append_string(out, "[");
    for (size_t i = 0; i < article->n_parts; i++)
        json_part(out, document, article->parts[i], &boxes);
    buffer_append_string(out, "]");
}

void place_json(struct buffer *out, const struct document *document, const fenlei_article *article)
{
    if (document != NULL && document->form == DOCUMENT_PDF) {
        json_boxes(out, document, article);
        return;
    }
    json_key(out, "lines");
    json_lines(out, place_lines(document, article->lines));
    if (article->n_parts < 2)
        return;
    json_key(out, "parts");
    for (size_t i = 0; i < article->n_parts; i++) {
        buffer_append_string(out, i == 0 ? "[" : ",");
        json_lines(out, place_lines(document, article->parts[i]));
    }
    buffer_append_string(out, "]");
}
