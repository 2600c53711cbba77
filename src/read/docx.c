/* SPDX-License-Identifier: BSD-3-Clause */
#include "read/docx.h"

#include "base/status.h"

#include <archive.h>
#include <archive_entry.h>
#include <libxml/xmlreader.h>
#include <stdlib.h>
#include <string.h>

/* ---- the archive ---- */

static const char *const part_names[] = {"word/document.xml", "word/styles.xml"};
enum { TEXT, STYLES, PARTS };

static fenlei_status damaged(fenlei_error *error)
{
    return error_set(error, FENLEI_BAD_INPUT, "a DOCX file that is damaged: it cannot be unpacked");
}

static fenlei_status unpack(struct archive *archive, struct buffer *part, fenlei_error *error)
{
    for (;;) {
        const size_t chunk = 64 << 10;
        if (!buffer_reserve(part, chunk))
            return error_memory(error);
        la_ssize_t size = archive_read_data(archive, part->bytes + part->size, chunk);
        if (size < 0)
            return damaged(error);
        if (size == 0)
            return FENLEI_OK;
        part->size += (size_t)size;
        if (part->size > DOCX_PART_MAX)
            return error_set(error, FENLEI_BAD_INPUT,
                             "a DOCX file that unpacks to more than %d MiB", DOCX_PART_MAX >> 20);
    }
}

static fenlei_status unpack_parts(struct archive *archive, struct buffer parts[PARTS],
                                  fenlei_error *error)
{
    struct archive_entry *entry;
    fenlei_status status = FENLEI_OK;
    for (size_t n = 0; status == FENLEI_OK; n++) {
        int answer = archive_read_next_header(archive, &entry);
        if (answer == ARCHIVE_EOF)
            break;
        if (answer < ARCHIVE_WARN)
            return parts[TEXT].size > 0 ? FENLEI_OK : damaged(error);
        if (n == DOCX_PARTS_MAX)
            return error_set(error, FENLEI_BAD_INPUT, "a DOCX file of more than %d parts",
                             DOCX_PARTS_MAX);
        const char *name = archive_entry_pathname(entry);
        for (size_t i = 0; name != NULL && i < PARTS && status == FENLEI_OK; i++)
            if (strcmp(name, part_names[i]) == 0 && parts[i].size == 0)
                status = unpack(archive, &parts[i], error);
    }
    if (status == FENLEI_OK && parts[TEXT].size == 0)
        status = damaged(error);
    return status;
}

/* ---- names and values in the XML ---- */

static bool is_named(xmlTextReader *reader, const char *name)
{
    const char *found = (const char *)xmlTextReaderConstLocalName(reader);
    const char *colon = found != NULL ? strchr(found, ':') : NULL; /* a prefix nobody declared */
    return found != NULL && strcmp(colon != NULL ? colon + 1 : found, name) == 0;
}

/* The attribute w:NAME, to be given back to xmlFree(); NULL where there is none. */
static xmlChar *attribute(xmlTextReader *reader, const char *name)
{
    char prefixed[32] = "w:";
    strncat(prefixed, name, sizeof prefixed - 3);
    xmlChar *value = xmlTextReaderGetAttribute(reader, (const xmlChar *)prefixed);
    return value != NULL ? value : xmlTextReaderGetAttribute(reader, (const xmlChar *)name);
}

static long number_of(xmlTextReader *reader, long otherwise)
{
    xmlChar *value = attribute(reader, "val");
    char *end = NULL;
    long number = value != NULL ? strtol((const char *)value, &end, 10) : otherwise;
    bool good = value != NULL && end != (const char *)value;
    xmlFree(value);
    return good ? number : otherwise;
}

static xmlTextReader *open_xml(const struct buffer *part)
{
    return xmlReaderForMemory(part->bytes, (int)part->size, NULL, NULL,
                              XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                  XML_PARSE_RECOVER);
}

/* ---- styles ---- */

