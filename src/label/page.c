#include "label/page.h"

#include "label/fold.h"
#include "label/line.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADLINE_LINES = 4,
    BYLINE_LINES = 3,
    CAPTION_WIDTH = 30, /* characters of a photo caption that only its place gives away */
    SECTION_WIDTH = 30, /* of a heading inside an article that only its place gives away */
    LONG_LINE = 64,     /* no line of a headline is longer */
    COLUMN_TITLE_WIDTH = 4,
    SERIES_KEPT = 16
};

static const uint32_t NOBODY = UINT32_MAX;

enum role { ROLE_BODY, ROLE_TITLE, ROLE_BYLINE, ROLE_SECTION, ROLE_CAPTION, ROLE_FURNITURE };

/* The head of an article that begins at some line: [begin, title_end) is the headline,
 * [title_end, byline_end) the byline. */
struct head {
    size_t begin, title_end, byline_end;
    bool is_marked; /* by # */
    bool is_signed; /* a byline or 本报讯 follows: no doubt that an article begins */
};

/* Numbered headings and the piece they belong to, so that an article printed around another one
 * is found again. */
struct owned_series {
    fenlei_text name;
    uint32_t owner;
    uint32_t numbers; /* a bit for each number seen */
};

struct splitter {
    struct page *page;
    bool whole;
    uint32_t current; /* the piece that lines go to, or NOBODY */
    uint32_t level;   /* number of # of its headline */
    bool has_body;    /* it has some */
    bool open;        /* its last line broke off in a sentence */
    bool after_caption;
    uint32_t usual_gap; /* blank lines between most lines of the page */
    bool has_marks;     /* the page marks its headings by # */
    struct owned_series series[SERIES_KEPT];
    size_t n_series;
    bool failed;
};

/* ---- lines ---- */

static bool read_lines(struct page *page, fenlei_text text)
{
    page->n_lines = 0;
    buffer_clear(&page->plain);
    buffer_append_text(&page->plain, text);
    if (page->plain.failed)
        return false;
    fold_simplify(page->plain.bytes, page->plain.size);
    uint32_t number = 0, blank = 0;
    size_t at = 0;
    while (at < text.size) {
        const char *start = text.bytes + at;
        const char *end = memchr(start, '\n', text.size - at);
        size_t size = end != NULL ? (size_t)(end - start) : text.size - at;
        fenlei_text plain = {page->plain.bytes + at, size};
        at += size + 1;
        number++;
        struct line line = line_describe((fenlei_text){start, size}, plain);
        if (line.text.size == 0) {
            blank++;
            continue;
        }
        line.number = number;
        line.blank = blank;
        blank = 0;
        page->too_long = page->n_lines == PAGE_LINES_MAX;
        if (page->too_long ||
            !array_reserve(&page->lines, &page->lines_capacity, page->n_lines + 1, sizeof line))
            return false;
        page->lines[page->n_lines++] = line;
    }
    return true;
}

static uint32_t usual_gap(const struct page *page)
{
    uint32_t counts[4] = {0}, usual = 0;
    for (size_t i = 1; i < page->n_lines; i++)
        counts[page->lines[i].blank < 4 ? page->lines[i].blank : 3]++;
    for (uint32_t gap = 1; gap < 4; gap++)
        if (counts[gap] > counts[usual])
            usual = gap;
    return usual;
}

/* ---- heads ---- */

static bool is_author(const struct line *line)
{
    return line->heading == 0 && (line->is_byline || line->is_name);
}

/* Could line i be of a headline? One that is punctuated like a sentence (谁来管？) is, where a
 * byline or 本报讯 follows. */
static bool is_headline(const struct page *page, size_t i)
{
    const struct line *line = &page->lines[i];
    bool is_signed =
        i + 1 < page->n_lines && (page->lines[i + 1].is_byline || page->lines[i + 1].is_lead);
    if (line->is_sponsor && !is_signed)
        return false;
    if (line->heading > 0 || line_may_be_headline(line))
        return true;
    return line->is_short && is_signed;
}

