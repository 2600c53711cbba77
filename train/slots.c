/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/slots.h"

#include "base/status.h"
#include "train/draw.h"
#include "train/heading.h"
#include "train/headline.h"
#include "train/layout.h"
#include "train/text.h"

#include <string.h>

enum { NESTING = 8 }; /* words within words */

void slots_lack_word(struct slots *slots, fenlei_text slot)
{
    if (slots->status == FENLEI_OK)
        slots->status = error_set(slots->error, FENLEI_BAD_INPUT, "no word for {%.*s}",
                                  (int)slot.size, slot.bytes);
}

static fenlei_text draw_word(struct slots *slots, fenlei_text slot)
{
    size_t n = layout_words_count(slots->words, slot);
    if (n > 0)
        return layout_words_at(slots->words, slot, draw_below(slots->random, n));
    slots_lack_word(slots, slot);
    return (fenlei_text){"", 0};
}

/* {paper*}: chosen once for a page; {section+}: once for an article. */
static fenlei_text kept_word(struct slots *slots, fenlei_text slot)
{
    fenlei_text name = {slot.bytes, slot.size - 1};
    for (size_t i = 0; i < slots->n_kept; i++)
        if (text_equal(slots->kept[i].slot, slot))
            return slots->kept[i].word;
    struct kept_word chosen = {slot, draw_word(slots, name)};
    if (slots->n_kept == SLOTS_KEPT)
        return chosen.word;
    struct kept_word *place = &slots->kept[slots->n_kept++];
    if (slot.bytes[slot.size - 1] == '*') {
        *place = slots->kept[slots->n_page_kept];
        place = &slots->kept[slots->n_page_kept++];
    }
    *place = chosen;
    return chosen.word;
}

/* The part of a title before (1) or behind (2) its space. */
static fenlei_text title_part(struct slots *slots, fenlei_text title, int part)
{
    fenlei_text first;
    bool is_parted = headline_cut(&title, &first);
    if (part == 2 && !is_parted)
        slots->lacks_part = true;
    return part == 1 ? first : title;
}

static void expand(struct slots *slots, fenlei_text text, int depth);

/* The number that the next heading of the article has. */
static void append_number(struct slots *slots, bool is_chinese)
{
    static const char *const numerals[] = {"一", "二", "三", "四", "五",
                                           "六", "七", "八", "九", "十"};
    unsigned number = slots->n_numbered++ % (sizeof numerals / sizeof *numerals);
    if (is_chinese)
        buffer_append_string(&slots->line, numerals[number]);
    else
        buffer_append_format(&slots->line, "%u", number + 1);
}

static void expand_slot(struct slots *slots, fenlei_text slot, int depth)
{
    struct range range;
    fenlei_text title = slots->article.title;
    if (text_equal(slot, text_of("title")))
        buffer_append_text(&slots->line, title);
    else if (text_equal(slot, text_of("title1")) || text_equal(slot, text_of("title2")))
        buffer_append_text(&slots->line, title_part(slots, title, slot.bytes[5] - '0'));
    else if (text_equal(slot, text_of("heading")))
        slots->lacks_part |= !heading_append(&slots->line, slots->below, slots->random);
    else if (layout_is_range(slot, &range))
        buffer_append_format(&slots->line, "%u", draw_from(slots->random, range));
    else if (text_equal(slot, text_of("next")) || text_equal(slot, text_of("hznext")))
        append_number(slots, slot.size > strlen("next"));
    else if (slot.size > 1 &&
             (slot.bytes[slot.size - 1] == '*' || slot.bytes[slot.size - 1] == '+'))
        expand(slots, kept_word(slots, slot), depth + 1);
    else
        expand(slots, draw_word(slots, slot), depth + 1);
}

static void expand(struct slots *slots, fenlei_text text, int depth)
{
    fenlei_text part, slot;
    while (text.size > 0 && depth < NESTING) {
        bool opens = text_cut(&text, '{', &part);
        buffer_append_text(&slots->line, part);
        if (!opens)
            break;
        text_cut(&text, '}', &slot);
        expand_slot(slots, slot, depth);
    }
}

void slots_append(struct slots *slots, fenlei_text text)
{
    expand(slots, text, 0);
}

void slots_begin_page(struct slots *slots)
{
    slots->n_kept = slots->n_page_kept = 0;
}

void slots_begin_article(struct slots *slots, struct layout_article article)
{
    slots->article = article;
    slots->below = article.text;
    slots->n_numbered = 0;
    slots->n_kept = slots->n_page_kept;
}

void slots_begin_line(struct slots *slots)
{
    slots->lacks_part = false;
    buffer_clear(&slots->line);
}

void slots_release(struct slots *slots)
{
    buffer_release(&slots->line);
}
