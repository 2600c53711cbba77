/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/styling.h"

#include "base/memory.h"

#include <string.h>
#include <strings.h>

enum { REACH = 600 /* bytes of a line within which a mark has its end */ };

static const struct {
    char mark;
    size_t least, most; /* of them in a row */
} pairs[STYLING_PAIRS] = {{'*', 2, 3}, {'_', 2, 2}, {'~', 2, 2}};

/* Tags that say how letters look, or where lines end. Others are text, as in 《<script>》. */
static const char *const tags[] = {
    "b",   "br",   "strong", "em",  "i",     "u",      "s",      "p",    "a",    "img",
    "div", "span", "font",   "sup", "sub",   "center", "hr",     "nobr", "ruby", "rb",
    "h1",  "h2",   "h3",     "h4",  "h5",    "h6",     "li",     "ul",   "ol",   "td",
    "tr",  "th",   "table",  "big", "small", "wbr",    "section"};

/* Those of forums, in square brackets. */
static const char *const forum_tags[] = {
    "b",     "i",      "u",    "s",     "p",    "url",  "img",   "quote", "color", "size", "font",
    "align", "center", "left", "right", "list", "code", "table", "tr",    "td",    "email"};

static char at_or_nul(fenlei_text text, size_t at)
{
    return at < text.size ? text.bytes[at] : '\0';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_word(char c)
{
    return is_digit(c) || is_letter(c);
}

/* What of the line can be reached from `at` on. */
static fenlei_text reach(fenlei_text text, size_t at)
{
    size_t most = text.size - at < REACH ? text.size - at : REACH;
    const char *end = memchr(text.bytes + at, '\n', most);
    return (fenlei_text){text.bytes + at, end != NULL ? (size_t)(end - text.bytes) - at : most};
}

/* How many bytes there are up to and with the first `what`; 0 where it is not there. */
static size_t size_to(fenlei_text text, size_t from, const char *what)
{
    const char *found =
        from < text.size ? memmem(text.bytes + from, text.size - from, what, strlen(what)) : NULL;
    return found == NULL ? 0 : (size_t)(found - text.bytes) + strlen(what);
}

static bool is_named(const char *name, size_t size, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(names[i]) == size && strncasecmp(names[i], name, size) == 0)
            return true;
    return false;
}

/* ---- pairs ---- */

static size_t run_size(fenlei_text text, size_t at)
{
    size_t size = 0;
    while (at + size < text.size && text.bytes[at + size] == text.bytes[at])
        size++;
    return size;
}

/* The end of a pair that opens at `at`, its marks so many; 0 where none does. */
static size_t pair_end(const struct styling *styling, size_t at, size_t size)
{
    fenlei_text text = styling->text;
    char c = text.bytes[at];
    size_t to = at + reach(text, at).size;
    bool is_inside = c == '_' && at > 0 && is_word(text.bytes[at - 1]);
    if (is_space(at_or_nul(text, at + size)) || is_inside)
        return 0;
    for (size_t i = at + size; i + size <= to;) {
        if (text.bytes[i] != c) {
            i++;
            continue;
        }
        size_t n = run_size(text, i);
        if (n == size && !is_space(text.bytes[i - 1]) &&
            !(c == '_' && is_word(at_or_nul(text, i + n))))
            return i;
        i += n;
    }
    return 0;
}

/* One of a pair at `at`, the first or the last: its size, or 0. */
static size_t pair_size(struct styling *styling, size_t at)
{
    fenlei_text text = styling->text;
    for (size_t i = 0; i < STYLING_PAIRS; i++) {
        if (text.bytes[at] != pairs[i].mark)
            continue;
        if (at > 0 && text.bytes[at - 1] == pairs[i].mark && styling->ends[i] != at)
            return 0; /* within a run of them */
        size_t size = run_size(text, at);
        if (styling->ends[i] == at && at > 0) {
            styling->ends[i] = 0;
            return size;
        }
        if (styling->ends[i] > at || size < pairs[i].least || size > pairs[i].most)
            return 0;
        styling->ends[i] = pair_end(styling, at, size);
        return styling->ends[i] > 0 ? size : 0;
    }
    return 0;
}

