/* What one line of a page looks like, by itself. */
#ifndef LABEL_LINE_H
#define LABEL_LINE_H

#include "fenlei.h"

#include <stdint.h>

struct line {
    fenlei_text text;  /* without white space at the ends, # and ** */
    fenlei_text plain; /* the same with its Han characters simplified, for telling words */
    uint32_t number;   /* in the file, from 1 */
    uint32_t blank;    /* blank lines before it */
    uint32_t width;    /* characters */
    uint32_t heading;  /* number of # before it */
    bool finished;     /* ends like a sentence or a list item */
    bool is_lead;      /* 本报讯 and its like: a report begins */
    bool is_byline;    /* 本报记者 …, 通讯员 …, a media centre and names */
    bool is_name;      /* nothing but one to four personal names */
    bool is_short;     /* short enough for a headline, and of none of the kinds below */
    bool is_furniture; /* masthead, date, telephone, editors, page number */
    bool is_sponsor;   /* a firm …助推平安绍兴建设 */
    bool is_caption;   /* 图为 …, … 摄 */
    bool is_subtitle;  /* begins with —— */
    uint8_t role;      /* what page.c makes of it */
    size_t copied_to;  /* in page.text, where it is part of a headline, byline or body */
};

/* Describes the line `text` (valid UTF-8, without its line break); `plain` is what fold_simplify()
 * makes of it, of the same size. `number` and `blank` are the caller's. An empty text means a blank
 * line. */
struct line line_describe(fenlei_text text, fenlei_text plain);

/* One of a series of numbered headings, such as 关键词 1 ... 关键词 5. */
struct series {
    fenlei_text name; /* 关键词, of line.plain; empty when the line is no such heading */
    unsigned number;
};
struct series line_series(const struct line *line);

/* A signed article's author may be followed by the offices he or she holds. */
bool line_is_office(const struct line *line);

/* Could it be a line of a headline: short, and neither a sentence nor part of one? */
bool line_may_be_headline(const struct line *line);

#endif
