/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes fold_data.h at build time: what ICU's NFKC_Casefold and its Traditional-Simplified
 * transform make of each character of the Basic Multilingual Plane. Opening that transform takes
 * ICU some 50 ms, so no program of ours does it at start. The transform also has rules for a few
 * whole words; the table keeps to its single characters, so that a text in either script folds to
 * the same letters whatever stands beside them. */
#include "label/fold_class.h"

#include <stdint.h>
#include <stdio.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { PLANE = 0x10000, CAPACITY = 32 };

static uint16_t fold_of[PLANE];
static uint8_t class_of[PLANE];

static UChar simplified(const UTransliterator *transform, UChar c)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar text[CAPACITY] = {c};
    int32_t length = 1, limit = 1;
    utrans_transUChars(transform, text, &length, CAPACITY, 0, &limit, &code);
    return U_SUCCESS(code) && length == 1 ? text[0] : c;
}

static int is_cjk(UChar32 c)
{
    UErrorCode code = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &code);
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
           script == USCRIPT_BOPOMOFO;
}

static int is_letter(UChar32 c)
{
    return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

static uint8_t classify(UChar32 c)
{
    unsigned class = 0;
    if (is_letter(c))
        class |= FOLD_LETTER;
    if (is_cjk(c))
        class |= FOLD_CJK;
    if (u_isUWhiteSpace(c))
        class |= FOLD_SPACE;
    return (uint8_t) class;
}

/* What a character becomes that is not one character afterwards: where its units begin, and end. */
static UChar units[PLANE];
static int n_units;

static void write_expansions(const UNormalizer2 *nfkc)
{
    printf("static const struct expansion {\n    uint16_t character, first, end;\n} expansions[] = "
           "{\n");
    for (UChar32 c = 0; c < PLANE; c++) {
        UChar source = (UChar)c;
        UErrorCode code = U_ZERO_ERROR;
        if (fold_of[c] != FOLD_EXPANDS || U_IS_SURROGATE(source))
            continue;
        int32_t length =
            unorm2_normalize(nfkc, &source, 1, units + n_units, PLANE - n_units, &code);
        printf("{0x%04X, %d, %d},\n", (unsigned)c, n_units, n_units + (int)length);
        n_units += (int)length;
    }
    printf("};\nstatic const uint16_t expanded[] = {\n");
    for (int i = 0; i < n_units; i++)
        printf("0x%04X,%s", units[i], i % 12 == 11 ? "\n" : "");
    printf("\n};\n");
}

/* The class of a character above the plane. */
static unsigned classify_high(const UNormalizer2 *nfkc, UChar32 c)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar source[2] = {U16_LEAD(c), U16_TRAIL(c)}, target[CAPACITY];
    unsigned class = classify(c);
    int32_t length = unorm2_normalize(nfkc, source, 2, target, CAPACITY, &code);
    if (length == 2 && target[0] == source[0] && target[1] == source[1])
        class |= FOLD_STAYS;
    if (unorm2_hasBoundaryBefore(nfkc, c))
        class |= FOLD_STARTS;
    return class;
}

/* Characters above the plane in runs of one class: where each begins. */
static void write_high(const UNormalizer2 *nfkc)
{
    unsigned before = UINT8_MAX;
    printf("static const struct high_run {\n    uint32_t first, class;\n} high_runs[] = {\n");
    for (UChar32 c = PLANE; c <= UCHAR_MAX_VALUE; c++) {
        unsigned class = classify_high(nfkc, c);
        if (class != before)
            printf("{0x%X, %u},\n", (unsigned)c, class);
        before = class;
    }
    printf("};\n");
}

int main(void)
{
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&code);
    UTransliterator *transform =
        utrans_openU(u"Hant-Hans", -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
    if (U_FAILURE(code)) {
        fprintf(stderr, "fold_generate: ICU: %s\n", u_errorName(code));
        return 1;
    }
    for (UChar32 c = 0; c < PLANE; c++) {
        UChar source = (UChar)c, target[CAPACITY];
        int32_t length = 0;
        if (!U_IS_SURROGATE(source)) {
            code = U_ZERO_ERROR;
            length = unorm2_normalize(nfkc, &source, 1, target, CAPACITY, &code);
        }
        UChar folded = length == 1 ? simplified(transform, target[0]) : FOLD_EXPANDS;
        if (length == 0 && !U_IS_SURROGATE(source))
            folded = FOLD_VANISHES;
        fold_of[c] = folded;
        class_of[c] = classify(length == 1 ? folded : c);
        if (unorm2_hasBoundaryBefore(nfkc, c))
            class_of[c] |= FOLD_STARTS;
        if (folded < FOLD_VANISHES && (class_of[c] & FOLD_SPACE) == 0)
            class_of[c] |= FOLD_PLAIN;
    }
    utrans_close(transform);

    printf("/* Made by fold_generate.c from ICU %s; do not edit. */\n", U_ICU_VERSION);
    printf("static const uint32_t fold_entries[0x10000] = {");
    for (int c = 0; c < PLANE; c++)
        printf("%s0x%X,", c % 8 == 0 ? "\n" : "", fold_entry(fold_of[c], class_of[c]));
    printf("\n};\n");
    write_expansions(nfkc);
    write_high(nfkc);
    return ferror(stdout) ? 1 : 0;
}
