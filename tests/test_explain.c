/* SPDX-License-Identifier: BSD-3-Clause */
/* Explanations on the shipped model: they add up to the score, and every place of every phrase, cut
 * out of the input as it was given, is that phrase. */
#include "base/input.h"
#include "base/record.h"
#include "base/utf8.h"
#include "convert.h"
#include "label/decode.h"
#include "label/fold.h"

#include <glob.h>
#include <math.h>

static fenlei_model *model;
static fenlei_labeler *labeler;
static fenlei_error error;
static struct folded folded;
static struct buffer letters, cut;

static int set_up(void **state)
{
    (void)state;
    return fenlei_model_open("models/fenlei.model", &model, &error) == FENLEI_OK &&
                   fenlei_labeler_new(model, &labeler, &error) == FENLEI_OK
               ? 0
               : 1;
}

static int tear_down(void **state)
{
    (void)state;
    fenlei_labeler_free(labeler);
    fenlei_model_close(model);
    fold_release(&folded);
    buffer_release(&letters);
    buffer_release(&cut);
    return 0;
}

/* ---- what holds for every explanation ---- */

/* The letters that a text folds to, as UTF-8. */
static fenlei_text letters_of(fenlei_text text)
{
    assert_true(fold(&folded, text, false));
    buffer_clear(&letters);
    for (size_t i = 0; i < folded.count; i++) {
        char bytes[4];
        if (!fold_is_mark(folded.letters[i]))
            buffer_append(&letters, bytes, utf8_write(bytes, folded.letters[i]));
    }
    return (fenlei_text){letters.bytes, letters.size};
}

static fenlei_text decode_cut(fenlei_text bytes, const char *encoding)
{
    UErrorCode code = U_ZERO_ERROR;
    if (strcmp(encoding, "UTF-8") == 0)
        return bytes;
    int32_t capacity = (int32_t)bytes.size * 4 + 8;
    char *target = malloc((size_t)capacity);
    assert_non_null(target);
    int32_t size =
        ucnv_convert("UTF-8", encoding, target, capacity, bytes.bytes, (int32_t)bytes.size, &code);
    assert_true(U_SUCCESS(code));
    buffer_clear(&cut);
    buffer_append(&cut, target, (size_t)size);
    free(target);
    return (fenlei_text){cut.bytes, cut.size};
}

static void check_place(const fenlei_phrase *phrase, fenlei_place place, fenlei_text input,
                        const char *encoding)
{
    assert_true(place.start < place.end && place.end <= input.size);
    fenlei_text found = letters_of(
        decode_cut((fenlei_text){input.bytes + place.start, place.end - place.start}, encoding));
    if (!text_equal(found, phrase->text))
        fail_msg("[%zu, %zu) is \"%.*s\", not \"%.*s\"", place.start, place.end, (int)found.size,
                 found.bytes, (int)phrase->text.size, phrase->text.bytes);
}

static void check_phrase(const fenlei_phrase *phrase, fenlei_text title, fenlei_text input,
                         const char *encoding)
{
    assert_true(phrase->n_places > 0 && phrase->text.size > 0);
    for (size_t i = 0; i < phrase->n_places; i++) {
        fenlei_place place = phrase->places[i], before = phrase->places[i > 0 ? i - 1 : 0];
        if (i > 0 && before.in_title == place.in_title)
            assert_true(before.end <= place.start);
        assert_false(i > 0 && place.in_title && !before.in_title);
        check_place(phrase, place, place.in_title ? title : input, encoding);
    }
}

/* Explains one topic; returns the number of places. */
static size_t check_why(size_t article, const fenlei_label *label, fenlei_text title,
                        fenlei_text input, const char *encoding)
{
    const fenlei_why *why;
    if (fenlei_explain(labeler, article, label->topic, &why, &error) != FENLEI_OK)
        fail_msg("%s", error.message);
    double sum = why->bias;
    size_t n_places = 0;
    for (size_t i = 0; i < why->n_phrases; i++) {
        sum += why->phrases[i]->share;
        n_places += why->phrases[i]->n_places;
        assert_true(i == 0 || fabs(why->phrases[i]->share) <= fabs(why->phrases[i - 1]->share));
        check_phrase(why->phrases[i], title, input, encoding);
        for (size_t k = 0; k < i && i < 40; k++)
            assert_false(text_equal(why->phrases[i]->text, why->phrases[k]->text));
    }
    if (!(fabs(sum - label->score) <= 1e-9) || !(fabs(why->score - label->score) <= 1e-9))
        fail_msg("the parts add up to %.12f, not %.12f", sum, label->score);
    return n_places;
}

