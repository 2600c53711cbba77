/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/line.h"

#include "base/entity.h"
#include "base/utf8.h"
#include "label/columns.h"
#include "label/fold.h"
#include "label/remnant.h"

#include <stdlib.h>
#include <string.h>

enum { ZERO_WIDTH_SPACE = 0x200B };

/* ---- characters ---- */

/* The character at text.bytes[*at], an entity being one; moves *at behind it. */
static int32_t next_character(fenlei_text text, size_t *at)
{
    size_t size;
    if (text.bytes[*at] == '&') {
        int32_t character = entity_of((fenlei_text){text.bytes + *at, text.size - *at}, &size);
        if (character == '&') { /* what was escaped twice: &amp;nbsp; */
            char inner[12] = "&";
            size_t rest = *at + size, more = text.size - rest;
            more = more < sizeof inner - 1 ? more : sizeof inner - 1;
            memcpy(inner + 1, text.bytes + rest, more);
            size_t inner_size;
            int32_t meant = entity_of((fenlei_text){inner, more + 1}, &inner_size);
            character = meant >= 0 ? meant : character;
            size += meant >= 0 ? inner_size - 1 : 0;
        }
        if (character >= 0) {
            *at += size;
            return character;
        }
    }
    return utf8_next(text.bytes, at);
}

/* Of what cannot be seen, what only a program put into a word; the others mean something to some
 * script, though not between Han characters. */
static bool is_dropped(int32_t c, bool after_han)
{
    return c == 0 || c == 0xAD || c == ZERO_WIDTH_SPACE || c == 0x2060 || c == 0xFEFF ||
           (after_han && columns_is_invisible(c));
}

static bool is_han(int32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (fold_class(c) & FOLD_CJK) != 0;
}

static bool is_space(int32_t c)
{
    return (fold_class(c) & FOLD_SPACE) != 0 || columns_is_invisible(c);
}

/* What a character is compared as. */
static uint32_t comparable(int32_t c)
{
    if (c >= 0x4E00 && c <= 0x9FFF)
        return fold_character(c); /* most letters of most pages */
    if ((fold_class(c) & FOLD_SPACE) != 0)
        return ' ';
    if (columns_is_invisible(c))
        return 0;
    uint32_t folded = fold_character(c);
    return folded >= '0' && folded <= '9' ? '0' : folded;
}

static uint16_t kept(uint32_t letter)
{
    return (uint16_t)(letter < UINT16_MAX ? letter : UINT16_MAX);
}

static void increase(uint16_t *count)
{
    *count = (uint16_t)(*count + (*count < UINT16_MAX));
}

/* ---- what surrounds a line's text ---- */

static fenlei_text skip(fenlei_text text, size_t size)
{
    return (fenlei_text){text.bytes + size, text.size - size};
}

static bool ends(fenlei_text text, const char *suffix)
{
    size_t size = strlen(suffix);
    return text.size >= size && memcmp(text.bytes + text.size - size, suffix, size) == 0;
}

static bool begins(fenlei_text text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size >= size && memcmp(text.bytes, prefix, size) == 0;
}

static size_t last_size(fenlei_text text)
{
    size_t size = 1;
    while (size < text.size && ((uint8_t)text.bytes[text.size - size] & 0xC0) == 0x80)
        size++;
    return size;
}

/* The size of the white space that a text ends with, written as an entity; 0 for none. */
static size_t last_entity(fenlei_text text)
{
    const char *at = ends(text, ";") ? memrchr(text.bytes, '&', text.size) : NULL;
    size_t size;
    if (at == NULL)
        return 0;
    fenlei_text entity = {at, (size_t)(text.bytes + text.size - at)};
    int32_t character = entity_of(entity, &size);
    return character >= 0 && size == entity.size && is_space(character) ? size : 0;
}

