/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/dataset.h"

#include "base/parallel.h"
#include "base/status.h"
#include "label/icu.h"

#include <stdatomic.h>
#include <stdlib.h>

/* ---- document frequencies ---- */

/* Open addressing; a slot with frequency 0 is free. */
struct frequency {
    uint64_t key;
    uint32_t frequency;
    uint32_t last; /* the newest document with it, from 1 */
};

struct frequencies {
    struct frequency *slots; /* [1 << bits] */
    unsigned bits;
    size_t n;
};

static struct frequency *find_slot(struct frequency *slots, unsigned bits, uint64_t key)
{
    size_t mask = ((size_t)1 << bits) - 1;
    size_t i = (size_t)(vocab_hash(key) >> (64 - bits));
    while (slots[i].frequency > 0 && slots[i].key != key)
        i = (i + 1) & mask;
    return &slots[i];
}

static bool frequencies_grow(struct frequencies *table)
{
    unsigned bits = table->bits > 0 ? table->bits + 1 : 16;
    struct frequency *slots = array_new((size_t)1 << bits, sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; table->bits > 0 && i < (size_t)1 << table->bits; i++)
        if (table->slots[i].frequency > 0)
            *find_slot(slots, bits, table->slots[i].key) = table->slots[i];
    free(table->slots);
    table->slots = slots;
    table->bits = bits;
    return true;
}

/* The slot of a key, made with frequency 0 where there is none; NULL when memory runs out. */
static struct frequency *frequencies_slot(struct frequencies *table, uint64_t key)
{
    if ((table->bits == 0 || table->n >= (size_t)1 << (table->bits - 1)) &&
        !frequencies_grow(table))
        return NULL;
    struct frequency *slot = find_slot(table->slots, table->bits, key);
    if (slot->frequency == 0) {
        *slot = (struct frequency){.key = key};
        table->n++;
    }
    return slot;
}

static bool frequencies_count(struct frequencies *table, const uint64_t *keys, size_t n,
                              uint32_t document)
{
    for (size_t i = 0; i < n; i++) {
        struct frequency *slot = frequencies_slot(table, keys[i]);
        if (slot == NULL)
            return false;
        if (slot->last != document + 1) {
            slot->last = document + 1;
            slot->frequency++;
        }
    }
    return true;
}

/* Of one thread. */
struct scratch {
    struct frequencies table;
    struct features features;
    struct counts counts;
    struct vector_scratch sorting;
};

/* All threads' work on a corpus. */
struct workshop {
    struct dataset *dataset;
    const struct corpus *corpus;
    struct scratch *scratch; /* [n_threads] */
    unsigned n_threads;
    atomic_bool failed, lacks_icu;
};

static bool count_document(struct scratch *scratch, const struct feature_settings *settings,
                           const struct document *document, uint32_t number)
{
    if (!features_extract(&scratch->features, settings, document->title, document->text))
        return false;
    uint64_t keys[NGRAMS_AT_ONCE];
    for (size_t i = 0; i < PASSAGES; i++) {
        const struct folded *folded = &scratch->features.passages[i].folded;
        size_t at = 0, n;
        while ((n = ngrams_next(folded, scratch->features.lengths, &at, keys)) > 0)
            if (!frequencies_count(&scratch->table, keys, n, number))
                return false;
    }
    return true;
}

static void count_one(void *context, unsigned thread, size_t i)
{
    struct workshop *workshop = context;
    if (!count_document(&workshop->scratch[thread], &workshop->dataset->settings,
                        &workshop->corpus->documents[i], (uint32_t)i))
        atomic_store(&workshop->failed, true);
    watch_step(workshop->corpus->watch, 1);
}

/* Adds up what the threads have counted, in the first one's table. */
static bool gather(struct workshop *workshop)
{
    struct frequencies *sum = &workshop->scratch[0].table;
    for (unsigned thread = 1; thread < workshop->n_threads; thread++) {
        struct frequencies *table = &workshop->scratch[thread].table;
        for (size_t i = 0; table->bits > 0 && i < (size_t)1 << table->bits; i++) {
            if (table->slots[i].frequency == 0)
                continue;
            struct frequency *slot = frequencies_slot(sum, table->slots[i].key);
            if (slot == NULL)
                return false;
            slot->frequency += table->slots[i].frequency;
        }
        free(table->slots);
        *table = (struct frequencies){0};
    }
    return true;
}

/* ---- vocabulary ---- */

/* The most frequent first; those that are as frequent by their keys. */
static int by_frequency(const void *left, const void *right)
{
    const struct frequency *a = left, *b = right;
    if (a->frequency != b->frequency)
        return a->frequency > b->frequency ? -1 : 1;
    return a->key < b->key ? -1 : a->key > b->key;
}

