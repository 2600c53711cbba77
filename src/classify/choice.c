#include "classify/choice.h"

#include "base/memory.h"
#include "base/status.h"
#include "command/message.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Is there a model in `folder`, of `base`? *path becomes its name. */
static bool find_in(struct buffer *path, const char *base, const char *folder)
{
    buffer_clear(path);
    buffer_append_format(path, "%s%s/fenlei.model", base, folder);
    return !path->failed && access(path->bytes, F_OK) == 0;
}

/* The shipped model: beside the build tree's bin/, or where `make install` puts it. The system says
 * by which path the program was started, also where /proc is not mounted. */
static bool find_shipped_model(struct buffer *path)
{
    const char *started = (const char *)getauxval(AT_EXECFN);
    char *program = started != NULL ? realpath(started, NULL) : NULL;
    char *slash = program != NULL ? strrchr(program, '/') : NULL;
    bool found = false;
    if (slash != NULL) {
        *slash = '\0';
        found = find_in(path, program, "/../models") || find_in(path, program, "/../share/fenlei");
    }
    free(program);
    return found || find_in(path, "", MODEL_FOLDER);
}

static fenlei_status open_model(const struct settings *settings, fenlei_model **model,
                                fenlei_error *error)
{
    const char *path = settings->model != NULL ? settings->model : getenv("FENLEI_MODEL");
    if (path != NULL && (path == settings->model || path[0] != '\0'))
        return fenlei_model_open(path, model, error);
    struct buffer shipped = {0};
    fenlei_status status;
    if (find_shipped_model(&shipped)) {
        status = fenlei_model_open(shipped.bytes, model, error);
    } else {
        status = FENLEI_BAD_MODEL;
        *error = (fenlei_error){status, "no model: name one with -m FILE or $FENLEI_MODEL, or "
                                        "build the shipped one with \"make model\""};
    }
    buffer_release(&shipped);
    return status;
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

/* *asked becomes an array of what --why names, for the caller to free. */
static enum exit_status find_asked(const struct settings *settings, const fenlei_model *model,
                                   bool **asked)
{
    *asked = array_new(fenlei_topic_count(model), sizeof **asked);
    if (*asked == NULL) {
        message("start", 0, "out of memory");
        return EXIT_INPUT;
    }
    for (size_t i = 0; i < settings->n_why; i++)
        if (!find_topic(model, settings->why[i], *asked)) {
            fenlei_error error;
            error_set(&error, FENLEI_BAD_ARGUMENT, "the model has no topic \"%s\"",
                      settings->why[i]);
            message("--why", 0, error.message);
            return EXIT_USAGE;
        }
    return EXIT_DONE;
}

enum exit_status choice_open(struct choice *choice, const struct settings *settings)
{
    fenlei_error error;
    *choice = (struct choice){.settings = settings};
    fenlei_status status = open_model(settings, &choice->model, &error);
    if (status == FENLEI_OK && settings->evaluate && settings->other_model != NULL)
        status = fenlei_model_open(settings->other_model, &choice->other, &error);
    if (status != FENLEI_OK) {
        message(NULL, 0, error.message);
        return EXIT_MODEL;
    }
    if (!suits(settings, choice->model) ||
        (choice->other != NULL && !suits(settings, choice->other)))
        return EXIT_USAGE;
    return find_asked(settings, choice->model, &choice->asked);
}

void choice_release(struct choice *choice)
{
    free(choice->asked);
    fenlei_model_close(choice->other);
    fenlei_model_close(choice->model);
}
