#include "assessment.h"

#include "json.h"
#include "model.h"
#include "status.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum kind { KIND_FALSE, KIND_TRUE, KIND_EITHER };

bool assessment_init(struct assessment *assessment, const char *title, size_t n_topics,
                     bool keeps_decisions)
{
    *assessment = (struct assessment){.title = title, .keeps_decisions = keeps_decisions};
    assessment->hash = XXH3_createState();
    if (assessment->hash != NULL)
        XXH3_64bits_reset(assessment->hash);
    assessment->ids = array_new(n_topics, sizeof *assessment->ids);
    assessment->names = array_new(n_topics, sizeof *assessment->names);
    assessment->cuts = array_new(n_topics, sizeof *assessment->cuts);
    return evaluation_init(&assessment->evaluation, n_topics) && assessment->hash != NULL &&
           assessment->ids != NULL && assessment->names != NULL && assessment->cuts != NULL;
}

bool assessment_of_model(struct assessment *assessment, const char *title,
                         const fenlei_model *model, double probability, bool keeps_decisions)
{
    size_t n = fenlei_topic_count(model);
    if (!assessment_init(assessment, title, n, keeps_decisions))
        return false;
    for (size_t topic = 0; topic < n; topic++) {
        double threshold = fenlei_topic_threshold(model, topic);
        assessment->ids[topic] = fenlei_topic_id(model, topic);
        assessment->names[topic] = fenlei_topic_name(model, topic);
        assessment->cuts[topic] =
            isnan(probability)
                ? (struct cut){threshold,
                               label_probability(&model->parts.calibration[topic], threshold)}
                : (struct cut){(double)NAN, probability};
    }
    return true;
}

static void release_mistake(struct mistake *mistake)
{
    buffer_release(&mistake->bytes);
    for (size_t i = 0; i < mistake->n_phrases; i++)
        free(mistake->phrases[i].text);
}

void assessment_release(struct assessment *assessment)
{
    for (size_t i = 0; i < assessment->n_mistakes; i++)
        release_mistake(&assessment->mistakes[i]);
    evaluation_release(&assessment->evaluation);
    XXH3_freeState(assessment->hash);
    free(assessment->ids);
    free(assessment->names);
    free(assessment->cuts);
    free(assessment->scores);
    free(assessment->kinds);
    free(assessment->confusions);
    free(assessment->curves);
    *assessment = (struct assessment){0};
}

/* ---- adding ---- */

static void hash_text(struct assessment *assessment, fenlei_text text)
{
    uint64_t size = text.size;
    XXH3_64bits_update(assessment->hash, &size, sizeof size);
    if (size > 0)
        XXH3_64bits_update(assessment->hash, text.bytes, text.size);
}

uint64_t assessment_hash(const struct assessment *assessment)
{
    return XXH3_64bits_digest(assessment->hash);
}

static void keep_decisions(struct assessment *assessment, const struct judgement *judgement)
{
    size_t n = assessment->evaluation.n_topics, at = (assessment->evaluation.documents - 1) * n;
    if (!array_reserve(&assessment->scores, &assessment->scores_capacity, at + n,
                       sizeof *assessment->scores) ||
        !array_reserve(&assessment->kinds, &assessment->kinds_capacity, at + n,
                       sizeof *assessment->kinds)) {
        assessment->failed = true;
        return;
    }
    for (size_t topic = 0; topic < n; topic++) {
        assessment->scores[at + topic] = (float)judgement->score[topic];
        assessment->kinds[at + topic] = judgement->truth[topic]    ? KIND_TRUE
                                        : judgement->either[topic] ? KIND_EITHER
                                                                   : KIND_FALSE;
    }
}

static double sureness_of(const struct assessment *assessment, const struct judgement *judgement,
                          size_t topic)
{
    if (judgement->probability == NULL)
        return fabs(judgement->score[topic] - assessment->cuts[topic].threshold);
    double probability = judgement->probability[topic];
    return judgement->given[topic] ? probability : 1 - probability;
}

/* The mistake's texts as its own. */
static bool keep_texts(struct mistake *mistake, const struct assessed *assessed)
{
    struct buffer *bytes = &mistake->bytes;
    fenlei_text id = assessed->id, title = assessed->title, text = assessed->text;
    buffer_append_text(bytes, id);
    buffer_append_text(bytes, title);
    buffer_append_text(bytes, text);
    mistake->of = (struct assessed){assessed->file,
                                    assessed->line,
                                    {bytes->bytes, id.size},
                                    {bytes->bytes + id.size, title.size},
                                    {bytes->bytes + id.size + title.size, text.size}};
    return !bytes->failed;
}

