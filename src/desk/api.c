/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/api.h"

#include "base/json.h"
#include "base/json_part.h"
#include "base/plain.h"
#include "base/record.h"
#include "base/status.h"
#include "command/output.h"
#include "command/reader.h"
#include "desk/export.h"
#include "desk/filter.h"
#include "desk/intake.h"
#include "desk/labels.h"
#include "desk/openapi_json.h"
#include "desk/trainer.h"

#include <string.h>

enum { PAGE_SIZE = 50, PAGE_MOST = 500 };

/* One request of a program. */
struct call {
    struct desk *desk;
    const struct request *request;
    struct answer *answer;
    struct buffer *out;
    int64_t id; /* of the address */
};

static void json_status(struct call *call, unsigned status)
{
    call->answer->status = status;
    call->answer->type = "application/json";
}

static void refuse(struct call *call, unsigned status, const char *words)
{
    buffer_clear(call->out);
    json_status(call, status);
    buffer_append_string(call->out, "{");
    struct buffer plain = {0};
    plain_append_string(&plain, words);
    json_text(call->out, "error", (fenlei_text){plain.bytes, plain.size});
    buffer_append_string(call->out, "}\n");
    buffer_release(&plain);
}

static unsigned status_of(fenlei_status status)
{
    switch (status) {
    case FENLEI_BAD_ARGUMENT:
    case FENLEI_BAD_INPUT:
        return 422;
    case FENLEI_IO:
        return 507;
    default:
        return 500;
    }
}

static void fail(struct call *call, const fenlei_error *error)
{
    refuse(call, status_of(error->status), error->message);
}

static bool is_type(const struct request *request, const char *type)
{
    return text_begins(request->type, type);
}

/* ---- labelling ---- */

static fenlei_status label_page(struct lease *lease, fenlei_text bytes, const char *name,
                                struct buffer *out, fenlei_error *error)
{
    const fenlei_page *page;
    struct document document = {0};
    fenlei_text text;
    fenlei_status status = reader_take(&document, bytes, NULL, &text, error);
    if (status == FENLEI_OK)
        status = fenlei_label_page(lease->labeler, text.bytes, text.size, NULL, &page, error);
    struct source source = {.file = name,
                            .document = document.form != DOCUMENT_ERROR ? &document : NULL};
    for (size_t i = 0; status == FENLEI_OK && i < page->n_articles; i++) {
        source.number = i + 1;
        output_json(out, lease->model, source, page, page->articles[i], (struct selection){0},
                    text_of(""));
    }
    document_release(&document);
    return status;
}

/* A line is answered by a line: an error is one too. */
static fenlei_status label_record(struct lease *lease, fenlei_text line, size_t number,
                                  struct buffer *out, fenlei_error *error)
{
    struct record record = {0};
    const fenlei_article *article;
    fenlei_status status = record_parse(&record, line.bytes, line.size, error);
    if (status == FENLEI_OK)
        status =
            fenlei_label_record(lease->labeler, record.title, record.text, NULL, &article, error);
    struct source source = {.number = number, .id = record.id, .is_record = true};
    if (status == FENLEI_OK)
        output_json(out, lease->model, source, NULL, article, (struct selection){0}, text_of(""));
    else
        output_json_error(out, source, error->message);
    record_release(&record);
    return status;
}

static void label_lines(struct lease *lease, fenlei_text left, struct buffer *out)
{
    fenlei_error error;
    for (size_t number = 1; left.size > 0; number++) {
        const char *end = memchr(left.bytes, '\n', left.size);
        size_t size = end != NULL ? (size_t)(end - left.bytes) : left.size;
        label_record(lease, (fenlei_text){left.bytes, size}, number, out, &error);
        size += end != NULL;
        left = (fenlei_text){left.bytes + size, left.size - size};
    }
}

