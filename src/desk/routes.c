/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/routes.h"

#include "desk/access.h"
#include "desk/api.h"
#include "desk/desk_css.h"
#include "desk/desk_js.h"
#include "desk/filter.h"
#include "desk/pages.h"
#include "html/html_css.h"

#include <string.h>

static const struct route {
    const char *path;
    page_answer *show, *change; /* for GET, for POST; NULL: there is none */
} routes[] = {{"/inbox", inbox_show, inbox_take},      {"/articles", list_show, NULL},
              {"/export", list_export, NULL},          {"/next", queue_show, NULL},
              {"/models", models_show, models_change}, {"/topics", topics_show, topics_change},
              {"/figures", figures_show, NULL}};

/* Three chips. */
static const char ICON[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\"><g fill=\"none\" "
    "stroke-width=\"2\"><rect x=\"1\" y=\"1\" width=\"14\" height=\"4\" rx=\"2\" "
    "stroke=\"#3255cd\"/><rect x=\"1\" y=\"6\" width=\"9\" height=\"4\" rx=\"2\" "
    "stroke=\"#c82828\"/><rect x=\"1\" y=\"11\" width=\"12\" height=\"4\" rx=\"2\" "
    "stroke=\"#147d46\"/></g></svg>\n";

/* ---- what is small ---- */

/* Back to the page that the form was on, as far as it is one of the desk's. */
static void go_back(struct view *view)
{
    fenlei_text from = request_header(view->request, "Referer");
    const char *scheme = from.size > 0 ? memmem(from.bytes, from.size, "://", 3) : NULL;
    const char *end = from.bytes + from.size;
    const char *path = scheme != NULL ? memchr(scheme + 3, '/', (size_t)(end - scheme) - 3) : NULL;
    struct buffer address = {0};
    bool is_plain = path != NULL && !(end - path > 1 && (path[1] == '/' || path[1] == '\\'));
    for (const char *at = path; is_plain && at < end; at++)
        is_plain = (unsigned char)*at > ' ' && (unsigned char)*at < 0x7F;
    if (is_plain)
        buffer_append(&address, path, (size_t)(end - path));
    else
        buffer_append_string(&address, "/inbox");
    buffer_append(&address, "", 1);
    view_redirect(view, address.failed ? "/inbox" : address.bytes);
    buffer_release(&address);
}

static void keep_language(struct view *view)
{
    bool is_english = text_equal(fields_value(&view->request->form, "language"), text_of("en"));
    buffer_append_format(&view->answer->cookie,
                         "fenlei_language=%s; SameSite=Strict; Path=/; Max-Age=31536000",
                         is_english ? "en" : "zh");
    go_back(view);
}

static void keep_name(struct view *view)
{
    fenlei_text who = fields_value(&view->request->form, "who");
    who.size = who.size > 120 ? 120 : who.size;
    buffer_append_string(&view->answer->cookie, "fenlei_who=");
    address_append(&view->answer->cookie, who);
    buffer_append_string(&view->answer->cookie, "; HttpOnly; SameSite=Strict; Path=/; "
                                                "Max-Age=31536000");
    go_back(view);
}

static void send_constant(struct answer *answer, const char *type, const char *first,
                          const char *second)
{
    answer->type = type;
    buffer_append_string(&answer->body, first);
    buffer_append_string(&answer->body, second);
}

/* ---- finding ---- */

static bool is_path(const struct request *request, const char *path)
{
    return text_equal(request->path, text_of(path));
}

/* The number in /articles/NUMBER; 0 where it is no such address. */
static int64_t article_of(fenlei_text path)
{
    static const char before[] = "/articles/";
    size_t size = sizeof before - 1;
    int64_t id = 0;
    if (path.size <= size || path.size > size + 18 || memcmp(path.bytes, before, size) != 0)
        return 0;
    for (size_t i = size; i < path.size; i++) {
        if (path.bytes[i] < '0' || path.bytes[i] > '9')
            return 0;
        id = id * 10 + (path.bytes[i] - '0');
    }
    return id;
}

static void answer_post(struct view *view)
{
    const struct request *request = view->request;
    int64_t article = article_of(request->path);
    if (!access_has_token(view->desk, request)) {
        view_fail(view, 403, TEXT_BAD_FORM, NULL);
        return;
    }
    if (is_path(request, "/language")) {
        keep_language(view);
        return;
    }
    if (is_path(request, "/who")) {
        keep_name(view);
        return;
    }
    if (article > 0) {
        article_change(view, article);
        return;
    }
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (is_path(request, routes[i].path) && routes[i].change != NULL) {
            routes[i].change(view);
            return;
        }
    view_fail(view, 404, TEXT_NOT_FOUND, NULL);
}

static void answer_get(struct view *view)
{
    const struct request *request = view->request;
    int64_t article = article_of(request->path);
    if (article > 0) {
        article_show(view, article);
        return;
    }
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (is_path(request, routes[i].path)) {
            routes[i].show(view);
            return;
        }
    view_fail(view, 404, TEXT_NOT_FOUND, NULL);
}

void routes_answer(struct desk *desk, const struct request *request, struct answer *answer)
{
    struct view view = view_of(desk, request, answer);
    if (is_path(request, "/desk.css"))
        send_constant(answer, "text/css; charset=utf-8", html_css, desk_css);
    else if (is_path(request, "/desk.js"))
        send_constant(answer, "text/javascript; charset=utf-8", desk_js, "");
    else if (is_path(request, "/desk.svg"))
        send_constant(answer, "image/svg+xml", ICON, "");
    else if (is_path(request, "/open") && request->method == METHOD_POST)
        access_open(desk, request, answer);
    else if (is_path(request, "/"))
        view_redirect(&view, "/inbox");
    else if (api_answers(request))
        api_answer(desk, request, answer);
    else if (request->method == METHOD_POST)
        answer_post(&view);
    else
        answer_get(&view);
    topics_release(&view.topics);
}
