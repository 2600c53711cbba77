/* SPDX-License-Identifier: BSD-3-Clause */
/* The files that a program writes, held against those it reads, before it reads any.
 *
 * A pattern of the shell, a name typed twice or a link makes an output of a file that holds
 * somebody's work. So a program names all its outputs here, then all its inputs, and then asks
 * whether it may begin. Two names are the same file when the system says so (device and inode); of
 * a file that is not there yet, when folder and name are the same. Standard output is one of the
 * outputs. How a file is replaced is in base/replace.h. */
#ifndef COMMAND_OUTPUTS_H
#define COMMAND_OUTPUTS_H

#include "base/memory.h"
#include "command/exit_status.h"

#include <sys/stat.h>

/* What an output may take the place of. */
struct output_kind {
    const char *what;                      /* a file of that kind, in words */
    bool (*begins)(fenlei_text beginning); /* is one of that kind, by its first bytes? */
    bool may_force;                        /* may --force have it replace others? */
};
extern const struct output_kind OUTPUT_MODEL, OUTPUT_PAGE;

enum { OUTPUTS_MAX = 6 };

/* All zero has no outputs. The strings are those given. */
struct outputs {
    struct output {
        const char *option, *path; /* path: NULL for standard output */
        const struct output_kind *kind;
        struct place {
            struct stat file; /* of its folder, where it is not there yet */
            const char *name; /* in that folder; NULL where it is there */
            bool is_known;
        } place;
    } of[OUTPUTS_MAX];
    size_t n;
    bool force;
    bool is_refused; /* and why was said */
    bool is_faulty;  /* memory ran out, or a list could not be read; said likewise */
};

/* Standard output is the first. */
void outputs_begin(struct outputs *outputs, bool force);

/* Adds what an option names; nothing for NULL. */
void outputs_add(struct outputs *outputs, const char *option, const char *path,
                 const struct output_kind *kind);

/* Spares a file that is read, "-" for standard input: an output must not be the same. `role` says
 * what it is read as, in words. Returns false, and says why, when one is. */
bool outputs_spare(struct outputs *outputs, const char *role, const char *path);

/* Spares the files in the folders of a folder, and all of those. */
void outputs_spare_folder(struct outputs *outputs, const char *role, const char *folder);

/* Spares the files that folder_walk() finds. */
void outputs_spare_walk(struct outputs *outputs, const char *role, const char *folder, bool deep);

/* Spares the files that a list names, a name a line or, where `ends_at_nul`, up to each NUL, where
 * it can be read twice. */
void outputs_spare_listed(struct outputs *outputs, const char *role, const char *list,
                          bool ends_at_nul);

/* After all of these: EXIT_DONE when the work may begin. EXIT_USAGE when an output is the same as
 * something else, or would replace what is not of its kind; EXIT_INPUT when one cannot be
 * written. Says why. */
enum exit_status outputs_check(struct outputs *outputs);

#endif
