/* SPDX-License-Identifier: BSD-3-Clause */
/* desk/fields, desk/tokenizer, desk/sketch and base/json_part: what strangers send. */
#include "base/json_part.h"
#include "desk/batch.h"
#include "desk/fields.h"
#include "desk/filter.h"
#include "desk/tokenizer.h"
#include "tests/test.h"

#include <math.h>

static void expect_field(const struct fields *fields, const char *name, const char *value)
{
    assert_text(fields_value(fields, name), value);
}

static void test_encoded(void **state)
{
    struct fields fields = {0};
    (void)state;
    assert_true(fields_parse_encoded(&fields, text_of("a=1&b=%E6%89%AB+%zz%4&&c&=d&a=2&e==f")));
    expect_field(&fields, "a", "1");
    expect_field(&fields, "b", "扫 %zz%4");
    expect_field(&fields, "c", "");
    expect_field(&fields, "", "d");
    expect_field(&fields, "e", "=f");
    expect_field(&fields, "none", "");
    assert_int_equal(fields_number(&fields, "a"), 1);
    assert_int_equal(fields_number(&fields, "b"), 0);
    fields_release(&fields);
    assert_true(fields_parse_encoded(&fields, text_of("n=99999999999999999999&m=-1&k=007")));
    assert_int_equal(fields_number(&fields, "n"), 0);
    assert_int_equal(fields_number(&fields, "m"), 0);
    assert_int_equal(fields_number(&fields, "k"), 7);
    fields_release(&fields);
}

static void test_too_many(void **state)
{
    struct fields fields = {0};
    struct buffer many = {0};
    (void)state;
    for (int i = 0; i <= FIELDS_MAX; i++)
        buffer_append_string(&many, "a&");
    assert_false(fields_parse_encoded(&fields, (fenlei_text){many.bytes, many.size}));
    fields_release(&fields);
    buffer_release(&many);
}

static void test_multipart(void **state)
{
    static const char body[] =
        "preamble\r\n--X\r\nContent-Type: text/plain\r\ncontent-disposition: "
        "form-data; filename=\"a;b.txt\"; name=\"files\"\r\n\r\n--Y\r\n\r\n--X\r\n"
        "Content-Disposition: form-data; name=token\r\n\r\nabc\r\n--X--\r\n";
    struct fields fields = {0};
    (void)state;
    assert_true(fields_parse_multipart(&fields, text_of(body),
                                       text_of("multipart/form-data; boundary=\"X\"")));
    assert_int_equal(fields.n, 2);
    assert_text(fields.of[0].file_name, "a;b.txt");
    expect_field(&fields, "files", "--Y\r\n");
    expect_field(&fields, "token", "abc");
    fields_release(&fields);
}

/* Cut anywhere, and with any boundary, it is read within its bounds. */
static void test_cut(void **state)
{
    static const char body[] =
        "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--X--";
    (void)state;
    for (size_t size = 0; size < sizeof body; size++) {
        struct fields fields = {0};
        char *copy = malloc(size + 1);
        memcpy(copy, body, size);
        assert_true(fields_parse_multipart(&fields, (fenlei_text){copy, size},
                                           text_of("multipart/form-data; boundary=X")));
        assert_true(fields.n <= 1);
        fields_release(&fields);
        free(copy);
    }
}

static void test_filter(void **state)
{
    struct fields fields = {0};
    struct buffer address = {0};
    (void)state;
    assert_true(fields_parse_encoded(
        &fields, text_of("topic=none&judged=no&order=day&q=%26%3D&x=1&from=2024-01-01")));
    struct filter filter = filter_read(&fields);
    assert_true(filter.is_untopical && filter.judgement == JUDGED_NO && filter.order == ORDER_DAY);
    filter_address(&address, &fields, '?');
    assert_text(((fenlei_text){address.bytes, address.size}),
                "?q=%26%3D&topic=none&from=2024-01-01&judged=no&order=day");
    fields_release(&fields);
    buffer_release(&address);
}

static void expect_expression(const char *typed, const char *expected)
{
    struct buffer out = {0};
    assert_int_equal(tokenizer_expression(&out, text_of(typed)), expected[0] != '\0');
    assert_text(((fenlei_text){out.size > 0 ? out.bytes : "", out.size}), expected);
    buffer_release(&out);
}

static void test_expression(void **state)
{
    (void)state;
    expect_expression("掃黑", "\"扫黑\"");
    expect_expression("扫", "\"扫\"*");
    expect_expression("扫黑。ABC", "\"扫黑\" \"abc\"");
    expect_expression("\"* OR NEAR(", "\"or\" \"near\"");
    expect_expression("\"*()\xFF", "");
}

static void test_json_part(void **state)
{
    fenlei_text json =
        text_of("{\"a\": [1, {\"b\": \"]}\\\"\"}, \"\\u6cd5\\ud83d\\ude00\\n\" ] ,\"c\":-2.5}");
    fenlei_text value, element;
    struct buffer string = {0};
    size_t at = 0, n = 0;
    (void)state;
    assert_true(json_member(json, "c", &value));
    assert_true(json_part_number(value) == -2.5);
    assert_false(json_member(json, "b", &value));
    assert_true(json_member(json, "a", &value));
    for (; json_element(value, &at, &element); n++)
        if (n == 2)
            assert_true(json_part_string(element, &string));
    assert_int_equal(n, 3);
    assert_text(((fenlei_text){string.bytes, string.size}), "法😀\n");
    assert_true(isnan(json_part_number(text_of("\"1\""))));
    buffer_release(&string);
}

/* Of three that are equally in doubt, the one that is like what was judged comes last. */
static void test_batch(void **state)
{
    struct candidate candidates[3] = {
        {.id = 1, .doubt = 0.9}, {.id = 2, .doubt = 0.9}, {.id = 3, .doubt = 0.8}};
    (void)state;
    for (size_t i = 0; i < SKETCH_BYTES; i++) {
        candidates[0].sketch[i] = (unsigned char)(i * 37);
        candidates[1].sketch[i] = (unsigned char)(i * 37); /* a copy of the first */
        candidates[2].sketch[i] = (unsigned char)~(i * 91);
    }
    assert_int_equal(batch_take(candidates, 3)->id, 1);
    assert_int_equal(batch_take(candidates, 3)->id, 3);
    assert_int_equal(batch_take(candidates, 3)->id, 2);
    assert_null(batch_take(candidates, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encoded),   cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_multipart), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_filter),    cmocka_unit_test(test_expression),
        cmocka_unit_test(test_json_part), cmocka_unit_test(test_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
