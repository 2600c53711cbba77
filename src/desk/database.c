/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/database.h"

#include "base/status.h"
#include "desk/schema.h"
#include "desk/tokenizer.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "FenL": SQLite's own mark of whose file it is. */
enum { APPLICATION = 0x46656E4C, BUSY_MILLISECONDS = 10000 };

enum { DATABASE_VERSION = sizeof SCHEMA_STEPS / sizeof *SCHEMA_STEPS };

/* No right to write, or a disk that does not take it any more. */
static bool cannot_write(int result)
{
    int kind = result & 0xFF;
    return kind == SQLITE_READONLY || kind == SQLITE_CANTOPEN ||
           (kind == SQLITE_IOERR && result != SQLITE_IOERR_READ &&
            result != SQLITE_IOERR_SHORT_READ && result != SQLITE_IOERR_CORRUPTFS);
}

static fenlei_status sqlite_error(struct sqlite3 *database, int result, fenlei_error *error)
{
    if (result == SQLITE_NOMEM)
        return error_memory(error);
    if ((result & 0xFF) == SQLITE_FULL)
        return error_set(error, FENLEI_IO, "the disk is full: nothing was saved");
    if (cannot_write(result))
        return error_set(error, FENLEI_IO, "the store cannot be written: nothing was saved");
    return error_set(error, FENLEI_IO, "the store: %s",
                     database != NULL ? sqlite3_errmsg(database) : sqlite3_errstr(result));
}

/* ---- statements ---- */

static void keep(struct statement *statement, int result)
{
    if (statement->result == SQLITE_OK)
        statement->result = result;
}

struct statement statement_new(struct sqlite3 *database, const char *sql)
{
    struct statement statement = {.database = database};
    statement.result = sqlite3_prepare_v2(database, sql, -1, &statement.compiled, NULL);
    return statement;
}

void bind_integer(struct statement *statement, int64_t value)
{
    keep(statement, sqlite3_bind_int64(statement->compiled, ++statement->n_bound, value));
}

void bind_real(struct statement *statement, double value)
{
    keep(statement, sqlite3_bind_double(statement->compiled, ++statement->n_bound, value));
}

void bind_text(struct statement *statement, fenlei_text text)
{
    keep(statement, sqlite3_bind_text64(statement->compiled, ++statement->n_bound, text.bytes,
                                        text.size, SQLITE_STATIC, SQLITE_UTF8));
}

void bind_blob(struct statement *statement, fenlei_text bytes)
{
    keep(statement, sqlite3_bind_blob64(statement->compiled, ++statement->n_bound, bytes.bytes,
                                        bytes.size, SQLITE_STATIC));
}

bool statement_step(struct statement *statement)
{
    if (statement->result != SQLITE_OK)
        return false;
    int result = sqlite3_step(statement->compiled);
    if (result == SQLITE_ROW)
        return true;
    if (result != SQLITE_DONE)
        keep(statement, result);
    return false;
}

int64_t column_integer(const struct statement *statement, int column)
{
    return sqlite3_column_int64(statement->compiled, column);
}

double column_real(const struct statement *statement, int column)
{
    return sqlite3_column_double(statement->compiled, column);
}

fenlei_text column_text(const struct statement *statement, int column)
{
    if (sqlite3_column_type(statement->compiled, column) == SQLITE_NULL)
        return (fenlei_text){NULL, 0};
    const char *bytes = sqlite3_column_blob(statement->compiled, column);
    size_t size = (size_t)sqlite3_column_bytes(statement->compiled, column);
    return (fenlei_text){bytes != NULL ? bytes : "", size};
}

fenlei_status statement_end(struct statement *statement, fenlei_error *error)
{
    fenlei_status status = FENLEI_OK;
    if (statement->result != SQLITE_OK)
        status = sqlite_error(statement->database, statement->result, error);
    sqlite3_finalize(statement->compiled);
    *statement = (struct statement){0};
    return status;
}

fenlei_status statement_run(struct statement *statement, fenlei_error *error)
{
    while (statement_step(statement))
        ;
    return statement_end(statement, error);
}

fenlei_status database_run(struct sqlite3 *database, const char *sql, fenlei_error *error)
{
    int result = sqlite3_exec(database, sql, NULL, NULL, NULL);
    return result == SQLITE_OK ? FENLEI_OK : sqlite_error(database, result, error);
}