enum { LEVELS = 4, STYLES_MAX = 1000 };

struct style {
    xmlChar *id;
    unsigned level; /* number of # */
    long size;      /* half points; 0: not said */
};

struct styles {
    struct style *styles; /* [n] */
    size_t n, capacity;
};

static unsigned level_of(long outline)
{
    return outline < 0 || outline > 8 ? 0 : outline < LEVELS ? (unsigned)outline + 1 : LEVELS;
}

/* "heading 2" and "Title" are names that Word never translates. */
static unsigned level_by_name(xmlTextReader *reader)
{
    xmlChar *value = attribute(reader, "val");
    const char *name = (const char *)value;
    unsigned level = 0;
    if (name != NULL && strncasecmp(name, "heading ", 8) == 0)
        level = level_of(strtol(name + 8, NULL, 10) - 1);
    else if (name != NULL && strcasecmp(name, "title") == 0)
        level = 1;
    xmlFree(value);
    return level;
}

static bool read_styles(struct styles *styles, const struct buffer *part)
{
    xmlTextReader *reader = part->size > 0 ? open_xml(part) : NULL;
    bool good = true;
    while (good && reader != NULL && xmlTextReaderRead(reader) == 1) {
        if (xmlTextReaderNodeType(reader) != XML_READER_TYPE_ELEMENT)
            continue;
        if (is_named(reader, "style") && styles->n < STYLES_MAX) {
            good = array_reserve(&styles->styles, &styles->capacity, styles->n + 1,
                                 sizeof *styles->styles);
            if (good)
                styles->styles[styles->n++] = (struct style){.id = attribute(reader, "styleId")};
        }
        struct style *style = styles->n > 0 ? &styles->styles[styles->n - 1] : NULL;
        if (style == NULL || !good)
            continue;
        if (is_named(reader, "name"))
            style->level = level_by_name(reader);
        else if (is_named(reader, "outlineLvl") && style->level == 0)
            style->level = level_of(number_of(reader, -1));
        else if (is_named(reader, "sz"))
            style->size = number_of(reader, 0);
    }
    if (reader != NULL)
        xmlFreeTextReader(reader);
    return good;
}

static const struct style *find_style(const struct styles *styles, xmlTextReader *reader)
{
    xmlChar *id = attribute(reader, "val");
    const struct style *found = NULL;
    for (size_t i = 0; id != NULL && found == NULL && i < styles->n; i++)
        if (styles->styles[i].id != NULL && xmlStrEqual(styles->styles[i].id, id))
            found = &styles->styles[i];
    xmlFree(id);
    return found;
}

/* ---- paragraphs ---- */

enum { NESTED_MAX = 16, SIZES = 400 };

struct paragraph {
    size_t text, text_size; /* in letters */
    unsigned level;
    long size; /* half points of its largest run; 0: not said */
    uint32_t number;
};

struct body {
    struct styles styles;
    struct buffer open[NESTED_MAX]; /* texts of paragraphs that hold each other */
    struct paragraph opened[NESTED_MAX];
    size_t depth, n_too_deep;
    struct buffer letters;
    struct paragraph *paragraphs; /* [n] as they end */
    size_t n, capacity;
    uint32_t number;
    long run_size;
    bool in_text, failed;
    bool is_bare; /* the open paragraph is a text without one */
    int skipped;  /* depth of the element that is passed over; -1: none */
};

static void begin_paragraph(struct body *body)
{
    body->number++;
    if (body->depth == NESTED_MAX) { /* no document needs it: its text goes to the one around it */
        body->n_too_deep++;
        return;
    }
    buffer_clear(&body->open[body->depth]);
    body->opened[body->depth++] = (struct paragraph){.number = body->number};
    body->run_size = 0;
}

