/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/explain.h"

#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A word that weighs less than this share of its neighbour, letter for letter, is no part of its
 * phrase; nor is a word of one letter at its ends that weighs less than these shares of the rest:
 * in front (市, 与) sooner than behind (的), where it may be what the word ends in (现代化). */
static const double NEXT_TO_NOTHING = 0.2, LOOSE_IN_FRONT = 0.4, LOOSE_BEHIND = 0.25;

/* Letters keep together from this closeness on, and at this share of their other neighbours'. */
static const double CLOSE = 0.05, LESS_CLOSE = 0.5;

/* A phrase at one place. */
struct stand {
    const uint32_t *letters; /* [n] */
    size_t n;
    double share;
    fenlei_place place;
};

/* ---- words ---- */

static double frequency_of(const struct vocab *vocab, uint64_t key)
{
    uint32_t id = vocab_find(vocab, key);
    return id == vocab->size ? 0 : vocab->document_frequency[id];
}

/* How closely letter i and the next keep together in the training data, 0 to 1: Dice's coefficient
 * of the documents with the one and with the other. */
static double closeness(const struct vocab *vocab, const struct folded *folded, size_t i)
{
    if (i + 1 >= folded->count || fold_is_mark(folded->letters[i]) ||
        fold_is_mark(folded->letters[i + 1]))
        return 0;
    uint32_t letter = folded->letters[i], next = folded->letters[i + 1];
    if (((fold_class((int32_t)letter) | fold_class((int32_t)next)) & FOLD_CJK) == 0)
        return 1; /* a script with spaces between its words */
    uint64_t one = ngram_key(0, letter, 1), two = ngram_key(0, next, 1);
    double both = frequency_of(vocab, ngram_key(one, next, 2));
    double either = frequency_of(vocab, one) + frequency_of(vocab, two);
    return either > 0 ? fmin(2 * both / either, 1) : 0;
}

/* A word begins between two letters that do not keep together, or less than either does with its
 * other neighbour. */
static void find_words(struct spread *spread, const struct vocab *vocab)
{
    double before = 0, here = 0;
    for (size_t i = 0; i < spread->folded->count; i++) {
        double next = closeness(vocab, spread->folded, i);
        spread->words[i] = here < CLOSE || here < LESS_CLOSE * fmax(before, next);
        before = here;
        here = next;
    }
}

/* ---- n-grams, counted as for labelling ---- */

/* Takes over a passage's n-grams, and makes room for what is found out about them. */
static bool spread_init(struct spread *spread, const struct passage *passage,
                        const struct passage_features *features, struct ngram_lengths lengths,
                        const struct vocab *vocab)
{
    spread->passage = *passage;
    spread->folded = &features->folded;
    spread->weight = features->weight;
    size_t count = spread->folded->count;
    if (!ngrams_extract(&spread->ngrams, spread->folded, lengths) ||
        !array_reserve(&spread->ids, &spread->ids_capacity, spread->ngrams.count,
                       sizeof *spread->ids) ||
        !array_reserve(&spread->letters, &spread->letters_capacity, count,
                       sizeof *spread->letters) ||
        !array_reserve(&spread->joints, &spread->joints_capacity, count, sizeof *spread->joints) ||
        !array_reserve(&spread->words, &spread->words_capacity, count, sizeof *spread->words))
        return false;
    find_words(spread, vocab);
    vocab_find_all(vocab, spread->ngrams.keys, spread->ngrams.count, spread->ids);
    return true;
}

static bool extract(struct explainer *explainer, const struct model_parts *model,
                    struct counts *counts, const struct passage passages[PASSAGES])
{
    struct features *features = &explainer->features;
    if (!features_extract(features, &model->settings, passages[HEADLINE].text, passages[BODY].text))
        return false;
    for (size_t i = 0; i < PASSAGES; i++)
        if (!spread_init(&explainer->spreads[i], &passages[i], &features->passages[i],
                         features->lengths, &model->vocab))
            return false;
    features_count(features, counts);
    return true;
}

/* How often each n-gram counts. */
static void total(struct explainer *explainer, const struct counts *counts)
{
    for (uint32_t i = 0; i < counts->n_ids; i++)
        explainer->totals[counts->ids[i]] = 0;
    for (size_t k = 0; k < PASSAGES; k++) {
        const struct spread *spread = &explainer->spreads[k];
        for (size_t i = 0; i < spread->ngrams.count; i++)
            if (spread->ids[i] < counts->vocab->size)
                explainer->totals[spread->ids[i]] += spread->weight;
    }
}

