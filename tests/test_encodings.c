/* Pages in every encoding, damaged at random places: the encoding is found, and no damage is passed
 * over in silence. What counts as damage is what ICU, told to stop, does not take for text of the
 * encoding; a change that leaves valid text is nothing that anyone could see. With FENLEI_LONG=1 as
 * many copies as are worth waiting for. */
#include "base/input.h"
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
    {"UTF-8", "", 0, false},           {"UTF-8", "\xEF\xBB\xBF", 3, false},
    {"GB18030", "", 0, false},         {"GB18030", "\x84\x31\x95\x33", 4, false},
    {"GB18030", "", 0, true},          {"Big5", "", 0, true},
    {"UTF-16LE", "", 0, false},        {"UTF-16LE", "\xFF\xFE", 2, false},
    {"UTF-16BE", "", 0, false},        {"UTF-16BE", "\xFE\xFF", 2, false},
    {"UTF-32LE", "", 0, false},        {"UTF-32LE", "\xFF\xFE\0\0", 4, false},
    {"UTF-32BE", "", 0, false},        {"UTF-32BE", "\0\0\xFE\xFF", 4, false},
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

struct tally {
    size_t damaged, right, silent, spoilt;
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
    static struct decoded decoded;
    fenlei_error error;
    if (is_valid(copy, form->encoding))
        return;
    tally->damaged++;
    if (decode(&decoded, copy->bytes, copy->size, NULL, &error) != FENLEI_OK)
        return;
    tally->right += strcmp(decoded.encoding, form->encoding) == 0;
    tally->silent += decoded.substitutions == 0;
    tally->spoilt += count_new_lines(decoded.text, whole) > 2 * times;
    if (getenv("SHOW") && (strcmp(decoded.encoding, form->encoding) || !decoded.substitutions || count_new_lines(decoded.text, whole) > 2 * times || decoded.other_lines)) printf("%s: %s %zu subs, %zu new of %zu times, other %zu\n", form->encoding, decoded.encoding, decoded.substitutions, count_new_lines(decoded.text, whole), times, decoded.other_lines);
}

static void damage_page(const struct form *form, const struct buffer *page, size_t copies,
                        struct tally *tally)
{
    struct decoded decoded = {0};
    struct buffer copy = {0}, scratch = {0};
    fenlei_error error;
    assert_int_equal(decode(&decoded, page->bytes, page->size, NULL, &error), FENLEI_OK);
    assert_string_equal(decoded.encoding, form->encoding);
    assert_int_equal(decoded.substitutions, 0);
    for (size_t i = 0; i < copies; i++) {
        size_t times = damage(page, &copy, &scratch);
        look_at_copy(form, &copy, decoded.text, times, tally);
    }
    buffer_release(&copy);
    buffer_release(&scratch);
    decode_release(&decoded);
}

static void damaged_copies_keep_their_encoding(void **state)
{
    (void)state;
    const size_t copies = getenv("FENLEI_LONG") != NULL ? 300 : 24; /* of each page and form */
    struct buffer page = {0};
    for (size_t f = 0; f < N_FORMS; f++) {
        struct tally tally = {0};
        for (size_t i = 0; i < N_PAGES; i++) {
            make_page(pages[i], &forms[f], &page);
            damage_page(&forms[f], &page, copies, &tally);
        }
        print_message("%s%s: %zu damaged, %zu right, %zu silent, %zu spoilt\n", forms[f].encoding, forms[f].mark_size?" mark":"",
                      tally.damaged, tally.right, tally.silent, tally.spoilt);
    }
    buffer_release(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_copies_keep_their_encoding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
