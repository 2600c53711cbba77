/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/columns.h"

#include "label/character.h"

#include <stdlib.h>
#include <string.h>

enum {
    SEGMENTS_MOST = 8,
    GUTTER = 3,        /* columns of white space that part two segments */
    JITTER = 4,        /* by how much the columns of a page shift from row to row */
    ROWS_LEAST = 4,    /* that must have a gutter; where tabs part them, two will do */
    LETTERS_LEAST = 6, /* of most segments: less is a table or a list */
    PAGE_WIDTH = 512   /* columns of a row among which gutters are compared */
};

/* ---- a row's segments ---- */

struct segment {
    fenlei_text text;
    uint32_t start, end; /* display columns */
    uint32_t letters;
};

struct segments {
    struct segment of[SEGMENTS_MOST];
    size_t n;
    bool has_tab; /* between two of them */
};

/* White space, or a line drawn between two columns. */
static bool is_blank(int32_t c)
{
    return character_is_space(c) || c == 0x2502 || c == 0x2503 || c == 0x2506 || c == 0x250A;
}

/* Cuts a row at its gutters. What is behind the last segment that fits belongs to it. */
static void cut_row(fenlei_text text, struct segments *segments)
{
    uint32_t column = 0, blank = 0;
    bool tab = false;
    segments->n = 0;
    segments->has_tab = false;
    for (size_t at = 0, next = 0; at < text.size; at = next) {
        int32_t c = utf8_next(text.bytes, &next);
        uint32_t width = c == '\t' ? 8 - column % 8 : character_columns(c);
        if (is_blank(c)) {
            blank += width;
            tab = tab || c == '\t';
            column += width;
            continue;
        }
        bool parts = segments->n == 0 || blank >= GUTTER || tab;
        if (parts && segments->n < SEGMENTS_MOST) {
            segments->has_tab = segments->has_tab || (tab && segments->n > 0);
            segments->of[segments->n++] = (struct segment){{text.bytes + at, 0}, column, column, 0};
        }
        struct segment *segment = &segments->of[segments->n - 1];
        column += width;
        segment->end = column;
        segment->letters++;
        segment->text.size = (size_t)(text.bytes + next - segment->text.bytes);
        blank = 0;
        tab = false;
    }
}

/* Does the text hold a gap as wide as a gutter? */
static bool has_gap(fenlei_text text)
{
    /* seen before it is measured: most rows have no two blanks in a row */
    if (text.size < 3 || (memchr(text.bytes, '\t', text.size) == NULL &&
                          memmem(text.bytes, text.size, "   ", 3) == NULL &&
                          memmem(text.bytes, text.size, "　　", 6) == NULL))
        return false;
    struct segments segments;
    cut_row(text, &segments);
    return segments.n > 1;
}

/* Does it hold a blank behind its first few letters? */
static bool has_blank(fenlei_text text)
{
    enum { FEW = 16 };
    return text.size > FEW && memchr(text.bytes + FEW, ' ', text.size - FEW) != NULL;
}

/* ---- a region of rows side by side ---- */

struct region {
    size_t begin, end; /* rows [begin, end) */
    size_t n_columns;
    uint32_t starts[SEGMENTS_MOST]; /* where each column begins, at the least */
    size_t n_gaps, n_regular;       /* rows with a gutter; with as many segments as columns */
    size_t n_segments, n_long;      /* of rows with a gutter; of LETTERS_LEAST letters or more */
    size_t n_aligned;               /* rows whose first gutter ends where most do */
    size_t n_filled;                /* those of them whose gutter is hardly wider than the least */
    bool has_tab;
};

/* Does a row without a gutter run across one? Then it ends the region. */
static bool crosses(const struct region *region, const struct segment *segment)
{
    for (size_t k = 1; k < region->n_columns; k++)
        if (segment->start + JITTER < region->starts[k] &&
            segment->end > region->starts[k] + JITTER)
            return true;
    return false;
}

/* Takes a row with a gutter into the region. */
static void take_row(struct region *region, const struct segments *segments)
{
    region->n_gaps++;
    region->has_tab = region->has_tab || segments->has_tab;
    for (size_t k = 0; k < segments->n; k++)
        region->n_long += segments->of[k].letters >= LETTERS_LEAST;
    region->n_segments += segments->n;
    if (region->n_columns == 0) {
        region->n_columns = segments->n;
        for (size_t k = 0; k < segments->n; k++)
            region->starts[k] = segments->of[k].start;
    }
    if (segments->n != region->n_columns)
        return;
    region->n_regular++;
    for (size_t k = 0; k < segments->n; k++)
        if (segments->of[k].start < region->starts[k])
            region->starts[k] = segments->of[k].start;
}

