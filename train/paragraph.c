/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/paragraph.h"

#include "base/utf8.h"
#include "train/text.h"

#include <string.h>

fenlei_text paragraph_first_sentence(fenlei_text paragraph)
{
    static const char stop[] = "。";
    const char *end = memmem(paragraph.bytes, paragraph.size, stop, sizeof stop - 1);
    if (end != NULL)
        paragraph.size = (size_t)(end - paragraph.bytes) + sizeof stop - 1;
    return paragraph;
}

/* Headings and names are short and end without a mark. */
bool paragraph_is_sentence(fenlei_text paragraph)
{
    enum { LETTERS_MOST = 24 };
    static const char stops[] = "。！？；：…，”!?;:.,";
    size_t size = utf8_last_size(paragraph.bytes, paragraph.size);
    return text_characters(paragraph) > LETTERS_MOST ||
           memmem(stops, sizeof stops - 1, paragraph.bytes + paragraph.size - size, size) != NULL ||
           paragraph_first_sentence(paragraph).size < paragraph.size;
}
