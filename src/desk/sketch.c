/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/sketch.h"

#include "base/memory.h"
#include "base/random.h"
#include "label/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- doubt ---- */

double doubt_of(const fenlei_model *model, const fenlei_label *labels)
{
    double all_right = 1;
    for (size_t i = 0; i < fenlei_topic_count(model); i++) {
        const struct calibration *calibration = &model->parts.calibration[labels[i].topic];
        double slope = calibration->slope > 0 ? calibration->slope : 1;
        double distance = fabs(slope * (labels[i].score - calibration->threshold));
        all_right *= 1 - 1 / (1 + exp(distance));
    }
    return 1 - all_right;
}

/* ---- sketches ---- */

struct sketcher {
    const struct model_parts *parts;
    uint64_t *keys; /* [vocabulary] */
    struct features features;
    struct counts counts;
};

struct sketcher *sketcher_new(const fenlei_model *model)
{
    struct sketcher *made = array_new(1, sizeof *made);
    if (made == NULL)
        return NULL;
    made->parts = &model->parts;
    made->keys = array_new(model->parts.vocab.size, sizeof *made->keys);
    if (made->keys == NULL || !counts_init(&made->counts, &model->parts.vocab)) {
        sketcher_free(made);
        return NULL;
    }
    vocab_list(&model->parts.vocab, made->keys);
    return made;
}

void sketcher_free(struct sketcher *sketcher)
{
    if (sketcher == NULL)
        return;
    features_release(&sketcher->features);
    counts_release(&sketcher->counts);
    free(sketcher->keys);
    free(sketcher);
}

/* Adds one feature to all projections, with the signs that its n-gram has in each. */
static void project(float sums[SKETCH_BITS], uint64_t key, float value)
{
    uint64_t state = key;
    for (size_t word = 0; word < SKETCH_BITS / 64; word++) {
        uint64_t bits = random_next(&state);
        for (size_t bit = 0; bit < 64; bit++)
            sums[64 * word + bit] += (bits >> bit & 1) != 0 ? value : -value;
    }
}

bool sketch_of(struct sketcher *sketcher, fenlei_text title, fenlei_text text,
               unsigned char sketch[SKETCH_BYTES])
{
    const struct model_parts *parts = sketcher->parts;
    float sums[SKETCH_BITS] = {0};
    if (!features_extract(&sketcher->features, &parts->settings, title, text))
        return false;
    features_count(&sketcher->features, &sketcher->counts);
    uint32_t n = tfidf_vector(&sketcher->counts, parts->idf);
    for (uint32_t i = 0; i < n; i++)
        project(sums, sketcher->keys[sketcher->counts.vector[i].id],
                (float)sketcher->counts.vector[i].value);
    memset(sketch, 0, SKETCH_BYTES);
    for (size_t i = 0; i < SKETCH_BITS; i++)
        if (sums[i] > 0)
            sketch[i / 8] |= (unsigned char)(1U << i % 8);
    return true;
}

double sketch_likeness(fenlei_text a, fenlei_text b)
{
    int different = 0;
    if (a.size != SKETCH_BYTES || b.size != SKETCH_BYTES)
        return 0;
    for (size_t i = 0; i < SKETCH_BYTES; i += sizeof(uint64_t)) {
        uint64_t left, right;
        memcpy(&left, a.bytes + i, sizeof left);
        memcpy(&right, b.bytes + i, sizeof right);
        different += __builtin_popcountll(left ^ right);
    }
    return fmax(0, cos(acos(-1) * different / SKETCH_BITS));
}
