/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/character.h"

#include "base/entity.h"
#include "base/memory.h"

#include <string.h>

int32_t character_of_entity(fenlei_text text, size_t *at)
{
    size_t size;
    int32_t character = entity_of(text_skip(text, *at), &size);
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
    *at += character >= 0 ? size : 1;
    return character >= 0 ? character : '&';
}

uint32_t character_compared(int32_t c)
{
    if (c >= 0x4E00 && c <= 0x9FFF)
        return fold_character(c); /* most letters of most pages */
    if ((fold_class(c) & FOLD_SPACE) != 0)
        return ' ';
    if (character_is_invisible(c))
        return 0;
    uint32_t folded = fold_character(c);
    return folded >= '0' && folded <= '9' ? '0' : folded;
}

static bool is_wide(int32_t c)
{
    return c >= 0x1100 &&
           (c <= 0x115F || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
            (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) ||
            (c >= 0xFF00 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6) || c >= 0x1F300);
}

/* Chinese quotes and dashes are set as wide as letters. */
unsigned character_columns(int32_t c)
{
    if (character_is_invisible(c))
        return 0;
    return is_wide(c) || (c >= 0x2014 && c <= 0x2026) ? 2 : 1;
}

/* The size of the white space that a text ends with, written as an entity; 0 for none. */
static size_t last_entity(fenlei_text text)
{
    const char *at = text_ends(text, ";") ? memrchr(text.bytes, '&', text.size) : NULL;
    size_t size;
    if (at == NULL)
        return 0;
    fenlei_text entity = {at, (size_t)(text.bytes + text.size - at)};
    int32_t character = entity_of(entity, &size);
    return character >= 0 && size == entity.size && character_is_space(character) ? size : 0;
}

fenlei_text character_trim_end(fenlei_text text)
{
    while (text.size > 0) {
        size_t size = last_entity(text), at = 0;
        if (size == 0) {
            size = utf8_last_size(text.bytes, text.size);
            if (!character_is_space(utf8_next(text.bytes + text.size - size, &at)))
                break;
        }
        text.size -= size;
    }
    return text;
}

fenlei_text character_trim(fenlei_text text, uint16_t *indent)
{
    unsigned columns = 0;
    size_t at = 0, next = 0;
    int32_t c;
    while (at < text.size && character_is_space(c = character_next(text, &next))) {
        columns += c == '\t' ? 4 : character_columns(c);
        at = next;
    }
    if (indent != NULL)
        *indent = (uint16_t)(columns < UINT16_MAX ? columns : UINT16_MAX);
    return character_trim_end(text_skip(text, at));
}
