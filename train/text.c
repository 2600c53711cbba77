/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/text.h"

#include "base/utf8.h"
#include "label/fold.h"

#include <string.h>

bool text_cut(fenlei_text *rest, char separator, fenlei_text *part)
{
    const char *found = rest->size > 0 ? memchr(rest->bytes, separator, rest->size) : NULL;
    size_t size = found != NULL ? (size_t)(found - rest->bytes) : rest->size;
    *part = (fenlei_text){rest->bytes, size};
    size_t skipped = found != NULL ? size + 1 : size;
    *rest = (fenlei_text){rest->bytes + skipped, rest->size - skipped};
    return found != NULL;
}

bool text_part_at(fenlei_text text, const char *middle, fenlei_text *before, fenlei_text *behind)
{
    size_t size = strlen(middle);
    const char *found = text.size > 0 ? memmem(text.bytes, text.size, middle, size) : NULL;
    if (found == NULL)
        return false;
    *before = (fenlei_text){text.bytes, (size_t)(found - text.bytes)};
    *behind = (fenlei_text){found + size, text.size - before->size - size};
    return true;
}

size_t text_characters(fenlei_text text)
{
    size_t n = 0;
    for (size_t at = 0; at < text.size; n++)
        utf8_next(text.bytes, &at);
    return n;
}

size_t text_bytes_of(fenlei_text text, size_t n)
{
    size_t at = 0;
    while (at < text.size && n-- > 0)
        utf8_next(text.bytes, &at);
    return at;
}

fenlei_text text_leading_blanks(fenlei_text text)
{
    size_t size = 0;
    for (size_t at = 0; at < text.size; size = at)
        if ((fold_class(utf8_next(text.bytes, &at)) & FOLD_SPACE) == 0)
            break;
    return (fenlei_text){text.bytes, size};
}

int text_open_brackets(fenlei_text text)
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