/* What each known n-gram adds to the score, for one of its count. Returns the score. */
static double weigh(struct explainer *explainer, const struct model_parts *model,
                    struct counts *counts, size_t topic)
{
    total(explainer, counts);
    uint32_t n = tfidf_vector(counts, model->idf);
    double score = model->weights.bias[topic];
    for (uint32_t i = 0; i < n; i++) {
        struct feature feature = counts->vector[i];
        double part = feature.value * weight_of(&model->weights, feature.id, (uint32_t)topic);
        explainer->units[feature.id] = part / (double)explainer->totals[feature.id];
        score += part;
    }
    return score;
}

/* ---- n-grams -> letters ---- */

/* Letters of n-gram i: by place and then length, and never a mark alone. */
static size_t length_of(const struct spread *spread, size_t i, size_t length_before, unsigned min)
{
    const uint32_t *first = spread->ngrams.first;
    if (i > 0 && first[i] == first[i - 1])
        return length_before + 1;
    return min == 1 && spread->folded->letters[first[i]] <= MARK_END ? 2 : min;
}

/* Shares `part` out to the letters of [first, end). Marks are no part of a phrase: what they stand
 * beside gets theirs, and an n-gram of nothing else is the letter's before. */
static void share_out(struct spread *spread, size_t first, size_t end, double part)
{
    const uint32_t *letters = spread->folded->letters;
    if (fold_is_mark(letters[end - 1]))
        end--;
    if (first < end && fold_is_mark(letters[first]))
        first++;
    if (first == end) {
        while (fold_is_mark(letters[first]))
            first--;
        end = first + 1;
    }
    for (size_t i = first; i < end; i++)
        spread->letters[i] += part / (double)(end - first);
    for (size_t i = first; i + 1 < end; i++)
        spread->joints[i] += part;
}

static void spread_out(struct spread *spread, const struct model_parts *model, const double *units)
{
    size_t length = 0;
    for (size_t i = 0; i < spread->folded->count; i++)
        spread->letters[i] = spread->joints[i] = 0;
    for (size_t i = 0; i < spread->ngrams.count; i++) {
        size_t first = spread->ngrams.first[i];
        length = length_of(spread, i, length, model->settings.ngram_min);
        if (spread->ids[i] < model->vocab.size)
            share_out(spread, first, first + length, units[spread->ids[i]] * spread->weight);
    }
}

/* ---- letters -> phrases ---- */

/* Is there anything but white space between letter i and the next, in the input? Between lines that
 * are joined there may be: a picture's caption, another article. */
static bool is_parted(const struct spread *spread, size_t i)
{
    const struct passage *passage = &spread->passage;
    if (passage->page == NULL)
        return false;
    const uint32_t *sources = spread->folded->sources;
    size_t at = origins_end(passage->page, fold_source_end(passage->text, sources[i]));
    size_t end = origins_start(passage->page, sources[i + 1]);
    if (end < at)
        return true;
    while (at < end)
        if ((fold_class(utf8_next(passage->page_text.bytes, &at)) & FOLD_SPACE) == 0)
            return true;
    return false;
}

/* Letters [first, end): of one word, or of several. */
struct span {
    size_t first, end;
    double share;
};

static double strength_of(struct span span)
{
    return span.share / (double)(span.end - span.first);
}

/* Is letter i of the word that holds the letter before it? What one character of the input became
 * stays together, even with a mark within: ½ is 1 and 2. */
static bool is_within_word(const struct spread *spread, size_t i)
{
    const struct folded *folded = spread->folded;
    size_t next = fold_is_mark(folded->letters[i]) ? i + 1 : i;
    if (next == folded->count || fold_is_mark(folded->letters[next]))
        return false;
    if (folded->sources[i - 1] == folded->sources[next])
        return true;
    return next == i && !spread->words[i] && !is_parted(spread, i - 1);
}

static struct span word_at(const struct spread *spread, size_t first)
{
    struct span word = {first, first + 1, spread->letters[first]};
    while (is_within_word(spread, word.end))
        word.share += spread->letters[word.end++];
    return word;
}

/* Does the phrase that ends in `word` go on with `next`? Where n-grams across the two speak for the
 * same as both do, and neither is next to nothing beside the other. */
static bool goes_on(const struct spread *spread, struct span word, struct span next)
{
    double strength = strength_of(word), next_strength = strength_of(next);
    double weaker = fmin(fabs(strength), fabs(next_strength));
    double stronger = fmax(fabs(strength), fabs(next_strength));
    return strength * next_strength > 0 && strength * spread->joints[word.end - 1] > 0 &&
           weaker >= NEXT_TO_NOTHING * stronger && !is_parted(spread, word.end - 1);
}

