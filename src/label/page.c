/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/page.h"

#include "label/character.h"
#include "label/remnant.h"
#include "label/series.h"

#include <stdlib.h>
#include <string.h>

static const uint32_t NOBODY = UINT32_MAX;

/* Chosen on real pages: what is doubted is wrong more often than not. */
static const float MAY_BEGIN = 0.45F, SURELY_BEGINS = 0.5F, SURE_OF_TITLE = 0.5F;

struct splitter {
    struct page *page;
    bool whole;
    uint32_t current;   /* the piece that lines go to, or NOBODY */
    enum role previous; /* of the last line of that piece that is neither caption nor furniture */
    struct series series;
    bool failed;
};

/* ---- pieces ---- */

static void give(struct splitter *splitter, size_t line, uint32_t owner)
{
    struct page *page = splitter->page;
    if (owner == NOBODY)
        return; /* memory ran out */
    struct piece *piece = &page->pieces[owner];
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

/* What stands between articles: lines of furniture in a row are one piece. */
static void place_outside(struct splitter *splitter, size_t i)
{
    const struct line *lines = splitter->page->lines.of;
    bool goes_on = i > 0 && lines[i].role == ROLE_FURNITURE && lines[i - 1].role == ROLE_FURNITURE;
    give(splitter, i, goes_on ? splitter->page->placed[i - 1].owner : new_piece(splitter, false));
    splitter->current = NOBODY;
}

static bool begins_article(const struct splitter *splitter, size_t i)
{
    const struct line *line = &splitter->page->lines.of[i];
    enum role role = (enum role)line->role;
    if (splitter->current == NOBODY)
        return true;
    if (splitter->whole || (i > 0 && line[-1].role == ROLE_INTERRUPTION))
        return false;
    return role_begins(splitter->previous, role);
}

static void place_line(struct splitter *splitter, size_t i)
{
    enum role role = (enum role)splitter->page->lines.of[i].role;
    bool is_beside = role == ROLE_CAPTION || role == ROLE_INTERRUPTION;
    if (role == ROLE_FURNITURE || role == ROLE_SPONSOR) {
        place_outside(splitter, i);
        return;
    }
    if (is_beside && splitter->current == NOBODY) {
        give(splitter, i, new_piece(splitter, splitter->whole));
        return;
    }
    if (!is_beside && begins_article(splitter, i))
        splitter->current = new_piece(splitter, true);
    if (role == ROLE_SECTION && !splitter->whole)
        splitter->current =
            series_owner(&splitter->series, &splitter->page->lines.of[i], splitter->current);
    give(splitter, i, splitter->current);
    if (!is_beside)
        splitter->previous = role;
}

/* ---- doubts ---- */

/* Do the first few letters of a line hold these two? Their place behind them, or 0. */
static size_t behind_pair(const struct line *line, uint16_t first, uint16_t second)
{
    enum { FEW = 4 };
    for (size_t i = 0; i < FEW && i + 2 < line->n_head; i++)
        if (line->head[i] == first && line->head[i + 1] == second)
            return i + 2;
    return 0;
}

enum { UP = 0x4E0A, DOWN = 0x4E0B, TIGHT = 0x7D27, JOIN = 0x63A5, TURN = 0x8F6C, ORDINAL = 0x7B2C };

/* Does a line say that it goes on from another page, as （上接第一版） or 紧接A1版? */
static bool is_continued(const struct line *line)
{
    size_t at = behind_pair(line, UP, JOIN);
    at = at > 0 ? at : behind_pair(line, TIGHT, JOIN);
    if (at == 0)
        return false;
    uint16_t next = line->head[at];
    return next == ORDINAL || next == '0' || (next >= 'a' && next <= 'z');
}

/* Does it say that the text goes on elsewhere, as （下转第二版）? What follows may be from there.
 */
static bool is_jump(const struct line *line)
{
    return behind_pair(line, DOWN, TURN) > 0 || behind_pair(line, TIGHT, TURN) > 0;
}

/* Does a piece without a headline begin at this line, right behind a line that speaks of another
 * page? It may be the rest of an article that began elsewhere. */
static bool is_rest(const struct page *page, uint32_t first)
{
    const struct line *line = &page->lines.of[first];
    return first > 0 && !role_is_title((enum role)line->role) &&
           (is_continued(line - 1) || is_jump(line - 1));
}

static bool is_of_byline(const struct line *line)
{
    return line->role == ROLE_BYLINE && !line->is_date && !line->is_note;
}

/* Does the line say who wrote what follows, in the middle of the text? Behind one line of text it
 * may stand below what the editor says. */
static bool is_inner_byline(const struct page *page, uint32_t i, size_t n_text)
{
    const struct line *line = &page->lines.of[i];
    uint32_t next = page->placed[i].next;
    return n_text > 1 && is_of_byline(line) && next != NOBODY &&
           role_is_text((enum role)page->lines.of[next].role);
}

/* Is it a whole page without line ends, as some program left it? */
static bool is_page_in_a_line(const struct page *page)
{
    enum { LETTERS_LEAST = 600 };
    return page->lines.n == 1 && page->lines.of[0].letters >= LETTERS_LEAST;
}

static enum doubt doubt_of(const struct page *page, const struct piece *piece)
{
    enum doubt doubt = page->lines.is_uncertain ? DOUBT_SPLIT : DOUBT_NONE;
    const struct line *first = &page->lines.of[piece->first_line];
    bool in_head = true;
    size_t n_text = 0;
    if (is_page_in_a_line(page))
        return DOUBT_SEVERAL;
    if (first->begins < SURELY_BEGINS || is_rest(page, piece->first_line))
        doubt = DOUBT_SPLIT;
    for (uint32_t i = piece->first_line; i != NOBODY; i = page->placed[i].next) {
        const struct line *line = &page->lines.of[i];
        bool is_title = role_is_title((enum role)line->role);
        bool goes_on = i > 0 && is_continued(line); /* behind its own jump it is of this article */
        bool may_begin = goes_on ? !is_jump(line - 1) : line->begins > MAY_BEGIN;
        if (i != piece->first_line && (may_begin || is_inner_byline(page, i, n_text)))
            return DOUBT_SEVERAL;
        n_text += role_is_text((enum role)line->role);
        if (in_head && (is_title ? line->is_title : 1 - line->is_title) < SURE_OF_TITLE)
            doubt = DOUBT_SPLIT;
        in_head = in_head && is_title;
    }
    return doubt;
}

/* ---- texts ---- */

/* What stands between two lines of one text: nothing inside a Chinese sentence. */
static void append_joint(struct buffer *text, const struct line *last, const struct line *next)
{
    bool words = (unsigned char)last->text.bytes[last->text.size - 1] < 0x80 &&
                 (unsigned char)next->text.bytes[0] < 0x80;
    if (next->role != ROLE_BODY_MORE)
        buffer_append_string(text, "\n");
    else if (words)
        buffer_append_string(text, " ");
}

static void append_line(struct page *page, struct line *line)
{
    line->copied_to = page->text.size;
    line_append(line, &page->text);
}

static bool is_of_title(const struct line *line)
{
    return role_is_title((enum role)line->role);
}

/* ---- a headline that stands there twice ---- */

/* What parts a headline from the name of its site, or from what says that it was one: 原标题：...
 */
static bool is_parting(fenlei_text rest, bool at_end)
{
    static const char *const marks[] = {"-", "_", "|", "—", "－", "–", ":", "："};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (at_end ? text_ends(rest, marks[i]) : text_begins(rest, marks[i]))
            return true;
    return false;
}

/* Does `text` say what `other` says, and at most the name of a site or the like with it? */
static bool is_said_again(fenlei_text text, fenlei_text other)
{
    enum { LEAST = 15 }; /* bytes: five letters */
    if (other.size < LEAST || text.size < other.size)
        return false;
    size_t more = text.size - other.size;
    if (memcmp(text.bytes, other.bytes, other.size) == 0) {
        fenlei_text rest = character_trim(text_skip(text, other.size), NULL);
        if (rest.size == 0 || is_parting(rest, false))
            return true;
    }
    return memcmp(text.bytes + more, other.bytes, other.size) == 0 &&
           is_parting(character_trim_end((fenlei_text){text.bytes, more}), true);
}

enum { TITLE_LINES_MOST = 8 };

/* The lines of a piece's title; their number. */
static size_t title_lines(const struct page *page, const struct piece *piece,
                          struct line *of[TITLE_LINES_MOST])
{
    size_t n = 0;
    for (uint32_t i = piece->first_line; i != NOBODY && n < TITLE_LINES_MOST;
         i = page->placed[i].next) {
        if (!role_is_title((enum role)page->lines.of[i].role))
            break;
        of[n++] = &page->lines.of[i];
    }
    return n;
}

static void take_out(struct line *line)
{
    line->role = ROLE_INTERRUPTION;
    line->is_title = 0;
}

/* Takes out of a title what another line of it says, too; of two that are equal the second. */
static void take_out_repetitions(struct line **of, size_t n)
{
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < n; i++) {
            bool is_other = of[i]->text.size < of[k]->text.size || i < k;
            if (i != k && is_other && is_said_again(of[k]->text, of[i]->text))
                take_out(of[k]);
        }
}

