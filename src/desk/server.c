/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/server.h"

#include "base/status.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS_MOST = 20000,
    IDLE_SECONDS = 30,  /* without a byte */
    HEAD_SECONDS = 20,  /* until the head of a request is there */
    BODY_SECONDS = 300, /* and then all of its body */
    CONNECTION_MEMORY = 16 << 10,
    BODIES_MOST = 256 << 20, /* bytes of all bodies together */
    PIECE = 64 << 10
};

/* One connection, from its first byte to its last. */
struct client {
    int descriptor;
    time_t since;    /* it waits for a head */
    bool is_waiting; /* for one */
    struct client *next, *previous;
};

struct server {
    struct server_settings settings;
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock; /* of all below */
    struct client *clients;
    size_t bodies; /* bytes of all bodies that are in memory */
    struct server_counts counts;
    bool is_stopping;
    pthread_t watch;
    bool has_watch;
};

/* One request and its answer. */
struct exchange {
    struct buffer uri;
    struct request request;
    struct buffer body;
    size_t counted; /* of server->bodies */
    time_t since;
    bool is_begun;
};

static time_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

/* ---- requests ---- */

static fenlei_text look_up(const struct request *request, enum MHD_ValueKind kind, const char *name)
{
    const char *value = NULL;
    size_t size = 0;
    if (MHD_lookup_connection_value_n(request->connection, kind, name, strlen(name), &value,
                                      &size) != MHD_YES)
        return (fenlei_text){NULL, 0};
    return (fenlei_text){value != NULL ? value : "", value != NULL ? size : 0};
}

fenlei_text request_header(const struct request *request, const char *name)
{
    return look_up(request, MHD_HEADER_KIND, name);
}

fenlei_text request_cookie(const struct request *request, const char *name)
{
    return look_up(request, MHD_COOKIE_KIND, name);
}

static enum method method_of(const char *name)
{
    if (strcmp(name, MHD_HTTP_METHOD_GET) == 0)
        return METHOD_GET;
    if (strcmp(name, MHD_HTTP_METHOD_HEAD) == 0)
        return METHOD_HEAD;
    return strcmp(name, MHD_HTTP_METHOD_POST) == 0 ? METHOD_POST : METHOD_OTHER;
}

/* Called with the address as it was sent; what it returns becomes the exchange of the request. */
static void *begin_exchange(void *context, const char *uri, struct MHD_Connection *connection)
{
    (void)context, (void)connection;
    struct exchange *exchange = array_new(1, sizeof *exchange);
    if (exchange != NULL)
        buffer_append_string(&exchange->uri, uri);
    return exchange;
}

static bool read_head(struct exchange *exchange, struct MHD_Connection *connection,
                      const char *path, const char *method)
{
    struct request *request = &exchange->request;
    const char *mark = memchr(exchange->uri.bytes, '?', exchange->uri.size);
    *request = (struct request){
        .method = method_of(method), .path = text_of(path), .connection = connection};
    request->type = request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE);
    request->body = text_of("");
    if (mark == NULL)
        return true;
    size_t before = (size_t)(mark + 1 - exchange->uri.bytes);
    return fields_parse_encoded(&request->query,
                                (fenlei_text){mark + 1, exchange->uri.size - before});
}

static bool begins(fenlei_text text, const char *prefix)
{
    return text.size >= strlen(prefix) && strncasecmp(text.bytes, prefix, strlen(prefix)) == 0;
}

static bool read_body(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    if (exchange->body.size > 0)
        request->body = (fenlei_text){exchange->body.bytes, exchange->body.size};
    if (begins(request->type, "application/x-www-form-urlencoded"))
        return fields_parse_encoded(&request->form, request->body);
    if (begins(request->type, "multipart/form-data"))
        return fields_parse_multipart(&request->form, request->body, request->type);
    return true;
}

/* ---- answers ---- */

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    MHD_add_response_header(response, name, value);
}