/* ---- tags ---- */

/* Takes `what` from the front of *text. */
static bool take(fenlei_text *text, const char *what)
{
    bool is_there = text_begins(*text, what);
    if (is_there)
        *text = text_skip(*text, strlen(what));
    return is_there;
}

/* The same bracket as HTML has it, and as it is where HTML was escaped once or twice. */
static const char *const opening[] = {"<", "&lt;", "&amp;lt;"};
static const char *const closing[] = {">", "&gt;", "&amp;gt;"};

static size_t tag_size(fenlei_text line)
{
    static const char cdata[] = "<![CDATA[";
    if (text_begins(line, cdata))
        return strlen(cdata);
    static const char *const readings[] = {"rt", "rp"}; /* beside a letter, how it is read */
    for (size_t i = 0; i < sizeof opening / sizeof *opening; i++) {
        fenlei_text rest = line;
        size_t size = 0;
        if (!take(&rest, opening[i]))
            continue;
        if (i == 0 && text_begins(rest, "!--"))
            return size_to(line, 4, "-->");
        bool is_end = take(&rest, "/");
        while (is_word(at_or_nul(rest, size)))
            size++;
        fenlei_text behind = text_skip(rest, size);
        bool is_reading = is_named(rest.bytes, size, readings, sizeof readings / sizeof *readings);
        if ((!is_reading && !is_named(rest.bytes, size, tags, sizeof tags / sizeof *tags)) ||
            !(text_begins(behind, " ") || text_begins(behind, "/") ||
              text_begins(behind, closing[i])))
            return 0;
        size_t from = (size_t)(behind.bytes - line.bytes);
        size_t end = size_to(line, from, closing[i]);
        if (end == 0 || !is_reading || is_end)
            return end;
        size_t gone = size_to(line, end, opening[i]); /* the reading itself */
        return gone > 0 ? gone - strlen(opening[i]) : end;
    }
    return 0;
}

/* [b], [/b], [color=red]; a picture with its address. One in capitals may be a text's own, as [B].
 */
static size_t forum_tag_size(fenlei_text line)
{
    bool is_end = at_or_nul(line, 1) == '/', is_small = true;
    size_t from = is_end ? 2 : 1, size = 0;
    for (; is_letter(at_or_nul(line, from + size)); size++)
        is_small = is_small && line.bytes[from + size] >= 'a';
    char behind = at_or_nul(line, from + size);
    if (!is_named(line.bytes + from, size, forum_tags, sizeof forum_tags / sizeof *forum_tags) ||
        (behind != ']' && (behind != '=' || is_end)))
        return 0;
    size_t end = size_to(line, from + size, "]");
    if (size == 3 && !is_end && strncasecmp(line.bytes + from, "img", 3) == 0) {
        size_t picture = size_to(line, end, "[/img]");
        return picture > 0 ? picture : end;
    }
    if (is_small || is_end || behind == '=')
        return end;
    char last[8] = "[/";
    memcpy(last + 2, line.bytes + from, size < 4 ? size : 4);
    return size_to(line, end, last) > 0 ? end : 0;
}

/* ---- links ---- */

/* The tail of "[words](address)" from its "]" on: the words stay. */
static size_t link_tail_size(fenlei_text line)
{
    if (text_begins(line, "]{#") || text_begins(line, "]{."))
        return size_to(line, 2, "}"); /* [words]{.class} */
    if (at_or_nul(line, 1) != '(')
        return 0;
    fenlei_text address = text_skip(line, 2);
    bool leads = (address.size > 3 && strncasecmp(address.bytes, "http", 4) == 0) ||
                 (address.size > 2 && strchr("/#.", address.bytes[0]) != NULL);
    return leads ? size_to(line, 2, ")") : 0;
}

