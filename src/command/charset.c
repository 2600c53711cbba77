/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/charset.h"

#include "base/status.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

bool charset_is_wide(fenlei_text beginning)
{
    const char *bytes = beginning.bytes;
    return beginning.size >= 2 &&
           (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0 ||
            (bytes[0] == '\0') != (bytes[1] == '\0'));
}

static bool is_ascii(const struct buffer *bytes)
{
    for (size_t i = 0; i < bytes->size; i++)
        if ((unsigned char)bytes->bytes[i] >= 0x80 || bytes->bytes[i] == '\0')
            return false;
    return true;
}

static bool begins(const char *encoding, const char *family)
{
    return strncmp(encoding, family, strlen(family)) == 0;
}

/* Where UTF-16 can be cut: behind a character. */
static size_t cut_pairs(const struct buffer *held, bool big_endian)
{
    size_t size = held->size & ~(size_t)1;
    if (size < 2)
        return 0;
    unsigned char upper = (unsigned char)held->bytes[big_endian ? size - 2 : size - 1];
    return upper >= 0xD8 && upper < 0xDC ? size - 2 : size;
}

/* Behind the last line. */
static size_t cut_lines(const struct buffer *held)
{
    const char *end = held->size > 0 ? memrchr(held->bytes, '\n', held->size) : NULL;
    return end != NULL ? (size_t)(end - held->bytes) + 1 : 0;
}

static size_t cut(const struct buffer *held, const char *encoding)
{
    if (begins(encoding, "UTF-16"))
        return cut_pairs(held, strcmp(encoding, "UTF-16BE") == 0);
    if (begins(encoding, "UTF-32"))
        return held->size & ~(size_t)3;
    return cut_lines(held);
}

/* As many bytes as tell the encoding by: whole lines, or as much as a very long one has. */
static size_t enough_of(const struct buffer *held, bool at_end)
{
    enum { ENOUGH = 64 << 10 };
    if (at_end)
        return held->size;
    if (charset_is_wide((fenlei_text){held->bytes, held->size}))
        return held->size & ~(size_t)3;
    size_t lines = cut_lines(held);
    if (lines > 0 || held->size < ENOUGH)
        return lines;
    size_t valid = utf8_valid_prefix(held->bytes, held->size);
    return held->size - valid < 4 ? valid : held->size; /* the last character may not be whole */
}

/* Tells the encoding by what is there. */
static fenlei_status tell(struct charset *charset, bool at_end, fenlei_error *error)
{
    const struct buffer *held = &charset->held;
    size_t size = enough_of(held, at_end);
    if (size == 0 && !at_end)
        return FENLEI_OK;
    fenlei_status status = decode(&charset->decoded, held->bytes, size, NULL, error);
    if (status == FENLEI_OK)
        charset->encoding = charset->decoded.encoding;
    return status;
}

static void pass(struct charset *charset, size_t size, struct buffer *out)
{
    struct buffer *held = &charset->held;
    buffer_append(out, held->bytes, size);
    memmove(held->bytes, held->bytes + size, held->size - size);
    held->size -= size;
}

static fenlei_status decode_held(struct charset *charset, bool at_end, struct buffer *out,
                                 fenlei_error *error)
{
    struct buffer *held = &charset->held;
    struct decoded *decoded = &charset->decoded;
    size_t size = at_end ? held->size : cut(held, charset->encoding);
    if (size == 0)
        return FENLEI_OK;
    fenlei_status status = decode(decoded, held->bytes, size, charset->encoding, error);
    if (status != FENLEI_OK)
        return status;
    buffer_append_text(out, decoded->text);
    charset->substitutions += decoded->substitutions;
    memmove(held->bytes, held->bytes + size, held->size - size);
    held->size -= size;
    return FENLEI_OK;
}

fenlei_status charset_convert(void *context, fenlei_text bytes, bool at_end, struct buffer *out,
                              fenlei_error *error)
{
    struct charset *charset = context;
    struct buffer *held = &charset->held;
    fenlei_status status = FENLEI_OK;
    buffer_append_text(held, bytes);
    if (held->failed)
        return error_memory(error);
    if (charset->encoding == NULL && !is_ascii(held))
        status = tell(charset, at_end, error);
    if (held->size == 0 || status != FENLEI_OK)
        return status;
    if (charset->encoding == NULL ? is_ascii(held) : strcmp(charset->encoding, "UTF-8") == 0)
        pass(charset, held->size, out);
    else if (charset->encoding != NULL)
        status = decode_held(charset, at_end, out, error);
    if (status == FENLEI_OK && held->size > INPUT_LINE_MAX)
        status = error_set(error, FENLEI_BAD_INPUT, "longer than %d MiB, the most a line may have",
                           INPUT_LINE_MAX >> 20);
    return status;
}

/* Passages in HZ: pairs of bytes between ~{ and ~}. */
static size_t count_hz(fenlei_text text)
{
    size_t n = 0;
    const char *end = text.bytes + text.size, *at = text.bytes, *close;
    while ((at = memmem(at, (size_t)(end - at), "~{", 2)) != NULL) {
        at += 2;
        close = memmem(at, (size_t)(end - at), "~}", 2);
        if (close == NULL)
            break;
        n += close > at && (close - at) % 2 == 0 && memchr(at, ' ', (size_t)(close - at)) == NULL;
    }
    return n;
}

/* Passages in UTF-7: + and the letters of base64, of which a word of English has not as many. */
static size_t count_utf7(fenlei_text text)
{
    enum { LETTERS_LEAST = 8 };
    size_t n = 0;
    for (size_t i = 0; i < text.size; i++) {
        size_t size = 0;
        while (text.bytes[i] == '+' && i + 1 + size < text.size &&
               (isalnum((unsigned char)text.bytes[i + 1 + size]) ||
                text.bytes[i + 1 + size] == '/' || text.bytes[i + 1 + size] == '+'))
            size++;
        n += size >= LETTERS_LEAST;
        i += size;
    }
    return n;
}

const char *charset_of_seven_bits(fenlei_text text)
{
    enum { PASSAGES_LEAST = 3 };
    static const struct {
        const char *mark, *name;
    } shifts[] = {{"\x1B$)A", "ISO-2022-CN"},  {"\x1B$)G", "ISO-2022-CN"},
                  {"\x1B$)C", "ISO-2022-KR"},  {"\x1B$B", "ISO-2022-JP-2"},
                  {"\x1B$A", "ISO-2022-JP-2"}, {"\x1B$@", "ISO-2022-JP-2"}};
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.bytes[i] >= 0x80 || text.bytes[i] == '\0')
            return NULL;
    for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++)
        if (memmem(text.bytes, text.size, shifts[i].mark, strlen(shifts[i].mark)) != NULL)
            return shifts[i].name;
    if (count_hz(text) >= PASSAGES_LEAST)
        return "HZ";
    return count_utf7(text) >= PASSAGES_LEAST ? "UTF-7" : NULL;
}

void charset_release(struct charset *charset)
{
    buffer_release(&charset->held);
    decode_release(&charset->decoded);
    *charset = (struct charset){0};
}