/* Names alone are a byline where text follows them, and a list of prize-winners elsewhere. */
static bool text_follows(const struct page *page, size_t i)
{
    return i < page->n_lines && page->lines[i].heading == 0 &&
           (page->lines[i].is_lead || page->lines[i].finished ||
            page->lines[i].width > SECTION_WIDTH);
}

static struct head find_head(const struct page *page, size_t begin)
{
    struct head head = {.begin = begin};
    size_t i = begin;
    while (i < page->n_lines && i - begin < HEADLINE_LINES) {
        if ((i > begin && is_author(&page->lines[i])) || !is_headline(page, i))
            break;
        head.is_marked = head.is_marked || page->lines[i].heading > 0;
        i++;
    }
    head.title_end = i;
    bool only_names = true;
    for (; i < page->n_lines && i - head.title_end < BYLINE_LINES && is_author(&page->lines[i]);
         i++)
        only_names = only_names && page->lines[i].is_name;
    bool is_named = i > head.title_end && page->lines[i - 1].is_name;
    for (size_t n = 0; is_named && n < BYLINE_LINES && i < page->n_lines; n++, i++)
        if (page->lines[i].heading > 0 || !line_is_office(&page->lines[i]))
            break;
    if (only_names && !text_follows(page, i))
        i = head.title_end;
    head.byline_end = i;
    bool has_lead = i < page->n_lines && page->lines[i].is_lead;
    head.is_signed = head.title_end > begin && (head.byline_end > head.title_end || has_lead);
    return head;
}

/* The first lines of a text without byline or marks: a headline when something sets them off from
 * what follows. */
static size_t plain_title_end(const struct page *page, size_t begin)
{
    size_t i = begin;
    while (i < page->n_lines && i - begin < 2 && line_may_be_headline(&page->lines[i])) {
        i++;
        if (i == page->n_lines)
            return i;
        const struct line *next = &page->lines[i];
        bool is_sentence = next->finished && next->width > page->lines[i - 1].width;
        if (!next->is_subtitle &&
            (next->blank > 0 || is_sentence || next->width > LONG_LINE || next->is_lead))
            return i;
    }
    return begin;
}

static uint32_t level_of(const struct page *page, size_t begin, size_t end)
{
    uint32_t level = 0;
    for (size_t i = begin; i < end; i++)
        if (page->lines[i].heading > level)
            level = page->lines[i].heading;
    return level;
}

/* ---- pieces ---- */

static void give(struct splitter *splitter, size_t line, uint32_t owner, enum role role)
{
    struct page *page = splitter->page;
    if (owner == NOBODY)
        return; /* memory ran out */
    struct piece *piece = &page->pieces[owner];
    page->lines[line].role = (uint8_t)role;
    page->placed[line] = (struct placed){owner, NOBODY};
    if (piece->first_line == NOBODY)
        piece->first_line = (uint32_t)line;
    else
        page->placed[piece->last_line].next = (uint32_t)line;
    piece->last_line = (uint32_t)line;
}

static uint32_t new_piece(struct splitter *splitter, bool is_article)
{
    struct page *page = splitter->page;
    if (!array_reserve(&page->pieces, &page->pieces_capacity, page->n_pieces + 1,
                       sizeof *page->pieces)) {
        splitter->failed = true;
        return NOBODY;
    }
    page->pieces[page->n_pieces] = (struct piece){.first_line = NOBODY, .is_article = is_article};
    return (uint32_t)page->n_pieces++;
}

static void begin_piece(struct splitter *splitter)
{
    splitter->current = new_piece(splitter, true);
    splitter->level = 0;
    splitter->has_body = splitter->open = splitter->after_caption = false;
}