static void api_label(struct call *call)
{
    struct lease lease;
    fenlei_error error;
    struct buffer name = {0};
    fenlei_text body = call->request->body, given = fields_value(&call->request->query, "file");
    fenlei_status status = lease_take(call->desk->labelling, &lease, &error);
    if (status != FENLEI_OK) {
        fail(call, &error);
        return;
    }
    buffer_append_text(&name, given.size > 0 ? given : text_of("page"));
    buffer_append(&name, "", 1);
    call->answer->type = "application/x-ndjson";
    if (is_type(call->request, "application/x-ndjson")) {
        label_lines(&lease, body, call->out);
    } else if (is_type(call->request, "application/json")) {
        call->answer->type = "application/json";
        status = label_record(&lease, body, 1, call->out, &error);
        if (status != FENLEI_OK)
            fail(call, &error);
    } else {
        status = name.failed ? error_memory(&error)
                             : label_page(&lease, body, name.bytes, call->out, &error);
        if (status != FENLEI_OK)
            fail(call, &error);
    }
    lease_give(&lease);
    buffer_release(&name);
}

/* ---- articles ---- */

struct listed {
    struct buffer *out;
    struct topics topics;
    size_t n;
    int64_t last;
};

static bool list_article(void *context, const struct article *article)
{
    struct listed *listed = context;
    buffer_append_string(listed->out, listed->n++ > 0 ? "," : "");
    export_json(listed->out, &listed->topics, article);
    listed->last = article->id;
    return true;
}

static void json_next(struct call *call, int64_t last, size_t limit)
{
    struct buffer address = {0};
    buffer_append_format(&address, "/api/v1/articles?after=%lld&limit=%zu", (long long)last, limit);
    filter_address(&address, &call->request->query, '&');
    json_text(call->out, "next", (fenlei_text){address.bytes, address.size});
    call->out->failed = call->out->failed || address.failed;
    buffer_release(&address);
}

static void api_articles(struct call *call)
{
    const struct fields *query = &call->request->query;
    struct filter filter = filter_read(query);
    struct listed listed = {.out = call->out};
    struct article cursor = {0};
    fenlei_error error;
    bool more = false;
    size_t limit = (size_t)fields_number(query, "limit");
    limit = limit == 0 ? PAGE_SIZE : limit > PAGE_MOST ? PAGE_MOST : limit;
    int64_t after = fields_number(query, "after");
    json_status(call, 200);
    fenlei_status status = store_topics(call->desk->store, &listed.topics, &error);
    if (after > 0 && !filter_from(&filter, call->desk->store, after, false, &cursor)) {
        refuse(call, 422, "after: there is no such article");
    } else {
        buffer_append_string(call->out, "{\"articles\":[");
        if (status == FENLEI_OK)
            status =
                store_list(call->desk->store, &filter, limit, list_article, &listed, &more, &error);
        buffer_append_string(call->out, "]");
        if (more)
            json_next(call, listed.last, limit);
        else
            buffer_append_string(call->out, ",\"next\":null");
        buffer_append_string(call->out, "}\n");
        if (status != FENLEI_OK)
            fail(call, &error);
    }
    topics_release(&listed.topics);
    article_release(&cursor);
}

static void api_take(struct call *call)
{
    const struct fields *query = &call->request->query;
    fenlei_text name = fields_value(query, "file");
    struct receipt receipt = {0};
    fenlei_error error;
    struct arrival arrival = {.name = name.size > 0 ? name : text_of("page"),
                              .bytes = call->request->body,
                              .day = fields_value(query, "day"),
                              .paper = fields_value(query, "paper"),
                              .text_field = fields_value(query, "text_field"),
                              .title_field = fields_value(query, "title_field"),
                              .label_field = fields_value(query, "label_field"),
                              .label_separator = fields_value(query, "label_separator")};
    if (intake(call->desk->store, call->desk->labelling, &arrival, &receipt, &error) != FENLEI_OK) {
        fail(call, &error);
    } else {
        json_status(call, receipt.is_known ? 200 : 201);
        buffer_append_string(call->out, "{");
        json_count(call->out, "file", (size_t)receipt.file);
        json_count(call->out, "articles", receipt.n_articles);
        json_count(call->out, "unusable", receipt.n_unusable);
        json_key(call->out, "known");
        buffer_append_string(call->out, receipt.is_known ? "true" : "false");
        json_text(call->out, "note", (fenlei_text){receipt.note.bytes, receipt.note.size});
        buffer_append_string(call->out, "}\n");
    }
    buffer_release(&receipt.note);
}

