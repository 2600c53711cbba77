/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/json_flat.h"
#include "test.h"

#include <cjson/cJSON.h>

static bool reads(const char *text)
{
    struct json_flat flat;
    return json_flat_read(&flat, text_of(text));
}

/* cJSON is the judge of what is JSON, and what its members are. */
static void what_is_read_is_what_cjson_reads(void **state)
{
    (void)state;
    static const char *const objects[] = {
        "{\"text\":\"a\"}",
        "{ \"text\" :\t\"a\" , \"n\": -12 }\r\n",
        "{\"a\":true,\"b\":false,\"c\":null,\"d\":0,\"\":\"\"}",
        "{\"text\":\"line\\nline\\t\\\"quoted\\\" \\\\ \\/ \\b\\f\\r\"}",
        "{\"标题\":\"扫黑除恶，﹝𠀀﹞\"}",
        "{\"long\":\"0123456789abcdef0123456789abcdef\\\\\",\"b\":\"0123456789abcde\\\"f\"}",
    };
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        struct json_flat flat;
        assert_true(json_flat_read(&flat, text_of(objects[i])));
        cJSON *tree = cJSON_Parse(objects[i]);
        assert_int_equal(cJSON_GetArraySize(tree), flat.n);
        for (size_t k = 0; k < flat.n; k++) {
            const cJSON *item = cJSON_GetArrayItem(tree, (int)k);
            assert_text(flat.members[k].name, item->string);
            cJSON *value =
                cJSON_ParseWithLength(flat.members[k].value.bytes, flat.members[k].value.size);
            assert_true(cJSON_Compare(value, item, true));
            cJSON_Delete(value);
        }
        cJSON_Delete(tree);
    }
}

/* Whatever is unusual is left to it, JSON or not. */
static void what_is_unusual_is_left(void **state)
{
    (void)state;
    static const char too_many[] =
        "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1,"
        "\"l\":1,\"m\":1,\"n\":1,\"o\":1,\"p\":1,\"q\":1}";
    static const char *const others[] = {
        "",
        "{",
        "{}",
        "[]",
        "\"a\"",
        "{\"a\":1}{",
        "{\"a\":1},",
        "{\"a\":1,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":[1]}",
        "{\"a\":{}}",
        "{\"a\":1.5}",
        "{\"a\":01}",
        "{\"a\":-}",
        "{\"a\":1234567890123456}",
        "{\"a\":tru}",
        "{\"a\":\"b}",
        "{\"a\":\"b\\\"}",
        "{\"a\":\"\\u0041\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\\n\":1}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":\"\x01\"}",
        "{\"a\":\"0123456789abcdef\n\"}",
        "{\"a\":\"\xFF\"}",
        "{\"a\":\"0123456789abcdef\xE6\x89\"}",
        "\xEF\xBB\xBF{\"a\":1}",
        too_many,
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (reads(others[i]))
            fail_msg("%s is read", others[i]);
    struct json_flat flat;
    assert_false(json_flat_read(&flat, (fenlei_text){"{\"a\":\"b\0\"}", 10}));
    assert_false(json_flat_read(&flat, (fenlei_text){"{\"a\":1}\0", 8}));
}

static void nested_objects_are_taken_without_a_tree(void **state)
{
    (void)state;
    static const char *const plain[] = {
        "{}",
        "{ } \r\n",
        "{\"a\":1.5,\"b\":[],\"c\":{},\"d\":-0.25}",
        "{\"a\":[1,[true,null],{\"b\" : \"\\n\"}] , \"a\":\"两次\"}",
        "{\"a\\n\":[\"黑\",[[[]]]]}",
    };
    static const char *const others[] = {
        "",
        "[]",
        "{",
        "{\"a\":[}",
        "{\"a\":[1,]}",
        "{\"a\":{\"b\"}}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":01}",
        "{\"a\":1.5e3}",
        "{\"a\":[1 2]}",
        "{\"a\":{1:2}}",
        "{\"a\":[1}}",
        "{\"a\":[1]]}",
        "{,}",
        "{\"a\":1}}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":[\"\xFF\"]}",
    };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        assert_true(json_is_plain(text_of(plain[i])));
        cJSON *tree = cJSON_Parse(plain[i]);
        assert_true(cJSON_IsObject(tree));
        cJSON_Delete(tree);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (json_is_plain(text_of(others[i])))
            fail_msg("%s is taken", others[i]);
}

/* Brackets without end cost no stack. */
static void what_is_nested_deep_is_left(void **state)
{
    (void)state;
    static char deep[100000] = "{\"a\":";
    memset(deep + 5, '[', sizeof deep - 6);
    assert_false(json_is_plain(text_of(deep)));
}

static void members_are_found(void **state)
{
    (void)state;
    struct json_flat flat;
    assert_true(json_flat_read(&flat, text_of("{\"id\":7,\"text\":\"a\"}")));
    assert_text(json_flat_member(&flat, "id"), "7");
    assert_text(json_flat_member(&flat, "text"), "\"a\"");
    assert_null(json_flat_member(&flat, "tex").bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_what_cjson_reads),
        cmocka_unit_test(what_is_unusual_is_left),
        cmocka_unit_test(nested_objects_are_taken_without_a_tree),
        cmocka_unit_test(what_is_nested_deep_is_left),
        cmocka_unit_test(members_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
