#include "label/reading.h"

#include "label/surprisal.h"

/* Damage is rarer than the rarest character (2^-23): what can be read is not replaced to gain by
 * it, unless the rest of a line reads the better for it. What stands in one place costs no more
 * than its bytes. */
enum { DAMAGE_BITS = 26, BYTE_BITS = 8, STEP_MAX = 4 };

/* A place costs at most so much more than the cheapest of the next ones. */
enum { RISE_MAX = DAMAGE_BITS + BYTE_BITS * STEP_MAX };

/* The costs of what follows, from byte i on, for the last few i. */
struct costs {
    uint64_t from[STEP_MAX + 1]; /* [0] is being looked for, [k] is k bytes further on */
};

static uint8_t cheapest_step(struct costs *costs, const struct encoding *encoding,
                             const uint8_t *bytes, size_t size)
{
    uint32_t character;
    size_t length = encoding->read(bytes, size, &character);
    uint8_t step = (uint8_t)length;
    uint64_t least = length > 0 ? costs->from[length] + surprisal(character) : UINT64_MAX;
    for (size_t k = 1; k <= STEP_MAX && k <= size; k++) {
        uint64_t cost = costs->from[k] + DAMAGE_BITS + BYTE_BITS * (k - 1);
        if (cost < least) {
            least = cost;
            step = (uint8_t)(k | STEP_REPLACED);
        }
    }
    costs->from[0] = least;
    return step;
}

/* From the end to the front, so that the steps can be taken from the front. */
uint64_t reading_find(const struct encoding *encoding, const uint8_t *bytes, size_t size,
                      uint64_t limit, uint8_t *steps)
{
    struct costs costs = {{0}};
    for (size_t i = size; i-- > 0;) {
        for (size_t k = STEP_MAX; k > 0; k--)
            costs.from[k] = costs.from[k - 1];
        uint8_t step = cheapest_step(&costs, encoding, bytes + i, size - i);
        if (steps != NULL)
            steps[i] = step;
        else if (costs.from[0] > limit + RISE_MAX)
            break;
    }
    return costs.from[0];
}

bool reading_is_valid(const struct encoding *encoding, const uint8_t *bytes, size_t size,
                      uint8_t *steps)
{
    size_t length;
    for (size_t i = 0; i < size; i += length) {
        uint32_t character;
        length = encoding->read(bytes + i, size - i, &character);
        if (length == 0)
            return false;
        steps[i] = (uint8_t)length;
    }
    return true;
}
