/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/foreign.h"

#include "base/random.h"
#include "base/utf8.h"
#include "label/fold.h"

/* Writes a word, with a capital where a sentence begins. */
static void append_word(struct buffer *page, fenlei_text word, bool is_first)
{
    size_t at = 0;
    int32_t c = utf8_next(word.bytes, &at);
    if (is_first) {
        char bytes[4];
        uint32_t capital = c >= 0x430 /* а */ ? (uint32_t)c - 0x20
                           : c >= 'a'         ? (uint32_t)c - 'a' + 'A'
                                              : (uint32_t)c;
        buffer_append(page, bytes, utf8_write(bytes, capital));
        word = text_skip(word, at);
    }
    buffer_append_text(page, word);
}

/* Writes what stands for a mark or a letter that is none of Han's: true where a sentence ends. */
static bool append_mark(struct buffer *page, int32_t c)
{
    char bytes[4];
    uint32_t folded = c == 0x3002 /* 。 */ ? '.' : c == 0x3001 /* 、 */ ? ',' : fold_character(c);
    buffer_append(page, bytes, utf8_write(bytes, folded == 0 ? ' ' : folded));
    bool ends = c == 0x3002 || folded == '?' || folded == '!';
    if (ends || folded == ',')
        buffer_append_string(page, " ");
    return ends;
}

/* A letter has the same word each time, so that what a headline says is said again below. */
bool foreign_append(struct buffer *page, const struct layout_words *words, fenlei_text script,
                    fenlei_text text, bool is_first)
{
    size_t n = layout_words_count(words, script);
    bool after_word = false;
    for (size_t at = 0; at < text.size;) {
        int32_t c = utf8_next(text.bytes, &at);
        bool is_han = (fold_class(c) & FOLD_CJK) != 0;
        if (is_han && n == 0)
            return false;
        if (is_han) {
            if (after_word)
                buffer_append_string(page, " ");
            append_word(page, layout_words_at(words, script, random_mix((uint64_t)c) % n),
                        is_first);
            is_first = false;
        } else {
            is_first = append_mark(page, c) || is_first;
        }
        after_word = is_han;
    }
    return true;
}
