/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/remnant.h"

#include "base/memory.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* How many bytes there are up to and with the first `what` from byte `from` on; 0 for none. */
static size_t size_to(fenlei_text text, size_t from, const char *what)
{
    const char *found =
        from < text.size ? memmem(text.bytes + from, text.size - from, what, strlen(what)) : NULL;
    return found == NULL ? 0 : (size_t)(found - text.bytes) + strlen(what);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static fenlei_text trim(fenlei_text text)
{
    while (text.size > 0 && is_blank(text.bytes[0]))
        text = text_skip(text, 1);
    while (text.size > 0 && is_blank(text.bytes[text.size - 1]))
        text.size--;
    return text;
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* ---- tags ---- */

struct tag {
    size_t size; /* of all of it; 0 for none */
    fenlei_text name;
    bool is_end;
};

/* The tag at the front of a text: <br/>, </p>, <img src="1.jpg">. Not what is in brackets
 * otherwise, as <本报讯>. */
static struct tag tag_of(fenlei_text text)
{
    struct tag tag = {0, {NULL, 0}, false};
    if (text.size < 3 || text.bytes[0] != '<')
        return tag;
    tag.is_end = text.bytes[1] == '/';
    tag.name = text_skip(text, tag.is_end ? 2 : 1);
    size_t size = 0;
    while (size < tag.name.size &&
           (is_letter(tag.name.bytes[size]) ||
            (size > 0 && tag.name.bytes[size] >= '0' && tag.name.bytes[size] <= '9')))
        size++;
    bool is_name =
        size > 0 && size < tag.name.size && strchr(" \t/>", tag.name.bytes[size]) != NULL;
    tag.name.size = size;
    tag.size = is_name ? size_to(text, 0, ">") : 0;
    return tag;
}

static bool is_named(struct tag tag, const char *name)
{
    if (tag.size == 0 || tag.name.size != strlen(name))
        return false;
    for (size_t i = 0; i < tag.name.size; i++)
        if ((tag.name.bytes[i] | 0x20) != (name[i] | 0x20))
            return false;
    return true;
}

static bool is_one_of(struct tag tag, const char *const *names)
{
    for (; *names != NULL; names++)
        if (is_named(tag, *names))
            return true;
    return false;
}

/* The tag that a text ends with. */
static struct tag last_tag(fenlei_text text)
{
    const char *at = text.size > 0 ? memrchr(text.bytes, '<', text.size) : NULL;
    struct tag tag = {0, {NULL, 0}, false};
    if (at != NULL)
        tag = tag_of(text_skip(text, (size_t)(at - text.bytes)));
    return tag.size > 0 && at + tag.size == text.bytes + text.size
               ? tag
               : (struct tag){0, {NULL, 0}, false};
}

/* Does it hold the beginning, or the end, of an element of that name? */
static bool holds_tag(fenlei_text text, struct tag of, bool is_end)
{
    for (size_t i = 0; i < text.size; i++) {
        struct tag tag = text.bytes[i] == '<' ? tag_of(text_skip(text, i)) : (struct tag){0};
        if (tag.size > 0 && tag.is_end == is_end && tag.name.size == of.name.size &&
            strncasecmp(tag.name.bytes, of.name.bytes, of.name.size) == 0)
            return true;
    }
    return false;
}

/* ---- lines of remnants alone ---- */

/* ![](1.jpg) or ![1][2] at the front of a text, or such a picture as a link. */
static size_t picture_size(fenlei_text text)
{
    if (text_begins(text, "[![")) {
        size_t size = picture_size(text_skip(text, 1));
        return size > 0 && text_begins(text_skip(text, 1 + size), "](")
                   ? size_to(text, 1 + size, ")")
                   : 0;
    }
    if (!text_begins(text, "!["))
        return 0;
    size_t size = size_to(text, 2, "]");
    fenlei_text rest = text_skip(text, size);
    if (size == 0 || (!text_begins(rest, "(") && !text_begins(rest, "[")))
        return 0;
    size_t target = size_to(rest, 1, rest.bytes[0] == '(' ? ")" : "]");
    return target > 0 ? size + target : 0;
}

/* What stands for a picture that was left out: [图片], [image: 1.png], [[File:1.jpg|...]]. */
static size_t placeholder_size(fenlei_text text)
{
    static const struct {
        const char *opening, *closing;
    } pictures[] = {{"[图片", "]"}, {"【图片", "】"},  {"[image", "]"},   {"[Image", "]"},
                    {"[cid:", "]"}, {"[[File:", "]]"}, {"[[文件:", "]]"}, {"==> picture [", "<=="}};
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
        if (text_begins(text, pictures[i].opening))
            return size_to(text, strlen(pictures[i].opening), pictures[i].closing);
    return 0;
}

/* {2}------ between two pages. */
static bool is_page_mark(fenlei_text text)
{
    size_t size = text_begins(text, "{") ? size_to(text, 0, "}") : 0;
    if (size < 3 || !text_begins(text_skip(text, size), "---"))
        return false;
    for (size_t i = 1; i < size - 1; i++)
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
    return true;
}

enum remnant remnant_of(fenlei_text line)
{
    static const char *const pictures[] = {"img", "figure", "picture", "svg", NULL};
    enum remnant remnant = REMNANT_NONE;
    if (line.size == 0 || strchr("<![{=\xE3", line.bytes[0]) == NULL)
        return REMNANT_NONE; /* most lines */
    if (is_page_mark(line))
        return REMNANT_TAGS;
    while (line.size > 0) {
        struct tag tag = tag_of(line);
        size_t size = text_begins(line, "<!--") ? size_to(line, 4, "-->") : tag.size;
        bool is_picture = size > 0 && is_one_of(tag, pictures);
        if (size == 0) {
            size = picture_size(line);
            size = size > 0 ? size : placeholder_size(line);
            is_picture = size > 0;
        }
        if (size == 0)
            return text_begins(line, "\\") && line.size == 1 ? remnant : REMNANT_NONE;
        if (is_picture || remnant == REMNANT_NONE)
            remnant = is_picture ? REMNANT_PICTURE : REMNANT_TAGS;
        line = trim(text_skip(line, size));
    }
    return remnant;
}

/* ---- what stands around a line ---- */

/* Elements that say how a line is set, and nothing of what it is. */
static const char *const settings[] = {"p",  "div", "center", "font", "span",  "b",  "strong",
                                       "i",  "em",  "u",      "big",  "small", "br", "h1",
                                       "h2", "h3",  "h4",     "h5",   "h6",    NULL};

static void note(struct unwrapped *line, struct tag tag)
{
    if (tag.name.size == 2 && (tag.name.bytes[0] | 0x20) == 'h')
        line->heading = (unsigned)(tag.name.bytes[1] - '0');
    line->is_bold = line->is_bold || is_named(tag, "b") || is_named(tag, "strong");
}

/* An element around all of it, or one that has its other end in another line. */
static bool take_off_tags(struct unwrapped *line)
{
    struct tag first = tag_of(line->text), last = last_tag(line->text);
    bool is_first = !first.is_end && is_one_of(first, settings);
    bool is_last = is_one_of(last, settings) && (last.is_end || is_named(last, "br"));
    if (is_first && is_last && last.is_end && first.name.size == last.name.size &&
        strncasecmp(first.name.bytes, last.name.bytes, last.name.size) == 0) {
        note(line, first);
        line->text = text_skip(line->text, first.size);
        line->text.size -= last.size;
        return true;
    }
    if (is_last && (!last.is_end || !holds_tag(line->text, last, false))) {
        line->text.size -= last.size;
        return true;
    }
    if (is_first && !holds_tag(line->text, first, true)) {
        line->text = text_skip(line->text, first.size);
        return true;
    }
    return false;
}

/* ** or __ around all of it, or a single * or _; what wikis and others have in their place. */
static bool take_off_stars(struct unwrapped *line)
{
    static const char *const marks[] = {"***", "**", "__", "*", "_", "'''", "''", "==", "`"};
    fenlei_text text = line->text;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t size = strlen(marks[i]);
        if (text.size <= 2 * size || !text_begins(text, marks[i]) || !text_ends(text, marks[i]))
            continue;
        fenlei_text inner = {text.bytes + size, text.size - 2 * size};
        if (size_to(inner, 0, marks[i]) > 0 || is_blank(inner.bytes[0]) ||
            is_blank(inner.bytes[inner.size - 1]))
            continue;
        line->text = inner;
        line->is_bold = line->is_bold || size > 1;
        return true;
    }
    return false;
}

/* \section{...} and its like; {\Large ...} */
static bool take_off_command(struct unwrapped *line)
{
    if (text_begins(line->text, "{\\")) {
        size_t size = 2;
        while (size < line->text.size && is_letter(line->text.bytes[size]))
            size++;
        if (size == 2 || size + 2 > line->text.size || line->text.bytes[size] != ' ' ||
            !text_ends(line->text, "}"))
            return false;
        line->text = text_skip(line->text, size + 1);
        line->text.size--;
        return true;
    }
    static const struct {
        const char *name;
        unsigned heading;
    } commands[] = {{"\\title{", 1},       {"\\chapter{", 1},        {"\\chapter*{", 1},
                    {"\\section{", 1},     {"\\section*{", 1},       {"\\subsection{", 2},
                    {"\\subsection*{", 2}, {"\\subsubsection*{", 3}, {"\\author{", 0},
                    {"\\date{", 0},        {"\\textbf{", 0},         {"\\centerline{", 0}};
    for (size_t i = 0; text_ends(line->text, "}") && i < sizeof commands / sizeof *commands; i++)
        if (text_begins(line->text, commands[i].name)) {
            line->text = text_skip(line->text, strlen(commands[i].name));
            line->text.size--;
            line->heading = commands[i].heading;
            return true;
        }
    return false;
}

/* The sides of a box, as those of a table or between columns; those of a table of one column in
 * Markdown. */
static bool take_off_sides(struct unwrapped *line)
{
    static const char *const sides[] = {"│", "┃", "║"};
    bool is_off = false;
    if (text_begins(line->text, "|")) {
        is_off = line->text.size > 2 && size_to(line->text, 1, "|") == line->text.size;
        line->text = text_skip(line->text, is_off ? 1 : 0);
        line->text.size -= is_off ? 1 : 0;
        return is_off;
    }
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        size_t size = strlen(sides[i]);
        bool is_left = text_begins(line->text, sides[i]);
        line->text = text_skip(line->text, is_left ? size : 0);
        bool is_right = text_ends(line->text, sides[i]);
        line->text.size -= is_right ? size : 0;
        is_off = is_off || is_left || is_right;
    }
    return is_off;
}

