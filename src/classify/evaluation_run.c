/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/evaluation_run.h"

#include "base/input.h"
#include "base/record.h"
#include "base/replace.h"
#include "base/status.h"
#include "command/message.h"
#include "html/evaluation_page.h"

#include <stdio.h>

bool evaluation_run_init(struct evaluation_run *run, const struct choice *choice)
{
    const struct settings *settings = choice->settings;
    *run = (struct evaluation_run){.choice = choice};
    if (choice->other != NULL)
        return comparison_init(&run->comparison,
                               (const fenlei_model *const[]){choice->model, choice->other},
                               settings->options.probability);
    return evaluation_of_model(&run->evaluation, "On the records given", choice->model,
                               settings->options.probability,
                               settings->json || settings->html != NULL);
}

void evaluation_run_release(struct evaluation_run *run)
{
    evaluation_release(&run->evaluation);
    comparison_release(&run->comparison);
}

/* Makes the item's evaluators, where it has none yet. */
static bool has_evaluators(const struct choice *choice, struct item *item)
{
    struct evaluator *both = item->evaluators;
    if (both == NULL)
        both = item->evaluators = array_new(2, sizeof *both);
    return both != NULL && (both[0].truth != NULL || evaluator_init(&both[0], choice->model)) &&
           (choice->other == NULL || both[1].truth != NULL ||
            evaluator_init(&both[1], choice->other));
}

static fenlei_status evaluate(struct evaluator *evaluator, fenlei_labeler *labeler,
                              const struct item *item, const fenlei_options *options,
                              fenlei_error *error)
{
    fenlei_status status = evaluate_line(evaluator, labeler, item->line, options, error);
    return status == FENLEI_OK ? evaluator_ask_sketch(evaluator, error) : status;
}

void evaluation_run_record(const struct evaluation_run *run, fenlei_labeler *labeler,
                           fenlei_labeler *other_labeler, struct item *item)
{
    fenlei_error error;
    const fenlei_options *options = &run->choice->settings->options;
    if (item_is_blank(item))
        return;
    if (!has_evaluators(run->choice, item)) {
        item->failed = item->messages.failed = true;
        return;
    }
    if (item_check(item, &error) != FENLEI_OK ||
        evaluate(&item->evaluators[0], labeler, item, options, &error) != FENLEI_OK ||
        (run->choice->other != NULL &&
         evaluate(&item->evaluators[1], other_labeler, item, options, &error) != FENLEI_OK))
        item_fail(item, item->path, item->source.number, error.message);
}

static void tell_left_out(struct messages *messages, struct item *item,
                          const struct evaluator *evaluator, const char *whose)
{
    fenlei_error words;
    if (evaluator_tell_left_out(evaluator, whose, &words) && messages_may(messages))
        message_append(&item->messages, item->path, item->source.number, words.message);
}

void evaluation_run_add(struct evaluation_run *run, struct item *item)
{
    bool two = run->choice->other != NULL;
    if (item_is_blank(item))
        return;
    if (item->failed) {
        run->missing.records++;
        if (!messages_may(&run->unusable))
            buffer_clear(&item->messages);
        return;
    }
    struct evaluator *evaluators = item->evaluators;
    const struct record *record = &evaluators[0].record;
    struct evaluated evaluated = {item->path, item->source.number, record->id, record->title,
                                  record->text};
    tell_left_out(&run->left_out[0], item, &evaluators[0], two ? "A" : "the model");
    if (!two) {
        evaluation_add(&run->evaluation, evaluator_answer(&evaluators[0]), evaluated);
        return;
    }
    tell_left_out(&run->left_out[1], item, &evaluators[1], "B");
    comparison_add(&run->comparison, evaluator_answer(&evaluators[0]),
                   evaluator_answer(&evaluators[1]), evaluated);
}

static fenlei_status write_evaluation_page(struct evaluation_run *run, fenlei_error *error)
{
    if (run->choice->settings->html == NULL)
        return FENLEI_OK;
    struct buffer page = {0};
    evaluation_page(&page, run->choice->settings->language, &run->evaluation, 1,
                    fenlei_model_card(run->choice->model));
    fenlei_status status = page.failed
                               ? error_memory(error)
                               : replace_with_text(run->choice->settings->html,
                                                   (fenlei_text){page.bytes, page.size}, error);
    buffer_release(&page);
    return status;
}

static fenlei_status write_evaluation(struct evaluation_run *run, fenlei_labeler *labeler,
                                      struct buffer *out, fenlei_error *error)
{
    struct evaluation *evaluation = &run->evaluation;
    if (!evaluation_finish(evaluation, run->choice->settings->threads))
        return error_memory(error);
    fenlei_status status = evaluation_explain(evaluation, labeler, error);
    if (status == FENLEI_OK && run->choice->settings->json)
        evaluation_json(evaluation, out);
    else if (status == FENLEI_OK)
        evaluation_table(evaluation, out);
    return status == FENLEI_OK ? write_evaluation_page(run, error) : status;
}

static fenlei_status write_comparison(struct evaluation_run *run, struct buffer *out,
                                      fenlei_error *error)
{
    const char *const names[] = {run->choice->settings->model, run->choice->settings->other_model};
    if (!comparison_finish(&run->comparison, run->choice->settings->threads))
        return error_memory(error);
    if (run->choice->settings->json)
        comparison_json(&run->comparison, names, out);
    else
        comparison_table(&run->comparison, names, out);
    return FENLEI_OK;
}

bool evaluation_run_print(struct evaluation_run *run, fenlei_labeler *labeler)
{
    struct buffer out = {0};
    fenlei_error error;
    bool two = run->choice->other != NULL;
    run->evaluation.missing = run->missing;
    run->comparison.alone[0].missing = run->comparison.alone[1].missing = run->missing;
    messages_end(&run->unusable, "records that cannot be used");
    messages_end(&run->left_out[0], two ? "records with labels that A lacks"
                                        : "records with labels that the model lacks");
    messages_end(&run->left_out[1], "records with labels that B lacks");
    fenlei_status status = run->choice->other != NULL
                               ? write_comparison(run, &out, &error)
                               : write_evaluation(run, labeler, &out, &error);
    if (run->choice->settings->json)
        buffer_append_string(&out, "\n");
    if (out.failed)
        status = error_memory(&error);
    if (status != FENLEI_OK)
        message("--evaluate", 0, error.message);
    if (!out.failed && status != FENLEI_NO_MEMORY)
        fwrite(out.bytes, 1, out.size, stdout);
    buffer_release(&out);
    return status == FENLEI_OK;
}
