#include "bigram.h"

#include "mem.h"

#include <stdlib.h>

uint64_t bigram_key(uint64_t prefix, uint32_t letter, unsigned n)
{
    if (n <= 3)
        return prefix << 21 | letter;
    uint64_t hash = (prefix ^ letter) * UINT64_C(0x9E3779B97F4A7C15);
    return (hash ^ hash >> 29) | UINT64_C(1) << 63;
}

bool bigrams_extract(struct bigrams *bigrams, const struct folded *folded, unsigned min,
                     unsigned max)
{
    bigrams->count = 0;
    if (folded->n_letters == 0)
        return true;
    size_t most = folded->count * (max - min + 1);
    if (!array_reserve(&bigrams->keys, &bigrams->key_capacity, most, sizeof *bigrams->keys) ||
        !array_reserve(&bigrams->first, &bigrams->first_capacity, most, sizeof *bigrams->first))
        return false;
    for (size_t i = 0; i < folded->count; i++) {
        uint64_t key = 0;
        for (unsigned n = 1; n <= max && i + n <= folded->count; n++) {
            uint32_t letter = folded->letters[i + n - 1];
            key = bigram_key(key, letter, n);
            if (n >= min &&
                !(n == 1 && letter <= MARK_END)) { /* punctuation kept counts alone too */
                bigrams->keys[bigrams->count] = key;
                bigrams->first[bigrams->count] = (uint32_t)i;
                bigrams->count++;
            }
            if (n > 1 && fold_is_mark(letter))
                break;
        }
    }
    return true;
}

void bigrams_release(struct bigrams *bigrams)
{
    free(bigrams->keys);
    free(bigrams->first);
    *bigrams = (struct bigrams){0};
}
