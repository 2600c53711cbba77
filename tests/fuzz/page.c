/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes -> text -> articles -> labels -> JSON. The first byte chooses the options.
 *
 * Files: src/label/decode.c src/label/detect.c src/label/reading.c src/label/encoding.c
 * src/label/page.c src/label/line.c src/label/row.c src/label/character.c src/label/remnant.c
 * src/base/form.c src/base/notation.c */
#include "base/form.h"
#include "base/utf8.h"
#include "fuzz.h"

#include "command/output.h"
#include "label/decode.h"
#include "label/model.h"
#include "label/page.h"

static const char *const names[] = {NULL,          NULL,       "UTF-8",    "GB18030",
                                    "Big5",        "UTF-16LE", "UTF-16BE", "UTF-7",
                                    "ISO-2022-CN", "HZ",       "UTF-32",   "no-such"};
enum { N_NAMES = sizeof names / sizeof *names };

static fenlei_options options_of(uint8_t byte)
{
    fenlei_options options = fenlei_options_default();
    options.encoding = names[(byte & 15) < N_NAMES ? byte & 15 : 0];
    options.whole = (byte & 16) != 0;
    if ((byte & 64) != 0)
        options.probability = 0.5;
    return options;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_in_a_part(const struct page *page, size_t line)
{
    for (size_t i = 0; i < page->n_parts; i++)
        if (line >= page->parts[i].first && line <= page->parts[i].last)
            return true;
    return false;
}

static bool has(fenlei_text text, const char *part)
{
    return text.size > 0 && memmem(text.bytes, text.size, part, strlen(part)) != NULL;
}

/* Lines end in LF only, none is an image, a mark of a converter or made of HTML's names of blanks,
 * and no columns may stand side by side: what is read comes in the order of the file, a line a
 * line. */
static bool is_plain(fenlei_text text)
{
    static const char *const others[] = {"\r",
                                         "\v",
                                         "\f",
                                         "\xC2\x85",
                                         "\xE2\x80\xA8",
                                         "\xE2\x80\xA9",
                                         "\t",
                                         "   ",
                                         "\xE3\x80\x80\xE3\x80\x80",
                                         "[",
                                         "<",
                                         "&",
                                         "\x1C",
                                         "\x1D",
                                         "\x1E",
                                         "\\",
                                         "{",
                                         "==",
                                         "Page ",
                                         "itle",
                                         "ext",
                                         "ontent"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (has(text, others[i]))
            return false;
    return true;
}

/* Every line that has a letter is in some piece. */
static void check_all_lines_are_kept(const struct page *page, fenlei_text text)
{
    size_t line = 1;
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] == '\n')
            line++;
        else if (is_letter(text.bytes[i]))
            require(is_in_a_part(page, line));
    }
}

static void check_pieces(const struct page *page, fenlei_text text)
{
    size_t n_lines = 1;
    bool plain = is_plain(text);
    for (size_t i = 0; i < text.size; i++)
        n_lines += text.bytes[i] == '\n' || !plain; /* a line has a byte */
    for (size_t i = 0; i < page->n_pieces; i++) {
        const struct piece *piece = &page->pieces[i];
        require(piece->title <= page->text.size &&
                piece->title_size <= page->text.size - piece->title);
        require(piece->byline <= page->text.size &&
                piece->byline_size <= page->text.size - piece->byline);
        require(piece->body <= page->text.size &&
                piece->body_size <= page->text.size - piece->body);
        require(piece->n_parts > 0 && piece->part + piece->n_parts <= page->n_parts);
        const fenlei_lines *parts = page->parts + piece->part;
        require(parts[0].first >= 1 && parts[piece->n_parts - 1].last <= n_lines);
        for (size_t k = 0; k < piece->n_parts; k++)
            require(parts[k].first <= parts[k].last &&
                    (k == 0 || !plain || parts[k].first > parts[k - 1].last + 1));
        if (i > 0 && plain)
            require(page->parts[page->pieces[i - 1].part].first < parts[0].first);
    }
    require(page->text.size <= 2 * text.size + 16); /* lines are joined, never repeated */
    if (plain)
        check_all_lines_are_kept(page, text);
}

