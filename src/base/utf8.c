/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/utf8.h"

#include "base/bytes16.h"
#include "base/processor.h"

#include <stdbool.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

/* The Unicode Standard, table 3-7. The second byte's range keeps out overlong forms, surrogates and
 * what lies beyond U+10FFFF. */
size_t utf8_size(const char *bytes, size_t most)
{
    const uint8_t *s = (const uint8_t *)bytes;
    if (s[0] < 0x80)
        return 1;
    size_t size = s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : s[0] < 0xF5 ? 4 : 0;
    if (size == 0 || size > most)
        return 0;
    uint8_t least = s[0] == 0xE0 ? 0xA0 : s[0] == 0xF0 ? 0x90 : 0x80;
    uint8_t greatest = s[0] == 0xED ? 0x9F : s[0] == 0xF4 ? 0x8F : 0xBF;
    if (s[1] < least || s[1] > greatest)
        return 0;
    for (size_t i = 2; i < size; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    return size;
}

/* ---- many at once ---- */

/* All bits of those of sixteen bytes that may stand behind the three before them: the table above,
 * asked of each byte instead of each character. Comparisons by < are the cheap ones. */
static inline bytes16 well_placed(const uint8_t *bytes)
{
    bytes16 here = bytes16_load(bytes), before = bytes16_load(bytes - 1);
    bytes16 goes_on = (bytes16)((here & 0xC0) == 0x80);
    bytes16 begins = (bytes16)(before < 0xC0) & (bytes16)(bytes16_load(bytes - 2) < 0xE0) &
                     (bytes16)(bytes16_load(bytes - 3) < 0xF0);
    bytes16 below_90 = (bytes16)(here < 0x90), below_a0 = (bytes16)(here < 0xA0);
    bytes16 too_low =
        ((bytes16)(before == 0xE0) & below_a0) | ((bytes16)(before == 0xF0) & below_90);
    bytes16 too_high =
        ((bytes16)(before == 0xED) & ~below_a0) | ((bytes16)(before == 0xF4) & ~below_90);
    bytes16 no_lead = (bytes16)((here & 0xFE) == 0xC0);
    return (goes_on ^ begins) & (bytes16)(here < 0xF5) & ~(too_low | too_high | no_lead);
}

enum { BLOCK = 64 };

static inline bool is_well_placed(const uint8_t *bytes)
{
    bytes16 good = well_placed(bytes);
    for (size_t i = sizeof good; i < BLOCK; i += sizeof good)
        good &= well_placed(bytes + i);
    return !bytes16_any(~good);
}

/* The same of the block at bytes[at], copied between bytes that end every character where it is the
 * first or is not whole. */
static bool is_block_valid(const uint8_t *bytes, size_t at, size_t size)
{
    enum { BEFORE = 3 }; /* bytes that well_placed() looks back at */
    uint8_t copy[BEFORE + BLOCK] = {0};
    if (at >= BEFORE && size - at >= BLOCK)
        return is_well_placed(bytes + at);
    if (at >= BEFORE)
        memcpy(copy, bytes + at - BEFORE, BEFORE);
    memcpy(copy + BEFORE, bytes + at, size - at < BLOCK ? size - at : BLOCK);
    return is_well_placed(copy + BEFORE);
}

/* ---- 32 at a time ---- */

/* The same by three tables of sixteen: J. Keiser and D. Lemire, Validating UTF-8 in less than one
 * instruction per byte, Software: Practice and Experience 51 (2021). A half of a byte and the
 * halves of the one before it each tell which faults they may be part of; a fault is what all three
 * tell. */
#ifdef __x86_64__

#define BY_32 __attribute__((target("avx2"), always_inline)) static inline

enum {
    CUT_SHORT = 1,             /* a lead, and nothing that goes on */
    NO_LEAD = 2,               /* ASCII, and something that goes on */
    OVERLONG_3 = 4,            /* E0 80..9F */
    BEYOND = 8,                /* F4 90..BF, F5..FF 90..BF */
    SURROGATE = 16,            /* ED A0..BF */
    OVERLONG_2 = 32,           /* C0..C1 80..BF */
    OVERLONG_4_OR_BEYOND = 64, /* F0 80..8F, F5..FF 80..8F */
    GOES_ON_TWICE = 128,       /* two that go on: right where two or three bytes before is a lead */
    ANY_LOW = CUT_SHORT | NO_LEAD | GOES_ON_TWICE,
    LOW_BEYOND = ANY_LOW | BEYOND | OVERLONG_4_OR_BEYOND,
    HIGH_GOES_ON = NO_LEAD | OVERLONG_2 | GOES_ON_TWICE,
};

#define FOUR(value) value, value, value, value

/* By the upper half of the byte before, its lower half, and the upper half of the byte itself. */
static const uint8_t upper_before[16] = {FOUR(NO_LEAD),
                                         FOUR(NO_LEAD),
                                         FOUR(GOES_ON_TWICE),
                                         CUT_SHORT | OVERLONG_2,
                                         CUT_SHORT,
                                         CUT_SHORT | OVERLONG_3 | SURROGATE,
                                         CUT_SHORT | BEYOND | OVERLONG_4_OR_BEYOND};
static const uint8_t lower_before[16] = {ANY_LOW | OVERLONG_2 | OVERLONG_3 | OVERLONG_4_OR_BEYOND,
                                         ANY_LOW | OVERLONG_2,
                                         ANY_LOW,
                                         ANY_LOW,
                                         ANY_LOW | BEYOND,
                                         FOUR(LOW_BEYOND),
                                         FOUR(LOW_BEYOND),
                                         LOW_BEYOND | SURROGATE,
                                         LOW_BEYOND,
                                         LOW_BEYOND};
static const uint8_t upper_here[16] = {FOUR(CUT_SHORT),
                                       FOUR(CUT_SHORT),
                                       HIGH_GOES_ON | OVERLONG_3 | OVERLONG_4_OR_BEYOND,
                                       HIGH_GOES_ON | OVERLONG_3 | BEYOND,
                                       HIGH_GOES_ON | SURROGATE | BEYOND,
                                       HIGH_GOES_ON | SURROGATE | BEYOND,
                                       FOUR(CUT_SHORT)};

BY_32 __m256i look_up(const uint8_t table[16], __m256i halves)
{
    __m256i tables = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)table));
    return _mm256_shuffle_epi8(tables, halves);
}

