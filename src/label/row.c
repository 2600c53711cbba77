/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/row.h"

#include "label/character.h"
#include "label/remnant.h"

#include <string.h>

/* Where the row that begins at `at` ends; *next becomes where the next one begins. A line end that
 * nothing shows, such as a form feed before text, is white space of the row. */
static size_t row_end(fenlei_text text, size_t at, size_t *next)
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

/* Is there nothing but spaces of a single byte? */
static bool is_blank(fenlei_text row)
{
    size_t i = 0;
    while (i < row.size && (row.bytes[i] == ' ' || row.bytes[i] == '\t'))
        i++;
    return i == row.size;
}

/* ---- numbers of a program ---- */

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
        n_numbered_blanks += is_blank(text_skip(row, size));
    }
    bool are_lines = n_numbered_blanks > 0 || (n_blanks > 1 && n_tabs == n);
    if (!are_lines || n < ROWS_LEAST)
        return;
    n = 0;
    for (size_t i = 0; i < rows->n; i++)
        if (!is_blank(rows->of[i].text))
            rows->of[i].text = text_skip(rows->of[i].text, number_size(rows->of[i].text, ++n));
}

/* ---- how sure a program was ---- */

/* The size of a row without the number from 0 to 1 at its end, behind a blank, by which a program
 * that reads pictures says how sure it was: 县委 0.98. All of it where there is none. */
static size_t size_before_score(fenlei_text row)
{
    size_t end = character_trim_end(row).size, at = end, digits = 0;
    while (at > 0 && row.bytes[at - 1] >= '0' && row.bytes[at - 1] <= '9') {
        at--;
        digits++;
    }
    if (digits == 0 || at < 3 || row.bytes[at - 1] != '.' ||
        (row.bytes[at - 2] != '0' && row.bytes[at - 2] != '1') || !strchr(" \t", row.bytes[at - 3]))
        return row.size;
    return at - 3;
}

/* Where every row ends with such a number, it is no text. */
static void strip_scores(struct rows *rows)
{
    enum { ROWS_LEAST = 4 };
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        fenlei_text row = rows->of[i].text;
        if (is_blank(row))
            continue;
        if (size_before_score(row) == row.size)
            return;
        n++;
    }
    for (size_t i = 0; n >= ROWS_LEAST && i < rows->n; i++)
        if (!is_blank(rows->of[i].text))
            rows->of[i].text.size = size_before_score(rows->of[i].text);
}

/* ---- names of fields ---- */

/* Is that the first thing that stands from row i on? */
static bool is_repeated(const struct rows *rows, size_t i, fenlei_text title)
{
    while (i < rows->n && is_blank(rows->of[i].text))
        i++;
    return i < rows->n && text_equal(character_trim(rows->of[i].text, NULL), title);
}

/* The value of a field, without quotation marks around all of it, as YAML has them. */
static fenlei_text value_of(fenlei_text row, size_t size)
{
    fenlei_text value = character_trim(text_skip(row, size), NULL);
    if (value.size > 2 && strchr("\"'", value.bytes[0]) != NULL &&
        memchr(value.bytes + 1, value.bytes[0], value.size - 1) == value.bytes + value.size - 1)
        value = (fenlei_text){value.bytes + 1, value.size - 2};
    return value;
}

/* Where a crawler's records have fields, or more than one has its headline called so, the names of
 * those for headline and text are no part of them. Fields above a text that begins with its
 * headline itself stay. */
static void strip_fields(struct rows *rows)
{
    bool has_title = false, has_more = false;
    fenlei_text title = {"", 0};
    size_t size;
    for (size_t i = 0; i < rows->n; i++) {
        if (!remnant_may_be_field(rows->of[i].text))
            continue;
        fenlei_text row = character_trim(rows->of[i].text, NULL);
        enum remnant_field field = remnant_field(row, &size);
        has_more = has_more || field == FIELD_TEXT || field >= FIELD_NOTE ||
                   (has_title && field == FIELD_TITLE);
        has_title = has_title || field == FIELD_TITLE;
        if (field == FIELD_TITLE)
            title = text_skip(row, size);
        if (field == FIELD_TEXT && row.size == size &&
            is_repeated(rows, i + 1, character_trim(title, NULL)))
            return;
    }
    for (size_t i = 0; has_title && has_more && i < rows->n; i++) {
        fenlei_text row = character_trim(rows->of[i].text, NULL);
        enum remnant_field field = remnant_field(row, &size);
        if (field == FIELD_TITLE || field == FIELD_TEXT)
            rows->of[i].text = value_of(row, size);
    }
}

/* ---- headlines beside their text ---- */

/* Does a headline that ends with that letter end so, or is it where a dateline ends: 据新华社电? */
static bool ends_dateline(int32_t c)
{
    return c == 0x7535 /* 电 */ || c == 0x96FB /* 電 */ || c == 0x8BAF /* 讯 */ ||
           c == 0x8A0A /* 訊 */ || c == 0x9053 /* 道 */;
}

/* Is that never part of a headline that stands beside its text? Among others of the kind a comma,
 * colon or exclamation mark may be. */
static bool is_of_no_headline(int32_t c, bool among_others)
{
    switch (c) {
    case 0x3002: /* 。 */
    case 0xFF1B: /* ； */
    case ';':
    case '(':
    case ')':
    case '[':
    case ']':
    case '|':
    case 0xFF08: /* （ */
    case 0xFF09:
    case 0x3010: /* 【 */
    case 0x3011:
    case 0x3014: /* 〔 */
    case 0x3015:
    case 0x25CF: /* ● */
    case 0x25A0: /* ■ */
    case 0x25B2: /* ▲ */
    case 0x25C6: /* ◆ */
        return true;
    case 0xFF0C: /* ， */
    case 0xFF1A: /* ： */
    case 0xFF01: /* ！ */
    case ',':
    case ':':
    case '!':
        return !among_others;
    default:
        return false;
    }
}

