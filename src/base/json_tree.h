/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON <- cJSON, behind checks for what it lets pass: invalid UTF-8, text behind the value, \u0000
 * (which would cut a string), numbers like 01, and more values than memory is worth. */
#ifndef BASE_JSON_TREE_H
#define BASE_JSON_TREE_H

#include "base/memory.h"

#include <cjson/cJSON.h>

enum { JSON_VALUES_MAX = 1000000 };

/* Parses one JSON value; the tree is the caller's. */
fenlei_status json_tree_parse(cJSON **json, const char *bytes, size_t size, fenlei_error *error);

/* The same of a line that may hold \u0000 and half a surrogate pair: they do no harm in members of
 * an object that nobody asks for, and are an error of those that json_tree_field() is asked for. */
fenlei_status json_tree_parse_mended(cJSON **json, fenlei_text line, fenlei_error *error);

/* The member of an object, which may be null, or NULL where there is none; refuses one given twice,
 * of which a reader could mean either. */
fenlei_status json_tree_member(const cJSON *object, const char *key, const cJSON **field,
                               fenlei_error *error);

/* The same; null is as good as none, and a value with a bad escape an error. */
fenlei_status json_tree_field(const cJSON *object, const char *key, const cJSON **field,
                              fenlei_error *error);

/* A field that is a string, which lies in the tree; *text stays as it is where there is none. */
fenlei_status json_tree_string(const cJSON *object, const char *key, fenlei_text *text,
                               fenlei_error *error);

#endif