static fenlei_status make_vocab(struct dataset *dataset, struct frequencies *table, uint32_t min_df,
                                fenlei_error *error)
{
    /* The kept slots move to the front; their order in the table does not survive the sort. */
    size_t n = 0;
    for (size_t i = 0; table->bits > 0 && i < (size_t)1 << table->bits; i++)
        if (table->slots[i].frequency >= min_df && table->slots[i].frequency > 0)
            table->slots[n++] = table->slots[i];
    if (n == 0)
        return error_set(error, FENLEI_BAD_INPUT, "no n-gram is in %u documents or more", min_df);
    if (n > VOCAB_MOST)
        return error_set(error, FENLEI_BAD_INPUT, "too many different n-grams; raise --min-df");
    qsort(table->slots, n, sizeof *table->slots, by_frequency);
    struct vocab *vocab = &dataset->vocab;
    vocab->size = (uint32_t)n;
    dataset->keys = array_new(n, sizeof *dataset->keys);
    dataset->document_frequency = array_new(n, sizeof *dataset->document_frequency);
    dataset->idf = array_new(n, sizeof *dataset->idf);
    if (dataset->keys == NULL || dataset->document_frequency == NULL || dataset->idf == NULL)
        return error_memory(error);
    for (size_t i = 0; i < n; i++) {
        dataset->keys[i] = table->slots[i].key;
        dataset->document_frequency[i] = table->slots[i].frequency;
        dataset->idf[i] = tfidf_idf(dataset->n_documents, table->slots[i].frequency);
    }
    vocab->keys = dataset->keys;
    vocab->document_frequency = dataset->document_frequency;
    fenlei_status status = vocab_index(vocab, &dataset->index);
    if (status == FENLEI_BAD_INPUT)
        return error_set(error, status, "no index can be made of these n-grams; raise --min-df");
    return status == FENLEI_OK ? FENLEI_OK : error_memory(error);
}

/* ---- vectors ---- */

static bool vectorize(struct dataset *dataset, const struct document *document,
                      struct scratch *scratch, struct vector *vector)
{
    if (!features_extract(&scratch->features, &dataset->settings, document->title, document->text))
        return false;
    features_count(&scratch->features, &scratch->counts);
    return vector_make(vector, &dataset->form, &scratch->counts, &scratch->sorting);
}

static void vectorize_one(void *context, unsigned thread, size_t i)
{
    struct workshop *workshop = context;
    if (!vectorize(workshop->dataset, &workshop->corpus->documents[i], &workshop->scratch[thread],
                   &workshop->dataset->vectors[i]))
        atomic_store(&workshop->failed, true);
    if (features_lack_icu(&workshop->scratch[thread].features))
        atomic_store(&workshop->lacks_icu, true);
    watch_step(workshop->corpus->watch, 1);
}

static fenlei_status make_vectors(struct workshop *workshop, fenlei_error *error)
{
    struct dataset *dataset = workshop->dataset;
    dataset->vectors = array_new(dataset->n_documents, sizeof *dataset->vectors);
    bool good = dataset->vectors != NULL &&
                vector_form_init(&dataset->form, dataset->vocab.size, dataset->idf);
    for (unsigned i = 0; good && i < workshop->n_threads; i++)
        good = counts_init(&workshop->scratch[i].counts, &dataset->vocab);
    watch_stage(workshop->corpus->watch, STAGE_VECTORS, dataset->n_documents);
    if (good)
        parallel_for(dataset->n_documents, workshop->n_threads, vectorize_one, workshop);
    return good && !atomic_load(&workshop->failed) ? FENLEI_OK : error_memory(error);
}

static void workshop_release(struct workshop *workshop)
{
    for (unsigned i = 0; workshop->scratch != NULL && i < workshop->n_threads; i++) {
        free(workshop->scratch[i].table.slots);
        features_release(&workshop->scratch[i].features);
        counts_release(&workshop->scratch[i].counts);
        free(workshop->scratch[i].sorting.counted);
    }
    free(workshop->scratch);
}

fenlei_status dataset_make(struct dataset *dataset, const struct corpus *corpus,
                           struct feature_settings settings, uint32_t min_df, unsigned n_threads,
                           fenlei_error *error)
{
    *dataset = (struct dataset){.n_documents = corpus->n_documents, .settings = settings};
    struct workshop workshop = {.dataset = dataset,
                                .corpus = corpus,
                                .scratch = array_new(n_threads, sizeof *workshop.scratch),
                                .n_threads = n_threads};
    atomic_init(&workshop.failed, false);
    atomic_init(&workshop.lacks_icu, false);
    if (workshop.scratch == NULL)
        return error_memory(error);
    watch_stage(corpus->watch, STAGE_VOCAB, corpus->n_documents);
    parallel_for(corpus->n_documents, n_threads, count_one, &workshop);
    bool good = !atomic_load(&workshop.failed) && gather(&workshop);
    fenlei_status status =
        good ? make_vocab(dataset, &workshop.scratch[0].table, min_df, error) : error_memory(error);
    if (status == FENLEI_OK)
        status = make_vectors(&workshop, error);
    if (status == FENLEI_OK && atomic_load(&workshop.lacks_icu))
        status = icu_error(error);
    workshop_release(&workshop);
    return status;
}

void dataset_release(struct dataset *dataset)
{
    for (size_t i = 0; dataset->vectors != NULL && i < dataset->n_documents; i++)
        free(dataset->vectors[i].words);
    free(dataset->vectors);
    vector_form_release(&dataset->form);
    free(dataset->keys);
    free(dataset->document_frequency);
    free((void *)(uintptr_t)dataset->index.bytes);
    free(dataset->idf);
    *dataset = (struct dataset){0};
}
