/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/json.h"
#include "base/record.h"
#include "base/topic_names.h"
#include "test.h"

#include <math.h>

static fenlei_error error;

static fenlei_status parse(struct record *record, const char *line, size_t size)
{
    fenlei_status status = record_parse(record, line, size, &error);
    return status == FENLEI_OK ? record_parse_labels(record, &error) : status;
}

static void reads_a_record(void **state)
{
    (void)state;
    struct record record = {0};
    static const char line[] =
        "{\"id\": \"a\\\"1\", \"title\": \"题\", \"text\": \"正文\\n\\u4e8c\", \"labels\": "
        "[\"x\", \"y\"], \"either\": [\"z\"], \"other\": {\"text\": 1}} ";
    assert_int_equal(parse(&record, line, sizeof line - 1), FENLEI_OK);
    assert_text(record.id, "\"a\\\"1\"");
    assert_text(record.title, "题");
    assert_text(record.text, "正文\n二");
    assert_true(record.is_labelled);
    assert_int_equal(record.n_labels, 2);
    assert_text(record.labels[1], "y");
    assert_int_equal(record.n_either, 1);
    record_release(&record);

    static const char untitled[] = "{\"text\":\"\",\"id\":12,\"title\":null}";
    assert_int_equal(parse(&record, untitled, sizeof untitled - 1), FENLEI_OK);
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
        {"{\"TEXT\": \"a\"}", "no \"text\", but \"TEXT\""},
        {"{\"id\": 1, \"a\": 2, \"txet\": \"a\"}", "no \"text\", but \"txet\""},
        {"{\"txet\": null}", "no \"text\""},
        {"{\"text\": null}", "no \"text\""},
        {"{\"text\": 3}", "\"text\" is not a string"},
        {"{\"text\": \"a\", \"text\": \"b\"}", "given twice"},
        {"{\"text\": \"a\\u0000b\"}", "NUL"},
        {"{\"text\": \"\xFF\"}", "invalid UTF-8"},
        {"{\"text\": \"\\ud800\"}", "\"text\": a NUL character or half"},
        {"{\"text\": \"a\", \"title\": \"\\udc00\"}", "\"title\": a NUL character or half"},
        {"{\"text\": \"a\", \"labels\": [\"x\\u0000\"]}", "\"labels\": a NUL character or half"},
        {"{\"text\": \"a\", \"b\": \"\\u00\"}", "half an escape"},
        {"{\"text\": \"a\", \"labels\": \"x\"}", "not an array"},
        {"{\"text\": \"a\", \"labels\": [1]}", "other than a name"},
        {"{\"text\": \"a\", \"labels\": [\"\"]}", "other than a name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct record record = {0};
        assert_int_equal(parse(&record, cases[i].line, strlen(cases[i].line)), FENLEI_BAD_INPUT);
        assert_contains(error.message, cases[i].message);
        record_release(&record);
    }
    struct record record = {0};
    static const char escaped[] = "{\"text\": \"a\\\\u0000b\"}"; /* a backslash, then u0000 */
    assert_int_equal(parse(&record, escaped, sizeof escaped - 1), FENLEI_OK);
    assert_text(record.text, "a\\u0000b");
    record_release(&record);
}

/* Whoever only wants the text labelled may have anything in the other fields. */
static void other_fields_are_passed_over(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "{\"text\":\"a\",\"labels\":\"x\",\"either\":7,\"date\":{}}",
        "{\"text\":\"a\",\"labels\":[1,null,{}],\"either\":[[]]}",
        "{\"text\":\"a\",\"labels\":[{\"topic\":\"x\",\"probability\":0.5}],\"review\":null}",
        "{\"text\":\"a\",\"labels\":1,\"labels\":2}"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct record record = {0};
        assert_int_equal(record_parse(&record, lines[i], strlen(lines[i]), &error), FENLEI_OK);
        assert_text(record.text, "a");
        assert_int_equal(record_parse_labels(&record, &error), FENLEI_BAD_INPUT);
        record_release(&record);
    }
}

