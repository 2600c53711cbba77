/* SPDX-License-Identifier: BSD-3-Clause */
/* The languages that pages and their messages speak. */
#ifndef HTML_LANGUAGE_H
#define HTML_LANGUAGE_H

#include "base/memory.h"

/* LANGUAGE_LATER: not known, so far or at all. */
enum language { CHINESE, ENGLISH, LANGUAGES, LANGUAGE_LATER = LANGUAGES };

/* For the attribute `lang`. */
const char *language_tag(enum language language);

/* The language named "zh" or "en"; LANGUAGE_LATER for another name. */
enum language language_named(const char *name);

/* The language of a locale such as "zh_CN.UTF-8": English for every other than Chinese, and
 * LANGUAGE_LATER for NULL, "", "C" and "POSIX", which say nothing of people. */
enum language language_of_locale(const char *locale);

#endif
