/* SPDX-License-Identifier: BSD-3-Clause */
/* Records <- JSON, results -> JSON.
 *
 * Reading is cJSON's, behind checks for what it lets pass: invalid UTF-8, text behind the value,
 * keys given twice, \u0000 (which would cut a string), numbers like 01. In a field of a record that
 * nobody asks for, \u0000 and half a surrogate pair do no harm. Writing appends to a
 * buffer: a result is a few fields, its strings may hold any character, and its numbers do not
 * depend on the locale. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/json_flat.h"
#include "base/memory.h"

enum { RECORD_LABELS_MAX = 1024, JSON_VALUES_MAX = 1000000 };

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

/* The topics file: [{"id": "anti-gang", "name": "扫黑除恶"}, ...]; name is optional. */
struct topic_names {
    size_t n;
    fenlei_text *ids;   /* [n] */
    fenlei_text *names; /* [n] the id where there is no name */
    void *json;
};
fenlei_status topic_names_parse(struct topic_names *topics, const char *bytes, size_t size,
                                fenlei_error *error);
void topic_names_release(struct topic_names *topics);

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
