/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/training.h"

#include <stdlib.h>

void training_release(struct training *training)
{
    corpus_release(&training->corpus);
    duplicates_release(&training->duplicates);
    sketches_release(&training->sketches);
    dataset_release(&training->dataset);
    learned_release(&training->learned);
    for (size_t i = 0; i < training->n_evaluations; i++)
        evaluation_release(&training->evaluations[i]);
    fenlei_model_close(training->base);
    buffer_release(&training->reader);
    buffer_release(&training->card);
    buffer_release(&training->report);
    buffer_release(&training->out);
    free(training->calibration);
    free(training->group);
}

const char *const *training_topic_ids(const struct training *training)
{
    return (const char *const *)training->corpus.topic_ids;
}

const char *const *training_topic_names(const struct training *training)
{
    return (const char *const *)training->corpus.topic_names;
}

struct evaluation *training_evaluation(struct training *training, const char *title)
{
    const struct options *options = training->options;
    struct evaluation *evaluation = &training->evaluations[training->n_evaluations++];
    if (!evaluation_init(evaluation, title, training->corpus.n_topics,
                         options->html != NULL || options->report != NULL))
        return NULL;
    for (size_t topic = 0; topic < training->corpus.n_topics; topic++) {
        double threshold = training->calibration[topic].threshold;
        evaluation->ids[topic] = training->corpus.topic_ids[topic];
        evaluation->names[topic] = training->corpus.topic_names[topic];
        evaluation->cuts[topic] =
            (struct cut){threshold, label_probability(&training->calibration[topic], threshold)};
    }
    return evaluation;
}

struct evaluated document_identify(const struct document *document)
{
    return (struct evaluated){document->file, document->line, document->id, document->title,
                              document->text};
}
