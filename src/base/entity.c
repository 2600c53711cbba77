/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/entity.h"

#include <string.h>

/* HTML's entities that are met in text: what they stand for. */
static const struct entity {
    const char *name;
    int32_t character;
} entities[] = {
    {"&nbsp;", 0xA0},    {"&emsp;", 0x3000},   {"&ensp;", 0x2002},  {"&thinsp;", 0x2009},
    {"&amp;", '&'},      {"&lt;", '<'},        {"&gt;", '>'},       {"&quot;", '"'},
    {"&apos;", '\''},    {"&middot;", 0xB7},   {"&bull;", 0x2022},  {"&hellip;", 0x2026},
    {"&mdash;", 0x2014}, {"&ndash;", 0x2013},  {"&ldquo;", 0x201C}, {"&rdquo;", 0x201D},
    {"&lsquo;", 0x2018}, {"&rsquo;", 0x2019},  {"&laquo;", 0xAB},   {"&raquo;", 0xBB},
    {"&times;", 0xD7},   {"&deg;", 0xB0},      {"&copy;", 0xA9},    {"&shy;", 0xAD},
    {"&reg;", 0xAE},     {"&permil;", 0x2030}, {"&zwnj;", 0x200C},  {"&zwj;", 0x200D},
};

/* &#8220; or &#x201C;: the character, or -1. *size becomes the bytes it takes. */
static int32_t numeric_entity(fenlei_text text, size_t *size)
{
    bool is_hexadecimal = text.size > 2 && (text.bytes[2] | 0x20) == 'x';
    int32_t character = 0;
    size_t at = is_hexadecimal ? 3 : 2, first = at;
    for (; at < text.size && at < 10 && text.bytes[at] != ';'; at++) {
        int digit = text.bytes[at] >= '0' && text.bytes[at] <= '9' ? text.bytes[at] - '0' : -1;
        int letter = (text.bytes[at] | 0x20) - 'a';
        if (is_hexadecimal && digit < 0 && letter >= 0 && letter < 6)
            digit = letter + 10;
        if (digit < 0)
            return -1;
        character = character * (is_hexadecimal ? 16 : 10) + digit;
        if (character > 0x10FFFF)
            return -1;
    }
    if (at == first || at == text.size || text.bytes[at] != ';' || character == 0 ||
        (character >= 0xD800 && character < 0xE000))
        return -1;
    *size = at + 1;
    return character;
}

int32_t entity_of(fenlei_text text, size_t *size)
{
    if (text.size > 2 && text.bytes[1] == '#')
        return numeric_entity(text, size);
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        *size = strlen(entities[i].name);
        if (text.size >= *size && memcmp(text.bytes, entities[i].name, *size) == 0)
            return entities[i].character;
    }
    return -1;
}
