#include "training.h"

#include <stdlib.h>

void training_release(struct training *training)
{
    corpus_release(&training->corpus);
    duplicates_release(&training->duplicates);
    dataset_release(&training->dataset);
    learned_release(&training->learned);
    for (size_t i = 0; i < training->n_assessments; i++)
        assessment_release(&training->assessments[i]);
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

struct assessment *training_assess(struct training *training, const char *title)
{
    const struct options *options = training->options;
    struct assessment *assessment = &training->assessments[training->n_assessments++];
    if (!assessment_init(assessment, title, training->corpus.n_topics,
                         options->html != NULL || options->report != NULL))
        return NULL;
    for (size_t topic = 0; topic < training->corpus.n_topics; topic++) {
        double threshold = training->calibration[topic].threshold;
        assessment->ids[topic] = training->corpus.topic_ids[topic];
        assessment->names[topic] = training->corpus.topic_names[topic];
        assessment->cuts[topic] =
            (struct cut){threshold, label_probability(&training->calibration[topic], threshold)};
    }
    return assessment;
}

struct assessed document_identify(const struct document *document)
{
    return (struct assessed){document->file, document->line, document->id, document->title,
                             document->text};
}
