#include "html/language.h"

#include "base/utf8.h"

#include <string.h>

enum { LANGUAGE_LOOK = 300 /* characters that tell the language of a text */ };

const char *language_tag(enum language language)
{
    return language == CHINESE ? "zh-Hans" : "en";
}

enum language language_named(const char *name)
{
    if (strcmp(name, "zh") == 0)
        return CHINESE;
    return strcmp(name, "en") == 0 ? ENGLISH : LANGUAGE_LATER;
}

enum language language_of_locale(const char *locale)
{
    if (locale == NULL || locale[0] == '\0' || strcmp(locale, "POSIX") == 0 ||
        strcmp(locale, "C") == 0 || strncmp(locale, "C.", 2) == 0)
        return LANGUAGE_LATER;
    return strncmp(locale, "zh", 2) == 0 ? CHINESE : ENGLISH;
}

bool text_is_chinese(fenlei_text text)
{
    size_t han = 0, kana = 0, n = 0;
    for (size_t at = 0; at < text.size && n < LANGUAGE_LOOK; n++) {
        int32_t c = utf8_next(text.bytes, &at);
        han += c >= 0x3400 && c < 0xA000;
        kana += c >= 0x3040 && c < 0x3100;
    }
    return han * 4 > n && kana == 0;
}
