/* SPDX-License-Identifier: BSD-3-Clause */
#include "read/layout.h"

#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In sizes of the body's type, where nothing else is said. */
static const float GUTTER = 0.6F;        /* the least white between columns */
static const float GUTTER_OF_FEW = 2.5F; /* the same where there are too few rows to tell */
static const float HEADLINE = 1.15F;     /* type from this size on is no body's */
static const float CLASS = 1.06F;        /* types nearer than this are of one size */
static const float BREAK = 1.0F;         /* more white than this between lines parts blocks */
static const float FRAME = 0.9F;         /* more white than this is between frame and column */
static const float INDENT = 0.8F;        /* a line that begins so far in begins a paragraph */
static const float RAGGED = 1.6F;        /* a line that ends so far before the edge ends one */

enum { INSETS_MAX = 16, LEVELS = 4, DEPTH_MAX = 500, BLOCKS_MAX = 400, FEW_ROWS = 3 };

/* Letters beside each other. */
struct run {
    float x0, y0, x1, y1, size;
    size_t text, text_size; /* in letters */
    size_t n;               /* letters */
    bool is_upright;        /* one below the other */
};

struct region {
    struct run **runs; /* [n] */
    size_t n;
};

struct layout {
    struct document *document;
    uint32_t page;
    uint32_t block;
    float body; /* the size of most letters */
    struct buffer letters;
    struct run *runs; /* [n_runs] */
    size_t n_runs, runs_capacity;
    struct run **order;               /* [n_runs] what the regions are parts of */
    struct region insets[INSETS_MAX]; /* to be written behind the columns that they interrupt */
    size_t n_insets;
    float classes[LEVELS];
    size_t n_classes;
    struct buffer line; /* being put together */
    struct document_box box;
    bool any;      /* a line was added */
    bool any_line; /* there is something in `line` */
    float open;    /* the size of a column's last row, where that goes on in the next; or 0 */
    bool failed;
};

/* ---- runs ---- */

static float least(float a, float b)
{
    return a < b ? a : b;
}

static float most(float a, float b)
{
    return a > b ? a : b;
}

static float overlap(float a0, float a1, float b0, float b1)
{
    return least(a1, b1) - most(a0, b0);
}

/* The size that most letters have, to a quarter of a point. */
static float body_size(const struct glyph *glyphs, size_t n)
{
    enum { STEPS = 4, SIZES = 200 * STEPS };
    size_t counts[SIZES] = {0}, best = 0;
    for (size_t i = 0; i < n; i++) {
        float step = glyphs[i].size * STEPS;
        if (step >= 1 && step < SIZES)
            counts[(size_t)step]++;
    }
    for (size_t i = 1; i < SIZES; i++)
        if (counts[i] > counts[best])
            best = i;
    return best > 0 ? ((float)best + 0.5F) / STEPS : 10;
}

static bool is_of_size(float a, float b)
{
    return a < b * 1.25F && b < a * 1.25F;
}

/* May what stands `gap` to the right go on in the same run? Headlines have wide spaces in them. */
static bool is_near(float gap, float size, float body, bool after_space)
{
    if (gap < -0.6F * size)
        return false;
    if (size < body * HEADLINE)
        return gap <= (after_space ? 1.05F : 0.45F) * size;
    return gap <= 0.4F * size || fabsf(gap - size) <= 0.1F * size;
}

