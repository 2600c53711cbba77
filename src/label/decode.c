/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/decode.h"

#include "base/status.h"
#include "base/utf8.h"
#include "label/icu.h"

#include <string.h>

/* A page with more replaced sequences than one in this many bytes is no text. */
enum { BYTES_FOR_ONE_SUBSTITUTION = 50 };

/* So it is with letters lost before, though each takes three bytes itself. */
enum { BYTES_FOR_ONE_LOSS = 20 };

static size_t line_at(const char *bytes, size_t offset)
{
    size_t line = 1;
    if (offset == 0) /* where `bytes` may be NULL */
        return line;
    for (const char *p = bytes; (p = memchr(p, '\n', offset - (size_t)(p - bytes))) != NULL; p++)
        line++;
    return line;
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
    icu()->UCNV_TO_U_CALLBACK_SUBSTITUTE(NULL, arguments, units, length, reason, code);
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
        icu()->ucnv_convertEx(to, from, &target, chunk + sizeof chunk, &source, bytes + size, pivot,
                              &pivot_source, &pivot_target, pivot + sizeof pivot / sizeof *pivot,
                              first, true, &code);
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

/* Converts with ICU into decoded->converted. */
static fenlei_status convert(struct decoded *decoded, const char *bytes, size_t size,
                             const char *encoding, fenlei_error *error)
{
    UErrorCode code = U_ZERO_ERROR;
    struct substitutions substitutions = {0, bytes};
    UConverter *from = icu()->ucnv_open(encoding, &code);
    UConverter *to = icu()->ucnv_open("UTF-8", &code);
    fenlei_status status;
    buffer_clear(&decoded->converted);
    icu()->ucnv_setToUCallBack(from, count_substitution, &substitutions, NULL, NULL, &code);
    if (U_SUCCESS(code))
        status = run_converters(&decoded->converted, from, to, bytes, size, encoding, error);
    else if (code == U_MEMORY_ALLOCATION_ERROR)
        status = error_memory(error);
    else
        status = error_set(error, FENLEI_BAD_ARGUMENT, "no encoding named \"%s\"", encoding);
    icu()->ucnv_close(from);
    icu()->ucnv_close(to);
    if (status != FENLEI_OK)
        return status;
    decoded->encoding = encoding;
    decoded->text = (fenlei_text){decoded->converted.bytes, decoded->converted.size};
    decoded->substitutions = substitutions.count;
    if (substitutions.count > 0)
        decoded->substitutions_line = line_at(bytes, (size_t)(substitutions.first - bytes));
    return check_damage(decoded, size, encoding, error);
}

/* U+FEFF at the start is a mark in every Unicode encoding, not text. */
static void drop_mark(fenlei_text *text)
{
    if (text->size >= 3 && memcmp(text->bytes, "\xEF\xBB\xBF", 3) == 0) {
        text->bytes += 3;
        text->size -= 3;
    }
}

/* Writes what decoded->plan says into decoded->converted. */
static fenlei_status follow_plan(struct decoded *decoded, const char *bytes, size_t size,
                                 fenlei_error *error)
{
    struct buffer *out = &decoded->converted;
    buffer_clear(out);
    char chunk[4096];
    size_t used = 0;
    uint32_t character;
    for (size_t at = 0; at < size;) {
        if (plan_replaces(&decoded->plan, at) && decoded->substitutions++ == 0) {
            buffer_append(out, chunk, used);
            used = 0;
            decoded->substitutions_line = line_at(out->bytes, out->size);
        }
        at += plan_read(&decoded->plan, (const uint8_t *)bytes, size, at, &character);
        used += utf8_write(chunk + used, character);
        if (used > sizeof chunk - 4 || at == size) {
            buffer_append(out, chunk, used);
            used = 0;
        }
    }
    if (out->failed)
        return error_memory(error);
    decoded->is_planned = true;
    decoded->text = (fenlei_text){out->bytes, out->size};
    return FENLEI_OK;
}

static const char *name_of(int encoding)
{
    return encodings[encoding].name;
}

/* Letters may have been lost before a text was saved as UTF-8. With a few of them it is damaged, as
 * its U+FFFD show; with many it is no text any more. */
static fenlei_status check_losses(fenlei_text text, fenlei_error *error)
{
    static const char lost[] = "\xEF\xBF\xBD";
    size_t n = 0, first = 0;
    const char *end = text.bytes + text.size, *at = text.bytes;
    while (at < end && (at = memmem(at, (size_t)(end - at), lost, 3)) != NULL) {
        first = n++ == 0 ? (size_t)(at - text.bytes) : first;
        at += 3;
    }
    if (n <= 1 + text.size / BYTES_FOR_ONE_LOSS)
        return FENLEI_OK;
    return error_set(error, FENLEI_BAD_INPUT,
                     "its letters were lost before it was saved: %zu times U+FFFD, the first in "
                     "line %zu",
                     n, line_at(text.bytes, first));
}

static fenlei_status decode_unnamed(struct decoded *decoded, const char *bytes, size_t size,
                                    fenlei_error *error)
{
    size_t valid = utf8_valid_prefix(bytes, size);
    if (valid == size) {
        decoded->text = (fenlei_text){bytes, size};
        decoded->encoding = name_of(UTF_8);
        return check_losses(decoded->text, error);
    }
    struct plan *plan = &decoded->plan;
    fenlei_status status = detect(plan, (const uint8_t *)bytes, size, error);
    if (status == FENLEI_OK)
        status = follow_plan(decoded, bytes, size, error);
    if (status != FENLEI_OK)
        return status;
    decoded->encoding = name_of(plan->encoding);
    if (plan->other_lines > 0) {
        decoded->other_encoding = name_of(plan->other_encoding);
        decoded->other_lines = plan->other_lines;
        decoded->other_line = plan->other_line;
    }
    if (check_damage(decoded, size, decoded->encoding, NULL) != FENLEI_OK)
        return error_set(error, FENLEI_BAD_INPUT,
                         "not text in UTF-8, UTF-16, UTF-32, GB18030 or Big5: invalid UTF-8 at "
                         "line %zu (byte %zu)",
                         line_at(bytes, valid), valid + 1);
    return FENLEI_OK;
}

/* The one of ours that `name` is another name of; -1 for none. */
static int find_encoding(const char *name)
{
    for (int i = 0; i < N_ENCODINGS; i++)
        if (icu()->ucnv_compareNames(name, encodings[i].name) == 0)
            return i;
    return -1;
}

static fenlei_status decode_named(struct decoded *decoded, const char *bytes, size_t size,
                                  const char *name, fenlei_error *error)
{
    if (icu() == NULL)
        return icu_error(error);
    int encoding = find_encoding(name);
    if (encoding < 0)
        return convert(decoded, bytes, size, name, error);
    fenlei_status status = plan_for(&decoded->plan, encoding, (const uint8_t *)bytes, size, error);
    if (status == FENLEI_OK)
        status = follow_plan(decoded, bytes, size, error);
    decoded->encoding = name;
    return status == FENLEI_OK ? check_damage(decoded, size, name, error) : status;
}

fenlei_status decode(struct decoded *decoded, const char *bytes, size_t size, const char *encoding,
                     fenlei_error *error)
{
    decoded->substitutions = decoded->substitutions_line = 0;
    decoded->other_encoding = NULL;
    decoded->other_lines = decoded->other_line = 0;
    decoded->is_planned = false;
    fenlei_status status = encoding == NULL ? decode_unnamed(decoded, bytes, size, error)
                                            : decode_named(decoded, bytes, size, encoding, error);
    decoded->is_converted = decoded->text.bytes != bytes;
    if (status == FENLEI_OK)
        drop_mark(&decoded->text);
    return status;
}

/* One character after the other of decoded->converted and of the bytes they are from. In front of
 * decoded->text a byte order mark may have been dropped. */
struct tracer {
    const struct decoded *decoded;
    struct origins *origins;
    size_t at; /* in decoded->converted */
};

/* Notes that the next character is from bytes [from, from + size) and moves behind it; false when
 * memory runs out. */
static bool trace_character(struct tracer *tracer, size_t from, size_t size)
{
    const struct decoded *decoded = tracer->decoded;
    const size_t dropped = (size_t)(decoded->text.bytes - decoded->converted.bytes);
    size_t start = tracer->at;
    utf8_next(decoded->converted.bytes, &tracer->at);
    return start < dropped ||
           origins_add(tracer->origins,
                       (struct stretch){start - dropped, from, 1, tracer->at - start, size});
}

static fenlei_status trace_plan(struct tracer *tracer, const char *bytes, size_t size,
                                fenlei_error *error)
{
    uint32_t character;
    size_t step;
    for (size_t at = 0; at < size; at += step) {
        step = plan_read(&tracer->decoded->plan, (const uint8_t *)bytes, size, at, &character);
        if (!trace_character(tracer, at, step))
            return error_memory(error);
    }
    return FENLEI_OK;
}

/* By ICU, whose characters are held against the text. */
static fenlei_status trace(struct tracer *tracer, UConverter *from, const char *bytes, size_t size,
                           fenlei_error *error)
{
    const struct buffer *text = &tracer->decoded->converted;
    const char *source = bytes;
    size_t before = 0;
    while (tracer->at < text->size) {
        size_t at = tracer->at, from_start = (size_t)(source - bytes);
        UErrorCode code = U_ZERO_ERROR;
        UChar32 c = icu()->ucnv_getNextUChar(from, &source, bytes + size, &code);
        if (U_FAILURE(code) || c != utf8_next(text->bytes, &at))
            return error_set(error, FENLEI_BAD_INPUT, "its characters cannot be traced back to %s",
                             tracer->decoded->encoding);
        if (source == bytes + from_start) /* of two characters that the same bytes stand for */
            from_start = before;
        before = from_start;
        if (!trace_character(tracer, from_start, (size_t)(source - bytes) - from_start))
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
    struct tracer tracer = {.decoded = decoded, .origins = origins};
    if (decoded->is_planned)
        return trace_plan(&tracer, bytes, size, error);
    UErrorCode code = U_ZERO_ERROR;
    UConverter *from = icu()->ucnv_open(decoded->encoding, &code);
    if (U_FAILURE(code))
        return error_memory(error);
    icu()->ucnv_setToUCallBack(from, icu()->UCNV_TO_U_CALLBACK_SUBSTITUTE, NULL, NULL, NULL, &code);
    fenlei_status status = trace(&tracer, from, bytes, size, error);
    icu()->ucnv_close(from);
    return status;
}

size_t decode_memory(const struct decoded *decoded)
{
    return decoded->converted.capacity + decoded->plan.capacity + decoded->plan.changes.capacity;
}

void decode_release(struct decoded *decoded)
{
    buffer_release(&decoded->converted);
    plan_release(&decoded->plan);
}
