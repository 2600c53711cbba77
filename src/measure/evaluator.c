/* SPDX-License-Identifier: BSD-3-Clause */
#include "measure/evaluator.h"

#include "base/record.h"
#include "base/status.h"
#include "label/fold.h"
#include "label/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool evaluator_init(struct evaluator *evaluator, const fenlei_model *model)
{
    *evaluator = (struct evaluator){.model = model};
    size_t n = fenlei_topic_count(model);
    sketch_open(&evaluator->sketch, model->parts.sketch);
    evaluator->truth = array_new(n, 3 * sizeof *evaluator->truth);
    evaluator->probability = array_new(n, 2 * sizeof *evaluator->probability);
    if (evaluator->truth == NULL || evaluator->probability == NULL) {
        evaluator_release(evaluator);
        return false;
    }
    evaluator->either = evaluator->truth + n;
    evaluator->given = evaluator->either + n;
    evaluator->score = evaluator->probability + n;
    return true;
}

void evaluator_clear(struct evaluator *evaluator)
{
    if (evaluator->model == NULL)
        return;
    record_release(&evaluator->record);
    evaluator->n_left_out = 0;
    evaluator->left_out = NULL;
    evaluator->is_known = false;
}

void evaluator_release(struct evaluator *evaluator)
{
    evaluator_clear(evaluator);
    free(evaluator->truth);
    free(evaluator->probability);
    *evaluator = (struct evaluator){0};
}

static void mark_topics(struct evaluator *evaluator, const fenlei_text *labels, size_t n,
                        bool *marks)
{
    memset(marks, 0, fenlei_topic_count(evaluator->model) * sizeof *marks);
    for (size_t i = 0; i < n; i++) {
        size_t topic;
        if (fenlei_topic_find(evaluator->model, labels[i], &topic))
            marks[topic] = true;
        else if (evaluator->n_left_out++ == 0)
            evaluator->left_out = labels[i].bytes;
    }
}

static void take_labels(struct evaluator *evaluator, const fenlei_label *labels)
{
    evaluator->best = labels[0].topic;
    for (size_t i = 0; i < fenlei_topic_count(evaluator->model); i++) {
        size_t topic = labels[i].topic;
        evaluator->given[topic] = labels[i].given;
        evaluator->probability[topic] = labels[i].probability;
        evaluator->score[topic] = labels[i].score;
    }
}

fenlei_status evaluator_parse(struct record *record, fenlei_text line, fenlei_error *error)
{
    fenlei_status status = record_parse(record, line.bytes, line.size, error);
    if (status == FENLEI_OK)
        status = record_parse_labels(record, error);
    if (status == FENLEI_OK && !record->is_labelled)
        status = record_refuse_unlabelled(record, error);
    return status;
}

fenlei_status evaluate_line(struct evaluator *evaluator, fenlei_labeler *labeler, fenlei_text line,
                            const fenlei_options *options, fenlei_error *error)
{
    const fenlei_article *article;
    evaluator_clear(evaluator);
    struct record *record = &evaluator->record;
    fenlei_status status = evaluator_parse(record, line, error);
    if (status == FENLEI_OK)
        status =
            fenlei_label_record(labeler, record->title, record->text, options, &article, error);
    if (status != FENLEI_OK)
        return status;
    mark_topics(evaluator, record->labels, record->n_labels, evaluator->truth);
    mark_topics(evaluator, record->either, record->n_either, evaluator->either);
    take_labels(evaluator, article->labels);
    return FENLEI_OK;
}

fenlei_status evaluate_text(struct evaluator *evaluator, fenlei_labeler *labeler, fenlei_text title,
                            fenlei_text text, const bool *truth, fenlei_error *error)
{
    const fenlei_article *article;
    size_t n = fenlei_topic_count(evaluator->model);
    memcpy(evaluator->truth, truth, n * sizeof *truth);
    memset(evaluator->either, 0, n * sizeof *evaluator->either);
    fenlei_status status = fenlei_label_record(labeler, title, text, NULL, &article, error);
    if (status == FENLEI_OK)
        take_labels(evaluator, article->labels);
    return status;
}

fenlei_status evaluator_ask_sketch(struct evaluator *evaluator, fenlei_error *error)
{
    if (evaluator->sketch.n == 0 ||
        sketch_knows(&evaluator->sketch, evaluator->record.text, &evaluator->is_known))
        return FENLEI_OK;
    return error_memory(error);
}

/* The topic whose id or name looks like a label, as with another width or a blank behind it; NULL
 * where none does. */
static const char *find_lookalike(const fenlei_model *model, const char *label)
{
    struct folded look = {0}, other = {0};
    const char *found = NULL;
    bool good = fold_look(&look, text_of(label));
    for (size_t topic = 0; good && found == NULL && topic < fenlei_topic_count(model); topic++)
        for (int side = 0; good && found == NULL && side < 2; side++) {
            const char *name =
                side == 0 ? fenlei_topic_id(model, topic) : fenlei_topic_name(model, topic);
            good = fold_look(&other, text_of(name));
            if (good && look.count > 0 && look.count == other.count &&
                memcmp(look.letters, other.letters, look.count * sizeof *look.letters) == 0)
                found = name;
        }
    fold_release(&look);
    fold_release(&other);
    return found;
}

bool evaluator_tell_left_out(const struct evaluator *evaluator, const char *whose,
                             fenlei_error *words)
{
    char more[40] = "", alike[160] = "";
    if (evaluator->n_left_out == 0)
        return false;
    if (evaluator->n_left_out > 1)
        snprintf(more, sizeof more, " and %zu more", evaluator->n_left_out - 1);
    const char *lookalike = find_lookalike(evaluator->model, evaluator->left_out);
    if (lookalike != NULL)
        snprintf(alike, sizeof alike, "; it looks like \"%.100s\", but is not", lookalike);
    error_set(words, FENLEI_OK, "label \"%.200s\"%s left out: no topic of %s%s",
              evaluator->left_out, more, whose, alike);
    return true;
}

struct answer evaluator_answer(const struct evaluator *evaluator)
{
    bool has_probabilities = fenlei_has_probabilities(evaluator->model);
    return (struct answer){.truth = evaluator->truth,
                           .either = evaluator->either,
                           .given = evaluator->given,
                           .probability = has_probabilities ? evaluator->probability : NULL,
                           .score = evaluator->score,
                           .best = evaluator->best,
                           .n_left_out = evaluator->n_left_out,
                           .is_known = evaluator->is_known};
}
