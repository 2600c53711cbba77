/* SPDX-License-Identifier: BSD-3-Clause */
#include "html/language.h"

#include <string.h>

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