/* Does what a line says stand on the page so often, figures aside, that it is no headline's own? */
static bool is_everywhere(const struct page *page, const struct line *line)
{
    enum { OFTEN = 3, REACH = 400 };
    const struct line *lines = page->lines.of;
    size_t at = (size_t)(line - lines), n = 0;
    size_t end = page->lines.n - at < REACH ? page->lines.n : at + REACH;
    for (size_t i = at < REACH ? 0 : at - REACH; i < end && n < OFTEN; i++)
        n += lines[i].key == line->key;
    return n == OFTEN;
}

/* Takes out what is shorter than another line of the title, and stands on the page again and again:
 * the name of a column, or what a machine put onto every sheet. Not who speaks, as 市公安局：,
 * which is part of each of its headlines. */
static void take_out_stamps(const struct page *page, struct line **of, size_t n)
{
    for (size_t k = 0; k < n && n > 1; k++)
        for (size_t i = 0; i < n; i++)
            if (of[k]->letters < of[i]->letters && !of[k]->is_finished &&
                role_is_title((enum role)of[i]->role) && is_everywhere(page, of[k])) {
                take_out(of[k]);
                break;
            }
}

static void mend_titles(struct page *page)
{
    struct line *of[TITLE_LINES_MOST];
    for (size_t i = 0; i < page->n_pieces; i++) {
        if (!page->pieces[i].is_article || page->pieces[i].first_line == NOBODY)
            continue;
        size_t n = title_lines(page, &page->pieces[i], of);
        take_out_repetitions(of, n);
        take_out_stamps(page, of, n);
    }
}

