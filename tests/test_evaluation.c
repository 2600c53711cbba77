/* SPDX-License-Identifier: BSD-3-Clause */
#include "html/evaluation_page.h"
#include "measure/evaluation.h"
#include "test.h"

#include <math.h>

static struct evaluation evaluation;

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

static int set_up(void **state)
{
    (void)state;
    static const char *const ids[] = {"a", "b", "c"}, *const names[] = {"甲", "<b>\"'&", "c"};
    if (!evaluation_init(&evaluation, "A <test>", 3, true))
        return 1;
    for (size_t topic = 0; topic < 3; topic++) {
        evaluation.ids[topic] = ids[topic];
        evaluation.names[topic] = names[topic];
        evaluation.cuts[topic] = (struct cut){0, 0.5};
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    evaluation_release(&evaluation);
    return 0;
}

/* Probabilities in tenths; given from 0.5. */
static void add(const char *truth, const char *tenths, const char *title)
{
    bool is_true[3], either[3] = {false}, given[3];
    double probability[3], score[3];
    size_t best = 0;
    for (size_t i = 0; i < 3; i++) {
        is_true[i] = truth[i] == '1';
        either[i] = truth[i] == '?';
        probability[i] = (tenths[i] - '0') / 10.0;
        score[i] = probability[i] - 0.5;
        given[i] = score[i] >= 0;
        best = probability[i] > probability[best] ? i : best;
    }
    evaluation_add(&evaluation,
                   (struct answer){.truth = is_true,
                                   .either = either,
                                   .given = given,
                                   .probability = probability,
                                   .score = score,
                                   .best = best},
                   (struct evaluated){"file.jsonl",
                                      evaluation.metrics.documents + 1,
                                      {"7", 1},
                                      text_of(title),
                                      text_of("the text")});
}

static void a_curve_is_as_by_hand(void **state)
{
    (void)state;
    struct scored scores[] = {{0.1, true}, {0.9, true}, {0.8, false}, {0.5, true}, {0.5, false}};
    struct curve curve;
    curve_make(&curve, scores, 5);
    assert_int_equal(curve.n_points, 3);
    assert_true(is_near(curve.points[0].recall, 1.0 / 3) && is_near(curve.points[0].precision, 1) &&
                is_near(curve.points[0].threshold, 0.9));
    /* no cut between the two of 0.5 */
    assert_true(is_near(curve.points[1].recall, 2.0 / 3) &&
                is_near(curve.points[1].precision, 0.5));
    assert_true(is_near(curve.points[2].recall, 1) && is_near(curve.points[2].precision, 0.6));
    assert_true(is_near(curve.average_precision, (1 + 0.5 + 0.6) / 3));
    curve_make(&curve, scores, 0);
    assert_true(curve.n_points == 0 && isnan(curve.average_precision));
}

static void a_long_curve_is_thinned_to_its_end(void **state)
{
    (void)state;
    static struct scored scores[5000];
    struct curve curve;
    for (size_t i = 0; i < 5000; i++)
        scores[i] = (struct scored){(double)i, i % 2 == 0};
    curve_make(&curve, scores, 5000);
    assert_true(curve.n_points > CURVE_POINTS_MAX / 2 && curve.n_points <= CURVE_POINTS_MAX);
    assert_true(is_near(curve.points[curve.n_points - 1].recall, 1));
    for (size_t i = 1; i < curve.n_points; i++)
        assert_true(curve.points[i].recall > curve.points[i - 1].recall);
}

static void confusions_are_as_by_hand(void **state)
{
    (void)state;
    add("100", "190", "x"); /* a taken for b */
    add("100", "190", "x"); /* again */
    add("100", "111", "x"); /* a taken for none */
    add("000", "119", "x"); /* none taken for c */
    add("110", "196", "x"); /* a missed, b hit, c extra */
    add("010", "191", "x"); /* all right */
    add("?10", "911", "x"); /* a neither way, b missed */
    assert_true(evaluation_finish(&evaluation, 1));
    static const struct confusion expected[] = {
        {0, 1, 2}, {0, 2, 1}, {0, 3, 1}, {1, 3, 1}, {3, 2, 1}};
    assert_int_equal(evaluation.n_confusions, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(evaluation.confusions[i].topic, expected[i].topic);
        assert_int_equal(evaluation.confusions[i].taken_for, expected[i].taken_for);
        assert_int_equal(evaluation.confusions[i].documents, expected[i].documents);
    }
}

static void the_surest_mistakes_come_first(void **state)
{
    (void)state;
    add("000", "600", "six");
    add("100", "000", "missed");
    add("000", "090", "nine");
    add("?00", "900", "neither way");
    add("100", "900", "right");
    assert_int_equal(evaluation.n_mistakes, 3);
    assert_text(evaluation.mistakes[0].of.title, "missed");
    assert_true(!evaluation.mistakes[0].given && evaluation.mistakes[0].of.line == 2);
    assert_text(evaluation.mistakes[1].of.title, "nine");
    assert_true(evaluation.mistakes[1].given && evaluation.mistakes[1].topic == 1);
    assert_text(evaluation.mistakes[2].of.title, "six");
    for (int i = 0; i < 50; i++)
        add("000", "800", "many");
    assert_int_equal(evaluation.n_mistakes, MISTAKES_MAX);
    assert_text(evaluation.mistakes[1].of.title, "nine");
    assert_text(evaluation.mistakes[MISTAKES_MAX - 1].of.title, "many");
}

static void the_hash_is_of_texts_and_truth(void **state)
{
    add("100", "900", "x");
    uint64_t hash = evaluation_hash(&evaluation);
    for (int i = 0; i < 3; i++) {
        tear_down(state);
        set_up(state);
        add(i == 1 ? "110" : "100", i == 0 ? "000" : "900", i == 2 ? "y" : "x");
        assert_true((evaluation_hash(&evaluation) == hash) == (i == 0));
    }
}

static void a_page_shows_text_as_text(void **state)
{
    (void)state;
    struct buffer out = {0};
    add("000", "090", "</x4><script>alert(1)</script>\" '\u202E");
    add("100", "900", "x");
    assert_true(evaluation_finish(&evaluation, 1));
    evaluation_page(&out, ENGLISH, &evaluation, 1,
                    text_of("{\"solver\":\"<i>\",\"C\":1,\"deep\":{}}"));
    buffer_append(&out, "", 1);
    assert_false(out.failed);
    assert_null(strstr(out.bytes, "<script"));
    assert_null(strstr(out.bytes, "<b>\"'&"));
    assert_null(strstr(out.bytes, "<i>"));
    assert_null(strstr(out.bytes, "nan"));
    assert_contains(out.bytes, "<bdi>&lt;/x4&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; &#39;");
    assert_contains(out.bytes, "<bdi>&lt;b&gt;&quot;&#39;&amp;</bdi>");
    assert_contains(out.bytes, "A &lt;test&gt;");
    buffer_clear(&out);
    evaluation_page(&out, LANGUAGE_LATER, &evaluation, 1, text_of("no JSON"));
    assert_true(out.failed);
    buffer_release(&out);
}

static void json_has_what_the_page_has(void **state)
{
    (void)state;
    struct buffer out = {0};
    add("100", "190", "x\"y");
    assert_true(evaluation_finish(&evaluation, 1));
    evaluation_json(&evaluation, &out);
    buffer_append(&out, "", 1);
    assert_contains(out.bytes,
                    "\"confusions\":[{\"topic\":\"a\",\"taken_for\":\"b\",\"documents\":1}]");
    assert_contains(out.bytes, "\"points\":[{\"recall\":1,\"precision\":1,\"threshold\":-0.4}]");
    assert_contains(out.bytes, "\"title\":\"x\\\"y\",\"topic\":\"a\",\"given\":false");
    assert_contains(out.bytes, "{\"from\":0.9,\"to\":1,\"decisions\":1,\"positives\":0,"
                               "\"mean_probability\":0.9}");
    assert_contains(out.bytes, "\"f1_interval\":[0,");
    assert_contains(out.bytes, "\"recall_interval\":null");
    buffer_release(&out);
}

/* Two records, one of them of the training: the figure without it, and labels left out. */
static void what_was_known_before_is_told(void **state)
{
    (void)state;
    static const bool truth[] = {true, false, false}, none[] = {false, false, false};
    static const double score[] = {1, -1, -1};
    struct buffer out = {0};
    struct evaluated of = {"file.jsonl", 1, {"", 0}, {"", 0}, {"text", 4}};
    struct answer answer = {.truth = truth, .either = none, .given = truth, .score = score};
    evaluation.known_by = KNOWN_BY_SKETCH;
    answer.is_known = true;
    evaluation_add(&evaluation, answer, of);
    answer.is_known = false;
    answer.n_left_out = 2;
    answer.given = none;
    evaluation_add(&evaluation, answer, of);
    assert_true(evaluation_finish(&evaluation, 1));
    assert_int_equal(evaluation.unknown.documents, 1);
    evaluation.missing.records = 3;
    evaluation.missing.inputs = 1;
    evaluation_table(&evaluation, &out);
    evaluation_json(&evaluation, &out);
    evaluation_page(&out, LANGUAGE_LATER, &evaluation, 1, text_of("{}"));
    buffer_append(&out, "", 1);
    assert_false(out.failed);
    assert_contains(out.bytes, "\n2 labels of 1 record left out: no topics of the model\n"
                               "near-duplicates of training texts (by the model's sketch): 1 of 2; "
                               "without them micro-F1 0.000, macro-F1 0.000\n{");
    assert_contains(out.bytes, "\"left_out\":{\"labels\":2,\"documents\":1},"
                               "\"missing\":{\"records\":3,\"inputs\":1},\"near_duplicates\":{"
                               "\"documents\":1,\"exact\":false,\"without\":{\"documents\":1,"
                               "\"micro\":{\"precision\":null,\"recall\":0,\"f1\":0}");
    assert_contains(out.bytes,
                    "<p><bdi>2 labels of 1 record left out: no topics of the model</bdi></p>");
    assert_contains(out.bytes,
                    "<p><bdi>near-duplicates of training texts (by the model&#39;s sketch): 1 of");
    buffer_release(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_curve_is_as_by_hand),
        cmocka_unit_test(a_long_curve_is_thinned_to_its_end),
        TEST(confusions_are_as_by_hand),
        TEST(the_surest_mistakes_come_first),
        TEST(the_hash_is_of_texts_and_truth),
        TEST(a_page_shows_text_as_text),
        TEST(json_has_what_the_page_has),
        TEST(what_was_known_before_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
