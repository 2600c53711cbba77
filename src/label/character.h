/* SPDX-License-Identifier: BSD-3-Clause */
/* The characters of a page as a reader sees them: HTML's entities are resolved, what cannot be seen
 * is known, and what differs in form only is compared as one. All text is valid UTF-8. */
#ifndef LABEL_CHARACTER_H
#define LABEL_CHARACTER_H

#include "base/utf8.h"
#include "label/fold.h"

#include <stdbool.h>
#include <stdint.h>

/* The character of the entity that text.bytes[*at], which is &, begins; moves *at behind it. The &
 * itself where it begins none. */
int32_t character_of_entity(fenlei_text text, size_t *at);

/* The character at text.bytes[*at], an entity being one; moves *at behind it. Inline, as what
 * follows: it is asked for every character. */
static inline int32_t character_next(fenlei_text text, size_t *at)
{
    return text.bytes[*at] == '&' ? character_of_entity(text, at) : utf8_next(text.bytes, at);
}

/* Does it only steer a machine? Not what is white space or ends a line. */
static inline bool character_is_control(int32_t c)
{
    return c < ' ' ? c < '\t' || (c > '\r' && c < 0x1C) : c == 0x7F;
}

/* Is there nothing to be seen of it? Marks of files put together (U+FEFF), of places to break or
 * join, of directions and of variants, and controls. */
static inline bool character_is_invisible(int32_t c)
{
    if ((c > 0xAD && c < 0x34F) || (c > 0x206F && c < 0xFE00))
        return false; /* most letters of most texts */
    return character_is_control(c) || c == 0xAD || c == 0x34F || c == 0x61C || c == 0x180E ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c < 0xFE0F) || c == 0xFEFF ||
           (c >= 0xE0100 && c <= 0xE01EF);
}

/* Of what cannot be seen, what only a program put into a word; the others mean something to some
 * script, though not between Han characters. */
static inline bool character_is_dropped(int32_t c, bool after_han)
{
    enum { ZERO_WIDTH_SPACE = 0x200B };
    return character_is_control(c) || c == 0xAD || c == ZERO_WIDTH_SPACE || c == 0x2060 ||
           c == 0xFEFF || (after_han && character_is_invisible(c));
}

/* A Han character, or a letter of another script that is written without spaces. */
static inline bool character_is_han(int32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (fold_class(c) & FOLD_CJK) != 0;
}

/* White space, or nothing to be seen. */
static inline bool character_is_space(int32_t c)
{
    return (fold_class(c) & FOLD_SPACE) != 0 || character_is_invisible(c);
}

/* What a character is compared as: simplified, in lower case, of single width, a digit as 0, white
 * space as a blank; 0 for what cannot be seen. */
uint32_t character_compared(int32_t c);

/* Is that, as it is compared, a digit or one of 一 to 十? */
static inline bool character_is_numeral(uint16_t letter)
{
    static const uint16_t numerals[] = {'0',    0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                        0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341};
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++)
        if (letter == numerals[i])
            return true;
    return false;
}

/* Of a character as it is compared: what sort it is. A mark is a sort of its own, above these. */
enum character_sort { CHARACTER_DIGIT = 1, CHARACTER_HAN = 2, CHARACTER_LETTER = 3 };

static inline unsigned character_sort(uint16_t letter)
{
    if (letter == '0')
        return CHARACTER_DIGIT;
    if (letter >= 0x4E00 && letter <= 0x9FFF)
        return CHARACTER_HAN; /* most letters of most pages */
    uint32_t class = fold_class(letter);
    if ((class & FOLD_CJK) != 0)
        return CHARACTER_HAN;
    return (class & FOLD_LETTER) != 0 ? CHARACTER_LETTER : letter;
}

static inline bool character_is_mark(uint16_t letter)
{
    return character_sort(letter) > CHARACTER_LETTER;
}

/* Two in a row, in one number. */
static inline uint64_t character_pair(const uint16_t *letters)
{
    return (uint64_t)letters[0] << 16 | letters[1];
}

/* The columns that a character takes in a fixed-width font: 0 for what cannot be seen, 2 for Han
 * letters and what is set as wide, else 1. */
unsigned character_columns(int32_t c);

/* The part of a text, which it points into, without white space at both ends, or at its end alone;
 * an entity may be white space, too. *indent, where not NULL, becomes the columns taken off before
 * it, a tab counting as four, UINT16_MAX at most. */
fenlei_text character_trim(fenlei_text text, uint16_t *indent);
fenlei_text character_trim_end(fenlei_text text);

#endif
