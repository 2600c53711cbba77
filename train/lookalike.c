/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/lookalike.h"

#include "label/fold.h"

#include <stdlib.h>
#include <string.h>

/* A topic's id without what the eye passes over. */
struct look {
    uint32_t *letters; /* [n] folded, without the marks between them */
    size_t n, topic;
};

static int by_letters(const void *left, const void *right)
{
    const struct look *a = left, *b = right;
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    int order = a->n > 0 ? memcmp(a->letters, b->letters, a->n * sizeof *a->letters) : 0;
    return order != 0 ? order : a->topic < b->topic ? -1 : a->topic > b->topic;
}

static bool look_at(struct look *look, const char *id, size_t topic)
{
    struct folded folded = {0};
    bool good = fold_look(&folded, text_of(id)) &&
                (look->letters = array_new(folded.count, sizeof *look->letters)) != NULL;
    look->topic = topic;
    if (good && folded.count > 0)
        memcpy(look->letters, folded.letters, folded.count * sizeof *look->letters);
    look->n = good ? folded.count : 0;
    fold_release(&folded);
    return good;
}

static bool are_alike(const struct look *a, const struct look *b)
{
    return a->n > 0 && a->n == b->n &&
           memcmp(a->letters, b->letters, a->n * sizeof *a->letters) == 0;
}

static bool add_pair(struct lookalikes *lookalikes, size_t topic, size_t other)
{
    if (!array_reserve(&lookalikes->pairs, &lookalikes->capacity, lookalikes->n + 1,
                       sizeof *lookalikes->pairs))
        return false;
    lookalikes->pairs[lookalikes->n++] = (struct lookalike){topic, other};
    return true;
}

bool lookalikes_find(struct lookalikes *lookalikes, const struct corpus *corpus)
{
    struct look *looks = array_new(corpus->n_topics, sizeof *looks);
    bool good = looks != NULL;
    *lookalikes = (struct lookalikes){0};
    for (size_t topic = 0; good && topic < corpus->n_topics; topic++)
        good = look_at(&looks[topic], corpus->topic_ids[topic], topic);
    if (good)
        qsort(looks, corpus->n_topics, sizeof *looks, by_letters);
    for (size_t i = 1; good && i < corpus->n_topics; i++)
        if (are_alike(&looks[i - 1], &looks[i]))
            good = add_pair(lookalikes, looks[i - 1].topic, looks[i].topic);
    for (size_t topic = 0; looks != NULL && topic < corpus->n_topics; topic++)
        free(looks[topic].letters);
    free(looks);
    return good;
}

void lookalikes_release(struct lookalikes *lookalikes)
{
    free(lookalikes->pairs);
    *lookalikes = (struct lookalikes){0};
}
