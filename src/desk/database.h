/* SPDX-License-Identifier: BSD-3-Clause */
/* SQLite, as the store uses it: connections, the schema with its versions, statements.
 *
 * Errors are kept by the statement, so that a caller binds, steps and reads without looking, and
 * asks once, at its end. */
#ifndef DESK_DATABASE_H
#define DESK_DATABASE_H

#include "base/memory.h"

#include <stdint.h>

struct sqlite3;
struct sqlite3_stmt;

/* Opens the database `path` for reading and writing; makes it where there is none. One of an older
 * version is copied to path.vN and then upgraded in one transaction; one of a newer is refused by
 * name. */
fenlei_status database_open(const char *path, struct sqlite3 **database, fenlei_error *error);

/* Another connection to one that is open. */
fenlei_status database_open_reader(const char *path, struct sqlite3 **database,
                                   fenlei_error *error);
void database_close(struct sqlite3 *database); /* NULL: does nothing */

/* Runs statements without results. */
fenlei_status database_run(struct sqlite3 *database, const char *sql, fenlei_error *error);

/* Ends the transaction begun with "BEGIN IMMEDIATE": commits it when `status` is FENLEI_OK, and
 * takes it back otherwise or when it cannot be committed. */
fenlei_status database_end(struct sqlite3 *database, fenlei_status status, fenlei_error *error);

/* The row that was inserted last. */
int64_t database_last_row(struct sqlite3 *database);

struct statement {
    struct sqlite3 *database;
    struct sqlite3_stmt *compiled;
    int n_bound;
    int result; /* of SQLite, the first that is an error */
};

struct statement statement_new(struct sqlite3 *database, const char *sql);

/* The next parameter of the statement. What text points to must stay until the statement ends. */
void bind_integer(struct statement *statement, int64_t value);
void bind_real(struct statement *statement, double value);
void bind_text(struct statement *statement, fenlei_text text); /* bytes NULL: NULL */
void bind_blob(struct statement *statement, fenlei_text bytes);

/* Is there another row? False too when something has failed. */
bool statement_step(struct statement *statement);

/* A column of the row, from 0; text stays until the next step. */
int64_t column_integer(const struct statement *statement, int column);
double column_real(const struct statement *statement, int column);
fenlei_text column_text(const struct statement *statement, int column); /* bytes NULL for NULL */

/* Gives back the statement; an error tells what failed first. */
fenlei_status statement_end(struct statement *statement, fenlei_error *error);

/* Steps a statement without rows and ends it. */
fenlei_status statement_run(struct statement *statement, fenlei_error *error);

#endif