static bool is_word(uint32_t c)
{
    return c < 0x80 && (c >= '0' && c <= '9' ? true : (c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static void append_letter(struct layout *layout, uint32_t letter)
{
    char bytes[4];
    buffer_append(&layout->letters, bytes, utf8_write(bytes, letter));
}

static struct run *new_run(struct layout *layout)
{
    if (!array_reserve(&layout->runs, &layout->runs_capacity, layout->n_runs + 1,
                       sizeof *layout->runs)) {
        layout->failed = true;
        return NULL;
    }
    struct run *run = &layout->runs[layout->n_runs++];
    *run = (struct run){.text = layout->letters.size};
    return run;
}

static void widen(struct run *run, float x0, float y0, float x1, float y1)
{
    bool is_first = run->n == 0;
    run->x0 = is_first ? x0 : least(run->x0, x0);
    run->y0 = is_first ? y0 : least(run->y0, y0);
    run->x1 = is_first ? x1 : most(run->x1, x1);
    run->y1 = is_first ? y1 : most(run->y1, y1);
}

static bool goes_on(const struct run *run, const struct glyph *glyph, float body)
{
    float shared = overlap(run->y0, run->y1, glyph->y0, glyph->y1);
    return is_of_size(run->size, glyph->size) && shared > 0.5F * least(run->size, glyph->size) &&
           is_near(glyph->x0 - run->x1, most(run->size, glyph->size), body, glyph->after_space);
}

static void gather_runs(struct layout *layout, const struct glyph *glyphs, size_t n)
{
    struct run *run = NULL;
    for (size_t i = 0; i < n && !layout->failed; i++) {
        const struct glyph *glyph = &glyphs[i];
        if (run == NULL || !goes_on(run, glyph, layout->body)) {
            run = new_run(layout);
            if (run == NULL)
                return;
            run->size = glyph->size;
        } else {
            float gap = glyph->x0 - run->x1;
            if (gap > 0.7F * run->size || (glyph->after_space && gap > 0.12F * run->size))
                append_letter(layout, ' ');
        }
        widen(run, glyph->x0, glyph->y0, glyph->x1, glyph->y1);
        run->n++;
        append_letter(layout, glyph->letter);
        run->text_size = layout->letters.size - run->text;
    }
}

/* ---- runs in order ---- */

static int by_x(const void *a, const void *b)
{
    const struct run *const *left = a, *const *right = b;
    return ((*left)->x0 > (*right)->x0) - ((*left)->x0 < (*right)->x0);
}

static int by_y(const void *a, const void *b)
{
    const struct run *const *left = a, *const *right = b;
    float p = (*left)->y0 + (*left)->y1, q = (*right)->y0 + (*right)->y1;
    if (p < q || p > q)
        return p < q ? -1 : 1;
    return by_x(a, b);
}

static int by_top(const void *a, const void *b)
{
    const struct run *const *left = a, *const *right = b;
    return ((*left)->y0 > (*right)->y0) - ((*left)->y0 < (*right)->y0);
}

static void sort(struct region region, int (*compare)(const void *, const void *))
{
    if (region.n > 1)
        qsort(region.runs, region.n, sizeof *region.runs, compare);
}

static struct region part(struct region region, size_t begin, size_t end)
{
    return (struct region){region.runs + begin, end - begin};
}

/* Appends `b` to `a`, which stands left of it. */
static void join(struct layout *layout, struct run *a, const struct run *b, bool with_space)
{
    size_t at = layout->letters.size;
    if (!buffer_reserve(&layout->letters, a->text_size + b->text_size + 1)) {
        layout->failed = true;
        return;
    }
    buffer_append(&layout->letters, layout->letters.bytes + a->text, a->text_size);
    if (with_space)
        buffer_append_string(&layout->letters, " ");
    buffer_append(&layout->letters, layout->letters.bytes + b->text, b->text_size);
    a->text = at;
    a->text_size = layout->letters.size - at;
    widen(a, b->x0, b->y0, b->x1, b->y1);
    a->n += b->n;
}

/* Runs that stand beside each other though poppler's order parted them; what is joined to another
 * is left without letters. */
static void join_rows(struct layout *layout, struct region all)
{
    sort(all, by_x);
    for (size_t i = 0; i < all.n && !layout->failed; i++) {
        struct run *a = all.runs[i];
        for (size_t k = i + 1; a->n > 0 && k < all.n; k++) {
            struct run *b = all.runs[k];
            if (b->x0 > a->x1 + 1.2F * a->size)
                break;
            float gap = b->x0 - a->x1;
            bool beside = overlap(a->y0, a->y1, b->y0, b->y1) > 0.6F * least(a->size, b->size);
            if (b->n > 0 && beside && is_of_size(a->size, b->size) &&
                is_near(gap, most(a->size, b->size), layout->body, false)) {
                join(layout, a, b, gap > 0.7F * a->size);
                b->n = 0;
            }
        }
    }
}

/* Large letters one below the other are a headline set upright. */
static bool stands_below(const struct run *a, const struct run *b)
{
    float middle = (a->x0 + a->x1) / 2 - (b->x0 + b->x1) / 2;
    float gap = b->y0 - a->y1;
    return is_of_size(a->size, b->size) && fabsf(middle) < 0.3F * a->size &&
           gap > -0.3F * a->size && gap < 0.7F * a->size;
}

static void join_upright(struct layout *layout, struct region all)
{
    sort(all, by_y);
    for (size_t i = 0; i < all.n && !layout->failed; i++) {
        struct run *a = all.runs[i];
        if (a->n != 1 || a->size < layout->body * HEADLINE)
            continue;
        size_t joined = 1;
        for (size_t pass = 0; pass < 2; pass++) { /* first count, then join: three at least */
            struct run end = *a;
            for (size_t k = i + 1; k < all.n && all.runs[k]->y0 < end.y1 + a->size; k++) {
                struct run *b = all.runs[k];
                if (b->n != 1 || !stands_below(&end, b))
                    continue;
                end = *b;
                joined += pass == 0;
                if (pass == 1) {
                    join(layout, a, b, false);
                    b->n = 0;
                }
            }
            if (joined < 3)
                break;
            a->is_upright = true;
        }
    }
}

static size_t drop_joined(struct region all)
{
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++)
        if (all.runs[i]->n > 0)
            all.runs[n++] = all.runs[i];
    return n;
}

static bool is_headline(const struct layout *layout, const struct run *run)
{
    return run->size >= layout->body * HEADLINE;
}

/* ---- lines out ---- */

static int falling(const void *a, const void *b)
{
    const float *left = a, *right = b;
    return (*left < *right) - (*left > *right);
}

/* The sizes of headlines on the page, from the largest. */
static void find_classes(struct layout *layout)
{
    float *sizes = array_new(layout->n_runs, sizeof *sizes);
    size_t n = 0;
    if (sizes == NULL) {
        layout->failed = true;
        return;
    }
    for (size_t i = 0; i < layout->n_runs; i++)
        if (layout->runs[i].n > 1 && is_headline(layout, &layout->runs[i]))
            sizes[n++] = layout->runs[i].size;
    if (n > 1)
        qsort(sizes, n, sizeof *sizes, falling);
    for (size_t i = 0; i < n && layout->n_classes < LEVELS; i++)
        if (layout->n_classes == 0 || sizes[i] * CLASS < layout->classes[layout->n_classes - 1])
            layout->classes[layout->n_classes++] = sizes[i];
    free(sizes);
}

static unsigned level_of(const struct layout *layout, const struct run *run)
{
    if (!is_headline(layout, run))
        return 0;
    for (size_t i = 0; i < layout->n_classes; i++)
        if (run->size * CLASS >= layout->classes[i])
            return (unsigned)i + 1;
    return LEVELS;
}

static void end_line(struct layout *layout)
{
    if (!layout->any_line)
        return;
    fenlei_text line = {layout->line.bytes, layout->line.size};
    layout->failed = layout->failed || layout->line.failed ||
                     !document_add_box(layout->document, layout->box) ||
                     !document_add_line(layout->document, line, layout->page);
    layout->any = true;
    layout->any_line = false;
}

static void end_block(struct layout *layout)
{
    end_line(layout);
    if (layout->any)
        layout->failed = layout->failed ||
                         !document_add_line(layout->document, (fenlei_text){"", 0}, layout->page);
    layout->any = false;
    layout->open = 0;
    layout->block++;
}

/* A row of runs as it stands, or as what goes on in the line before. */
struct row {
    struct region runs;
    float x0, y0, x1, y1, size;
    unsigned level;
};

static void widen_box(struct document_box *box, const struct row *row)
{
    box->x0 = least(box->x0, row->x0);
    box->y0 = least(box->y0, row->y0);
    box->x1 = most(box->x1, row->x1);
    box->y1 = most(box->y1, row->y1);
}

static void begin_line(struct layout *layout, const struct row *row)
{
    end_line(layout);
    buffer_clear(&layout->line);
    for (unsigned i = 0; i < row->level; i++)
        buffer_append_string(&layout->line, "#");
    if (row->level > 0)
        buffer_append_string(&layout->line, " ");
    layout->box = (struct document_box){.page = layout->page,
                                        .block = layout->block,
                                        .x0 = row->x0,
                                        .y0 = row->y0,
                                        .x1 = row->x1,
                                        .y1 = row->y1};
    layout->any_line = true;
}

static bool ends_in_word(const struct buffer *line)
{
    return line->size > 0 && is_word((unsigned char)line->bytes[line->size - 1]);
}

static void append_row(struct layout *layout, const struct row *row)
{
    for (size_t i = 0; i < row->runs.n; i++) {
        const struct run *run = row->runs.runs[i];
        const char *bytes = layout->letters.bytes + run->text;
        if (i > 0 ? run->x0 - row->runs.runs[i - 1]->x1 > 0.3F * run->size
                  : ends_in_word(&layout->line) && is_word((unsigned char)bytes[0]))
            buffer_append_string(&layout->line, " ");
        buffer_append(&layout->line, bytes, run->text_size);
    }
    widen_box(&layout->box, row);
}

static struct row make_row(const struct layout *layout, struct region runs)
{
    const struct run *first = runs.runs[0];
    struct row row = {runs, first->x0, first->y0, first->x1, first->y1, first->size, 0};
    for (size_t i = 1; i < runs.n; i++) {
        const struct run *run = runs.runs[i];
        row.x0 = least(row.x0, run->x0);
        row.y0 = least(row.y0, run->y0);
        row.x1 = most(row.x1, run->x1);
        row.y1 = most(row.y1, run->y1);
        row.size = most(row.size, run->size);
    }
    struct run widest = {.size = row.size};
    row.level = level_of(layout, &widest);
    return row;
}

/* The row at the front of a region in order of y: what stands beside its first run. */
static struct region take_row(struct region *rest)
{
    size_t n = 1;
    const struct run *first = rest->runs[0];
    while (n < rest->n && overlap(first->y0, first->y1, rest->runs[n]->y0, rest->runs[n]->y1) >
                              0.5F * least(first->size, rest->runs[n]->size))
        n++;
    struct region row = part(*rest, 0, n);
    *rest = part(*rest, n, rest->n);
    sort(row, by_x);
    return row;
}

/* The edges of the lines of the body in a column. */
static void find_edges(const struct layout *layout, struct region column, float *left, float *right)
{
    bool any = false;
    for (size_t i = 0; i < column.n; i++) {
        const struct run *run = column.runs[i];
        if (is_headline(layout, run))
            continue;
        *left = any ? least(*left, run->x0) : run->x0;
        *right = any ? most(*right, run->x1) : run->x1;
        any = true;
    }
}

/* Is a row of a headline what did not fit into the one above? */
static bool is_wrapped(const struct row *last, const struct row *row)
{
    return row->level > 0 && row->level == last->level && row->y0 - last->y1 < 0.8F * row->size &&
           row->x1 - row->x0 < 0.5F * (last->x1 - last->x0);
}

/* Begins a block that goes on with the paragraph of the one before: no blank line parts them. */
static void continue_block(struct layout *layout)
{
    end_line(layout);
    layout->block++;
}

/* Does what stands in `line` end a sentence? */
static bool ends_sentence(const struct buffer *line)
{
    static const char *const ends[] = {"。", "！", "？", "”", "」", "）", ".", "!", "?"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (text_ends((fenlei_text){line->bytes, line->size}, ends[i]))
            return true;
    return false;
}

/* One column, from top to bottom. */
static void write_column(struct layout *layout, struct region column)
{
    struct row last = {0};
    float left = 0, right = 0, open = layout->open;
    size_t n_rows = 0;
    sort(column, by_y);
    find_edges(layout, column, &left, &right);
    while (column.n > 0 && !layout->failed) {
        struct row row = make_row(layout, take_row(&column));
        bool is_first = last.runs.n == 0, is_indented = row.x0 > left + INDENT * row.size;
        float size = most(row.size, last.size);
        bool is_column = column.n > 0 && row.level == 0;
        if (is_first && is_column && open > 0 && !is_indented && is_of_size(row.size, open))
            continue_block(layout);
        else if (is_first)
            end_block(layout);
        if (!is_first && ((row.level > 0) != (last.level > 0) || row.y0 - last.y1 > BREAK * size))
            end_block(layout);
        bool is_body = row.level == 0 && last.level == 0 && layout->any_line;
        bool is_full = last.x1 > right - RAGGED * last.size;
        bool goes_on = is_body && is_full && !is_indented && is_of_size(row.size, last.size);
        if (is_first || !(goes_on || is_wrapped(&last, &row)))
            begin_line(layout, &row);
        append_row(layout, &row);
        last = row;
        n_rows += row.level == 0;
    }
    bool is_full = n_rows > 1 && last.level == 0 && last.x1 > right - RAGGED * last.size;
    layout->open = is_full && !ends_sentence(&layout->line) ? last.size : 0;
    end_line(layout);
}

/* ---- cuts ---- */

static size_t count_rows(struct region region)
{
    size_t n = 0;
    sort(region, by_y);
    for (struct region rest = region; rest.n > 0; n++)
        take_row(&rest);
    return n;
}

/* Finds the first place from `from` on where white of `gap` parts the runs, sorted by x, to the
 * left from those to the right; region.n where there is none. */
static size_t next_column(struct region region, size_t from, float gap)
{
    float end = region.runs[from]->x1;
    for (size_t i = from + 1; i < region.n; i++) {
        if (region.runs[i]->x0 - end >= gap)
            return i;
        end = most(end, region.runs[i]->x1);
    }
    return region.n;
}

/* Sorts by x. The gap that parts columns, or one that nothing has where there are none. */
static bool has_columns(const struct layout *layout, struct region region, float *gap)
{
    if (region.n < 2)
        return false;
    *gap = (count_rows(region) < FEW_ROWS ? GUTTER_OF_FEW : GUTTER) * layout->body;
    sort(region, by_x);
    return next_column(region, 0, *gap) < region.n;
}

/* White that only few runs go through, which is a gutter if they span columns. */
struct gutter {
    float x0, x1;
    size_t n_across; /* runs */
};

struct edge {
    float x;
    int step; /* 1: a run begins here, -1: it ends */
};

static int by_edge(const void *a, const void *b)
{
    const struct edge *left = a, *right = b;
    if (left->x < right->x || left->x > right->x)
        return left->x < right->x ? -1 : 1;
    return left->step - right->step;
}

static size_t fill_edges(struct region region, struct edge *edges)
{
    for (size_t i = 0; i < region.n; i++) {
        edges[2 * i] = (struct edge){region.runs[i]->x0, 1};
        edges[2 * i + 1] = (struct edge){region.runs[i]->x1, -1};
    }
    qsort(edges, 2 * region.n, sizeof *edges, by_edge);
    return 2 * region.n;
}

/* The gutter that the fewest runs go through, with many more on either side of it; x0 == x1 where
 * there is none. */
static struct gutter find_gutter(struct layout *layout, struct region region)
{
    struct gutter best = {0, 0, region.n};
    struct edge *edges = array_new(region.n, 2 * sizeof *edges);
    size_t *later = array_new(region.n, 2 * sizeof *later); /* the most runs from an edge on */
    size_t n = 0, across = 0, before = 0;
    if (edges != NULL && later != NULL)
        n = fill_edges(region, edges);
    else
        layout->failed = true;
    for (size_t i = n, height = 0; i-- > 0;) {
        height = edges[i].step < 0 ? height + 1 : height - 1;
        later[i] = i + 1 < n && later[i + 1] > height ? later[i + 1] : height;
    }
    for (size_t i = 0; i + 1 < n; i++) {
        across = edges[i].step > 0 ? across + 1 : across - 1;
        before = across > before ? across : before;
        bool is_wide = edges[i + 1].x - edges[i].x >= GUTTER * layout->body;
        if (is_wide && before > 2 * across + 1 && later[i + 1] > 2 * across + 1 &&
            across < best.n_across)
            best = (struct gutter){edges[i].x, edges[i + 1].x, across};
    }
    free(edges);
    free(later);
    return best;
}

static bool may_span(const struct layout *layout, const struct run *run, struct gutter gutter)
{
    return is_headline(layout, run) ||
           (gutter.x0 < gutter.x1 && run->x0 <= gutter.x0 && run->x1 >= gutter.x1);
}

/* Is run i, of a region sorted by y0, a line of a headline that began above it? */
static bool is_later_line(const struct layout *layout, struct region region, size_t i)
{
    const struct run *run = region.runs[i], *above = NULL;
    if (!is_headline(layout, run))
        return false;
    for (size_t k = 0; k < i; k++) {
        const struct run *other = region.runs[k];
        if (overlap(run->x0, run->x1, other->x0, other->x1) > 0 &&
            (above == NULL || other->y1 > above->y1))
            above = other;
    }
    return above != NULL && is_headline(layout, above);
}

/* A cut through a region sorted by y0, above run `at`. */
struct cut {
    size_t at;
    float score;
};

/* The white gap across the region beside something that spans columns, best above a headline. */
static struct cut find_row_cut(const struct layout *layout, struct region region,
                               struct gutter gutter)
{
    struct cut best = {0, 0};
    sort(region, by_top);
    float end = region.runs[0]->y1;
    const struct run *lowest = region.runs[0];
    for (size_t i = 1; i < region.n; i++) {
        const struct run *run = region.runs[i];
        float gap = run->y0 - end;
        bool above = may_span(layout, lowest, gutter), below = false;
        for (size_t k = i; k < region.n && region.runs[k]->y0 < run->y1; k++)
            below = below || may_span(layout, region.runs[k], gutter);
        float score = gap + (below ? layout->body : 0);
        if (gap > 0.05F * layout->body && (above || below || gap > BREAK * layout->body) &&
            score > best.score && !is_later_line(layout, region, i))
            best = (struct cut){i, score};
        if (run->y1 > end) {
            end = run->y1;
            lowest = run;
        }
    }
    return best;
}

/* Do all columns that go on below the cut above run `at` begin there with a headline? Then what is
 * above is read first, column by column. `scratch` has room for the region. */
static bool begins_anew(const struct layout *layout, struct region region, size_t at, float gap,
                        struct run **scratch)
{
    struct region columns = {scratch, region.n};
    float y = region.runs[at]->y0;
    size_t n_begun = 0;
    memcpy(scratch, region.runs, region.n * sizeof *scratch);
    sort(columns, by_x);
    for (size_t begin = 0, end; begin < columns.n; begin = end) {
        end = next_column(columns, begin, gap);
        const struct run *first = NULL, *last = NULL;
        for (size_t i = begin; i < end; i++) {
            struct run *run = columns.runs[i];
            if (run->y0 >= y && (first == NULL || run->y0 < first->y0))
                first = run;
            if (run->y0 < y && (last == NULL || run->y0 > last->y0))
                last = run;
        }
        if (first != NULL && !is_headline(layout, first))
            return false;
        if (first != NULL && last != NULL && is_headline(layout, last))
            return false; /* in the middle of a headline */
        n_begun += first != NULL;
    }
    return n_begun > 0;
}

/* Does run i, of a region sorted by y0, stand alone in the middle of the region's width, as a
 * byline below a headline does? `end` is where all above it ends. */
static bool is_centred_alone(struct region region, size_t i, float x0, float x1, float end)
{
    const struct run *run = region.runs[i];
    float off = (run->x0 + run->x1) / 2 - (x0 + x1) / 2;
    bool is_free = i + 1 == region.n || region.runs[i + 1]->y0 >= run->y1 - 0.2F * run->size;
    return run->y0 >= end - 0.2F * run->size && is_free && fabsf(off) < 1.5F * run->size;
}

/* A band is what stands across all columns though it may be no wider than one: headlines with
 * nothing beside them, and what is centred below. Finds where the one that begins at run `from` of
 * a region sorted by y0 ends; `from` where there is none. */
static size_t end_of_band(const struct layout *layout, struct region region, size_t from)
{
    float x0 = region.runs[0]->x0, x1 = region.runs[0]->x1, end = -HUGE_VALF;
    for (size_t i = 1; i < region.n; i++) {
        x0 = least(x0, region.runs[i]->x0);
        x1 = most(x1, region.runs[i]->x1);
    }
    size_t i = from;
    for (; i < region.n; i++) {
        bool of_headline = is_headline(layout, region.runs[i]);
        if (!of_headline && ((i == from && from > 0) || !is_centred_alone(region, i, x0, x1, end)))
            break;
        end = most(end, region.runs[i]->y1);
    }
    return i < region.n && region.runs[i]->y0 < end - 0.2F * layout->body ? from : i;
}

/* How many columns have something among the first n runs of a region sorted by y0? */
static size_t count_begun(struct region region, size_t n, float gap, struct run **scratch)
{
    struct region columns = {scratch, region.n};
    size_t n_begun = 0;
    float y = n < region.n ? region.runs[n]->y0 : HUGE_VALF;
    memcpy(scratch, region.runs, region.n * sizeof *scratch);
    sort(columns, by_x);
    for (size_t begin = 0, end; begin < columns.n; begin = end) {
        bool any = false;
        end = next_column(columns, begin, gap);
        for (size_t i = begin; i < end; i++)
            any = any || columns.runs[i]->y0 < y;
        n_begun += any;
    }
    return n_begun;
}

/* A cut between rows that goes before all cuts between columns; 0 when there is none. */
static size_t find_new_row(struct layout *layout, struct region region, float gap)
{
    struct run **scratch = array_new(region.n, sizeof *scratch);
    size_t found = 0;
    if (scratch == NULL) {
        layout->failed = true;
        return 0;
    }
    sort(region, by_top);
    float end = region.runs[0]->y1;
    size_t band = end_of_band(layout, region, 0);
    if (band > 0 && band < region.n && count_begun(region, band, gap, scratch) == 1)
        found = band;
    for (size_t i = 1; i < region.n && found == 0; i++) {
        if (region.runs[i]->y0 - end > 0.3F * layout->body && is_headline(layout, region.runs[i]) &&
            !is_later_line(layout, region, i) &&
            (end_of_band(layout, region, i) > i || begins_anew(layout, region, i, gap, scratch)))
            found = i;
        end = most(end, region.runs[i]->y1);
    }
    free(scratch);
    return found;
}

static void write_region(struct layout *layout, struct region region, unsigned depth);

static const struct run *topmost(struct region region)
{
    const struct run *top = region.runs[0];
    for (size_t i = 1; i < region.n; i++)
        if (region.runs[i]->y0 < top->y0)
            top = region.runs[i];
    return top;
}

/* Where the rows end that are framed: that keep off both edges of the body of a region sorted by
 * y0, and that begin with headline `from`; `from` where there are none, or nothing goes on below.
 */
static size_t end_of_inset(const struct layout *layout, struct region region, size_t from)
{
    enum { ROWS = 3 };
    float left = 0, right = 0, end = -HUGE_VALF, pad = 0.25F * layout->body;
    size_t n_body = 0, i = from;
    find_edges(layout, region, &left, &right);
    for (; i < region.n; i++) {
        const struct run *run = region.runs[i];
        if (run->x0 < left + pad || run->x1 > right - pad)
            break;
        n_body += !is_headline(layout, run);
        end = most(end, run->y1);
    }
    bool goes_on = i < region.n && !is_headline(layout, region.runs[i]) && region.runs[i]->y0 > end;
    return goes_on && n_body >= ROWS ? i : from;
}

/* Finds an article in a frame, which interrupts the columns above and below it; sorts by y0. *size
 * becomes its runs, 0 where there is none. */
static size_t find_inset(const struct layout *layout, struct region region, size_t *size)
{
    float end = -HUGE_VALF;
    sort(region, by_top);
    for (size_t i = 0; i < region.n; i++) {
        bool begins =
            is_headline(layout, region.runs[i]) && region.runs[i]->y0 - end > FRAME * layout->body;
        *size = begins ? end_of_inset(layout, region, i) - i : 0;
        if (*size > 0)
            return i;
        end = most(end, region.runs[i]->y1);
    }
    return 0;
}

static void write_insets(struct layout *layout, size_t from, unsigned depth)
{
    while (layout->n_insets > from)
        write_region(layout, layout->insets[--layout->n_insets], depth + 1);
}

static bool is_upright(struct region region)
{
    for (size_t i = 0; i < region.n; i++)
        if (!region.runs[i]->is_upright)
            return false;
    return true;
}

/* Upright lines are read from right to left. */
static void write_upright(struct layout *layout, struct region region)
{
    end_block(layout);
    sort(region, by_x);
    for (size_t i = region.n; i-- > 0;) {
        struct row row = make_row(layout, part(region, i, i + 1));
        begin_line(layout, &row);
        append_row(layout, &row);
    }
    end_block(layout);
}

/* Puts n runs of a region, from run `from` on, behind all others, and makes an inset of them. */
static bool put_behind(struct layout *layout, struct region *region, size_t from, size_t n)
{
    size_t n_after = region->n - from - n;
    struct run **moved = array_new(n, sizeof *moved);
    if (moved == NULL) {
        layout->failed = true;
        return false;
    }
    memcpy(moved, region->runs + from, n * sizeof *moved);
    memmove(region->runs + from, region->runs + from + n, n_after * sizeof *moved);
    memcpy(region->runs + from + n_after, moved, n * sizeof *moved);
    free(moved);
    layout->insets[layout->n_insets++] = part(*region, from + n_after, region->n);
    region->n -= n;
    return true;
}

/* Takes an article in a frame, which interrupts some of the columns of a region sorted by x, out of
 * it; false where there is none. Then the region is to be sorted again. */
static bool take_inset_of_columns(struct layout *layout, struct region *region, float gap)
{
    enum { COLUMNS = 12 };
    size_t begins[COLUMNS + 1], n = 0;
    for (size_t at = 0; at < region->n && n < COLUMNS; at = next_column(*region, at, gap))
        begins[n++] = at;
    begins[n] = n < COLUMNS ? region->n : begins[n - 1];
    for (size_t span = n; span > 0 && layout->n_insets < INSETS_MAX; span--)
        for (size_t i = 0; i + span <= n; i++) {
            struct region columns = part(*region, begins[i], begins[i + span]);
            if (columns.n == 0 || is_headline(layout, topmost(columns)))
                continue;
            size_t size = 0, from = find_inset(layout, columns, &size);
            if (size > 0)
                return put_behind(layout, region, begins[i] + from, size);
            sort(columns, by_x);
        }
    return false;
}

/* Where the columns end that belong together, in a region sorted by x: a column that begins with a
 * headline begins a group where some do not, as they belong to what stands left of them. */
static size_t end_of_group(const struct layout *layout, struct region region, size_t begin,
                           float gap)
{
    size_t end = next_column(region, begin, gap);
    bool any_begins = false, any_goes_on = false;
    for (size_t from = next_column(region, 0, gap); from < region.n;
         from = next_column(region, from, gap)) {
        size_t to = next_column(region, from, gap);
        bool begins = is_headline(layout, topmost(part(region, from, to)));
        any_begins = any_begins || begins;
        any_goes_on = any_goes_on || !begins;
    }
    while (any_begins && any_goes_on && end < region.n) {
        size_t to = next_column(region, end, gap);
        if (is_headline(layout, topmost(part(region, end, to))))
            break;
        end = to;
    }
    return end;
}

/* Columns from left to right; an upright headline comes before the columns to its left. */
static void write_columns(struct layout *layout, struct region region, float gap, unsigned depth)
{
    size_t pending = 0, n_insets = layout->n_insets;
    while (take_inset_of_columns(layout, &region, gap))
        sort(region, by_x);
    for (size_t begin = 0, end; begin < region.n; begin = end) {
        sort(region, by_x);
        end = end_of_group(layout, region, begin, gap);
        if (end < region.n) {
            size_t next_end = next_column(region, end, gap);
            struct region next = part(region, end, next_end);
            if (is_upright(next) && !is_headline(layout, topmost(part(region, begin, end)))) {
                write_upright(layout, next);
                pending = next_end;
            }
        }
        write_region(layout, part(region, begin, end), depth + 1);
        if (pending > end)
            end = pending;
    }
    write_insets(layout, n_insets, depth);
}

/* ---- what no cut parts ---- */

struct block {
    float x0, y0, x1, y1;
    bool is_written;
};

/* Must block a be read before b? */
static bool precedes(const struct block *blocks, size_t n, size_t a, size_t b)
{
    const struct block *p = &blocks[a], *q = &blocks[b];
    if (overlap(p->x0, p->x1, q->x0, q->x1) > 0)
        return p->y0 < q->y0;
    if (p->x1 > q->x0)
        return false;
    for (size_t i = 0; i < n; i++) { /* something across both between them */
        const struct block *c = &blocks[i];
        bool between = c->y0 > least(p->y0, q->y0) && c->y0 < most(p->y0, q->y0);
        if (i != a && i != b && between && overlap(p->x0, p->x1, c->x0, c->x1) > 0 &&
            overlap(q->x0, q->x1, c->x0, c->x1) > 0)
            return p->y0 < q->y0;
    }
    return true;
}

static bool is_of_block(const struct layout *layout, const struct run *a, const struct run *b)
{
    float shared = overlap(a->x0, a->x1, b->x0, b->x1);
    return is_headline(layout, a) == is_headline(layout, b) &&
           shared > 0.3F * least(a->x1 - a->x0, b->x1 - b->x0) &&
           (is_headline(layout, a) || fabsf(a->x0 - b->x0) < 2.5F * b->size) &&
           b->y0 - a->y1 < BREAK * most(a->size, b->size);
}

/* Gives each run of a region sorted by y the number of its block; returns how many there are. */
static size_t find_blocks(const struct layout *layout, struct region region, size_t *blocks)
{
    size_t n = 0;
    for (size_t i = 0; i < region.n; i++) {
        size_t k = i;
        while (k > 0 && !is_of_block(layout, region.runs[k - 1], region.runs[i]))
            k--;
        blocks[i] = k > 0 ? blocks[k - 1] : n++;
    }
    return n;
}

static void write_block(struct layout *layout, struct region region, const size_t *numbers,
                        size_t number, struct run **scratch)
{
    struct region block = {scratch, 0};
    for (size_t i = 0; i < region.n; i++)
        if (numbers[i] == number)
            block.runs[block.n++] = region.runs[i];
    write_column(layout, block);
}

static void measure_blocks(struct region region, const size_t *numbers, struct block *blocks,
                           size_t n)
{
    for (size_t i = 0; i < n; i++)
        blocks[i] = (struct block){HUGE_VALF, HUGE_VALF, -HUGE_VALF, -HUGE_VALF, false};
    for (size_t i = 0; i < region.n; i++) {
        struct block *block = &blocks[numbers[i]];
        const struct run *run = region.runs[i];
        block->x0 = least(block->x0, run->x0);
        block->y0 = least(block->y0, run->y0);
        block->x1 = most(block->x1, run->x1);
        block->y1 = most(block->y1, run->y1);
    }
}

/* The block that no other one has to precede; in a circle the first. */
static size_t next_block(const struct block *blocks, size_t n)
{
    size_t best = n, fewest = n + 1;
    for (size_t b = 0; b < n; b++) {
        size_t before = 0;
        if (blocks[b].is_written)
            continue;
        for (size_t a = 0; a < n; a++)
            before += a != b && !blocks[a].is_written && precedes(blocks, n, a, b) &&
                      !precedes(blocks, n, b, a);
        if (before < fewest) {
            fewest = before;
            best = b;
        }
        if (before == 0)
            break;
    }
    return best;
}

static void write_uncut(struct layout *layout, struct region region)
{
    size_t *numbers = array_new(region.n, sizeof *numbers);
    struct run **scratch = array_new(region.n, sizeof *scratch);
    struct block *blocks = array_new(region.n, sizeof *blocks);
    layout->failed = layout->failed || numbers == NULL || scratch == NULL || blocks == NULL;
    sort(region, by_y);
    size_t n = layout->failed ? 0 : find_blocks(layout, region, numbers);
    if (n > BLOCKS_MAX) {
        write_column(layout, region);
    } else if (n > 0) {
        measure_blocks(region, numbers, blocks, n);
        for (size_t i = 0; i < n; i++) {
            size_t next = next_block(blocks, n);
            blocks[next].is_written = true;
            write_block(layout, region, numbers, next, scratch);
        }
    }
    free(numbers);
    free(scratch);
    free(blocks);
}

/* ---- regions ---- */

/* How many rows have runs beside each other, with a gutter between? */
static size_t count_parted(const struct layout *layout, struct region region)
{
    size_t n = 0;
    sort(region, by_y);
    for (struct region rest = region; rest.n > 0;) {
        struct region row = take_row(&rest);
        bool is_parted = false;
        for (size_t i = 1; i < row.n; i++)
            is_parted = is_parted || row.runs[i]->x0 - row.runs[i - 1]->x1 > GUTTER * layout->body;
        n += is_parted;
    }
    return n;
}

/* One row of small type, such as a running head. */
static bool is_furniture(const struct layout *layout, struct region region)
{
    if (count_rows(region) > 1)
        return false;
    for (size_t i = 0; i < region.n; i++)
        if (is_headline(layout, region.runs[i]))
            return false;
    return true;
}

static void write_rows(struct layout *layout, struct region region, size_t at, unsigned depth)
{
    write_region(layout, part(region, 0, at), depth + 1);
    write_region(layout, part(region, at, region.n), depth + 1);
}

static void write_region(struct layout *layout, struct region region, unsigned depth)
{
    float gap = 0;
    if (region.n == 0 || layout->failed)
        return;
    if (depth > DEPTH_MAX) {
        write_column(layout, region);
        return;
    }
    if (is_furniture(layout, region)) {
        write_column(layout, region);
        return;
    }
    if (has_columns(layout, region, &gap)) {
        size_t row = find_new_row(layout, region, gap);
        if (row > 0) {
            write_rows(layout, region, row, depth);
            return;
        }
        sort(region, by_x);
        write_columns(layout, region, gap, depth);
        return;
    }
    size_t n_parted = count_parted(layout, region);
    if (n_parted == 0) {
        write_column(layout, region);
        return;
    }
    struct gutter gutter = find_gutter(layout, region);
    struct cut cut = find_row_cut(layout, region, gutter);
    if (cut.score > 0)
        write_rows(layout, region, cut.at, depth);
    else if (gutter.x0 < gutter.x1 || n_parted >= FEW_ROWS)
        write_uncut(layout, region);
    else
        write_column(layout, region);
}

/* How many runs, of a page sorted by y0, are rows of small type at its edge, with white between
 * them and the rest: a running head. */
static size_t count_head(const struct layout *layout, struct region page)
{
    enum { ROWS = 2 };
    size_t head = 0;
    float end = page.runs[0]->y1;
    for (size_t i = 0, rows = 0; i < page.n && rows <= ROWS; i++) {
        if (page.runs[i]->y0 > end) {
            rows++;
            if (page.runs[i]->y0 - end > 0.8F * layout->body)
                head = i;
        }
        end = most(end, page.runs[i]->y1);
        if (is_headline(layout, page.runs[i]))
            break;
    }
    return head;
}

/* The same from the end on. */
static size_t count_foot(const struct layout *layout, struct region page)
{
    const struct run *last = page.runs[page.n - 1];
    float top = last->y0;
    for (size_t i = page.n - 1; i-- > 0;) {
        if (is_headline(layout, page.runs[i + 1]))
            return 0;
        if (page.runs[i]->y1 < top)
            return top - page.runs[i]->y1 > 0.8F * layout->body ? page.n - 1 - i : 0;
        top = least(top, page.runs[i]->y0);
    }
    return 0;
}

static void write_between(struct layout *layout, struct region page)
{
    sort(page, by_top);
    size_t head = count_head(layout, page);
    size_t foot = head < page.n ? count_foot(layout, part(page, head, page.n)) : 0;
    if (head > 0)
        write_column(layout, part(page, 0, head));
    write_region(layout, part(page, head, page.n - foot), 0);
    if (foot > 0)
        write_column(layout, part(page, page.n - foot, page.n));
}

static void write_page(struct layout *layout)
{
    layout->order = array_new(layout->n_runs, sizeof *layout->order);
    if (layout->order == NULL) {
        layout->failed = true;
        return;
    }
    struct region all = {layout->order, layout->n_runs};
    for (size_t i = 0; i < all.n; i++)
        all.runs[i] = &layout->runs[i];
    join_upright(layout, all);
    all.n = drop_joined(all);
    join_rows(layout, all);
    all.n = drop_joined(all);
    find_classes(layout);
    write_between(layout, all);
    write_insets(layout, 0, 0);
    end_block(layout);
}

bool layout_page(struct document *document, const struct glyph *glyphs, size_t n, uint32_t page)
{
    struct layout layout = {.document = document, .page = page, .body = body_size(glyphs, n)};
    if (document->n_boxes > 0)
        layout.block = document->boxes[document->n_boxes - 1].block + 1;
    gather_runs(&layout, glyphs, n);
    if (!layout.failed && !layout.letters.failed && layout.n_runs > 0)
        write_page(&layout);
    bool good = !layout.failed && !layout.letters.failed;
    buffer_release(&layout.letters);
    buffer_release(&layout.line);
    free(layout.runs);
    free(layout.order);
    return good;
}