/* Explains the first `most` topics of every article, and cuts places out as `encoding`, or NULL for
 * the page's own; returns the number of places. */
static size_t check_page_as(const struct buffer *bytes, const char *option, const char *encoding,
                            size_t most)
{
    fenlei_options options = fenlei_options_default();
    const fenlei_page *page;
    options.encoding = option;
    if (fenlei_label_page(labeler, bytes->bytes, bytes->size, &options, &page, &error) != FENLEI_OK)
        fail_msg("%s", error.message);
    size_t n_places = 0;
    encoding = encoding != NULL ? encoding : page->encoding;
    fenlei_text input = {bytes->bytes, bytes->size};
    for (size_t i = 0; i < page->n_articles; i++)
        for (size_t k = 0; page->articles[i]->labels != NULL && k < most; k++)
            n_places += check_why(i, &page->articles[i]->labels[k], input, input, encoding);
    return n_places;
}

static size_t check_page(const struct buffer *bytes, const char *option, size_t most)
{
    return check_page_as(bytes, option, NULL, most);
}

/* ---- the seed pages, and what may become of them on the way ---- */

enum { ALL_TOPICS = 12 };

static void each_seed_page(void (*check)(const struct buffer *page))
{
    glob_t found;
    struct buffer page = {0};
    assert_int_equal(glob("seeds/*.txt", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 5);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        assert_int_equal(input_read(found.gl_pathv[i], &page, &error), FENLEI_OK);
        check(&page);
    }
    globfree(&found);
    buffer_release(&page);
}

static void check_seed(const struct buffer *page)
{
    assert_true(check_page(page, NULL, ALL_TOPICS) > 1000);
}

static void seed_articles_are_explained(void **state)
{
    (void)state;
    each_seed_page(check_seed);
}

static void check_encodings(const struct buffer *page)
{
    static const struct {
        const char *converter, *option;
        bool traditional;
    } cases[] = {{"GB18030", NULL, false}, {"UTF-16LE", NULL, false},   {"UTF-16BE", NULL, false},
                 {"UTF-16", NULL, false},  {"UTF-32", NULL, false},     {"UTF-8", "utf8", false},
                 {"UTF-8", NULL, true},    {"Big5", NULL, true},        {"GB18030", NULL, true},
                 {"GBK", "GBK", false},    {"Big5", "Big5-HKSCS", true}};
    struct buffer converted = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct utf16 text = to_utf16(page);
        if (cases[i].traditional)
            to_traditional(&text);
        convert_to(&text, cases[i].converter, &converted);
        assert_true(check_page(&converted, cases[i].option, 2) > 200);
        free(text.units);
    }
    buffer_release(&converted);
}

/* The mark at the front says the order, and a cut has none. */
static void check_marked(const struct buffer *page)
{
    struct buffer converted = {0};
    struct utf16 text = to_utf16(page);
    convert_to(&text, "UTF-16", &converted);
    bool is_little = (unsigned char)converted.bytes[0] == 0xFF;
    check_page_as(&converted, "UTF-16", is_little ? "UTF-16LE" : "UTF-16BE", 2);
    free(text.units);
    buffer_release(&converted);
}

static void with_an_encoding_that_needs_its_mark(void **state)
{
    (void)state;
    each_seed_page(check_marked);
}

static void in_every_encoding_and_script(void **state)
{
    (void)state;
    each_seed_page(check_encodings);
}

/* Copies a page with something done to every character. */
static void each_character(const struct buffer *page, struct buffer *out,
                           void (*change)(struct buffer *out, fenlei_text character, size_t number))
{
    buffer_clear(out);
    for (size_t at = 0, n = 0; at < page->size; n++) {
        size_t start = at;
        utf8_next(page->bytes, &at);
        change(out, (fenlei_text){page->bytes + start, at - start}, n);
    }
    assert_false(out->failed);
}

static void widen(struct buffer *out, fenlei_text character, size_t number)
{
    (void)number;
    char wide[4];
    unsigned char c = (unsigned char)character.bytes[0];
    if (c > 0x20 && c < 0x7F && c != '#')
        buffer_append(out, wide, utf8_write(wide, 0xFEE0U + c));
    else
        buffer_append_text(out, character);
}

static void letterspace(struct buffer *out, fenlei_text character, size_t number)
{
    (void)number;
    buffer_append_text(out, character);
    if (character.size == 3)
        buffer_append_string(out, " ");
}

static void break_lines(struct buffer *out, fenlei_text character, size_t number)
{
    buffer_append_text(out, character);
    if (number % 19 == 18)
        buffer_append_string(out, "\r\n\r\n");
}