/* After the ideas of Nicolas Seriot's JSONTestSuite, one rule a line. A record is JSON of RFC 8259
 * in UTF-8; what is beyond it in cJSON's reading is said so. */
enum verdict { ACCEPTED, REFUSED };

static const struct json_case {
    const char *rule;
    enum verdict verdict;
    const char *value; /* of another field than text */
} json_cases[] = {
    {"numbers of every form", ACCEPTED, "[0,-0,1,-1,1.5,1e5,1E+5,1e-5,-1.5E-3,20e1]"},
    {"a number beyond a double", ACCEPTED, "1e999"},
    {"a whole number of many digits", ACCEPTED, "123456789012345678901234567890123456789012345678"},
    {"a number too small for a double", ACCEPTED, "1e-999"},
    {"a number with nothing behind the e", REFUSED, "1e"},
    {"a number that begins with 0", REFUSED, "01"},
    {"a negative number that begins with 0", REFUSED, "[1,{\"a\":-012}]"},
    {"a number that ends with a point", REFUSED, "1."},
    {"a number with nothing between point and e", REFUSED, "1.e5"},
    {"what is no number, in a string", ACCEPTED, "\"01 1. \\\" -0x\""},
    {"hexadecimal", REFUSED, "0x1F"},
    {"a number with a plus", REFUSED, "+1"},
    {"a number that begins with a point", REFUSED, ".5"},
    {"a minus alone", REFUSED, "-"},
    {"two minus signs", REFUSED, "--1"},
    {"NaN", REFUSED, "NaN"},
    {"Infinity", REFUSED, "Infinity"},
    {"-Infinity", REFUSED, "-Infinity"},
    {"a full-width digit", REFUSED, "\xEF\xBC\x91"},
    {"the literals", ACCEPTED, "[true,false,null]"},
    {"a literal in capitals", REFUSED, "True"},
    {"a literal cut off", REFUSED, "nul"},
    {"an empty array", ACCEPTED, "[]"},
    {"an empty object", ACCEPTED, "{}"},
    {"an empty key", ACCEPTED, "{\"\":0}"},
    {"the same key twice in a field that is passed over", ACCEPTED, "{\"a\":1,\"a\":2}"},
    {"white space of all four kinds", ACCEPTED, "[ \t\r\n1 ]"},
    {"a form feed is no white space in JSON, but cJSON's", ACCEPTED, "[\f1]"},
    {"a space that is not ASCII", REFUSED, "\xC2\xA0[1]"},
    {"a comma too many in an array", REFUSED, "[1,]"},
    {"a comma too many in an object", REFUSED, "{\"a\":1,}"},
    {"a comma alone", REFUSED, "[,]"},
    {"two commas", REFUSED, "[1,,2]"},
    {"no comma", REFUSED, "[1 2]"},
    {"no colon", REFUSED, "{\"a\" 1}"},
    {"two colons", REFUSED, "{\"a\"::1}"},
    {"a key without quotes", REFUSED, "{a:1}"},
    {"a key that is a number", REFUSED, "{1:1}"},
    {"a key without a value", REFUSED, "{\"a\":}"},
    {"an array that ends as an object", REFUSED, "[1}"},
    {"an array that does not end", REFUSED, "[1"},
    {"a string that does not end", REFUSED, "\"a"},
    {"single quotes", REFUSED, "'a'"},
    {"a comment", REFUSED, "1/* a */"},
    {"every escape", ACCEPTED, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u4e2d\""},
    {"an escape of no meaning", REFUSED, "\"\\x00\""},
    {"an escape of a letter", REFUSED, "\"\\a\""},
    {"a backslash before a character of UTF-8", REFUSED, "\"\\中\""},
    {"an escape that the string's end cuts off", REFUSED, "\"\\\""},
    {"\\u with three digits", REFUSED, "\"\\u4e2\""},
    {"\\u with a letter beyond F", REFUSED, "\"\\u4e2g\""},
    {"\\U", REFUSED, "\"\\U4e2d\""},
    {"NUL as an escape, where nobody asks", ACCEPTED, "\"\\u0000\""},
    {"NUL as an escape, in a key", ACCEPTED, "{\"a\\u0000\":1}"},
    {"a surrogate pair", ACCEPTED, "\"\\ud83d\\ude00\""},
    {"a surrogate pair in capitals", ACCEPTED, "\"\\uD83D\\uDE00\""},
    {"a first surrogate alone", ACCEPTED, "\"\\ud83d\""},
    {"a first surrogate before a letter", ACCEPTED, "\"\\ud83da\""},
    {"a first surrogate before an escape", ACCEPTED, "\"\\ud83d\\n\""},
    {"two first surrogates", ACCEPTED, "\"\\ud83d\\ud83d\""},
    {"a second surrogate alone", ACCEPTED, "\"\\ude00\""},
    {"surrogates the wrong way round", ACCEPTED, "\"\\ude00\\ud83d\""},
    {"a noncharacter", ACCEPTED, "\"\\uffff\\ufdd0\""},
    {"a control character as it is is no JSON, but cJSON's", ACCEPTED, "\"a\tb\x01\x7F\""},
    {"characters of two, three and four bytes", ACCEPTED, "\"é中😀\""},
    {"an overlong form", REFUSED, "\"\xC0\xAF\""},
    {"an overlong NUL", REFUSED, "\"\xC0\x80\""},
    {"a surrogate in UTF-8", REFUSED, "\"\xED\xA0\x80\""},
    {"beyond U+10FFFF", REFUSED, "\"\xF4\x90\x80\x80\""},
    {"a byte that is never UTF-8", REFUSED, "\"\xFF\""},
    {"a character cut off", REFUSED, "\"\xE4\xB8\""},
    {"Latin-1", REFUSED, "\"\xE9\""},
};

