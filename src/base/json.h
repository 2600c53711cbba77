/* SPDX-License-Identifier: BSD-3-Clause */
/* Results -> JSON: writing appends to a buffer, for a result is a few fields, its strings may hold
 * any character, and its numbers do not depend on the locale. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/memory.h"

/* FENLEI_OK for one JSON object; else an error that says what it is instead. */
fenlei_status json_check_object(fenlei_text text, fenlei_error *error);

/* Calls visit for each member of a JSON object that is a string, a number, true or false, in order;
 * the value is as a person reads it. False when it is no JSON object or memory runs out. */
bool json_visit_plain(fenlei_text object,
                      void (*visit)(void *context, const char *name, fenlei_text value),
                      void *context);

/* A string with its quotes, escaped; `text` is valid UTF-8. */
void json_string(struct buffer *out, fenlei_text text);

/* A JSON value as it was written, on one line: a line break between its parts becomes a space,
 * white space around it is left out, and what a string may hold only escaped is escaped. */
void json_copy(struct buffer *out, fenlei_text json);

/* A number with at most `decimals` (0 to 12) decimals, rounded to nearest, or null where it is not
 * finite. Never in exponent form for |value| < 1e9; at most 9 decimals from 1e6 on. */
void json_number(struct buffer *out, double value, unsigned decimals);

/* "key": and a string. */
void json_text(struct buffer *out, const char *key, fenlei_text text);

/* "file": and a path. Where the path is not UTF-8, its bytes that are none show as U+FFFD, and
 * "file_bytes" follows with all its bytes, percent-escaped as in a URL, so that nothing is lost.
 * Every JSON names a file by this. */
void json_file(struct buffer *out, const char *path);

/* "key": and a whole number. */
void json_count(struct buffer *out, const char *key, size_t count);

/* "key": with a comma before it unless it follows { */
void json_key(struct buffer *out, const char *key);

#endif