static void add_mistake(struct assessment *assessment, struct mistake mistake,
                        const struct assessed *assessed)
{
    size_t place = assessment->n_mistakes;
    while (place > 0 && assessment->mistakes[place - 1].sureness < mistake.sureness)
        place--;
    if (place == MISTAKES_MAX)
        return;
    if (!keep_texts(&mistake, assessed)) {
        buffer_release(&mistake.bytes);
        assessment->failed = true;
        return;
    }
    if (assessment->n_mistakes == MISTAKES_MAX)
        release_mistake(&assessment->mistakes[--assessment->n_mistakes]);
    memmove(assessment->mistakes + place + 1, assessment->mistakes + place,
            (assessment->n_mistakes - place) * sizeof mistake);
    assessment->mistakes[place] = mistake;
    assessment->n_mistakes++;
}

static void keep_mistakes(struct assessment *assessment, const struct judgement *judgement,
                          const struct assessed *assessed)
{
    for (size_t topic = 0; topic < assessment->evaluation.n_topics; topic++) {
        bool truth = judgement->truth[topic], given = judgement->given[topic];
        if (truth == given || (given && judgement->either[topic]))
            continue;
        add_mistake(assessment,
                    (struct mistake){.topic = topic,
                                     .document = assessment->evaluation.documents - 1,
                                     .given = given,
                                     .score = judgement->score[topic],
                                     .probability = judgement->probability != NULL
                                                        ? judgement->probability[topic]
                                                        : (double)NAN,
                                     .sureness = sureness_of(assessment, judgement, topic)},
                    assessed);
    }
}

void assessment_add(struct assessment *assessment, struct judgement judgement,
                    struct assessed assessed)
{
    evaluation_add(&assessment->evaluation, judgement);
    hash_text(assessment, assessed.title);
    hash_text(assessment, assessed.text);
    XXH3_64bits_update(assessment->hash, judgement.truth,
                       assessment->evaluation.n_topics * sizeof *judgement.truth);
    if (!assessment->keeps_decisions || assessment->failed)
        return;
    keep_decisions(assessment, &judgement);
    keep_mistakes(assessment, &judgement, &assessed);
}

/* ---- curves ---- */

static bool make_curves(struct assessment *assessment)
{
    size_t n = assessment->evaluation.n_topics, documents = assessment->evaluation.documents;
    struct scored *scores = array_new(documents, sizeof *scores);
    assessment->curves = array_new(n, sizeof *assessment->curves);
    bool good = scores != NULL && assessment->curves != NULL;
    for (size_t topic = 0; good && topic < n; topic++) {
        size_t n_scores = 0;
        for (size_t i = topic; i < documents * n; i += n)
            if (assessment->kinds[i] != KIND_EITHER)
                scores[n_scores++] = (struct scored){(double)assessment->scores[i],
                                                     assessment->kinds[i] == KIND_TRUE};
        curve_make(&assessment->curves[topic], scores, n_scores);
    }
    free(scores);
    return good;
}

/* ---- confusions ---- */

/* Pairs of topics, a document each; a topic missed and one wrongly given, or n_topics for none. */
struct pairs {
    uint64_t *items; /* topic * (n_topics + 1) + taken_for */
    size_t n, capacity;
    bool failed;
};

static void add_pair(struct pairs *pairs, size_t n_topics, size_t topic, size_t taken_for)
{
    if (pairs->failed ||
        !array_reserve(&pairs->items, &pairs->capacity, pairs->n + 1, sizeof *pairs->items))
        pairs->failed = true;
    else
        pairs->items[pairs->n++] = (uint64_t)topic * (n_topics + 1) + taken_for;
}

/* The topics among a document's outcomes [start, end) that were missed, each against those that
 * were given wrongly. */
static void add_pairs(struct pairs *pairs, const struct evaluation *evaluation, size_t start,
                      size_t end)
{
    size_t n = evaluation->n_topics;
    bool any_missed = false, any_extra = false;
    for (size_t i = start; i < end; i++) {
        enum outcome outcome = outcomes_item(&evaluation->outcomes, i).outcome;
        any_missed = any_missed || outcome == OUTCOME_MISSED;
        any_extra = any_extra || outcome == OUTCOME_EXTRA;
    }
    for (size_t i = start; i < end; i++) {
        struct outcome_item item = outcomes_item(&evaluation->outcomes, i);
        if (item.outcome == OUTCOME_EXTRA && !any_missed)
            add_pair(pairs, n, n, item.topic);
        if (item.outcome == OUTCOME_MISSED && !any_extra)
            add_pair(pairs, n, item.topic, n);
        for (size_t k = start; k < end && item.outcome == OUTCOME_MISSED; k++) {
            struct outcome_item other = outcomes_item(&evaluation->outcomes, k);
            if (other.outcome == OUTCOME_EXTRA)
                add_pair(pairs, n, item.topic, other.topic);
        }
    }
}

