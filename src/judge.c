#include "judge.h"

#include "json.h"
#include "status.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t topic_count(const struct judge *judge)
{
    return judge->topics != NULL ? judge->topics->n : fenlei_topic_count(judge->model);
}

static const char *topic_id(const struct judge *judge, size_t topic)
{
    return judge->topics != NULL ? judge->topics->ids[topic] : fenlei_topic_id(judge->model, topic);
}

bool judge_init(struct judge *judge, const fenlei_model *model, const struct judged_topics *topics,
                unsigned side)
{
    *judge = (struct judge){.model = model, .topics = topics, .side = side};
    size_t n = topic_count(judge);
    judge->truth = array_new(n, 3 * sizeof *judge->truth);
    judge->probability = array_new(n, 2 * sizeof *judge->probability);
    if (judge->truth == NULL || judge->probability == NULL)
        return false;
    judge->either = judge->truth + n;
    judge->given = judge->either + n;
    judge->score = judge->probability + n;
    return true;
}

void judge_clear(struct judge *judge)
{
    record_release(&judge->record);
}

void judge_release(struct judge *judge)
{
    judge_clear(judge);
    free(judge->truth);
    free(judge->probability);
    *judge = (struct judge){0};
}

static fenlei_status mark_topics(const struct judge *judge, const fenlei_text *labels, size_t n,
                                 bool *marks, fenlei_error *error)
{
    size_t n_topics = topic_count(judge);
    memset(marks, 0, n_topics * sizeof *marks);
    for (size_t i = 0; i < n; i++) {
        size_t topic = 0;
        while (topic < n_topics && !text_equal(labels[i], text_of(topic_id(judge, topic))))
            topic++;
        if (topic == n_topics)
            return error_set(error, FENLEI_BAD_INPUT,
                             "unknown label \"%.200s\": no topic of the model%s", labels[i].bytes,
                             judge->topics != NULL ? "s" : "");
        marks[topic] = true;
    }
    return FENLEI_OK;
}

static size_t place_of(const struct judge *judge, size_t topic)
{
    return judge->topics != NULL ? judge->topics->places[judge->side][topic] : topic;
}

static void take_labels(struct judge *judge, const fenlei_label *labels)
{
    /* What the model has no topic for it withholds. */
    for (size_t topic = 0; topic < topic_count(judge); topic++) {
        judge->given[topic] = false;
        judge->probability[topic] = 0;
        judge->score[topic] = -HUGE_VAL;
    }
    judge->best = place_of(judge, labels[0].topic);
    for (size_t i = 0; i < fenlei_topic_count(judge->model); i++) {
        size_t place = place_of(judge, labels[i].topic);
        judge->given[place] = labels[i].given;
        judge->probability[place] = labels[i].probability;
        judge->score[place] = labels[i].score;
    }
}

fenlei_status judge_line(struct judge *judge, fenlei_labeler *labeler, fenlei_text line,
                         const fenlei_options *options, fenlei_error *error)
{
    fenlei_article article;
    judge_clear(judge);
    struct record *record = &judge->record;
    fenlei_status status = record_parse(record, line.bytes, line.size, error);
    if (status == FENLEI_OK && !record->is_labelled)
        status = error_set(error, FENLEI_BAD_INPUT, "no \"labels\"");
    if (status == FENLEI_OK)
        status = mark_topics(judge, record->labels, record->n_labels, judge->truth, error);
    if (status == FENLEI_OK)
        status = mark_topics(judge, record->either, record->n_either, judge->either, error);
    if (status == FENLEI_OK)
        status =
            fenlei_label_record(labeler, record->title, record->text, options, &article, error);
    if (status == FENLEI_OK)
        take_labels(judge, article.labels);
    return status;
}

fenlei_status judge_text(struct judge *judge, fenlei_labeler *labeler, fenlei_text title,
                         fenlei_text text, const bool *truth, fenlei_error *error)
{
    fenlei_article article;
    size_t n = fenlei_topic_count(judge->model);
    memcpy(judge->truth, truth, n * sizeof *truth);
    memset(judge->either, 0, n * sizeof *judge->either);
    fenlei_status status = fenlei_label_record(labeler, title, text, NULL, &article, error);
    if (status == FENLEI_OK)
        take_labels(judge, article.labels);
    return status;
}

struct judgement judge_result(const struct judge *judge)
{
    bool has_probabilities = fenlei_has_probabilities(judge->model);
    return (struct judgement){judge->truth, judge->either,
                              judge->given, has_probabilities ? judge->probability : NULL,
                              judge->score, judge->best};
}