fenlei_status database_end(struct sqlite3 *database, fenlei_status status, fenlei_error *error)
{
    if (status == FENLEI_OK)
        status = database_run(database, "COMMIT", error);
    if (status != FENLEI_OK)
        sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

int64_t database_last_row(struct sqlite3 *database)
{
    return sqlite3_last_insert_rowid(database);
}

/* ---- versions ---- */

static int64_t ask(struct sqlite3 *database, const char *sql, fenlei_status *status,
                   fenlei_error *error)
{
    struct statement statement = statement_new(database, sql);
    int64_t value = statement_step(&statement) ? column_integer(&statement, 0) : 0;
    *status = statement_end(&statement, error);
    return value;
}

/* A whole copy beside the database, before its version changes. */
static fenlei_status copy(struct sqlite3 *database, const char *path, int64_t version,
                          fenlei_error *error)
{
    struct buffer name = {0};
    buffer_append_format(&name, "%s.v%lld", path, (long long)version);
    if (name.failed)
        return error_memory(error);
    unlink(name.bytes); /* of an upgrade that did not come to its end */
    struct statement statement = statement_new(database, "VACUUM INTO ?1");
    bind_text(&statement, (fenlei_text){name.bytes, name.size});
    fenlei_status status = statement_run(&statement, error);
    buffer_release(&name);
    return status;
}

static fenlei_status upgrade(struct sqlite3 *database, const char *path, int64_t version,
                             fenlei_error *error)
{
    fenlei_status status = version > 0 ? copy(database, path, version, error) : FENLEI_OK;
    if (status == FENLEI_OK)
        status = database_run(database, "BEGIN IMMEDIATE", error);
    if (status != FENLEI_OK)
        return status;
    for (int64_t step = version; step < DATABASE_VERSION && status == FENLEI_OK; step++)
        status = database_run(database, SCHEMA_STEPS[step], error);
    struct buffer mark = {0};
    buffer_append_format(&mark, "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION,
                         DATABASE_VERSION);
    if (status == FENLEI_OK)
        status = mark.failed ? error_memory(error) : database_run(database, mark.bytes, error);
    buffer_release(&mark);
    return database_end(database, status, error);
}

static fenlei_status check_version(struct sqlite3 *database, const char *path, fenlei_error *error)
{
    fenlei_status status;
    int64_t application = ask(database, "PRAGMA application_id", &status, error);
    if (status != FENLEI_OK)
        return status;
    int64_t version = ask(database, "PRAGMA user_version", &status, error);
    int64_t tables = 0;
    if (status == FENLEI_OK)
        tables = ask(database, "SELECT count(*) FROM sqlite_schema", &status, error);
    if (status != FENLEI_OK)
        return status;
    if (tables > 0 && application != APPLICATION)
        return error_set(error, FENLEI_BAD_INPUT, "it is no store of the desk's");
    if (version > DATABASE_VERSION)
        return error_set(error, FENLEI_BAD_INPUT,
                         "the store has version %lld, of a newer desk than this one, which knows "
                         "versions up to %d",
                         (long long)version, DATABASE_VERSION);
    return version < DATABASE_VERSION ? upgrade(database, path, version, error) : FENLEI_OK;
}

/* ---- connections ---- */

static fenlei_status connect(const char *path, int flags, struct sqlite3 **database,
                             fenlei_error *error)
{
    int result = sqlite3_open_v2(path, database, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (result != SQLITE_OK)
        return sqlite_error(*database, result, error);
    sqlite3_extended_result_codes(*database, 1);
    sqlite3_busy_timeout(*database, BUSY_MILLISECONDS);
    if (!tokenizer_register(*database))
        return error_set(error, FENLEI_IO, "this SQLite has no full-text search (FTS5)");
    return database_run(*database,
                        "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
                        "PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY",
                        error);
}

/* What is typed here is somebody's work: a commit is on the disk before it is told. */
static fenlei_status settle(struct sqlite3 *database, fenlei_error *error)
{
    return database_run(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", error);
}

fenlei_status database_open(const char *path, struct sqlite3 **database, fenlei_error *error)
{
    *database = NULL;
    mode_t mask = umask(077); /* articles not yet published are nobody else's */
    fenlei_status status =
        connect(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, database, error);
    if (status == FENLEI_OK)
        status = settle(*database, error);
    if (status == FENLEI_OK)
        status = check_version(*database, path, error);
    umask(mask);
    if (status != FENLEI_OK) {
        database_close(*database);
        *database = NULL;
    }
    return status;
}

fenlei_status database_open_reader(const char *path, struct sqlite3 **database, fenlei_error *error)
{
    *database = NULL;
    fenlei_status status = connect(path, SQLITE_OPEN_READONLY, database, error);
    if (status != FENLEI_OK) {
        database_close(*database);
        *database = NULL;
    }
    return status;
}

void database_close(struct sqlite3 *database)
{
    sqlite3_close(database);
}
