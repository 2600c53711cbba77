/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/folds.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* ---- groups ---- */

struct grouping {
    const bool *truth; /* [n][n_topics] */
    size_t n, n_topics;
    size_t *most;      /* [n_topics + 1] documents of a topic in one group; the last, of all */
    uint32_t *group;   /* [n] */
    size_t *counts;    /* [n_counts][n_topics + 1] of each group with more than one document */
    uint32_t *counted; /* [n] 1 + the place of a group's counts; 0 for a document alone */
    size_t n_counts, counts_capacity;
};

/* A fold's part of n, rounded up. */
static size_t part_of(size_t n, uint32_t n_folds)
{
    return n / n_folds + (n % n_folds != 0);
}

static bool grouping_init(struct grouping *grouping, uint32_t n_folds)
{
    size_t n_topics = grouping->n_topics;
    grouping->most = array_new(n_topics + 1, sizeof *grouping->most);
    grouping->counted = array_new(grouping->n, sizeof *grouping->counted);
    if (grouping->most == NULL || grouping->counted == NULL)
        return false;
    for (size_t i = 0; i < grouping->n; i++) {
        grouping->group[i] = (uint32_t)i;
        for (size_t topic = 0; topic < n_topics; topic++)
            grouping->most[topic] += grouping->truth[i * n_topics + topic];
    }
    grouping->most[n_topics] = grouping->n;
    for (size_t topic = 0; topic <= n_topics; topic++)
        grouping->most[topic] = part_of(grouping->most[topic], n_folds);
    return true;
}

static size_t *counts_of(const struct grouping *grouping, uint32_t centre)
{
    return grouping->counts + (grouping->counted[centre] - 1) * (grouping->n_topics + 1);
}

static void count(const struct grouping *grouping, size_t *counts, uint32_t document)
{
    const bool *truth = grouping->truth + document * grouping->n_topics;
    for (size_t topic = 0; topic < grouping->n_topics; topic++)
        counts[topic] += truth[topic];
    counts[grouping->n_topics]++;
}

static bool begin_group(struct grouping *grouping, uint32_t centre)
{
    size_t size = grouping->n_topics + 1;
    if (grouping->counted[centre] != 0)
        return true;
    if (!array_reserve(&grouping->counts, &grouping->counts_capacity, grouping->n_counts + 1,
                       size * sizeof *grouping->counts))
        return false;
    grouping->counted[centre] = (uint32_t)++grouping->n_counts;
    memset(counts_of(grouping, centre), 0, size * sizeof *grouping->counts);
    count(grouping, counts_of(grouping, centre), centre);
    return true;
}

static bool has_room(const struct grouping *grouping, const size_t *counts, uint32_t document)
{
    const bool *truth = grouping->truth + document * grouping->n_topics;
    for (size_t topic = 0; topic < grouping->n_topics; topic++)
        if (truth[topic] && counts[topic] + 1 > grouping->most[topic])
            return false;
    return counts[grouping->n_topics] + 1 <= grouping->most[grouping->n_topics];
}

static bool is_alone(const struct grouping *grouping, uint32_t document)
{
    return grouping->group[document] == document && grouping->counted[document] == 0;
}

/* A pair joins where one of the two is alone, and the other too or the centre of its group. */
static bool join(struct grouping *grouping, const struct duplicate *pair)
{
    uint32_t centre = is_alone(grouping, pair->b) ? pair->a : pair->b;
    uint32_t other = centre == pair->a ? pair->b : pair->a;
    if (grouping->group[centre] != centre || !is_alone(grouping, other))
        return true;
    if (!begin_group(grouping, centre))
        return false;
    if (has_room(grouping, counts_of(grouping, centre), other)) {
        count(grouping, counts_of(grouping, centre), other);
        grouping->group[other] = centre;
    }
    return true;
}

bool folds_group(const struct duplicates *duplicates, const bool *truth, size_t n, size_t n_topics,
                 uint32_t n_folds, uint32_t *group)
{
    struct grouping grouping = {.truth = truth, .n = n, .n_topics = n_topics, .group = group};
    bool good = grouping_init(&grouping, n_folds);
    for (size_t i = 0; good && i < duplicates->n; i++) /* the most similar first */
        good = join(&grouping, &duplicates->pairs[i]);
    free(grouping.most);
    free(grouping.counted);
    free(grouping.counts);
    return good;
}

/* ---- folds ---- */

struct dealt {
    const bool *truth; /* [n_topics] */
    size_t n_topics;
    uint64_t random;
    uint32_t document;
};

static int by_topics_then_random(const void *left, const void *right)
{
    const struct dealt *a = left, *b = right;
    int order = memcmp(a->truth, b->truth, a->n_topics * sizeof *a->truth);
    if (order != 0)
        return order;
    if (a->random != b->random)
        return a->random < b->random ? -1 : 1;
    return a->document < b->document ? -1 : 1;
}

bool folds_assign(const bool *truth, size_t n, size_t n_topics, uint32_t n_folds, uint64_t seed,
                  const uint32_t *group, uint32_t *fold)
{
    struct dealt *dealt = array_new(n, sizeof *dealt);
    if (dealt == NULL)
        return false;
    size_t n_groups = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t number = i;
        if (group[i] == i)
            dealt[n_groups++] =
                (struct dealt){truth + i * n_topics, n_topics,
                               XXH3_64bits_withSeed(&number, sizeof number, seed), (uint32_t)i};
    }
    qsort(dealt, n_groups, sizeof *dealt, by_topics_then_random);
    for (size_t i = 0; i < n_groups; i++)
        fold[dealt[i].document] = (uint32_t)(i % n_folds);
    for (size_t i = 0; i < n; i++)
        fold[i] = fold[group[i]];
    free(dealt);
    return true;
}

bool folds_serve(const bool *truth, size_t n, size_t n_topics, size_t topic, const uint32_t *fold)
{
    bool has_first = false;
    uint32_t first = 0;
    for (size_t i = 0; i < n; i++) {
        if (!truth[i * n_topics + topic])
            continue;
        if (has_first && fold[i] != first)
            return true;
        first = fold[i];
        has_first = true;
    }
    return false;
}
