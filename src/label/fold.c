/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/fold.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "label/fold_data.h"
#include "label/icu.h"

#include <stdlib.h>
#include <unicode/utf16.h>

/* Longest segment handed to ICU's normaliser, which is quadratic on combining marks: the limit of
 * UAX #15's stream-safe text. */
enum { SEGMENT = 30 };

enum gap { GAP_NONE, GAP_LINE, GAP_SPACE, GAP_BREAK }; /* in rising strength */

struct folder {
    struct folded *out;
    fenlei_text text;
    bool keep_punctuation;
    uint32_t punctuation; /* the first of the gap, or 0 */
    enum gap gap;         /* between the last letter and the next */
    bool after_cjk;       /* the last letter is one */
    size_t line_end;      /* of the last line that was asked for punctuation */
    bool line_is_sentence;
};

/* What a character of the plane becomes. */
static inline uint16_t folded_of(int32_t c)
{
    return fold_entry_folded(fold_entries[c]);
}

static uint32_t high_class(int32_t c)
{
    size_t low = 0, high = sizeof high_runs / sizeof *high_runs;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if ((int32_t)high_runs[middle].first <= c)
            low = middle;
        else
            high = middle;
    }
    return high_runs[low].class;
}

uint32_t fold_class(int32_t c)
{
    return c < 0x10000 ? fold_entry_class(fold_entries[c]) : high_class(c);
}

static inline bool reserve(struct folded *folded, size_t more)
{
    size_t needed = folded->count + more;
    if (needed <= folded->capacity && needed <= folded->source_capacity)
        return true;
    return array_reserve(&folded->letters, &folded->capacity, needed, sizeof *folded->letters) &&
           array_reserve(&folded->sources, &folded->source_capacity, needed,
                         sizeof *folded->sources);
}

static inline void push(struct folder *folder, uint32_t letter, size_t source)
{
    folder->out->letters[folder->out->count] = letter;
    folder->out->sources[folder->out->count] = (uint32_t)source;
    folder->out->count++;
}

static void push_break(struct folder *folder, size_t source)
{
    uint32_t punctuation = folder->punctuation > 0 ? folder->punctuation : ' ';
    push(folder, folder->keep_punctuation ? PUNCTUATION + punctuation : MARK_BREAK, source);
    folder->punctuation = 0;
}

/* Has the line around `offset` a full stop, as sentences have and headlines have not? Asked once a
 * line. */
static bool in_sentence(struct folder *folder, size_t offset)
{
    if (offset < folder->line_end)
        return folder->line_is_sentence;
    const char *bytes = folder->text.bytes;
    size_t start = offset;
    while (start > 0 && bytes[start - 1] != '\n')
        start--;
    folder->line_is_sentence = false;
    size_t at = start;
    while (at < folder->text.size && bytes[at] != '\n')
        if (utf8_next(bytes, &at) == 0x3002)
            folder->line_is_sentence = true;
    folder->line_end = at;
    return folder->line_is_sentence;
}

/* Is the character around the space at `offset` alone between spaces, as in 扫 黑 除 恶? */
static bool is_letterspaced(const struct folder *folder, size_t offset)
{
    const char *bytes = folder->text.bytes;
    size_t at = offset;
    while (at < folder->text.size && (fold_class(utf8_next(bytes, &at)) & FOLD_LETTER) == 0)
        ;
    return at >= folder->text.size || (fold_class(utf8_next(bytes, &at)) & FOLD_LETTER) == 0;
}

static bool was_letterspaced(const struct folder *folder)
{
    const struct folded *out = folder->out;
    return out->count >= 2 && fold_is_mark(out->letters[out->count - 2]);
}

static inline void add_letter(struct folder *folder, int32_t c, uint32_t class, size_t source)
{
    bool cjk = (class & FOLD_CJK) != 0;
    if (folder->gap != GAP_NONE) {
        if (folder->gap == GAP_BREAK || !cjk || !folder->after_cjk)
            push_break(folder, source);
        folder->gap = GAP_NONE;
    }
    push(folder, (uint32_t)c, source);
    folder->out->n_letters++;
    folder->after_cjk = cjk;
}

static void add_gap(struct folder *folder, int32_t c, uint32_t class, size_t source)
{
    if (folder->out->count <= 1)
        return; /* nothing before it: the text starts here */
    enum gap gap = GAP_BREAK;
    if ((class & FOLD_SPACE) == 0 && folder->keep_punctuation && folder->punctuation == 0 &&
        c < 0x10000)
        folder->punctuation = (uint32_t)c;
    if (class & FOLD_SPACE)
        gap = c == '\n' || c == '\r' ? GAP_LINE : GAP_SPACE;
    if (gap == GAP_SPACE && folder->gap < GAP_SPACE &&
        (folder->keep_punctuation || (!in_sentence(folder, source) && !was_letterspaced(folder) &&
                                      !is_letterspaced(folder, source))))
        gap = GAP_BREAK;
    if (gap > folder->gap)
        folder->gap = gap;
}

