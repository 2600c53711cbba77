#include "trial.h"

#include "assessment_page.h"
#include "input.h"
#include "json.h"
#include "replace.h"
#include "status.h"

#include <stdio.h>

bool trial_init(struct trial *trial, const struct choice *choice)
{
    const struct settings *settings = choice->settings;
    *trial = (struct trial){.choice = choice};
    if (choice->other != NULL)
        return comparison_init(&trial->comparison,
                               (const fenlei_model *const[]){choice->model, choice->other});
    return assessment_of_model(&trial->assessment, "On the records given", choice->model,
                               settings->options.probability,
                               settings->json || settings->html != NULL);
}

void trial_release(struct trial *trial)
{
    assessment_release(&trial->assessment);
    comparison_release(&trial->comparison);
}

bool trial_prepare(const struct trial *trial, struct item *item)
{
    const struct choice *choice = trial->choice;
    if (choice->other == NULL)
        return judge_init(&item->judge, choice->model, NULL, 0);
    const struct judged_topics *topics = &trial->comparison.topics;
    return judge_init(&item->judge, choice->model, topics, 0) &&
           judge_init(&item->other_judge, choice->other, topics, 1);
}

void trial_judge(const struct trial *trial, fenlei_labeler *labeler, fenlei_labeler *other_labeler,
                 struct item *item)
{
    fenlei_error error;
    fenlei_text line = {item->line.bytes, item->line.size};
    const fenlei_options *options = &trial->choice->settings->options;
    if (input_check_line(&item->line, &error) != FENLEI_OK ||
        judge_line(&item->judge, labeler, line, options, &error) != FENLEI_OK ||
        (trial->choice->other != NULL &&
         judge_line(&item->other_judge, other_labeler, line, options, &error) != FENLEI_OK))
        item_fail(item, item->path, item->source.number, error.message);
}

void trial_add(struct trial *trial, const struct item *item)
{
    if (item->failed) {
        trial->assessment.n_unusable++;
        return;
    }
    const struct record *record = &item->judge.record;
    struct assessed assessed = {item->path, item->source.number, record->id, record->title,
                                record->text};
    if (trial->choice->other != NULL)
        comparison_add(&trial->comparison, judge_result(&item->judge),
                       judge_result(&item->other_judge), assessed);
    else
        assessment_add(&trial->assessment, judge_result(&item->judge), assessed);
}

static fenlei_status write_evaluation_page(struct trial *trial, fenlei_error *error)
{
    if (trial->choice->settings->html == NULL)
        return FENLEI_OK;
    struct buffer page = {0};
    assessment_page(&page, text_of("How well the model does"), &trial->assessment, 1,
                    fenlei_model_card(trial->choice->model));
    fenlei_status status = page.failed
                               ? error_memory(error)
                               : replace_with_text(trial->choice->settings->html,
                                                   (fenlei_text){page.bytes, page.size}, error);
    buffer_release(&page);
    return status;
}

static fenlei_status write_evaluation(struct trial *trial, fenlei_labeler *labeler,
                                      struct buffer *out, fenlei_error *error)
{
    struct assessment *assessment = &trial->assessment;
    if (!assessment_finish(assessment, trial->choice->settings->threads))
        return error_memory(error);
    fenlei_status status = assessment_explain(assessment, labeler, error);
    if (status == FENLEI_OK && trial->choice->settings->json)
        assessment_json(assessment, out);
    else if (status == FENLEI_OK)
        evaluation_table(&assessment->evaluation, assessment->ids, assessment->names, out);
    return status == FENLEI_OK ? write_evaluation_page(trial, error) : status;
}

static fenlei_status write_comparison(struct trial *trial, struct buffer *out, fenlei_error *error)
{
    const char *const names[] = {trial->choice->settings->model,
                                 trial->choice->settings->other_model};
    if (!comparison_finish(&trial->comparison, trial->choice->settings->threads))
        return error_memory(error);
    if (trial->choice->settings->json)
        comparison_json(&trial->comparison, names, out);
    else
        comparison_table(&trial->comparison, names, out);
    return FENLEI_OK;
}

bool trial_print(struct trial *trial, fenlei_labeler *labeler)
{
    struct buffer out = {0};
    fenlei_error error;
    fenlei_status status = trial->choice->other != NULL
                               ? write_comparison(trial, &out, &error)
                               : write_evaluation(trial, labeler, &out, &error);
    if (trial->choice->settings->json)
        buffer_append_string(&out, "\n");
    if (out.failed)
        status = error_memory(&error);
    if (status != FENLEI_OK)
        report("--evaluate", 0, error.message);
    if (!out.failed && status != FENLEI_NO_MEMORY)
        fwrite(out.bytes, 1, out.size, stdout);
    buffer_release(&out);
    return status == FENLEI_OK;
}
