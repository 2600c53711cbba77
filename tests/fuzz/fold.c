/* SPDX-License-Identifier: BSD-3-Clause */
/* Text -> letters -> n-grams. The first byte chooses punctuation and the lengths of the n-grams.
 *
 * Files: src/label/fold.c src/label/ngram.c */
#include "base/utf8.h"
#include "fuzz.h"

#include "label/ngram.h"

/* The valid parts of any bytes, joined. */
static void keep_valid(struct buffer *text, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size; at++) {
        size_t valid = utf8_valid_prefix(bytes + at, size - at);
        buffer_append(text, bytes + at, valid);
        at += valid;
    }
}

static void append_utf8(struct buffer *text, uint32_t c)
{
    char bytes[4];
    size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--, c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3F));
    bytes[0] = (char)(size == 1 ? c : (0xF00 >> size & 0xFF) | c);
    buffer_append(text, bytes, size);
}

/* What is folded stays as it is. */
static void check_is_folded(uint32_t letter)
{
    static struct folded again;
    struct buffer text = {0};
    append_utf8(&text, letter);
    require(fold(&again, (fenlei_text){text.bytes, text.size}, false));
    if (!(again.count == 3 && again.letters[1] == letter))
        fprintf(stderr, "U+%04X\n", letter);
    require(again.count == 3 && again.letters[1] == letter);
    buffer_release(&text);
}

static void check_letters(const struct folded *folded, size_t size, bool keep_punctuation)
{
    size_t n_letters = 0;
    require(folded->count >= 2 && folded->letters[0] == MARK_START &&
            folded->letters[folded->count - 1] == MARK_END);
    for (size_t i = 0; i < folded->count; i++) {
        uint32_t letter = folded->letters[i];
        require(folded->sources[i] <= size);
        require(i == 0 || folded->sources[i] >= folded->sources[i - 1]);
        if (!fold_is_mark(letter)) {
            n_letters++;
            require(letter < PUNCTUATION && (letter < 0xD800 || letter > 0xDFFF));
            require((fold_class((int32_t)letter) & FOLD_LETTER) != 0);
            if (i < 64)
                check_is_folded(letter);
        } else if (i > 0 && i + 1 < folded->count) {
            require(keep_punctuation ? letter >= PUNCTUATION : letter == MARK_BREAK);
            require(!fold_is_mark(folded->letters[i - 1]) || i == 1 || keep_punctuation);
        }
    }
    require(n_letters == folded->n_letters);
    /* No character becomes more than 18 (U+FDFA, of three bytes), each with a break before it. */
    require(folded->count <= 2 + 12 * size + 1);
}

static void check_bigrams(const struct ngrams *ngrams, const struct folded *folded, unsigned min,
                          unsigned max)
{
    require(ngrams->count <= folded->count * (max - min + 1));
    if (min == 2 && max == 2)
        require(ngrams->count == (folded->n_letters > 0 ? folded->count - 1 : 0));
    for (size_t i = 0; i < ngrams->count; i++) {
        require(ngrams->first[i] < folded->count && ngrams->keys[i] != 0);
        require(i == 0 || ngrams->first[i] >= ngrams->first[i - 1]);
        if (max <= 3)
            require(ngrams->keys[i] >> 63 == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct folded folded;
    static struct ngrams ngrams;
    if (size == 0)
        return 0;
    bool keep_punctuation = (data[0] & 1) != 0;
    unsigned min = 1 + (data[0] >> 1 & 3), max = min + (data[0] >> 3 & 3);
    struct buffer text = {0};
    keep_valid(&text, (const char *)data + 1, size - 1);
    require(fold(&folded, (fenlei_text){text.bytes, text.size}, keep_punctuation));
    check_letters(&folded, text.size, keep_punctuation);
    require(ngrams_extract(&ngrams, &folded, (struct ngram_lengths){min, max}));
    check_bigrams(&ngrams, &folded, min, max);
    for (size_t at = 0; at < text.size;)
        require(fold_character(utf8_next(text.bytes, &at)) <= 0x10FFFF);
    buffer_release(&text);
    if (size % 64 == 0) { /* what is used again may be released before */
        fold_release(&folded);
        ngrams_release(&ngrams);
    }
    return 0;
}