/* The lines of a kind, joined by spaces. */
static void append_lines(struct page *page, const struct piece *piece,
                         bool (*is_of)(const struct line *), size_t *offset, size_t *size)
{
    *offset = page->text.size;
    for (uint32_t i = piece->first_line; i != NOBODY; i = page->placed[i].next) {
        if (!is_of(&page->lines.of[i]))
            continue;
        struct line *line = &page->lines.of[i];
        if (is_of_title(line))
            line->text = remnant_item(line->text);
        if (page->text.size > *offset)
            buffer_append_string(&page->text, " ");
        append_line(page, line);
    }
    *size = page->text.size - *offset;
}

/* The title of what is no article: its first line. */
static void append_first(struct page *page, struct piece *piece)
{
    piece->title = piece->byline = page->text.size;
    append_line(page, &page->lines.of[piece->first_line]);
    piece->title_size = page->text.size - piece->title;
}

static bool has_text(const struct page *page, const struct piece *piece)
{
    for (uint32_t i = piece->first_line; i != NOBODY; i = page->placed[i].next)
        if (role_is_text((enum role)page->lines.of[i].role))
            return true;
    return false;
}

/* Paragraphs and section headings; of a piece without any, what else it has below its title. */
static void append_body(struct page *page, struct piece *piece)
{
    bool is_text = has_text(page, piece);
    const struct line *last = NULL;
    piece->body = page->text.size;
    for (uint32_t i = piece->first_line; i != NOBODY; i = page->placed[i].next) {
        struct line *line = &page->lines.of[i];
        if (is_text ? !role_is_text((enum role)line->role) : line->copied_to != SIZE_MAX)
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
        fenlei_lines range = {page->lines.of[i].number, page->lines.of[i].last_number};
        fenlei_lines *last = piece->n_parts > 0 ? &page->parts[page->n_parts - 1] : NULL;
        if (last != NULL && before + 1 == i && range.first >= last->last) {
            last->last = range.last;
            continue;
        }
        if (!array_reserve(&page->parts, &page->parts_capacity, page->n_parts + 1,
                           sizeof *page->parts))
            return false;
        page->parts[page->n_parts++] = range;
        piece->n_parts++;
    }
    return true;
}

