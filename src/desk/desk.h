/* SPDX-License-Identifier: BSD-3-Clause */
/* The desk while it runs: what its pages and its programs' interface work on. */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include "desk/labelling.h"
#include "desk/server.h"
#include "desk/settings.h"
#include "desk/store.h"

#include <time.h>

struct trainer;

enum { KEY_SIZE = 33 };

struct desk {
    const struct settings *settings;
    struct store *store;
    struct labelling *labelling;
    struct trainer *trainer;
    struct server *server;
    char key[KEY_SIZE];      /* opens the desk */
    char token[KEY_SIZE];    /* stands in its forms */
    struct buffer password;  /* of --password-file; empty: none */
    _Atomic long last_wrong; /* second in which a wrong password was given */
    unsigned port;
    time_t started;
};

#endif
