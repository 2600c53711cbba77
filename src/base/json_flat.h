/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON objects read in one pass and without a tree, with their members where nothing is nested in
 * them: what most records are. Whatever is unusual is left to cJSON, which judges what is JSON: an
 * object that is read here is read there with the same members (tests/fuzz/record.c). */
#ifndef BASE_JSON_FLAT_H
#define BASE_JSON_FLAT_H

#include "base/memory.h"

enum { JSON_FLAT_MOST = 16 };

struct json_flat {
    size_t n;
    struct json_flat_member {
        fenlei_text name;  /* without its quotes; no two are equal */
        fenlei_text value; /* as it was written */
    } members[JSON_FLAT_MOST];
};

/* Reads an object of JSON_FLAT_MOST members at most: strings of valid UTF-8, whole numbers, true,
 * false and null; no escapes in names, none of \u in values. False for all else. What *flat holds
 * lies in `text`. */
bool json_flat_read(struct json_flat *flat, fenlei_text text);

/* The same without a look at the members: is it an object, nested 32 deep at most, that cJSON takes
 * too? Of numbers it knows those with a point, and in names the same escapes as in values. False
 * for all else. */
bool json_is_plain(fenlei_text text);

/* The value of a member, without bytes where there is none. */
fenlei_text json_flat_member(const struct json_flat *flat, const char *name);

#endif
