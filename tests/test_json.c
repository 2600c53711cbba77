#include "json.h"
#include "test.h"

#include <math.h>

static fenlei_error error;

static void reads_a_record(void **state)
{
    (void)state;
    struct record record = {0};
    static const char line[] =
        "{\"id\": \"a\\\"1\", \"title\": \"题\", \"text\": \"正文\\n\\u4e8c\", \"labels\": "
        "[\"x\", \"y\"], \"either\": [\"z\"], \"other\": {\"text\": 1}} ";
    assert_int_equal(record_parse(&record, line, sizeof line - 1, &error), FENLEI_OK);
    assert_text(record.id, "\"a\\\"1\"");
    assert_text(record.title, "题");
    assert_text(record.text, "正文\n二");
    assert_true(record.is_labelled);
    assert_int_equal(record.n_labels, 2);
    assert_text(record.labels[1], "y");
    assert_int_equal(record.n_either, 1);
    record_release(&record);

    static const char untitled[] = "{\"text\":\"\",\"id\":12,\"title\":null}";
    assert_int_equal(record_parse(&record, untitled, sizeof untitled - 1, &error), FENLEI_OK);
    assert_text(record.id, "12");
    assert_int_equal(record.title.size, 0);
    assert_false(record.is_labelled);
    record_release(&record);
}

static void refuses_what_is_no_record(void **state)
{
    (void)state;
    static const struct {
        const char *line, *message;
    } cases[] = {
        {"", "empty line"},
        {"  \t", "empty line"},
        {"not json", "not JSON"},
        {"{\"text\": \"a\"", "not JSON"},
        {"{\"text\": \"a\"} x", "behind"},
        {"{\"text\": \"a\"}{\"text\": \"b\"}", "behind"},
        {"[1]", "not a JSON object"},
        {"{\"title\": \"a\"}", "no \"text\""},
        {"{\"TEXT\": \"a\"}", "no \"text\""},
        {"{\"text\": null}", "no \"text\""},
        {"{\"text\": 3}", "\"text\" is not a string"},
        {"{\"text\": \"a\", \"text\": \"b\"}", "given twice"},
        {"{\"text\": \"a\\u0000b\"}", "NUL"},
        {"{\"text\": \"\xFF\"}", "invalid UTF-8"},
        {"{\"text\": \"\\ud800\"}", "not JSON"},
        {"{\"text\": \"a\", \"id\": []}", "\"id\""},
        {"{\"text\": \"a\", \"labels\": \"x\"}", "not an array"},
        {"{\"text\": \"a\", \"labels\": [1]}", "other than a name"},
        {"{\"text\": \"a\", \"labels\": [\"\"]}", "other than a name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct record record = {0};
        assert_int_equal(record_parse(&record, cases[i].line, strlen(cases[i].line), &error),
                         FENLEI_BAD_INPUT);
        assert_contains(error.message, cases[i].message);
        record_release(&record);
    }
    struct record record = {0};
    static const char escaped[] = "{\"text\": \"a\\\\u0000b\"}"; /* a backslash, then u0000 */
    assert_int_equal(record_parse(&record, escaped, sizeof escaped - 1, &error), FENLEI_OK);
    assert_text(record.text, "a\\u0000b");
    record_release(&record);
}

static void the_id_survives_an_error(void **state)
{
    (void)state;
    struct record record = {0};
    assert_int_equal(record_parse(&record, "{\"id\": 7}", 9, &error), FENLEI_BAD_INPUT);
    assert_text(record.id, "7");
    record_release(&record);
}

static void depth_is_limited(void **state)
{
    (void)state;
    struct buffer line = {0};
    struct record record = {0};
    for (int i = 0; i < 100000; i++)
        buffer_append_string(&line, "[");
    assert_int_equal(record_parse(&record, line.bytes, line.size, &error), FENLEI_BAD_INPUT);
    record_release(&record);
    buffer_release(&line);
}

static void reads_topics(void **state)
{
    (void)state;
    struct topic_names topics = {0};
    static const char json[] =
        "[{\"id\": \"a\", \"name\": \"甲\"}, {\"id\": \"b\", \"english\": \"B\"}]\n";
    assert_int_equal(topic_names_parse(&topics, json, sizeof json - 1, &error), FENLEI_OK);
    assert_int_equal(topics.n, 2);
    assert_text(topics.names[0], "甲");
    assert_text(topics.names[1], "b");
    topic_names_release(&topics);
    static const char *const bad[] = {"{}", "[]", "[1]", "[{\"name\": \"x\"}]",
                                      "[{\"id\": \"a\"}, {\"id\": \"a\"}]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(topic_names_parse(&topics, bad[i], strlen(bad[i]), &error),
                         FENLEI_BAD_INPUT);
        topic_names_release(&topics);
    }
}

static const char *number(double value, unsigned decimals)
{
    static struct buffer out;
    buffer_clear(&out);
    json_number(&out, value, decimals);
    buffer_append(&out, "", 1);
    return out.bytes;
}

static void numbers_are_short_and_finite(void **state)
{
    (void)state;
    assert_string_equal(number(0.98, 4), "0.98");
    assert_string_equal(number(0.98004, 4), "0.98");
    assert_string_equal(number(0.98005, 5), "0.98005");
    assert_string_equal(number(-1.5, 2), "-1.5");
    assert_string_equal(number(-0.00001, 2), "0");
    assert_string_equal(number(3, 6), "3");
    assert_string_equal(number(0.05, 3), "0.05");
    assert_string_equal(number(9007199254740991.0, 9), "9007199254740991");
    assert_string_equal(number((double)NAN, 2), "null");
    assert_string_equal(number((double)INFINITY, 2), "null");
}

static void strings_are_escaped(void **state)
{
    (void)state;
    struct buffer out = {0};
    json_string(&out, (fenlei_text){"a\"b\\c\n\t\0\x1F\x7F平", 13});
    assert_text(((fenlei_text){out.bytes, out.size}),
                "\"a\\\"b\\\\c\\n\\t\\u0000\\u001f\\u007f平\"");
    buffer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_record),
        cmocka_unit_test(refuses_what_is_no_record),
        cmocka_unit_test(the_id_survives_an_error),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(reads_topics),
        cmocka_unit_test(numbers_are_short_and_finite),
        cmocka_unit_test(strings_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