static void end_paragraph(struct body *body)
{
    if (body->depth == 0)
        return;
    if (body->n_too_deep > 0) {
        body->n_too_deep--;
        return;
    }
    struct buffer *text = &body->open[--body->depth];
    struct paragraph paragraph = body->opened[body->depth];
    paragraph.text = body->letters.size;
    paragraph.text_size = text->size;
    buffer_append(&body->letters, text->bytes, text->size);
    body->failed =
        body->failed || text->failed || body->letters.failed ||
        !array_reserve(&body->paragraphs, &body->capacity, body->n + 1, sizeof paragraph);
    if (!body->failed)
        body->paragraphs[body->n++] = paragraph;
}

static void begin_element(struct body *body, xmlTextReader *reader)
{
    body->is_bare = body->depth == 0 && is_named(reader, "t");
    if (is_named(reader, "p") || body->is_bare)
        begin_paragraph(body);
    if (body->depth == 0 || body->failed)
        return;
    struct paragraph *paragraph = &body->opened[body->depth - 1];
    struct buffer *text = &body->open[body->depth - 1];
    const struct style *style;
    if (is_named(reader, "t")) {
        body->in_text = !xmlTextReaderIsEmptyElement(reader);
    } else if (is_named(reader, "br") || is_named(reader, "cr")) {
        buffer_append_string(text, "\n");
    } else if (is_named(reader, "tab")) {
        buffer_append_string(text, " ");
    } else if (is_named(reader, "r")) {
        body->run_size = 0;
    } else if (is_named(reader, "sz")) {
        body->run_size = number_of(reader, 0);
    } else if (is_named(reader, "outlineLvl")) {
        paragraph->level = level_of(number_of(reader, -1));
    } else if (is_named(reader, "pStyle") && (style = find_style(&body->styles, reader)) != NULL) {
        paragraph->level = style->level;
        paragraph->size = style->size;
    }
}

static void add_text(struct body *body, xmlTextReader *reader)
{
    const char *value = (const char *)xmlTextReaderConstValue(reader);
    if (!body->in_text || body->depth == 0 || value == NULL)
        return;
    struct paragraph *paragraph = &body->opened[body->depth - 1];
    buffer_append_string(&body->open[body->depth - 1], value);
    if (body->run_size > paragraph->size)
        paragraph->size = body->run_size;
}

/* The same text box again, for programs that do not know the newer one; how a letter is read. */
static bool is_passed_over(struct body *body, xmlTextReader *reader, int type)
{
    int depth = xmlTextReaderDepth(reader);
    if (body->skipped >= 0 && depth > body->skipped)
        return true;
    body->skipped = -1;
    if (type != XML_READER_TYPE_ELEMENT ||
        (!is_named(reader, "Fallback") && !is_named(reader, "rt")))
        return false;
    body->skipped = depth;
    return true;
}

static void read_body(struct body *body, xmlTextReader *reader)
{
    body->skipped = -1;
    while (!body->failed && xmlTextReaderRead(reader) == 1) {
        int type = xmlTextReaderNodeType(reader);
        if (is_passed_over(body, reader, type))
            continue;
        if (type == XML_READER_TYPE_ELEMENT)
            begin_element(body, reader);
        if (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
            type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE)
            add_text(body, reader);
        bool ends = type == XML_READER_TYPE_END_ELEMENT ||
                    (type == XML_READER_TYPE_ELEMENT && xmlTextReaderIsEmptyElement(reader));
        if (!ends)
            continue;
        if (is_named(reader, "t"))
            body->in_text = false;
        if (is_named(reader, "p") || (body->is_bare && !body->in_text))
            end_paragraph(body);
    }
    while (body->depth > 0) /* of a document that breaks off */
        end_paragraph(body);
}

/* ---- lines ---- */

/* The size that most letters have, in half points; 0 where none is said. */
static long body_size(const struct body *body)
{
    size_t counts[SIZES] = {0}, best = 0;
    for (size_t i = 0; i < body->n; i++)
        if (body->paragraphs[i].size > 0 && body->paragraphs[i].size < SIZES)
            counts[body->paragraphs[i].size] += body->paragraphs[i].text_size;
        else
            counts[0] += body->paragraphs[i].text_size;
    for (size_t i = 1; i < SIZES; i++)
        if (counts[i] > counts[best])
            best = i;
    return best > 0 ? (long)best : 21; /* Word's own, 10.5 points */
}

