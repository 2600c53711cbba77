/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/tfidf.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

float tfidf_idf(uint64_t n_documents, uint64_t document_frequency)
{
    return (float)(1 + log((1 + (double)n_documents) / (1 + (double)document_frequency)));
}

double tfidf_frequency(uint32_t count)
{
    return 1 + log((double)count);
}

/* Bytes of what is used here and there, and lies together: `frequency`, `met`, `seen` and `of`. */
static size_t table_bytes(const struct counts *counts)
{
    return COUNTS_TABLE * sizeof *counts->frequency +
           COUNTS_LETTERS * (sizeof *counts->met + sizeof *counts->seen) +
           (size_t)counts->vocab->size * sizeof *counts->of;
}

static bool lay_tables(struct counts *counts)
{
    counts->frequency = pages_new(table_bytes(counts));
    if (counts->frequency == NULL)
        return false;
    counts->met = (uint32_t *)(counts->frequency + COUNTS_TABLE);
    counts->seen = (uint16_t *)(counts->met + COUNTS_LETTERS);
    counts->of = counts->seen + COUNTS_LETTERS;
    for (uint32_t count = 1; count < COUNTS_TABLE; count++)
        counts->frequency[count] = tfidf_frequency(count);
    return true;
}

bool counts_init(struct counts *counts, const struct vocab *vocab)
{
    *counts = (struct counts){.vocab = vocab};
    /* One more: what is written of an n-gram that is not new is written over. */
    counts->ids = array_new((size_t)vocab->size + 1, sizeof *counts->ids);
    counts->vector = array_new(vocab->size, sizeof *counts->vector);
    return lay_tables(counts) && counts->ids != NULL && counts->vector != NULL;
}

void counts_release(struct counts *counts)
{
    if (counts->frequency != NULL)
        pages_free(counts->frequency, table_bytes(counts));
    free(counts->ids);
    free(counts->vector);
    *counts = (struct counts){0};
}

/* n-grams that are looked up before the first of them is counted. */
enum { BATCH = 256 };

/* Counts a known n-gram `times` times more, after n_ids others, and returns how many there are now.
 * Without a branch: whether one is new is anybody's guess. */
static inline uint32_t add_id(struct counts *counts, uint32_t n_ids, uint32_t id, uint32_t times)
{
    uint32_t before = counts->of[id], sum = before + times;
    counts->ids[n_ids] = id;
    counts->of[id] = (uint16_t)(sum < UINT16_MAX ? sum : UINT16_MAX);
    return n_ids + (before == 0);
}

static inline void add_ids(struct counts *counts, const uint32_t *ids, size_t n, uint16_t weight)
{
    uint32_t n_ids = counts->n_ids;
    for (size_t i = 0; i < n; i++)
        n_ids = add_id(counts, n_ids, ids[i], weight);
    counts->n_ids = n_ids;
}

/* The same, of n-grams that are rare, whose counts are asked of memory before their turn. */
static void add_rare(struct counts *counts, const uint32_t *ids, size_t n, uint16_t weight)
{
    for (size_t i = 0; i < n; i++)
        __builtin_prefetch(&counts->of[ids[i]], 1);
    add_ids(counts, ids, n, weight);
}

static void cover(struct coverage *coverage, size_t known, size_t all)
{
    coverage->known += known;
    coverage->unknown += all - known;
}

/* The id of a letter below COUNTS_LETTERS alone, looked up when it is met first. */
static inline uint32_t single_id(struct counts *counts, uint32_t letter)
{
    if (counts->met[letter] == 0)
        counts->met[letter] = 1 + vocab_find(counts->vocab, ngram_key(0, letter, 1));
    return counts->met[letter] - 1;
}

