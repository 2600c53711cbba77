/* SPDX-License-Identifier: BSD-3-Clause */
/* What converters and crawlers leave in the lines of a page: marks of Markdown, tags of HTML,
 * commands of LaTeX, names of fields. None of it was on paper. */
#ifndef LABEL_REMNANT_H
#define LABEL_REMNANT_H

#include "fenlei.h"

#include <stdbool.h>

enum remnant {
    REMNANT_NONE,
    REMNANT_TAGS,   /* elements and comments without a text, such as <br> or <!-- PageBreak --> */
    REMNANT_PICTURE /* one or more pictures, such as ![](1.jpg) */
};

/* What a line is that is made of remnants alone; else REMNANT_NONE. */
enum remnant remnant_of(fenlei_text line);

struct unwrapped {
    fenlei_text text; /* within the line, white space at its ends */
    unsigned heading; /* 1 to 6 where it was marked as one; else 0 */
    bool is_bold;
};

/* Takes off what stands around all of a line without white space at its ends: <h2>...</h2>,
 * **...**, \section{...}. */
struct unwrapped remnant_unwrap(fenlei_text line);

/* Takes off what stands before a heading or what is quoted: <span id="1"></span>, >, == of a wiki,
 * with those at its end. */
struct unwrapped remnant_opening(fenlei_text line);

/* An item of a list without its mark: - or * */
fenlei_text remnant_item(fenlei_text line);

/* The fields of a crawler's record: 标题: ... 来源: ... 正文: ... */
enum remnant_field {
    FIELD_NONE,
    FIELD_TITLE,
    FIELD_TEXT,
    FIELD_NOTE, /* never a line of headline or text: 关键词, 原标题 */
    FIELD_OTHER /* may be one: 时间, 摘要 */
};

/* Does a row look at first sight as if it might? */
bool remnant_may_be_field(fenlei_text row);

/* Which one a line without white space before it begins with; *size becomes that of its name. */
enum remnant_field remnant_field(fenlei_text line, size_t *size);

#endif
