/* SPDX-License-Identifier: BSD-3-Clause */
/* The public API on the shipped model and the seed pages, in every encoding they may come in. */
#include "base/input.h"
#include "convert.h"

#include <malloc.h>
#include <math.h>

static fenlei_model *model;
static fenlei_labeler *labeler;
static fenlei_error error;

static const char *const pages[] = {
    "seeds/000_de1944cf87de8ee0.txt", "seeds/001_e2d49b9c659a3bcc.txt",
    "seeds/002_8d557814d72e82aa.txt", "seeds/003_fbd30dea7fb6adfd.txt",
    "seeds/004_928921937952ddc6.txt"};
enum { N_PAGES = sizeof pages / sizeof *pages };

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
    return 0;
}

enum { MOST_ARTICLES = 8, MOST_TOPICS = 16 };

/* What two readings of a page are compared by. */
struct reading {
    size_t n_articles;
    fenlei_lines lines[MOST_ARTICLES];
    double scores[MOST_ARTICLES][MOST_TOPICS];
};

static struct reading read_page(const struct buffer *bytes, const char *encoding)
{
    const fenlei_page *page;
    if (fenlei_label_page(labeler, bytes->bytes, bytes->size, NULL, &page, &error) != FENLEI_OK)
        fail_msg("%s", error.message);
    if (strcmp(page->encoding, encoding) != 0)
        fail_msg("taken for %s, but it is %s", page->encoding, encoding);
    struct reading reading = {.n_articles = page->n_articles};
    assert_in_range(page->n_articles, 3, MOST_ARTICLES);
    assert_in_range(fenlei_topic_count(model), 12, MOST_TOPICS);
    for (size_t i = 0; i < page->n_articles; i++) {
        const fenlei_article *article = page->articles[i];
        reading.lines[i] = article->lines;
        for (size_t k = 0; article->labels != NULL && k < fenlei_topic_count(model); k++)
            reading.scores[i][article->labels[k].topic] = article->labels[k].score;
    }
    return reading;
}

static void assert_same_reading(const struct reading *a, const struct reading *b, double tolerance)
{
    assert_int_equal(a->n_articles, b->n_articles);
    for (size_t i = 0; i < a->n_articles; i++) {
        assert_memory_equal(&a->lines[i], &b->lines[i], sizeof a->lines[i]);
        for (size_t k = 0; k < MOST_TOPICS; k++)
            if (!(fabs(a->scores[i][k] - b->scores[i][k]) <= tolerance))
                fail_msg("article %zu, topic %zu: %f is not %f", i, k, b->scores[i][k],
                         a->scores[i][k]);
    }
}

/* Exactly, where the encoding holds every character. ICU's own way to traditional script and back
 * mistakes a character in a thousand, and Big5 lacks some, so those are allowed a hair. */
static void every_encoding_gives_the_same_labels(void **state)
{
    (void)state;
    static const struct {
        const char *converter, *detected;
        bool traditional;
        double tolerance;
    } cases[] = {{"GB18030", "GB18030", false, 0},   {"UTF-16LE", "UTF-16LE", false, 0},
                 {"UTF-16BE", "UTF-16BE", false, 0}, {"UTF-16", NULL, false, 0},
                 {"UTF-8", "UTF-8", true, 0.02},     {"Big5", "Big5", true, 0.02},
                 {"GB18030", "GB18030", true, 0.02}};
    struct buffer bytes = {0}, converted = {0};
    for (size_t i = 0; i < N_PAGES; i++) {
        assert_int_equal(input_read(pages[i], &bytes, &error), FENLEI_OK);
        struct reading expected = read_page(&bytes, "UTF-8");
        for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
            struct utf16 text = to_utf16(&bytes);
            if (cases[k].traditional)
                to_traditional(&text);
            convert_to(&text, cases[k].converter, &converted);
            const char *detected = cases[k].detected;
            if (detected == NULL) /* with a byte order mark, of this machine's order */
                detected = (unsigned char)converted.bytes[0] == 0xFF ? "UTF-16LE" : "UTF-16BE";
            struct reading found = read_page(&converted, detected);
            assert_same_reading(&expected, &found, cases[k].tolerance);
            free(text.units);
        }
    }
    buffer_release(&bytes);
    buffer_release(&converted);
}