/* Counts n letters as often as they were seen, and forgets that they were. */
static void add_seen(struct counts *counts, const uint32_t *letters, size_t n, uint16_t weight)
{
    uint32_t size = counts->vocab->size, n_ids = counts->n_ids;
    size_t known = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t letter = letters[i], times = counts->seen[letter];
        counts->seen[letter] = 0;
        if (!ngram_stands_alone(letter))
            continue;
        uint32_t id = single_id(counts, letter);
        all += times;
        if (id == size)
            continue;
        known += times;
        n_ids = add_id(counts, n_ids, id, times * weight);
    }
    counts->n_ids = n_ids;
    cover(&counts->single, known, all);
}

/* One that is so rare that no table has a place for it. */
static void add_high(struct counts *counts, uint32_t letter, uint16_t weight)
{
    uint32_t id = vocab_find(counts->vocab, ngram_key(0, letter, 1));
    bool is_known = id < counts->vocab->size;
    if (is_known)
        add_ids(counts, &id, 1, weight);
    cover(&counts->single, is_known, 1);
}

/* Counts the first letters that have a place in a table, and returns how many they are. A letter
 * comes again and again: to see that it does is faster than to find its id. */
static size_t add_low(struct counts *counts, const uint32_t *letters, size_t n, uint16_t weight)
{
    enum { MOST = 4096 };
    uint32_t first[MOST]; /* where each letter is met first */
    uint16_t *seen = counts->seen;
    size_t n_first = 0, i = 0;
    for (; i < n && i < MOST && letters[i] < COUNTS_LETTERS; i++) {
        uint32_t letter = letters[i], before = seen[letter];
        seen[letter] = (uint16_t)(before + 1);
        first[n_first] = letter;
        n_first += before == 0;
    }
    add_seen(counts, first, n_first, weight);
    return i;
}

void counts_add_singles(struct counts *counts, const uint32_t *letters, size_t n, uint16_t weight)
{
    for (size_t at = 0; at < n;) {
        at += add_low(counts, letters + at, n - at, weight);
        if (at < n && letters[at] >= COUNTS_LETTERS)
            add_high(counts, letters[at++], weight);
    }
}

void counts_add_pairs(struct counts *counts, const uint32_t *letters, size_t n, uint16_t weight)
{
    uint32_t ids[BATCH];
    for (size_t at = 0; at + 1 < n; at += BATCH) {
        size_t pairs = n - 1 - at < BATCH ? n - 1 - at : BATCH;
        size_t known = vocab_find_pairs(counts->vocab, letters + at, pairs, ids);
        add_rare(counts, ids, known, weight);
        cover(&counts->longer, known, pairs);
    }
}

void counts_add_longer(struct counts *counts, const uint64_t *keys, size_t n, uint16_t weight)
{
    uint32_t ids[BATCH];
    for (size_t at = 0; at < n; at += BATCH) {
        size_t size = n - at < BATCH ? n - at : BATCH;
        size_t known = vocab_find_known(counts->vocab, keys + at, size, ids);
        add_rare(counts, ids, known, weight);
        cover(&counts->longer, known, size);
    }
}

void counts_forget(struct counts *counts)
{
    counts->n_ids = 0;
    counts->single = counts->longer = (struct coverage){0, 0};
}

void counts_clear(struct counts *counts)
{
    for (uint32_t i = 0; i < counts->n_ids; i++)
        counts->of[counts->ids[i]] = 0;
    counts_forget(counts);
}

uint32_t tfidf_vector(struct counts *counts, const float *idf)
{
    double squares = 0;
    for (uint32_t i = 0; i < counts->n_ids; i++) {
        uint32_t id = counts->ids[i];
        double value = counts_take(counts, idf, id);
        counts->vector[i] = (struct feature){id, value};
        squares += value * value;
    }
    uint32_t n = counts->n_ids;
    double share = n > 0 ? 1 / sqrt(squares) : 0;
    for (uint32_t i = 0; i < n; i++)
        counts->vector[i].value *= share;
    counts->share = share;
    counts_forget(counts);
    return n;
}
