/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/layout.h"

#include "base/input.h"
#include "base/random.h"
#include "base/status.h"
#include "base/utf8.h"
#include "label/fold.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { NESTING = 8, PAGE_WORDS = 32 };

struct range {
    unsigned least, most;
};

enum place { TOP, ARTICLE, BETWEEN, INSIDE, BREAK, BOTTOM, N_PLACES };
static const char *const places[N_PLACES] = {"top",    "article", "between",
                                             "inside", "break",   "bottom"};

struct block {
    enum place place;
    unsigned weight;   /* of an article's; else its probability in percent */
    size_t begin, end; /* in layout.lines */
};

struct template
{
    unsigned percent;       /* probability */
    fenlei_text role, text; /* empty: a blank line */
};

struct spaced {
    unsigned percent;
    fenlei_text role;
};

struct layout {
    struct buffer bytes;
    struct range pages, articles, wrap, blank, indent;
    unsigned short_percent, broken_percent, wrapped_percent, narrow_percent, foreign_percent,
        terse_percent, alike_percent, dense_percent, tagged_percent;
    struct spaced spaced[8];
    size_t n_spaced;
    struct template *lines;
    size_t n_lines, lines_capacity;
    struct block *blocks;
    size_t n_blocks, blocks_capacity;
};

/* Cuts the part before the next separator off *rest; false where there is none. */
static bool cut(fenlei_text *rest, char separator, fenlei_text *part)
{
    const char *found = rest->size > 0 ? memchr(rest->bytes, separator, rest->size) : NULL;
    size_t size = found != NULL ? (size_t)(found - rest->bytes) : rest->size;
    *part = (fenlei_text){rest->bytes, size};
    size_t skipped = found != NULL ? size + 1 : size;
    *rest = (fenlei_text){rest->bytes + skipped, rest->size - skipped};
    return found != NULL;
}

/* ---- words ---- */

static fenlei_status take_word(struct layout_words *words, fenlei_text line, fenlei_error *error)
{
    if (line.size == 0 || (line.size > 1 && line.bytes[0] == '/' && line.bytes[1] == '/'))
        return FENLEI_OK;
    const char *tab = memchr(line.bytes, '\t', line.size);
    if (tab == NULL)
        return error_set(error, FENLEI_BAD_INPUT, "no tab behind the name of a word");
    if (!array_reserve(&words->words, &words->capacity, words->n + 1, sizeof *words->words))
        return error_memory(error);
    size_t name = (size_t)(tab - line.bytes);
    words->words[words->n++] =
        (struct layout_word){{line.bytes, name}, {tab + 1, line.size - name - 1}};
    return FENLEI_OK;
}

fenlei_status layout_words_read(struct layout_words *words, const char *path, fenlei_error *error)
{
    if (!array_reserve(&words->files, &words->files_capacity, words->n_files + 1,
                       sizeof *words->files))
        return error_memory(error);
    struct buffer *file = &words->files[words->n_files++];
    *file = (struct buffer){0};
    fenlei_status status = input_read(path, file, error);
    if (status != FENLEI_OK)
        return error_locate(error, path, 0);
    fenlei_text rest = {file->bytes, file->size}, line;
    for (size_t number = 1; rest.size > 0 && status == FENLEI_OK; number++) {
        cut(&rest, '\n', &line);
        status = take_word(words, line, error);
        if (status == FENLEI_BAD_INPUT)
            error_locate(error, path, number);
    }
    return status;
}

void layout_words_release(struct layout_words *words)
{
    for (size_t i = 0; i < words->n_files; i++)
        buffer_release(&words->files[i]);
    free(words->files);
    free(words->words);
    *words = (struct layout_words){0};
}

/* ---- reading a layout ---- */

static bool is_number(fenlei_text text, unsigned *number)
{
    unsigned value = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9' || value > 100000000)
            return false;
        value = value * 10 + (unsigned)(text.bytes[i] - '0');
    }
    *number = value;
    return text.size > 0;
}

static bool is_range(fenlei_text text, struct range *range)
{
    fenlei_text least;
    cut(&text, '-', &least);
    bool good = is_number(least, &range->least);
    range->most = range->least;
    return good && (text.size == 0 || is_number(text, &range->most)) && range->least <= range->most;
}

static bool is_percent(fenlei_text text, unsigned *percent)
{
    return text.size > 1 && text.bytes[text.size - 1] == '%' &&
           is_number((fenlei_text){text.bytes, text.size - 1}, percent) && *percent <= 100;
}

static bool read_setting(struct layout *layout, fenlei_text line)
{
    const struct {
        const char *name;
        struct range *range;
    } ranges[] = {{"pages", &layout->pages},
                  {"articles", &layout->articles},
                  {"wrap", &layout->wrap},
                  {"blank", &layout->blank},
                  {"indent", &layout->indent}};
    const struct {
        const char *name;
        unsigned *percent;
    } percents[] = {{"short", &layout->short_percent},     {"broken", &layout->broken_percent},
                    {"wrapped", &layout->wrapped_percent}, {"narrow", &layout->narrow_percent},
                    {"foreign", &layout->foreign_percent}, {"terse", &layout->terse_percent},
                    {"alike", &layout->alike_percent},     {"dense", &layout->dense_percent},
                    {"tagged", &layout->tagged_percent}};
    fenlei_text name, first;
    cut(&line, ' ', &name);
    cut(&line, ' ', &first);
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (text_equal(name, text_of(ranges[i].name)))
            return is_range(first, ranges[i].range);
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++)
        if (text_equal(name, text_of(percents[i].name)))
            return is_percent(first, percents[i].percent);
    if (!text_equal(name, text_of("spaced")))
        return false;
    struct spaced *spaced = &layout->spaced[layout->n_spaced];
    layout->n_spaced += layout->n_spaced + 1 < sizeof layout->spaced / sizeof *layout->spaced;
    spaced->role = line;
    return is_percent(first, &spaced->percent);
}

