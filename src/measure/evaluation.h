/* SPDX-License-Identifier: BSD-3-Clause */
/* An evaluation with what a person wants to look at behind its numbers: the curve of each topic,
 * which topics are taken for which, and the mistakes a model was surest of. */
#ifndef MEASURE_EVALUATION_H
#define MEASURE_EVALUATION_H

#include "measure/curve.h"
#include "measure/metrics.h"

enum { MISTAKES_MAX = 20, MISTAKE_PHRASES = 6, CONFUSIONS_MAX = 200 };

/* Where a topic begins. */
struct cut {
    double threshold;   /* decision value; NAN where only the probability counts */
    double probability; /* the same as a probability; NAN without them */
};

/* The record that was evaluated. What is kept of it is a copy: its file's name may be gone when the
 * evaluation is looked at. */
struct evaluated {
    const char *file;
    size_t line;                 /* 0 for a file that is a document */
    fenlei_text id, title, text; /* id is JSON, may be empty */
};

/* Copies all that *from points to into *bytes, empty before, which the copy then points into. False
 * when memory runs out. */
bool evaluated_copy(struct evaluated *copy, struct buffer *bytes, const struct evaluated *from);

/* A topic that was given and should not have been, or the other way round. */
struct mistake {
    struct evaluated of; /* in `bytes` */
    struct buffer bytes;
    size_t topic, document;
    bool given;
    double score, probability;
    double sureness; /* the probability of being right that the model gave it; without
                        probabilities the distance from the threshold */
    bool explained;
    size_t n_phrases;
    struct mistake_phrase {
        char *text; /* owned */
        double share;
    } phrases[MISTAKE_PHRASES]; /* the largest |share| first */
};

/* Documents that are of one topic, were not given it, and were given the other instead. */
struct confusion {
    size_t topic, taken_for; /* n_topics: given none that is wrong */
    size_t documents;
};

struct evaluation {
    const char *title;         /* "Out of fold, 10 folds" */
    const char *note;          /* on its mistakes, or NULL */
    const char **ids, **names; /* [n_topics], the strings the caller's */
    struct cut *cuts;          /* [n_topics] */
    struct metrics metrics;
    enum { KNOWN_UNASKED, KNOWN_BY_SKETCH, KNOWN_EXACTLY } known_by; /* how answer.is_known is */
    struct metrics unknown; /* without the documents that are; nothing where it was unasked */
    bool keeps_decisions;   /* of every document, for curves */
    float *scores;          /* [documents][n_topics] */
    unsigned char *kinds;   /* [documents][n_topics] */
    size_t scores_capacity, kinds_capacity;
    struct mistake mistakes[MISTAKES_MAX]; /* [n_mistakes] the surest first */
    size_t n_mistakes;
    struct confusion *confusions; /* [n_confusions] after evaluation_finish(), most first */
    size_t n_confusions;
    struct curve *curves; /* [n_topics] after evaluation_finish() */
    size_t n_chinese;     /* documents whose text is Chinese */
    struct missing {
        size_t records; /* that are not in it, for whatever is wrong with them */
        size_t inputs;  /* that could not be read, or not to their ends */
    } missing;
    void *hash; /* of the data */
    bool failed;
};

/* Makes room for n_topics, which the caller names; `keeps_decisions` for curves, confusions and
 * mistakes. */
bool evaluation_init(struct evaluation *evaluation, const char *title, size_t n_topics,
                     bool keeps_decisions);

/* The same, for a model's topics; by its sketch, where it has one, documents are known.
 * `probability`: one threshold for all, or NAN for its own. */
bool evaluation_of_model(struct evaluation *evaluation, const char *title,
                         const fenlei_model *model, double probability, bool keeps_decisions);
void evaluation_release(struct evaluation *evaluation);
void evaluation_add(struct evaluation *evaluation, struct answer answer,
                    struct evaluated evaluated);

/* Fills intervals, curves and confusions. False when memory has run out, here or before. */
bool evaluation_finish(struct evaluation *evaluation, unsigned n_threads);

/* Asks a labeler of the model that was evaluated why each mistake was made. */
fenlei_status evaluation_explain(struct evaluation *evaluation, fenlei_labeler *labeler,
                                 fenlei_error *error);

/* XXH3 of all titles, texts and true topics, in order. */
uint64_t evaluation_hash(const struct evaluation *evaluation);

/* The fields that name it. */
void json_evaluated(const struct evaluated *evaluated, struct buffer *out);

/* For people: metrics_table(), how many labels were left out, and how many documents the model was
 * trained on, nearly, and what it is worth without them. */
void evaluation_table(const struct evaluation *evaluation, struct buffer *out);

/* The sentences at the end of that, each between `before` and `after`; as far as there is something
 * to say. */
void evaluation_tell(const struct evaluation *evaluation, const char *before, const char *after,
                     struct buffer *out);

/* One JSON object: metrics_json() with what is kept. */
void evaluation_json(const struct evaluation *evaluation, struct buffer *out);

#endif
