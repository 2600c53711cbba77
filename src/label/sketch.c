/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/sketch.h"

#include <stdlib.h>
#include <string.h>

/* ---- its bytes ---- */

/* Before the entries, which the common shingles follow. */
struct sketch_head {
    uint32_t n, n_common, rare_weight, zero;
};

bool sketch_open(struct sketch *sketch, fenlei_text bytes)
{
    struct sketch_head head;
    *sketch = (struct sketch){.rare_weight = 1};
    if (bytes.size == 0)
        return true;
    if (bytes.size < sizeof head)
        return false;
    memcpy(&head, bytes.bytes, sizeof head);
    uint64_t size = sizeof head + (uint64_t)head.n * sizeof *sketch->entries +
                    (uint64_t)head.n_common * sizeof *sketch->common;
    if (bytes.size != size || head.rare_weight == 0 || head.zero != 0)
        return false;
    sketch->entries = (const void *)(bytes.bytes + sizeof head);
    sketch->n = head.n;
    sketch->common = (const void *)(sketch->entries + head.n);
    sketch->n_common = head.n_common;
    sketch->rare_weight = head.rare_weight;
    return true;
}

void sketch_write(const struct sketch *sketch, struct buffer *out)
{
    struct sketch_head head = {(uint32_t)sketch->n, (uint32_t)sketch->n_common, sketch->rare_weight,
                               0};
    buffer_append(out, (const char *)&head, sizeof head);
    buffer_append(out, (const char *)sketch->entries, sketch->n * sizeof *sketch->entries);
    buffer_append(out, (const char *)sketch->common, sketch->n_common * sizeof *sketch->common);
}

/* ---- signing ---- */

static uint32_t weight_of(const struct sketch *sketch, uint64_t key)
{
    uint32_t place = shingle_place(key);
    size_t low = 0, high = sketch->n_common;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sketch->common[middle] >> 8 < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sketch->n_common && sketch->common[low] >> 8 == place
               ? (sketch->common[low] & 0xFF) + 1
               : sketch->rare_weight;
}

struct sketch_entry sketch_sign(const struct sketch *sketch, const struct shingles *shingles,
                                float *weights)
{
    uint32_t signature[SKETCH_HASHES];
    struct sketch_entry entry = {{0}};
    for (size_t i = 0; i < shingles->n; i++)
        weights[i] = (float)weight_of(sketch, shingles->ngrams.keys[i]);
    shingles_sign(shingles, weights, SKETCH_HASHES, signature);
    for (size_t h = 0; h < SKETCH_HASHES; h++)
        entry.words[h % SKETCH_WORDS] |= (uint64_t)(signature[h] & 0xF)
                                         << h / SKETCH_WORDS * SKETCH_BITS;
    return entry;
}

/* ---- comparing ---- */

/* Hashes that differ, for all words at once: a 1 in each group of 4 bits that is not the same, the
 * groups of all words added, and then the groups. */
static unsigned count_different(const struct sketch_entry *a, const struct sketch_entry *b)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < SKETCH_WORDS; i++) {
        uint64_t difference = a->words[i] ^ b->words[i];
        difference |= difference >> 2;
        difference |= difference >> 1;
        sum += difference & UINT64_C(0x1111111111111111);
    }
    sum = (sum & UINT64_C(0x0F0F0F0F0F0F0F0F)) + (sum >> 4 & UINT64_C(0x0F0F0F0F0F0F0F0F));
    return (unsigned)(sum * UINT64_C(0x0101010101010101) >> 56);
}

/* One in 16 is equal by chance. */
double sketch_similarity(const struct sketch_entry *a, const struct sketch_entry *b)
{
    double chance = 1.0 / (1 << SKETCH_BITS);
    return 1 - (double)count_different(a, b) / SKETCH_HASHES / (1 - chance);
}

static bool knows_entry(const struct sketch *sketch, const struct sketch_entry *entry)
{
    for (size_t i = 0; i < sketch->n; i++)
        if (sketch_similarity(entry, &sketch->entries[i]) >= SKETCH_SIMILARITY)
            return true;
    return false;
}

bool sketch_knows(const struct sketch *sketch, fenlei_text text, bool *knows)
{
    struct shingles shingles = {.n = 0};
    bool good = shingles_find(&shingles, text);
    float *weights = good ? array_new(shingles.n, sizeof *weights) : NULL;
    *knows = false;
    if (weights != NULL && shingles.n > 0) {
        struct sketch_entry entry = sketch_sign(sketch, &shingles, weights);
        *knows = knows_entry(sketch, &entry);
    }
    good = weights != NULL;
    free(weights);
    shingles_release(&shingles);
    return good;
}