static size_t begin_article(struct splitter *splitter, struct head head)
{
    begin_piece(splitter);
    splitter->level = level_of(splitter->page, head.begin, head.title_end);
    for (size_t i = head.begin; i < head.title_end; i++)
        give(splitter, i, splitter->current, ROLE_TITLE);
    for (size_t i = head.title_end; i < head.byline_end; i++)
        give(splitter, i, splitter->current, ROLE_BYLINE);
    return head.byline_end;
}

/* The piece that a numbered heading belongs to: one whose series lacks that number, or the
 * current one. */
static uint32_t owner_of_series(struct splitter *splitter, struct series series)
{
    uint32_t bit = UINT32_C(1) << (series.number & 31);
    for (size_t i = splitter->n_series; i-- > 0;) {
        struct owned_series *known = &splitter->series[i];
        if (!text_equal(known->name, series.name) || (known->numbers & bit) != 0)
            continue;
        known->numbers |= bit;
        return known->owner;
    }
    if (splitter->n_series < SERIES_KEPT)
        splitter->series[splitter->n_series++] =
            (struct owned_series){series.name, splitter->current, bit};
    return splitter->current;
}

/* ---- one line ---- */

static bool is_late_caption(const struct splitter *splitter, const struct line *line)
{
    bool is_short = line->finished && line->width <= CAPTION_WIDTH;
    bool set_off = line->blank >= splitter->usual_gap + 2 ||
                   (splitter->after_caption && line->blank <= splitter->usual_gap);
    return is_short && set_off && splitter->has_body && !splitter->open;
}

/* A heading inside an article: marked, where the page marks headings; else short, and alone
 * between blank lines. A longer one is the beginning of a broken sentence. */
static bool is_section(const struct splitter *splitter, size_t i)
{
    const struct page *page = splitter->page;
    const struct line *line = &page->lines[i];
    if (line->heading > 0 || splitter->has_marks)
        return line->heading > 0;
    return line_may_be_headline(line) && line->width <= SECTION_WIDTH && !splitter->open &&
           i + 1 < page->n_lines && line->blank > 0 && page->lines[i + 1].blank > 0;
}

static void add_body(struct splitter *splitter, size_t i)
{
    const struct line *line = &splitter->page->lines[i];
    if (splitter->current == NOBODY)
        begin_piece(splitter);
    if (!splitter->open && (line->is_caption || is_late_caption(splitter, line))) {
        give(splitter, i, splitter->current, ROLE_CAPTION);
        splitter->after_caption = true;
        return;
    }
    if (line->is_caption) { /* a picture in the middle of a sentence */
        give(splitter, i, splitter->current, ROLE_CAPTION);
        return;
    }
    splitter->after_caption = false;
    if (is_section(splitter, i)) {
        give(splitter, i, splitter->current, ROLE_SECTION);
        return;
    }
    give(splitter, i, splitter->current, ROLE_BODY);
    splitter->has_body = true;
    splitter->open = !line->finished;
}

/* Does a marked heading without byline begin an article, or a section of the current one? */
static bool outranks(const struct splitter *splitter, struct head head)
{
    return splitter->current == NOBODY ||
           level_of(splitter->page, head.begin, head.title_end) <= splitter->level;
}

/* 简讯, 要闻: a word over a headline names a column of the page, not an article. */
static bool is_column_title(const struct page *page, size_t i)
{
    if (page->lines[i].width > COLUMN_TITLE_WIDTH || !is_headline(page, i) ||
        i + 1 >= page->n_lines || is_author(&page->lines[i]))
        return false;
    struct head next = find_head(page, i + 1);
    return next.title_end > i + 1 && next.is_signed &&
           page->lines[i + 1].width > COLUMN_TITLE_WIDTH;
}

/* A sponsor's line stands by itself: no sentence runs into it, no byline follows. */
static bool is_sponsor(const struct splitter *splitter, size_t i)
{
    const struct page *page = splitter->page;
    return page->lines[i].is_sponsor && !splitter->whole && !splitter->open &&
           !(i + 1 < page->n_lines &&
             (is_author(&page->lines[i + 1]) || page->lines[i + 1].is_lead));
}