BY_32 __m256i upper_half(__m256i bytes)
{
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0xF));
}

/* Bits where one of 32 bytes may not stand behind the three before it. */
BY_32 __m256i misplaced(const uint8_t *bytes)
{
    __m256i here = _mm256_loadu_si256((const void *)bytes);
    __m256i before = _mm256_loadu_si256((const void *)(bytes - 1));
    __m256i second = _mm256_loadu_si256((const void *)(bytes - 2));
    __m256i third = _mm256_loadu_si256((const void *)(bytes - 3));
    __m256i lower = _mm256_and_si256(before, _mm256_set1_epi8(0xF));
    __m256i faults = _mm256_and_si256(
        _mm256_and_si256(look_up(upper_before, upper_half(before)), look_up(lower_before, lower)),
        look_up(upper_here, upper_half(here)));
    /* The highest bit where a lead of three or four bytes says that this is the third or fourth. */
    __m256i goes_on = _mm256_or_si256(_mm256_subs_epu8(second, _mm256_set1_epi8(0xE0 - 0x80)),
                                      _mm256_subs_epu8(third, _mm256_set1_epi8(0xF0 - 0x80)));
    goes_on = _mm256_and_si256(goes_on, _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(faults, goes_on);
}

/* From `at` > 2 on, behind the whole blocks that are well placed. */
__attribute__((target("avx2"))) static size_t skip_blocks_by_32(const uint8_t *bytes, size_t at,
                                                                size_t size)
{
    for (; size - at >= BLOCK; at += BLOCK) {
        __m256i faults = _mm256_or_si256(misplaced(bytes + at), misplaced(bytes + at + BLOCK / 2));
        if (!_mm256_testz_si256(faults, faults))
            break;
    }
    return at;
}

#endif

/* Where the last character that begins in bytes[0] to bytes[size - 1] begins. */
static size_t last_start(const uint8_t *bytes, size_t size)
{
    size_t start = size > 0 ? size - 1 : 0;
    while (start > 0 && (bytes[start] & 0xC0) == 0x80)
        start--;
    return start;
}

size_t utf8_valid_prefix(const char *bytes, size_t size)
{
    const uint8_t *s = (const uint8_t *)bytes;
    size_t start = 0, at, character;
#ifdef __x86_64__
    /* A byte that begins no character is told with the one behind it: the last is left over. */
    if (size > BLOCK && processor_has_avx2() && is_block_valid(s, 0, size))
        start = skip_blocks_by_32(s, BLOCK, size) - 1;
#endif
    for (at = start; at < size && is_block_valid(s, at, size);)
        at += size - at < BLOCK ? size - at : BLOCK;
    if (at == size && ((size - start) % BLOCK > 0 || size == 0))
        return size;
    /* By characters from here on: one of the last whole block may go on behind it. */
    at = last_start(s, at);
    while (at < size && (character = utf8_size(bytes + at, size - at)) > 0)
        at += character;
    return at;
}

enum { LANGUAGE_LOOK = 300 /* characters that tell the language of a text */ };

bool utf8_is_chinese(const char *bytes, size_t size)
{
    size_t han = 0, kana = 0, n = 0;
    for (size_t at = 0; at < size && n < LANGUAGE_LOOK; n++) {
        int32_t c = utf8_next(bytes, &at);
        han += c >= 0x3400 && c < 0xA000;
        kana += c >= 0x3040 && c < 0x3100;
    }
    return han * 4 > n && kana == 0;
}
