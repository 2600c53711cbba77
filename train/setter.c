/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/setter.h"

#include "base/random.h"
#include "base/status.h"
#include "base/utf8.h"
#include "label/fold.h"
#include "train/dateline.h"
#include "train/draw.h"
#include "train/foreign.h"
#include "train/headline.h"
#include "train/layout.h"
#include "train/paragraph.h"
#include "train/slots.h"
#include "train/text.h"

#include <limits.h>

struct setter {
    const struct layout *layout;
    const struct article_pool *pool;
    uint64_t random;
    struct slots slots;
    /* of the page */
    struct buffer page;
    unsigned pending; /* blank lines to come before the next line */
    unsigned wrap;    /* characters; 0: not broken */
    unsigned blank, indent;
    bool is_narrow, is_foreign, is_terse, is_dense;
    fenlei_text script;                    /* where it is foreign */
    uint32_t spaced;                       /* a bit for each of layout.spaced */
    const struct layout_block *same_block; /* of all articles; NULL: each draws its own */
    /* of the article */
    bool is_tagged;
    unsigned n_kept, n_set; /* paragraphs that are kept, and those already set */
};

/* ---- lines of the page ---- */

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

/* One blank between two letters, also where there is one: more would be the gap between columns. */
static void append_spaced(struct buffer *page, fenlei_text text)
{
    bool was_blank = true;
    for (size_t at = 0, next = 0; at < text.size; at = next) {
        bool is_blank = (fold_class(utf8_next(text.bytes, &next)) & FOLD_SPACE) != 0;
        if (!was_blank && !is_blank)
            buffer_append_string(page, " ");
        buffer_append(page, text.bytes + at, next - at);
        was_blank = is_blank;
    }
}

