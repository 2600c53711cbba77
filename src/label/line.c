/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/line.h"

#include "base/styling.h"
#include "base/utf8.h"
#include "label/character.h"
#include "label/columns.h"
#include "label/fold.h"
#include "label/remnant.h"

#include <stdlib.h>
#include <string.h>

static uint16_t kept(uint32_t letter)
{
    return (uint16_t)(letter < UINT16_MAX ? letter : UINT16_MAX);
}

static void increase(uint16_t *count)
{
    *count = (uint16_t)(*count + (*count < UINT16_MAX));
}

/* ---- what surrounds a line's text ---- */

/* Without what closes a heading at its end: ## like this ## or # this {#name .class} */
static fenlei_text trim_closing(fenlei_text text)
{
    const char *name = text_ends(text, "}") ? memrchr(text.bytes, '{', text.size) : NULL;
    if (name != NULL && name > text.bytes && name[-1] == ' ' && (name[1] == '#' || name[1] == '.'))
        text = character_trim_end((fenlei_text){text.bytes, (size_t)(name - text.bytes)});
    size_t size = text.size;
    while (size > 0 && text.bytes[size - 1] == '#')
        size--;
    if (size < text.size && size > 0 && text.bytes[size - 1] == ' ')
        text.size = size;
    return character_trim_end(text);
}

/* Does it begin with a topic, as 微博 marks them: #平安河口# 河口镇赶集? */
static bool begins_with_topic(fenlei_text text)
{
    enum { TOPIC_MOST = 60 };
    size_t reach = text.size < TOPIC_MOST ? text.size : TOPIC_MOST;
    return reach > 2 && text.bytes[0] == '#' && text.bytes[1] != '#' && text.bytes[1] != ' ' &&
           memchr(text.bytes + 1, '#', reach - 1) != NULL && text.bytes[text.size - 1] != '#';
}