/* "[", "![" or "[[" of a link, with the name of what it leads to where its words are others; a
 * colour of a terminal that lost its first letter; the number of a note. */
static size_t bracket_size(fenlei_text line)
{
    size_t head = line.bytes[0] == '!' ? 2 : 1;
    if (head == 2 && at_or_nul(line, 1) != '[')
        return 0;
    if (head == 1 && text_begins(line, "[[")) {
        size_t end = size_to(line, 2, "]]");
        size_t words = end > 0 ? size_to((fenlei_text){line.bytes, end}, 2, "|") : 0;
        return end == 0 ? 0 : words > 0 ? words : 2;
    }
    if (head == 1 && text_begins(line, "[^"))
        return size_to(line, 2, "]");
    size_t digits = 1;
    while (is_digit(at_or_nul(line, digits)) || at_or_nul(line, digits) == ';')
        digits++;
    if (head == 1 && digits > 1 && at_or_nul(line, digits) == 'm' &&
        at_or_nul(line, digits + 1) != ']')
        return digits + 1;
    size_t close = size_to(line, head, "]");
    return close > 0 && link_tail_size(text_skip(line, close - 1)) > 0 ? head : 0;
}

/* What "]]" at `at` ends: a link of a wiki, or a section of XML. */
static size_t double_bracket_size(fenlei_text text, size_t at)
{
    size_t from = at < REACH ? 0 : at - REACH;
    fenlei_text rest = text_skip(text, at);
    if (text_begins(rest, "]]>")) {
        bool is_open = memmem(text.bytes + from, at - from, "<![CDATA[", 9) != NULL;
        return is_open || rest.size == 3 ? 3 : 0;
    }
    bool is_link = text_begins(rest, "]]") && memmem(text.bytes + from, at - from, "[[", 2) != NULL;
    return is_link ? 2 : 0;
}

/* _x000D_, which Excel writes in place of a letter that is none. */
static size_t underline_size(fenlei_text line)
{
    size_t size = 2;
    if (!text_begins(line, "_x"))
        return 0;
    while (size < 6 && (is_digit(at_or_nul(line, size)) ||
                        (at_or_nul(line, size) >= 'A' && at_or_nul(line, size) <= 'F')))
        size++;
    return size == 6 && at_or_nul(line, 6) == '_' ? 7 : 0;
}

/* ---- others ---- */

/* ESC [ 1 ; 31 m, as it tells a terminal how to show what follows. */
static size_t terminal_size(fenlei_text line)
{
    size_t size = 1;
    if (at_or_nul(line, 1) != '[')
        return 1;
    for (size = 2; size < line.size && !is_letter(line.bytes[size]); size++)
        if (line.bytes[size] < ' ')
            return 1;
    return size < line.size ? size + 1 : 1;
}

/* A backslash before a mark that shall be none, or where a line is broken. */
static size_t backslash_size(fenlei_text line)
{
    char next = at_or_nul(line, 1);
    bool is_mark = next != '\0' && strchr("*_#[]()`~-+.!|>{}", next) != NULL;
    bool is_quote = text_begins(text_skip(line, 1), "“") || text_begins(text_skip(line, 1), "”");
    return is_mark || is_quote || line.size == 1 ? 1 : 0;
}

size_t styling_size(struct styling *styling, size_t at)
{
    fenlei_text line = reach(styling->text, at);
    size_t size;
    switch (styling->text.bytes[at]) {
    case 0x1B:
        return terminal_size(line);
    case '<':
    case '&':
        return tag_size(line);
    case '[':
        size = forum_tag_size(line);
        return size > 0 ? size : bracket_size(line);
    case '!':
        return bracket_size(line);
    case ']':
        size = double_bracket_size(styling->text, at);
        return size > 0 ? size : link_tail_size(line);
    case '_':
        size = underline_size(line);
        return size > 0 || styling->keeps_pairs ? size : pair_size(styling, at);
    case '\\':
        return backslash_size(line);
    default:
        return styling->keeps_pairs ? 0 : pair_size(styling, at);
    }
}