/* Nothing from elsewhere, nothing of ours elsewhere. */
static void add_policy(struct MHD_Response *response)
{
    add_header(response, "Content-Security-Policy",
               "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
               "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    add_header(response, "X-Content-Type-Options", "nosniff");
    add_header(response, "X-Frame-Options", "DENY");
    add_header(response, "Referrer-Policy", "same-origin");
    add_header(response, "Cross-Origin-Opener-Policy", "same-origin");
    add_header(response, "Cross-Origin-Resource-Policy", "same-origin");
}

/* A long answer, piece by piece. */
struct stream {
    struct answer answer;
    struct buffer piece;
    size_t at;
};

static ssize_t read_stream(void *context, uint64_t position, char *bytes, size_t most)
{
    struct stream *stream = context;
    (void)position;
    if (stream->at == stream->piece.size) {
        buffer_clear(&stream->piece);
        stream->at = 0;
        if (!stream->answer.piece(stream->answer.context, &stream->piece))
            return MHD_CONTENT_READER_END_OF_STREAM;
        if (stream->piece.failed || stream->piece.size == 0)
            return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t left = stream->piece.size - stream->at, size = left < most ? left : most;
    memcpy(bytes, stream->piece.bytes + stream->at, size);
    stream->at += size;
    return (ssize_t)size;
}

static void end_stream(void *context)
{
    struct stream *stream = context;
    if (stream->answer.end != NULL)
        stream->answer.end(stream->answer.context);
    buffer_release(&stream->piece);
    free(stream);
}

static struct MHD_Response *stream_response(struct answer *answer)
{
    struct stream *stream = array_new(1, sizeof *stream);
    struct MHD_Response *response =
        stream == NULL ? NULL
                       : MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE, read_stream,
                                                           stream, end_stream);
    if (response == NULL) {
        free(stream);
        if (answer->end != NULL)
            answer->end(answer->context);
        return NULL;
    }
    stream->answer = *answer;
    return response;
}

static struct MHD_Response *make_response(struct answer *answer)
{
    if (answer->piece != NULL)
        return stream_response(answer);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->body.size, answer->body.bytes, MHD_RESPMEM_MUST_FREE);
    if (response != NULL)
        answer->body = (struct buffer){0};
    return response;
}

static void count(struct server *server, unsigned status)
{
    pthread_mutex_lock(&server->lock);
    server->counts.requests++;
    server->counts.refused += status >= 400 && status < 500;
    server->counts.failed += status >= 500;
    pthread_mutex_unlock(&server->lock);
}

/* A header's value ends with the line: what would go on behind it is left out. */
static void add_text_header(struct MHD_Response *response, const char *name, struct buffer *value)
{
    buffer_append(value, "", 1);
    if (value->size > 1 && !value->failed)
        add_header(response, name, value->bytes);
}

static enum MHD_Result send_answer(struct server *server, struct MHD_Connection *connection,
                                   struct answer *answer)
{
    struct MHD_Response *response = answer->body.failed ? NULL : make_response(answer);
    enum MHD_Result result = MHD_NO;
    count(server, response != NULL ? answer->status : MHD_HTTP_INTERNAL_SERVER_ERROR);
    if (response != NULL) {
        add_policy(response);
        add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
                   answer->may_be_kept ? "private, max-age=31536000, immutable" : "no-store");
        if (answer->type != NULL)
            add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
        if (answer->disposition != NULL)
            add_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, answer->disposition);
        add_text_header(response, MHD_HTTP_HEADER_LOCATION, &answer->location);
        add_text_header(response, MHD_HTTP_HEADER_SET_COOKIE, &answer->cookie);
        result = MHD_queue_response(connection, answer->status, response);
        MHD_destroy_response(response);
    }
    buffer_release(&answer->body);
    buffer_release(&answer->location);
    buffer_release(&answer->cookie);
    return result;
}

static enum MHD_Result refuse(struct server *server, struct MHD_Connection *connection,
                              unsigned status, const char *words)
{
    struct answer answer = {.status = status, .type = "text/plain; charset=utf-8"};
    buffer_append_string(&answer.body, words);
    return send_answer(server, connection, &answer);
}

/* ---- one request ---- */

/* The connection waits for no head, or for the next. */
static void set_waiting(struct server *server, struct MHD_Connection *connection, bool is_waiting)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct client *client = info != NULL ? info->socket_context : NULL;
    if (client == NULL)
        return;
    pthread_mutex_lock(&server->lock);
    client->is_waiting = is_waiting;
    client->since = now();
    pthread_mutex_unlock(&server->lock);
}

