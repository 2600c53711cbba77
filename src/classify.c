/* classify: labels the articles of newspaper pages, or records of JSON lines, with topics. */
#include "assessment.h"
#include "assessment_page.h"
#include "comparison.h"
#include "fenlei.h"
#include "input.h"
#include "json.h"
#include "judge.h"
#include "output.h"
#include "parallel.h"
#include "replace.h"
#include "sheet.h"
#include "status.h"
#include "why.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum exit_status { EXIT_DONE = 0, EXIT_INPUT = 1, EXIT_USAGE = 2, EXIT_MODEL = 3 };

/* Records or files that are read before they are labelled side by side. */
enum { BATCH_ITEMS = 2048, BATCH_BYTES = 8 << 20, BUFFER_KEPT = 64 << 10 };

struct settings {
    const char *model, *other_model; /* the second -m of --evaluate */
    const char *files_from, *html;
    size_t n_models; /* -m given */
    fenlei_options options;
    struct selection selection;
    bool json, jsonl, evaluate, explain, in_colour;
    const char **why; /* [n_why] topics to explain though they are not shown, by id or name */
    size_t n_why, why_capacity;
    unsigned threads;
    char **files; /* [n_files] */
    size_t n_files;
};

/* ---- command line ---- */

enum {
    KEY_WHOLE = 256,
    KEY_JSON,
    KEY_JSONL,
    KEY_ALL,
    KEY_WHY,
    KEY_EVALUATE,
    KEY_HTML,
    KEY_ENCODING,
    KEY_FILES_FROM
};

static const struct argp_option option_table[] = {
    {"model", 'm', "FILE", 0, "the model; else $FENLEI_MODEL or the shipped one", 1},
    {"whole", KEY_WHOLE, NULL, 0, "each FILE is one article: do not split it", 2},
    {"encoding", KEY_ENCODING, "NAME", 0, "of the FILEs, by a name ICU knows; else detected", 2},
    {"jsonl", KEY_JSONL, NULL, 0,
     "read records, one JSON object a line (text, optionally id and title); print one line for "
     "each",
     2},
    {"files-from", KEY_FILES_FROM, "LIST", 0,
     "take the names of the FILEs from the lines of LIST (-: standard input)", 2},
    {"json", KEY_JSON, NULL, 0, "print one JSON object an article", 3},
    {"threshold", 't', "P", 0, "give a topic from probability P, instead of the model's own", 3},
    {"best", 'k', "N", 0, "show the best N topics, whatever the probability", 3},
    {"all", KEY_ALL, NULL, 0, "show every topic, given or not", 3},
    {"explain", 'e', NULL, 0, "show the phrases for and against each topic shown", 3},
    {"why", KEY_WHY, "TOPIC", 0, "explain TOPIC too, by id or name; may be repeated", 3},
    {"html", KEY_HTML, "FILE", 0,
     "write a page to look at, too: the articles, their phrases marked, or the evaluation", 3},
    {"evaluate", KEY_EVALUATE, NULL, 0,
     "print precision, recall, F1 on labelled records; with a second -m FILE, how much better that "
     "model is, and what changes",
     4},
    {"threads", 'j', "N", 0, "threads (default 1; 0: one a processor)", 5},
    {0}};

static double parse_probability(const char *text, struct argp_state *state)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= 0 && value <= 1))
        argp_error(state, "-t takes a number from 0 to 1, not \"%s\"", text);
    return value;
}

static unsigned parse_count(const char *text, unsigned most, const char *option,
                            struct argp_state *state)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || value > most || text[0] == '-')
        argp_error(state, "%s takes a whole number from 0 to %u, not \"%s\"", option, most, text);
    return (unsigned)value;
}