struct unwrapped remnant_unwrap(fenlei_text line)
{
    struct unwrapped unwrapped = {.text = line};
    bool more = line.size > 0;
    while (more) {
        char first = unwrapped.text.bytes[0], last = unwrapped.text.bytes[unwrapped.text.size - 1];
        more = false;
        if (first == '<' || last == '>')
            more = take_off_tags(&unwrapped);
        else if (first != '\0' && strchr("*_'=`", first) != NULL)
            more = take_off_stars(&unwrapped);
        else if (first == '\\' || first == '{')
            more = take_off_command(&unwrapped);
        else if (first == '|' || first == '\xE2' || last == '\x82' || last == '\x83' ||
                 last == '\x91')
            more = take_off_sides(&unwrapped);
        if (more)
            unwrapped.text = trim(unwrapped.text);
        more = more && unwrapped.text.size > 0;
    }
    return unwrapped;
}

/* Takes what `prefix` says from the front of *text; false where it does not begin so. */
static bool take(fenlei_text *text, const char *prefix)
{
    bool is_there = text_begins(*text, prefix);
    if (is_there)
        *text = text_skip(*text, strlen(prefix));
    return is_there;
}

static void take_blanks(fenlei_text *text)
{
    while (take(text, " ") || take(text, "\t") || take(text, "　"))
        ;
}

