/* SPDX-License-Identifier: BSD-3-Clause */
#include "read/hypertext.h"

#include "base/status.h"
#include "base/utf8.h"
#include "label/decode.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LEVELS = 4, LONG = 15 /* letters of a passage that is text */ };

/* The part of all text that the article's element must hold. */
static const double NEARLY_ALL = 0.8;

/* Text between two breaks of line. */
struct passage {
    size_t text, text_size; /* in letters */
    size_t n, n_linked;     /* letters; those in links */
    unsigned level;         /* of a heading, 1 to 6; else 0 */
    uint32_t source;
    const xmlNode *element;
};

struct hypertext {
    struct buffer letters;
    struct passage *passages; /* [n] */
    size_t n, capacity;
    struct passage open;
    struct buffer open_text;
    bool after_space, failed;
};

/* ---- passages ---- */

static bool is_one_of(const xmlNode *node, const char *const *names)
{
    for (; node->name != NULL && *names != NULL; names++)
        if (strcasecmp((const char *)node->name, *names) == 0)
            return true;
    return false;
}

/* Is it never shown? What is only `visibility: hidden` a script may show, as WeChat's pages do. */
static bool is_hidden(const xmlNode *node)
{
    for (const xmlAttr *of = node->properties; of != NULL; of = of->next) {
        const char *value = of->children != NULL ? (const char *)of->children->content : NULL;
        if (strcasecmp((const char *)of->name, "hidden") == 0)
            return true;
        if (value == NULL || strcasecmp((const char *)of->name, "style") != 0)
            continue;
        const char *display = strcasestr(value, "display");
        display = display != NULL ? display + strlen("display") : "";
        display += strspn(display, " :");
        if (strncasecmp(display, "none", 4) == 0)
            return true;
    }
    return false;
}

/* Nor is it a text of the page how a letter is read (rt). */
static bool is_dropped(const xmlNode *node)
{
    static const char *const names[] = {
        "head",   "script", "style",    "noscript", "template", "nav", "aside",  "footer", "form",
        "button", "select", "textarea", "iframe",   "object",   "svg", "canvas", "audio",  "video",
        "menu",   "dialog", "map",      "noframes", "rt",       "rp",  NULL};
    return is_one_of(node, names) || is_hidden(node);
}

static bool is_inline(const xmlNode *node)
{
    static const char *const names[] = {"a",     "abbr", "b",      "bdi",    "bdo", "big",  "cite",
                                        "code",  "del",  "em",     "font",   "i",   "ins",  "kbd",
                                        "label", "mark", "q",      "rp",     "rt",  "ruby", "s",
                                        "small", "span", "strike", "strong", "sub", "sup",  "time",
                                        "tt",    "u",    "var",    "wbr",    "img", NULL};
    return is_one_of(node, names);
}

static unsigned heading_of(const xmlNode *node)
{
    const char *name = (const char *)node->name;
    bool is_heading = name != NULL && (name[0] == 'h' || name[0] == 'H') && name[1] >= '1' &&
                      name[1] <= '6' && name[2] == '\0';
    return is_heading ? (unsigned)(name[1] - '0') : 0;
}

static void end_passage(struct hypertext *page)
{
    struct passage *open = &page->open;
    if (page->open_text.size > 0 && !page->failed) {
        open->text = page->letters.size;
        open->text_size = page->open_text.size;
        buffer_append(&page->letters, page->open_text.bytes, page->open_text.size);
        page->failed = page->letters.failed || page->open_text.failed ||
                       !array_reserve(&page->passages, &page->capacity, page->n + 1, sizeof *open);
        if (!page->failed)
            page->passages[page->n++] = *open;
    }
    buffer_clear(&page->open_text);
    *open = (struct passage){.level = open->level};
    page->after_space = false;
}

/* Spaces of any kind, which become one. */
static bool is_space(int32_t c)
{
    return c <= ' ' || c == 0xA0 || c == 0x3000 || c == 0x200B || c == 0xFEFF;
}

/* Within <pre>, where a line end ends a line. */
static bool is_preformatted(const xmlNode *node)
{
    for (; node != NULL; node = node->parent)
        if (node->type == XML_ELEMENT_NODE && strcasecmp((const char *)node->name, "pre") == 0)
            return true;
    return false;
}