static fenlei_text trim_end(fenlei_text text)
{
    while (text.size > 0) {
        size_t size = last_entity(text), at = 0;
        if (size == 0) {
            size = last_size(text);
            if (!is_space(utf8_next(text.bytes + text.size - size, &at)))
                break;
        }
        text.size -= size;
    }
    return text;
}

/* Without white space at the ends; *indent, where not NULL, becomes the columns it took. */
static fenlei_text trim(fenlei_text text, uint16_t *indent)
{
    unsigned columns = 0;
    size_t at = 0, next = 0;
    int32_t c;
    while (at < text.size && is_space(c = next_character(text, &next))) {
        columns += c == '\t' ? 4 : columns_of(c);
        at = next;
    }
    if (indent != NULL)
        *indent = (uint16_t)(columns < UINT16_MAX ? columns : UINT16_MAX);
    return trim_end(skip(text, at));
}

/* Without what closes a heading at its end: ## like this ## or # this {#name .class} */
static fenlei_text trim_closing(fenlei_text text)
{
    const char *name = ends(text, "}") ? memrchr(text.bytes, '{', text.size) : NULL;
    if (name != NULL && name > text.bytes && name[-1] == ' ' && (name[1] == '#' || name[1] == '.'))
        text = trim_end((fenlei_text){text.bytes, (size_t)(name - text.bytes)});
    size_t size = text.size;
    while (size > 0 && text.bytes[size - 1] == '#')
        size--;
    if (size < text.size && size > 0 && text.bytes[size - 1] == ' ')
        text.size = size;
    return trim_end(text);
}

/* Takes off the # of a heading, and what stands around all of a line. */
static fenlei_text unmark(fenlei_text text, struct line *line)
{
    static const char full_width[] = "＃";
    struct unwrapped opened = remnant_opening(text);
    text = opened.text;
    while (line->heading < 9 && (begins(text, "#") || begins(text, full_width))) {
        text = skip(text, text.bytes[0] == '#' ? 1 : strlen(full_width));
        line->heading++;
    }
    if (line->heading > 0)
        text = trim_closing(trim(text, NULL));
    struct unwrapped unwrapped = remnant_unwrap(text);
    line->is_bold = unwrapped.is_bold;
    if (line->heading == 0)
        line->heading = (uint8_t)(unwrapped.heading > 0 ? unwrapped.heading : opened.heading);
    return trim(unwrapped.text, NULL);
}

/* ---- letters side by side ---- */

/* Makes room for the pairs of a text, none of them seen. */
static bool clear_pairs(struct lines *lines, fenlei_text text)
{
    enum { BITS_LEAST = 1 << 12, BITS_MOST = 1 << 20, BITS_A_BYTE = 4 };
    size_t bits = BITS_LEAST;
    lines->pair_mask = 0;
    if (text.size > BITS_MOST / BITS_A_BYTE)
        return true;
    while (bits < text.size * BITS_A_BYTE)
        bits *= 2;
    if (!array_reserve(&lines->pairs, &lines->pairs_capacity, bits / 64, sizeof *lines->pairs))
        return false;
    memset(lines->pairs, 0, bits / 8);
    lines->pair_mask = (uint32_t)bits - 1;
    return true;
}

static uint32_t pair_place(const struct lines *lines, uint16_t first, uint16_t second)
{
    uint32_t hash = ((uint32_t)first << 16 | second) * UINT32_C(0x9E3779B1);
    return (hash ^ hash >> 15) & lines->pair_mask;
}

static void add_pair(struct lines *lines, uint16_t first, uint16_t second)
{
    uint32_t place = pair_place(lines, first, second);
    if (lines->pair_mask > 0)
        lines->pairs[place / 64] |= UINT64_C(1) << place % 64;
}

bool lines_have_pair(const struct lines *lines, uint16_t first, uint16_t second)
{
    uint32_t place = pair_place(lines, first, second);
    return lines->pair_mask > 0 && (lines->pairs[place / 64] >> place % 64 & 1) != 0;
}

