/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/table.h"

#include "base/input.h"
#include "base/status.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool table_init(struct table *table, char separator)
{
    *table = (struct table){.row_line = 1, .cell_line = 1};
    table->parser = malloc(sizeof *table->parser);
    if (table->parser == NULL || csv_init(table->parser, 0) != 0)
        return false;
    csv_set_delim(table->parser, (unsigned char)separator);
    csv_set_blk_size(table->parser, 64 << 10);
    return true;
}

void table_release(struct table *table)
{
    if (table->parser != NULL)
        csv_free(table->parser);
    free(table->parser);
    buffer_release(&table->text);
    free(table->ends);
    free(table->row_ends);
    free(table->cells);
    *table = (struct table){0};
}

static size_t row_start(const struct table *table, size_t row)
{
    return row > 0 ? table->row_ends[row - 1] : 0;
}

/* Of the row that is not whole yet. */
static size_t row_number(const struct table *table)
{
    return table->n_numbers + table->n_rows + 1;
}

static void add_cell(void *cell, size_t size, void *context)
{
    struct table *table = context;
    table->cell_line = table->line;
    if (table->n_ends - row_start(table, table->n_rows) >= TABLE_CELLS_MAX) {
        table->wide_row = row_number(table);
        return;
    }
    buffer_append(&table->text, cell, size);
    if (!array_reserve(&table->ends, &table->ends_capacity, table->n_ends + 1,
                       sizeof *table->ends)) {
        table->has_no_memory = true;
        return;
    }
    table->ends[table->n_ends++] = table->text.size;
}

static void add_row(int end, void *context)
{
    struct table *table = context;
    (void)end;
    if (!array_reserve(&table->row_ends, &table->rows_capacity, table->n_rows + 1,
                       sizeof *table->row_ends)) {
        table->has_no_memory = true;
        return;
    }
    table->row_ends[table->n_rows++] = table->n_ends;
}

static fenlei_status check(const struct table *table, fenlei_error *error)
{
    if (table->has_no_memory || table->text.failed || csv_error(table->parser) == CSV_ENOMEM)
        return error_memory(error);
    if (table->wide_row > 0)
        return error_set(error, FENLEI_BAD_INPUT, "row %zu: more than %d cells", table->wide_row,
                         TABLE_CELLS_MAX);
    return FENLEI_OK;
}

static fenlei_status refuse_open_quote(const struct table *table, const char *where,
                                       fenlei_error *error)
{
    return error_set(error, FENLEI_BAD_INPUT,
                     "row %zu: the quote that opens a cell in line %zu is not closed %s",
                     row_number(table), table->cell_line, where);
}

/* Forgets the rows that were taken, and keeps the cells of the row that is not whole yet. */
static void forget_taken(struct table *table)
{
    size_t first = row_start(table, table->n_rows);
    size_t before = first > 0 ? table->ends[first - 1] : 0;
    table->n_numbers += table->n_rows;
    for (size_t i = first; i < table->n_ends; i++)
        table->ends[i - first] = table->ends[i] - before;
    if (before > 0)
        memmove(table->text.bytes, table->text.bytes + before, table->text.size - before);
    table->text.size -= before;
    table->n_ends -= first;
    table->n_rows = table->n_taken = 0;
}

/* Is the parser inside of a row? */
static bool is_in_row(const struct table *table)
{
    return table->n_ends > 0 || table->parser->pstate != 0;
}

fenlei_status table_put(struct table *table, fenlei_text line, fenlei_error *error)
{
    forget_taken(table);
    table->line++;
    if (!is_in_row(table))
        table->row_line = table->cell_line = table->line;
    if (line.size > 0)
        csv_parse(table->parser, line.bytes, line.size, add_cell, add_row, table);
    csv_parse(table->parser, "\n", 1, add_cell, add_row, table);
    fenlei_status status = check(table, error);
    if (status == FENLEI_OK && (table->parser->entry_pos > INPUT_LINE_MAX ||
                                table->text.size > (size_t)2 * INPUT_LINE_MAX)) {
        char where[32];
        snprintf(where, sizeof where, "within %d MiB", INPUT_LINE_MAX >> 20);
        status = refuse_open_quote(table, where, error);
    }
    return status;
}

fenlei_status table_end(struct table *table, fenlei_error *error)
{
    forget_taken(table);
    csv_set_opts(table->parser, CSV_STRICT | CSV_STRICT_FINI); /* for an open quote alone */
    if (csv_fini(table->parser, add_cell, add_row, table) != 0 &&
        csv_error(table->parser) == CSV_EPARSE)
        return refuse_open_quote(table, "to the end of the file", error);
    return check(table, error);
}

bool table_take(struct table *table, struct table_row *row)
{
    if (table->n_taken == table->n_rows)
        return false;
    size_t first = row_start(table, table->n_taken);
    size_t n = table->row_ends[table->n_taken] - first;
    if (!array_reserve(&table->cells, &table->cells_capacity, n, sizeof *table->cells))
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t start = first + i > 0 ? table->ends[first + i - 1] : 0;
        size_t size = table->ends[first + i] - start;
        table->cells[i] = size > 0 ? (fenlei_text){table->text.bytes + start, size} : text_of("");
    }
    table->n_taken++;
    *row = (struct table_row){table->cells, n, table->n_numbers + table->n_taken, table->row_line};
    return true;
}
