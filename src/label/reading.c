/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/reading.h"

#include "label/surprisal.h"

/* Damage is rarer than the rarest character (2^-23): what can be read is not replaced to gain by
 * it, unless the rest of a line reads the better for it. What stands in one place costs no more
 * than its bytes. */
enum { DAMAGE_BITS = 26, BYTE_BITS = 8, STEP_MAX = 5 };

/* A place costs at most so much more than the cheapest of the next ones. */
enum { RISE_MAX = DAMAGE_BITS + BYTE_BITS * STEP_MAX };

/* From the end to the front, so that the steps can be taken from the front. costs[i % WINDOW] is
 * that of all from byte i on. */
enum { WINDOW = 8 };

static uint8_t cheapest_step(uint64_t costs[WINDOW], const struct encoding *encoding,
                             const uint8_t *bytes, size_t size, size_t i)
{
    uint32_t character;
    size_t length = encoding->read(bytes + i, size - i, &character);
    uint8_t step = (uint8_t)length;
    uint64_t least = length > 0 ? costs[(i + length) % WINDOW] + surprisal(character) : UINT64_MAX;
    size_t most = size - i < encoding->damaged_size ? size - i : encoding->damaged_size;
    uint64_t damage = DAMAGE_BITS;
    for (size_t k = 1; k <= most; k++, damage += BYTE_BITS) {
        uint64_t cost = costs[(i + k) % WINDOW] + damage;
        if (cost < least) {
            least = cost;
            step = (uint8_t)(k | STEP_REPLACED);
        }
    }
    costs[i % WINDOW] = least;
    return step;
}

uint64_t reading_find(const struct encoding *encoding, const uint8_t *bytes, size_t size,
                      uint64_t limit, uint8_t *steps)
{
    uint64_t costs[WINDOW] = {0};
    for (size_t i = size; i-- > 0;) {
        uint8_t step = cheapest_step(costs, encoding, bytes, size, i);
        if (steps != NULL)
            steps[i] = step;
        else if (costs[i % WINDOW] > limit + RISE_MAX)
            return costs[i % WINDOW];
    }
    return costs[0];
}

/* What rises above PLAIN_BITS a character and is not made up for, ends plain text at
 * EXCESS_MAX: two or three characters of gibberish in a row. */
enum { PLAIN_BITS = 12, EXCESS_MAX = 16 };

static bool read_on(const struct encoding *encoding, const uint8_t *bytes, size_t size,
                    uint64_t excess_max, uint8_t *steps, struct reading_sum *sum)
{
    uint64_t excess = 0;
    size_t length;
    *sum = (struct reading_sum){0, 0};
    for (size_t i = 0; i < size; i += length) {
        uint32_t character;
        length = encoding->read(bytes + i, size - i, &character);
        if (length == 0)
            return false;
        unsigned bits = surprisal(character);
        sum->bits += bits;
        sum->beyond_ascii += character >= 0x80;
        excess = excess + bits > PLAIN_BITS ? excess + bits - PLAIN_BITS : 0;
        if (excess > excess_max)
            return false;
        if (steps != NULL)
            steps[i] = (uint8_t)length;
    }
    return true;
}

bool reading_is_plain(const struct encoding *encoding, const uint8_t *bytes, size_t size,
                      uint8_t *steps, struct reading_sum *sum)
{
    return read_on(encoding, bytes, size, EXCESS_MAX, steps, sum);
}

bool reading_is_valid(const struct encoding *encoding, const uint8_t *bytes, size_t size,
                      uint8_t *steps)
{
    struct reading_sum sum;
    return read_on(encoding, bytes, size, UINT64_MAX, steps, &sum);
}