/* ---- what is to be seen of it ---- */

/* Single letters with a blank between every two: 本 报 讯. Where no more than one in five lacks its
 * blank they are set apart, too. */
static bool is_spaced(fenlei_text text)
{
    size_t gaps = 0, closed = 0, letters = 0;
    bool after_letter = false, after_space = false;
    for (size_t at = 0; at < text.size;) {
        int32_t c = next_character(text, &at);
        bool space = is_space(c);
        bool letter = (fold_class(c) & FOLD_CJK) != 0;
        letters += letter;
        gaps += letter && after_space;
        closed += letter && after_letter;
        after_space = space && (after_letter || after_space);
        after_letter = letter;
    }
    return letters >= 3 && gaps >= 2 && closed * 4 <= gaps;
}

static bool is_closing(uint32_t c)
{
    return c == '"' || c == '\'' || c == ')' || c == ']' || c == '*' || c == 0x201D ||
           c == 0x2019 || c == 0x300D || c == 0x300F || c == 0x3011 || c == 0x300B || c == 0x3009;
}

/* 1 for a quotation mark or bracket that opens, -1 for one that closes. */
static int depth_of(uint32_t c)
{
    if (c == '(' || c == '[' || c == 0x201C || c == 0x2018)
        return 1;
    if (c == ')' || c == ']' || c == 0x201D || c == 0x2019)
        return -1;
    return c < 0x3008 || c > 0x3015 || c == 0x3012 || c == 0x3013 ? 0 : c % 2 == 0 ? 1 : -1;
}

static bool is_stop(uint32_t c)
{
    return c == 0x3002 || c == 0xFF61 || c == '!' || c == '?' || c == ';' || c == ':' ||
           c == 0x2026 || c == '.';
}

/* A letter of an alphabet: neither a Han character nor a figure, which is compared as 0. */
static bool is_of_alphabet(uint32_t letter)
{
    uint32_t class = fold_class((int32_t)letter);
    return letter != '0' && (class & FOLD_LETTER) != 0 && (class & FOLD_CJK) == 0;
}

/* What is gathered while a line's characters pass. */
struct glance {
    struct lines *lines;
    struct line *line;
    uint16_t recent[LINE_TAIL]; /* the last characters, in a ring */
    size_t n;                   /* characters so far */
    uint32_t last;              /* the last that is not a closing quote or bracket */
    uint32_t hash;
    uint32_t opening;  /* the bracket it began with */
    unsigned brackets; /* such brackets */
    uint32_t end;      /* the last character */
    uint16_t periods;  /* the full stops of an alphabet */
};

static void see(struct glance *glance, uint32_t c)
{
    struct line *line = glance->line;
    uint32_t class = fold_class((int32_t)c);
    bool after_letter = glance->n > 0 && is_of_alphabet(glance->end);
    if (line->n_head < LINE_HEAD)
        line->head[line->n_head++] = kept(c);
    glance->recent[glance->n++ % LINE_TAIL] = kept(c);
    glance->hash = (glance->hash ^ c) * UINT32_C(0x9E3779B1);
    glance->hash ^= glance->hash >> 15;
    glance->opening = glance->n == 1 ? c : glance->opening;
    glance->brackets += c == glance->opening;
    if (glance->n > 1)
        add_pair(glance->lines, kept(glance->end), kept(c));
    glance->end = c;
    line->open = (int8_t)(line->open + (abs(line->open) < INT8_MAX ? depth_of(c) : 0));
    if (!is_closing(c))
        glance->last = c;
    increase(&line->letters);
    if ((class & FOLD_CJK) != 0)
        increase(&line->han);
    else if (c == '0')
        increase(&line->digits);
    else if ((class & FOLD_LETTER) != 0)
        increase(&line->latin);
    else if (c == ',' || c == 0x3001)
        increase(&line->commas);
    else if (c == 0x3002)
        increase(&line->stops);
    else if (c == '.' && after_letter)
        glance->periods++;
}

