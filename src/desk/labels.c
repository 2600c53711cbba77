/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/labels.h"

#include "base/number.h"

#include <math.h>

enum { PROBABILITY_DECIMALS = 4 };

static int64_t read_digits(fenlei_text text, size_t *at)
{
    int64_t value = 0;
    while (*at < text.size && text.bytes[*at] >= '0' && text.bytes[*at] <= '9' &&
           value < INT64_MAX / 10 - 9)
        value = value * 10 + (text.bytes[(*at)++] - '0');
    return value;
}

/* "0.9312", as labels_append() writes it. */
static double read_probability(fenlei_text text, size_t *at)
{
    double value = (double)read_digits(text, at);
    if (*at >= text.size || text.bytes[*at] != '.')
        return value;
    size_t point = (*at)++;
    double decimals = (double)read_digits(text, at);
    return value + decimals / pow(10, (double)(*at - point - 1));
}

bool labels_next(fenlei_text set, size_t *at, struct set_label *label)
{
    while (*at < set.size && set.bytes[*at] == ' ')
        ++*at;
    size_t start = *at;
    *label = (struct set_label){read_digits(set, at), (double)NAN};
    if (*at == start)
        return false;
    if (*at < set.size && set.bytes[*at] == ':') {
        ++*at;
        label->probability = read_probability(set, at);
    }
    return true;
}

bool labels_have(fenlei_text set, int64_t topic)
{
    struct set_label label;
    for (size_t at = 0; labels_next(set, &at, &label);)
        if (label.topic == topic)
            return true;
    return false;
}

void labels_append(struct buffer *set, struct set_label label)
{
    buffer_append_format(set, set->size > 0 ? " %lld" : "%lld", (long long)label.topic);
    if (isnan(label.probability))
        return;
    buffer_append_string(set, ":");
    number_fixed(set, label.probability, PROBABILITY_DECIMALS);
}

void labels_change(struct buffer *out, fenlei_text set, int64_t topic, bool is_given)
{
    struct set_label label;
    for (size_t at = 0; labels_next(set, &at, &label);)
        if (label.topic != topic)
            labels_append(out, (struct set_label){label.topic, (double)NAN});
    if (is_given)
        labels_append(out, (struct set_label){topic, (double)NAN});
}

static bool is_part(fenlei_text a, fenlei_text b)
{
    struct set_label label;
    for (size_t at = 0; labels_next(a, &at, &label);)
        if (!labels_have(b, label.topic))
            return false;
    return true;
}

bool labels_equal(fenlei_text a, fenlei_text b)
{
    return is_part(a, b) && is_part(b, a);
}