static void split(const char *bytes, size_t size, const fenlei_options *options)
{
    struct decoded decoded = {0};
    struct page page = {0};
    fenlei_error error;
    struct page_form form = form_of_page((fenlei_text){bytes, size});
    require(form.name != NULL || (!form.is_document && form.advice == NULL));
    if (decode(&decoded, bytes, size, options->encoding, &error) == FENLEI_OK) {
        require(is_utf8(decoded.text) && decoded.encoding != NULL);
        require((decoded.substitutions > 0) == (decoded.substitutions_line > 0));
        if (options->encoding == NULL && utf8_valid_prefix(bytes, size) == size)
            require(strcmp(decoded.encoding, "UTF-8") == 0 && decoded.substitutions == 0);
        require(page_split(&page, decoded.text, &tiny_model()->parts.chain, options->whole));
        require(!options->whole || page.n_pieces <= 1);
        check_pieces(&page, decoded.text);
    } else {
        require(error.status == FENLEI_BAD_INPUT || error.status == FENLEI_BAD_ARGUMENT);
    }
    page_release(&page);
    decode_release(&decoded);
}

static void check_article(const fenlei_model *model, const fenlei_page *page, size_t i,
                          const fenlei_options *options, struct buffer *out)
{
    const fenlei_article *article = page->articles[i];
    struct source source = {.file = "page.txt", .number = i + 1};
    require(is_utf8(article->title) && is_utf8(article->byline) && is_utf8(article->text));
    require((article->labels == NULL) == (article->review == FENLEI_REVIEW_NOT_AN_ARTICLE));
    if (article->labels != NULL)
        check_labels(model, article->labels, options->probability);
    buffer_clear(out);
    output_json(out, model, source, page, article, (struct selection){.all = i % 2 == 0},
                (fenlei_text){NULL, 0});
    check_json_line(out);
    buffer_clear(out);
    output_line(out, model, source, article, (struct selection){.best = i % 3});
    require(!out->failed && memchr(out->bytes, '\n', out->size) == out->bytes + out->size - 1);
}

/* The phrases add up to the score, and stand in the input one behind the other. */
static void check_why(fenlei_labeler *labeler, const fenlei_label *label, size_t i, size_t size)
{
    const fenlei_why *why;
    require(fenlei_explain(labeler, i, label->topic, &why, NULL) == FENLEI_OK);
    double sum = why->bias;
    for (size_t k = 0; k < why->n_phrases; k++) {
        const fenlei_phrase *phrase = why->phrases[k];
        sum += phrase->share;
        require(phrase->n_places > 0 && phrase->text.size > 0 && is_utf8(phrase->text));
        for (size_t n = 0; n < phrase->n_places; n++) {
            require(phrase->places[n].start < phrase->places[n].end);
            require(phrase->places[n].end <= size);
        }
    }
    require(fabs(sum - label->score) <= 1e-9);
}

/* Labels a page twice: the answers are equal, whatever the labeler has seen. */
static void label(const char *bytes, size_t size, const fenlei_options *options)
{
    static fenlei_labeler *second;
    fenlei_model *model = tiny_model();
    const fenlei_page *page, *again;
    struct buffer out = {0};
    if (second == NULL)
        require(fenlei_labeler_new(model, &second, NULL) == FENLEI_OK);
    fenlei_status status = fenlei_label_page(tiny_labeler(), bytes, size, options, &page, NULL);
    require(status == FENLEI_OK || status == FENLEI_BAD_INPUT || status == FENLEI_BAD_ARGUMENT);
    require(fenlei_label_page(second, bytes, size, options, &again, NULL) == status);
    if (status != FENLEI_OK)
        return;
    require(page->n_articles > 0 && page->n_articles == again->n_articles);
    for (size_t i = 0; i < page->n_articles; i++) {
        check_article(model, page, i, options, &out);
        check_same_labels(model, page->articles[i]->labels, again->articles[i]->labels);
        if (page->articles[i]->labels != NULL)
            check_why(tiny_labeler(), &page->articles[i]->labels[0], i, size);
    }
    buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    fenlei_options options = options_of(data[0]);
    const char *bytes = (const char *)data + 1;
    split(bytes, size - 1, &options);
    label(bytes, size - 1, &options);
    return 0;
}