static uint32_t closing_of(uint32_t opening)
{
    return opening == '('      ? ')'
           : opening == '['    ? ']'
           : opening == 0x3010 ? 0x3011
           : opening == 0x3014 ? 0x3015
                               : 0;
}

static void conclude(struct glance *glance)
{
    struct line *line = glance->line;
    line->n_tail = (uint8_t)(glance->n < LINE_TAIL ? glance->n : LINE_TAIL);
    for (size_t i = 0; i < line->n_tail; i++)
        line->tail[i] = glance->recent[(glance->n - line->n_tail + i) % LINE_TAIL];
    line->key = glance->hash;
    line->is_finished = is_stop(glance->last);
    if (line->latin > line->han)
        line->stops = glance->periods;
    line->is_bracketed =
        glance->brackets == 1 && glance->end != 0 && glance->end == closing_of(glance->opening);
}

/* Whether a line begins with a capital letter (1) or a small one (-1). */
static int8_t size_of_first(int32_t c, uint32_t letter)
{
    if (!is_of_alphabet(letter))
        return 0;
    return letter == (uint32_t)c ? -1 : 1;
}

static void look(struct lines *lines, struct line *line)
{
    struct glance glance = {.lines = lines, .line = line};
    size_t columns = 0;
    bool is_exact = true, after_han = false;
    line->is_spaced = is_spaced(line->text);
    for (size_t at = 0, next = 0; at < line->text.size; at = next) {
        int32_t c = next_character(line->text, &next);
        columns += columns_of(c);
        is_exact = is_exact && !is_dropped(c, after_han) &&
                   (line->text.bytes[at] != '&' || next == at + 1);
        after_han = is_han(c) || (after_han && columns_is_invisible(c));
        uint32_t letter = comparable(c);
        if (letter == ' ') {
            increase(&line->spaces);
            if (line->first_space == 0 && line->n_head < LINE_HEAD)
                line->first_space = line->n_head;
        } else if (letter != 0) {
            if (glance.n == 0)
                line->size_of_first = size_of_first(c, letter);
            see(&glance, letter);
        }
    }
    line->columns = (uint16_t)(columns < UINT16_MAX ? columns : UINT16_MAX);
    line->is_exact = is_exact && !line->is_spaced;
    if (line->is_spaced)
        line->spaces = line->first_space = 0;
    conclude(&glance);
}

/* A line of dashes, stars or box drawing; a picture of a converter, a rule of a table. Not the full
 * stop that a broken line left over. */
static bool is_rule(const struct line *line)
{
    if (line->han + line->latin + line->digits == 0)
        return line->letters > 2 ||
               !(is_stop(line->head[0]) || is_closing(line->head[0]) || line->head[0] == ',');
    return remnant_of(line->text) == REMNANT_PICTURE;
}

/* ---- all lines ---- */

/* Where the line that begins at `at` ends; *next becomes where the next one begins. A line end that
 * nothing shows, such as a form feed before text, is white space of the line. */
static size_t line_end(fenlei_text text, size_t at, size_t *next)
{
    size_t begin = at;
    for (; at < text.size; at++) {
        const uint8_t *s = (const uint8_t *)text.bytes + at;
        if (s[0] >= ' ' && s[0] != 0xC2 && s[0] != 0xE2)
            continue; /* most bytes */
        size_t left = text.size - at;
        size_t size = 0;
        if (s[0] == '\n' || s[0] == '\r')
            size = s[0] == '\r' && left > 1 && s[1] == '\n' ? 2 : 1;
        else if (s[0] == '\v' || s[0] == '\f' || (s[0] >= 0x1C && s[0] <= 0x1E))
            size = at > begin && left > 1 && s[1] != '\n' && s[1] != '\r' ? 1 : 0;
        else if (s[0] == 0xC2 && left > 1 && s[1] == 0x85)
            size = 2;
        else if (s[0] == 0xE2 && left > 2 && s[1] == 0x80 && (s[2] == 0xA8 || s[2] == 0xA9))
            size = 3;
        if (size > 0) {
            *next = at + size;
            return at;
        }
    }
    *next = text.size;
    return text.size;
}

