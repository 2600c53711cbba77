/* SPDX-License-Identifier: BSD-3-Clause */
/* A file of records in any form that people have, one record after the other as a line of JSON that
 * json.h reads. JSON lines go through as they are; a file's size does not matter, whatever the
 * form.
 *
 *     input, charset -> lines, table rows, JSON values -> export -> draft -> a line of JSON
 *
 * Which form it is is told from the beginning of its content, where the options do not say. */
#ifndef COMMAND_RECORDS_H
#define COMMAND_RECORDS_H

#include "base/input.h"
#include "command/charset.h"
#include "command/header.h"
#include "command/sequence.h"

/* How the records are parted. */
enum container { CONTAINER_LINES, CONTAINER_VALUES, CONTAINER_TABLE, CONTAINER_FASTTEXT };

struct records {
    const struct record_options *options;
    struct input input;
    struct charset charset;
    enum container container;
    char separator;      /* of a table */
    bool is_plain;       /* what is read needs no change */
    bool is_over;        /* nothing more can be read */
    size_t n, n_records; /* read, and of them of use */
    struct export export;
    struct table table;
    struct header header; /* of a table */
    struct sequence sequence;
    fenlei_text ahead;    /* what was read of the file, and not yet looked at */
    struct buffer line;   /* the file's, where it is not the record */
    struct draft draft;   /* the last one */
    struct draft pending; /* the one before it, while others may follow of the same text */
    bool has_pending, at_end;
};

/* Do a file's bytes begin with a row of a table that names a column for the text? */
bool records_are_table(fenlei_text bytes, const struct record_options *options);

/* Opens a file, "-" being standard input, and tells its form. *records is to be released in any
 * case; its message does not name the file. */
fenlei_status records_open(struct records *records, const char *path,
                           const struct record_options *options, enum label_use use,
                           fenlei_error *error);

/* The same of a file's bytes, which stay the caller's. */
fenlei_status records_open_bytes(struct records *records, fenlei_text bytes,
                                 const struct record_options *options, enum label_use use,
                                 fenlei_error *error);
void records_release(struct records *records);

/* The next record into *line (cleared first), and what to name it by: its line in the file, or its
 * place among the values of JSON. *end becomes true when there is none. FENLEI_BAD_INPUT is for one
 * that cannot be used, of which *line holds the id at most; the next can be read then, unless the
 * records are over (is_over), as after every other error. */
fenlei_status records_next(struct records *records, struct buffer *line, size_t *number, bool *end,
                           fenlei_error *error);

/* Takes many records at once where each is a line as it stands, as input_lines() does; *number is
 * that of the first. 0 where the next one is to be taken by records_next(). */
size_t records_take_lines(struct records *records, struct buffer *bytes, fenlei_text *lines,
                          size_t most, size_t *number);

/* Would the next one have to wait for whoever writes? */
bool records_wait(struct records *records);

/* "line" or "record": what a record is named by. */
const char *records_unit(const struct records *records);

/* Appends what the file was read as, how many records, and what of it was left out or taken to mean
 * something; nothing where that is nothing, of JSON lines as they are. */
void records_describe(const struct records *records, struct buffer *words);

/* Says the same on standard error. */
void records_report(const struct records *records, const char *path);

#endif