static bool is_loose(struct span end, struct span rest, double least)
{
    return end.end - end.first == 1 && rest.end > rest.first &&
           fabs(strength_of(end)) < least * fabs(strength_of(rest));
}

static fenlei_place place_of(const struct spread *spread, struct span span)
{
    const struct passage *passage = &spread->passage;
    const uint32_t *sources = spread->folded->sources;
    size_t start = sources[span.first];
    size_t end = fold_source_end(passage->text, sources[span.end - 1]);
    size_t from = start, to = end;
    if (passage->page != NULL) {
        start = origins_start(passage->page, start);
        end = origins_end(passage->page, end);
    }
    if (passage->file != NULL) {
        start = origins_start(passage->file, start);
        end = origins_end(passage->file, end);
    }
    return (fenlei_place){start, end, passage->in_title, passage->is_headline, from, to};
}

static bool add(struct explainer *explainer, const struct spread *spread, struct span span)
{
    if (span.share == 0)
        return true;
    if (!array_reserve(&explainer->stands, &explainer->stands_capacity, explainer->n_stands + 1,
                       sizeof *explainer->stands))
        return false;
    explainer->stands[explainer->n_stands++] =
        (struct stand){spread->folded->letters + span.first, span.end - span.first, span.share,
                       place_of(spread, span)};
    return true;
}

/* The phrase that begins at a letter, and loose words at its ends; *end becomes the letter behind
 * them. */
static bool add_phrase(struct explainer *explainer, const struct spread *spread, size_t *end)
{
    struct span first = word_at(spread, *end), last = first, phrase = first;
    while (!fold_is_mark(spread->folded->letters[phrase.end])) {
        struct span next = word_at(spread, phrase.end);
        if (!goes_on(spread, last, next))
            break;
        last = next;
        phrase.end = next.end;
        phrase.share += next.share;
    }
    *end = phrase.end;
    struct span rest = {first.end, phrase.end, phrase.share - first.share};
    if (is_loose(first, rest, LOOSE_IN_FRONT)) {
        if (!add(explainer, spread, first))
            return false;
        phrase = rest;
    }
    rest = (struct span){phrase.first, last.first, phrase.share - last.share};
    if (is_loose(last, rest, LOOSE_BEHIND)) {
        if (!add(explainer, spread, last))
            return false;
        phrase = rest;
    }
    return add(explainer, spread, phrase);
}

static bool gather(struct explainer *explainer, const struct spread *spread)
{
    for (size_t i = 0; i < spread->folded->count;) {
        if (fold_is_mark(spread->folded->letters[i]))
            i++;
        else if (!add_phrase(explainer, spread, &i))
            return false;
    }
    return true;
}

/* ---- one phrase, several places ---- */

/* The letter at *i, which moves behind it; 0 at the end. Marks are passed over. */
static uint32_t next_letter(const struct stand *stand, size_t *i)
{
    while (*i < stand->n && fold_is_mark(stand->letters[*i]))
        ++*i;
    return *i < stand->n ? stand->letters[(*i)++] : 0;
}

static int by_letters(const struct stand *left, const struct stand *right)
{
    uint32_t a, b;
    size_t i = 0, k = 0;
    do {
        a = next_letter(left, &i);
        b = next_letter(right, &k);
    } while (a == b && a != 0);
    return (a > b) - (a < b);
}

static int by_letters_and_place(const void *left, const void *right)
{
    const struct stand *a = left, *b = right;
    int order = by_letters(a, b);
    if (order != 0)
        return order;
    if (a->place.in_title != b->place.in_title)
        return a->place.in_title ? -1 : 1;
    return (a->place.start > b->place.start) - (a->place.start < b->place.start);
}

static int by_weight(const void *left, const void *right)
{
    const fenlei_phrase *a = *(const fenlei_phrase *const *)left,
                        *b = *(const fenlei_phrase *const *)right;
    if (fabs(a->share) != fabs(b->share))
        return fabs(a->share) < fabs(b->share) ? 1 : -1;
    return (a->places > b->places) - (a->places < b->places);
}

static void append_letter(struct buffer *out, uint32_t c)
{
    char bytes[4];
    buffer_append(out, bytes, utf8_write(bytes, c));
}