/* Takes what says that a text is quoted: > or > >; not >>详见第5版. */
static void take_quotes(fenlei_text *text)
{
    while (text_begins(*text, "> ") || (text->size == 1 && text->bytes[0] == '>'))
        *text = trim(text_skip(*text, 1));
}

/* Takes the mark of a heading that is neither # nor = : ** of Org, h2. of Textile. Its rank, or 0.
 */
static unsigned take_heading(fenlei_text *text)
{
    unsigned rank = 0;
    if (text->size > 4 && text->bytes[0] == 'h' && text->bytes[1] >= '1' && text->bytes[1] <= '6' &&
        text_begins(text_skip(*text, 2), ". "))
        rank = (unsigned)(text->bytes[1] - '0');
    else
        while (rank < text->size && text->bytes[rank] == '*')
            rank++;
    bool is_org = text->bytes[0] == '*' && rank > 1 && rank < 7 && rank < text->size &&
                  text->bytes[rank] == ' ' && !text_ends(*text, "*");
    if (rank == 0 || (text->bytes[0] == '*' && !is_org))
        return 0;
    *text = trim(text_skip(*text, is_org ? rank : 3));
    return rank;
}

struct unwrapped remnant_opening(fenlei_text line)
{
    struct unwrapped opened = {.text = line};
    if (line.size == 0)
        return opened;
    if (line.bytes[0] == '>')
        take_quotes(&opened.text);
    if (opened.text.size > 0 && (opened.text.bytes[0] == '*' || opened.text.bytes[0] == 'h'))
        opened.heading = take_heading(&opened.text);
    if (opened.heading > 0)
        return opened;
    for (struct tag tag; (tag = tag_of(opened.text)).size > 0 && !tag.is_end;) {
        fenlei_text rest = text_skip(opened.text, tag.size);
        struct tag end = tag_of(rest);
        if (!end.is_end || end.name.size != tag.name.size ||
            strncasecmp(end.name.bytes, tag.name.bytes, tag.name.size) != 0)
            break;
        opened.text = trim(text_skip(rest, end.size));
    }
    fenlei_text rest = opened.text;
    while (opened.heading < 6 && take(&rest, "="))
        opened.heading++;
    bool is_closed = opened.heading > 1 && rest.size > 2 && text_ends(rest, "==");
    if (opened.heading > 0 && (text_begins(rest, " ") || is_closed)) {
        opened.text = trim(rest);
        while (opened.heading > 0 && text_ends(opened.text, "="))
            opened.text.size--;
        opened.text = trim(opened.text);
    } else {
        opened.heading = 0;
    }
    return opened;
}