/* Takes off the # of a heading, and what stands around all of a line. */
static fenlei_text unmark(fenlei_text text, struct line *line)
{
    static const char full_width[] = "＃";
    if (remnant_of(text) == REMNANT_PICTURE)
        return text;
    struct unwrapped opened = remnant_opening(text);
    text = opened.text;
    while (line->heading < 9 && !begins_with_topic(text) &&
           (text_begins(text, "#") || text_begins(text, full_width))) {
        text = text_skip(text, text.bytes[0] == '#' ? 1 : strlen(full_width));
        line->heading++;
    }
    if (line->heading > 0)
        text = trim_closing(character_trim(text, NULL));
    struct unwrapped unwrapped = remnant_unwrap(text);
    line->is_bold = unwrapped.is_bold;
    if (line->heading == 0)
        line->heading = (uint8_t)(unwrapped.heading > 0 ? unwrapped.heading : opened.heading);
    return character_trim(unwrapped.text, NULL);
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
        int32_t c = character_next(text, &at);
        bool space = character_is_space(c);
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
    struct styling styling = {.text = line->text, .keeps_pairs = true};
    line->is_spaced = is_spaced(line->text);
    for (size_t at = 0, next = 0; at < line->text.size; at = next) {
        size_t mark = styling_may_begin(line->text.bytes[at]) ? styling_size(&styling, at) : 0;
        if (mark > 0) {
            next = at + mark;
            is_exact = false;
            continue;
        }
        int32_t c = character_next(line->text, &next);
        columns += character_columns(c);
        is_exact = is_exact && !character_is_dropped(c, after_han) &&
                   (line->text.bytes[at] != '&' || next == at + 1);
        after_han = character_is_han(c) || (after_han && character_is_invisible(c));
        uint32_t letter = character_compared(c);
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

/* ---- page numbers within a sentence ---- */

/* Is the line left off within a sentence of text? */
static bool is_left_off(const struct line *line)
{
    enum { TEXT_LEAST = 12 };
    return !line->is_finished && !line->is_bracketed && line->letters >= TEXT_LEAST &&
           line->commas + line->stops > 0;
}

/* The number of a page, as it stands between two pages: - 2 -, 2/8, [第2版], 第 3 页 共 8 页, also
 * with a name of the paper or the page beside it, 02版·要闻; or its address. A numeral alone is
 * that of a section, a date alone means something to an article. */
static bool is_folio(const struct line *line)
{
    enum { NAMED_MOST = 14, VERSION = 0x7248, PAGE = 0x9875, YEAR = 0x5E74, MONTH = 0x6708 };
    static const char around[] = "〇零一二三四五六七八九十第共总年月日期版页-—–·./|[]()";
    bool has_number = false, has_page = false, has_date = false, is_named = false, is_bare = true;
    if (line->han == 0 &&
        (text_begins(line->text, "http://") || text_begins(line->text, "https://")))
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
        is_named =
            is_named || (i > 0 && letter == VERSION && character_is_numeral(line->head[i - 1]));
    }
    if (is_bare)
        return has_page || (has_number && !has_date);
    return (is_named && line->letters <= NAMED_MOST) ||
           (line->han == 0 && text_begins(line->text, "Page ") && line->digits > 0);
}

/* ---- dates and fields ---- */

/* Is it a date or a time and nothing else, as newspapers and web pages have them: 2021-03-12 08:30,
 * 二〇二一年三月十二日, 3月12日 星期五, 农历辛丑年正月廿九, 3小时前? Not 九月九日, which may be a
 * headline. */
static bool is_date(const struct line *line)
{
    enum { YEAR = 0x5E74, MONTH = 0x6708 };
    static const char letters[] =
        "0〇零一二三四五六七八九十廿卅正腊元闰年月日号时点分秒星期周农历夏公民国前小天"
        "上下午早晚凌晨甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳未申酉戌亥-/.:()[]《》";
    bool has_year = false, has_month = false;
    if (line->letters > LINE_HEAD || line->letters < 3)
        return false;
    for (size_t i = 0; i < line->n_head; i++) {
        char bytes[4];
        size_t size = utf8_write(bytes, line->head[i]);
        if (memmem(letters, sizeof letters - 1, bytes, size) == NULL)
            return false;
        has_year = has_year || line->head[i] == YEAR;
        has_month = has_month || line->head[i] == MONTH;
    }
    return line->digits > 0 || (has_year && has_month);
}

static bool is_note(const struct line *line)
{
    size_t size;
    return remnant_field(line->text, &size) == FIELD_NOTE;
}

/* ---- all lines ---- */

static struct line line_of(struct lines *lines, fenlei_text text)
{
    struct line line = {.copied_to = SIZE_MAX};
    line.text = unmark(character_trim(text, &line.indent), &line);
    if (line.text.size > 0)
        look(lines, &line);
    return line;
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
    if (!rows_read(&lines->rows, text, 2 * most, &lines->too_long) ||
        !columns_separate(&lines->rows, &lines->is_uncertain) || !clear_pairs(lines, text))
        return false;
    for (size_t i = 0, n; i < lines->rows.n; i += n) {
        const struct row *row = &lines->rows.of[i];
        n = rows_of_line(&lines->rows, i);
        lines->is_uncertain = lines->is_uncertain || n > DOWNWARDS_MOST;
        struct line line = line_of(lines, rows_joined(&lines->rows, i, n));
        enum remnant remnant = remnant_of(line.text);
        bool is_tags = remnant == REMNANT_TAGS ||
                       (line.letters == 0 && remnant != REMNANT_PICTURE) ||
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
        line.is_date = is_date(&line);
        line.is_note = is_note(&line);
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
        uint32_t letter = character_compared(character_next(line->text, &at));
        if (letter != 0 && letter != ' ')
            letters[n++] = kept(letter);
    }
    return n;
}

size_t line_last_letters(const struct line *line, uint16_t *letters, size_t most)
{
    size_t n = 0;
    for (size_t end = line->text.size; end > 0 && n < most;) {
        size_t at = end - utf8_last_size(line->text.bytes, end);
        end = at;
        uint32_t letter = character_compared(utf8_next(line->text.bytes, &at));
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

/* A line on the way from its beginning to its end. */
struct reader {
    const struct line *line;
    struct styling styling;
    size_t at, next;   /* where the character stands, and where what follows begins */
    int32_t character; /* 0 before the first */
};

static struct reader reader_of(const struct line *line)
{
    return (struct reader){.line = line, .styling = {.text = line->text, .keeps_pairs = true}};
}

/* Goes on to the next character that is to be seen. False at the end of the line. */
static bool read_on(struct reader *reader)
{
    fenlei_text text = reader->line->text;
    bool after_han = character_is_han(reader->character);
    for (reader->at = reader->next; reader->at < text.size; reader->at = reader->next) {
        size_t mark = styling_may_begin(text.bytes[reader->at])
                          ? styling_size(&reader->styling, reader->at)
                          : 0;
        reader->next += mark;
        if (mark > 0)
            continue;
        int32_t c = reader->character = character_next(text, &reader->next);
        bool is_gap = reader->line->is_spaced && (fold_class(c) & FOLD_SPACE) != 0;
        if (!character_is_dropped(c, after_han) && !is_gap)
            return true;
    }
    return false;
}

bool line_append(const struct line *line, struct buffer *buffer)
{
    if (line->is_exact) {
        buffer_append_text(buffer, line->text);
        return !buffer->failed;
    }
    for (struct reader reader = reader_of(line); read_on(&reader);) {
        char bytes[4];
        buffer_append(buffer, bytes, utf8_write(bytes, (uint32_t)reader.character));
    }
    return !buffer->failed;
}

bool line_origins(const struct line *line, const char *beginning, size_t at,
                  struct origins *origins)
{
    size_t begin = (size_t)(line->text.bytes - beginning);
    if (line->is_exact)
        return origins_add(
            origins,
            (struct stretch){
                .at = at, .from = begin, .count = line->text.size, .size = 1, .from_size = 1});
    for (struct reader reader = reader_of(line); read_on(&reader);) {
        char bytes[4];
        size_t size = utf8_write(bytes, (uint32_t)reader.character);
        struct stretch stretch = {.at = at,
                                  .from = begin + reader.at,
                                  .count = 1,
                                  .size = size,
                                  .from_size = reader.next - reader.at};
        if (!origins_add(origins, stretch))
            return false;
        at += size;
    }
    return true;
}