/* One folded character of an input character at byte `source`. */
static void add(struct folder *folder, int32_t c, size_t source)
{
    uint32_t class = fold_class(c);
    if (class & FOLD_LETTER)
        add_letter(folder, c, class, source);
    else
        add_gap(folder, c, class, source);
}

/* The character at units[*at] of well-formed UTF-16; moves *at behind it. */
static int32_t next_of_utf16(const UChar *units, int32_t *at)
{
    UChar lead = units[(*at)++];
    if (!U16_IS_LEAD(lead))
        return lead;
    UChar trail = units[(*at)++];
    return U16_GET_SUPPLEMENTARY(lead, trail);
}

/* What a segment has become. */
static bool add_normal(struct folder *folder, const UChar *normal, int32_t size, size_t source)
{
    if (!reserve(folder->out, 2 * (size_t)size + 2))
        return false;
    for (int32_t i = 0; i < size;) {
        int32_t c = next_of_utf16(normal, &i);
        if (c < 0x10000 && folded_of(c) < FOLD_VANISHES)
            c = folded_of(c); /* to simplified */
        add(folder, c, source);
    }
    return true;
}

/* ICU at work on a segment: characters that combine, or change beyond the table. Without ICU they
 * stay what they are, which the result tells. */
static bool add_segment(struct folder *folder, const UChar *segment, int32_t length, size_t source)
{
    const struct icu *functions = icu();
    UErrorCode code = U_ZERO_ERROR;
    UChar normal[SEGMENT * 2 * 18] = {0}; /* a character becomes 18 at most (U+FDFA) */
    if (functions == NULL) {
        folder->out->lacks_icu = true;
        return add_normal(folder, segment, length, source);
    }
    int32_t size = functions->unorm2_normalize(functions->unorm2_getNFKCCasefoldInstance(&code),
                                               segment, length, normal,
                                               (int32_t)(sizeof normal / sizeof *normal), &code);
    return U_SUCCESS(code) && add_normal(folder, normal, size, source);
}

static inline bool starts(int32_t c)
{
    return (fold_class(c) & FOLD_STARTS) != 0;
}

/* The segment that begins at byte *at: a character and everything that may combine with it. Returns
 * its length in UTF-16. */
static int32_t take_segment(fenlei_text text, size_t *at, UChar segment[SEGMENT * 2])
{
    int32_t length = 0;
    size_t next = *at;
    int32_t c = utf8_next(text.bytes, &next);
    size_t taken = 0;
    do {
        U16_APPEND_UNSAFE(segment, length, c);
        *at = next;
        taken++;
        if (next >= text.size)
            break;
        c = utf8_next(text.bytes, &next);
    } while (taken < SEGMENT && !starts(c));
    return length;
}

static bool fold_segment(struct folder *folder, size_t *at)
{
    UChar segment[SEGMENT * 2] = {0};
    size_t source = *at;
    int32_t length = take_segment(folder->text, at, segment);
    return add_segment(folder, segment, length, source);
}

bool fold_look(struct folded *folded, fenlei_text text)
{
    size_t n = 0;
    if (!fold(folded, text, false))
        return false;
    for (size_t i = 0; i < folded->count; i++)
        if (!fold_is_mark(folded->letters[i])) {
            folded->sources[n] = folded->sources[i];
            folded->letters[n++] = folded->letters[i];
        }
    folded->count = n;
    return true;
}

size_t fold_source_end(fenlei_text text, size_t source)
{
    UChar segment[SEGMENT * 2] = {0};
    take_segment(text, &source, segment);
    return source;
}

static int by_character(const void *key, const void *element)
{
    const struct expansion *expansion = element;
    int32_t c = *(const int32_t *)key;
    return c < expansion->character ? -1 : c > expansion->character;
}

/* One that becomes several. */
static bool add_expanded(struct folder *folder, int32_t c, size_t source)
{
    const struct expansion *expansion = bsearch(
        &c, expansions, sizeof expansions / sizeof *expansions, sizeof *expansions, by_character);
    return expansion == NULL || add_normal(folder, expanded + expansion->first,
                                           expansion->end - expansion->first, source);
}

/* Where folding is: a character, its entry in the table (0 of c >= 0x10000), its first byte and the
 * one behind. */
struct cursor {
    int32_t c;
    uint32_t entry;
    size_t source, behind;
};

static inline struct cursor cursor_at(fenlei_text text, size_t source)
{
    struct cursor cursor = {.source = source, .behind = source};
    if (source < text.size)
        cursor.c = utf8_next(text.bytes, &cursor.behind);
    cursor.entry = cursor.c < 0x10000 ? fold_entries[cursor.c] : 0;
    return cursor;
}