static struct line line_of(struct lines *lines, fenlei_text text)
{
    struct line line = {.copied_to = SIZE_MAX};
    line.text = unmark(trim(text, &line.indent), &line);
    if (line.text.size > 0)
        look(lines, &line);
    return line;
}

/* Is there nothing but spaces of a single byte? */
static bool is_blank(fenlei_text row)
{
    size_t i = 0;
    while (i < row.size && (row.bytes[i] == ' ' || row.bytes[i] == '\t'))
        i++;
    return i == row.size;
}

/* The size of the number that a row begins with, where it is the one expected, and of what parts it
 * from the row's text, as 12<tab> or 12:; 0 where it is not. */
static size_t number_size(fenlei_text row, size_t expected)
{
    size_t at = 0, value = 0;
    while (at < row.size && row.bytes[at] == ' ')
        at++;
    size_t digits = at;
    for (; at < row.size && row.bytes[at] >= '0' && row.bytes[at] <= '9' && value <= expected; at++)
        value = value * 10 + (size_t)(row.bytes[at] - '0');
    if (at == digits || value != expected)
        return 0;
    if (at < row.size && strchr("\t :.|", row.bytes[at]) == NULL)
        return 0;
    return at < row.size ? at + 1 : at;
}

/* Rows that are numbered from 1, the blank ones among them, or by tabs, have their numbers from a
 * program that shows files. They are taken off. */
static void strip_numbers(struct rows *rows)
{
    enum { ROWS_LEAST = 4 };
    size_t n = 0, n_numbered_blanks = 0, n_blanks = 0, n_tabs = 0, size;
    for (size_t i = 0; i < rows->n; i++) {
        fenlei_text row = rows->of[i].text;
        if (is_blank(row)) {
            n_blanks++;
            continue;
        }
        size = number_size(row, n + 1);
        if (size == 0)
            return;
        n++;
        n_tabs += row.bytes[size - 1] == '\t';
        n_numbered_blanks += is_blank(skip(row, size));
    }
    bool are_lines = n_numbered_blanks > 0 || (n_blanks > 1 && n_tabs == n);
    if (!are_lines || n < ROWS_LEAST)
        return;
    n = 0;
    for (size_t i = 0; i < rows->n; i++)
        if (!is_blank(rows->of[i].text))
            rows->of[i].text = skip(rows->of[i].text, number_size(rows->of[i].text, ++n));
}

/* Is that the first thing that stands from row i on? */
static bool is_repeated(const struct rows *rows, size_t i, fenlei_text title)
{
    while (i < rows->n && is_blank(rows->of[i].text))
        i++;
    return i < rows->n && text_equal(trim(rows->of[i].text, NULL), title);
}

/* Where a crawler's records have fields, the names of those for headline and text are no part of
 * them. Fields above a text that begins with its headline itself stay. */
static void strip_fields(struct rows *rows)
{
    bool has_title = false, has_more = false;
    fenlei_text title = {"", 0};
    size_t size;
    for (size_t i = 0; i < rows->n; i++) {
        if (!remnant_may_be_field(rows->of[i].text))
            continue;
        fenlei_text row = trim(rows->of[i].text, NULL);
        enum remnant_field field = remnant_field(row, &size);
        has_title = has_title || field == FIELD_TITLE;
        has_more = has_more || field == FIELD_TEXT || field == FIELD_OTHER;
        if (field == FIELD_TITLE)
            title = skip(row, size);
        if (field == FIELD_TEXT && row.size == size && is_repeated(rows, i + 1, trim(title, NULL)))
            return;
    }
    for (size_t i = 0; has_title && has_more && i < rows->n; i++) {
        fenlei_text row = trim(rows->of[i].text, NULL);
        enum remnant_field field = remnant_field(row, &size);
        if (field == FIELD_TITLE || field == FIELD_TEXT)
            rows->of[i].text = skip(row, size);
    }
}

