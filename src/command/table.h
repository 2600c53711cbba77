/* SPDX-License-Identifier: BSD-3-Clause */
/* The rows of a table in CSV or TSV, by libcsv, which is included in table.c alone: cells may be
 * quoted, and hold separators and line breaks then. Lines go in, rows come out. */
#ifndef COMMAND_TABLE_H
#define COMMAND_TABLE_H

#include "base/memory.h"

struct csv_parser;

enum { TABLE_CELLS_MAX = 4096 };

struct table_row {
    const fenlei_text *cells; /* [n] the table's, until the next line goes in */
    size_t n;
    size_t number; /* from 1, as a spreadsheet counts them */
    size_t line;   /* in which it begins, from 1 */
};

struct table {
    struct csv_parser *parser;
    struct buffer text; /* of all cells that are kept */
    size_t *ends;       /* [n_ends] of each cell, in `text` */
    size_t n_ends, ends_capacity;
    size_t *row_ends; /* [n_rows] of each whole row, in `ends` */
    size_t n_rows, rows_capacity;
    size_t n_taken;     /* of n_rows */
    fenlei_text *cells; /* of the row taken last */
    size_t cells_capacity;
    size_t n_numbers; /* of rows, whole or taken */
    size_t line;      /* the last one that went in */
    size_t row_line;  /* where the row that is not whole yet begins */
    size_t cell_line; /* where its last cell begins */
    size_t wide_row;  /* one with too many cells; 0 for none */
    bool has_no_memory;
};

/* All zero before; false when memory runs out. */
bool table_init(struct table *table, char separator);
void table_release(struct table *table);

/* Puts in the next line, without its line break; table_take() has taken all rows before. An error
 * is for what makes the rest of the file useless: a quoted cell without an end, too many cells. */
fenlei_status table_put(struct table *table, fenlei_text line, fenlei_error *error);

/* The end of the file. The same errors. */
fenlei_status table_end(struct table *table, fenlei_error *error);

/* Takes the next whole row; false where there is none. */
bool table_take(struct table *table, struct table_row *row);

#endif