/* Where the text begins of a row that has its headline before it, on the same row, and a wide gap
 * between the two; 0 for any other row. Among others of the kind the text may be shorter, and the
 * headline have a comma. */
static size_t text_beside_headline(fenlei_text row, bool among_others)
{
    enum { HEADLINE_LEAST = 5, HEADLINE_MOST = 36, TEXT_LEAST = 150 /* bytes */, TEXT_SHORT = 60 };
    size_t gap = 0, n = 0, at = 0, next = 0;
    int32_t c = 0, last = 0;
    if (row.size < TEXT_SHORT || text_begins(character_trim(row, NULL), "第"))
        return 0; /* 第二十一条　... */
    for (; at < row.size && n <= HEADLINE_MOST; at = next) {
        c = utf8_next(row.bytes, &next);
        if (character_is_space(c)) {
            gap += n == 0 ? 0 : c == '\t' ? 4 : character_columns(c);
            continue;
        }
        if (gap > 1)
            break;
        if (is_of_no_headline(c, among_others))
            return 0;
        gap = 0;
        n++;
        last = c;
    }
    fenlei_text text = character_trim_end(text_skip(row, at));
    bool is_sentence = text_ends(text, "。") || text_ends(text, "）") || text_ends(text, "”");
    bool is_headline = n >= HEADLINE_LEAST && n <= HEADLINE_MOST && !ends_dateline(last);
    return gap > 1 && is_headline && is_sentence &&
                   text.size >= (among_others ? TEXT_SHORT : TEXT_LEAST) &&
                   memmem(text.bytes, text.size, "。", strlen("。")) != NULL
               ? at
               : 0;
}

/* Where more rows than one are such, they are two rows each. */
static bool part_headlines(struct rows *rows)
{
    size_t n = 0, size = rows->n;
    for (size_t i = 0; i < size; i++)
        n += text_beside_headline(rows->of[i].text, false) > 0;
    if (n < 2)
        return true;
    n = 0;
    for (size_t i = 0; i < size; i++)
        n += text_beside_headline(rows->of[i].text, true) > 0;
    for (size_t i = 0; i < n; i++)
        if (!rows_append(rows, (struct row){0}))
            return false;
    for (size_t i = size, to = rows->n; i-- > 0;) {
        struct row row = rows->of[i];
        size_t at = text_beside_headline(row.text, true);
        if (at > 0)
            rows->of[--to] = (struct row){text_skip(row.text, at), row.number};
        row.text.size = at > 0 ? at : row.text.size;
        rows->of[--to] = row;
    }
    return true;
}

/* ---- all rows ---- */

bool rows_append(struct rows *rows, struct row row)
{
    if (!array_reserve(&rows->of, &rows->capacity, rows->n + 1, sizeof row))
        return false;
    rows->of[rows->n++] = row;
    return true;
}

bool rows_read(struct rows *rows, fenlei_text text, size_t most, bool *too_long)
{
    size_t n_filled = 0;
    rows->n = 0;
    *too_long = false;
    for (size_t at = 0, next = 0; at < text.size; at = next) {
        size_t end = row_end(text, at, &next);
        fenlei_text row = {text.bytes + at, end - at};
        n_filled += !is_blank(row);
        *too_long = n_filled > most;
        if (*too_long || !rows_append(rows, (struct row){row, (uint32_t)rows->n + 1}))
            return false;
    }
    strip_numbers(rows);
    strip_scores(rows);
    strip_fields(rows);
    return part_headlines(rows);
}

/* ---- headlines set downwards ---- */

/* What a row is in a headline that is set downwards. */
enum downwards { DOWN_NOT, DOWN_BLANK, DOWN_LETTER, DOWN_MARK };

static enum downwards downwards_of(fenlei_text row)
{
    static const char marks[] = "“”‘’《》〈〉「」『』﹁﹂﹃﹄、，。：；！？·…—,.:!?0123456789";
    fenlei_text text = character_trim(row, NULL);
    size_t at = 0;
    if (text.size == 0)
        return DOWN_BLANK;
    int32_t c = utf8_next(text.bytes, &at);
    if (at != text.size)
        return DOWN_NOT;
    if (character_is_han(c))
        return DOWN_LETTER;
    return memmem(marks, sizeof marks - 1, text.bytes, at) != NULL ? DOWN_MARK : DOWN_NOT;
}

/* A letter, a figure, or a quotation mark or bracket that opens. */
static bool begins_downwards(fenlei_text row)
{
    static const char *const opening[] = {"“", "‘", "《", "〈", "「", "『", "﹁", "﹃"};
    enum downwards is = downwards_of(row);
    fenlei_text text = character_trim(row, NULL);
    if (is == DOWN_MARK && text.bytes[0] >= '0' && text.bytes[0] <= '9')
        return true;
    for (size_t i = 0; is == DOWN_MARK && i < sizeof opening / sizeof *opening; i++)
        if (text_begins(text, opening[i]))
            return true;
    return is == DOWN_LETTER;
}

size_t rows_of_line(const struct rows *rows, size_t i)
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

fenlei_text rows_joined(const struct rows *rows, size_t i, size_t n)
{
    const struct row *first = &rows->of[i], *last = &rows->of[i + n - 1];
    const char *end = last->text.bytes + last->text.size;
    return (fenlei_text){first->text.bytes, (size_t)(end - first->text.bytes)};
}