static void add_text(struct hypertext *page, const xmlNode *node, size_t links)
{
    fenlei_text text = text_of(node->content != NULL ? (const char *)node->content : "");
    if (utf8_valid_prefix(text.bytes, text.size) != text.size)
        return;
    bool has_lines = memchr(text.bytes, '\n', text.size) != NULL && is_preformatted(node);
    for (size_t at = 0, from = 0; at < text.size; from = at) {
        if (has_lines && text.bytes[at] == '\n')
            end_passage(page);
        if (is_space(utf8_next(text.bytes, &at))) {
            page->after_space = page->open_text.size > 0;
            continue;
        }
        if (page->open_text.size == 0) {
            page->open.source = (uint32_t)xmlGetLineNo(node);
            page->open.element = node->parent;
        }
        if (page->after_space)
            buffer_append_string(&page->open_text, " ");
        page->after_space = false;
        buffer_append(&page->open_text, text.bytes + from, at - from);
        page->open.n++;
        page->open.n_linked += links > 0;
    }
}

static void enter(struct hypertext *page, const xmlNode *node)
{
    if (!is_inline(node))
        end_passage(page);
    if (heading_of(node) > 0)
        page->open.level = heading_of(node);
}

static void leave(struct hypertext *page, const xmlNode *node)
{
    if (!is_inline(node))
        end_passage(page);
    if (heading_of(node) > 0)
        page->open.level = 0;
}

static bool is_link(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE && strcasecmp((const char *)node->name, "a") == 0;
}

/* In the order of the page; without recursion, for elements may hold each other to any depth. */
static void gather(struct hypertext *page, const xmlNode *root)
{
    size_t links = 0;
    const xmlNode *node = root;
    while (node != NULL && !page->failed) {
        bool is_element = node->type == XML_ELEMENT_NODE;
        if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
            add_text(page, node, links);
        if (is_element)
            enter(page, node);
        links += is_link(node);
        if (is_element && node->children != NULL && !is_dropped(node)) {
            node = node->children;
            continue;
        }
        while (node != root && node->next == NULL) {
            if (node->type == XML_ELEMENT_NODE)
                leave(page, node);
            links -= is_link(node);
            node = node->parent;
        }
        if (node->type == XML_ELEMENT_NODE)
            leave(page, node);
        links -= is_link(node);
        node = node == root ? NULL : node->next;
    }
    end_passage(page);
}

/* ---- the article ---- */

static bool is_links(const struct passage *passage)
{
    return passage->n_linked * 2 > passage->n;
}

static size_t weight_of(const struct passage *passage)
{
    return passage->n >= LONG && !is_links(passage) ? passage->n - passage->n_linked : 0;
}

static uintptr_t held_by(const xmlNode *node)
{
    return (uintptr_t)node->_private;
}

/* Leaves in each element how much text it holds; returns how much there is. */
static size_t weigh(const struct hypertext *page)
{
    size_t sum = 0;
    for (size_t i = 0; i < page->n; i++) {
        size_t weight = weight_of(&page->passages[i]);
        sum += weight;
        for (const xmlNode *node = page->passages[i].element; weight > 0 && node != NULL;
             node = node->parent) {
            xmlNode *element = (xmlNode *)(uintptr_t)node;
            element->_private = (void *)(held_by(element) + weight);
        }
    }
    return sum;
}

/* The innermost element that holds at least `least` of the text. */
static const xmlNode *find_article(const xmlNode *root, double least)
{
    const xmlNode *article = root, *child = root->children;
    while (child != NULL) {
        if (child->type == XML_ELEMENT_NODE && (double)held_by(child) >= least) {
            article = child;
            child = child->children;
        } else {
            child = child->next;
        }
    }
    return article;
}

static bool is_within(const xmlNode *node, const xmlNode *element)
{
    while (node != NULL && node != element)
        node = node->parent;
    return node != NULL;
}

/* What may be the headline of a page without headings and a title. */
enum { SHORT_LEAST = 5, SHORT_MOST = 2 };

static bool is_short(const struct passage *passage)
{
    return passage->n >= SHORT_LEAST && passage->n_linked == 0;
}

/* The passages from first to the one before last, of the article; its headline may stand before its
 * element. */
static void find_range(const struct hypertext *page, const xmlNode *article, bool is_titled,
                       size_t *first, size_t *last)
{
    *first = page->n;
    *last = 0;
    for (size_t i = 0; i < page->n; i++) {
        if (!is_within(page->passages[i].element, article))
            continue;
        *first = i < *first ? i : *first;
        *last = i + 1;
    }
    bool has_heading = false;
    for (size_t i = *first; i < *last; i++)
        has_heading = has_heading || page->passages[i].level == 1;
    size_t best = *first;
    unsigned level = 7;
    for (size_t i = *first; !has_heading && i-- > 0;)
        if (page->passages[i].level > 0 && page->passages[i].level < level &&
            !is_links(&page->passages[i])) {
            level = page->passages[i].level;
            best = i;
        }
    bool is_bare = !is_titled && !has_heading && level > 6;
    for (size_t n = 0; is_bare && n < SHORT_MOST && best > 0; n++)
        best -= is_short(&page->passages[best - 1]);
    *first = best;
}

