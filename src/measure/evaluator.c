#include "measure/evaluator.h"

#include "base/json.h"
#include "base/status.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t topic_count(const struct evaluator *evaluator)
{
    return evaluator->topics != NULL ? evaluator->topics->n : fenlei_topic_count(evaluator->model);
}

static const char *topic_id(const struct evaluator *evaluator, size_t topic)
{
    return evaluator->topics != NULL ? evaluator->topics->ids[topic]
                                     : fenlei_topic_id(evaluator->model, topic);
}

bool evaluator_init(struct evaluator *evaluator, const fenlei_model *model,
                    const struct shared_topics *topics, unsigned side)
{
    *evaluator = (struct evaluator){.model = model, .topics = topics, .side = side};
    size_t n = topic_count(evaluator);
    evaluator->truth = array_new(n, 3 * sizeof *evaluator->truth);
    evaluator->probability = array_new(n, 2 * sizeof *evaluator->probability);
    if (evaluator->truth == NULL || evaluator->probability == NULL)
        return false;
    evaluator->either = evaluator->truth + n;
    evaluator->given = evaluator->either + n;
    evaluator->score = evaluator->probability + n;
    return true;
}

void evaluator_clear(struct evaluator *evaluator)
{
    record_release(&evaluator->record);
}

void evaluator_release(struct evaluator *evaluator)
{
    evaluator_clear(evaluator);
    free(evaluator->truth);
    free(evaluator->probability);
    *evaluator = (struct evaluator){0};
}

static fenlei_status mark_topics(const struct evaluator *evaluator, const fenlei_text *labels,
                                 size_t n, bool *marks, fenlei_error *error)
{
    size_t n_topics = topic_count(evaluator);
    memset(marks, 0, n_topics * sizeof *marks);
    for (size_t i = 0; i < n; i++) {
        size_t topic = 0;
        while (topic < n_topics && !text_equal(labels[i], text_of(topic_id(evaluator, topic))))
            topic++;
        if (topic == n_topics)
            return error_set(error, FENLEI_BAD_INPUT,
                             "unknown label \"%.200s\": no topic of the model%s", labels[i].bytes,
                             evaluator->topics != NULL ? "s" : "");
        marks[topic] = true;
    }
    return FENLEI_OK;
}

static size_t place_of(const struct evaluator *evaluator, size_t topic)
{
    return evaluator->topics != NULL ? evaluator->topics->places[evaluator->side][topic] : topic;
}

static void take_labels(struct evaluator *evaluator, const fenlei_label *labels)
{
    /* What the model has no topic for it withholds. */
    for (size_t topic = 0; topic < topic_count(evaluator); topic++) {
        evaluator->given[topic] = false;
        evaluator->probability[topic] = 0;
        evaluator->score[topic] = -HUGE_VAL;
    }
    evaluator->best = place_of(evaluator, labels[0].topic);
    for (size_t i = 0; i < fenlei_topic_count(evaluator->model); i++) {
        size_t place = place_of(evaluator, labels[i].topic);
        evaluator->given[place] = labels[i].given;
        evaluator->probability[place] = labels[i].probability;
        evaluator->score[place] = labels[i].score;
    }
}

fenlei_status evaluate_line(struct evaluator *evaluator, fenlei_labeler *labeler, fenlei_text line,
                            const fenlei_options *options, fenlei_error *error)
{
    const fenlei_article *article;
    evaluator_clear(evaluator);
    struct record *record = &evaluator->record;
    fenlei_status status = record_parse(record, line.bytes, line.size, error);
    if (status == FENLEI_OK)
        status = record_parse_labels(record, error);
    if (status == FENLEI_OK && !record->is_labelled)
        status = error_set(error, FENLEI_BAD_INPUT, "no \"labels\"");
    if (status == FENLEI_OK)
        status = mark_topics(evaluator, record->labels, record->n_labels, evaluator->truth, error);
    if (status == FENLEI_OK)
        status = mark_topics(evaluator, record->either, record->n_either, evaluator->either, error);
    if (status == FENLEI_OK)
        status =
            fenlei_label_record(labeler, record->title, record->text, options, &article, error);
    if (status == FENLEI_OK)
        take_labels(evaluator, article->labels);
    return status;
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

struct answer evaluator_answer(const struct evaluator *evaluator)
{
    bool has_probabilities = fenlei_has_probabilities(evaluator->model);
    return (struct answer){evaluator->truth, evaluator->either,
                           evaluator->given, has_probabilities ? evaluator->probability : NULL,
                           evaluator->score, evaluator->best};
}