static bool finish_piece(struct page *page, struct piece *piece)
{
    if (piece->is_article) {
        append_lines(page, piece, is_of_title, &piece->title, &piece->title_size);
        append_lines(page, piece, is_of_byline, &piece->byline, &piece->byline_size);
    } else {
        append_first(page, piece);
    }
    append_body(page, piece);
    piece->is_article = piece->is_article && piece->body_size > 0;
    piece->doubt = piece->is_article ? doubt_of(page, piece) : DOUBT_NONE;
    return append_parts(page, piece);
}

static bool finish(struct page *page)
{
    size_t n_articles = 0, n = 0;
    mend_titles(page);
    for (size_t i = 0; i < page->n_pieces; i++) {
        if (page->pieces[i].first_line == NOBODY)
            continue; /* begun, but its line went to an older piece */
        struct piece *piece = &page->pieces[n++];
        *piece = page->pieces[i];
        if (!finish_piece(page, piece))
            return false;
        n_articles += piece->is_article;
    }
    page->n_pieces = n;
    /* A single line given by itself is a short text, not a masthead. */
    if (n_articles == 0 && n == 1 && page->lines.of[0].role != ROLE_SPONSOR)
        page->pieces[0].is_article = true;
    return !page->text.failed;
}

/* ---- without a chain ---- */

/* One article: its first line is the headline where it is shorter than what follows and no
 * sentence. */
static void read_whole(struct lines *lines)
{
    for (size_t i = 0; i < lines->n; i++) {
        struct line *line = &lines->of[i];
        bool is_headline = i == 0 && lines->n > 1 && !line->is_finished &&
                           (line->blank + lines->of[1].blank > 0 || line->heading > 0 ||
                            line->letters < lines->of[1].letters);
        line->role = is_headline ? ROLE_HEADLINE : ROLE_BODY;
        line->begins = i == 0;
        line->is_title = is_headline;
    }
}

bool page_split(struct page *page, fenlei_text text, const struct chain *chain, bool whole)
{
    page->n_pieces = page->n_parts = 0;
    buffer_clear(&page->text);
    if (!lines_read(&page->lines, text, PAGE_LINES_MAX) ||
        !array_reserve(&page->placed, &page->placed_capacity, page->lines.n, sizeof *page->placed))
        return false;
    if (chain->head == NULL)
        read_whole(&page->lines);
    else if (!chain_decode(chain, &page->scratch, &page->lines, whole))
        return false;
    struct splitter splitter = {
        .page = page, .whole = whole || chain->head == NULL, .current = NOBODY};
    for (size_t i = 0; i < page->lines.n && !splitter.failed; i++)
        place_line(&splitter, i);
    return !splitter.failed && finish(page);
}

bool page_origins(const struct page *page, const struct piece *piece, fenlei_text text,
                  size_t begin, size_t size, struct origins *origins)
{
    origins_clear(origins);
    for (uint32_t i = piece->first_line; i != NOBODY; i = page->placed[i].next) {
        const struct line *line = &page->lines.of[i];
        if (line->copied_to < begin || line->copied_to - begin >= size)
            continue;
        if (!line_origins(line, text.bytes, line->copied_to - begin, origins))
            return false;
    }
    return true;
}

size_t page_memory(const struct page *page)
{
    return page->pieces_capacity * sizeof *page->pieces +
           page->parts_capacity * sizeof *page->parts + page->text.capacity +
           lines_memory(&page->lines) + page->placed_capacity * sizeof *page->placed +
           chain_memory(&page->scratch);
}

void page_release(struct page *page)
{
    free(page->pieces);
    free(page->parts);
    free(page->placed);
    lines_release(&page->lines);
    chain_release(&page->scratch);
    buffer_release(&page->text);
    *page = (struct page){0};
}