/* [article 3], [between 20%] */
static bool read_block(struct layout *layout, fenlei_text line)
{
    fenlei_text name;
    if (line.size < 2 || line.bytes[line.size - 1] != ']' ||
        !array_reserve(&layout->blocks, &layout->blocks_capacity, layout->n_blocks + 1,
                       sizeof *layout->blocks))
        return false;
    line = (fenlei_text){line.bytes + 1, line.size - 2};
    bool has_weight = cut(&line, ' ', &name);
    struct block block = {.weight = 1, .begin = layout->n_lines, .end = layout->n_lines};
    for (int place = 0; place < N_PLACES; place++) {
        if (!text_equal(name, text_of(places[place])))
            continue;
        block.place = (enum place)place;
        bool is_article = place == ARTICLE;
        block.weight = is_article ? 1 : 100;
        bool good = !has_weight ||
                    (is_article ? is_number(line, &block.weight) : is_percent(line, &block.weight));
        layout->blocks[layout->n_blocks++] = block;
        return good;
    }
    return false;
}

static bool read_template(struct layout *layout, fenlei_text line)
{
    struct template made = {.percent = 100};
    if (!array_reserve(&layout->lines, &layout->lines_capacity, layout->n_lines + 1,
                       sizeof *layout->lines))
        return false;
    if (line.size > 0) {
        fenlei_text role;
        if (!cut(&line, '\t', &role))
            return false;
        fenlei_text first, rest = role;
        if (cut(&rest, ' ', &first)) {
            if (!is_percent(first, &made.percent))
                return false;
            role = rest;
        }
        made.role = role;
        made.text = line;
    }
    layout->lines[layout->n_lines++] = made;
    layout->blocks[layout->n_blocks - 1].end = layout->n_lines;
    return true;
}

static bool read_layout_line(struct layout *layout, fenlei_text line)
{
    if (line.size > 1 && line.bytes[0] == '/' && line.bytes[1] == '/')
        return true;
    if (line.size > 0 && line.bytes[0] == '[')
        return read_block(layout, line);
    if (layout->n_blocks > 0)
        return read_template(layout, line);
    return line.size == 0 || read_setting(layout, line);
}

/* The blank lines that end a block in its file are no part of it. */
static void trim_blocks(struct layout *layout)
{
    for (size_t i = 0; i < layout->n_blocks; i++) {
        struct block *block = &layout->blocks[i];
        while (block->end > block->begin && layout->lines[block->end - 1].role.size == 0)
            block->end--;
    }
}

static fenlei_status read_layout(struct layout *layout, const char *path, fenlei_error *error)
{
    *layout = (struct layout){.pages = {1, 1}, .articles = {2, 5}, .wrapped_percent = 100};
    fenlei_status status = input_read(path, &layout->bytes, error);
    if (status != FENLEI_OK)
        return error_locate(error, path, 0);
    fenlei_text rest = {layout->bytes.bytes, layout->bytes.size}, line;
    for (size_t number = 1; rest.size > 0; number++) {
        cut(&rest, '\n', &line);
        if (!read_layout_line(layout, line)) {
            error_set(error, FENLEI_BAD_INPUT, "not a line of a layout");
            return error_locate(error, path, number);
        }
    }
    trim_blocks(layout);
    for (size_t i = 0; i < layout->n_blocks; i++)
        if (layout->blocks[i].place == ARTICLE)
            return FENLEI_OK;
    error_set(error, FENLEI_BAD_INPUT, "a layout without [article]");
    return error_locate(error, path, 0);
}

static void release_layout(struct layout *layout)
{
    buffer_release(&layout->bytes);
    free(layout->lines);
    free(layout->blocks);
}

/* ---- setting a page ---- */

struct setter {
    const struct layout *layout;
    const struct layout_words *words;
    const struct layout_article *articles;
    const uint64_t *keys; /* [n_articles] of their texts; 0 for one that cannot be set */
    size_t n_articles;
    uint64_t random;
    struct buffer page, line;
    unsigned wrap; /* characters; 0: not broken */
    unsigned blank, indent;
    bool is_narrow, is_foreign, is_terse, is_dense;
    bool is_tagged;                 /* the article */
    fenlei_text foreign_slot;       /* the words of the page's script */
    uint32_t spaced;                /* a bit for each of layout.spaced */
    unsigned pending;               /* blank lines to come before the next line */
    const struct block *same_block; /* of all articles of the page; NULL: each draws its own */
    struct layout_article article;
    unsigned n_kept, n_set; /* paragraphs of the article that are kept, and those already set */
    fenlei_text below;      /* the article's text from the paragraph that comes next */
    unsigned n_numbered;    /* numbered headings that the article has */
    bool lacks_part;        /* a slot of the line has nothing to say */
    struct page_word {
        fenlei_text slot, word;
    } chosen[PAGE_WORDS];
    size_t n_chosen, n_page_chosen; /* those behind the page's are the article's */
    fenlei_error *error;
    fenlei_status status;
};

static uint64_t draw(struct setter *setter)
{
    return random_next(&setter->random);
}

static unsigned draw_below(struct setter *setter, size_t n)
{
    return (unsigned)(draw(setter) % n);
}

static bool happens(struct setter *setter, unsigned percent)
{
    return draw_below(setter, 100) < percent;
}

static unsigned draw_from(struct setter *setter, struct range range)
{
    return range.least + draw_below(setter, (size_t)range.most - range.least + 1);
}

/* What a layout leaves no choice of is not drawn: pages stay as they were before it could be. */
static unsigned draw_setting(struct setter *setter, struct range range)
{
    return range.least == range.most ? range.least : draw_from(setter, range);
}