static void show_article(struct call *call, unsigned status, int64_t id)
{
    struct listed listed = {.out = call->out};
    struct article article = {0};
    fenlei_error error;
    json_status(call, status);
    enum store_answer answer = store_article(call->desk->store, id, &article, &error);
    if (answer == STORE_DONE &&
        (article.state == ARTICLE_IS_GONE ||
         store_topics(call->desk->store, &listed.topics, &error) != FENLEI_OK))
        answer = article.state == ARTICLE_IS_GONE ? STORE_MISSING : STORE_FAILED;
    if (answer == STORE_MISSING) {
        refuse(call, 404, "there is no such article");
    } else if (answer == STORE_FAILED) {
        fail(call, &error);
    } else {
        list_article(&listed, &article);
        buffer_append_string(call->out, "\n");
    }
    topics_release(&listed.topics);
    article_release(&article);
}

static void api_article(struct call *call)
{
    show_article(call, 200, call->id);
}

/* ---- corrections ---- */

/* The topics that a body names, as a set; an error for one that there is not. */
static fenlei_status read_set(const struct topics *topics, fenlei_text labels, struct buffer *set,
                              fenlei_error *error)
{
    fenlei_text label;
    for (size_t at = 0; json_element(labels, &at, &label);) {
        struct buffer key = {0};
        json_part_string(label, &key);
        size_t i = 0;
        while (i < topics->n &&
               !text_equal(text_of(topics->of[i].key), (fenlei_text){key.bytes, key.size}))
            i++;
        if (i < topics->n)
            labels_append(set, (struct set_label){topics->of[i].id, (double)NAN});
        else
            error_set(error, FENLEI_BAD_INPUT, "there is no topic \"%.*s\"",
                      key.size < 200 ? (int)key.size : 200, key.bytes != NULL ? key.bytes : "");
        buffer_release(&key);
        if (i == topics->n)
            return FENLEI_BAD_INPUT;
    }
    buffer_append(set, "", 1);
    return set->failed ? error_memory(error) : FENLEI_OK;
}

/* The fields of {"labels": [...], "version": 3, "who": "..."}. */
struct verdict {
    fenlei_text labels;
    int64_t version;
    struct buffer who, set;
};

static fenlei_status read_verdict(struct call *call, const struct topics *topics,
                                  struct verdict *verdict, fenlei_error *error)
{
    fenlei_text body = call->request->body, value;
    fenlei_status status = json_check_object(body, error);
    if (status != FENLEI_OK)
        return status;
    if (!json_member(body, "labels", &verdict->labels) || verdict->labels.bytes[0] != '[')
        return error_set(error, FENLEI_BAD_INPUT, "no \"labels\", an array of topics");
    double version = json_member(body, "version", &value) ? json_part_number(value) : (double)NAN;
    if (!(version >= 1 && version < 1e15))
        return error_set(error, FENLEI_BAD_INPUT,
                         "no \"version\", that of the article as you read it");
    verdict->version = (int64_t)version;
    if (json_member(body, "who", &value))
        json_part_string(value, &verdict->who);
    return read_set(topics, verdict->labels, &verdict->set, error);
}

static enum store_answer judge(struct call *call, struct verdict *verdict, fenlei_error *error)
{
    struct article article = {0};
    enum store_answer answer = store_article(call->desk->store, call->id, &article, error);
    struct correction correction = {.at = (int64_t)time(NULL),
                                    .who = {verdict->who.bytes, verdict->who.size},
                                    .kind = CORRECTION_TOPICS};
    struct article becomes = article;
    becomes.version = verdict->version;
    becomes.judged = (fenlei_text){verdict->set.bytes, verdict->set.size - 1};
    becomes.judged_at = correction.at;
    correction.detail = becomes.judged;
    if (correction.who.bytes == NULL)
        correction.who = text_of("");
    if (answer == STORE_DONE && article.state == ARTICLE_IS_GONE)
        answer = STORE_MISSING;
    if (answer == STORE_DONE)
        answer = store_revise(call->desk->store, &correction, &becomes, 1, error);
    article_release(&article);
    return answer;
}

