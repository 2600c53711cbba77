/* SPDX-License-Identifier: BSD-3-Clause */
/* Records <- lines of JSON: labelled and unlabelled articles.
 *
 * Most are read without a tree (json_flat.h), others by cJSON (json_tree.h). Keys given twice are
 * refused where they are asked for. In a field of a record that nobody asks for, \u0000 and half a
 * surrogate pair do no harm. */
#ifndef BASE_RECORD_H
#define BASE_RECORD_H

#include "base/json_flat.h"
#include "base/memory.h"

enum { RECORD_LABELS_MAX = 1024 };

/* One labelled or unlabelled article. */
struct record {
    fenlei_text id; /* JSON of any kind, to be written again; empty when there is none */
    fenlei_text title, text;
    fenlei_text date;    /* as it stands there; no bytes when there is none, or no string */
    fenlei_text *labels; /* [n_labels] */
    size_t n_labels;
    fenlei_text *either; /* [n_either] labels to be scored neither way */
    size_t n_either;
    bool is_labelled; /* has a field `labels`, even an empty one; after record_parse_labels() */

    struct json_flat flat;        /* its members, where the line is read without a tree */
    fenlei_text line;             /* that it was read from */
    void *json;                   /* cJSON's tree, or NULL */
    struct buffer id_text, plain; /* `plain`: what strings with escapes stand for */
};

/* Reads {"text": ..., "title": ..., "id": ...}; only text must be there, other fields may hold
 * anything. The record's texts stay until record_release(), which must follow also after an error
 * (the id may have been read); so must the line. `record` must be all zero. */
fenlei_status record_parse(struct record *record, const char *line, size_t size,
                           fenlei_error *error);
void record_release(struct record *record);

/* Is that a name that other programs give to what is "text" here: content, 正文? */
bool record_is_text_name(const char *name);

/* Its "date" as it stands there, of a record that record_parse() has read; no bytes where there is
 * none that is one string. It points into the record. */
fenlei_text record_date(const struct record *record);

/* The fields of a record other than id, title and text, as they were written in the line, also
 * where record_parse() refused it: each as "name":value, with commas between. Those whose name
 * is_ours() go to *clashing. Appends nothing where there is no object. */
void record_append_others(const struct record *record, bool (*is_ours)(fenlei_text name),
                          struct buffer *others, struct buffer *clashing);

/* Reads "labels": [...], "either": [...] and "date" too, of a record that record_parse() has read.
 */
fenlei_status record_parse_labels(struct record *record, fenlei_error *error);

/* The error of one that has no "labels", and where they may be instead. */
fenlei_status record_refuse_unlabelled(struct record *record, fenlei_error *error);

#endif