static bool is_too_large(const struct server *server, const struct request *request)
{
    fenlei_text length = request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return length.bytes != NULL && strtoull(length.bytes, NULL, 10) > server->settings.body_most;
}

static enum MHD_Result begin_request(struct server *server, struct exchange *exchange,
                                     struct MHD_Connection *connection, const char *path,
                                     const char *method)
{
    struct answer answer = {0};
    exchange->is_begun = true;
    exchange->since = now();
    set_waiting(server, connection, false);
    if (exchange->uri.failed || !read_head(exchange, connection, path, method))
        return refuse(server, connection, MHD_HTTP_BAD_REQUEST, "the address has too many parts\n");
    if (!server->settings.admit(server->settings.context, &exchange->request, &answer))
        return send_answer(server, connection, &answer);
    if (is_too_large(server, &exchange->request))
        return refuse(server, connection, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too large\n");
    return MHD_YES;
}

/* Takes a piece of the body; false when it is too much, or takes too long. */
static bool take_piece(struct server *server, struct exchange *exchange, const char *bytes,
                       size_t size)
{
    pthread_mutex_lock(&server->lock);
    bool has_room = server->bodies + size <= BODIES_MOST;
    if (has_room) {
        server->bodies += size;
        exchange->counted += size;
    }
    pthread_mutex_unlock(&server->lock);
    if (!has_room || exchange->body.size + size > server->settings.body_most ||
        now() - exchange->since > BODY_SECONDS)
        return false;
    buffer_append(&exchange->body, bytes, size);
    return !exchange->body.failed;
}

static enum MHD_Result finish_request(struct server *server, struct exchange *exchange,
                                      struct MHD_Connection *connection)
{
    struct answer answer = {.status = MHD_HTTP_OK};
    if (!read_body(exchange))
        return refuse(server, connection, MHD_HTTP_BAD_REQUEST, "the form has too many fields\n");
    server->settings.answer(server->settings.context, &exchange->request, &answer);
    return send_answer(server, connection, &answer);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request)
{
    struct server *server = context;
    struct exchange *exchange = *request;
    (void)version;
    if (exchange == NULL)
        return MHD_NO;
    if (!exchange->is_begun)
        return begin_request(server, exchange, connection, path, method);
    if (*upload_size == 0)
        return finish_request(server, exchange, connection);
    size_t size = *upload_size;
    *upload_size = 0;
    return take_piece(server, exchange, upload, size) ? MHD_YES : MHD_NO;
}

static void end_exchange(void *context, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode reason)
{
    struct server *server = context;
    struct exchange *exchange = *request;
    (void)reason;
    set_waiting(server, connection, true);
    if (exchange == NULL)
        return;
    pthread_mutex_lock(&server->lock);
    server->bodies -= exchange->counted;
    pthread_mutex_unlock(&server->lock);
    fields_release(&exchange->request.query);
    fields_release(&exchange->request.form);
    buffer_release(&exchange->uri);
    buffer_release(&exchange->body);
    free(exchange);
    *request = NULL;
}

/* ---- connections ---- */

static struct client *add_client(struct server *server, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct client *client = array_new(1, sizeof *client);
    if (client == NULL)
        return NULL;
    *client = (struct client){.descriptor = info != NULL ? info->connect_fd : -1,
                              .since = now(),
                              .is_waiting = true,
                              .next = server->clients};
    if (server->clients != NULL)
        server->clients->previous = client;
    server->clients = client;
    server->counts.connections++;
    return client;
}

static void drop_client(struct server *server, struct client *client)
{
    if (client->previous != NULL)
        client->previous->next = client->next;
    else
        server->clients = client->next;
    if (client->next != NULL)
        client->next->previous = client->previous;
    server->counts.connections--;
    free(client);
}

static void note_connection(void *context, struct MHD_Connection *connection, void **socket,
                            enum MHD_ConnectionNotificationCode code)
{
    struct server *server = context;
    pthread_mutex_lock(&server->lock);
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *socket = add_client(server, connection);
    else if (*socket != NULL)
        drop_client(server, *socket);
    pthread_mutex_unlock(&server->lock);
}

/* Ends connections that send the head of a request for too long: a byte now and then keeps those
 * alive that are only looked at for being idle. */
static void *watch(void *context)
{
    struct server *server = context;
    for (bool stops = false; !stops;) {
        sleep(1);
        time_t oldest = now() - HEAD_SECONDS;
        pthread_mutex_lock(&server->lock);
        for (struct client *client = server->clients; client != NULL; client = client->next)
            if (client->is_waiting && client->since < oldest)
                shutdown(client->descriptor, SHUT_RDWR);
        stops = server->is_stopping;
        pthread_mutex_unlock(&server->lock);
    }
    return NULL;
}

/* ---- start and end ---- */

/* Each connection is a file of this process. */
static unsigned connections_most(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 256;
    rlim_t wanted = CONNECTIONS_MOST + 200;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur > 400 ? (unsigned)limit.rlim_cur - 200 : (unsigned)limit.rlim_cur / 2;
}

union address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static bool parse_address(const struct server_settings *settings, union address *address)
{
    *address = (union address){0};
    if (inet_pton(AF_INET, settings->address, &address->four.sin_addr) == 1) {
        address->four.sin_family = AF_INET;
        address->four.sin_port = htons((uint16_t)settings->port);
        return true;
    }
    if (inet_pton(AF_INET6, settings->address, &address->six.sin6_addr) != 1)
        return false;
    address->six.sin6_family = AF_INET6;
    address->six.sin6_port = htons((uint16_t)settings->port);
    return true;
}

/* Only errors that end the program are told, and those by server_start(). */
static void keep_quiet(void *context, const char *format, va_list arguments)
{
    (void)context, (void)format, (void)arguments;
}

static struct MHD_Daemon *start_daemon(struct server *server, union address *address)
{
    unsigned most = connections_most();
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG;
    if (address->any.sa_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(flags, (uint16_t)server->settings.port, NULL, NULL, handle, server,
                            MHD_OPTION_EXTERNAL_LOGGER, keep_quiet, NULL, MHD_OPTION_SOCK_ADDR,
                            &address->any, MHD_OPTION_THREAD_POOL_SIZE, server->settings.threads,
                            MHD_OPTION_CONNECTION_LIMIT, most, MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                            (size_t)CONNECTION_MEMORY, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u,
                            MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, server,
                            MHD_OPTION_NOTIFY_COMPLETED, end_exchange, server,
                            MHD_OPTION_NOTIFY_CONNECTION, note_connection, server, MHD_OPTION_END);
}

fenlei_status server_start(const struct server_settings *settings, struct server **server,
                           fenlei_error *error)
{
    union address address;
    *server = NULL;
    if (!parse_address(settings, &address))
        return error_set(error, FENLEI_BAD_ARGUMENT, "\"%s\" is no address of a computer",
                         settings->address);
    struct server *made = array_new(1, sizeof *made);
    if (made == NULL)
        return error_memory(error);
    made->settings = *settings;
    pthread_mutex_init(&made->lock, NULL);
    errno = 0;
    made->daemon = start_daemon(made, &address);
    if (made->daemon == NULL) {
        int reason = errno;
        server_stop(made);
        return error_set(error, FENLEI_IO, "cannot listen on %s, port %u: %s", settings->address,
                         settings->port, reason != 0 ? strerror(reason) : "no reason is known");
    }
    made->has_watch = pthread_create(&made->watch, NULL, watch, made) == 0;
    *server = made;
    return FENLEI_OK;
}

unsigned server_port(const struct server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info != NULL ? info->port : 0;
}

struct server_counts server_counts(struct server *server)
{
    pthread_mutex_lock(&server->lock);
    struct server_counts counts = server->counts;
    pthread_mutex_unlock(&server->lock);
    return counts;
}

void server_stop(struct server *server)
{
    if (server == NULL)
        return;
    pthread_mutex_lock(&server->lock);
    server->is_stopping = true;
    pthread_mutex_unlock(&server->lock);
    if (server->has_watch)
        pthread_join(server->watch, NULL);
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