static void api_correct(struct call *call)
{
    struct topics topics = {0};
    struct verdict verdict = {0};
    fenlei_error error;
    fenlei_status status = store_topics(call->desk->store, &topics, &error);
    if (status == FENLEI_OK)
        status = read_verdict(call, &topics, &verdict, &error);
    if (status != FENLEI_OK) {
        fail(call, &error);
    } else {
        enum store_answer answer = judge(call, &verdict, &error);
        if (answer == STORE_FAILED)
            fail(call, &error);
        else
            show_article(call, answer == STORE_CONFLICT ? 409 : 200, call->id);
    }
    topics_release(&topics);
    buffer_release(&verdict.who);
    buffer_release(&verdict.set);
}

/* ---- models ---- */

static bool list_model(void *context, const struct model_entry *model)
{
    static const char *const states[] = {"current", "kept", "refused"};
    struct listed *listed = context;
    buffer_append_string(listed->out, listed->n++ > 0 ? ",{" : "{");
    json_count(listed->out, "id", (size_t)model->id);
    json_text(listed->out, "state", text_of(states[model->state]));
    json_count(listed->out, "made", (size_t)model->made);
    json_text(listed->out, "detail", model->detail);
    json_key(listed->out, "comparison");
    buffer_append_text(listed->out,
                       model->comparison.size > 0 ? model->comparison : text_of("null"));
    buffer_append_string(listed->out, "}");
    return true;
}

static void api_models(struct call *call)
{
    struct listed listed = {.out = call->out};
    fenlei_error error;
    json_status(call, 200);
    buffer_append_string(call->out, "{\"models\":[");
    fenlei_status status = store_models(call->desk->store, list_model, &listed, &error);
    buffer_append_string(call->out, "]}\n");
    if (status != FENLEI_OK)
        fail(call, &error);
}

static void api_use(struct call *call)
{
    fenlei_error error;
    if (trainer_use(call->desk, call->id, &error) == FENLEI_OK)
        api_models(call);
    else
        refuse(call, error.status == FENLEI_IO ? 404 : 500, error.message);
}

static void api_training(struct call *call)
{
    static const char *const states[] = {"none", "running", "replaced",
                                         "kept", "failed",  "stopped"};
    struct training_report report = trainer_report(call->desk);
    json_status(call, call->answer->status == 202 ? 202 : 200);
    buffer_append_string(call->out, "{");
    json_text(call->out, "state", text_of(states[report.state]));
    json_count(call->out, "started", (size_t)report.started);
    json_count(call->out, "done", report.done);
    json_count(call->out, "all", report.all);
    json_count(call->out, "seconds_left", report.seconds_left);
    json_text(call->out, "message", text_of(report.message));
    json_key(call->out, "relabelling");
    buffer_append_string(call->out, report.is_relabelling ? "true}\n" : "false}\n");
}

static void api_retrain(struct call *call)
{
    fenlei_error error;
    if (trainer_start(call->desk, &error) != FENLEI_OK) {
        refuse(call, error.status == FENLEI_IO ? 507 : 409, error.message);
        return;
    }
    call->answer->status = 202;
    api_training(call);
}

/* ---- Label Studio's ML backend ---- */

/* The value of an attribute in a tag of a labelling interface. */
static void find_attribute(fenlei_text tag, const char *name, struct buffer *value)
{
    size_t size = strlen(name);
    for (size_t at = 1; at + size + 2 < tag.size; at++) {
        const char *here = tag.bytes + at;
        if (here[-1] != ' ' || memcmp(here, name, size) != 0 || here[size] != '=')
            continue;
        char quote = here[size + 1];
        const char *start = here + size + 2;
        const char *end = memchr(start, quote, (size_t)(tag.bytes + tag.size - start));
        if ((quote == '"' || quote == '\'') && end != NULL)
            buffer_append(value, start, (size_t)(end - start));
        return;
    }
}

/* What the interface calls its choices, and what they are about. */
static void read_interface(fenlei_text body, struct buffer *from, struct buffer *to)
{
    fenlei_text config;
    struct buffer xml = {0};
    if (json_member(body, "label_config", &config) || json_member(body, "schema", &config))
        json_part_string(config, &xml);
    const char *tag = xml.size > 0 ? memmem(xml.bytes, xml.size, "<Choices ", 9) : NULL;
    if (tag != NULL) {
        const char *end = memchr(tag, '>', (size_t)(xml.bytes + xml.size - tag));
        size_t size = end != NULL ? (size_t)(end - tag) : 0;
        find_attribute((fenlei_text){tag, size}, "name", from);
        find_attribute((fenlei_text){tag, size}, "toName", to);
    }
    if (from->size == 0)
        buffer_append_string(from, "topics");
    if (to->size == 0)
        buffer_append_string(to, "text");
    buffer_release(&xml);
}

