/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/access.h"

#include "base/input.h"
#include "base/status.h"
#include "desk/view.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* ---- secrets ---- */

static fenlei_status make_secret(char secret[KEY_SIZE], fenlei_error *error)
{
    unsigned char bytes[(KEY_SIZE - 1) / 2];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return error_set(error, FENLEI_IO, "no random numbers: %s", strerror(errno));
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(secret + 2 * i, 3, "%02x", bytes[i]);
    return FENLEI_OK;
}

/* A secret stays the same, so that an address that was kept goes on opening the desk. */
static fenlei_status find_secret(struct desk *desk, const char *name, char secret[KEY_SIZE],
                                 fenlei_error *error)
{
    struct buffer kept = {0};
    fenlei_status status = store_setting(desk->store, name, &kept, error);
    bool is_kept = status == FENLEI_OK && kept.size == KEY_SIZE - 1;
    if (is_kept)
        memcpy(secret, kept.bytes, KEY_SIZE - 1);
    buffer_release(&kept);
    if (status != FENLEI_OK || is_kept)
        return status;
    status = make_secret(secret, error);
    return status == FENLEI_OK ? store_set(desk->store, name, text_of(secret), error) : status;
}

static fenlei_status read_password(struct desk *desk, fenlei_error *error)
{
    struct input input;
    bool end;
    const char *path = desk->settings->password;
    if (path == NULL)
        return FENLEI_OK;
    fenlei_status status = input_open(&input, path, error);
    if (status == FENLEI_OK)
        status = input_line(&input, &desk->password, &end, error);
    input_close(&input);
    if (status == FENLEI_OK && desk->password.size == 0)
        status =
            error_set(error, FENLEI_BAD_INPUT, "its first line is empty, which is no password");
    return status == FENLEI_OK ? status : error_locate(error, path, 0);
}

fenlei_status access_prepare(struct desk *desk, fenlei_error *error)
{
    fenlei_status status = find_secret(desk, "key", desk->key, error);
    if (status == FENLEI_OK)
        status = find_secret(desk, "token", desk->token, error);
    return status == FENLEI_OK ? read_password(desk, error) : status;
}

/* Takes as long for a secret that is nearly right as for one that is not. */
static bool is_secret(fenlei_text given, fenlei_text secret)
{
    unsigned different = given.size != secret.size;
    for (size_t i = 0; i < given.size && i < secret.size; i++)
        different |= (unsigned)(given.bytes[i] ^ secret.bytes[i]);
    return different == 0 && secret.size > 0;
}

/* ---- where a request comes from ---- */

static bool is_address(const struct desk *desk, fenlei_text given, const char *name)
{
    char address[128];
    snprintf(address, sizeof address, strchr(name, ':') != NULL ? "[%s]:%u" : "%s:%u", name,
             desk->port);
    return text_equal(given, text_of(address));
}

/* Behind a proxy the address is the proxy's: whoever gives a password has chosen that. */
static bool is_own_host(const struct desk *desk, fenlei_text host)
{
    return is_address(desk, host, desk->settings->address) || is_address(desk, host, "localhost") ||
           is_address(desk, host, "127.0.0.1") || is_address(desk, host, "::1") ||
           (desk->password.size > 0 && !settings_are_local(desk->settings));
}

static bool is_own_origin(const struct desk *desk, const struct request *request)
{
    fenlei_text origin = request_header(request, "Origin");
    fenlei_text site = request_header(request, "Sec-Fetch-Site");
    if (site.bytes != NULL && !text_equal(site, text_of("same-origin")) &&
        !text_equal(site, text_of("none")))
        return false;
    if (origin.bytes == NULL)
        return true;
    fenlei_text host = request_header(request, "Host");
    const char *colon = memmem(origin.bytes, origin.size, "://", 3);
    if (colon == NULL)
        return false;
    size_t before = (size_t)(colon - origin.bytes) + 3;
    return text_equal((fenlei_text){origin.bytes + before, origin.size - before}, host) &&
           is_own_host(desk, host);
}

/* ---- who asks ---- */

/* The cookie is of this port: browsers share them between the ports of a computer. */
static void cookie_name(const struct desk *desk, char name[32])
{
    snprintf(name, 32, "fenlei_key_%u", desk->port);
}

static bool has_cookie(const struct desk *desk, const struct request *request)
{
    char name[32];
    cookie_name(desk, name);
    return is_secret(request_cookie(request, name), text_of(desk->key));
}

static int value_of(char c)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c != '\0' ? strchr(alphabet, c) : NULL;
    return at != NULL ? (int)(at - alphabet) : -1;
}

/* "Basic" and base64 of name:key, as Label Studio sends it; the name does not matter. */
static bool is_basic(const struct desk *desk, fenlei_text code)
{
    char plain[256];
    size_t size = 0;
    unsigned bits = 0, n = 0;
    for (size_t i = 0; i < code.size && size < sizeof plain; i++) {
        int value = value_of(code.bytes[i]);
        if (value < 0)
            break;
        bits = bits << 6 | (unsigned)value;
        n += 6;
        if (n >= 8)
            plain[size++] = (char)(bits >> (n -= 8) & 0xFF);
    }
    const char *colon = memchr(plain, ':', size);
    if (colon == NULL)
        return false;
    size_t before = (size_t)(colon - plain) + 1;
    return is_secret((fenlei_text){plain + before, size - before}, text_of(desk->key));
}

