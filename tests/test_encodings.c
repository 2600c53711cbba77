/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages in every encoding, damaged at random places: the encoding is found, and no damage is passed
 * over in silence. What counts as damage is what ICU, told to stop, does not take for text of the
 * encoding; a change that leaves valid text is nothing that anyone could see. With FENLEI_LONG=1 as
 * many copies as are worth waiting for. */
#include "base/input.h"
#include "base/utf8.h"
#include "convert.h"
#include "label/decode.h"

static const char *const pages[] = {
    "seeds/000_de1944cf87de8ee0.txt", "seeds/001_e2d49b9c659a3bcc.txt",
    "seeds/002_8d557814d72e82aa.txt", "seeds/003_fbd30dea7fb6adfd.txt",
    "seeds/004_928921937952ddc6.txt",
};
enum { N_PAGES = sizeof pages / sizeof *pages };

static const struct form {
    const char *encoding, *mark;
    size_t mark_size;
    bool traditional;
} forms[] = {
    {"UTF-8", "", 0, false},    {"UTF-8", "\xEF\xBB\xBF", 3, false},
    {"GB18030", "", 0, false},  {"GB18030", "\x84\x31\x95\x33", 4, false},
    {"GB18030", "", 0, true},   {"Big5", "", 0, true},
    {"UTF-16LE", "", 0, false}, {"UTF-16LE", "\xFF\xFE", 2, false},
    {"UTF-16BE", "", 0, false}, {"UTF-16BE", "\xFE\xFF", 2, false},
    {"UTF-32LE", "", 0, false}, {"UTF-32LE", "\xFF\xFE\0\0", 4, false},
    {"UTF-32BE", "", 0, false}, {"UTF-32BE", "\0\0\xFE\xFF", 4, false},
};
enum { N_FORMS = sizeof forms / sizeof *forms };

static uint32_t random_state = 2463534242;

/* From 0 to below `end` (Marsaglia's xorshift). */
static size_t random_below(size_t end)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % end;
}

static void make_page(const char *path, const struct form *form, struct buffer *out)
{
    struct buffer bytes = {0}, converted = {0};
    fenlei_error error;
    assert_int_equal(input_read(path, &bytes, &error), FENLEI_OK);
    struct utf16 text = to_utf16(&bytes);
    if (form->traditional)
        to_traditional(&text);
    convert_to(&text, form->encoding, &converted);
    buffer_clear(out);
    buffer_append(out, form->mark, form->mark_size);
    buffer_append(out, converted.bytes, converted.size);
    assert_false(out->failed);
    free(text.units);
    buffer_release(&bytes);
    buffer_release(&converted);
}

/* ---- damage ---- */

enum kind { CHANGE, INSERT, REMOVE, N_KINDS };

static void damage_once(const struct buffer *from, struct buffer *to)
{
    size_t at = random_below(from->size);
    char byte = (char)random_below(256);
    enum kind kind = (enum kind)random_below(N_KINDS);
    buffer_clear(to);
    buffer_append(to, from->bytes, at);
    if (kind != REMOVE)
        buffer_append(to, &byte, 1);
    size_t rest = at + (kind != INSERT);
    buffer_append(to, from->bytes + rest, from->size - rest);
}

/* Damages `page` one to three times into `copy`; returns how many. */
static size_t damage(const struct buffer *page, struct buffer *copy, struct buffer *scratch)
{
    size_t times = 1 + random_below(3);
    damage_once(page, copy);
    for (size_t i = 1; i < times; i++) {
        buffer_clear(scratch);
        buffer_append(scratch, copy->bytes, copy->size);
        damage_once(scratch, copy);
    }
    return times;
}

/* ICU's Big5 makes private characters of bytes that Big5 does not have. */
static bool is_filler(UChar unit)
{
    return unit == 0x80 || unit == 0xF8F8;
}

static bool is_valid(const struct buffer *bytes, const char *encoding)
{
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(encoding, &code);
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    assert_true(U_SUCCESS(code));
    int32_t capacity = (int32_t)bytes->size + 8;
    UChar *units = array_new((size_t)capacity, sizeof *units);
    assert_non_null(units);
    int32_t length =
        ucnv_toUChars(converter, units, capacity, bytes->bytes, (int32_t)bytes->size, &code);
    bool valid = U_SUCCESS(code);
    for (int32_t i = 0; valid && strcmp(encoding, "Big5") == 0 && i < length; i++)
        valid = !is_filler(units[i]);
    free(units);
    ucnv_close(converter);
    return valid;
}