static unsigned level_by_size(const struct paragraph *paragraph, long usual)
{
    enum { HEADLINE_BYTES = 180 };
    if (paragraph->text_size > HEADLINE_BYTES || paragraph->size * 5 < usual * 6)
        return 0;
    return paragraph->size * 5 < usual * 8 ? 2 : 1;
}

/* A paragraph, whose breaks make several lines. */
static bool add_lines(struct document *document, const struct body *body,
                      const struct paragraph *paragraph, unsigned level)
{
    struct buffer line = {0};
    const char *at = body->letters.bytes + paragraph->text;
    size_t left = paragraph->text_size;
    bool good = true, more = true;
    while (good && more) {
        const char *end = left > 0 ? memchr(at, '\n', left) : NULL;
        size_t size = end != NULL ? (size_t)(end - at) : left;
        buffer_clear(&line);
        for (unsigned i = 0; size > 0 && i < level; i++)
            buffer_append_string(&line, i + 1 < level ? "#" : "# ");
        buffer_append(&line, at, size);
        good = !line.failed &&
               document_add_line(document, (fenlei_text){line.bytes, line.size}, paragraph->number);
        more = end != NULL;
        at += size + more;
        left -= size + more;
    }
    buffer_release(&line);
    return good;
}

static fenlei_status write_lines(struct document *document, const struct body *body,
                                 fenlei_error *error)
{
    long usual = body_size(body);
    bool good = !body->failed;
    if (body->letters.size == 0 && good)
        return error_set(error, FENLEI_BAD_INPUT, "a DOCX file without text");
    for (size_t i = 0; good && i < body->n; i++) {
        const struct paragraph *paragraph = &body->paragraphs[i];
        unsigned level = paragraph->level > 0 ? paragraph->level : level_by_size(paragraph, usual);
        good = add_lines(document, body, paragraph, level);
    }
    return good ? FENLEI_OK : error_memory(error);
}

static void release_body(struct body *body)
{
    for (size_t i = 0; i < NESTED_MAX; i++)
        buffer_release(&body->open[i]);
    for (size_t i = 0; i < body->styles.n; i++)
        xmlFree(body->styles.styles[i].id);
    free(body->styles.styles);
    free(body->paragraphs);
    buffer_release(&body->letters);
}

static fenlei_status read_parts(struct document *document, const struct buffer parts[PARTS],
                                fenlei_error *error)
{
    struct body body = {0};
    xmlTextReader *reader = open_xml(&parts[TEXT]);
    fenlei_status status;
    body.failed = !read_styles(&body.styles, &parts[STYLES]) || reader == NULL;
    if (!body.failed)
        read_body(&body, reader);
    status = write_lines(document, &body, error);
    if (reader != NULL)
        xmlFreeTextReader(reader);
    release_body(&body);
    return status;
}

fenlei_status docx_read(struct document *document, fenlei_text bytes, fenlei_error *error)
{
    struct buffer parts[PARTS] = {{0}};
    struct archive *archive = archive_read_new();
    fenlei_status status = FENLEI_OK;
    document->form = DOCUMENT_DOCX;
    if (archive == NULL)
        return error_memory(error);
    if (archive_read_support_format_zip(archive) != ARCHIVE_OK ||
        archive_read_open_memory(archive, bytes.bytes, bytes.size) != ARCHIVE_OK)
        status = damaged(error);
    if (status == FENLEI_OK)
        status = unpack_parts(archive, parts, error);
    archive_read_free(archive);
    if (status == FENLEI_OK)
        status = read_parts(document, parts, error);
    for (size_t i = 0; i < PARTS; i++)
        buffer_release(&parts[i]);
    return status;
}
