/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/choice.h"

#include "base/folder.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/suggestion.h"
#include "command/message.h"
#include "command/shipped.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static fenlei_status open_models(struct choice *choice, const char *path, fenlei_error *error)
{
    const struct settings *settings = choice->settings;
    if (path == NULL)
        return FENLEI_BAD_MODEL;
    fenlei_status status = fenlei_model_open(path, &choice->model, error);
    if (status == FENLEI_OK && settings->evaluate && settings->other_model != NULL)
        status = fenlei_model_open(settings->other_model, &choice->other, error);
    return status;
}

/* No output may be one of the files that the run reads; a list that can be read but once names its
 * files later (feed.h). */
static enum exit_status check_outputs(const struct settings *settings, const char *model,
                                      struct outputs *outputs)
{
    outputs_begin(outputs, settings->force);
    outputs_add(outputs, "--html", settings->html, &OUTPUT_PAGE);
    if (model != NULL)
        outputs_spare(outputs, "the model", model);
    if (settings->other_model != NULL)
        outputs_spare(outputs, "the model", settings->other_model);
    if (settings->files_from != NULL) {
        outputs_spare(outputs, "--files-from", settings->files_from);
        outputs_spare_listed(outputs, "the input", settings->files_from, settings->ends_at_nul);
    } else if (settings->n_files == 0) {
        outputs_spare(outputs, "the input", "-");
    }
    for (size_t i = 0; i < settings->n_files; i++)
        if (folder_is_one(settings->files[i]))
            outputs_spare_walk(outputs, "the input", settings->files[i], settings->deep);
        else
            outputs_spare(outputs, "the input", settings->files[i]);
    return outputs_check(outputs);
}

/* Asks the library before any file is read. */
static bool knows_encoding(const fenlei_model *model, const fenlei_options *options,
                           fenlei_error *error)
{
    fenlei_labeler *labeler;
    const fenlei_page *page;
    if (fenlei_labeler_new(model, &labeler, error) != FENLEI_OK)
        return false;
    fenlei_status status = fenlei_label_page(labeler, "", 0, options, &page, error);
    fenlei_labeler_free(labeler);
    return status != FENLEI_BAD_ARGUMENT;
}

/* What the options ask of the model, before any file is read. */
static bool suits(const struct settings *settings, const fenlei_model *model)
{
    fenlei_error error;
    if (settings->options.encoding != NULL && !knows_encoding(model, &settings->options, &error)) {
        message(NULL, 0, error.message);
        return false;
    }
    if (!isnan(settings->options.probability) && !fenlei_has_probabilities(model)) {
        message(NULL, 0,
                "-t needs probabilities, which this model has none of (it was trained with --folds "
                "0)");
        return false;
    }
    return true;
}

/* Marks the topic with that id, or those with that name. */
static bool find_topic(const fenlei_model *model, const char *wanted, bool *asked)
{
    size_t one;
    if (fenlei_topic_find(model, text_of(wanted), &one))
        return asked[one] = true;
    bool found = false;
    for (size_t topic = 0; topic < fenlei_topic_count(model); topic++)
        if (strcmp(fenlei_topic_name(model, topic), wanted) == 0)
            found = asked[topic] = true;
    return found;
}

/* Says that there is no such topic, and which is meant: "did you mean 党建 (party-building)?" */
static void refuse_topic(const fenlei_model *model, const char *option, const char *wanted)
{
    struct suggestion suggestion = {.typed = wanted};
    struct buffer text = {0};
    const char *other = NULL;
    for (size_t topic = 0; topic < fenlei_topic_count(model); topic++) {
        const char *id = fenlei_topic_id(model, topic), *name = fenlei_topic_name(model, topic);
        if (suggestion_try(&suggestion, id))
            other = name;
        if (suggestion_try(&suggestion, name))
            other = id;
    }
    buffer_append_format(&text, "the model has no topic \"%s\"", wanted);
    if (other != NULL && strcmp(other, suggestion.nearest) != 0)
        buffer_append_format(&text, "; did you mean %s (%s)?", suggestion.nearest, other);
    else if (other != NULL)
        buffer_append_format(&text, "; did you mean %s?", other);
    buffer_append(&text, "", 1);
    message(option, 0, text.failed ? "out of memory" : text.bytes);
    buffer_release(&text);
}

/* *marked becomes an array of the topics that an option names, for the caller to free. */
static enum exit_status find_topics(const struct names *names, const char *option,
                                    const fenlei_model *model, bool **marked)
{
    *marked = array_new(fenlei_topic_count(model), sizeof **marked);
    if (*marked == NULL) {
        message("start", 0, "out of memory");
        return EXIT_INPUT;
    }
    for (size_t i = 0; i < names->n; i++)
        if (!find_topic(model, names->of[i], *marked)) {
            refuse_topic(model, option, names->of[i]);
            return EXIT_USAGE;
        }
    return EXIT_DONE;
}

/* The files: outputs checked, models opened. */
static enum exit_status open_files(struct choice *choice)
{
    fenlei_error error;
    struct buffer shipped = {0};
    const char *path = shipped_or_named(choice->settings->model, &shipped, &error);
    enum exit_status status = check_outputs(choice->settings, path, choice->outputs);
    if (status == EXIT_DONE && open_models(choice, path, &error) != FENLEI_OK) {
        message(NULL, 0, error.message);
        status = EXIT_MODEL;
    }
    buffer_release(&shipped);
    return status;
}

enum exit_status choice_open(struct choice *choice, const struct settings *settings,
                             struct outputs *outputs)
{
    *choice = (struct choice){.settings = settings, .outputs = outputs};
    enum exit_status status = open_files(choice);
    if (status != EXIT_DONE)
        return status;
    if (!suits(settings, choice->model) ||
        (choice->other != NULL && !suits(settings, choice->other)))
        return EXIT_USAGE;
    status = find_topics(&settings->why, "--why", choice->model, &choice->asked);
    if (status == EXIT_DONE && settings->only.n > 0)
        status = find_topics(&settings->only, "--only", choice->model, &choice->only);
    return status;
}

bool choice_wants(const struct choice *choice, const fenlei_article *article)
{
    size_t n = article->labels != NULL ? fenlei_topic_count(choice->model) : 0;
    if (choice->only == NULL)
        return true;
    for (size_t rank = 0; rank < n; rank++)
        if (article->labels[rank].given && choice->only[article->labels[rank].topic])
            return true;
    return false;
}

void choice_release(struct choice *choice)
{
    free(choice->asked);
    free(choice->only);
    fenlei_model_close(choice->other);
    fenlei_model_close(choice->model);
}