/* Where most rows' second segments begin: the first of JITTER + 1 columns with the most of
 * counts[PAGE_WIDTH]. */
static size_t find_gutter(const uint16_t *counts)
{
    size_t most = 0, together = 0, found = 0;
    for (size_t k = 0; k < PAGE_WIDTH; k++) {
        together += counts[k];
        together -= k > JITTER ? counts[k - JITTER - 1] : 0;
        if (together > most) {
            most = together;
            found = k > JITTER ? k - JITTER : 0;
        }
    }
    return found;
}

/* A list of names and what they gave has gaps, too, but its second parts begin anywhere, or its
 * first ones end far from them: text fills its column. */
static void compare_gutters(const struct rows *rows, struct region *region)
{
    uint16_t starts[PAGE_WIDTH] = {0}, gaps[PAGE_WIDTH] = {0};
    struct segments segments;
    size_t least = 0, n = region->end - region->begin;
    if (region->n_gaps < 2)
        return;
    size_t end = n < UINT16_MAX ? region->end : region->begin + UINT16_MAX;
    for (size_t i = region->begin; i < end; i++) {
        cut_row(rows->of[i].text, &segments);
        if (segments.n > 1 && segments.of[1].start < PAGE_WIDTH)
            starts[segments.of[1].start]++;
    }
    size_t gutter = find_gutter(starts);
    for (size_t i = region->begin; i < end; i++) {
        cut_row(rows->of[i].text, &segments);
        if (segments.n < 2 || segments.of[1].start < gutter ||
            segments.of[1].start > gutter + JITTER || segments.of[1].start >= PAGE_WIDTH)
            continue;
        region->n_aligned++;
        gaps[segments.of[1].start - segments.of[0].end]++;
    }
    while (least < PAGE_WIDTH && gaps[least] == 0)
        least++;
    for (size_t gap = least; gap < PAGE_WIDTH && gap <= least + JITTER; gap++)
        region->n_filled += gaps[gap];
}

/* The region that begins at row `begin`, which has a gutter. */
static struct region find_region(const struct rows *rows, size_t begin)
{
    struct region region = {.begin = begin, .end = begin};
    struct segments segments;
    for (size_t i = begin; i < rows->n; i++) {
        cut_row(rows->of[i].text, &segments);
        if (segments.n > 1)
            take_row(&region, &segments);
        else if (segments.n == 1 && crosses(&region, &segments.of[0]))
            break;
        if (segments.n > 1)
            region.end = i + 1;
    }
    /* what follows the last row with a gutter and still keeps to a column */
    for (; region.end < rows->n; region.end++) {
        cut_row(rows->of[region.end].text, &segments);
        if (segments.n != 1 || (segments.of[0].start == 0 && region.n_columns > 1 &&
                                segments.of[0].end > region.starts[1]))
            break;
    }
    compare_gutters(rows, &region);
    return region;
}

static bool is_of_columns(const struct region *region)
{
    size_t least = region->has_tab ? 2 : ROWS_LEAST;
    return region->n_gaps >= least && region->n_long * 10 >= region->n_segments * 6 &&
           (region->has_tab || region->n_aligned * 5 >= region->n_gaps * 3);
}

/* Where four rows in five have as many segments, and most fill their first column. */
static bool is_plain(const struct region *region)
{
    return region->n_regular * 5 >= region->n_gaps * 4 &&
           (region->has_tab || region->n_filled * 5 >= region->n_gaps * 3);
}

/* The column that a segment stands in. */
static size_t column_at(const struct region *region, uint32_t start)
{
    size_t column = 0;
    for (size_t k = 1; k < region->n_columns; k++)
        if (start + JITTER >= region->starts[k])
            column = k;
    return column;
}

/* What column k has of a row: from its first segment there to the end of its last. */
static fenlei_text part_of_row(const struct region *region, fenlei_text text, size_t k)
{
    struct segments segments;
    fenlei_text part = {text.bytes, 0};
    cut_row(text, &segments);
    for (size_t i = 0; i < segments.n; i++) {
        size_t column =
            segments.n == region->n_columns ? i : column_at(region, segments.of[i].start);
        const struct segment *segment = &segments.of[i];
        if (column != k)
            continue;
        if (part.size == 0)
            part.bytes = segment->text.bytes;
        part.size = (size_t)(segment->text.bytes + segment->text.size - part.bytes);
    }
    return part;
}

/* Appends the columns of a region one after the other, with a blank row between. */
static bool append_columns(struct rows *made, const struct rows *rows, const struct region *region)
{
    for (size_t k = 0; k < region->n_columns; k++) {
        if (k > 0 && !rows_append(made, (struct row){{"", 0}, rows->of[region->begin].number}))
            return false;
        for (size_t i = region->begin; i < region->end; i++) {
            struct row row = rows->of[i];
            row.text = part_of_row(region, row.text, k);
            if (!rows_append(made, row))
                return false;
        }
    }
    return true;
}