static void one_bad_byte_does_not_change_the_encoding(void **state)
{
    (void)state;
    struct buffer bytes = {0};
    const fenlei_page *page;
    for (size_t i = 0; i < N_PAGES; i++) {
        assert_int_equal(input_read(pages[i], &bytes, &error), FENLEI_OK);
        bytes.bytes[bytes.size / 2] = (char)0xFF;
        assert_int_equal(fenlei_label_page(labeler, bytes.bytes, bytes.size, NULL, &page, &error),
                         FENLEI_OK);
        assert_string_equal(page->encoding, "UTF-8");
        assert_in_range(page->substitutions, 1, 3);
        assert_true(page->substitutions_line > 5);
    }
    buffer_release(&bytes);
}

static void a_labeler_remembers_nothing(void **state)
{
    (void)state;
    const fenlei_article *article;
    double before[64];
    size_t n = fenlei_topic_count(model);
    assert_in_range(n, 1, 64);
    fenlei_text title = text_of("扫黑除恶推进会"), text = text_of("深挖彻查黑恶势力保护伞。");
    assert_int_equal(fenlei_label_record(labeler, title, text, NULL, &article, &error), FENLEI_OK);
    for (size_t i = 0; i < n; i++)
        before[article->labels[i].topic] = article->labels[i].score;
    fenlei_label_record(labeler, text_of(""), text_of("完全不同的另一篇文章"), NULL, &article,
                        NULL);
    assert_int_equal(fenlei_label_record(labeler, title, text, NULL, &article, &error), FENLEI_OK);
    for (size_t i = 0; i < n; i++)
        assert_true(before[article->labels[i].topic] == article->labels[i].score);
}

static void bad_input_is_an_error_with_a_reason(void **state)
{
    (void)state;
    const fenlei_page *page;
    const fenlei_article *article;
    fenlei_options options = fenlei_options_default();
    assert_int_equal(fenlei_label_page(labeler, "", 0, NULL, &page, &error), FENLEI_BAD_INPUT);
    assert_string_equal(error.message, "it is empty");
    assert_int_equal(fenlei_label_page(labeler, " \n", 2, NULL, &page, &error), FENLEI_BAD_INPUT);
    assert_string_equal(error.message, "it has no text");
    options.encoding = "no-such-encoding";
    assert_int_equal(fenlei_label_page(labeler, "a", 1, &options, &page, &error),
                     FENLEI_BAD_ARGUMENT);
    assert_int_equal(
        fenlei_label_record(labeler, text_of(""), text_of("\xFF"), NULL, &article, &error),
        FENLEI_BAD_INPUT);
    assert_int_equal(fenlei_label_record(labeler, text_of(""), text_of(""), NULL, &article, &error),
                     FENLEI_OK);
    assert_int_equal(article->review, FENLEI_REVIEW_TOO_SHORT);
}

/* Labels a short page with these options, which may be longer than the library's own. */
static fenlei_status label_with(const void *options)
{
    const fenlei_page *page = NULL;
    error.message[0] = '\0';
    fenlei_status status = fenlei_label_page(labeler, "法院开庭\n", 13, options, &page, &error);
    assert_true((status == FENLEI_OK) == (page != NULL));
    assert_true((status == FENLEI_OK) == (error.message[0] == '\0'));
    return status;
}

static void options_of_any_version_are_read(void **state)
{
    (void)state;
    struct {
        fenlei_options options;
        char later[40];
    } longer = {.options = fenlei_options_default()};
    assert_int_equal(label_with(&longer.options), FENLEI_OK);
    longer.options.size = sizeof longer;
    assert_int_equal(label_with(&longer.options), FENLEI_OK);
    for (size_t i = 0; i < sizeof longer.later; i++) {
        longer.later[i] = 1;
        assert_int_equal(label_with(&longer.options), FENLEI_BAD_ARGUMENT);
        assert_contains(error.message, "an option that fenlei");
        longer.later[i] = 0;
    }
    static const size_t sizes[] = {0,    1,          sizeof(size_t), sizeof(fenlei_options) - 1,
                                   4097, 1000000000, SIZE_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        longer.options.size = sizes[i];
        assert_int_equal(label_with(&longer.options), FENLEI_BAD_ARGUMENT);
        assert_contains(error.message, "begin them with fenlei_options_default()");
    }
    assert_int_equal(label_with(NULL), FENLEI_OK);
}