static int by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static int by_documents(const void *left, const void *right)
{
    const struct confusion *a = left, *b = right;
    if (a->documents != b->documents)
        return a->documents < b->documents ? 1 : -1;
    if (a->topic != b->topic)
        return a->topic < b->topic ? -1 : 1;
    return a->taken_for < b->taken_for ? -1 : a->taken_for > b->taken_for;
}

static bool find_confusions(struct assessment *assessment)
{
    const struct evaluation *evaluation = &assessment->evaluation;
    size_t start = 0, n = 0, side = evaluation->n_topics + 1;
    struct pairs pairs = {0};
    for (size_t i = 0; i < evaluation->documents; i++) {
        add_pairs(&pairs, evaluation, start, evaluation->outcomes.ends[i]);
        start = evaluation->outcomes.ends[i];
    }
    struct confusion *confusions = pairs.failed ? NULL : array_new(pairs.n, sizeof *confusions);
    if (confusions == NULL) {
        free(pairs.items);
        return false;
    }
    if (pairs.n > 0)
        qsort(pairs.items, pairs.n, sizeof *pairs.items, by_number);
    for (size_t i = 0; i < pairs.n; i++) {
        if (i == 0 || pairs.items[i] != pairs.items[i - 1])
            confusions[n++] =
                (struct confusion){(size_t)pairs.items[i] / side, (size_t)pairs.items[i] % side, 0};
        confusions[n - 1].documents++;
    }
    if (n > 0)
        qsort(confusions, n, sizeof *confusions, by_documents);
    assessment->confusions = confusions;
    assessment->n_confusions = n < CONFUSIONS_MAX ? n : CONFUSIONS_MAX;
    free(pairs.items);
    return true;
}

bool assessment_finish(struct assessment *assessment, unsigned n_threads)
{
    if (assessment->failed || !evaluation_estimate(&assessment->evaluation, n_threads))
        return false;
    return !assessment->keeps_decisions || (make_curves(assessment) && find_confusions(assessment));
}

/* ---- why ---- */

static bool keep_phrase(struct mistake *mistake, const fenlei_phrase *phrase)
{
    struct mistake_phrase *kept = &mistake->phrases[mistake->n_phrases];
    kept->text = array_new(phrase->text.size + 1, 1);
    if (kept->text == NULL)
        return false;
    memcpy(kept->text, phrase->text.bytes, phrase->text.size);
    kept->share = phrase->share;
    mistake->n_phrases++;
    return true;
}

fenlei_status assessment_explain(struct assessment *assessment, fenlei_labeler *labeler,
                                 fenlei_error *error)
{
    for (size_t i = 0; i < assessment->n_mistakes; i++) {
        struct mistake *mistake = &assessment->mistakes[i];
        fenlei_article article;
        fenlei_why why;
        fenlei_status status = fenlei_label_record(labeler, mistake->of.title, mistake->of.text,
                                                   NULL, &article, error);
        if (status == FENLEI_OK)
            status = fenlei_explain(labeler, 0, mistake->topic, &why, error);
        if (status != FENLEI_OK)
            return status;
        for (size_t k = 0; k < why.n_phrases && k < MISTAKE_PHRASES; k++)
            if (!keep_phrase(mistake, &why.phrases[k]))
                return error_memory(error);
        mistake->explained = true;
    }
    return FENLEI_OK;
}

/* ---- JSON ---- */

static void json_double(struct buffer *out, const char *key, double value)
{
    json_key(out, key);
    json_number(out, value, 6);
}

