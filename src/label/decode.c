#include "label/decode.h"

#include "base/status.h"
#include "base/utf8.h"

#include <string.h>
#include <unicode/ucnv.h>

/* A page with more replaced sequences than one in this many bytes is no text. */
enum { BYTES_FOR_ONE_SUBSTITUTION = 50 };

static size_t line_at(const char *bytes, size_t offset)
{
    size_t line = 1;
    for (const char *p = bytes; (p = memchr(p, '\n', offset - (size_t)(p - bytes))) != NULL; p++)
        line++;
    return line;
}

/* UTF-8 with every maximal invalid sequence replaced by U+FFFD, as the Unicode Standard advises. */
static void replace_invalid(struct decoded *decoded, const char *bytes, size_t size)
{
    size_t i = 0;
    while (i < size) {
        size_t valid = utf8_valid_prefix(bytes + i, size - i);
        buffer_append(&decoded->converted, bytes + i, valid);
        i += valid;
        if (i == size)
            break;
        if (decoded->substitutions++ == 0)
            decoded->substitutions_line = line_at(bytes, i);
        buffer_append_string(&decoded->converted, "\xEF\xBF\xBD");
        int32_t at = 0, length = size - i < 4 ? (int32_t)(size - i) : 4;
        UChar32 c;
        U8_NEXT((const uint8_t *)bytes + i, at, length, c);
        (void)c;
        i += (size_t)at;
    }
}

/* What a converter's callback counts. */
struct substitutions {
    size_t count;
    const char *first; /* in the source, just behind the first invalid sequence */
};

static void count_substitution(const void *context, UConverterToUnicodeArgs *arguments,
                               const char *units, int32_t length, UConverterCallbackReason reason,
                               UErrorCode *code)
{
    struct substitutions *substitutions = (struct substitutions *)(uintptr_t)context;
    if (reason <= UCNV_IRREGULAR && substitutions->count++ == 0)
        substitutions->first = arguments->source;
    UCNV_TO_U_CALLBACK_SUBSTITUTE(NULL, arguments, units, length, reason, code);
}

static fenlei_status run_converters(struct buffer *out, UConverter *from, UConverter *to,
                                    const char *bytes, size_t size, const char *encoding,
                                    fenlei_error *error)
{
    const char *source = bytes;
    UChar pivot[1024], *pivot_source = pivot, *pivot_target = pivot;
    char chunk[4096];
    bool first = true;
    UErrorCode code;
    do {
        char *target = chunk;
        code = U_ZERO_ERROR;
        ucnv_convertEx(to, from, &target, chunk + sizeof chunk, &source, bytes + size, pivot,
                       &pivot_source, &pivot_target, pivot + sizeof pivot / sizeof *pivot, first,
                       true, &code);
        first = false;
        buffer_append(out, chunk, (size_t)(target - chunk));
    } while (code == U_BUFFER_OVERFLOW_ERROR);
    if (out->failed || code == U_MEMORY_ALLOCATION_ERROR)
        return error_memory(error);
    if (U_FAILURE(code))
        return error_set(error, FENLEI_BAD_INPUT, "not valid %s (byte %td)", encoding,
                         source - bytes);
    return FENLEI_OK;
}

/* A text with a few replaced sequences is damaged; with many it is something else. */
static fenlei_status check_damage(const struct decoded *decoded, size_t size, const char *encoding,
                                  fenlei_error *error)
{
    if (decoded->substitutions <= 1 + size / BYTES_FOR_ONE_SUBSTITUTION)
        return FENLEI_OK;
    return error_set(error, FENLEI_BAD_INPUT,
                     "not text in %s: %zu invalid sequences, the first in "
                     "line %zu",
                     encoding, decoded->substitutions, decoded->substitutions_line);
}

/* Converts with ICU into decoded->converted; `strict` stops at the first invalid sequence with
 * FENLEI_BAD_INPUT, otherwise they are replaced and counted. */
static fenlei_status convert(struct decoded *decoded, const char *bytes, size_t size,
                             const char *encoding, bool strict, fenlei_error *error)
{
    UErrorCode code = U_ZERO_ERROR;
    struct substitutions substitutions = {0, bytes};
    UConverter *from = ucnv_open(encoding, &code);
    UConverter *to = ucnv_open("UTF-8", &code);
    fenlei_status status;
    buffer_clear(&decoded->converted);
    if (U_SUCCESS(code) && strict)
        ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    else if (U_SUCCESS(code))
        ucnv_setToUCallBack(from, count_substitution, &substitutions, NULL, NULL, &code);
    if (U_SUCCESS(code))
        status = run_converters(&decoded->converted, from, to, bytes, size, encoding, error);
    else if (code == U_MEMORY_ALLOCATION_ERROR)
        status = error_memory(error);
    else
        status = error_set(error, FENLEI_BAD_ARGUMENT, "no encoding named \"%s\"", encoding);
    ucnv_close(from);
    ucnv_close(to);
    if (status != FENLEI_OK)
        return status;
    decoded->encoding = encoding;
    decoded->text = (fenlei_text){decoded->converted.bytes, decoded->converted.size};
    decoded->substitutions = substitutions.count;
    if (substitutions.count > 0)
        decoded->substitutions_line = line_at(bytes, (size_t)(substitutions.first - bytes));
    return check_damage(decoded, size, encoding, error);
}