/* ---- items of a list ---- */

fenlei_text remnant_item(fenlei_text line)
{
    static const char *const marks[] = {"- [ ] ", "- [x] ", "- ", "* ", "+ "};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (text_begins(line, marks[i]) && line.bytes[line.size - 1] != marks[i][0])
            return trim(text_skip(line, strlen(marks[i])));
    return line;
}

/* ---- fields ---- */

/* Takes a name of two letters or a word, which may be set apart: 标 题. */
static bool take_name(fenlei_text *text, const char *name)
{
    fenlei_text rest = *text;
    if (take(&rest, name)) {
        *text = rest;
        return true;
    }
    if (strlen(name) != 6 || (unsigned char)name[0] < 0xE0 || rest.size < 3 ||
        memcmp(rest.bytes, name, 3) != 0)
        return false;
    rest = text_skip(rest, 3);
    take_blanks(&rest);
    if (!take(&rest, name + 3))
        return false;
    *text = rest;
    return true;
}

/* Takes a name of a field with what marks it as one: 标题: or 【标题】 or **标题**: or **标题：**
 */
static bool take_field(fenlei_text *text, const char *name)
{
    static const char *const brackets[][2] = {{"【", "】"}, {"[", "]"}, {"**", "**"}, {"", ""}};
    static const char *const ends[] = {":", "：", "=", "\t"};
    static const char *const closing[] = {":**", "：**"};
    for (size_t i = 0; i < sizeof closing / sizeof *closing; i++) {
        fenlei_text rest = *text;
        if (take(&rest, "**") && take_name(&rest, name) && take(&rest, closing[i])) {
            *text = rest;
            return true;
        }
    }
    for (size_t b = 0; b < sizeof brackets / sizeof *brackets; b++) {
        fenlei_text rest = *text;
        if (!take(&rest, brackets[b][0]) || !take_name(&rest, name) || !take(&rest, brackets[b][1]))
            continue;
        bool is_ended = b < 2;
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
            is_ended = take(&rest, ends[i]) || is_ended;
        if (!is_ended)
            continue;
        *text = rest;
        return true;
    }
    return false;
}

bool remnant_may_be_field(fenlei_text row)
{
    static const char firsts[] = "标正内来作时日发链摘关原文新【";
    while (row.size > 0 && (is_blank(row.bytes[0]) || text_begins(row, "　")))
        row = text_skip(row, is_blank(row.bytes[0]) ? 1 : strlen("　"));
    if (row.size < 3 || (unsigned char)row.bytes[0] < 0x80)
        return row.size >= 3 && strchr("tTcCasdu[*-", row.bytes[0]) != NULL;
    for (size_t i = 0; i < sizeof firsts - 1; i += 3)
        if (memcmp(row.bytes, firsts + i, 3) == 0)
            return true;
    return false;
}

enum remnant_field remnant_field(fenlei_text line, size_t *size)
{
    static const struct {
        const char *name;
        enum remnant_field field;
    } fields[] = {{"标题", FIELD_TITLE},   {"文章标题", FIELD_TITLE}, {"新闻标题", FIELD_TITLE},
                  {"title", FIELD_TITLE},  {"Title", FIELD_TITLE},    {"正文", FIELD_TEXT},
                  {"内容", FIELD_TEXT},    {"text", FIELD_TEXT},      {"content", FIELD_TEXT},
                  {"Content", FIELD_TEXT}, {"来源", FIELD_OTHER},     {"作者", FIELD_OTHER},
                  {"时间", FIELD_OTHER},   {"日期", FIELD_OTHER},     {"发布时间", FIELD_OTHER},
                  {"author", FIELD_OTHER}, {"date", FIELD_OTHER},     {"source", FIELD_OTHER},
                  {"链接", FIELD_OTHER},   {"url", FIELD_OTHER},      {"摘要", FIELD_OTHER},
                  {"关键词", FIELD_NOTE},  {"原标题", FIELD_NOTE}};
    if (!remnant_may_be_field(line))
        return FIELD_NONE; /* most lines */
    fenlei_text rest = line;
    if (!take(&rest, "- "))
        take(&rest, "* ");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!take_field(&rest, fields[i].name))
            continue;
        *size = (size_t)(rest.bytes - line.bytes);
        return fields[i].field;
    }
    return FIELD_NONE;
}