static fenlei_text draw_word(struct setter *setter, fenlei_text slot)
{
    const struct layout_words *words = setter->words;
    size_t n = 0;
    for (size_t i = 0; i < words->n; i++)
        n += text_equal(words->words[i].slot, slot);
    if (n == 0) {
        if (setter->status == FENLEI_OK)
            setter->status = error_set(setter->error, FENLEI_BAD_INPUT, "no word for {%.*s}",
                                       (int)slot.size, slot.bytes);
        return (fenlei_text){"", 0};
    }
    size_t which = draw_below(setter, n);
    for (size_t i = 0;; i++)
        if (text_equal(words->words[i].slot, slot) && which-- == 0)
            return words->words[i].word;
}

/* {paper*}: chosen once for a page; {section+}: once for an article. */
static fenlei_text kept_word(struct setter *setter, fenlei_text slot)
{
    fenlei_text name = {slot.bytes, slot.size - 1};
    for (size_t i = 0; i < setter->n_chosen; i++)
        if (text_equal(setter->chosen[i].slot, slot))
            return setter->chosen[i].word;
    struct page_word chosen = {slot, draw_word(setter, name)};
    if (setter->n_chosen == PAGE_WORDS)
        return chosen.word;
    struct page_word *place = &setter->chosen[setter->n_chosen++];
    if (slot.bytes[slot.size - 1] == '*') {
        *place = setter->chosen[setter->n_page_chosen];
        place = &setter->chosen[setter->n_page_chosen++];
    }
    *place = chosen;
    return chosen.word;
}

static size_t character_count(fenlei_text text)
{
    size_t n = 0;
    for (size_t at = 0; at < text.size; n++)
        utf8_next(text.bytes, &at);
    return n;
}

/* An article, each as likely as the other. It is the one whose key, mixed with what was drawn, is
 * the lowest (rendezvous hashing: Thaler and Ravishankar, 1998), so that an article that a corpus
 * gains or loses changes the few pages that it is on and no other: trained models stay comparable.
 */
static struct layout_article draw_article(struct setter *setter)
{
    uint64_t drawn = draw(setter), least = UINT64_MAX;
    size_t best = 0;
    for (size_t i = 0; i < setter->n_articles; i++) {
        uint64_t mixed = random_mix(setter->keys[i] ^ drawn);
        if (setter->keys[i] != 0 && mixed < least) {
            least = mixed;
            best = i;
        }
    }
    return setter->articles[best];
}

/* How many brackets and quotation marks a text leaves open. */
static int open_brackets(fenlei_text text)
{
    static const char openings[] = "“‘《〈（(【〔「『[", closings[] = "”’》〉）)】〕」』]";
    int open = 0;
    for (size_t at = 0, begin = 0; at < text.size; begin = at) {
        utf8_next(text.bytes, &at);
        const char *c = text.bytes + begin;
        open += memmem(openings, sizeof openings - 1, c, at - begin) != NULL;
        open -= memmem(closings, sizeof closings - 1, c, at - begin) != NULL;
    }
    return open;
}

/* Cuts a title where a paper would, at a space that is not within brackets. */
static bool cut_title(fenlei_text *title, fenlei_text *first)
{
    enum { LETTERS_LEAST = 6 };
    for (size_t at = 0, begin = 0; at < title->size; begin = at) {
        if ((fold_class(utf8_next(title->bytes, &at)) & FOLD_SPACE) == 0)
            continue;
        fenlei_text rest = {title->bytes + at, title->size - at};
        *first = (fenlei_text){title->bytes, begin};
        if (character_count(*first) >= LETTERS_LEAST && character_count(rest) >= LETTERS_LEAST &&
            open_brackets(*first) == 0) {
            *title = rest;
            return true;
        }
    }
    *first = *title;
    return false;
}

