/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/vector.h"

#include "base/memory.h"
#include "base/radix.h"

#include <stdlib.h>

bool vector_form_init(struct vector_form *form, uint32_t vocabulary, const float *idf)
{
    enum { COUNT_BITS_MOST = 8 };
    unsigned bits = vocabulary > 1 ? (unsigned)__builtin_clz(vocabulary - 1) : 32;
    *form = (struct vector_form){.count_bits = bits < COUNT_BITS_MOST ? bits : COUNT_BITS_MOST,
                                 .idf = idf};
    size_t n = (size_t)1 << form->count_bits;
    form->frequency = array_new(n, sizeof *form->frequency);
    for (uint32_t count = 0; form->frequency != NULL && count + 1 < n; count++)
        form->frequency[count] = tfidf_frequency(count + 1);
    return form->frequency != NULL;
}

void vector_form_release(struct vector_form *form)
{
    free(form->frequency);
    *form = (struct vector_form){.count_bits = 0};
}

bool vector_make(struct vector *vector, const struct vector_form *form, struct counts *counts,
                 struct vector_scratch *scratch)
{
    uint32_t n = counts->n_ids, most = ((uint32_t)1 << form->count_bits) - 1, behind = 0;
    if (!array_reserve(&scratch->counted, &scratch->capacity, n, 2 * sizeof *scratch->counted))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t id = counts->ids[i], count = counts->of[id] - 1;
        scratch->counted[i] = (uint64_t)id << 32 | count;
        behind += count >= most;
    }
    tfidf_vector(counts, form->idf);
    *vector = (struct vector){.words = array_new((size_t)n + behind, sizeof *vector->words),
                              .size = n,
                              .n_behind = behind,
                              .share = counts->share};
    if (vector->words == NULL)
        return false;
    radix_sort(scratch->counted, scratch->counted + n, n);
    behind = n;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t id = (uint32_t)(scratch->counted[i] >> 32), count = (uint32_t)scratch->counted[i];
        vector->words[i] = id << form->count_bits | (count < most ? count : most);
        if (count >= most)
            vector->words[behind++] = count + 1;
    }
    return true;
}

static bool is_behind(uint32_t word, const struct vector_form *form)
{
    uint32_t most = ((uint32_t)1 << form->count_bits) - 1;
    return (word & most) == most;
}

double vector_sum_behind(const struct vector *vector, const struct vector_form *form,
                         const double *weights)
{
    struct vector_walk walk = vector_walk(vector);
    double sum = 0;
    for (uint32_t k = 0; k < vector->size; k++) {
        struct feature feature = vector_next(&walk, form);
        sum += is_behind(vector->words[k], form) ? weights[feature.id] * feature.value : 0;
    }
    return sum;
}

void vector_spread_behind(const struct vector *vector, const struct vector_form *form,
                          double factor, double *weights)
{
    struct vector_walk walk = vector_walk(vector);
    for (uint32_t k = 0; k < vector->size; k++) {
        struct feature feature = vector_next(&walk, form);
        weights[feature.id] += is_behind(vector->words[k], form) ? factor * feature.value : 0;
    }
}