/* ---- lines ---- */

static fenlei_text text_at(const struct hypertext *page, const struct passage *passage)
{
    return (fenlei_text){page->letters.bytes + passage->text, passage->text_size};
}

/* Does a heading stand over something, or over links that were left out? */
static bool stands_over_text(const struct hypertext *page, size_t i, size_t last)
{
    for (size_t k = i + 1; k < last; k++) {
        if (page->passages[k].level > 0 && page->passages[k].level <= page->passages[i].level)
            return page->passages[k].level == page->passages[i].level && k == i + 1;
        if (!is_links(&page->passages[k]))
            return true;
    }
    return false;
}

static bool add_line(struct document *document, fenlei_text text, unsigned level, uint32_t source)
{
    struct buffer line = {0};
    for (unsigned i = 0; i < level && i < LEVELS; i++)
        buffer_append_string(&line, "#");
    buffer_append_string(&line, level > 0 ? " " : "");
    buffer_append_text(&line, text);
    bool good =
        !line.failed && document_add_line(document, (fenlei_text){line.bytes, line.size}, source);
    buffer_release(&line);
    return good;
}

static bool write_lines(struct document *document, const struct hypertext *page, size_t first,
                        size_t last, fenlei_text title)
{
    bool good = true, has_heading = false, is_titled = false;
    for (size_t i = first; i < last; i++)
        has_heading = has_heading || (page->passages[i].level > 0 && !is_links(&page->passages[i]));
    for (size_t i = first; i < last; i++)
        is_titled = is_titled || text_equal(text_at(page, &page->passages[i]), title);
    if (!has_heading && !is_titled && title.size > 0)
        good = add_line(document, title, 1, 1);
    for (size_t i = first; good && i < last; i++) {
        const struct passage *passage = &page->passages[i];
        unsigned level = passage->level;
        if (is_links(passage) || (level > 0 && !stands_over_text(page, i, last)))
            continue;
        if (!has_heading && text_equal(text_at(page, passage), title))
            level = 1;
        if (level > 0 && document->n_lines > 0)
            good = document_add_line(document, (fenlei_text){"", 0}, passage->source);
        good = good && add_line(document, text_at(page, passage), level, passage->source);
    }
    return good;
}

/* The first passage that the page's title begins with, its site's name behind it. */
static const struct passage *passage_of_title(const struct hypertext *page, fenlei_text title)
{
    for (size_t i = 0; i < page->n; i++) {
        fenlei_text text = text_at(page, &page->passages[i]);
        if (page->passages[i].n < SHORT_LEAST || text.size >= title.size ||
            memcmp(title.bytes, text.bytes, text.size) != 0)
            continue;
        fenlei_text behind = text_skip(title, text.size);
        while (text_begins(behind, " "))
            behind = text_skip(behind, 1);
        if (behind.size > 0 &&
            (strchr("-_|,:", behind.bytes[0]) != NULL || text_begins(behind, "—") ||
             text_begins(behind, "－") || text_begins(behind, "–") || text_begins(behind, "·")))
            return &page->passages[i];
    }
    return NULL;
}

/* A hyphen right between two Han letters parts a headline from the shorter name of a site; in
 * 政法-综治融合推进基层治理 it parts nothing. */
static size_t last_hyphen(fenlei_text title)
{
    for (size_t i = title.size; i-- > 1;)
        if (title.bytes[i] == '-' && i + 1 < title.size && i > title.size - i &&
            ((unsigned char)title.bytes[i - 1] & 0x80) != 0 &&
            ((unsigned char)title.bytes[i + 1] & 0x80) != 0)
            return i;
    return title.size;
}

/* The page's title, up to the name of its site. */
static fenlei_text title_of(const struct hypertext *head, const struct hypertext *page)
{
    static const char *const marks[] = {"_", "|", " - ", "--", "——", "－"};
    fenlei_text title = {head->letters.bytes, head->letters.size};
    const struct passage *same = passage_of_title(page, title);
    if (same != NULL)
        return text_at(page, same);
    for (size_t i = 0; i < sizeof marks / sizeof *marks && title.size > 0; i++) {
        const char *found = memmem(title.bytes, title.size, marks[i], strlen(marks[i]));
        if (found != NULL && found > title.bytes)
            title.size = (size_t)(found - title.bytes);
    }
    title.size = last_hyphen(title);
    while (title.size > 0 && title.bytes[title.size - 1] == ' ')
        title.size--;
    return title;
}

