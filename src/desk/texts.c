/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/texts.h"

#include <string.h>
#include <strings.h>

static const char *const texts[TEXT_COUNT][LANGUAGES] = {
#define TEXT_ROW(name, chinese, english) {chinese, english},
    TEXTS(TEXT_ROW)
#undef TEXT_ROW
};

const char *text_in(enum language language, enum text text)
{
    return texts[text][language];
}

enum language language_preferred(fenlei_text header)
{
    for (size_t at = 0; at + 2 <= header.size; at++) {
        bool begins = at == 0 || header.bytes[at - 1] == ',' || header.bytes[at - 1] == ' ';
        if (begins && strncasecmp(header.bytes + at, "zh", 2) == 0)
            return CHINESE;
        if (begins && strncasecmp(header.bytes + at, "en", 2) == 0)
            return ENGLISH;
    }
    return CHINESE;
}