static void json_version(struct call *call, int64_t model)
{
    json_key(call->out, "model_version");
    buffer_append_format(call->out, "\"fenlei-%lld\"", (long long)model);
}

static void studio_health(struct call *call)
{
    json_status(call, 200);
    buffer_append_string(call->out, "{\"status\":\"UP\",\"model_class\":\"fenlei\"}\n");
}

static void studio_setup(struct call *call)
{
    struct lease lease;
    fenlei_error error;
    if (lease_take(call->desk->labelling, &lease, &error) != FENLEI_OK) {
        fail(call, &error);
        return;
    }
    json_status(call, 200);
    buffer_append_string(call->out, "{");
    json_version(call, lease.model_id);
    buffer_append_string(call->out, "}\n");
    lease_give(&lease);
}

/* The choices for one text, and the least sure probability as its score. */
static fenlei_status predict(struct call *call, struct lease *lease, fenlei_text task,
                             const struct buffer *from, const struct buffer *to,
                             fenlei_error *error)
{
    fenlei_text data;
    struct record record = {0};
    const fenlei_article *article;
    if (!json_member(task, "data", &data))
        return error_set(error, FENLEI_BAD_INPUT, "a task without \"data\"");
    fenlei_status status = record_parse(&record, data.bytes, data.size, error);
    if (status == FENLEI_OK)
        status =
            fenlei_label_record(lease->labeler, record.title, record.text, NULL, &article, error);
    if (status == FENLEI_OK) {
        double score = 1;
        bool any = false;
        buffer_append_string(call->out, "{");
        json_version(call, lease->model_id);
        json_key(call->out, "result");
        buffer_append_string(call->out, "[{");
        json_text(call->out, "from_name", (fenlei_text){from->bytes, from->size});
        json_text(call->out, "to_name", (fenlei_text){to->bytes, to->size});
        buffer_append_string(call->out, ",\"type\":\"choices\",\"value\":{\"choices\":[");
        for (size_t i = 0; i < fenlei_topic_count(lease->model); i++) {
            if (!article->labels[i].given)
                continue;
            buffer_append_string(call->out, any ? "," : "");
            json_string(call->out,
                        text_of(fenlei_topic_name(lease->model, article->labels[i].topic)));
            score = article->labels[i].probability;
            any = true;
        }
        buffer_append_string(call->out, "]}}]");
        json_key(call->out, "score");
        json_number(call->out, score, 4);
        buffer_append_string(call->out, "}");
    }
    record_release(&record);
    return status;
}

static void studio_predict(struct call *call)
{
    struct lease lease;
    struct buffer from = {0}, to = {0};
    fenlei_error error;
    fenlei_text tasks = text_of(""), task;
    size_t n = 0;
    fenlei_status status = json_check_object(call->request->body, &error);
    if (status == FENLEI_OK && !json_member(call->request->body, "tasks", &tasks))
        status = error_set(&error, FENLEI_BAD_INPUT, "no \"tasks\"");
    if (status == FENLEI_OK)
        status = lease_take(call->desk->labelling, &lease, &error);
    if (status != FENLEI_OK) {
        fail(call, &error);
        return;
    }
    read_interface(call->request->body, &from, &to);
    json_status(call, 200);
    buffer_append_string(call->out, "{\"results\":[");
    for (size_t at = 0; status == FENLEI_OK && json_element(tasks, &at, &task);) {
        buffer_append_string(call->out, n++ > 0 ? "," : "");
        status = predict(call, &lease, task, &from, &to, &error);
    }
    buffer_append_string(call->out, "]}\n");
    if (status != FENLEI_OK)
        fail(call, &error);
    lease_give(&lease);
    buffer_release(&from);
    buffer_release(&to);
}

/* ---- what is going on ---- */