/* ---- what is asked of the copies ---- */

static struct decoded decoded;
static fenlei_error error;

struct tally {
    size_t damaged; /* copies that are no valid text */
    size_t right;   /* of them: the encoding was found */
    size_t silent;  /* passed over */
    size_t spoilt;  /* more lines came out otherwise than damage can have touched */
};

/* How many lines of `text` are not lines of `page`, which has the same ones in the same order but
 * for a few. */
static size_t count_new_lines(fenlei_text text, fenlei_text page)
{
    size_t count = 0, from = 0;
    for (size_t at = 0; at < text.size;) {
        const char *end = memchr(text.bytes + at, '\n', text.size - at);
        size_t size = end == NULL ? text.size - at : (size_t)(end - text.bytes) - at + 1;
        const char *found = memmem(page.bytes + from, page.size - from, text.bytes + at, size);
        if (found == NULL)
            count++;
        else
            from = (size_t)(found - page.bytes) + size;
        at += size;
    }
    return count;
}

static void look_at_copy(const struct form *form, const struct buffer *copy, fenlei_text whole,
                         size_t times, struct tally *tally)
{
    if (is_valid(copy, form->encoding))
        return;
    tally->damaged++;
    if (decode(&decoded, copy->bytes, copy->size, NULL, &error) != FENLEI_OK)
        return;
    tally->right += strcmp(decoded.encoding, form->encoding) == 0;
    tally->silent += decoded.substitutions == 0;
    tally->spoilt += count_new_lines(decoded.text, whole) > 2 * times;
}

/* The bytes that every character is said to be from, taken out of the copy, are that character. */
static void check_origins(const struct form *form, const struct buffer *copy)
{
    struct origins origins = {0};
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(form->encoding, &code);
    assert_true(U_SUCCESS(code));
    assert_int_equal(decode(&decoded, copy->bytes, copy->size, form->encoding, &error), FENLEI_OK);
    assert_int_equal(decode_origins(&decoded, copy->bytes, copy->size, &origins, &error),
                     FENLEI_OK);
    size_t before = 0;
    for (size_t at = 0; at < decoded.text.size;) {
        size_t start = at;
        UChar32 expected = utf8_next(decoded.text.bytes, &at);
        const char *from = copy->bytes + origins_start(&origins, start);
        const char *end = copy->bytes + origins_end(&origins, at);
        assert_true(from >= copy->bytes + before && end > from && end <= copy->bytes + copy->size);
        before = (size_t)(end - copy->bytes);
        UChar32 found = expected == 0xFFFD || expected == 0xFEFF
                            ? expected
                            : ucnv_getNextUChar(converter, &from, end, &code);
        assert_int_equal(found, expected);
        ucnv_reset(converter);
    }
    ucnv_close(converter);
    origins_release(&origins);
}

static void damage_page(const struct form *form, const struct buffer *page, size_t copies,
                        struct tally *tally)
{
    struct buffer copy = {0}, scratch = {0}, whole = {0};
    assert_int_equal(decode(&decoded, page->bytes, page->size, NULL, &error), FENLEI_OK);
    buffer_append_text(&whole, decoded.text);
    for (size_t i = 0; i < copies; i++) {
        size_t times = damage(page, &copy, &scratch);
        look_at_copy(form, &copy, (fenlei_text){whole.bytes, whole.size}, times, tally);
        if (i % 8 == 0)
            check_origins(form, &copy);
    }
    buffer_release(&copy);
    buffer_release(&scratch);
    buffer_release(&whole);
}

/* The encoding of at least 99.5 in 100 is found, and none is silent. */
static void check_tally(const struct form *form, const struct tally *tally)
{
    size_t wrong = tally->damaged - tally->right;
    if (wrong * 200 > tally->damaged || tally->spoilt * 200 > tally->damaged || tally->silent > 0)
        fail_msg("%s: of %zu damaged copies %zu wrong, %zu silent, %zu spoilt", form->encoding,
                 tally->damaged, wrong, tally->silent, tally->spoilt);
}

