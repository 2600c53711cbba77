/* SPDX-License-Identifier: BSD-3-Clause */
/* Filling a fenlei_error. Every module reports through it; none prints. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "fenlei.h"

/* Writes status and message (a printf format) into *error where it is not NULL; returns status. Of
 * a message that is too long the middle is left out. */
fenlei_status error_set(fenlei_error *error, fenlei_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The common one. */
fenlei_status error_memory(fenlei_error *error);

/* path: cannot WHAT: as errno has it. */
fenlei_status error_io(fenlei_error *error, const char *path, const char *what);

#ifdef __clang_analyzer__
/* It does not see status.c: what an error returns is never FENLEI_OK. */
#define error_set(error, status, ...) (error_set(error, status, __VA_ARGS__), (status))
#define error_memory(error) (error_memory(error), FENLEI_NO_MEMORY)
#define error_io(error, path, what) (error_io(error, path, what), FENLEI_IO)
#endif

/* Puts "name: " or, with line > 0, "name:line: " before the message. Returns error's status. */
fenlei_status error_locate(fenlei_error *error, const char *name, size_t line);

#endif
