/* SPDX-License-Identifier: BSD-3-Clause */
/* The first row of a table, which names its columns, and the rows below it -> drafts. */
#ifndef COMMAND_HEADER_H
#define COMMAND_HEADER_H

#include "command/export.h"
#include "command/table.h"

/* All zero before it is read; SIZE_MAX is a column that is not there. */
struct header {
    struct buffer strings;
    fenlei_text *columns; /* [n_columns] in `strings` */
    size_t n_columns, text_column, title_column, label_column, id_column, annotation_column;
};

/* Does a row name a column for the text, as the export's options or forms have it? */
bool header_is(const struct export *export, const struct table_row *row);

/* Takes the row that names the columns, and tells the form by it where the options do not. An error
 * names a column that is not there, and those that are. */
fenlei_status header_read(struct header *header, struct export *export, const struct table_row *row,
                          fenlei_error *error);

/* Like export_object(), of another row. `damaged`: what the table, once decoded from it, was not
 * valid in, or NULL. */
fenlei_status header_take(const struct header *header, struct export *export,
                          const struct table_row *row, const char *damaged, struct draft *draft,
                          bool *is_left_out, fenlei_error *error);

void header_release(struct header *header);

#endif