static void a_probability_is_between_0_and_1(void **state)
{
    (void)state;
    static const double good[] = {0, 1, 0.5, NAN}, bad[] = {-0.001, 1.001, 2, INFINITY, -INFINITY};
    const fenlei_article *article;
    fenlei_options options = fenlei_options_default();
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        options.probability = good[i];
        assert_int_equal(label_with(&options), FENLEI_OK);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        options.probability = bad[i];
        assert_int_equal(label_with(&options), FENLEI_BAD_ARGUMENT);
        assert_contains(error.message, "between 0 and 1");
        assert_int_equal(
            fenlei_label_record(labeler, text_of(""), text_of("法院"), &options, &article, &error),
            FENLEI_BAD_ARGUMENT);
    }
}

static void null_is_no_argument(void **state)
{
    (void)state;
    const fenlei_text none = {NULL, 0}, broken = {NULL, 1}, text = text_of("法院");
    fenlei_labeler *no_labeler;
    const fenlei_page *page;
    const fenlei_article *article;
    const fenlei_why *why;
    size_t topic;
#define assert_refused(call) assert_int_equal((call), FENLEI_BAD_ARGUMENT)
    assert_refused(fenlei_model_open(NULL, NULL, &error));
    assert_refused(fenlei_model_open("m", NULL, &error));
    assert_refused(fenlei_model_open_bytes("m", 1, NULL, &error));
    assert_refused(fenlei_labeler_new(NULL, &no_labeler, &error));
    assert_refused(fenlei_labeler_new(model, NULL, &error));
    assert_refused(fenlei_label_page(NULL, "a", 1, NULL, &page, &error));
    assert_refused(fenlei_label_page(labeler, NULL, 1, NULL, &page, &error));
    assert_refused(fenlei_label_page(labeler, "a", 1, NULL, NULL, &error));
    assert_refused(fenlei_label_record(NULL, text, text, NULL, &article, &error));
    assert_refused(fenlei_label_record(labeler, broken, text, NULL, &article, &error));
    assert_refused(fenlei_label_record(labeler, text, broken, NULL, &article, &error));
    assert_refused(fenlei_label_record(labeler, text, text, NULL, NULL, &error));
    assert_int_equal(fenlei_label_record(labeler, none, text, NULL, &article, &error), FENLEI_OK);
    assert_int_equal(fenlei_label_record(labeler, none, none, NULL, &article, NULL), FENLEI_OK);
    assert_refused(fenlei_explain(NULL, 0, 0, &why, &error));
    assert_refused(fenlei_explain(labeler, 0, 0, NULL, &error));
    assert_refused(fenlei_explain(labeler, 0, SIZE_MAX, &why, &error));
    assert_refused(fenlei_explain(labeler, SIZE_MAX, 0, &why, NULL));
    assert_int_equal(fenlei_label_page(labeler, NULL, 0, NULL, &page, &error), FENLEI_BAD_INPUT);
    assert_int_equal(fenlei_topic_count(NULL), 0);
    assert_null(fenlei_topic_id(NULL, 0));
    assert_null(fenlei_topic_name(NULL, 0));
    assert_false(fenlei_topic_find(NULL, text, &topic));
    assert_false(fenlei_has_probabilities(NULL));
    assert_int_equal(fenlei_model_card(NULL).size, 0);
    assert_null(fenlei_review_name((fenlei_review)77));
    fenlei_model_close(NULL);
    fenlei_labeler_free(NULL);
}