static void json_is_read_by_stated_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof json_cases / sizeof *json_cases; i++) {
        const struct json_case *c = &json_cases[i];
        struct record record = {0};
        struct buffer line = {0};
        buffer_append_format(&line, "{\"other\":%s,\"text\":\"a\"}", c->value);
        fenlei_status status = record_parse(&record, line.bytes, line.size, &error);
        if ((status == FENLEI_OK) != (c->verdict == ACCEPTED))
            fail_msg("%s: %s is %s", c->rule, c->value, status == FENLEI_OK ? "taken" : "refused");
        if (status == FENLEI_OK)
            assert_text(record.text, "a");
        else
            assert_int_equal(status, FENLEI_BAD_INPUT);
        record_release(&record);
        buffer_release(&line);
    }
}

/* What stands around the object. */
static void a_record_is_one_object_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        enum verdict verdict;
    } cases[] = {
#define LINE(string) (string), sizeof(string) - 1
        {LINE("{\"text\":\"a\"}"), ACCEPTED},
        {LINE(" \t\r{\"text\":\"a\"} \t\r"), ACCEPTED},
        {LINE("\xEF\xBB\xBF{\"text\":\"a\"}"), ACCEPTED}, /* a mark at the start of a file */
        {LINE("{\"text\":\"a\"}\xEF\xBB\xBF"), REFUSED},
        {LINE("\xFF\xFE{\0}\0"), REFUSED}, /* UTF-16 */
        {LINE("{\"text\":\"a\0b\"}"), REFUSED},
        {LINE("{\"text\":\"a\"}\0"), REFUSED},
        {LINE("\0"), REFUSED},
        {LINE("{\"text\":\"a\"},"), REFUSED},
        {LINE("{\"text\":\"a\"}}"), REFUSED},
        {LINE("{\"text\":\"a\"}#"), REFUSED},
        {LINE("[{\"text\":\"a\"}]"), REFUSED},
        {LINE("\"text\""), REFUSED},
        {LINE("7"), REFUSED},
        {LINE("null"), REFUSED},
        {LINE("{"), REFUSED},
        {LINE("}"), REFUSED},
        {LINE("{}"), REFUSED},
        {LINE("{\"text\":[\"a\"]}"), REFUSED},
        {LINE("{\"text\":true}"), REFUSED},
        {LINE("{\"text\":\"a\",\"title\":\"b\",\"title\":\"c\"}"), REFUSED},
        {LINE("{\"text\":\"a\",\"title\":null,\"title\":\"c\"}"), REFUSED},
        {LINE("{\"t\\u0065xt\":\"a\"}"), ACCEPTED}, /* an escape in a key is what it means */
        {LINE("{\"text\":\"a\",\"t\\u0065xt\":\"b\"}"), REFUSED},
        {LINE("{\"text\":\"a\",\"Text\":\"b\"}"), ACCEPTED}, /* another field */
        {LINE("{\"text\":\"a\",\"id\":9007199254740991}"), ACCEPTED},
        {LINE("{\"text\":\"a\",\"id\":9007199254740993}"), ACCEPTED},
        {LINE("{\"text\":\"a\",\"id\":1e400}"), ACCEPTED},
        {LINE("{\"text\":\"a\",\"id\":01}"), REFUSED},
        {LINE("{\"text\":\"a\",\"id\":true}"), ACCEPTED},
#undef LINE
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct record record = {0};
        fenlei_status status = record_parse(&record, cases[i].bytes, cases[i].size, &error);
        if (status != (cases[i].verdict == ACCEPTED ? FENLEI_OK : FENLEI_BAD_INPUT))
            fail_msg("%s is %s", cases[i].bytes, status == FENLEI_OK ? "taken" : "refused");
        record_release(&record);
    }
}