/* Gives line i, or the head of an article that begins there, to its piece; returns the next. */
static size_t place_line(struct splitter *splitter, size_t i)
{
    struct page *page = splitter->page;
    const struct line *line = &page->lines[i];
    if (is_sponsor(splitter, i) || (!splitter->whole && is_column_title(page, i))) {
        give(splitter, i, new_piece(splitter, false), ROLE_TITLE);
        splitter->open = false;
        return i + 1;
    }
    if (line->is_furniture && line->heading == 0 && !splitter->whole) {
        bool to_current = splitter->current != NOBODY && !splitter->has_body;
        give(splitter, i, to_current ? splitter->current : new_piece(splitter, false),
             ROLE_FURNITURE);
        return i + 1;
    }
    struct head head = find_head(page, i);
    bool begins =
        head.is_signed || (head.is_marked && line->heading > 0 && outranks(splitter, head));
    if (splitter->whole && splitter->current != NOBODY)
        begins = false;
    struct series series = line_series(line);
    if (!begins && splitter->current == NOBODY) {
        head.title_end = head.byline_end = plain_title_end(page, i);
        begins = head.title_end > i;
    }
    if (begins)
        return begin_article(splitter, head);
    if (line->is_lead && splitter->has_body && !splitter->open && !splitter->whole)
        begin_piece(splitter); /* a brief without a headline */
    if (line->is_subtitle && splitter->current != NOBODY && !splitter->has_body) {
        give(splitter, i, splitter->current, ROLE_TITLE);
        return i + 1;
    }
    if (series.name.size > 0 && splitter->current != NOBODY && is_section(splitter, i)) {
        uint32_t owner = owner_of_series(splitter, series);
        splitter->has_body = splitter->has_body || owner != splitter->current;
        splitter->open = splitter->open && owner == splitter->current;
        splitter->current = owner;
    }
    add_body(splitter, i);
    return i + 1;
}

/* ---- texts ---- */

/* What stands between two lines of one text: nothing inside a Chinese sentence. */
static void append_joint(struct buffer *text, const struct line *last, const struct line *next)
{
    bool words = (unsigned char)last->text.bytes[last->text.size - 1] < 0x80 &&
                 (unsigned char)next->text.bytes[0] < 0x80;
    if (last->finished || last->role != ROLE_BODY || next->role != ROLE_BODY)
        buffer_append_string(text, "\n");
    else if (words)
        buffer_append_string(text, " ");
}

static bool has_body(const struct page *page, const struct piece *piece)
{
    for (uint32_t i = piece->first_line; i != NOBODY; i = page->placed[i].next)
        if (page->lines[i].role == ROLE_BODY)
            return true;
    return false;
}

static void append_line(struct page *page, struct line *line)
{
    line->copied_to = page->text.size;
    buffer_append_text(&page->text, line->text);
}

static void append_lines(struct page *page, const struct piece *piece, enum role role,
                         size_t *offset, size_t *size)
{
    *offset = page->text.size;
    for (uint32_t i = piece->first_line; i != NOBODY; i = page->placed[i].next) {
        if (page->lines[i].role != role)
            continue;
        if (page->text.size > *offset)
            buffer_append_string(&page->text, " ");
        append_line(page, &page->lines[i]);
    }
    *size = page->text.size - *offset;
}

/* Paragraphs and section headings; a picture's caption where there is nothing else. */
static void append_body(struct page *page, struct piece *piece)
{
    bool captions = !has_body(page, piece);
    const struct line *last = NULL;
    piece->body = page->text.size;
    for (uint32_t i = piece->first_line; i != NOBODY; i = page->placed[i].next) {
        struct line *line = &page->lines[i];
        if (line->role != ROLE_BODY && line->role != ROLE_SECTION &&
            !(captions && line->role == ROLE_CAPTION))
            continue;
        if (last != NULL)
            append_joint(&page->text, last, line);
        append_line(page, line);
        last = line;
    }
    if (last != NULL)
        buffer_append_string(&page->text, "\n");
    piece->body_size = page->text.size - piece->body;
}