static void caption_lines(struct buffer *out, fenlei_text character, size_t number)
{
    buffer_append_text(out, character);
    if (number % 41 == 40)
        buffer_append_string(out, "\n图为扫黑除恶现场\n");
}

static void combine(struct buffer *out, fenlei_text character, size_t number)
{
    static const char *const more[] = {"\u0301", "\u0301\u0323", "\u200F", "\u00AD", "㈱", "½", "ﷺ",
                                       "㍻"};
    buffer_append_text(out, character);
    if (number % 7 == 6)
        buffer_append_string(out, more[number / 7 % (sizeof more / sizeof *more)]);
}

static void damage(struct buffer *out, fenlei_text character, size_t number)
{
    static const char *const more[] = {"\xFF",         "\xE6\x89",         "\xC0\x80",
                                       "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80\x80"};
    buffer_append_text(out, character);
    if (number % 487 == 486)
        buffer_append_string(out, more[number / 487 % (sizeof more / sizeof *more)]);
}

static void mark_front(struct buffer *out, fenlei_text character, size_t number)
{
    buffer_append_string(out, number == 0 ? "\xEF\xBB\xBF" : "");
    buffer_append_text(out, character);
}

static void check_changes(const struct buffer *page)
{
    static void (*const changes[])(struct buffer *, fenlei_text, size_t) = {
        widen, letterspace, break_lines, caption_lines, combine, damage, mark_front};
    struct buffer changed = {0};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        each_character(page, &changed, changes[i]);
        assert_true(check_page(&changed, NULL, 2) > 200);
    }
    each_character(page, &changed, widen);
    struct utf16 text = to_utf16(&changed);
    convert_to(&text, "GB18030", &changed);
    changed.bytes[changed.size / 2] = (char)0xFF;
    changed.bytes[changed.size / 3] = (char)0x80;
    check_page(&changed, NULL, 2);
    free(text.units);
    buffer_release(&changed);
}

static void whatever_folding_joining_and_damage_do(void **state)
{
    (void)state;
    each_seed_page(check_changes);
}

/* ---- the corpora ---- */

static void check_record(const struct record *record, size_t number)
{
    const fenlei_article *article;
    assert_int_equal(
        fenlei_label_record(labeler, record->title, record->text, NULL, &article, &error),
        FENLEI_OK);
    check_why(0, &article->labels[0], record->title, record->text, "UTF-8");
    check_why(0, &article->labels[number % ALL_TOPICS], record->title, record->text, "UTF-8");
    struct buffer page = {0};
    buffer_append_text(&page, record->title);
    buffer_append_string(&page, "\n\n");
    buffer_append_text(&page, record->text);
    check_page(&page, NULL, 1);
    buffer_release(&page);
}

static size_t check_corpus(const char *path)
{
    struct input input;
    struct buffer line = {0};
    bool end = false;
    size_t n = 0;
    assert_int_equal(input_open(&input, path, &error), FENLEI_OK);
    while (input_line(&input, &line, &end, &error) == FENLEI_OK && !end) {
        struct record record = {0};
        assert_int_equal(record_parse(&record, line.bytes, line.size, &error), FENLEI_OK);
        check_record(&record, n++);
        record_release(&record);
    }
    input_close(&input);
    buffer_release(&line);
    return n;
}