static void the_id_comes_back_as_it_was_written(void **state)
{
    (void)state;
    static const struct {
        const char *written, *copied; /* NULL: the same */
    } ids[] = {
        {"9007199254740993", NULL},
        {"123456789012345678901234567890", NULL},
        {"1.50", NULL},
        {"-0.0E-5", NULL},
        {"true", NULL},
        {"null", NULL},
        {"\"\\u4e00 \\/ \\\" \\\\\"", NULL},
        {"\"a\xE2\x80\xA8\tb\x7F\"", "\"a\\u2028\\tb\\u007f\""},
        {"[1, {\"x\": \"}, ] \\\" : \"}, [ ] ]", NULL},
        {"[1,\n2,\t3]", "[1, 2, 3]"},
    };
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        for (int last = 0; last < 2; last++) {
            struct buffer line = {0};
            buffer_append_format(&line,
                                 last ? "{\"a\":[{\"id\":0},{}],\"text\":\"x:\\\",\",\"id\" : %s}"
                                      : "{\"id\":%s ,\"text\":\"\"}",
                                 ids[i].written);
            struct record record = {0};
            assert_int_equal(record_parse(&record, line.bytes, line.size, &error), FENLEI_OK);
            assert_text(record.id, ids[i].copied != NULL ? ids[i].copied : ids[i].written);
            record_release(&record);
            buffer_release(&line);
        }
}

static void the_id_survives_an_error(void **state)
{
    (void)state;
    struct record record = {0};
    assert_int_equal(record_parse(&record, "{\"id\": 7}", 9, &error), FENLEI_BAD_INPUT);
    assert_text(record.id, "7");
    record_release(&record);
}

static bool is_a_label(fenlei_text name)
{
    return text_equal(name, text_of("labels"));
}