/* The text is left as an offset until the buffer has stopped moving. */
static size_t merge(struct explainer *explainer)
{
    size_t n_phrases = 0;
    for (size_t i = 0; i < explainer->n_stands; i++) {
        const struct stand *stand = &explainer->stands[i];
        explainer->places[i] = stand->place;
        if (i == 0 || by_letters(stand - 1, stand) != 0) {
            size_t begin = explainer->text.size, k = 0;
            for (uint32_t letter; (letter = next_letter(stand, &k)) != 0;)
                append_letter(&explainer->text, letter);
            explainer->phrases[n_phrases++] = (fenlei_phrase){
                .text = {NULL, explainer->text.size - begin}, .places = &explainer->places[i]};
        }
        explainer->phrases[n_phrases - 1].share += stand->share;
        explainer->phrases[n_phrases - 1].n_places++;
    }
    const char *text = explainer->text.bytes;
    for (size_t i = 0; i < n_phrases; i++) {
        explainer->order[i] = &explainer->phrases[i];
        explainer->phrases[i].text.bytes = text;
        text += explainer->phrases[i].text.size;
    }
    return n_phrases;
}

static bool collect(struct explainer *explainer, fenlei_why *why)
{
    buffer_clear(&explainer->text);
    explainer->n_stands = 0;
    for (size_t i = 0; i < PASSAGES; i++)
        if (!gather(explainer, &explainer->spreads[i]))
            return false;
    size_t n = explainer->n_stands;
    if (!array_reserve(&explainer->phrases, &explainer->phrases_capacity, n,
                       sizeof *explainer->phrases) ||
        !array_reserve(&explainer->order, &explainer->order_capacity, n,
                       sizeof *explainer->order) ||
        !array_reserve(&explainer->places, &explainer->places_capacity, n,
                       sizeof *explainer->places))
        return false;
    if (n > 0)
        qsort(explainer->stands, n, sizeof *explainer->stands, by_letters_and_place);
    why->n_phrases = merge(explainer);
    why->phrases = explainer->order;
    if (n > 0)
        qsort(explainer->order, why->n_phrases, sizeof *explainer->order, by_weight);
    return !explainer->text.failed;
}

static bool prepare(struct explainer *explainer, uint32_t vocabulary)
{
    if (explainer->units == NULL)
        explainer->units = array_new(vocabulary, sizeof *explainer->units);
    if (explainer->totals == NULL)
        explainer->totals = array_new(vocabulary, sizeof *explainer->totals);
    return explainer->units != NULL && explainer->totals != NULL;
}

bool explain(struct explainer *explainer, const struct model_parts *model, struct counts *counts,
             const struct passage passages[PASSAGES], size_t topic, fenlei_why *why)
{
    if (!prepare(explainer, model->vocab.size) || !extract(explainer, model, counts, passages))
        return false;
    why->bias = model->weights.bias[topic];
    why->score = weigh(explainer, model, counts, topic);
    for (size_t i = 0; i < PASSAGES; i++)
        spread_out(&explainer->spreads[i], model, explainer->units);
    return collect(explainer, why);
}

size_t explainer_memory(const struct explainer *explainer)
{
    size_t size = explainer->stands_capacity * sizeof *explainer->stands +
                  explainer->phrases_capacity * sizeof *explainer->phrases +
                  explainer->order_capacity * sizeof *explainer->order +
                  explainer->places_capacity * sizeof *explainer->places +
                  explainer->text.capacity + features_memory(&explainer->features);
    for (size_t i = 0; i < PASSAGES; i++) {
        const struct spread *spread = &explainer->spreads[i];
        size += ngrams_memory(&spread->ngrams) + spread->ids_capacity * sizeof *spread->ids +
                spread->letters_capacity * sizeof *spread->letters +
                spread->joints_capacity * sizeof *spread->joints +
                spread->words_capacity * sizeof *spread->words;
    }
    return size;
}

void explainer_shed(struct explainer *explainer)
{
    for (size_t i = 0; i < PASSAGES; i++) {
        struct spread *spread = &explainer->spreads[i];
        ngrams_release(&spread->ngrams);
        free(spread->ids);
        free(spread->letters);
        free(spread->joints);
        free(spread->words);
    }
    features_release(&explainer->features);
    free(explainer->stands);
    free(explainer->phrases);
    free(explainer->order);
    free(explainer->places);
    buffer_release(&explainer->text);
    *explainer = (struct explainer){.units = explainer->units, .totals = explainer->totals};
}

void explainer_release(struct explainer *explainer)
{
    explainer_shed(explainer);
    free(explainer->units);
    free(explainer->totals);
    *explainer = (struct explainer){0};
}