static void json_curves(const struct assessment *assessment, struct buffer *out)
{
    json_key(out, "curves");
    for (size_t topic = 0; topic < assessment->evaluation.n_topics; topic++) {
        const struct curve *curve = &assessment->curves[topic];
        buffer_append_string(out, topic == 0 ? "[{" : ",{");
        json_text(out, "topic", text_of(assessment->ids[topic]));
        json_double(out, "average_precision", curve->average_precision);
        json_double(out, "threshold", assessment->cuts[topic].threshold);
        json_double(out, "threshold_probability", assessment->cuts[topic].probability);
        json_key(out, "points");
        buffer_append_string(out, "[");
        for (size_t i = 0; i < curve->n_points; i++) {
            const struct curve_point *point = &curve->points[i];
            buffer_append_string(out, i == 0 ? "{" : ",{");
            json_double(out, "recall", point->recall);
            json_double(out, "precision", point->precision);
            json_double(out, "threshold", point->threshold);
            buffer_append_string(out, "}");
        }
        buffer_append_string(out, "]}");
    }
    buffer_append_string(out, "]");
}

static void json_bins(const struct evaluation *evaluation, struct buffer *out)
{
    json_key(out, "reliability");
    buffer_append_string(out, "[");
    bool first = true;
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        const struct bin *bin = &evaluation->bins[i];
        if (bin->n == 0)
            continue;
        buffer_append_string(out, first ? "{" : ",{");
        first = false;
        json_double(out, "from", (double)i / CALIBRATION_BINS);
        json_double(out, "to", (double)(i + 1) / CALIBRATION_BINS);
        json_count(out, "decisions", bin->n);
        json_count(out, "positives", bin->positives);
        json_double(out, "mean_probability", bin->probability / (double)bin->n);
        buffer_append_string(out, "}");
    }
    buffer_append_string(out, "]");
}

/* A topic's id, or null for none. */
static void json_topic(const struct assessment *assessment, const char *key, size_t topic,
                       struct buffer *out)
{
    json_key(out, key);
    if (topic < assessment->evaluation.n_topics)
        json_string(out, text_of(assessment->ids[topic]));
    else
        buffer_append_string(out, "null");
}

static void json_confusions(const struct assessment *assessment, struct buffer *out)
{
    json_key(out, "confusions");
    buffer_append_string(out, "[");
    for (size_t i = 0; i < assessment->n_confusions; i++) {
        buffer_append_string(out, i == 0 ? "{" : ",{");
        json_topic(assessment, "topic", assessment->confusions[i].topic, out);
        json_topic(assessment, "taken_for", assessment->confusions[i].taken_for, out);
        json_count(out, "documents", assessment->confusions[i].documents);
        buffer_append_string(out, "}");
    }
    buffer_append_string(out, "]");
}

void json_assessed(const struct assessed *assessed, struct buffer *out)
{
    json_file(out, assessed->file);
    if (assessed->line > 0)
        json_count(out, "line", assessed->line);
    if (assessed->id.size > 0) {
        json_key(out, "id");
        buffer_append_text(out, assessed->id);
    }
    if (assessed->title.size > 0)
        json_text(out, "title", assessed->title);
}

static void json_mistake(const struct assessment *assessment, const struct mistake *mistake,
                         struct buffer *out)
{
    buffer_append_string(out, "{");
    json_assessed(&mistake->of, out);
    json_topic(assessment, "topic", mistake->topic, out);
    json_key(out, "given");
    buffer_append_string(out, mistake->given ? "true" : "false");
    json_double(out, "probability", mistake->probability);
    json_double(out, "score", mistake->score);
    if (mistake->explained) {
        json_key(out, "why");
        buffer_append_string(out, "[");
        for (size_t i = 0; i < mistake->n_phrases; i++) {
            buffer_append_string(out, i == 0 ? "{" : ",{");
            json_text(out, "text", text_of(mistake->phrases[i].text));
            json_double(out, "share", mistake->phrases[i].share);
            buffer_append_string(out, "}");
        }
        buffer_append_string(out, "]");
    }
    buffer_append_string(out, "}");
}

void assessment_json(const struct assessment *assessment, struct buffer *out)
{
    buffer_append_string(out, "{");
    evaluation_json_fields(&assessment->evaluation, assessment->ids, assessment->names, out);
    json_key(out, "data_hash");
    buffer_append_format(out, "\"%016llx\"", (unsigned long long)assessment_hash(assessment));
    if (assessment->keeps_decisions) {
        json_curves(assessment, out);
        json_bins(&assessment->evaluation, out);
        json_confusions(assessment, out);
        json_key(out, "mistakes");
        buffer_append_string(out, "[");
        for (size_t i = 0; i < assessment->n_mistakes; i++) {
            buffer_append_string(out, i == 0 ? "" : ",");
            json_mistake(assessment, &assessment->mistakes[i], out);
        }
        buffer_append_string(out, "]");
    }
    buffer_append_string(out, "}");
}