/* A text in the page's script. A byline has words of its own, whatever the layout says. */
static void append_foreign(struct setter *setter, fenlei_text role, fenlei_text text)
{
    struct slots *slots = &setter->slots;
    if (text_equal(role, text_of("byline"))) {
        bool is_latin = text_equal(setter->script, text_of("latin"));
        struct buffer own = slots->line; /* what is left of `text` may lie in it */
        slots->line = (struct buffer){0};
        slots_append(slots, text_of(is_latin ? "{latin-byline}" : "{cyrillic-byline}"));
        buffer_append(&setter->page, slots->line.bytes, slots->line.size);
        setter->page.failed |= slots->line.failed;
        buffer_release(&slots->line);
        slots->line = own;
    } else if (!foreign_append(&setter->page, slots->words, setter->script, text,
                               !text_equal(role, text_of("body+")))) {
        slots_lack_word(slots, setter->script);
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
    if (setter->is_foreign)
        append_foreign(setter, role, text);
    else if (is_spaced_role(setter, role))
        append_spaced(page, text);
    else
        buffer_append_text(page, text);
    buffer_append_string(page, "\n");
}

/* ---- paragraphs of an article ---- */

static void set_block(struct setter *setter, enum layout_place place);

/* Writes a text in lines of the page's width; `more` is the role of its further lines. */
static void emit_wrapped(struct setter *setter, fenlei_text role, fenlei_text more,
                         fenlei_text text)
{
    size_t width = setter->wrap;
    while (width > 0 && text_characters(text) > width) {
        size_t size = text_bytes_of(text, width);
        emit(setter, role, (fenlei_text){text.bytes, size});
        text = text_skip(text, size);
        role = more;
        set_block(setter, PLACE_BREAK);
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
    size_t n = text_characters(text);
    if (setter->wrap == 0 && n > (size_t)3 * LINE_LEAST &&
        draw_happens(&setter->random, setter->layout->broken_percent)) {
        size_t size = text_bytes_of(
            text, LINE_LEAST + draw_below(&setter->random, n - (size_t)2 * LINE_LEAST));
        emit(setter, role, (fenlei_text){text.bytes, size});
        emit_blank(setter, setter->blank + draw_below(&setter->random, 3));
        set_block(setter, PLACE_BREAK);
        emit_blank(setter, setter->blank);
        text = text_skip(text, size);
        role = more;
    }
    emit_wrapped(setter, role, more, text);
    buffer_release(&whole);
}

enum paragraphs { ALL, FIRST };

/* An article that has a dateline of its own begins with a lead whatever the layout says, and has no
 * second one. */
static fenlei_text take_dateline(fenlei_text paragraph, fenlei_text prefix, fenlei_text *role)
{
    fenlei_text rest = dateline_skip(paragraph);
    if (rest.size == paragraph.size)
        return paragraph;
    *role = text_of("lead");
    bool has_another = prefix.size > text_leading_blanks(prefix).size;
    return has_another ? rest : paragraph;
}

static bool begins_with_bracket(fenlei_text text)
{
    return text.size > 0 &&
           text_open_brackets((fenlei_text){text.bytes, text_bytes_of(text, 1)}) > 0;
}

/* What stands before a paragraph: the first has the line's prefix, those of a script a {tag}. */
static fenlei_text make_prefix(struct setter *setter, fenlei_text prefix, fenlei_text paragraph,
                               bool is_first)
{
    fenlei_text indent = text_leading_blanks(prefix);
    bool is_tagged = setter->is_tagged && (!is_first || indent.size == prefix.size) &&
                     paragraph_is_sentence(paragraph) && !begins_with_bracket(paragraph);
    struct slots *slots = &setter->slots;
    slots_begin_line(slots);
    buffer_append_text(&slots->line, is_first ? prefix : indent);
    if (is_tagged)
        slots_append(slots, text_of("{tag+}"));
    return (fenlei_text){slots->line.bytes, slots->line.size};
}

/* The prefix stands before the first of them, the suffix behind the last, where it is a sentence.
 */
static void emit_paragraphs(struct setter *setter, const struct layout_line *line,
                            fenlei_text prefix, fenlei_text suffix, enum paragraphs which)
{
    fenlei_text rest = setter->slots.article.text, paragraph;
    bool is_first = true, after_heading = false;
    for (unsigned n = 0; rest.size > 0 && n < setter->n_kept;) {
        text_cut(&rest, '\n', &paragraph);
        if (paragraph.size == 0 || n++ < setter->n_set)
            continue;
        setter->n_set = n;
        setter->slots.below.bytes = paragraph.bytes;
        setter->slots.below.size = paragraph.size + (rest.size > 0 ? rest.size + 1 : 0);
        bool is_no_sentence = !is_first && !paragraph_is_sentence(paragraph);
        bool is_heading = is_no_sentence && rest.size > 0;
        if (is_heading && n == setter->n_kept)
            break; /* of what is not kept */
        if (setter->is_terse) {
            if (is_heading)
                continue; /* above one sentence it could not be told from a headline */
            paragraph = paragraph_first_sentence(paragraph);
        }
        if (!is_first) {
            emit_blank(setter, setter->blank);
            if (!is_no_sentence && !after_heading && !setter->is_terse)
                set_block(setter, PLACE_INSIDE);
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

/* ---- lines of a layout ---- */

/* {broken}: a headline over two lines. */
static void emit_broken(struct setter *setter, const struct layout_line *line)
{
    fenlei_text title = setter->slots.article.title;
    emit(setter, line->role, headline_break(&title, setter->slots.article.text));
    if (title.size > 0)
        emit(setter, text_of("headline+"), title);
}

/* A line of a head, broken where the column ends. */
static void emit_narrow(struct setter *setter, fenlei_text role, fenlei_text text)
{
    bool is_headline = text_equal(role, text_of("headline"));
    while (text_characters(text) > setter->wrap) {
        size_t size = text_bytes_of(text, setter->wrap);
        emit(setter, role, (fenlei_text){text.bytes, size});
        text = text_skip(text, size);
        role = is_headline ? text_of("headline+") : role;
    }
    emit(setter, role, text);
}

/* The paragraphs, where a line has a slot of them; else false. */
static bool set_paragraphs(struct setter *setter, const struct layout_line *line)
{
    static const char *const texts[] = {"{text}", "{first}"};
    struct slots *slots = &setter->slots;
    fenlei_text prefix, suffix;
    int which = ALL;
    while (which <= FIRST && !text_part_at(line->text, texts[which], &prefix, &suffix))
        which++;
    if (which > FIRST)
        return false;
    slots_append(slots, prefix);
    size_t size = slots->line.size;
    slots_append(slots, suffix);
    struct buffer own = slots->line; /* while the paragraphs, and what is between them, are set */
    slots->line = (struct buffer){0};
    emit_paragraphs(setter, line, (fenlei_text){own.bytes, size},
                    (fenlei_text){own.bytes + size, own.size - size}, (enum paragraphs)which);
    buffer_release(&own);
    return true;
}

static void set_line(struct setter *setter, const struct layout_line *line)
{
    struct slots *slots = &setter->slots;
    if (line->role.size == 0) {
        setter->pending += !setter->is_dense;
        return;
    }
    if (!draw_happens(&setter->random, line->percent))
        return;
    slots_begin_line(slots);
    fenlei_text before, behind;
    if (text_part_at(line->text, "{broken}", &before, &behind)) {
        emit_broken(setter, line);
        return;
    }
    if (set_paragraphs(setter, line))
        return;
    slots_append(slots, line->text);
    if (slots->lacks_part)
        return;
    fenlei_text text = {slots->line.bytes, slots->line.size};
    fenlei_text role = line->role, first, title = slots->article.title;
    if (text_equal(line->text, text_of("{title1}")) && !headline_cut(&title, &first))
        role = text_of("headline"); /* all of it: a kicker has its headline below */
    if (setter->is_narrow && !text_equal(role, text_of("furniture")))
        emit_narrow(setter, role, text);
    else
        emit(setter, role, text);
}

static void set_lines(struct setter *setter, const struct layout_block *block)
{
    for (size_t i = block->begin; i < block->end; i++)
        set_line(setter, &setter->layout->lines[i]);
}

/* ---- blocks ---- */

/* Every block of that place, with its probability; between two paragraphs one of them, for no paper
 * heads two sections at once. */
static void set_block(struct setter *setter, enum layout_place place)
{
    for (size_t i = 0; i < setter->layout->n_blocks; i++) {
        const struct layout_block *block = &setter->layout->blocks[i];
        bool rare = place == PLACE_BREAK && setter->wrap > 0; /* it is asked at every line */
        if (block->place == place && draw_happens(&setter->random, block->weight) &&
            (!rare || draw_below(&setter->random, 12) == 0)) {
            set_lines(setter, block);
            if (place == PLACE_INSIDE)
                break;
        }
    }
}

/* One of the blocks of an article, by weight. */
static const struct layout_block *draw_block(struct setter *setter)
{
    const struct layout *layout = setter->layout;
    const struct layout_block *last = NULL;
    size_t sum = 0;
    for (size_t i = 0; i < layout->n_blocks; i++)
        sum += layout->blocks[i].place == PLACE_ARTICLE ? layout->blocks[i].weight : 0;
    size_t at = draw_below(&setter->random, sum > 0 ? sum : 1);
    for (size_t i = 0; i < layout->n_blocks; i++) {
        if (layout->blocks[i].place != PLACE_ARTICLE)
            continue;
        last = &layout->blocks[i];
        if (at < last->weight)
            break;
        at -= last->weight;
    }
    return last;
}

/* ---- articles and pages ---- */

static void set_article(struct setter *setter)
{
    const struct layout *layout = setter->layout;
    uint64_t *random = &setter->random;
    const struct layout_block *block =
        setter->same_block != NULL ? setter->same_block : draw_block(setter);
    slots_begin_article(&setter->slots, article_pool_draw(setter->pool, random));
    bool is_short = draw_happens(random, layout->short_percent);
    setter->n_kept = is_short ? 1 + draw_below(random, 2) : UINT_MAX;
    setter->n_set = 0;
    setter->is_tagged = layout->tagged_percent > 0 && draw_happens(random, layout->tagged_percent);
    set_lines(setter, block);
}

/* What a layout leaves open for each page. */
static void draw_habits(struct setter *setter)
{
    const struct layout *layout = setter->layout;
    uint64_t *random = &setter->random;
    setter->spaced = 0;
    for (size_t i = 0; i < layout->n_spaced; i++)
        setter->spaced |= (uint32_t)draw_happens(random, layout->spaced[i].percent) << i;
    setter->wrap = draw_from(random, layout->wrap);
    if (layout->wrapped_percent < 100 && !draw_happens(random, layout->wrapped_percent))
        setter->wrap = 0;
    setter->blank = draw_setting(random, layout->blank);
    setter->indent = draw_setting(random, layout->indent);
    setter->is_dense = layout->dense_percent > 0 && draw_happens(random, layout->dense_percent);
    setter->is_terse = draw_happens(random, layout->terse_percent);
    setter->is_foreign = draw_happens(random, layout->foreign_percent);
    setter->script = text_of(draw_below(random, 4) > 0 ? "latin" : "cyrillic");
    setter->is_narrow = draw_happens(random, layout->narrow_percent) && setter->wrap > 0;
    setter->same_block = draw_happens(random, layout->alike_percent) ? draw_block(setter) : NULL;
}

static fenlei_status set_page(struct setter *setter)
{
    buffer_clear(&setter->page);
    setter->pending = 0;
    slots_begin_page(&setter->slots);
    draw_habits(setter);
    set_block(setter, PLACE_TOP);
    uint64_t page_random = setter->random;
    for (unsigned n = draw_from(&setter->random, setter->layout->articles); n > 0; n--) {
        setter->random = random_next(&page_random); /* whatever the articles before have drawn */
        set_article(setter);
        emit_blank(setter, setter->blank);
        if (n > 1)
            set_block(setter, PLACE_BETWEEN);
        emit_blank(setter, setter->blank);
    }
    set_block(setter, PLACE_BOTTOM);
    return setter->page.failed || setter->slots.line.failed ? error_memory(setter->slots.error)
                                                            : setter->slots.status;
}

static fenlei_status set_pages(struct setter *setter, uint64_t seed,
                               fenlei_status (*take)(void *context, fenlei_text page,
                                                     fenlei_error *error),
                               void *context, fenlei_error *error)
{
    fenlei_status status = FENLEI_OK;
    setter->random = seed;
    unsigned n_pages = draw_from(&setter->random, setter->layout->pages);
    for (unsigned page = 0; page < n_pages && status == FENLEI_OK; page++) {
        setter->random = random_next(&seed);
        status = set_page(setter);
        if (status == FENLEI_OK)
            status = take(context, (fenlei_text){setter->page.bytes, setter->page.size}, error);
    }
    buffer_release(&setter->page);
    slots_release(&setter->slots);
    return status;
}

fenlei_status layout_set(const char *path, const struct layout_words *words,
                         const struct layout_article *articles, size_t n_articles, uint64_t seed,
                         fenlei_status (*take)(void *context, fenlei_text page,
                                               fenlei_error *error),
                         void *context, fenlei_error *error)
{
    struct layout layout;
    struct article_pool pool = {0};
    fenlei_status status = layout_read(&layout, path, error);
    if (status == FENLEI_OK && !article_pool_make(&pool, articles, n_articles))
        status = error_memory(error);
    if (status == FENLEI_OK && pool.n_whole == 0)
        status = error_set(error, FENLEI_BAD_INPUT,
                           "%s: a layout needs articles that have a title and a text", path);
    if (status == FENLEI_OK) {
        struct setter setter = {.layout = &layout, .pool = &pool};
        setter.slots = (struct slots){.words = words, .random = &setter.random, .error = error};
        status = set_pages(&setter, seed, take, context, error);
        if (status == FENLEI_BAD_INPUT)
            error_locate(error, path, 0);
    }
    article_pool_release(&pool);
    layout_release(&layout);
    return status;
}