/* The two Chinese multi-byte encodings keep their everyday characters in known rows. */
struct rows {
    uint8_t first, last; /* lead bytes of the common characters */
    bool low_trail;      /* trail bytes 0x40-0x7E too */
};
static const struct rows gb2312_level_1 = {0xB0, 0xD7, false};
static const struct rows big5_frequent = {0xA4, 0xC6, true};

/* Share of the two-byte characters that are in the common rows or are punctuation (rows A1-A3 of
 * both encodings). Text in its true encoding scores about 0.95 or more. */
static double common_share(const char *bytes, size_t size, struct rows rows)
{
    size_t pairs = 0, common = 0;
    for (size_t i = 0; i + 1 < size; i++) {
        uint8_t lead = (uint8_t)bytes[i], trail = (uint8_t)bytes[i + 1];
        if (lead < 0x80)
            continue;
        pairs++;
        bool in_rows = (lead >= rows.first && lead <= rows.last) || (lead >= 0xA1 && lead <= 0xA3);
        bool in_cells = trail >= 0xA1 || (rows.low_trail && trail >= 0x40 && trail <= 0x7E);
        common += in_rows && in_cells;
        i++;
    }
    return pairs > 0 ? (double)common / (double)pairs : 0;
}

/* The same for 16-bit units: Han characters, CJK punctuation, full-width forms and ASCII. */
static double common_share_utf16(const char *bytes, size_t size, bool big_endian)
{
    size_t common = 0, units = size / 2;
    for (size_t i = 0; i + 1 < size; i += 2) {
        uint8_t high = (uint8_t)bytes[i + !big_endian], low = (uint8_t)bytes[i + big_endian];
        common += (high >= 0x4E && high <= 0x9F) || high == 0x30 || (high == 0xFF && low < 0xF0) ||
                  (high == 0x20 && low >= 0x10 && low < 0x40) ||
                  (high == 0 && low < 0x7F && (low >= 0x20 || (low >= 9 && low <= 13)));
    }
    return units > 0 ? (double)common / (double)units : 0;
}

/* Tries the candidates by falling share; FENLEI_BAD_INPUT when none fits. Strictly first; then, for
 * a damaged file, the likeliest one with its damage replaced. */
static fenlei_status detect(struct decoded *decoded, const char *bytes, size_t size,
                            fenlei_error *error)
{
    static const double LEAST_STRICT = 0.5, LEAST_DAMAGED = 0.8;
    struct {
        const char *name;
        double share;
    } candidates[] = {
        {"GB18030", common_share(bytes, size, gb2312_level_1)},
        {"Big5", common_share(bytes, size, big5_frequent)},
        {"UTF-16LE", common_share_utf16(bytes, size, false)},
        {"UTF-16BE", common_share_utf16(bytes, size, true)},
    };
    enum { N = sizeof candidates / sizeof *candidates };
    const char *likeliest = NULL;
    for (size_t round = 0; round < N; round++) {
        size_t best = 0;
        for (size_t i = 1; i < N; i++)
            if (candidates[i].share > candidates[best].share)
                best = i;
        if (candidates[best].share < LEAST_STRICT)
            break;
        if (round == 0 && candidates[best].share >= LEAST_DAMAGED)
            likeliest = candidates[best].name;
        fenlei_status status = convert(decoded, bytes, size, candidates[best].name, true, error);
        if (status != FENLEI_BAD_INPUT)
            return status;
        candidates[best].share = -1;
    }
    if (likeliest != NULL)
        return convert(decoded, bytes, size, likeliest, false, error);
    return error_set(error, FENLEI_BAD_INPUT, "none fits");
}

