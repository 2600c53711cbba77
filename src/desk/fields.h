/* SPDX-License-Identifier: BSD-3-Clause */
/* The fields of an address and of a form: names with values, files among them. Takes any bytes. */
#ifndef DESK_FIELDS_H
#define DESK_FIELDS_H

#include "base/memory.h"

#include <stdint.h>

enum { FIELDS_MAX = 2000 };

struct field {
    fenlei_text name, value;
    fenlei_text file_name; /* bytes NULL where it is no file */
};

/* All zero is none. Values point into `bytes`, or into the body that was parsed. */
struct fields {
    struct field *of; /* [n] */
    size_t n, capacity;
    struct buffer bytes;
};

/* Adds a=b&c=d. Both forms: false when memory runs out, or there are more than FIELDS_MAX. */
bool fields_parse_encoded(struct fields *fields, fenlei_text encoded);

/* Adds the parts of a multipart/form-data body, whose boundary stands in its content type. */
bool fields_parse_multipart(struct fields *fields, fenlei_text body, fenlei_text type);
void fields_release(struct fields *fields);

/* The first of that name; no bytes, and "", where there is none. */
fenlei_text fields_value(const struct fields *fields, const char *name);

/* The same as a whole number of at least 0; 0 for what is none. */
int64_t fields_number(const struct fields *fields, const char *name);

#endif