static void damaged_copies_keep_their_encoding(void **state)
{
    (void)state;
    const size_t copies = getenv("FENLEI_LONG") != NULL ? 200 : 20; /* of each page and form */
    struct buffer page = {0};
    size_t damaged = 0;
    for (size_t f = 0; f < N_FORMS; f++) {
        struct tally tally = {0};
        for (size_t i = 0; i < N_PAGES; i++) {
            make_page(pages[i], &forms[f], &page);
            damage_page(&forms[f], &page, copies, &tally);
        }
        check_tally(&forms[f], &tally);
        damaged += tally.damaged;
    }
    assert_true(damaged > copies * N_FORMS * N_PAGES / 2);
    buffer_release(&page);
}

/* One byte that no character of the encoding begins with, put in anywhere. */
static void a_byte_too_many_is_one_substitution(void **state)
{
    (void)state;
    static const struct form strict[] = {{"GB18030", "", 0, false}, {"Big5", "", 0, true}};
    struct buffer page = {0}, copy = {0};
    for (size_t f = 0; f < sizeof strict / sizeof *strict; f++) {
        make_page(pages[0], &strict[f], &page);
        for (size_t i = 0; i < 300; i++) {
            size_t at = random_below(page.size);
            buffer_clear(&copy);
            buffer_append(&copy, page.bytes, at);
            buffer_append(&copy, i % 2 == 0 ? "\x80" : "\xFF", 1);
            buffer_append(&copy, page.bytes + at, page.size - at);
            assert_int_equal(decode(&decoded, copy.bytes, copy.size, NULL, &error), FENLEI_OK);
            assert_string_equal(decoded.encoding, strict[f].encoding);
            assert_in_range(decoded.substitutions, is_valid(&copy, strict[f].encoding) ? 0 : 1, 2);
        }
    }
    buffer_release(&page);
    buffer_release(&copy);
}

/* ---- what has no damage ---- */

/* Reads the articles of the corpus in a form: nothing in them is to be taken for damage. Of what
 * the encoding cannot hold, ICU makes question marks. */
static void check_corpus(const char *path, const struct form *form)
{
    struct buffer bytes = {0}, converted = {0};
    assert_int_equal(input_read(path, &bytes, &error), FENLEI_OK);
    struct utf16 text = to_utf16(&bytes);
    if (form->traditional)
        to_traditional(&text);
    convert_to(&text, form->encoding, &converted);
    size_t size = bytes.size;
    assert_int_equal(decode(&decoded, converted.bytes, converted.size, NULL, &error), FENLEI_OK);
    assert_string_equal(decoded.encoding, form->encoding);
    assert_int_equal(decoded.substitutions, 0);
    assert_int_equal(decoded.other_lines, 0);
    if (!form->traditional) {
        assert_int_equal(decoded.text.size, size);
        assert_memory_equal(decoded.text.bytes, bytes.bytes, size);
    }
    free(text.units);
    buffer_release(&bytes);
    buffer_release(&converted);
}

static void what_is_valid_is_not_mended(void **state)
{
    (void)state;
    static const char *const corpora[] = {"train/corpus/aj.jsonl", "train/corpus/sc.jsonl",
                                          "train/corpus/zz.jsonl"};
    for (size_t i = 0; i < sizeof corpora / sizeof *corpora; i++)
        for (size_t f = 0; f < N_FORMS; f++)
            if (forms[f].mark_size == 0)
                check_corpus(corpora[i], &forms[f]);
}

/* ---- the readers, against ICU ---- */

/* What ICU makes of the bytes by themselves; 0 where they are not one character. */
static uint32_t character_by_icu(UConverter *converter, const char *bytes, int32_t size)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar units[8];
    int32_t length = ucnv_toUChars(converter, units, 8, bytes, size, &code);
    if (U_FAILURE(code) || length == 0 || length > 2)
        return 0;
    if (length == 1)
        return units[0];
    bool is_one = U16_IS_LEAD(units[0]) && U16_IS_TRAIL(units[1]);
    return is_one ? (uint32_t)U16_GET_SUPPLEMENTARY(units[0], units[1]) : 0;
}