static bool add_why(struct settings *settings, const char *topic)
{
    settings->explain = true;
    if (!array_reserve(&settings->why, &settings->why_capacity, settings->n_why + 1,
                       sizeof *settings->why))
        return false;
    settings->why[settings->n_why++] = topic;
    return true;
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct settings *settings = state->input;
    switch (key) {
    case 'm':
        settings->other_model = settings->model != NULL ? argument : NULL;
        if (settings->model == NULL)
            settings->model = argument;
        settings->n_models++;
        break;
    case KEY_HTML:
        settings->html = argument;
        break;
    case KEY_WHOLE:
        settings->options.whole = true;
        break;
    case KEY_ENCODING:
        settings->options.encoding = argument;
        break;
    case KEY_FILES_FROM:
        settings->files_from = argument;
        break;
    case KEY_JSONL:
        settings->jsonl = true;
        break;
    case KEY_JSON:
        settings->json = true;
        break;
    case 't':
        settings->options.probability = parse_probability(argument, state);
        break;
    case 'k':
        settings->selection.best = parse_count(argument, 1000000, "-k", state);
        break;
    case KEY_ALL:
        settings->selection.all = true;
        break;
    case 'e':
        settings->explain = true;
        break;
    case KEY_WHY:
        if (!add_why(settings, argument))
            return ENOMEM;
        break;
    case KEY_EVALUATE:
        settings->evaluate = true;
        break;
    case 'j':
        settings->threads = parse_count(argument, THREADS_MAX, "-j", state);
        if (settings->threads == 0)
            settings->threads = parallel_processors();
        break;
    case ARGP_KEY_END:
        if (settings->evaluate && settings->n_models > 2)
            argp_error(state, "--evaluate compares two models, not more");
        if (!settings->evaluate && settings->n_models > 1)
            settings->model = settings->other_model; /* the last one counts */
        if (settings->html != NULL && settings->evaluate && settings->n_models == 2)
            argp_error(state, "--html does not go with --evaluate of two models");
        if (settings->jsonl && settings->evaluate)
            argp_error(state, "--jsonl and --evaluate exclude each other");
        if (settings->explain && settings->evaluate)
            argp_error(state, "-e and --why do not go with --evaluate");
        if (settings->options.encoding != NULL && (settings->jsonl || settings->evaluate))
            argp_error(state, "records are UTF-8: --encoding does not go with them");
        if (settings->files_from != NULL && settings->n_files > 0)
            argp_error(state, "--files-from does not go with FILEs");
        break;
    case ARGP_KEY_ARGS:
        settings->files = state->argv + state->next;
        settings->n_files = (size_t)(state->argc - state->next);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

const char *argp_program_version = "classify (fenlei) " FENLEI_VERSION;

static const struct argp parser = {
    option_table,
    parse_option,
    "[FILE]...",
    "Labels the articles of newspaper pages with topics; standard input without FILE, or as -.\v"
    "Limits: a FILE of 64 MiB or 1048576 lines, a record of 16 MiB, of JSON 1000 deep, 1000000 "
    "values or 1024 "
    "labels. What is over one is an error, and the rest is done.\n\n"
    "Exit status: 0 everything labelled, 1 some input failed (the rest was done), 2 wrong usage, 3 "
    "no usable model.",
    NULL,
    NULL,
    NULL};

/* The shipped model: beside the build tree's bin/, or where `make install` puts it. */
static bool find_shipped_model(struct buffer *path)
{
    char program[4096];
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    if (size > 0) {
        program[size] = '\0';
        char *slash = strrchr(program, '/');
        if (slash != NULL)
            *slash = '\0';
        static const char *const places[] = {"/../models/fenlei.model",
                                             "/../share/fenlei/fenlei.model"};
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            buffer_clear(path);
            buffer_append_format(path, "%s%s", program, places[i]);
            if (!path->failed && access(path->bytes, F_OK) == 0)
                return true;
        }
    }
    buffer_clear(path);
    buffer_append_format(path, "%s", PREFIX "/share/fenlei/fenlei.model");
    return !path->failed && access(path->bytes, F_OK) == 0;
}

static fenlei_status open_model(const struct settings *settings, fenlei_model **model,
                                fenlei_error *error)
{
    const char *path = settings->model != NULL ? settings->model : getenv("FENLEI_MODEL");
    if (path != NULL)
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

/* ---- items: files or records, labelled in batches ---- */

struct item {
    struct source source;
    const char *path;       /* of a file, or of the file that the record is from */
    struct buffer line;     /* of a record */
    struct buffer out;      /* what to print */
    struct buffer messages; /* for standard error */
    struct sheet sheet;     /* for --html */
    bool failed;
    struct judge judge, other_judge; /* for --evaluate */
};

struct run {
    const struct settings *settings;
    const fenlei_model *model;
    bool *asked;               /* [topics] those of --why */
    fenlei_labeler **labelers; /* [settings->threads] */
    struct item *items;        /* [BATCH_ITEMS] */
    size_t n_items;
    struct assessment assessment; /* of --evaluate with one model */
    const fenlei_model *other;    /* with two, or NULL */
    fenlei_labeler **other_labelers;
    struct comparison comparison;
    struct gazette gazette; /* for --html without --evaluate */
    bool failed;            /* some input */
};

static void report(const char *name, size_t line, const char *message)
{
    if (line > 0)
        fprintf(stderr, "classify: %s:%zu: %s\n", name, line, message);
    else
        fprintf(stderr, "classify: %s: %s\n", name, message);
}

/* The message is printed in its turn, or at once where there is no memory to keep it. */
static void fail(struct item *item, const char *name, size_t line, const char *message)
{
    item->failed = true;
    buffer_append_format(&item->messages, "classify: %s", name);
    if (line > 0)
        buffer_append_format(&item->messages, ":%zu", line);
    buffer_append_format(&item->messages, ": %s\n", message);
    if (item->messages.failed) {
        buffer_clear(&item->messages);
        report(name, line, message);
    }
}

/* Where -e asks for it, what speaks for and against the topics of article `index`. */
static fenlei_status explain_article(const struct run *run, fenlei_labeler *labeler, size_t index,
                                     const fenlei_article *article, struct buffer *why,
                                     fenlei_error *error)
{
    const struct settings *settings = run->settings;
    if (!settings->explain)
        return FENLEI_OK;
    struct why_options options = {.selection = settings->selection,
                                  .asked = run->asked,
                                  .is_json = settings->json || settings->jsonl,
                                  .with_threshold = isnan(settings->options.probability),
                                  .in_colour = settings->in_colour};
    buffer_clear(why);
    return why_write(why, run->model, labeler, index, article, settings->jsonl, &options, error);
}

/* Article `index` of a page, with why. */
static fenlei_status write_article(const struct run *run, fenlei_labeler *labeler,
                                   struct item *item, struct source source, const fenlei_page *page,
                                   fenlei_error *error)
{
    struct buffer why = {0};
    size_t index = source.number - 1;
    const fenlei_article *article = &page->articles[index];
    struct selection selection = run->settings->selection;
    fenlei_status status = explain_article(run, labeler, index, article, &why, error);
    if (status == FENLEI_OK && run->settings->json) {
        output_json(&item->out, run->model, source, page, article, selection,
                    (fenlei_text){why.bytes, why.size});
    } else if (status == FENLEI_OK) {
        output_line(&item->out, run->model, source, article, selection);
        buffer_append(&item->out, why.bytes, why.size);
    }
    buffer_release(&why);
    if (status == FENLEI_OK && run->settings->html != NULL)
        status =
            sheet_add(&item->sheet, run->model, labeler, source, index, article, selection, error);
    return status;
}

static const char *name_of(const char *path)
{
    return strcmp(path, "-") == 0 ? "(standard input)" : path;
}

static void label_file(const struct run *run, fenlei_labeler *labeler, struct item *item)
{
    const struct settings *settings = run->settings;
    fenlei_error error;
    fenlei_page page;
    struct buffer bytes = {0};
    const char *name = name_of(item->path);
    fenlei_status status = input_read(item->path, &bytes, &error);
    if (status == FENLEI_OK)
        status =
            fenlei_label_page(labeler, bytes.bytes, bytes.size, &settings->options, &page, &error);
    if (status != FENLEI_OK) {
        fail(item, name, 0, error.message);
        sheet_add_fault(&item->sheet, 0, error.message);
        buffer_release(&bytes);
        return;
    }
    if (page.substitutions > 0) {
        struct buffer message = {0};
        buffer_append_format(&message, "not valid %s: %zu invalid sequence%s replaced from here on",
                             page.encoding, page.substitutions, page.substitutions > 1 ? "s" : "");
        const char *text = message.failed ? "invalid" : message.bytes;
        fail(item, name, page.substitutions_line, text);
        sheet_add_fault(&item->sheet, page.substitutions_line, text);
        buffer_release(&message);
    }
    for (size_t i = 0; i < page.n_articles && status == FENLEI_OK; i++) {
        struct source source = {.file = name, .number = i + 1};
        status = write_article(run, labeler, item, source, &page, &error);
        if (status != FENLEI_OK) {
            fail(item, name, page.articles[i].lines.first, error.message);
            sheet_add_fault(&item->sheet, page.articles[i].lines.first, error.message);
        }
    }
    buffer_release(&bytes);
}

static void label_record(const struct run *run, fenlei_labeler *labeler, struct item *item)
{
    const struct settings *settings = run->settings;
    struct record record = {0};
    fenlei_error error;
    fenlei_article article;
    struct source source = item->source;
    fenlei_status status = input_check_line(&item->line, &error);
    if (status == FENLEI_OK)
        status = record_parse(&record, item->line.bytes, item->line.size, &error);
    source.id = record.id;
    if (status == FENLEI_OK)
        status = fenlei_label_record(labeler, record.title, record.text, &settings->options,
                                     &article, &error);
    struct buffer why = {0};
    if (status == FENLEI_OK)
        status = explain_article(run, labeler, 0, &article, &why, &error);
    if (status == FENLEI_OK && settings->html != NULL)
        status = sheet_add(&item->sheet, run->model, labeler, source, 0, &article,
                           settings->selection, &error);
    if (status == FENLEI_OK) {
        output_json(&item->out, run->model, source, NULL, &article, settings->selection,
                    (fenlei_text){why.bytes, why.size});
    } else {
        item->failed = true;
        output_json_error(&item->out, source, error.message);
        sheet_add_fault(&item->sheet, source.number, error.message);
    }
    buffer_release(&why);
    record_release(&record);
}

static void judge_record(const struct run *run, unsigned thread, struct item *item)
{
    fenlei_error error;
    fenlei_text line = {item->line.bytes, item->line.size};
    const fenlei_options *options = &run->settings->options;
    if (input_check_line(&item->line, &error) != FENLEI_OK ||
        judge_line(&item->judge, run->labelers[thread], line, options, &error) != FENLEI_OK ||
        (run->other != NULL && judge_line(&item->other_judge, run->other_labelers[thread], line,
                                          options, &error) != FENLEI_OK))
        fail(item, item->path, item->source.number, error.message);
}

static bool writes_gazette(const struct settings *settings)
{
    return settings->html != NULL && !settings->evaluate;
}

static void keep_judgement(struct run *run, struct item *item)
{
    const struct record *record = &item->judge.record;
    struct assessed assessed = {item->path, item->source.number, record->id, record->title,
                                record->text};
    if (run->other != NULL)
        comparison_add(&run->comparison, judge_result(&item->judge),
                       judge_result(&item->other_judge), assessed);
    else
        assessment_add(&run->assessment, judge_result(&item->judge), assessed);
}

static void work_on(void *context, unsigned thread, size_t i)
{
    struct run *run = context;
    struct item *item = &run->items[i];
    if (run->settings->evaluate)
        judge_record(run, thread, item);
    else if (run->settings->jsonl)
        label_record(run, run->labelers[thread], item);
    else
        label_file(run, run->labelers[thread], item);
}

/* Empties a buffer for the next batch, and gives back the memory of an unusually large one. */
static void shed(struct buffer *buffer)
{
    if (buffer->capacity > BUFFER_KEPT)
        buffer_release(buffer);
    else
        buffer_clear(buffer);
}

/* Labels what has been gathered and prints it in order; false when standard output fails. */
static bool flush_batch(struct run *run)
{
    bool good = true;
    parallel_for(run->n_items, run->settings->threads, work_on, run);
    for (size_t i = 0; i < run->n_items; i++) {
        struct item *item = &run->items[i];
        if (item->out.failed || item->messages.failed) {
            buffer_clear(&item->out);
            buffer_clear(&item->messages);
            fail(item, item->path, item->source.number, "out of memory");
            if (run->settings->jsonl)
                output_json_error(&item->out, item->source, "out of memory");
        }
        if (good && item->out.size > 0)
            good = fwrite(item->out.bytes, 1, item->out.size, stdout) == item->out.size;
        if (item->messages.size > 0)
            fwrite(item->messages.bytes, 1, item->messages.size, stderr);
        if (run->settings->evaluate && !item->failed)
            keep_judgement(run, item);
        else if (run->settings->evaluate)
            run->assessment.n_unusable++;
        judge_clear(&item->judge);
        judge_clear(&item->other_judge);
        if (writes_gazette(run->settings))
            gazette_add(&run->gazette, &item->sheet, name_of(item->path));
        run->failed = run->failed || item->failed;
        sheet_clear(&item->sheet);
        shed(&item->sheet.html);
        shed(&item->line);
        shed(&item->out);
        shed(&item->messages);
        item->failed = false;
    }
    run->n_items = 0;
    return good;
}

static bool run_lines(struct run *run, const char *path)
{
    FILE *file;
    fenlei_error error;
    if (input_open(path, &file, &error) != FENLEI_OK) {
        report(path, 0, error.message);
        run->failed = true;
        return true;
    }
    bool good = true, end = false;
    size_t bytes = 0;
    for (size_t number = 1; good; number++) {
        struct item *item = &run->items[run->n_items];
        item->source = (struct source){.number = number};
        item->path = path;
        if (input_line(file, &item->line, &end, &error) != FENLEI_OK) {
            report(path, number, error.message);
            run->failed = true;
            break;
        }
        if (end)
            break;
        bytes += item->line.size;
        run->n_items++;
        if (run->n_items == BATCH_ITEMS || bytes > BATCH_BYTES) {
            good = flush_batch(run);
            bytes = 0;
        }
    }
    input_close(file);
    return flush_batch(run) && good;
}

static bool run_file(struct run *run, const char *path)
{
    run->items[run->n_items++].path = path;
    return run->n_items < 16 * (size_t)run->settings->threads || flush_batch(run);
}

/* A file by the name that a line of the list gives; the name stays with the item. */
static bool run_listed(struct run *run, struct buffer *name, size_t number)
{
    const struct settings *settings = run->settings;
    fenlei_error error;
    if (input_check_line(name, &error) != FENLEI_OK || memchr(name->bytes, '\0', name->size)) {
        report(settings->files_from, number, "not the name of a file");
        run->failed = true;
        return true;
    }
    buffer_append(name, "", 1);
    if (name->failed) {
        report(settings->files_from, number, "out of memory");
        run->failed = true;
        return true;
    }
    if (settings->jsonl || settings->evaluate)
        return run_lines(run, name->bytes);
    struct buffer *kept = &run->items[run->n_items].line, spare = *kept;
    *kept = *name;
    *name = spare;
    return run_file(run, kept->bytes);
}

static bool run_list(struct run *run)
{
    const char *list = run->settings->files_from;
    FILE *file;
    struct buffer name = {0};
    fenlei_error error;
    bool good = true, end = false;
    fenlei_status status = input_open(list, &file, &error);
    for (size_t number = 1; good && status == FENLEI_OK; number++) {
        status = input_line(file, &name, &end, &error);
        if (status != FENLEI_OK || end)
            break;
        if (name.failed || name.size > 0)
            good = run_listed(run, &name, number);
    }
    if (status != FENLEI_OK) {
        report(list, 0, error.message);
        run->failed = true;
    } else {
        input_close(file);
    }
    buffer_release(&name);
    return good;
}

static bool run_named(struct run *run)
{
    const struct settings *settings = run->settings;
    static char *standard_input[] = {"-"};
    char **files = settings->n_files > 0 ? settings->files : standard_input;
    size_t n_files = settings->n_files > 0 ? settings->n_files : 1;
    bool good = true, lines = settings->jsonl || settings->evaluate;
    for (size_t i = 0; good && i < n_files; i++)
        good = lines ? run_lines(run, files[i]) : run_file(run, files[i]);
    return good;
}

static void free_labelers(fenlei_labeler **labelers, unsigned n)
{
    for (unsigned i = 0; labelers != NULL && i < n; i++)
        fenlei_labeler_free(labelers[i]);
    free(labelers);
}

static fenlei_status write_evaluation_page(struct run *run, fenlei_error *error)
{
    if (run->settings->html == NULL)
        return FENLEI_OK;
    struct buffer page = {0};
    assessment_page(&page, text_of("How well the model does"), &run->assessment, 1,
                    fenlei_model_card(run->model));
    fenlei_status status =
        page.failed
            ? error_memory(error)
            : replace_with_text(run->settings->html, (fenlei_text){page.bytes, page.size}, error);
    buffer_release(&page);
    return status;
}

static fenlei_status write_evaluation(struct run *run, struct buffer *out, fenlei_error *error)
{
    struct assessment *assessment = &run->assessment;
    if (!assessment_finish(assessment, run->settings->threads))
        return error_memory(error);
    fenlei_status status = assessment_explain(assessment, run->labelers[0], error);
    if (status == FENLEI_OK && run->settings->json)
        assessment_json(assessment, out);
    else if (status == FENLEI_OK)
        evaluation_table(&assessment->evaluation, assessment->ids, assessment->names, out);
    return status == FENLEI_OK ? write_evaluation_page(run, error) : status;
}

static fenlei_status write_comparison(struct run *run, struct buffer *out, fenlei_error *error)
{
    const char *const names[] = {run->settings->model, run->settings->other_model};
    if (!comparison_finish(&run->comparison, run->settings->threads))
        return error_memory(error);
    if (run->settings->json)
        comparison_json(&run->comparison, names, out);
    else
        comparison_table(&run->comparison, names, out);
    return FENLEI_OK;
}

/* Nothing is printed, and the run has failed, where memory runs out. */
static void print_evaluation(struct run *run)
{
    struct buffer out = {0};
    fenlei_error error;
    fenlei_status status = run->other != NULL ? write_comparison(run, &out, &error)
                                              : write_evaluation(run, &out, &error);
    if (run->settings->json)
        buffer_append_string(&out, "\n");
    if (out.failed)
        status = error_memory(&error);
    if (status != FENLEI_OK) {
        report("--evaluate", 0, error.message);
        run->failed = true;
    }
    if (!out.failed && status != FENLEI_NO_MEMORY)
        fwrite(out.bytes, 1, out.size, stdout);
    buffer_release(&out);
}

static void write_page(struct run *run)
{
    fenlei_error error;
    if (gazette_write(&run->gazette, run->model, run->settings->html, &error) == FENLEI_OK)
        return;
    fprintf(stderr, "classify: %s\n", error.message);
    run->failed = true;
}

static bool prepare_evaluation(struct run *run)
{
    const struct settings *settings = run->settings;
    const struct judged_topics *topics = NULL;
    bool good;
    if (run->other != NULL) {
        good = comparison_init(&run->comparison,
                               (const fenlei_model *const[]){run->model, run->other});
        topics = &run->comparison.topics;
    } else {
        good = assessment_of_model(&run->assessment, "On the records given", run->model,
                                   settings->options.probability,
                                   settings->json || settings->html != NULL);
    }
    for (size_t i = 0; good && i < BATCH_ITEMS; i++)
        good =
            judge_init(&run->items[i].judge, run->model, topics, 0) &&
            (run->other == NULL || judge_init(&run->items[i].other_judge, run->other, topics, 1));
    return good;
}

/* A labeler a thread; NULL when memory runs out. */
static fenlei_labeler **make_labelers(const fenlei_model *model, unsigned n)
{
    fenlei_error error;
    fenlei_labeler **labelers = array_new(n, sizeof *labelers);
    for (unsigned i = 0; labelers != NULL && i < n; i++)
        if (fenlei_labeler_new(model, &labelers[i], &error) != FENLEI_OK) {
            free_labelers(labelers, n);
            return NULL;
        }
    return labelers;
}

static bool prepare(struct run *run)
{
    run->items = array_new(BATCH_ITEMS, sizeof *run->items);
    run->labelers = make_labelers(run->model, run->settings->threads);
    if (run->other != NULL)
        run->other_labelers = make_labelers(run->other, run->settings->threads);
    return run->items != NULL && run->labelers != NULL &&
           (run->other == NULL || run->other_labelers != NULL) &&
           gazette_init(&run->gazette, fenlei_topic_count(run->model)) &&
           (!run->settings->evaluate || prepare_evaluation(run));
}

static void clean_up(struct run *run)
{
    for (size_t i = 0; run->items != NULL && i < BATCH_ITEMS; i++) {
        buffer_release(&run->items[i].line);
        buffer_release(&run->items[i].out);
        buffer_release(&run->items[i].messages);
        sheet_release(&run->items[i].sheet);
        judge_release(&run->items[i].judge);
        judge_release(&run->items[i].other_judge);
    }
    free_labelers(run->labelers, run->settings->threads);
    free_labelers(run->other_labelers, run->settings->threads);
    free(run->items);
    assessment_release(&run->assessment);
    comparison_release(&run->comparison);
    gazette_release(&run->gazette);
}

static enum exit_status classify(const struct settings *settings, const fenlei_model *model,
                                 const fenlei_model *other, bool *asked)
{
    struct run run = {.settings = settings, .model = model, .other = other, .asked = asked};
    bool good = prepare(&run);
    if (!good) {
        clean_up(&run);
        report("start", 0, "out of memory");
        return EXIT_INPUT;
    }
    good = settings->files_from != NULL ? run_list(&run) : run_named(&run);
    good = good && flush_batch(&run);
    if (good && settings->evaluate)
        print_evaluation(&run);
    if (good && writes_gazette(settings))
        write_page(&run);
    bool failed = run.failed;
    clean_up(&run);
    if (!good || fflush(stdout) != 0 || ferror(stdout)) {
        report("standard output", 0, strerror(errno));
        return EXIT_INPUT;
    }
    return failed ? EXIT_INPUT : EXIT_DONE;
}

/* Asks the library before any file is read. */
static bool knows_encoding(const fenlei_model *model, const fenlei_options *options,
                           fenlei_error *error)
{
    fenlei_labeler *labeler;
    fenlei_page page;
    if (fenlei_labeler_new(model, &labeler, error) != FENLEI_OK)
        return false;
    fenlei_status status = fenlei_label_page(labeler, "", 0, options, &page, error);
    fenlei_labeler_free(labeler);
    return status != FENLEI_BAD_ARGUMENT;
}

/* Marks the topic with that id, or those with that name. */
static bool find_topic(const fenlei_model *model, const char *wanted, bool *asked)
{
    bool found = false;
    for (size_t topic = 0; topic < fenlei_topic_count(model); topic++)
        if (strcmp(fenlei_topic_id(model, topic), wanted) == 0)
            return asked[topic] = true;
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
        report("start", 0, "out of memory");
        return EXIT_INPUT;
    }
    for (size_t i = 0; i < settings->n_why; i++)
        if (!find_topic(model, settings->why[i], *asked)) {
            fprintf(stderr, "classify: --why: the model has no topic \"%s\"\n", settings->why[i]);
            return EXIT_USAGE;
        }
    return EXIT_DONE;
}

/* A terminal whose user wants colour: see no-color.org. */
static bool wants_colour(void)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0') &&
           (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

/* What the options ask of the model, before any file is read. */
static bool suits(const struct settings *settings, const fenlei_model *model)
{
    fenlei_error error;
    if (settings->options.encoding != NULL && !knows_encoding(model, &settings->options, &error)) {
        fprintf(stderr, "classify: %s\n", error.message);
        return false;
    }
    if (!isnan(settings->options.probability) && !fenlei_has_probabilities(model)) {
        fprintf(stderr, "classify: -t needs probabilities, which this model has none of (it was "
                        "trained with --folds 0)\n");
        return false;
    }
    return true;
}

static enum exit_status run_settings(const struct settings *settings)
{
    fenlei_model *model;
    fenlei_error error;
    if (open_model(settings, &model, &error) != FENLEI_OK) {
        fprintf(stderr, "classify: %s\n", error.message);
        return EXIT_MODEL;
    }
    fenlei_model *other = NULL;
    if (settings->evaluate && settings->other_model != NULL &&
        fenlei_model_open(settings->other_model, &other, &error) != FENLEI_OK) {
        fprintf(stderr, "classify: %s\n", error.message);
        fenlei_model_close(model);
        return EXIT_MODEL;
    }
    bool *asked = NULL;
    bool good = suits(settings, model) && (other == NULL || suits(settings, other));
    enum exit_status status = good ? EXIT_DONE : EXIT_USAGE;
    if (status == EXIT_DONE)
        status = find_asked(settings, model, &asked);
    if (status == EXIT_DONE)
        status = classify(settings, model, other, asked);
    free(asked);
    fenlei_model_close(other);
    fenlei_model_close(model);
    return status;
}

int main(int argc, char **argv)
{
    struct settings settings = {.options = fenlei_options_default(), .threads = 1};
    if (!input_fill_standard())
        return EXIT_INPUT;
    signal(SIGXFSZ, SIG_IGN); /* a file-size limit is then an error like a full disk */
    argp_err_exit_status = EXIT_USAGE;
    enum exit_status status = EXIT_INPUT;
    if (argp_parse(&parser, argc, argv, 0, NULL, &settings) != 0) {
        report("start", 0, "out of memory");
    } else {
        settings.in_colour = wants_colour();
        status = run_settings(&settings);
    }
    free(settings.why);
    return (int)status;
}
