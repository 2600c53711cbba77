/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/sketches.h"

#include "base/parallel.h"
#include "train/duplicates.h"

#include <math.h>
#include <stdlib.h>

/* ---- what is common ---- */

/* The most common shingles for each text. */
enum { COMMON_A_TEXT = 4 };

/* What a shingle of that many documents weighs: in sixteenths of log2, 1 to 256. */
static uint32_t weight_of(const struct rarity *rarity, uint32_t frequency)
{
    double ratio = (double)(rarity->n_first + 1) / frequency;
    return 1 + (uint32_t)fmin(fmax(round(16 * log2(ratio)), 0), 255);
}

/* The least document frequency of which there are few enough; at least 2. */
static uint32_t find_cut(const struct rarity *rarity, size_t *places)
{
    size_t n = 0, most = COMMON_A_TEXT * rarity->n_first;
    uint32_t cut = (uint32_t)rarity->n_first + 1;
    for (size_t i = 0; i < SHINGLE_PLACES; i++)
        places[atomic_load_explicit(&rarity->frequency[i], memory_order_relaxed)]++;
    while (cut > 2 && n + places[cut - 1] <= most)
        n += places[--cut];
    return cut;
}

static bool find_common(struct sketches *sketches, const struct rarity *rarity)
{
    size_t *places = array_new(rarity->n_first + 2, sizeof *places); /* by document frequency */
    sketches->common = array_new(rarity->n_first, COMMON_A_TEXT * sizeof *sketches->common);
    bool good = places != NULL && sketches->common != NULL;
    uint32_t cut = good ? find_cut(rarity, places) : 1;
    for (uint32_t i = 0; good && i < SHINGLE_PLACES; i++) {
        uint32_t frequency = atomic_load_explicit(&rarity->frequency[i], memory_order_relaxed);
        if (frequency >= cut)
            sketches->common[sketches->n_common++] = i << 8 | (weight_of(rarity, frequency) - 1);
    }
    sketches->rare_weight = weight_of(rarity, 1);
    free(places);
    return good;
}

/* ---- drawing ---- */

struct drawing {
    const struct rarity *rarity;
    struct sketches *sketches;
    struct weighed *weighed; /* [n_threads] scratch */
    atomic_bool failed;
};

static void draw_one(void *context, unsigned thread, size_t i)
{
    struct drawing *drawing = context;
    struct sketches *sketches = drawing->sketches;
    struct sketch view = sketches_view(sketches);
    struct weighed *weighed = &drawing->weighed[thread];
    if (rarity_weigh(drawing->rarity,
                     drawing->rarity->corpus->documents[sketches->documents[i]].text, weighed))
        sketches->entries[i] = sketch_sign(&view, &weighed->shingles, weighed->weights);
    else
        atomic_store(&drawing->failed, true);
    watch_step(drawing->rarity->corpus->watch, 1);
}

bool sketches_draw(struct sketches *sketches, const struct rarity *rarity, unsigned n_threads)
{
    struct drawing drawing = {.rarity = rarity, .sketches = sketches};
    *sketches = (struct sketches){.n = 0};
    atomic_init(&drawing.failed, false);
    sketches->entries = array_new(rarity->n_first, sizeof *sketches->entries);
    sketches->documents = array_new(rarity->n_first, sizeof *sketches->documents);
    drawing.weighed = array_new(n_threads, sizeof *drawing.weighed);
    bool good = sketches->entries != NULL && sketches->documents != NULL &&
                drawing.weighed != NULL && find_common(sketches, rarity);
    for (size_t i = 0; good && i < rarity->corpus->n_documents; i++)
        if (rarity->first[i] == i)
            sketches->documents[sketches->n++] = (uint32_t)i;
    watch_stage(rarity->corpus->watch, STAGE_SKETCH, sketches->n);
    if (good)
        parallel_for(sketches->n, n_threads, draw_one, &drawing);
    for (unsigned i = 0; drawing.weighed != NULL && i < n_threads; i++)
        weighed_release(&drawing.weighed[i]);
    free(drawing.weighed);
    return good && !atomic_load(&drawing.failed);
}

void sketches_release(struct sketches *sketches)
{
    free(sketches->entries);
    free(sketches->documents);
    free(sketches->common);
    *sketches = (struct sketches){.n = 0};
}

struct sketch sketches_view(const struct sketches *sketches)
{
    return (struct sketch){sketches->entries, sketches->n, sketches->common, sketches->n_common,
                           sketches->rare_weight};
}

/* ---- comparing ---- */

bool known_init(struct known *known, const struct corpus *corpus, unsigned n_threads)
{
    *known = (struct known){.weights = NULL};
    return rarity_init(&known->rarity, corpus, n_threads) &&
           sketches_draw(&known->sketches, &known->rarity, n_threads);
}

void known_release(struct known *known)
{
    sketches_release(&known->sketches);
    rarity_release(&known->rarity);
    weighed_release(&known->text);
    weighed_release(&known->other);
    free(known->weights);
    *known = (struct known){.weights = NULL};
}

/* Those most alike by their sketches, and how much: the likeliest are compared, and of many in one
 * mould no more. */
enum { COMPARED = 32 };
struct nearest {
    size_t n;
    struct {
        double similarity;
        uint32_t document;
    } items[COMPARED]; /* [n] by falling similarity */
};

static void insert(struct nearest *nearest, double similarity, uint32_t document)
{
    size_t place = nearest->n;
    while (place > 0 && nearest->items[place - 1].similarity < similarity)
        place--;
    if (place == COMPARED)
        return;
    nearest->n += nearest->n < COMPARED;
    for (size_t i = nearest->n - 1; i > place; i--)
        nearest->items[i] = nearest->items[i - 1];
    nearest->items[place].similarity = similarity;
    nearest->items[place].document = document;
}

/* Three deviations of the estimate, 0.05, below what is looked for. */
static const double LEAST = DUPLICATES_SIMILARITY - 0.15;

bool known_has(struct known *known, fenlei_text text, bool *has)
{
    struct nearest nearest = {.n = 0};
    struct sketch view = sketches_view(&known->sketches);
    const struct shingles *shingles = &known->text.shingles;
    *has = false;
    if (!rarity_weigh(&known->rarity, text, &known->text) ||
        !array_reserve(&known->weights, &known->weights_capacity, shingles->n,
                       sizeof *known->weights))
        return false;
    struct sketch_entry entry = sketch_sign(&view, shingles, known->weights);
    for (size_t i = 0; i < known->sketches.n; i++) {
        double similarity = sketch_similarity(&entry, &known->sketches.entries[i]);
        if (similarity >= LEAST)
            insert(&nearest, similarity, known->sketches.documents[i]);
    }
    for (size_t i = 0; i < nearest.n && !*has; i++) {
        fenlei_text other = known->rarity.corpus->documents[nearest.items[i].document].text;
        if (!rarity_weigh(&known->rarity, other, &known->other))
            return false;
        *has = weighed_similarity(&known->text, &known->other) >= DUPLICATES_SIMILARITY;
    }
    return true;
}