/* What else a record holds is copied byte for byte, on one line. */
static void other_fields_come_back_as_they_were_written(void **state)
{
    (void)state;
    static const struct {
        const char *line, *others, *clashing;
    } cases[] = {
        {"{\"text\":\"a\",\"id\":1,\"title\":\"b\"}", "", ""},
        {"{\"b\":12345678901234567890.10,\"text\":\"a\",\"a\":-0.0E+5}",
         "\"b\":12345678901234567890.10,\"a\":-0.0E+5", ""},
        {"\xEF\xBB\xBF { \"url\" : \"http:\\/\\/x\" , \"id\":3, \"text\" : \"a\" }",
         "\"url\":\"http:\\/\\/x\"", ""},
        {"{\"text\":\"a\",\"n\":{\"text\":[1, {\"id\" :\f2}],\"\":\"}\\\"{ ,\"}}",
         "\"n\":{\"text\":[1, {\"id\" : 2}],\"\":\"}\\\"{ ,\"}", ""},
        {"{\"labels\":[\"x\"],\"text\":\"a\",\"l\\u0061bels\":2,\"Labels\":3}", "\"Labels\":3",
         "\"labels\":[\"x\"],\"l\\u0061bels\":2"},
        {"{\"a\":1,\"t\\u0065xt\":\"a\",\"a\":2}", "\"a\":1,\"a\":2", ""},
        {"{\"k\\u0000\":\"\\ud800\",\"text\":\"a\"}", "\"k\\u0000\":\"\\ud800\"", ""},
        {"{\"s\":\"\xE2\x80\xA8\x01\",\"text\":\"a\"}", "\"s\":\"\\u2028\\u0001\"", ""},
        {"{\"url\":\"x\"}", "\"url\":\"x\"", ""}, /* an error, all the same */
        {"[1]", "", ""},
        {"{\"url\":", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct record record = {0};
        struct buffer others = {0}, clashing = {0};
        record_parse(&record, cases[i].line, strlen(cases[i].line), &error);
        record_append_others(&record, is_a_label, &others, &clashing);
        assert_text(((fenlei_text){others.bytes, others.size}), cases[i].others);
        assert_text(((fenlei_text){clashing.bytes, clashing.size}), cases[i].clashing);
        record_release(&record);
        buffer_release(&others);
        buffer_release(&clashing);
    }
}

static void an_id_may_hold_half_an_escape(void **state)
{
    (void)state;
    struct record record = {0};
    static const char line[] = "{\"text\":\"a\\u0000\",\"id\":\"\\ud800\"}";
    assert_int_equal(record_parse(&record, line, sizeof line - 1, &error), FENLEI_BAD_INPUT);
    assert_text(record.id, "\"\\ud800\"");
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
    assert_string_equal(number(-0.000000000001, 12), "-0.000000000001");
    assert_string_equal(number(0.123456789012, 12), "0.123456789012");
    assert_string_equal(number(1000000.12345678901, 12), "1000000.123456789");
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
    buffer_clear(&out);
    json_string(&out, text_of("\xE2\x80\xA8–\xE2\x80\xA9\xE2\x80"));
    assert_text(((fenlei_text){out.bytes, out.size}), "\"\\u2028–\\u2029\xE2\x80\"");
    buffer_release(&out);
}

static void expect_file(const char *path, const char *json)
{
    struct buffer out = {0};
    buffer_append_string(&out, "{");
    json_file(&out, path);
    buffer_append_string(&out, "}");
    assert_text(((fenlei_text){out.bytes, out.size}), json);
    buffer_release(&out);
}

static void names_of_files_lose_nothing(void **state)
{
    (void)state;
    expect_file("a/页 1%.txt", "{\"file\":\"a/页 1%.txt\"}");
    expect_file("\"\x01", "{\"file\":\"\\\"\\u0001\"}");
    expect_file("页\xFF 1%.txt", "{\"file\":\"页\uFFFD 1%.txt\","
                                 "\"file_bytes\":\"%E9%A1%B5%FF%201%25.txt\"}");
    expect_file("\xC0\x80", "{\"file\":\"\uFFFD\uFFFD\",\"file_bytes\":\"%C0%80\"}");
    expect_file("~/A-z_\xE9\xA1",
                "{\"file\":\"~/A-z_\uFFFD\uFFFD\",\"file_bytes\":\"~/A-z_%E9%A1\"}");
    expect_file("\"\x7F\xFE\"",
                "{\"file\":\"\\\"\\u007f\uFFFD\\\"\",\"file_bytes\":\"%22%7F%FE%22\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_record),
        cmocka_unit_test(refuses_what_is_no_record),
        cmocka_unit_test(other_fields_are_passed_over),
        cmocka_unit_test(json_is_read_by_stated_rules),
        cmocka_unit_test(a_record_is_one_object_and_nothing_else),
        cmocka_unit_test(the_id_comes_back_as_it_was_written),
        cmocka_unit_test(the_id_survives_an_error),
        cmocka_unit_test(other_fields_come_back_as_they_were_written),
        cmocka_unit_test(an_id_may_hold_half_an_escape),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(reads_topics),
        cmocka_unit_test(numbers_are_short_and_finite),
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(names_of_files_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