/* ---- narrow gutters ---- */

/* Rows without a blank row between that have columns blank in all of them, one or two wide: texts
 * side by side, set with less between them than parts two segments elsewhere. */
enum { BLOCK_ROWS_LEAST = 5, BLOCK_COLUMNS_MOST = 400, TEXT_COLUMNS_LEAST = 18 };

struct block {
    size_t begin, end;
    size_t n_columns;
    uint32_t starts[SEGMENTS_MOST];
    bool is_above; /* a headline over such a block */
};

/* What is known of the rows of a block. */
struct stripes {
    uint16_t occupied[BLOCK_COLUMNS_MOST]; /* rows with a letter in that column */
    uint16_t reached[BLOCK_COLUMNS_MOST];  /* rows that end behind it */
    uint32_t last;                         /* where the longest row ends */
    size_t n, n_wide;                      /* letters; those of Han and their like */
};

/* Notes the columns that a row has letters in; false where it is blank. */
static bool add_row(struct stripes *stripes, fenlei_text text)
{
    uint32_t column = 0, end = 0;
    for (size_t at = 0; at < text.size;) {
        int32_t c = utf8_next(text.bytes, &at);
        uint32_t width = c == '\t' ? 8 - column % 8 : character_columns(c);
        for (uint32_t k = column; !is_blank(c) && k < column + width; k++)
            if (k < BLOCK_COLUMNS_MOST)
                stripes->occupied[k]++;
        column += width;
        if (is_blank(c))
            continue;
        end = column;
        stripes->n++;
        stripes->n_wide += width == 2;
    }
    for (uint32_t k = 0; k < end && k < BLOCK_COLUMNS_MOST; k++)
        stripes->reached[k]++;
    stripes->last = end > stripes->last ? end : stripes->last;
    return end > 0;
}

/* Does more than one in `tolerance` rows have a letter close before the column that begins there?
 */
static bool is_narrow(const struct stripes *stripes, unsigned tolerance, uint32_t start)
{
    unsigned reached = stripes->reached[start];
    return stripes->occupied[start - 2] * tolerance > reached ||
           stripes->occupied[start - GUTTER] * tolerance > reached;
}

/* Do half of the rows that go on behind the gutter end close before it, as text does that fills its
 * column and a list does not? */
static bool is_filled(const struct stripes *stripes, unsigned tolerance, uint32_t start)
{
    unsigned reached = stripes->reached[start], filled = 0;
    uint32_t begin = start - 1;
    while (begin > 0 && stripes->occupied[begin - 1] * tolerance <= reached)
        begin--;
    for (uint32_t k = begin > JITTER ? begin - JITTER : 0; k < begin; k++)
        filled = stripes->occupied[k] > filled ? stripes->occupied[k] : filled;
    return filled * 2 >= reached;
}

/* Finds the gutters that not more than one in `tolerance` rows crosses; false, and a block of one
 * column, where they are not as far from each other as columns of text are wide, or where all are
 * so wide that they part segments. */
static bool find_gutters(const struct stripes *stripes, unsigned tolerance, struct block *block)
{
    bool has_narrow = false;
    uint32_t from = 0, last = stripes->last;
    block->n_columns = 1;
    if (last > BLOCK_COLUMNS_MOST || stripes->n_wide * 2 < stripes->n)
        return false;
    while (from < last && stripes->occupied[from] == 0)
        from++;
    for (uint32_t k = from; k + 1 < last; k++) {
        unsigned reached = stripes->reached[k + 1];
        if (stripes->occupied[k] * tolerance > reached ||
            stripes->occupied[k + 1] * tolerance <= reached || reached < BLOCK_ROWS_LEAST)
            continue;
        bool is_wide = k + 1 - from >= TEXT_COLUMNS_LEAST && last - k >= TEXT_COLUMNS_LEAST &&
                       is_filled(stripes, tolerance, k + 1);
        if (!is_wide || block->n_columns == SEGMENTS_MOST) {
            block->n_columns = 1;
            return false;
        }
        has_narrow = has_narrow || is_narrow(stripes, tolerance, k + 1);
        block->starts[block->n_columns++] = from = k + 1;
    }
    if (!has_narrow)
        block->n_columns = 1;
    return block->n_columns > 1;
}

/* The block that begins at row `begin`, or below a headline of a row or two that is as wide as all
 * of it, and is a block of its own then. *uncertain where some rows cross its gutters. */