/* What is longer is refused before it is looked at: only its beginning is there. */
static void a_text_has_a_most(void **state)
{
    (void)state;
    const fenlei_page *page;
    const fenlei_article *article;
    const fenlei_text text = text_of("法院"), longer = {"a", FENLEI_TEXT_MAX + 1};
    assert_int_equal(fenlei_label_page(labeler, "a", SIZE_MAX, NULL, &page, &error),
                     FENLEI_BAD_INPUT);
    assert_contains(error.message, "longer than 512 MiB");
    assert_int_equal(fenlei_label_page(labeler, "a", longer.size, NULL, &page, &error),
                     FENLEI_BAD_INPUT);
    assert_int_equal(fenlei_label_record(labeler, longer, text, NULL, &article, &error),
                     FENLEI_BAD_INPUT);
    assert_int_equal(fenlei_label_record(labeler, text, longer, NULL, &article, &error),
                     FENLEI_BAD_INPUT);
}

/* Bytes that this process has allocated; 0 where a sanitizer does the allocating. */
static size_t allocated(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* Labels, and explains the first article that is one. */
static void read_text(fenlei_labeler *reader, fenlei_text text, const char *encoding)
{
    const fenlei_page *page;
    const fenlei_why *why;
    fenlei_options options = fenlei_options_default();
    options.encoding = encoding;
    assert_int_equal(fenlei_label_page(reader, text.bytes, text.size, &options, &page, &error),
                     FENLEI_OK);
    size_t i = 0;
    while (page->articles[i]->labels == NULL)
        i++;
    assert_int_equal(fenlei_explain(reader, i, 0, &why, &error), FENLEI_OK);
}

/* A document of 1 MiB, and what grows with a text of one kind or another, is given back when the
 * next is labelled. */
static void large_documents_are_given_back(void **state)
{
    (void)state;
    static const size_t large = 1 << 20;
    static const struct {
        const char *unit, *encoding;
    } kinds[] = {{"abcdefg ", NULL},      {"ab cd\n", NULL}, {"法院开庭。\n\n", NULL},
                 {"\xB7\xA8", "GB18030"}, {"\uFDFA", NULL},  {"本报讯\n开庭。\n", NULL}};
    const fenlei_text small = text_of("县法院公开开庭审理一起盗窃案。\n");
    fenlei_labeler *reader;
    assert_int_equal(fenlei_labeler_new(model, &reader, &error), FENLEI_OK);
    read_text(reader, small, NULL);
    size_t before = allocated();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct buffer text = {0};
        while (text.size < large)
            buffer_append_string(&text, kinds[i].unit);
        read_text(reader, (fenlei_text){text.bytes, text.size}, kinds[i].encoding);
        buffer_release(&text);
        size_t taken = allocated();
        read_text(reader, small, NULL);
        size_t kept = allocated();
        if (before > 0 && (taken < before + FENLEI_SCRATCH_KEPT || kept > before + 65536))
            fail_msg("text %zu: %zu bytes, then %zu, then %zu", i, before, taken, kept);
    }
    fenlei_labeler_free(reader);
}

/* As many small documents as anybody likes take nothing more. */
static void small_documents_take_nothing_new(void **state)
{
    (void)state;
    struct buffer pages_of[N_PAGES] = {{0}};
    for (size_t i = 0; i < N_PAGES; i++)
        assert_int_equal(input_read(pages[i], &pages_of[i], &error), FENLEI_OK);
    size_t warm = 0;
    for (size_t i = 0; i < (size_t)4 * N_PAGES; i++) {
        const struct buffer *bytes = &pages_of[i % N_PAGES];
        read_text(labeler, (fenlei_text){bytes->bytes, bytes->size}, NULL);
        if (i + 1 == N_PAGES)
            warm = allocated();
    }
    assert_int_equal(allocated(), warm);
    for (size_t i = 0; i < N_PAGES; i++)
        buffer_release(&pages_of[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding_gives_the_same_labels),
        cmocka_unit_test(one_bad_byte_does_not_change_the_encoding),
        cmocka_unit_test(a_labeler_remembers_nothing),
        cmocka_unit_test(bad_input_is_an_error_with_a_reason),
        cmocka_unit_test(options_of_any_version_are_read),
        cmocka_unit_test(a_probability_is_between_0_and_1),
        cmocka_unit_test(null_is_no_argument),
        cmocka_unit_test(a_text_has_a_most),
        cmocka_unit_test(large_documents_are_given_back),
        cmocka_unit_test(small_documents_take_nothing_new),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