static bool append_parts(struct page *page, struct piece *piece)
{
    piece->part = page->n_parts;
    uint32_t before = NOBODY;
    for (uint32_t i = piece->first_line; i != NOBODY; before = i, i = page->placed[i].next) {
        uint32_t number = page->lines[i].number;
        if (piece->n_parts > 0 && before + 1 == i) {
            page->parts[page->n_parts - 1].last = number;
            continue;
        }
        if (!array_reserve(&page->parts, &page->parts_capacity, page->n_parts + 1,
                           sizeof *page->parts))
            return false;
        page->parts[page->n_parts++] = (fenlei_lines){number, number};
        piece->n_parts++;
    }
    return true;
}

static bool finish(struct page *page)
{
    size_t n_articles = 0, n = 0;
    for (size_t i = 0; i < page->n_pieces; i++) {
        if (page->pieces[i].first_line == NOBODY)
            continue; /* begun, but its line went to an older piece */
        struct piece *piece = &page->pieces[n++];
        *piece = page->pieces[i];
        append_lines(page, piece, ROLE_TITLE, &piece->title, &piece->title_size);
        append_lines(page, piece, ROLE_BYLINE, &piece->byline, &piece->byline_size);
        append_body(page, piece);
        if (!append_parts(page, piece))
            return false;
        piece->is_article = piece->is_article && piece->body_size > 0;
        n_articles += piece->is_article;
    }
    page->n_pieces = n;
    /* A single line given by itself is a short text, not a masthead. */
    if (n_articles == 0 && page->n_pieces == 1 && !page->lines[0].is_sponsor)
        page->pieces[0].is_article = true;
    return !page->text.failed;
}

bool page_split(struct page *page, fenlei_text text, bool whole)
{
    page->n_pieces = page->n_parts = 0;
    page->too_long = false;
    buffer_clear(&page->text);
    if (!read_lines(page, text) ||
        !array_reserve(&page->placed, &page->placed_capacity, page->n_lines, sizeof *page->placed))
        return false;
    struct splitter splitter = {
        .page = page, .whole = whole, .current = NOBODY, .usual_gap = usual_gap(page)};
    for (size_t i = 0; i < page->n_lines; i++)
        splitter.has_marks = splitter.has_marks || page->lines[i].heading > 0;
    for (size_t i = 0; i < page->n_lines && !splitter.failed;)
        i = place_line(&splitter, i);
    return !splitter.failed && finish(page);
}

bool page_origins(const struct page *page, const struct piece *piece, fenlei_text text,
                  size_t begin, size_t size, struct origins *origins)
{
    origins_clear(origins);
    for (uint32_t i = piece->first_line; i != NOBODY; i = page->placed[i].next) {
        const struct line *line = &page->lines[i];
        if (line->copied_to < begin || line->copied_to - begin >= size)
            continue;
        struct stretch copy = {.at = line->copied_to - begin,
                               .from = (size_t)(line->text.bytes - text.bytes),
                               .count = line->text.size,
                               .size = 1,
                               .from_size = 1};
        if (!origins_add(origins, copy))
            return false;
    }
    return true;
}

size_t page_memory(const struct page *page)
{
    return page->pieces_capacity * sizeof *page->pieces +
           page->parts_capacity * sizeof *page->parts + page->text.capacity + page->plain.capacity +
           page->lines_capacity * sizeof *page->lines +
           page->placed_capacity * sizeof *page->placed;
}

void page_release(struct page *page)
{
    free(page->pieces);
    free(page->parts);
    free(page->lines);
    free(page->placed);
    buffer_release(&page->text);
    buffer_release(&page->plain);
    *page = (struct page){0};
}