static void put_metric(struct buffer *out, const char *name, const char *kind, const char *help,
                       double value)
{
    buffer_append_format(out, "# HELP fenlei_%s %s\n# TYPE fenlei_%s %s\nfenlei_%s ", name, help,
                         name, kind, name);
    json_number(out, value, 0);
    buffer_append_string(out, "\n");
}

static void api_metrics(struct call *call)
{
    struct server_counts counts = server_counts(call->desk->server);
    struct training_report report = trainer_report(call->desk);
    struct totals totals;
    fenlei_error error;
    struct buffer *out = call->out;
    if (store_totals(call->desk->store, &totals, &error) != FENLEI_OK) {
        fail(call, &error);
        return;
    }
    call->answer->type = "text/plain; version=0.0.4; charset=utf-8";
    put_metric(out, "requests_total", "counter", "Requests answered.", (double)counts.requests);
    put_metric(out, "requests_refused_total", "counter", "Requests answered by a status of 4xx.",
               (double)counts.refused);
    put_metric(out, "requests_failed_total", "counter", "Requests answered by a status of 5xx.",
               (double)counts.failed);
    put_metric(out, "connections", "gauge", "Connections that are open.", counts.connections);
    put_metric(out, "files", "gauge", "Files in the store.", (double)totals.files);
    put_metric(out, "articles", "gauge", "Articles in the store.", (double)totals.articles);
    put_metric(out, "articles_judged", "gauge", "Articles that a person judged.",
               (double)totals.judged);
    put_metric(out, "corrections_total", "counter", "Corrections kept.",
               (double)totals.corrections);
    put_metric(out, "retraining", "gauge", "1 while a model is trained.",
               report.state == TRAINING_RUNS);
    put_metric(out, "start_time_seconds", "gauge", "When the desk was started.",
               (double)call->desk->started);
}

static void api_description(struct call *call)
{
    json_status(call, 200);
    buffer_append_string(call->out, openapi_json);
}

/* ---- addresses ---- */

typedef void api_call(struct call *call);

/* `*` stands for a number. openapi.json has the same list; a test holds one against the other. */
static const struct {
    const char *path;
    api_call *get, *post;
} calls[] = {{"/metrics", api_metrics, NULL},
             {"/api/v1/openapi.json", api_description, NULL},
             {"/api/v1/label", NULL, api_label},
             {"/api/v1/articles", api_articles, api_take},
             {"/api/v1/articles/*", api_article, NULL},
             {"/api/v1/articles/*/labels", NULL, api_correct},
             {"/api/v1/models", api_models, NULL},
             {"/api/v1/models/*/use", NULL, api_use},
             {"/api/v1/retrain", api_training, api_retrain},
             {"/api/v1/label-studio/health", studio_health, NULL},
             {"/api/v1/label-studio/setup", NULL, studio_setup},
             {"/api/v1/label-studio/predict", NULL, studio_predict}};

static bool matches(const char *pattern, fenlei_text path, int64_t *id)
{
    size_t at = 0;
    for (; *pattern != '\0'; pattern++) {
        if (*pattern != '*') {
            if (at == path.size || path.bytes[at++] != *pattern)
                return false;
            continue;
        }
        size_t start = at;
        for (*id = 0;
             at < path.size && at < start + 18 && path.bytes[at] >= '0' && path.bytes[at] <= '9';
             at++)
            *id = *id * 10 + (path.bytes[at] - '0');
        if (at == start)
            return false;
    }
    return at == path.size;
}

bool api_answers(const struct request *request)
{
    return text_equal(request->path, text_of("/metrics")) || text_begins(request->path, "/api/");
}

void api_answer(struct desk *desk, const struct request *request, struct answer *answer)
{
    struct call call = {.desk = desk, .request = request, .answer = answer, .out = &answer->body};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (!matches(calls[i].path, request->path, &call.id))
            continue;
        api_call *wanted = request->method == METHOD_POST ? calls[i].post : calls[i].get;
        if (wanted != NULL)
            wanted(&call);
        else
            refuse(&call, 405,
                   request->method == METHOD_POST ? "it is read by GET" : "it is asked by POST");
        return;
    }
    refuse(&call, 404, "there is no such address");
}
