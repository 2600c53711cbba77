/* The public API on the shipped model and the seed pages, in every encoding they may come in. */
#include "base/input.h"
#include "convert.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding_gives_the_same_labels),
        cmocka_unit_test(one_bad_byte_does_not_change_the_encoding),
        cmocka_unit_test(a_labeler_remembers_nothing),
        cmocka_unit_test(bad_input_is_an_error_with_a_reason),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
