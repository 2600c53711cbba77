/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/suggestion.h"

#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

enum { LENGTH_MAX = 40 /* characters: nobody mistypes longer names */, SLIPS_MAX = 3, WORD = 5 };

/* The characters of a name, ASCII letters small; more than LENGTH_MAX where it is too long. */
static size_t characters_of(const char *name, int32_t characters[LENGTH_MAX])
{
    size_t n = 0, at = 0, size = strlen(name);
    if (utf8_valid_prefix(name, size) < size)
        return LENGTH_MAX + 1;
    while (at < size && n < LENGTH_MAX) {
        int32_t c = utf8_next(name, &at);
        characters[n++] = c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
    }
    return at < size ? LENGTH_MAX + 1 : n;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The optimal string alignment distance: Levenshtein's, with neighbours that changed places as one
 * slip. *of_beginning becomes that of the beginning of b that is nearest to a. */
static size_t distance_of(const int32_t *a, size_t n, const int32_t *b, size_t m,
                          size_t *of_beginning)
{
    size_t rows[3][LENGTH_MAX + 1];
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        const size_t *above = rows[(i - 1) % 3], *further = rows[(i + 1) % 3];
        size_t *row = rows[i % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], further[j - 2] + 1);
        }
    }
    *of_beginning = n;
    for (size_t j = 0; j <= m; j++)
        *of_beginning = least(*of_beginning, rows[n % 3][j]);
    return rows[n % 3][m];
}

bool suggestion_try(struct suggestion *suggestion, const char *name)
{
    int32_t typed[LENGTH_MAX], known[LENGTH_MAX];
    size_t n = characters_of(suggestion->typed, typed), m = characters_of(name, known);
    if (n > LENGTH_MAX || m > LENGTH_MAX || m < 2)
        return false;
    size_t of_beginning, distance = distance_of(typed, n, known, m, &of_beginning);
    if (n >= 2 && (of_beginning == 0 || (of_beginning == 1 && n >= WORD)))
        distance = least(distance, of_beginning + 1);
    if (distance > (m < 6 ? 1 : least(m / 3, SLIPS_MAX)) ||
        (suggestion->nearest != NULL && distance >= suggestion->distance))
        return false;
    suggestion->nearest = name;
    suggestion->distance = distance;
    return true;
}