/* Characters that room is made for at a time: each may take a mark and a letter. */
enum { CHARACTERS_AT_ONCE = 128 };

/* Is a letter the last that was folded, or punctuation that is not kept? */
static bool is_plain(const struct folder *folder)
{
    return !folder->keep_punctuation && folder->out->count > 1 &&
           (folder->gap == GAP_NONE || folder->gap == GAP_BREAK);
}

/* After what is_plain(), folds letters and punctuation by the table, as long as each becomes one
 * character and the next does not combine with it: nearly all of nearly all texts. Moves the cursor
 * to the first that is otherwise, or for which room is to be made again. The same as add() without
 * a branch: where punctuation stands is anybody's guess. Punctuation writes the mark that the
 * letter behind it would, whose source the letter is then. */
static __attribute__((noinline)) void fold_simple(struct folder *folder, struct cursor *cursor)
{
    fenlei_text text = folder->text;
    struct cursor here = *cursor;
    uint32_t *letters = folder->out->letters, *sources = folder->out->sources;
    size_t count = folder->out->count, n_letters = 0;
    uint32_t is_apart = folder->gap == GAP_BREAK;
    letters[count] = MARK_BREAK;
    count += is_apart;
    for (size_t i = 0; i < CHARACTERS_AT_ONCE && here.behind < text.size; i++) {
        struct cursor next = cursor_at(text, here.behind);
        if ((here.entry & FOLD_PLAIN) == 0 || (next.entry & FOLD_STARTS) == 0)
            break;
        uint32_t is_letter = here.entry & FOLD_LETTER;
        letters[count] = is_letter ? fold_entry_folded(here.entry) : MARK_BREAK;
        sources[count - is_apart] = (uint32_t)here.source;
        sources[count] = (uint32_t)here.source;
        count += is_letter | (is_apart ^ 1);
        n_letters += is_letter;
        is_apart = is_letter ^ 1;
        here = next;
    }
    count -= is_apart;
    folder->out->count = count;
    folder->out->n_letters += n_letters;
    folder->gap = is_apart ? GAP_BREAK : GAP_NONE;
    folder->after_cjk = (fold_class((int32_t)letters[count - 1]) & FOLD_CJK) != 0;
    *cursor = here;
}

/* Folds the character at the cursor, or all that combine, and moves behind them. */
static bool fold_one(struct folder *folder, struct cursor *cursor)
{
    fenlei_text text = folder->text;
    int32_t c = cursor->c;
    size_t source = cursor->source, end = cursor->behind;
    struct cursor next = cursor_at(text, end);
    bool good = true, is_high = c >= 0x10000;
    bool is_alone = end >= text.size || starts(next.c);
    if (!is_alone || (is_high && (fold_class(c) & FOLD_STAYS) == 0)) {
        end = source;
        good = fold_segment(folder, &end);
        next = cursor_at(text, end);
    } else if (is_high) {
        add(folder, c, source);
    } else if (folded_of(c) == FOLD_EXPANDS) {
        good = add_expanded(folder, c, source);
    } else if (folded_of(c) != FOLD_VANISHES) {
        add(folder, folded_of(c), source);
    }
    *cursor = next;
    return good;
}

bool fold(struct folded *folded, fenlei_text text, bool keep_punctuation)
{
    folded->count = folded->n_letters = 0;
    folded->lacks_icu = false;
    if (!reserve(folded, 3))
        return false;
    struct folder folder = {.out = folded, .text = text, .keep_punctuation = keep_punctuation};
    push(&folder, MARK_START, 0);
    struct cursor cursor = cursor_at(text, 0);
    while (cursor.source < text.size) {
        if (!reserve(folded, 2 * CHARACTERS_AT_ONCE + 4)) /* those, another one, the end's two */
            return false;
        if (is_plain(&folder))
            fold_simple(&folder, &cursor);
        if (cursor.source < text.size && !fold_one(&folder, &cursor))
            return false;
    }
    if (folder.punctuation > 0)
        push_break(&folder, text.size);
    push(&folder, MARK_END, text.size);
    return true;
}

uint32_t fold_character(int32_t c)
{
    if (c >= 0x10000)
        return (uint32_t)c;
    uint16_t folded = folded_of(c);
    return folded == FOLD_VANISHES ? 0 : folded == FOLD_EXPANDS ? (uint32_t)c : folded;
}

size_t fold_memory(const struct folded *folded)
{
    return folded->capacity * sizeof *folded->letters +
           folded->source_capacity * sizeof *folded->sources;
}

void fold_release(struct folded *folded)
{
    free(folded->letters);
    free(folded->sources);
    *folded = (struct folded){0};
}
