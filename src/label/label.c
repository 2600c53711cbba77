/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/label.h"

#include <math.h>
#include <stdlib.h>

/* A text of fewer letters is a headline or a caption: too little to trust. */
enum { SHORT_TEXT = 20 };

/* Near a threshold: this close in probability, or in decision value where there is none. */
static const double NEAR = 0.08;

double label_probability(const struct calibration *calibration, double score)
{
    if (!(calibration->slope > 0))
        return (double)NAN;
    return 1 / (1 + exp(-(calibration->slope * score + calibration->intercept)));
}

static bool is_given(const struct calibration *calibration, double score, double probability,
                     double threshold)
{
    return isnan(threshold) ? score >= calibration->threshold : probability >= threshold;
}

static int by_rank(const void *left, const void *right)
{
    const fenlei_label *a = left, *b = right;
    if (a->probability != b->probability && !isnan(a->probability) && !isnan(b->probability))
        return a->probability < b->probability ? 1 : -1;
    if (a->score != b->score)
        return a->score < b->score ? 1 : -1;
    return a->topic < b->topic ? -1 : 1;
}

/* Few topics are sorted where they stand; many by quicksort. The order is strict: both give one. */
static void sort_labels(fenlei_label *labels, uint32_t n)
{
    enum { FEW = 32 };
    if (n > FEW) {
        qsort(labels, n, sizeof *labels, by_rank);
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        fenlei_label label = labels[i];
        uint32_t place = i;
        for (; place > 0 && by_rank(&label, &labels[place - 1]) < 0; place--)
            labels[place] = labels[place - 1];
        labels[place] = label;
    }
}

void label_topics(const struct calibration *calibration, const double *scores, uint32_t n,
                  double threshold, struct evidence evidence, fenlei_label *labels)
{
    for (uint32_t topic = 0; topic < n; topic++) {
        double score = scores[topic];
        double probability = label_probability(&calibration[topic], score);
        labels[topic] =
            (fenlei_label){topic, score, probability,
                           evidence.single.known + evidence.longer.known > 0 &&
                               is_given(&calibration[topic], score, probability, threshold)};
    }
    sort_labels(labels, n);
}

static bool is_near(const struct calibration *calibration, const fenlei_label *label,
                    double threshold)
{
    if (isnan(label->probability))
        return fabs(label->score - calibration->threshold) < NEAR;
    if (isnan(threshold))
        threshold = label_probability(calibration, calibration->threshold);
    return fabs(label->probability - threshold) < NEAR;
}

/* Most letters are known to most models, also those of another language or of garbage: what tells
 * is how they go together, where the model looks at that. */
static bool is_unfamiliar(struct evidence evidence)
{
    struct coverage coverage = evidence.longer;
    if (coverage.known + coverage.unknown == 0)
        coverage = evidence.single;
    return coverage.unknown > coverage.known;
}

fenlei_review label_review(const struct calibration *calibration, const fenlei_label *labels,
                           uint32_t n, double threshold, struct evidence evidence)
{
    if (evidence.letters < SHORT_TEXT)
        return FENLEI_REVIEW_TOO_SHORT;
    if (is_unfamiliar(evidence))
        return FENLEI_REVIEW_UNFAMILIAR;
    for (uint32_t i = 0; i < n; i++)
        if (is_near(&calibration[labels[i].topic], &labels[i], threshold))
            return FENLEI_REVIEW_NEAR_THRESHOLD;
    return FENLEI_REVIEW_NONE;
}

const char *fenlei_review_name(fenlei_review review)
{
    switch (review) {
    case FENLEI_REVIEW_NEAR_THRESHOLD:
        return "near-threshold";
    case FENLEI_REVIEW_TOO_SHORT:
        return "too-short";
    case FENLEI_REVIEW_UNFAMILIAR:
        return "unfamiliar";
    case FENLEI_REVIEW_NOT_AN_ARTICLE:
        return "not-an-article";
    case FENLEI_REVIEW_SEVERAL_ARTICLES:
        return "several-articles";
    case FENLEI_REVIEW_UNCERTAIN_SPLIT:
        return "uncertain-split";
    case FENLEI_REVIEW_NONE:
        break;
    }
    return NULL;
}
