/* SPDX-License-Identifier: BSD-3-Clause */
#include "html/texts.h"

#include "html/chinese.h"
#include "html/html.h"

#include <stdio.h>
#include <string.h>

/* html_text() lets no control character through, so that none of these is foreign text's. A
 * reference is its sort, of a text the two halves of its number, each with HALF, its argument, and
 * the end. */
enum { TEXT_REFERENCE = 1, REFERENCE_END = 2, MESSAGE_REFERENCE = 3, HALF = 0x40 };

static const char *const texts[PAGE_COUNT][LANGUAGES] = {
#define TEXT_ROW(name, chinese, english) {chinese, english},
    PAGE_TEXTS(TEXT_ROW)
#undef TEXT_ROW
};

const char *page_text_in(enum language language, enum page_text text)
{
    return texts[text][language];
}

static void put_text(struct buffer *out, const char *text, fenlei_text argument)
{
    const char *place = strchr(text, '#');
    size_t before = place != NULL ? (size_t)(place - text) : strlen(text);
    html_text(out, (fenlei_text){text, before});
    if (place == NULL)
        return;
    buffer_append_text(out, argument);
    html_text(out, text_of(place + 1));
}

void text_put_with(struct buffer *out, enum language language, enum page_text text,
                   const char *argument)
{
    if (language == LANGUAGE_LATER)
        buffer_append_format(out, "%c%c%c%s%c", TEXT_REFERENCE, HALF + (int)text / HALF,
                             HALF + (int)text % HALF, argument, REFERENCE_END);
    else
        put_text(out, page_text_in(language, text), text_of(argument));
}

void text_put(struct buffer *out, enum language language, enum page_text text)
{
    text_put_with(out, language, text, "");
}

void text_put_number(struct buffer *out, enum language language, enum page_text text, size_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", number);
    text_put_with(out, language, text, digits);
}

static void put_message(struct buffer *out, enum language language, const char *message)
{
    struct buffer words = {0};
    if (language == CHINESE)
        chinese_message(&words, text_of(message));
    else
        buffer_append_string(&words, message);
    html_isolated(out, (fenlei_text){words.bytes, words.size});
    out->failed = out->failed || words.failed;
    buffer_release(&words);
}

/* A message is kept without what could end its reference, which html_text() would not show. */
void text_put_message(struct buffer *out, enum language language, const char *message)
{
    if (language != LANGUAGE_LATER) {
        put_message(out, language, message);
        return;
    }
    buffer_append_format(out, "%c", MESSAGE_REFERENCE);
    for (; *message != '\0'; message++)
        buffer_append(out, *message == REFERENCE_END ? "?" : message, 1);
    buffer_append_format(out, "%c", REFERENCE_END);
}

/* `reference` is what stands between the sort and the end. */
static void resolve(struct buffer *out, int sort, fenlei_text reference, enum language language)
{
    if (sort == TEXT_REFERENCE) {
        int text = (reference.bytes[0] - HALF) * HALF + reference.bytes[1] - HALF;
        put_text(out, texts[text][language],
                 (fenlei_text){reference.bytes + 2, reference.size - 2});
        return;
    }
    struct buffer message = {0};
    buffer_append_text(&message, reference);
    buffer_append(&message, "", 1);
    if (!message.failed)
        put_message(out, language, message.bytes);
    out->failed = out->failed || message.failed;
    buffer_release(&message);
}

/* Where the next reference begins from `at` on, or the end. */
static size_t find_reference(fenlei_text html, size_t at)
{
    while (at < html.size && html.bytes[at] != TEXT_REFERENCE &&
           html.bytes[at] != MESSAGE_REFERENCE)
        at++;
    return at;
}

void texts_resolve(struct buffer *out, fenlei_text html, enum language language)
{
    for (size_t at = 0; at < html.size;) {
        size_t start = find_reference(html, at);
        buffer_append(out, html.bytes + at, start - at);
        if (start == html.size)
            return;
        const char *from = html.bytes + start + 1;
        const char *end = memchr(from, REFERENCE_END, html.size - start - 1);
        if (end == NULL)
            return;
        resolve(out, html.bytes[start], (fenlei_text){from, (size_t)(end - from)}, language);
        at = (size_t)(end - html.bytes) + 1;
    }
}
