/* SPDX-License-Identifier: BSD-3-Clause */
/* HTTP, by libmicrohttpd: requests in, answers out, and limits on whoever is slow or endless.
 *
 * A request is looked at twice: when its head is there, before any of its body is taken, and when
 * all of it is. Both run on any of the server's threads. */
#ifndef DESK_SERVER_H
#define DESK_SERVER_H

#include "base/memory.h"
#include "desk/fields.h"

enum method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_OTHER };

struct request {
    enum method method;
    fenlei_text path; /* decoded */
    struct fields query;
    fenlei_text type, body; /* when all of it is there */
    struct fields form;     /* of the body, where its type is that of a form */
    void *connection;
};

/* The value of a header, or of a cookie; bytes NULL where there is none. */
fenlei_text request_header(const struct request *request, const char *name);
fenlei_text request_cookie(const struct request *request, const char *name);

/* Appends the next piece of a long answer to *out; false, with nothing appended, at its end. */
typedef bool answer_piece(void *context, struct buffer *out);

/* All zero but for what a handler fills. */
struct answer {
    unsigned status;
    const char *type;        /* a constant */
    struct buffer body;      /* taken by the server */
    struct buffer location;  /* of another address; empty: none */
    struct buffer cookie;    /* to be kept by the browser; empty: none */
    const char *disposition; /* a constant; NULL: it is shown */
    bool may_be_kept;        /* by the browser: it does not change while the program runs */

    answer_piece *piece; /* NULL: the body is all there is */
    void (*end)(void *context);
    void *context; /* of both, given back by end() */
};

struct server_settings {
    const char *address; /* 127.0.0.1, ::1, ... */
    unsigned port;       /* 0: any that is free */
    unsigned threads;
    size_t body_most; /* bytes of a body */
    void *context;

    /* May the request go on? Otherwise it fills the answer. */
    bool (*admit)(void *context, const struct request *request, struct answer *answer);
    void (*answer)(void *context, const struct request *request, struct answer *answer);
};

struct server_counts {
    unsigned long requests, refused, failed; /* all; with a status of 4xx; of 5xx */
    unsigned connections;                    /* now */
};

struct server;

fenlei_status server_start(const struct server_settings *settings, struct server **server,
                           fenlei_error *error);
unsigned server_port(const struct server *server);
struct server_counts server_counts(struct server *server);
void server_stop(struct server *server); /* NULL: does nothing */

#endif
