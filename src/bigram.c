#include "bigram.h"

#include "mem.h"

#include <stdlib.h>

static inline void push(struct bigrams *bigrams, uint64_t key, size_t first)
{
    bigrams->keys[bigrams->count] = key;
    bigrams->first[bigrams->count] = (uint32_t)first;
    bigrams->count++;
}

/* A single character is never a mark, but punctuation kept counts alone too. */
static inline bool stands_alone(uint32_t letter)
{
    return letter > MARK_END;
}

/* The usual lengths, 1-2 and 2-2: no loop for each place. */
static void extract_pairs(struct bigrams *bigrams, const struct folded *folded, bool with_single)
{
    const uint32_t *letters = folded->letters;
    for (size_t i = 0; i < folded->count; i++) {
        if (with_single && stands_alone(letters[i]))
            push(bigrams, bigram_key(0, letters[i], 1), i);
        if (i + 1 < folded->count)
            push(bigrams, bigram_key(letters[i], letters[i + 1], 2), i);
    }
}

static void extract(struct bigrams *bigrams, const struct folded *folded, unsigned min,
                    unsigned max)
{
    for (size_t i = 0; i < folded->count; i++) {
        uint64_t key = 0;
        for (unsigned n = 1; n <= max && i + n <= folded->count; n++) {
            uint32_t letter = folded->letters[i + n - 1];
            key = bigram_key(key, letter, n);
            if (n >= min && (n > 1 || stands_alone(letter)))
                push(bigrams, key, i);
            if (n > 1 && fold_is_mark(letter))
                break;
        }
    }
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
    if (max == 2)
        extract_pairs(bigrams, folded, min == 1);
    else
        extract(bigrams, folded, min, max);
    return true;
}

void bigrams_release(struct bigrams *bigrams)
{
    free(bigrams->keys);
    free(bigrams->first);
    *bigrams = (struct bigrams){0};
}