static const xmlNode *find_element(const xmlNode *root, const char *name)
{
    const xmlNode *node = root;
    while (node != NULL) {
        if (node->type == XML_ELEMENT_NODE && strcasecmp((const char *)node->name, name) == 0)
            return node;
        if (node->type == XML_ELEMENT_NODE && node->children != NULL) {
            node = node->children;
            continue;
        }
        while (node != root && node->next == NULL)
            node = node->parent;
        node = node == root ? NULL : node->next;
    }
    return NULL;
}

static void release(struct hypertext *page)
{
    buffer_release(&page->letters);
    buffer_release(&page->open_text);
    free(page->passages);
}

static fenlei_status read_tree(struct document *document, const xmlNode *root, fenlei_error *error)
{
    struct hypertext page = {0}, head = {0};
    const xmlNode *title = find_element(root, "title");
    if (title != NULL && title->children != NULL)
        gather(&head, title);
    gather(&page, root);
    size_t sum = weigh(&page), first, last;
    fenlei_text name = title_of(&head, &page);
    find_range(&page, find_article(root, (double)sum * NEARLY_ALL), name.size > 0, &first, &last);
    bool good = !page.failed && !head.failed && write_lines(document, &page, first, last, name);
    fenlei_status status = !good ? error_memory(error) : FENLEI_OK;
    if (good && (sum == 0 || document->n_lines == 0))
        status = error_set(error, FENLEI_BAD_INPUT,
                           "an HTML page without an article: nothing but links and short lines");
    release(&page);
    release(&head);
    return status;
}

/* ---- the encoding ---- */

static bool is_of(const char *name, const char *const *families)
{
    for (; *families != NULL; families++)
        if (strncasecmp(name, *families, strlen(*families)) == 0)
            return true;
    return false;
}

/* What the page says its encoding is, where that is one that is not detected. */
static const char *declared(fenlei_text bytes, char name[32])
{
    static const char *const detected[] = {"utf", "gb", "big5", "x-gbk", "x-x-big5", NULL};
    fenlei_text head = {bytes.bytes, bytes.size < 4096 ? bytes.size : 4096};
    const char *found = memmem(head.bytes, head.size, "charset=", 8);
    size_t n = 0;
    for (const char *at = found != NULL ? found + 8 : head.bytes + head.size;
         at < head.bytes + head.size && n < 31; at++) {
        if (n == 0 && (*at == '"' || *at == '\'' || *at == ' '))
            continue;
        if (strchr("\"' ;>/", *at) != NULL)
            break;
        name[n++] = *at;
    }
    name[n] = '\0';
    return n > 0 && !is_of(name, detected) ? name : NULL;
}

/* Any bytes are valid Latin-1, which editors of web pages say unasked: it is the last guess then.
 */
static fenlei_status decode_page(struct decoded *decoded, fenlei_text bytes, const char *encoding,
                                 fenlei_error *error)
{
    static const char *const latin[] = {"iso-8859-1", "latin", "windows-1252",
                                        "us-ascii",   "ascii", NULL};
    char name[32];
    const char *said = encoding != NULL ? encoding : declared(bytes, name);
    bool is_latin = encoding == NULL && said != NULL && is_of(said, latin);
    const char *first = is_latin ? NULL : said, *second = is_latin ? said : NULL;
    fenlei_status status = decode(decoded, bytes.bytes, bytes.size, first, error);
    if (status != FENLEI_OK && encoding == NULL && said != NULL)
        status = decode(decoded, bytes.bytes, bytes.size, second, error);
    return status;
}

fenlei_status hypertext_read(struct document *document, fenlei_text bytes, const char *encoding,
                             fenlei_error *error)
{
    struct decoded decoded = {0};
    document->form = DOCUMENT_HTML;
    fenlei_status status = decode_page(&decoded, bytes, encoding, error);
    xmlDoc *tree = NULL;
    if (status == FENLEI_OK)
        tree = htmlReadMemory(decoded.text.bytes, (int)decoded.text.size, NULL, "UTF-8",
                              HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                  HTML_PARSE_NONET | HTML_PARSE_COMPACT);
    const xmlNode *root = tree != NULL ? xmlDocGetRootElement(tree) : NULL;
    document->substitutions = decoded.substitutions;
    if (status == FENLEI_OK && root == NULL)
        status = error_set(error, FENLEI_BAD_INPUT, "an HTML page that cannot be read");
    if (status == FENLEI_OK)
        status = read_tree(document, root, error);
    if (tree != NULL)
        xmlFreeDoc(tree);
    decode_release(&decoded);
    return status;
}