/* The rows of a text, in reading order: as they stand, but for columns side by side. */
static bool read_rows(struct lines *lines, fenlei_text text, size_t most)
{
    struct rows *rows = &lines->rows;
    enum { BLANKS_LEAST = 4 }; /* rows in a row, where columns have no more than one between */
    bool have_blanks = false;
    size_t n_gaps = 0, n_blanks = 0, n_filled = 0;
    rows->n = 0;
    for (size_t at = 0, next = 0; at < text.size; at = next) {
        size_t end = line_end(text, at, &next);
        fenlei_text row = {text.bytes + at, end - at};
        if (!array_reserve(&rows->of, &rows->capacity, rows->n + 1, sizeof *rows->of))
            return false;
        n_filled += !is_blank(row);
        lines->too_long = n_filled > 2 * most; /* few of these are rules, or joined */
        if (lines->too_long)
            return false;
        rows->of[rows->n] = (struct row){row, (uint32_t)rows->n + 1};
        rows->n++;
    }
    strip_numbers(rows);
    strip_fields(rows);
    for (size_t i = 0; i < rows->n; i++) {
        n_gaps += columns_has_gap(rows->of[i].text);
        n_blanks = columns_has_blank(rows->of[i].text) ? n_blanks + 1 : 0;
        have_blanks = have_blanks || n_blanks == BLANKS_LEAST;
    }
    return (n_gaps < 2 && !have_blanks) || columns_separate(rows, &lines->is_uncertain);
}

/* What a row is in a headline that is set downwards. */
enum downwards { DOWN_NOT, DOWN_BLANK, DOWN_LETTER, DOWN_MARK };

static enum downwards downwards_of(fenlei_text row)
{
    static const char marks[] = "“”‘’《》〈〉「」『』﹁﹂﹃﹄、，。：；！？·…—,.:!?0123456789";
    fenlei_text text = trim(row, NULL);
    size_t at = 0;
    if (text.size == 0)
        return DOWN_BLANK;
    int32_t c = utf8_next(text.bytes, &at);
    if (at != text.size)
        return DOWN_NOT;
    if (is_han(c))
        return DOWN_LETTER;
    return memmem(marks, sizeof marks - 1, text.bytes, at) != NULL ? DOWN_MARK : DOWN_NOT;
}

/* A letter, a figure, or a quotation mark or bracket that opens. */
static bool begins_downwards(fenlei_text row)
{
    static const char *const opening[] = {"“", "‘", "《", "〈", "「", "『", "﹁", "﹃"};
    enum downwards is = downwards_of(row);
    fenlei_text text = trim(row, NULL);
    if (is == DOWN_MARK && text.bytes[0] >= '0' && text.bytes[0] <= '9')
        return true;
    for (size_t i = 0; is == DOWN_MARK && i < sizeof opening / sizeof *opening; i++)
        if (begins(text, opening[i]))
            return true;
    return is == DOWN_LETTER;
}

/* How many rows from row i on are one line: those of single letters, one below the other, all of
 * them with as many blank rows between, none or one. */
static size_t rows_of_line(const struct rows *rows, size_t i)
{
    enum { LETTERS_LEAST = 3, MARKS_MOST = 4 };
    size_t n = 0, n_letters = 0, n_marks = 0, gap = 0;
    size_t last = 0;
    if (!begins_downwards(rows->of[i].text))
        return 1;
    if (i + 1 < rows->n && downwards_of(rows->of[i + 1].text) == DOWN_BLANK)
        gap = 1;
    for (; i + n < rows->n; n += gap + 1) {
        enum downwards is = downwards_of(rows->of[i + n].text);
        n_marks = is == DOWN_MARK ? n_marks + 1 : 0;
        if ((is != DOWN_LETTER && is != DOWN_MARK) || n_marks > MARKS_MOST)
            break;
        n_letters += is == DOWN_LETTER;
        last = n;
        bool is_blank_next =
            i + n + 1 < rows->n && downwards_of(rows->of[i + n + 1].text) == DOWN_BLANK;
        if (gap == 1 && !is_blank_next)
            break;
    }
    return n_letters >= LETTERS_LEAST ? last + 1 : 1;
}

