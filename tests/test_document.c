/* SPDX-License-Identifier: BSD-3-Clause */
/* The stream between a document's reader and classify: what goes in comes out, and nothing that is
 * not whole and sound is taken. */
#include "command/document.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct buffer make_stream(void)
{
    struct document document = {.form = DOCUMENT_PDF, .substitutions = 3};
    struct buffer stream = {0};
    struct document_box box = {.page = 2, .block = 7, .x0 = 1, .y0 = 2, .x1 = 3, .y1 = 4};
    assert_true(document_add_box(&document, box));
    assert_true(document_add_line(&document, text_of("# 标题"), 2));
    assert_true(document_add_line(&document, text_of(""), 2));
    assert_true(document_add_box(&document, box));
    assert_true(document_add_box(&document, box));
    assert_true(document_add_line(&document, text_of("正文。"), 3));
    document_write(&document, &stream);
    assert_false(stream.failed);
    document_release(&document);
    return stream;
}

static fenlei_status parse(struct document *document, const char *bytes, size_t size)
{
    fenlei_error error;
    *document = (struct document){0};
    return document_parse(document, (fenlei_text){bytes, size}, &error);
}

static void test_comes_out_as_it_went_in(void **state)
{
    (void)state;
    struct document document;
    struct buffer stream = make_stream();
    assert_int_equal(parse(&document, stream.bytes, stream.size), FENLEI_OK);
    assert_int_equal(document.form, DOCUMENT_PDF);
    assert_int_equal(document.substitutions, 3);
    assert_int_equal(document.n_lines, 3);
    assert_int_equal(document.sources[2], 3);
    assert_int_equal(document.n_boxes, 3);
    assert_int_equal(document.boxes[0].line, 0);
    assert_int_equal(document.boxes[2].line, 2);
    assert_int_equal(document.boxes[2].block, 7);
    assert_true(text_equal((fenlei_text){document.text.bytes, document.text.size},
                           text_of("# 标题\n\n正文。\n")));
    document_release(&document);
    buffer_release(&stream);
}

static void test_refuses_what_is_not_whole(void **state)
{
    (void)state;
    struct document document;
    struct buffer stream = make_stream();
    for (size_t size = 0; size < stream.size; size++) {
        assert_int_not_equal(parse(&document, stream.bytes, size), FENLEI_OK);
        document_release(&document);
    }
    buffer_append(&stream, "", 1);
    assert_int_not_equal(parse(&document, stream.bytes, stream.size), FENLEI_OK);
    document_release(&document);
    buffer_release(&stream);
}

/* Whatever a changed byte makes of it, what is taken holds together. */
static void test_takes_only_what_is_sound(void **state)
{
    (void)state;
    struct buffer stream = make_stream();
    for (size_t i = 0; i < stream.size * 256; i++) {
        struct document document;
        char before = stream.bytes[i / 256];
        stream.bytes[i / 256] = (char)(i % 256);
        if (parse(&document, stream.bytes, stream.size) == FENLEI_OK) {
            size_t breaks = 0;
            for (size_t k = 0; k < document.text.size; k++)
                breaks += document.text.bytes[k] == '\n';
            assert_int_equal(breaks, document.n_lines);
            for (size_t k = 0; k < document.n_boxes; k++) {
                assert_true(document.boxes[k].line < document.n_lines);
                assert_true(document.boxes[k].page > 0);
                assert_true(isfinite(document.boxes[k].x0));
            }
        }
        document_release(&document);
        stream.bytes[i / 256] = before;
    }
    buffer_release(&stream);
}

static void test_tells_the_reason(void **state)
{
    (void)state;
    struct document document = {.form = DOCUMENT_ERROR}, parsed = {0};
    struct buffer stream = {0};
    fenlei_error error;
    buffer_append_string(&document.text, "locked");
    document_write(&document, &stream);
    assert_int_equal(document_parse(&parsed, (fenlei_text){stream.bytes, stream.size}, &error),
                     FENLEI_BAD_INPUT);
    assert_string_equal(error.message, "locked");
    document_release(&document);
    document_release(&parsed);
    buffer_release(&stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comes_out_as_it_went_in),
        cmocka_unit_test(test_refuses_what_is_not_whole),
        cmocka_unit_test(test_takes_only_what_is_sound),
        cmocka_unit_test(test_tells_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