static void compare_with_icu(int encoding, UConverter *converter, const uint8_t *bytes, size_t size)
{
    uint32_t character = 0;
    size_t length = encodings[encoding].read(bytes, size, &character);
    if (length != size)
        character = 0;
    uint32_t expected = character_by_icu(converter, (const char *)bytes, (int32_t)size);
    if (character != expected)
        fail_msg("%s: %02x %02x ..: U+%04x is not U+%04x", encodings[encoding].name, bytes[0],
                 bytes[1], character, expected);
}

static UConverter *open_strictly(const char *name)
{
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(name, &code);
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    assert_true(U_SUCCESS(code));
    return converter;
}

static void two_bytes_are_what_icu_says(void **state)
{
    (void)state;
    static const int two[] = {UTF_8, GB18030, BIG5, UTF_16LE, UTF_16BE};
    for (size_t k = 0; k < sizeof two / sizeof *two; k++) {
        UConverter *converter = open_strictly(encodings[two[k]].name);
        for (unsigned i = 1; i < 0x10000; i++) {
            uint8_t bytes[] = {(uint8_t)(i >> 8), (uint8_t)i};
            bool is_mark = i == 0xFEFF || i == 0xFFFE; /* which ICU passes over */
            bool is_filled = two[k] == BIG5 && (bytes[0] == 0x80 || bytes[0] == 0xFF);
            if (!is_mark && !is_filled)
                compare_with_icu(two[k], converter, bytes, sizeof bytes);
        }
        ucnv_close(converter);
    }
}

/* Every place of GB18030's four-byte area up to U+FFFF and around its ends. */
static void four_bytes_are_what_icu_says(void **state)
{
    (void)state;
    UConverter *converter = open_strictly("GB18030");
    for (unsigned place = 0; place < 126 * 12600; place += place < 40000 ? 1 : 61) {
        uint8_t bytes[] = {(uint8_t)(0x81 + place / 12600), (uint8_t)('0' + place / 1260 % 10),
                           (uint8_t)(0x81 + place / 10 % 126), (uint8_t)('0' + place % 10)};
        compare_with_icu(GB18030, converter, bytes, sizeof bytes);
    }
    ucnv_close(converter);
}

static size_t write_unit(uint8_t *bytes, size_t size, bool little, uint32_t unit)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(unit >> 8 * (little ? i : size - 1 - i));
    return size;
}

/* A character in units of `size` bytes; a surrogate by itself too, which is none. */
static size_t write_units(uint8_t bytes[4], size_t size, bool little, uint32_t c)
{
    if (size == 4 || c < 0x10000)
        return write_unit(bytes, size, little, c);
    return write_unit(bytes, 2, little, U16_LEAD(c)) +
           write_unit(bytes + 2, 2, little, U16_TRAIL(c));
}

static void units_are_what_icu_says(void **state)
{
    (void)state;
    for (int i = UTF_16LE; i < N_ENCODINGS; i++) {
        UConverter *converter = open_strictly(encodings[i].name);
        bool little = i == UTF_16LE || i == UTF_32LE;
        for (uint32_t c = 1; c < 0x110000; c += c < 0x11000 ? 1 : 251) {
            uint8_t bytes[4];
            size_t size = write_units(bytes, i < UTF_32LE ? 2 : 4, little, c);
            if (c != 0xFEFF && c != 0xFFFE) /* which ICU passes over */
                compare_with_icu(i, converter, bytes, size);
        }
        uint8_t beyond[4];
        uint32_t character;
        write_unit(beyond, 4, little, 0x110000);
        if (i >= UTF_32LE)
            assert_int_equal(encodings[i].read(beyond, 4, &character), 0);
        ucnv_close(converter);
    }
}

static int release(void **state)
{
    (void)state;
    decode_release(&decoded);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_copies_keep_their_encoding),
        cmocka_unit_test(a_byte_too_many_is_one_substitution),
        cmocka_unit_test(what_is_valid_is_not_mended),
        cmocka_unit_test(two_bytes_are_what_icu_says),
        cmocka_unit_test(four_bytes_are_what_icu_says),
        cmocka_unit_test(units_are_what_icu_says),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