static void corpus_articles_are_explained(void **state)
{
    (void)state;
    glob_t found;
    size_t n = 0;
    assert_int_equal(glob("train/corpus/*.jsonl", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        n += check_corpus(found.gl_pathv[i]);
    globfree(&found);
    assert_true(n > 1800);
}

/* ---- by name ---- */

static size_t topic_of(const char *id)
{
    size_t topic = 0;
    if (!fenlei_topic_find(model, text_of(id), &topic))
        fail_msg("no topic %s", id);
    return topic;
}

static const fenlei_phrase *find_phrase(const fenlei_why *why, const char *text)
{
    for (size_t i = 0; i < why->n_phrases; i++)
        if (text_equal(why->phrases[i]->text, text_of(text)))
            return why->phrases[i];
    fail_msg("no phrase %s", text);
    return NULL;
}

/* A title and a text, of traditional script, full width and letterspaced, over a line break. */
static void a_record_says_where(void **state)
{
    (void)state;
    static const char title[] = "召開掃黑除惡推進會", text[] = "舉報掃 黑 除\n惡。掃黑除惡。";
    const fenlei_article *article;
    const fenlei_why *why;
    assert_int_equal(
        fenlei_label_record(labeler, text_of(title), text_of(text), NULL, &article, &error),
        FENLEI_OK);
    assert_int_equal(fenlei_explain(labeler, 0, topic_of("anti-gang"), &why, &error), FENLEI_OK);
    const fenlei_phrase *phrase = find_phrase(why, "扫黑除恶");
    assert_true(phrase->share > 1);
    assert_int_equal(phrase->n_places, 3);
    assert_true(phrase->places[0].in_title);
    assert_int_equal(phrase->places[0].start, strlen("召開"));
    assert_int_equal(phrase->places[0].end, strlen("召開掃黑除惡"));
    assert_false(phrase->places[1].in_title);
    assert_int_equal(phrase->places[1].start, strlen("舉報"));
    assert_int_equal(phrase->places[1].end, strlen("舉報掃 黑 除\n惡"));
    assert_int_equal(phrase->places[2].end, strlen(text) - strlen("。"));
}

static void the_long_phrase_is_one(void **state)
{
    (void)state;
    struct buffer page = {0};
    const fenlei_page *labelled;
    const fenlei_why *why;
    assert_int_equal(input_read("seeds/001_e2d49b9c659a3bcc.txt", &page, &error), FENLEI_OK);
    assert_int_equal(fenlei_label_page(labeler, page.bytes, page.size, NULL, &labelled, &error),
                     FENLEI_OK);
    assert_int_equal(fenlei_explain(labeler, 1, topic_of("anti-gang"), &why, &error), FENLEI_OK);
    assert_text(why->phrases[0]->text, "扫黑除恶专项斗争");
    assert_true(why->phrases[0]->n_places >= 5 && why->phrases[0]->share > 0.5);
    buffer_release(&page);
}

/* Nothing is asked of a page that is gone, of what is no article, or of no such topic. */
static void what_cannot_be_explained_is_an_error(void **state)
{
    (void)state;
    fenlei_labeler *fresh;
    const fenlei_page *page;
    const fenlei_why *why;
    struct buffer bytes = {0};
    assert_int_equal(fenlei_labeler_new(model, &fresh, &error), FENLEI_OK);
    assert_int_equal(fenlei_explain(fresh, 0, 0, &why, &error), FENLEI_BAD_ARGUMENT);
    assert_int_equal(input_read("seeds/000_de1944cf87de8ee0.txt", &bytes, &error), FENLEI_OK);
    assert_int_equal(fenlei_label_page(fresh, bytes.bytes, bytes.size, NULL, &page, &error),
                     FENLEI_OK);
    assert_int_equal(page->articles[4]->review, FENLEI_REVIEW_NOT_AN_ARTICLE);
    assert_int_equal(fenlei_explain(fresh, 3, 0, &why, &error), FENLEI_OK);
    assert_int_equal(fenlei_explain(fresh, 4, 0, &why, &error), FENLEI_BAD_ARGUMENT);
    assert_string_equal(error.message, "no labelled article 4");
    assert_int_equal(fenlei_explain(fresh, page->n_articles, 0, &why, &error), FENLEI_BAD_ARGUMENT);
    assert_int_equal(fenlei_explain(fresh, 0, fenlei_topic_count(model), &why, NULL),
                     FENLEI_BAD_ARGUMENT);
    assert_int_equal(fenlei_label_page(fresh, "", 0, NULL, &page, &error), FENLEI_BAD_INPUT);
    assert_int_equal(fenlei_explain(fresh, 0, 0, &why, &error), FENLEI_BAD_ARGUMENT);
    fenlei_labeler_free(fresh);
    buffer_release(&bytes);
}

/* A text without letters has the bias for a score, and no phrases. */
static void nothing_is_explained_by_nothing(void **state)
{
    (void)state;
    const fenlei_article *article;
    const fenlei_why *why;
    assert_int_equal(
        fenlei_label_record(labeler, text_of(""), text_of("……"), NULL, &article, &error),
        FENLEI_OK);
    assert_int_equal(fenlei_explain(labeler, 0, 0, &why, &error), FENLEI_OK);
    assert_int_equal(why->n_phrases, 0);
    assert_true(why->score == why->bias);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seed_articles_are_explained),
        cmocka_unit_test(in_every_encoding_and_script),
        cmocka_unit_test(with_an_encoding_that_needs_its_mark),
        cmocka_unit_test(whatever_folding_joining_and_damage_do),
        cmocka_unit_test(corpus_articles_are_explained),
        cmocka_unit_test(a_record_says_where),
        cmocka_unit_test(the_long_phrase_is_one),
        cmocka_unit_test(what_cannot_be_explained_is_an_error),
        cmocka_unit_test(nothing_is_explained_by_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