static struct block find_block(const struct rows *rows, size_t begin, bool *uncertain)
{
    enum { HEADLINE_MOST = 2, EVERY = UINT16_MAX, NEARLY_EVERY = 8 };
    struct block block = {.begin = begin, .n_columns = 1};
    bool is_nearly = false;
    size_t whole = begin;
    for (size_t skipped = 0; skipped <= HEADLINE_MOST; skipped++) {
        struct stripes stripes = {.last = 0};
        size_t end = begin + skipped;
        while (end < rows->n && end - begin < UINT16_MAX && add_row(&stripes, rows->of[end].text))
            end++;
        whole = skipped == 0 ? end : whole;
        if (find_gutters(&stripes, EVERY, &block)) {
            block.is_above = skipped > 0;
            block.n_columns = skipped > 0 ? 1 : block.n_columns;
            block.end = skipped > 0 ? begin + skipped : end;
            struct block more = block; /* some of which are crossed */
            *uncertain = *uncertain || (find_gutters(&stripes, NEARLY_EVERY, &more) &&
                                        skipped == 0 && more.n_columns > block.n_columns);
            for (size_t i = 0; i < skipped; i++) /* no headline, but columns that run together */
                *uncertain = *uncertain || has_gap(rows->of[begin + i].text);
            return block;
        }
        is_nearly = is_nearly || (skipped == 0 && find_gutters(&stripes, NEARLY_EVERY, &block));
        if (whole - begin < BLOCK_ROWS_LEAST)
            break;
    }
    *uncertain = *uncertain || is_nearly;
    return (struct block){.begin = begin, .end = whole, .n_columns = 1};
}

/* What stands in a row from column `from` to the one before `to`. */
static fenlei_text cut_at(fenlei_text text, uint32_t from, uint32_t to)
{
    uint32_t column = 0;
    fenlei_text part = {text.bytes, 0};
    for (size_t at = 0, next = 0; at < text.size && column < to; at = next) {
        int32_t c = utf8_next(text.bytes, &next);
        if (column >= from && part.size == 0)
            part.bytes = text.bytes + at;
        if (column >= from)
            part.size = (size_t)(text.bytes + next - part.bytes);
        column += c == '\t' ? 8 - column % 8 : character_columns(c);
    }
    return part;
}

static bool append_block(struct rows *made, const struct rows *rows, const struct block *block)
{
    for (size_t k = 0; k < block->n_columns; k++) {
        uint32_t to = k + 1 < block->n_columns ? block->starts[k + 1] : UINT32_MAX;
        if (k > 0 && !rows_append(made, (struct row){{"", 0}, rows->of[block->begin].number}))
            return false;
        for (size_t i = block->begin; i < block->end; i++) {
            struct row row = rows->of[i];
            row.text = block->n_columns > 1 ? cut_at(row.text, block->starts[k], to) : row.text;
            if (!rows_append(made, row))
                return false;
        }
    }
    return true;
}

/* ---- all rows ---- */

/* Is there a gap in two rows, or a blank in each of some that follow each other? Most
 * pages have neither. */
static bool may_be_columns(const struct rows *rows)
{
    enum { BLANKS_LEAST = 4 }; /* rows in a row, where columns have no more than one between */
    bool have_blanks = false;
    size_t n_gaps = 0, n_blanks = 0;
    for (size_t i = 0; i < rows->n; i++) {
        n_gaps += has_gap(rows->of[i].text);
        n_blanks = has_blank(rows->of[i].text) ? n_blanks + 1 : 0;
        have_blanks = have_blanks || n_blanks == BLANKS_LEAST;
    }
    return n_gaps > 1 || have_blanks;
}

bool columns_separate(struct rows *rows, bool *uncertain)
{
    struct rows made = {0};
    struct block block = {.end = 0};
    bool good = true;
    *uncertain = false;
    if (!may_be_columns(rows))
        return true;
    for (size_t i = 0; good && i < rows->n;) {
        struct region region = {0};
        if (i >= block.end)
            block = find_block(rows, i, uncertain);
        if (block.n_columns > 1) {
            good = append_block(&made, rows, &block);
            i = block.end;
            continue;
        }
        if (has_gap(rows->of[i].text))
            region = find_region(rows, i);
        bool parts = is_of_columns(&region) && is_plain(&region);
        *uncertain = *uncertain || (is_of_columns(&region) && !parts);
        if (parts) {
            good = append_columns(&made, rows, &region);
            i = region.end;
            continue;
        }
        size_t end = region.end > i ? region.end : i + 1;
        end = block.is_above && end > block.end ? block.end : end;
        for (; good && i < end; i++)
            good = rows_append(&made, rows->of[i]);
    }
    if (good) {
        free(rows->of);
        *rows = made;
    } else {
        free(made.of);
    }
    return good;
}