/* Lines are joined where they stand: what is between them in the text is between them only. */
static fenlei_text span(const struct row *first, const struct row *last)
{
    const char *end = last->text.bytes + last->text.size;
    return (fenlei_text){first->text.bytes, (size_t)(end - first->text.bytes)};
}

/* Is the line left off within a sentence of text? */
static bool is_left_off(const struct line *line)
{
    enum { TEXT_LEAST = 12 };
    return !line->is_finished && !line->is_bracketed && line->letters >= TEXT_LEAST &&
           line->commas + line->stops > 0;
}

static bool is_numeral(uint16_t letter)
{
    static const uint16_t numerals[] = {'0',    0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                        0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341};
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++)
        if (letter == numerals[i])
            return true;
    return false;
}

/* The number of a page, as it stands between two pages: - 2 -, 2/8, [第2版], 第 3 页 共 8 页, also
 * with a name of the paper or the page beside it, 02版·要闻; or its address. A numeral alone is
 * that of a section, a date alone means something to an article. */
static bool is_folio(const struct line *line)
{
    enum { NAMED_MOST = 14, VERSION = 0x7248, PAGE = 0x9875, YEAR = 0x5E74, MONTH = 0x6708 };
    static const char around[] = "〇零一二三四五六七八九十第共总年月日期版页-—–·./|[]()";
    bool has_number = false, has_page = false, has_date = false, is_named = false, is_bare = true;
    if (line->han == 0 && (begins(line->text, "http://") || begins(line->text, "https://")))
        return true;
    if (line->letters > LINE_HEAD || line->commas + line->stops > 0)
        return false;
    for (size_t i = 0; i < line->n_head; i++) {
        uint16_t letter = line->head[i];
        char bytes[4];
        size_t size = utf8_write(bytes, letter);
        is_bare =
            is_bare && (letter == '0' || memmem(around, sizeof around - 1, bytes, size) != NULL);
        has_number = has_number || letter == '0';
        has_page = has_page || letter == VERSION || letter == PAGE;
        has_date = has_date || letter == YEAR || letter == MONTH;
        is_named = is_named || (i > 0 && letter == VERSION && is_numeral(line->head[i - 1]));
    }
    if (is_bare)
        return has_page || (has_number && !has_date);
    return (is_named && line->letters <= NAMED_MOST) ||
           (line->han == 0 && begins(line->text, "Page ") && line->digits > 0);
}

/* No headline set downwards has more letters; a page with one letter a line may have many articles
 * in it. */
enum { DOWNWARDS_MOST = 60 };

bool lines_read(struct lines *lines, fenlei_text text, size_t most)
{
    uint16_t blank = 0;
    uint8_t heading = 0;
    bool after_rule = false;
    lines->n = 0;
    lines->too_long = lines->is_uncertain = false;
    if (!read_rows(lines, text, most) || !clear_pairs(lines, text))
        return false;
    for (size_t i = 0, n; i < lines->rows.n; i += n) {
        const struct row *row = &lines->rows.of[i];
        n = rows_of_line(&lines->rows, i);
        lines->is_uncertain = lines->is_uncertain || n > DOWNWARDS_MOST;
        struct line line = line_of(lines, n > 1 ? span(row, row + n - 1) : row->text);
        bool is_tags = remnant_of(line.text) == REMNANT_TAGS ||
                       (lines->n > 0 && is_left_off(&lines->of[lines->n - 1]) && is_folio(&line));
        if (line.text.size == 0 || is_tags || is_rule(&line)) {
            increase(&blank);
            after_rule = after_rule || (line.text.size > 0 && !is_tags);
            continue;
        }
        line.number = row->number;
        line.last_number = row[n - 1].number;
        line.blank = blank;
        line.after_rule = after_rule;
        line.heading_above = heading;
        heading = line.heading > 0 ? line.heading : heading;
        blank = 0;
        after_rule = false;
        lines->too_long = lines->n == most;
        if (lines->too_long ||
            !array_reserve(&lines->of, &lines->capacity, lines->n + 1, sizeof line))
            return false;
        lines->of[lines->n++] = line;
    }
    return true;
}

