/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of `desk`. */
#ifndef DESK_SETTINGS_H
#define DESK_SETTINGS_H

#include "base/memory.h"

/* Strings are those of argv, or owned. */
struct settings {
    struct buffer folder; /* of the data */
    char address[64];     /* to listen on */
    unsigned port;
    const char *model;    /* NULL: the shipped one */
    const char *password; /* a file; NULL: none */
    const char **corpora; /* [n_corpora] the array is owned; none: the shipped ones */
    size_t n_corpora, corpora_capacity;
    unsigned threads;
    bool is_demo;
};

/* Fills *settings. False when memory runs out; wrong usage and --help end the program, as argp
 * does. settings_release() frees *settings, also then. */
bool settings_parse(int argc, char **argv, struct settings *settings);
void settings_release(struct settings *settings);

/* Is it an address that only this computer reaches? */
bool settings_are_local(const struct settings *settings);

#endif
