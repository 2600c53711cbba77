/* SPDX-License-Identifier: BSD-3-Clause */
/* A text in other scripts and encodings, by ICU. */
#ifndef TESTS_CONVERT_H
#define TESTS_CONVERT_H

#include "test.h"

#include <unicode/ucnv.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

struct utf16 {
    UChar *units;
    int32_t length, capacity;
};

static inline struct utf16 to_utf16(const struct buffer *bytes)
{
    struct utf16 text = {.capacity = (int32_t)bytes->size * 2};
    UErrorCode code = U_ZERO_ERROR;
    text.units = array_new((size_t)text.capacity, sizeof *text.units);
    assert_non_null(text.units);
    u_strFromUTF8(text.units, text.capacity, &text.length, bytes->bytes, (int32_t)bytes->size,
                  &code);
    assert_true(U_SUCCESS(code));
    return text;
}

static inline void to_traditional(struct utf16 *text)
{
    UErrorCode code = U_ZERO_ERROR;
    UTransliterator *transform =
        utrans_openU(u"Hans-Hant", -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
    int32_t limit = text->length;
    utrans_transUChars(transform, text->units, &text->length, text->capacity, 0, &limit, &code);
    utrans_close(transform);
    assert_true(U_SUCCESS(code));
}

static inline void convert_to(const struct utf16 *text, const char *encoding, struct buffer *out)
{
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(encoding, &code);
    assert_true(U_SUCCESS(code));
    ucnv_setSubstString(converter, u"?", 1, &code);
    int32_t capacity = text->length * 4 + 8;
    char *bytes = malloc((size_t)capacity);
    assert_non_null(bytes);
    int32_t size = ucnv_fromUChars(converter, bytes, capacity, text->units, text->length, &code);
    assert_true(U_SUCCESS(code));
    buffer_clear(out);
    buffer_append(out, bytes, (size_t)size);
    free(bytes);
    ucnv_close(converter);
}

#endif