size_t lines_memory(const struct lines *lines)
{
    return lines->capacity * sizeof *lines->of + lines->rows.capacity * sizeof *lines->rows.of +
           lines->pairs_capacity * sizeof *lines->pairs;
}

void lines_release(struct lines *lines)
{
    free(lines->of);
    free(lines->rows.of);
    free(lines->pairs);
    *lines = (struct lines){0};
}

/* ---- its letters ---- */

size_t line_first_letters(const struct line *line, uint16_t *letters, size_t most)
{
    size_t n = 0;
    for (size_t at = 0; at < line->text.size && n < most;) {
        uint32_t letter = comparable(next_character(line->text, &at));
        if (letter != 0 && letter != ' ')
            letters[n++] = kept(letter);
    }
    return n;
}

size_t line_last_letters(const struct line *line, uint16_t *letters, size_t most)
{
    size_t n = 0;
    for (size_t end = line->text.size; end > 0 && n < most;) {
        size_t at = end - last_size((fenlei_text){line->text.bytes, end});
        end = at;
        uint32_t letter = comparable(utf8_next(line->text.bytes, &at));
        if (letter != 0 && letter != ' ')
            letters[n++] = kept(letter);
    }
    for (size_t i = 0; i < n / 2; i++) {
        uint16_t letter = letters[i];
        letters[i] = letters[n - 1 - i];
        letters[n - 1 - i] = letter;
    }
    return n;
}

/* ---- its text ---- */

/* The next character that a reader sees: it stands at *at, and *next becomes where what follows
 * begins. False at the end of the line. */
static bool next_seen(const struct line *line, size_t *at, size_t *next, int32_t *character)
{
    bool after_han = *next > 0 && is_han(*character);
    for (*at = *next; *at < line->text.size; *at = *next) {
        *character = next_character(line->text, next);
        bool is_gap = line->is_spaced && (fold_class(*character) & FOLD_SPACE) != 0;
        if (!is_dropped(*character, after_han) && !is_gap)
            return true;
    }
    return false;
}

bool line_append(const struct line *line, struct buffer *buffer)
{
    int32_t character = 0;
    if (line->is_exact) {
        buffer_append_text(buffer, line->text);
        return !buffer->failed;
    }
    for (size_t at, next = 0; next_seen(line, &at, &next, &character);) {
        char bytes[4];
        buffer_append(buffer, bytes, utf8_write(bytes, (uint32_t)character));
    }
    return !buffer->failed;
}

bool line_origins(const struct line *line, const char *beginning, size_t at,
                  struct origins *origins)
{
    size_t begin = (size_t)(line->text.bytes - beginning);
    int32_t character = 0;
    if (line->is_exact)
        return origins_add(
            origins,
            (struct stretch){
                .at = at, .from = begin, .count = line->text.size, .size = 1, .from_size = 1});
    for (size_t from, next = 0; next_seen(line, &from, &next, &character);) {
        char bytes[4];
        size_t size = utf8_write(bytes, (uint32_t)character);
        struct stretch stretch = {
            .at = at, .from = begin + from, .count = 1, .size = size, .from_size = next - from};
        if (!origins_add(origins, stretch))
            return false;
        at += size;
    }
    return true;
}
