/* SPDX-License-Identifier: BSD-3-Clause */
/* What every fuzz target starts from. A target is one file: LLVMFuzzerTestOneInput() takes any
 * bytes, runs the code they are for and aborts where a property does not hold; the sanitizers watch
 * the rest. tests/fuzz/run runs them all, from the project's top folder. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "base/memory.h"
#include "base/utf8.h"
#include "fenlei.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert(), there with NDEBUG too. */
#define require(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);              \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* A small real model, which `make fuzzers` trains, and its labeler; opened once. */
static inline fenlei_model *tiny_model(void)
{
    static fenlei_model *model;
    if (model == NULL)
        require(fenlei_model_open("build/tiny.model", &model, NULL) == FENLEI_OK);
    return model;
}

static inline fenlei_labeler *tiny_labeler(void)
{
    static fenlei_labeler *labeler;
    if (labeler == NULL)
        require(fenlei_labeler_new(tiny_model(), &labeler, NULL) == FENLEI_OK);
    return labeler;
}

static inline bool is_utf8(fenlei_text text)
{
    return utf8_valid_prefix(text.bytes, text.size) == text.size;
}

/* One JSON value, strictly: cJSON alone lets control characters and invalid UTF-8 pass. */
static inline void check_json(fenlei_text json)
{
    const char *end = NULL;
    for (size_t i = 0; i < json.size; i++)
        require((unsigned char)json.bytes[i] >= 0x20);
    require(is_utf8(json));
    cJSON *parsed = cJSON_ParseWithLengthOpts(json.bytes, json.size, &end, false);
    require(parsed != NULL && end == json.bytes + json.size);
    cJSON_Delete(parsed);
}

/* Text and JSON that `out` holds as whole lines. */
static inline void check_json_line(const struct buffer *out)
{
    require(!out->failed && out->size > 0 && out->bytes[out->size - 1] == '\n');
    check_json((fenlei_text){out->bytes, out->size - 1});
}

/* Every topic once, by falling rank, nothing undefined. `threshold` NAN: each topic's own. */
static inline void check_labels(const fenlei_model *model, const fenlei_label *labels,
                                double threshold)
{
    size_t n = fenlei_topic_count(model), topics = 0;
    for (size_t i = 0; i < n; i++) {
        require(labels[i].topic < n && isfinite(labels[i].score));
        topics += labels[i].topic;
        if (fenlei_has_probabilities(model))
            require(labels[i].probability >= 0 && labels[i].probability <= 1);
        if (i > 0 && fenlei_has_probabilities(model))
            require(labels[i - 1].probability >= labels[i].probability);
        bool is_above = isnan(threshold)
                            ? labels[i].score >= fenlei_topic_threshold(model, labels[i].topic)
                            : labels[i].probability >= threshold;
        if (isnan(threshold) || fenlei_has_probabilities(model))
            require(!labels[i].given || is_above); /* not where nothing is known */
    }
    require(topics == n * (n - 1) / 2);
}

static inline void check_same_labels(const fenlei_model *model, const fenlei_label *a,
                                     const fenlei_label *b)
{
    require((a == NULL) == (b == NULL));
    for (size_t i = 0; a != NULL && i < fenlei_topic_count(model); i++)
        require(a[i].topic == b[i].topic && a[i].score == b[i].score && a[i].given == b[i].given);
}

#endif
