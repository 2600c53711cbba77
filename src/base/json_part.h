/* SPDX-License-Identifier: BSD-3-Clause */
/* Parts of JSON that is known to be valid, as they stand in its text: for what is nested deeper
 * than a record (json.h). */
#ifndef BASE_JSON_PART_H
#define BASE_JSON_PART_H

#include "base/memory.h"

/* The byte behind the string that begins at bytes[at], or size where it does not end. */
size_t json_string_end(const char *bytes, size_t size, size_t at);

/* The value of a member of an object; false where there is none. */
bool json_member(fenlei_text object, const char *key, fenlei_text *value);

/* The member of an object at object.bytes[*at], 0 before the first: its name, a string of JSON, and
 * its value; moves *at behind it. False at the end, and for what is no object. */
bool json_next_member(fenlei_text object, size_t *at, fenlei_text *name, fenlei_text *value);

/* Does a string of JSON stand for this text? */
bool json_string_is(fenlei_text string, fenlei_text text);

/* The element of an array at array.bytes[*at], 0 before the first; moves *at behind it. False at
 * the end, and for what is no array. */
bool json_element(fenlei_text array, size_t *at, fenlei_text *element);

/* NAN for what is no number. */
double json_part_number(fenlei_text value);

/* Appends what a string stands for; false, with nothing appended, for what is no string. */
bool json_part_string(fenlei_text value, struct buffer *out);

#endif