static bool begins(fenlei_text text, const char *prefix)
{
    return text.size > strlen(prefix) && memcmp(text.bytes, prefix, strlen(prefix)) == 0;
}

static bool has_authorization(const struct desk *desk, const struct request *request)
{
    static const char *const kinds[] = {"Bearer ", "Token "};
    fenlei_text header = request_header(request, "Authorization");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t size = strlen(kinds[i]);
        if (begins(header, kinds[i]))
            return is_secret((fenlei_text){header.bytes + size, header.size - size},
                             text_of(desk->key));
    }
    return begins(header, "Basic ") &&
           is_basic(desk, (fenlei_text){header.bytes + 6, header.size - 6});
}

static bool is_for_programs(const struct request *request)
{
    return begins(request->path, "/api/") || text_equal(request->path, text_of("/metrics"));
}

static void give_cookie(const struct desk *desk, struct answer *answer)
{
    char name[32];
    cookie_name(desk, name);
    buffer_append_format(&answer->cookie,
                         "%s=%s; HttpOnly; SameSite=Strict; Path=/; Max-Age=31536000", name,
                         desk->key);
}

/* The first address: the key goes into the cookie, and out of the address. */
static void let_in(const struct desk *desk, struct answer *answer)
{
    answer->status = 303;
    give_cookie(desk, answer);
    buffer_append_string(&answer->location, "/inbox");
}

/* ---- refusals ---- */

static bool refuse(struct answer *answer, unsigned status, const char *words)
{
    answer->status = status;
    answer->type = "text/plain; charset=utf-8";
    buffer_append_string(&answer->body, words);
    return false;
}

static bool refuse_program(struct answer *answer, unsigned status, const char *words)
{
    answer->status = status;
    answer->type = "application/json";
    buffer_append_format(&answer->body, "{\"error\":\"%s\"}\n", words);
    return false;
}

static void ask_password(struct desk *desk, const struct request *request, struct answer *answer,
                         bool was_wrong)
{
    struct view view = view_of(desk, request, answer);
    answer->status = 403;
    answer->type = "text/html; charset=utf-8";
    put_format(&view, "<!doctype html>\n<html lang=%s><head><meta charset=utf-8><title>",
               language_tag(view.language));
    put_text(&view, TEXT_DESK);
    put(&view, "</title><meta name=viewport content=\"width=device-width, initial-scale=1\">"
               "<link rel=icon href=/desk.svg><link rel=stylesheet "
               "href=/desk.css></head><body><main class=door><h1>");
    put_text(&view, TEXT_DESK);
    put(&view, "</h1>");
    if (was_wrong) {
        put(&view, "<p class=fault role=alert>");
        put_text(&view, TEXT_WRONG_PASSWORD);
        put(&view, "</p>");
    }
    if (desk->password.size == 0) {
        put(&view, "<p>");
        put_text(&view, TEXT_STRANGER);
        put(&view, "</p></main></body></html>\n");
        return;
    }
    put(&view, "<form method=post action=/open><label>");
    put_text(&view, TEXT_PASSWORD);
    put(&view, " <input type=password name=password autocomplete=current-password required></label>"
               "<button>");
    put_text(&view, TEXT_OPEN_DESK);
    put(&view, "</button></form></main></body></html>\n");
}

bool access_admit(struct desk *desk, const struct request *request, struct answer *answer)
{
    bool is_program = is_for_programs(request);
    if (!is_own_host(desk, request_header(request, "Host")))
        return refuse(answer, 403, "This address is not the desk's.\n");
    if (request->method == METHOD_OTHER)
        return refuse(answer, 405, "GET, HEAD and POST alone.\n");
    if (request->method == METHOD_POST && !is_own_origin(desk, request))
        return refuse(answer, 403, "This request came from elsewhere.\n");
    if (has_authorization(desk, request) || (has_cookie(desk, request) && !is_program))
        return true;
    if (is_program && has_cookie(desk, request) && request->method != METHOD_POST)
        return true;
    if (is_program)
        return refuse_program(answer, 401,
                              "the header Authorization must have the desk's key: Bearer KEY");
    if (text_equal(request->path, text_of("/desk.css")) ||
        text_equal(request->path, text_of("/desk.svg")))
        return true;
    if (desk->password.size > 0 && request->method == METHOD_POST &&
        text_equal(request->path, text_of("/open")))
        return true;
    if (desk->password.size == 0 && request->method == METHOD_GET &&
        is_secret(fields_value(&request->query, "key"), text_of(desk->key))) {
        let_in(desk, answer);
        return false;
    }
    ask_password(desk, request, answer, false);
    return false;
}

bool access_has_token(const struct desk *desk, const struct request *request)
{
    return is_secret(fields_value(&request->form, "token"), text_of(desk->token));
}

void access_open(struct desk *desk, const struct request *request, struct answer *answer)
{
    fenlei_text secret = {desk->password.bytes, desk->password.size};
    long now = (long)time(NULL);
    if (now == desk->last_wrong) { /* whoever guesses shall not guess fast */
        refuse(answer, 429, "A wrong password was given this second: try again.\n");
        return;
    }
    if (is_secret(fields_value(&request->form, "password"), secret)) {
        let_in(desk, answer);
        return;
    }
    desk->last_wrong = now;
    ask_password(desk, request, answer, true);
}
