/* SPDX-License-Identifier: BSD-3-Clause */
/* What the command lines of `classify` and `train` say of files of records: their format, and where
 * in a record its text, headline and labels are. */
#ifndef COMMAND_RECORD_OPTIONS_H
#define COMMAND_RECORD_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

enum record_format {
    FORMAT_TOLD, /* by the content */
    FORMAT_JSONL,
    FORMAT_JSON,
    FORMAT_CSV,
    FORMAT_TSV,
    FORMAT_DOCCANO,
    FORMAT_LABEL_STUDIO,
    FORMAT_FASTTEXT,
    FORMATS
};

/* All zero is nothing said. The strings are those of argv. */
struct record_options {
    enum record_format format;
    const char *text_field, *title_field, *label_field; /* NULL: as the format has it */
    const char *label_separator;                        /* NULL: a label is one whole string */
};

/* Is anything said of fields? */
bool record_options_name_fields(const struct record_options *options);

/* Its options, for a program's own parser to have as a child; the input is a struct
 * record_options. */
extern const struct argp record_options_parser;

#endif