static const char *byte_order_mark(const char *bytes, size_t size)
{
    static const struct {
        const char *mark;
        size_t size;
        const char *encoding;
    } marks[] = {{"\xFF\xFE\0\0", 4, "UTF-32LE"},
                 {"\0\0\xFE\xFF", 4, "UTF-32BE"},
                 {"\xFF\xFE", 2, "UTF-16LE"},
                 {"\xFE\xFF", 2, "UTF-16BE"},
                 {"\x84\x31\x95\x33", 4, "GB18030"}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (size >= marks[i].size && memcmp(bytes, marks[i].mark, marks[i].size) == 0)
            return marks[i].encoding;
    return NULL;
}

/* U+FEFF at the start is a mark in every Unicode encoding, not text. */
static void drop_mark(fenlei_text *text)
{
    if (text->size >= 3 && memcmp(text->bytes, "\xEF\xBB\xBF", 3) == 0) {
        text->bytes += 3;
        text->size -= 3;
    }
}

static fenlei_status decode_marked(struct decoded *decoded, const char *bytes, size_t size,
                                   const char *encoding, fenlei_error *error)
{
    if (encoding == NULL) {
        size_t valid = utf8_valid_prefix(bytes, size);
        if (valid == size) {
            decoded->text = (fenlei_text){bytes, size};
            decoded->encoding = "UTF-8";
            return FENLEI_OK;
        }
        const char *marked = byte_order_mark(bytes, size);
        if (marked != NULL)
            return convert(decoded, bytes, size, marked, false, error);
        fenlei_status status = detect(decoded, bytes, size, error);
        if (status != FENLEI_BAD_INPUT)
            return status;
        buffer_clear(&decoded->converted);
        replace_invalid(decoded, bytes, size);
        if (decoded->converted.failed)
            return error_memory(error);
        if (decoded->substitutions > 1 + size / BYTES_FOR_ONE_SUBSTITUTION)
            return error_set(error, FENLEI_BAD_INPUT,
                             "not text in UTF-8, UTF-16, GB18030 or Big5: invalid UTF-8 at line "
                             "%zu (byte %zu)",
                             line_at(bytes, valid), valid + 1);
        decoded->text = (fenlei_text){decoded->converted.bytes, decoded->converted.size};
        decoded->encoding = "UTF-8";
        return FENLEI_OK;
    }
    return convert(decoded, bytes, size, encoding, false, error);
}

fenlei_status decode(struct decoded *decoded, const char *bytes, size_t size, const char *encoding,
                     fenlei_error *error)
{
    decoded->substitutions = 0;
    decoded->substitutions_line = 0;
    fenlei_status status = decode_marked(decoded, bytes, size, encoding, error);
    decoded->is_converted = decoded->text.bytes != bytes;
    if (status == FENLEI_OK)
        drop_mark(&decoded->text);
    return status;
}

/* Takes one character after the other out of the bytes and holds it against decoded->text, in front
 * of which a byte order mark may have been dropped. */
static fenlei_status trace(const struct decoded *decoded, UConverter *from, const char *bytes,
                           size_t size, struct origins *origins, fenlei_error *error)
{
    const fenlei_text all = {decoded->converted.bytes, decoded->converted.size};
    const size_t dropped = (size_t)(decoded->text.bytes - all.bytes);
    const char *source = bytes;
    size_t at = 0, before = 0;
    while (at < all.size) {
        size_t start = at, from_start = (size_t)(source - bytes);
        UErrorCode code = U_ZERO_ERROR;
        UChar32 c = ucnv_getNextUChar(from, &source, bytes + size, &code);
        if (U_FAILURE(code) || c != utf8_next(all.bytes, &at))
            return error_set(error, FENLEI_BAD_INPUT, "its characters cannot be traced back to %s",
                             decoded->encoding);
        size_t from_size = (size_t)(source - bytes) - from_start;
        if (from_size == 0) { /* of two characters that the same bytes stand for */
            from_start = before;
            from_size = (size_t)(source - bytes) - before;
        }
        before = from_start;
        if (start >= dropped && !origins_add(origins, (struct stretch){start - dropped, from_start,
                                                                       1, at - start, from_size}))
            return error_memory(error);
    }
    return FENLEI_OK;
}

fenlei_status decode_origins(const struct decoded *decoded, const char *bytes, size_t size,
                             struct origins *origins, fenlei_error *error)
{
    origins_clear(origins);
    if (!decoded->is_converted) {
        struct stretch all = {0, (size_t)(decoded->text.bytes - bytes), decoded->text.size, 1, 1};
        return origins_add(origins, all) ? FENLEI_OK : error_memory(error);
    }
    UErrorCode code = U_ZERO_ERROR;
    UConverter *from = ucnv_open(decoded->encoding, &code);
    if (U_FAILURE(code))
        return error_memory(error);
    ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_SUBSTITUTE, NULL, NULL, NULL, &code);
    fenlei_status status = trace(decoded, from, bytes, size, origins, error);
    ucnv_close(from);
    return status;
}

void decode_release(struct decoded *decoded)
{
    buffer_release(&decoded->converted);
}