/* The part of a title before (1) or behind (2) its space. */
static fenlei_text title_part(struct setter *setter, fenlei_text title, int part)
{
    fenlei_text first;
    bool is_parted = cut_title(&title, &first);
    if (part == 2 && !is_parted)
        setter->lacks_part = true;
    return part == 1 ? first : title;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The point of 3.2, and the comma of 1,200. */
static bool is_in_number(fenlei_text text, size_t begin, size_t end)
{
    return begin > 0 && end < text.size && end == begin + 1 && is_digit(text.bytes[begin - 1]) &&
           is_digit(text.bytes[end]);
}

/* Cuts the next clause off *rest: what stands between two marks of punctuation. */
static fenlei_text cut_clause(fenlei_text *rest)
{
    size_t begin = 0, at = 0, end = 0;
    while (at < rest->size) {
        size_t before = at;
        int32_t c = utf8_next(rest->bytes, &at);
        if ((fold_class(c) & FOLD_LETTER) != 0 || is_in_number(*rest, before, at))
            end = at;
        else if (end > begin)
            break;
        else
            begin = end = at;
    }
    fenlei_text clause = {rest->bytes + begin, end - begin};
    *rest = (fenlei_text){rest->bytes + at, rest->size - at};
    return clause;
}

/* Not a date, nor what is left of 增长17.2%. */
static bool may_head(fenlei_text clause)
{
    enum { LETTERS_LEAST = 4, LETTERS_MOST = 14 };
    size_t n = character_count(clause);
    return n >= LETTERS_LEAST && n <= LETTERS_MOST && !is_digit(clause.bytes[0]) &&
           !is_digit(clause.bytes[clause.size - 1]);
}

/* A clause of the paragraph that comes next or the one behind, which is what a heading tells of.
 * Where none may head a section, a line of it is left out. */
static fenlei_text draw_clause(struct setter *setter)
{
    fenlei_text below = setter->below, rest = below, part;
    size_t n = 0;
    cut(&rest, '\n', &part);
    cut(&rest, '\n', &part);
    below.size -= rest.size;
    for (rest = below; rest.size > 0;)
        n += may_head(cut_clause(&rest));
    if (n == 0) {
        setter->lacks_part = true;
        return (fenlei_text){"", 0};
    }
    size_t which = draw_below(setter, n);
    for (rest = below;;) {
        fenlei_text clause = cut_clause(&rest);
        if (may_head(clause) && which-- == 0)
            return clause;
    }
}

/* As a section of the article might be headed: by words of its own, since what is about something
 * else could not be told from the next article's headline. Two clauses now and then, where both are
 * short: a heading is shorter than a headline. */
static void append_heading(struct setter *setter)
{
    enum { LETTERS_MOST = 20 };
    fenlei_text clause = draw_clause(setter);
    buffer_append_text(&setter->line, clause);
    if (!happens(setter, 35))
        return;
    fenlei_text second = draw_clause(setter);
    if (!text_equal(clause, second) &&
        character_count(clause) + character_count(second) <= LETTERS_MOST) {
        buffer_append_string(&setter->line, " ");
        buffer_append_text(&setter->line, second);
    }
}

static void expand(struct setter *setter, fenlei_text text, int depth);

/* The title of the article. */
static void append_title(struct setter *setter)
{
    fenlei_text headline = setter->article.title;
    buffer_append_text(&setter->line, headline);
}

/* The number that the next heading of the article has. */
static void append_number(struct setter *setter, bool is_chinese)
{
    static const char *const numerals[] = {"一", "二", "三", "四", "五",
                                           "六", "七", "八", "九", "十"};
    unsigned number = setter->n_numbered++ % (sizeof numerals / sizeof *numerals);
    if (is_chinese)
        buffer_append_string(&setter->line, numerals[number]);
    else
        buffer_append_format(&setter->line, "%u", number + 1);
}

static void expand_slot(struct setter *setter, fenlei_text slot, int depth)
{
    struct range range;
    if (text_equal(slot, text_of("title")))
        append_title(setter);
    else if (text_equal(slot, text_of("title1")) || text_equal(slot, text_of("title2")))
        buffer_append_text(&setter->line,
                           title_part(setter, setter->article.title, slot.bytes[5] - '0'));
    else if (text_equal(slot, text_of("heading")))
        append_heading(setter);
    else if (is_range(slot, &range))
        buffer_append_format(&setter->line, "%u", draw_from(setter, range));
    else if (text_equal(slot, text_of("next")) || text_equal(slot, text_of("hznext")))
        append_number(setter, slot.size > strlen("next"));
    else if (slot.size > 1 &&
             (slot.bytes[slot.size - 1] == '*' || slot.bytes[slot.size - 1] == '+'))
        expand(setter, kept_word(setter, slot), depth + 1);
    else
        expand(setter, draw_word(setter, slot), depth + 1);
}

/* Appends a text, its slots filled, to the line. */
static void expand(struct setter *setter, fenlei_text text, int depth)
{
    fenlei_text part, slot;
    while (text.size > 0 && depth < NESTING) {
        bool opens = cut(&text, '{', &part);
        buffer_append_text(&setter->line, part);
        if (!opens)
            break;
        cut(&text, '}', &slot);
        expand_slot(setter, slot, depth);
    }
}

static void emit_blank(struct setter *setter, unsigned lines)
{
    setter->pending = lines > setter->pending ? lines : setter->pending;
}

static bool is_spaced_role(const struct setter *setter, fenlei_text role)
{
    for (size_t i = 0; i < setter->layout->n_spaced; i++)
        if ((setter->spaced & UINT32_C(1) << i) != 0 &&
            text_equal(setter->layout->spaced[i].role, role))
            return true;
    return false;
}

/* Writes a word, with a capital where a sentence begins. */
static void append_foreign_word(struct buffer *page, fenlei_text word, bool is_first)
{
    size_t at = 0;
    int32_t c = utf8_next(word.bytes, &at);
    if (is_first) {
        char bytes[4];
        uint32_t capital = c >= 0x430 /* а */ ? (uint32_t)c - 0x20
                           : c >= 'a'         ? (uint32_t)c - 'a' + 'A'
                                              : (uint32_t)c;
        buffer_append(page, bytes, utf8_write(bytes, capital));
        word = (fenlei_text){word.bytes + at, word.size - at};
    }
    buffer_append_text(page, word);
}

/* The word that stands for a letter: the same each time, so that what a headline says is said again
 * below. */
static fenlei_text foreign_word(struct setter *setter, int32_t letter)
{
    const struct layout_words *words = setter->words;
    size_t n = 0;
    for (size_t i = 0; i < words->n; i++)
        n += text_equal(words->words[i].slot, setter->foreign_slot);
    size_t which = n > 0 ? random_mix((uint64_t)letter) % n : 0;
    for (size_t i = 0; i < words->n; i++)
        if (text_equal(words->words[i].slot, setter->foreign_slot) && which-- == 0)
            return words->words[i].word;
    return draw_word(setter, setter->foreign_slot);
}

/* Writes a text in another script, as to its shape: a word for each Han letter. */
static void emit_foreign(struct setter *setter, fenlei_text role, fenlei_text text)
{
    struct buffer *page = &setter->page;
    if (text_equal(role, text_of("byline"))) {
        bool is_latin = text_equal(setter->foreign_slot, text_of("latin"));
        buffer_clear(&setter->line);
        expand(setter, draw_word(setter, text_of(is_latin ? "latin-byline" : "cyrillic-byline")),
               0);
        buffer_append(page, setter->line.bytes, setter->line.size);
        return;
    }
    bool after_word = false, is_first = !text_equal(role, text_of("body+"));
    for (size_t at = 0; at < text.size;) {
        int32_t c = utf8_next(text.bytes, &at);
        bool is_han = (fold_class(c) & FOLD_CJK) != 0;
        char bytes[4];
        if (is_han) {
            if (after_word)
                buffer_append_string(page, " ");
            append_foreign_word(page, foreign_word(setter, c), is_first);
            is_first = false;
        } else {
            uint32_t folded = c == 0x3002 /* 。 */   ? '.'
                              : c == 0x3001 /* 、 */ ? ','
                                                     : fold_character(c);
            buffer_append(page, bytes, utf8_write(bytes, folded == 0 ? ' ' : folded));
            bool ends = c == 0x3002 || folded == '?' || folded == '!';
            if (ends || folded == ',')
                buffer_append_string(page, " ");
            is_first = is_first || ends;
        }
        after_word = is_han;
    }
}

/* Writes one line of the page. */
static void emit(struct setter *setter, fenlei_text role, fenlei_text text)
{
    struct buffer *page = &setter->page;
    for (; setter->pending > 0; setter->pending--)
        if (page->size > 0)
            buffer_append_string(page, "\n");
    buffer_append_text(page, role);
    buffer_append_string(page, "\t");
    if (setter->is_foreign) {
        emit_foreign(setter, role, text);
    } else if (!is_spaced_role(setter, role)) {
        buffer_append_text(page, text);
    } else {
        bool was_blank = true; /* one blank between two letters, also where there is one: more would
                                  be the gap between columns */
        for (size_t at = 0, next = 0; at < text.size; at = next) {
            bool is_blank = (fold_class(utf8_next(text.bytes, &next)) & FOLD_SPACE) != 0;
            if (!was_blank && !is_blank)
                buffer_append_string(page, " ");
            buffer_append(page, text.bytes + at, next - at);
            was_blank = is_blank;
        }
    }
    buffer_append_string(page, "\n");
}

/* Bytes of the first `n` characters of a text, or of all. */
static size_t bytes_of(fenlei_text text, size_t n)
{
    size_t at = 0;
    while (at < text.size && n-- > 0)
        utf8_next(text.bytes, &at);
    return at;
}

static void set_block(struct setter *setter, enum place place);

/* Writes a text in lines of the page's width; `more` is the role of its further lines. */
static void emit_wrapped(struct setter *setter, fenlei_text role, fenlei_text more,
                         fenlei_text text)
{
    size_t width = setter->wrap;
    while (width > 0 && character_count(text) > width) {
        size_t size = bytes_of(text, width);
        emit(setter, role, (fenlei_text){text.bytes, size});
        text = (fenlei_text){text.bytes + size, text.size - size};
        role = more;
        set_block(setter, BREAK);
    }
    emit(setter, role, text);
}

/* One paragraph, which a column's end may break. */
static void emit_paragraph(struct setter *setter, fenlei_text role, fenlei_text prefix,
                           fenlei_text paragraph, fenlei_text suffix)
{
    enum { LINE_LEAST = 14 }; /* a column's end comes behind a line of it */
    struct buffer whole = {0};
    for (unsigned i = 0; i < setter->indent; i++)
        buffer_append_string(&whole, "　");
    buffer_append_text(&whole, prefix);
    buffer_append_text(&whole, paragraph);
    buffer_append_text(&whole, suffix);
    fenlei_text text = {whole.bytes, whole.size}, more = text_of("body+");
    size_t n = character_count(text);
    if (setter->wrap == 0 && n > (size_t)3 * LINE_LEAST &&
        happens(setter, setter->layout->broken_percent)) {
        size_t size = bytes_of(text, LINE_LEAST + draw_below(setter, n - (size_t)2 * LINE_LEAST));
        emit(setter, role, (fenlei_text){text.bytes, size});
        emit_blank(setter, setter->blank + draw_below(setter, 3));
        set_block(setter, BREAK);
        emit_blank(setter, setter->blank);
        text = (fenlei_text){text.bytes + size, text.size - size};
        role = more;
    }
    emit_wrapped(setter, role, more, text);
    buffer_release(&whole);
}

static fenlei_text first_sentence(fenlei_text paragraph)
{
    static const char stop[] = "。";
    const char *end = memmem(paragraph.bytes, paragraph.size, stop, sizeof stop - 1);
    if (end != NULL)
        paragraph.size = (size_t)(end - paragraph.bytes) + sizeof stop - 1;
    return paragraph;
}

enum paragraphs { ALL, FIRST };

/* The blanks before a text, which every paragraph has. */
static fenlei_text leading_blanks(fenlei_text text)
{
    size_t size = 0;
    for (size_t at = 0; at < text.size; size = at)
        if ((fold_class(utf8_next(text.bytes, &at)) & FOLD_SPACE) == 0)
            break;
    return (fenlei_text){text.bytes, size};
}

/* A line of a text that is no sentence: a heading, a name. */
static bool is_headed(fenlei_text paragraph)
{
    enum { LETTERS_MOST = 24 };
    static const char stops[] = "。！？；：…，”!?;:.,";
    size_t size = 1;
    while (size < paragraph.size &&
           ((unsigned char)paragraph.bytes[paragraph.size - size] & 0xC0) == 0x80)
        size++;
    return character_count(paragraph) <= LETTERS_MOST &&
           memmem(stops, sizeof stops - 1, paragraph.bytes + paragraph.size - size, size) == NULL &&
           first_sentence(paragraph).size == paragraph.size;
}

/* What stands before a slot of the text, and behind it. */
static bool part_at_slot(fenlei_text text, const char *slot, fenlei_text *prefix,
                         fenlei_text *suffix)
{
    size_t size = strlen(slot);
    const char *found = text.size > 0 ? memmem(text.bytes, text.size, slot, size) : NULL;
    if (found == NULL)
        return false;
    *prefix = (fenlei_text){text.bytes, (size_t)(found - text.bytes)};
    *suffix = (fenlei_text){found + size, text.size - prefix->size - size};
    return true;
}

/* The text behind the dateline that it begins with, as 本报讯（记者 …） or 新华社北京3日电; all of
 * it where there is none. */
static fenlei_text behind_dateline(fenlei_text text)
{
    enum { BYTES_MOST = 60 };
    static const char *const begins[] = {"本报", "本台", "本网", "本刊", "新华社"};
    static const char *const ends[] = {"讯", "电", "消息"};
    bool may_be = false;
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        may_be |= text_begins(text, begins[i]);
    for (size_t i = 0; may_be && i < sizeof ends / sizeof *ends; i++) {
        fenlei_text start = {text.bytes, text.size < BYTES_MOST ? text.size : BYTES_MOST};
        fenlei_text before, behind, reporters;
        if (!part_at_slot(start, ends[i], &before, &behind))
            continue;
        fenlei_text rest = text_skip(text, before.size + strlen(ends[i]));
        size_t size = rest.size;
        if (text_begins(rest, "("))
            part_at_slot(rest, ")", &reporters, &rest);
        else if (text_begins(rest, "（"))
            part_at_slot(rest, "）", &reporters, &rest);
        if (text_begins(rest, "："))
            rest = text_skip(rest, strlen("："));
        rest = text_skip(rest, leading_blanks(rest).size);
        if (rest.size < size)
            return rest;
    }
    return text;
}

/* An article that has a dateline of its own begins with a lead whatever the layout says, and has no
 * second one. */
static fenlei_text take_dateline(fenlei_text paragraph, fenlei_text prefix, fenlei_text *role)
{
    fenlei_text rest = behind_dateline(paragraph);
    if (rest.size == paragraph.size)
        return paragraph;
    *role = text_of("lead");
    bool has_another = prefix.size > leading_blanks(prefix).size;
    return has_another ? rest : paragraph;
}

static bool begins_with_bracket(fenlei_text text)
{
    return text.size > 0 && open_brackets((fenlei_text){text.bytes, bytes_of(text, 1)}) > 0;
}

/* What stands before a paragraph: the first has the line's prefix, those of a script a {tag}. */
static fenlei_text make_prefix(struct setter *setter, fenlei_text prefix, fenlei_text paragraph,
                               bool is_first)
{
    fenlei_text indent = leading_blanks(prefix);
    bool is_tagged = setter->is_tagged && (!is_first || indent.size == prefix.size) &&
                     !is_headed(paragraph) && !begins_with_bracket(paragraph);
    buffer_clear(&setter->line);
    buffer_append_text(&setter->line, is_first ? prefix : indent);
    if (is_tagged)
        expand(setter, text_of("{tag+}"), 0);
    return (fenlei_text){setter->line.bytes, setter->line.size};
}

/* The prefix stands before the first of them, the suffix behind the last, where it is a sentence.
 */
static void emit_paragraphs(struct setter *setter, const struct template *line, fenlei_text prefix,
                            fenlei_text suffix, enum paragraphs which)
{
    fenlei_text rest = setter->article.text, paragraph;
    bool is_first = true, after_heading = false;
    for (unsigned n = 0; rest.size > 0 && n < setter->n_kept;) {
        cut(&rest, '\n', &paragraph);
        if (paragraph.size == 0 || n++ < setter->n_set)
            continue;
        setter->n_set = n;
        setter->below.bytes = paragraph.bytes;
        setter->below.size = paragraph.size + (rest.size > 0 ? rest.size + 1 : 0);
        bool is_no_sentence = !is_first && is_headed(paragraph);
        bool is_heading = is_no_sentence && rest.size > 0;
        if (is_heading && n == setter->n_kept)
            break; /* of what is not kept */
        if (setter->is_terse) {
            if (is_heading)
                continue; /* above one sentence it could not be told from a headline */
            paragraph = first_sentence(paragraph);
        }
        if (!is_first) {
            emit_blank(setter, setter->blank);
            if (!is_no_sentence && !after_heading && !setter->is_terse)
                set_block(setter, INSIDE);
            emit_blank(setter, setter->blank);
        }
        after_heading = is_heading;
        fenlei_text role = is_first         ? line->role
                           : is_heading     ? text_of("section")
                           : is_no_sentence ? text_of("signature")
                                            : text_of("body");
        if (n == 1 && !setter->is_foreign)
            paragraph = take_dateline(paragraph, prefix, &role);
        bool is_last = rest.size == 0 || n == setter->n_kept || which == FIRST;
        emit_paragraph(setter, role, make_prefix(setter, prefix, paragraph, is_first), paragraph,
                       is_last && !is_no_sentence ? suffix : (fenlei_text){"", 0});
        is_first = false;
        if (which == FIRST)
            break;
    }
}

static size_t times_in(fenlei_text text, fenlei_text part)
{
    size_t n = 0;
    for (const char *found; (found = memmem(text.bytes, text.size, part.bytes, part.size)) != NULL;
         n++) {
        size_t skipped = (size_t)(found - text.bytes) + part.size;
        text = (fenlei_text){text.bytes + skipped, text.size - skipped};
    }
    return n;
}

static bool is_letter(int32_t c)
{
    return (fold_class(c) & FOLD_LETTER) != 0;
}

/* What ends a line of a headline, and what begins the next one. */
static bool is_pause(int32_t before, int32_t after)
{
    return before == 0xFF1A /* ： */ || before == 0xFF0C /* ， */ || before == 0xFF1F /* ？ */ ||
           after == 0x2014 /* — */ || (fold_class(after) & FOLD_SPACE) != 0;
}

/* May a line end between these two? Not before punctuation, nor between a number and what is
 * counted; and the name of a column, in 【】, is no line of a headline. */
static bool may_part(fenlei_text left, fenlei_text right, int32_t before, int32_t after)
{
    return before != 0x3011 /* 】 */ && before >= 0x80 && after != 0x7684 /* 的 */ &&
           (is_letter(before) || open_brackets(left) < 0) &&
           (is_letter(after) || open_brackets(right) > 0);
}

/* How bad it is to break a headline at `at`, where the character [begin, at) ends and the next one,
 * which ends at `end`, begins: not at all at a pause; elsewhere the worse, the more often the two
 * stand side by side in the article, for then they are of one word. SIZE_MAX: it cannot be. */
static size_t harm_of_break(const struct setter *setter, fenlei_text title, size_t begin, size_t at,
                            size_t end)
{
    fenlei_text left = {title.bytes + begin, at - begin}, right = {title.bytes + at, end - at};
    size_t from = 0, next = 0;
    int32_t before = utf8_next(left.bytes, &from), after = utf8_next(right.bytes, &next);
    if (open_brackets((fenlei_text){title.bytes, at}) != 0)
        return SIZE_MAX;
    if (is_pause(before, after) && before != after)
        return 0;
    if (!may_part(left, right, before, after))
        return SIZE_MAX;
    return 1 + times_in(setter->article.text, (fenlei_text){left.bytes, end - begin});
}

/* Where a headline of n letters is broken over two lines: where that does the least harm, and
 * nearest its middle; far from it only at a pause. 0: nowhere. */
static size_t find_break(const struct setter *setter, fenlei_text title, size_t n)
{
    enum { LETTERS_LEAST = 4, HARM_MOST = 1000 };
    size_t best = 0, least = SIZE_MAX, letters = 0;
    for (size_t begin = 0, at = 0, end = 0; at < title.size; begin = at, at = end, letters++) {
        utf8_next(title.bytes, &end);
        if (letters < LETTERS_LEAST || letters + LETTERS_LEAST > n)
            continue;
        size_t off = letters * 2 > n ? letters * 2 - n : n - letters * 2;
        size_t harm = harm_of_break(setter, title, begin, at, end);
        if (harm < HARM_MOST && (harm == 0 || off * 3 <= n) && harm * HARM_MOST + off < least) {
            best = at;
            least = harm * HARM_MOST + off;
        }
    }
    return best;
}

/* {broken}: a headline over two lines. */
static void emit_broken(struct setter *setter, const struct template *line)
{
    fenlei_text title = setter->article.title, first;
    size_t n = character_count(title);
    if (!cut_title(&title, &first)) {
        size_t size = n > 10 ? find_break(setter, title, n) : 0;
        first = (fenlei_text){title.bytes, size > 0 ? size : title.size};
        title = (fenlei_text){title.bytes + first.size, title.size - first.size};
        size = leading_blanks(title).size;
        title = (fenlei_text){title.bytes + size, title.size - size};
    }
    emit(setter, line->role, first);
    if (title.size > 0)
        emit(setter, text_of("headline+"), title);
}

/* A line of a head, broken where the column ends. */
static void emit_narrow(struct setter *setter, fenlei_text role, fenlei_text text)
{
    bool is_headline = text_equal(role, text_of("headline"));
    while (character_count(text) > setter->wrap) {
        size_t size = bytes_of(text, setter->wrap);
        emit(setter, role, (fenlei_text){text.bytes, size});
        text = (fenlei_text){text.bytes + size, text.size - size};
        role = is_headline ? text_of("headline+") : role;
    }
    emit(setter, role, text);
}

static void set_line(struct setter *setter, const struct template *line)
{
    static const char *const slots[] = {"{text}", "{first}"};
    fenlei_text prefix, suffix;
    if (line->role.size == 0) {
        setter->pending += !setter->is_dense;
        return;
    }
    if (!happens(setter, line->percent))
        return;
    setter->lacks_part = false;
    buffer_clear(&setter->line);
    if (part_at_slot(line->text, "{broken}", &prefix, &suffix)) {
        emit_broken(setter, line);
        return;
    }
    for (int which = ALL; which <= FIRST; which++) {
        if (!part_at_slot(line->text, slots[which], &prefix, &suffix))
            continue;
        expand(setter, prefix, 0);
        size_t size = setter->line.size;
        expand(setter, suffix, 0);
        struct buffer own = setter->line;
        setter->line = (struct buffer){0};
        emit_paragraphs(setter, line, (fenlei_text){own.bytes, size},
                        (fenlei_text){own.bytes + size, own.size - size}, (enum paragraphs)which);
        buffer_release(&own);
        return;
    }
    expand(setter, line->text, 0);
    fenlei_text text = {setter->line.bytes, setter->line.size};
    if (setter->lacks_part)
        return;
    fenlei_text role = line->role, first, title = setter->article.title;
    if (text_equal(line->text, text_of("{title1}")) && !cut_title(&title, &first))
        role = text_of("headline"); /* all of it: a kicker has its headline below */
    if (setter->is_narrow && !text_equal(role, text_of("furniture")))
        emit_narrow(setter, role, text);
    else
        emit(setter, role, text);
}

static void set_lines(struct setter *setter, const struct block *block)
{
    for (size_t i = block->begin; i < block->end; i++)
        set_line(setter, &setter->layout->lines[i]);
}

/* Every block of that place, with its probability; between two paragraphs one of them, for no paper
 * heads two sections at once. */
static void set_block(struct setter *setter, enum place place)
{
    for (size_t i = 0; i < setter->layout->n_blocks; i++) {
        const struct block *block = &setter->layout->blocks[i];
        bool rare = place == BREAK && setter->wrap > 0; /* it is asked at every line */
        if (block->place == place && happens(setter, block->weight) &&
            (!rare || draw_below(setter, 12) == 0)) {
            set_lines(setter, block);
            if (place == INSIDE)
                break;
        }
    }
}

/* One of the blocks of an article, by weight. */
static const struct block *draw_block(struct setter *setter)
{
    const struct layout *layout = setter->layout;
    const struct block *last = NULL;
    size_t sum = 0;
    for (size_t i = 0; i < layout->n_blocks; i++)
        sum += layout->blocks[i].place == ARTICLE ? layout->blocks[i].weight : 0;
    size_t at = draw_below(setter, sum > 0 ? sum : 1);
    for (size_t i = 0; i < layout->n_blocks; i++) {
        if (layout->blocks[i].place != ARTICLE)
            continue;
        last = &layout->blocks[i];
        if (at < last->weight)
            break;
        at -= last->weight;
    }
    return last;
}

static void set_article(struct setter *setter)
{
    const struct block *block =
        setter->same_block != NULL ? setter->same_block : draw_block(setter);
    setter->article = draw_article(setter);
    bool is_short = happens(setter, setter->layout->short_percent);
    setter->n_kept = is_short ? 1 + draw_below(setter, 2) : UINT_MAX;
    setter->n_set = setter->n_numbered = 0;
    setter->is_tagged =
        setter->layout->tagged_percent > 0 && happens(setter, setter->layout->tagged_percent);
    setter->n_chosen = setter->n_page_chosen;
    setter->below = setter->article.text;
    set_lines(setter, block);
}

static void set_page(struct setter *setter)
{
    const struct layout *layout = setter->layout;
    buffer_clear(&setter->page);
    setter->n_chosen = setter->n_page_chosen = setter->pending = 0;
    setter->spaced = 0;
    for (size_t i = 0; i < layout->n_spaced; i++)
        setter->spaced |= (uint32_t)happens(setter, layout->spaced[i].percent) << i;
    setter->wrap = draw_from(setter, layout->wrap);
    if (layout->wrapped_percent < 100 && !happens(setter, layout->wrapped_percent))
        setter->wrap = 0;
    setter->blank = draw_setting(setter, layout->blank);
    setter->indent = draw_setting(setter, layout->indent);
    setter->is_dense = layout->dense_percent > 0 && happens(setter, layout->dense_percent);
    setter->is_terse = happens(setter, layout->terse_percent);
    setter->is_foreign = happens(setter, layout->foreign_percent);
    setter->foreign_slot = text_of(draw_below(setter, 4) > 0 ? "latin" : "cyrillic");
    setter->is_narrow = happens(setter, layout->narrow_percent) && setter->wrap > 0;
    setter->same_block = happens(setter, layout->alike_percent) ? draw_block(setter) : NULL;
    set_block(setter, TOP);
    uint64_t page_random = setter->random;
    for (unsigned n = draw_from(setter, layout->articles); n > 0; n--) {
        setter->random = random_next(&page_random); /* whatever the articles before have drawn */
        set_article(setter);
        emit_blank(setter, setter->blank);
        if (n > 1)
            set_block(setter, BETWEEN);
        emit_blank(setter, setter->blank);
    }
    set_block(setter, BOTTOM);
    if (setter->page.failed || setter->line.failed)
        setter->status = error_memory(setter->error);
}

/* Does a text begin as an article does, below the headline? Where a line that is no sentence stands
 * first it is a byline, or the headline of the first of several; where a mark does, an item of
 * several that are articles each: roles that are not known. */
static bool begins_with_sentence(fenlei_text text)
{
    fenlei_text paragraph;
    bool has_more = cut(&text, '\n', &paragraph);
    size_t at = 0;
    int32_t first = utf8_next(paragraph.bytes, &at);
    bool is_marked = first >= 0x25A0 /* ■ */ && first <= 0x26FF;
    return !is_marked && (!has_more || (paragraph.size > 0 && !is_headed(paragraph)));
}

/* The keys of the articles; false where there is no memory. */
static bool make_keys(uint64_t **keys, const struct layout_article *articles, size_t n,
                      size_t *n_whole)
{
    *n_whole = 0;
    *keys = array_new(n + 1, sizeof **keys);
    for (size_t i = 0; *keys != NULL && i < n; i++) {
        bool is_whole = articles[i].title.size > 0 && articles[i].text.size > 0 &&
                        begins_with_sentence(articles[i].text);
        (*keys)[i] = is_whole ? XXH3_64bits_withSeed(articles[i].text.bytes, articles[i].text.size,
                                                     articles[i].title.size)
                              : 0;
        *n_whole += is_whole;
    }
    return *keys != NULL;
}

static fenlei_status set_pages(struct setter *setter, uint64_t seed,
                               fenlei_status (*take)(void *context, fenlei_text page,
                                                     fenlei_error *error),
                               void *context)
{
    setter->random = seed;
    unsigned n_pages = draw_from(setter, setter->layout->pages);
    for (unsigned page = 0; page < n_pages && setter->status == FENLEI_OK; page++) {
        setter->random = random_next(&seed);
        set_page(setter);
        if (setter->status == FENLEI_OK)
            setter->status =
                take(context, (fenlei_text){setter->page.bytes, setter->page.size}, setter->error);
    }
    buffer_release(&setter->page);
    buffer_release(&setter->line);
    return setter->status;
}

fenlei_status layout_set(const char *path, const struct layout_words *words,
                         const struct layout_article *articles, size_t n_articles, uint64_t seed,
                         fenlei_status (*take)(void *context, fenlei_text page,
                                               fenlei_error *error),
                         void *context, fenlei_error *error)
{
    struct layout layout;
    uint64_t *keys = NULL;
    size_t n_whole = 0;
    fenlei_status status = read_layout(&layout, path, error);
    if (status == FENLEI_OK && !make_keys(&keys, articles, n_articles, &n_whole))
        status = error_memory(error);
    if (status == FENLEI_OK && n_whole == 0)
        status = error_set(error, FENLEI_BAD_INPUT,
                           "%s: a layout needs articles that have a title and a text", path);
    if (status == FENLEI_OK) {
        struct setter setter = {.layout = &layout,
                                .words = words,
                                .articles = articles,
                                .keys = keys,
                                .n_articles = n_articles,
                                .error = error};
        status = set_pages(&setter, seed, take, context);
        if (status == FENLEI_BAD_INPUT)
            error_locate(error, path, 0);
    }
    free(keys);
    release_layout(&layout);
    return status;
}
