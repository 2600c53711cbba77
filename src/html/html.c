/* SPDX-License-Identifier: BSD-3-Clause */
#include "html/html.h"

#include "base/utf8.h"
#include "html/html_css.h"
#include "html/script_hashes.h"

#include <string.h>

/* What every page begins with, around its language. */
static const char BEFORE_LANGUAGE[] = "<!doctype html>\n<html lang=";
static const char BEHIND_LANGUAGE[] = ">\n<head>\n<meta charset=utf-8>\n"
                                      "<meta name=generator content=fenlei>\n";

bool html_begins(fenlei_text beginning)
{
    size_t before = sizeof BEFORE_LANGUAGE - 1, behind = sizeof BEHIND_LANGUAGE - 1;
    if (beginning.size < before || memcmp(beginning.bytes, BEFORE_LANGUAGE, before) != 0)
        return false;
    const char *end = memchr(beginning.bytes + before, '>', beginning.size - before);
    size_t at = end != NULL ? (size_t)(end - beginning.bytes) : beginning.size;
    return beginning.size - at >= behind &&
           memcmp(beginning.bytes + at, BEHIND_LANGUAGE, behind) == 0;
}

void html_begin(struct buffer *out, enum language language, fenlei_text title, const char *style)
{
    buffer_append_string(out, BEFORE_LANGUAGE);
    buffer_append_string(out, language_tag(language));
    buffer_append_string(out, BEHIND_LANGUAGE);
    buffer_append_string(out, "<meta http-equiv=Content-Security-Policy content=\""
                              "default-src 'none'; style-src 'unsafe-inline'; "
                              "script-src " SCRIPT_HASHES "; base-uri 'none'; "
                              "form-action 'none'\">\n"
                              "<meta name=viewport content=\"width=device-width, "
                              "initial-scale=1\">\n"
                              "<meta name=color-scheme content=\"light dark\">\n<title>");
    html_text(out, title);
    buffer_append_string(out, "</title>\n<style>");
    buffer_append_string(out, html_css);
    buffer_append_string(out, style);
    buffer_append_string(out, "</style>\n</head>\n<body>\n");
}

void html_end(struct buffer *out, const char *script)
{
    if (script != NULL) {
        buffer_append_string(out, "<script>");
        buffer_append_string(out, script);
        buffer_append_string(out, "</script>\n");
    }
    buffer_append_string(out, "</body>\n</html>\n");
}

/* What stands for a character in HTML; NULL where it stands for itself. */
static const char *replacement(int32_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
    case '\f':
    case '\r':
        return " ";
    default:
        return c < 0x20 || (c >= 0x7F && c < 0xA0) ? "\uFFFD" : NULL;
    }
}

/* `text` is valid UTF-8. */
static void append_valid(struct buffer *out, fenlei_text text)
{
    size_t plain = 0; /* where what stands for itself began */
    for (size_t at = 0; at < text.size;) {
        size_t start = at;
        const char *instead = replacement(utf8_next(text.bytes, &at));
        if (instead == NULL)
            continue;
        buffer_append(out, text.bytes + plain, start - plain);
        buffer_append_string(out, instead);
        plain = at;
    }
    if (text.size > plain)
        buffer_append(out, text.bytes + plain, text.size - plain);
}

void html_text(struct buffer *out, fenlei_text text)
{
    while (text.size > 0) {
        size_t valid = utf8_valid_prefix(text.bytes, text.size);
        append_valid(out, (fenlei_text){text.bytes, valid});
        if (valid == text.size)
            return;
        buffer_append_string(out, "\uFFFD");
        text.bytes += valid + 1;
        text.size -= valid + 1;
    }
}

void html_isolated(struct buffer *out, fenlei_text text)
{
    buffer_append_string(out, "<bdi>");
    html_text(out, text);
    buffer_append_string(out, "</bdi>");
}
