/* SPDX-License-Identifier: BSD-3-Clause */
/* desk/database: what an upgrade does, by versions of this file's own. */
#define DESK_SCHEMA_H
static const char *const SCHEMA_STEPS[] = {
    "CREATE TABLE word (text TEXT)",
    "ALTER TABLE word ADD COLUMN length INTEGER; UPDATE word SET length = length(text)",
    "CREATE TABLE other (a); INSERT INTO other SELECT text FROM word WHERE text <> 'bad';"
    "CREATE TABLE word_must_not_be_bad (a CHECK (a <> 'bad'));"
    "INSERT INTO word_must_not_be_bad SELECT text FROM word",
};

#include "../src/desk/database.c" // NOLINT(bugprone-suspicious-include)
#include "tests/test.h"

#include <stdio.h>

static char folder[] = "/tmp/test_database_XXXXXX";
static char path[100], copied[110];

static int begin(void **state)
{
    (void)state;
    memset(folder + sizeof folder - 7, 'X', 6);
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/store.db", folder);
    snprintf(copied, sizeof copied, "%s.v1", path);
    return 0;
}

static int end(void **state)
{
    char command[100];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

/* A database of version 1 with one word. */
static void make_first(const char *word)
{
    struct sqlite3 *database;
    fenlei_error error;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(database_run(database, SCHEMA_STEPS[0], &error), FENLEI_OK);
    struct statement statement = statement_new(database, "INSERT INTO word VALUES (?1)");
    bind_text(&statement, text_of(word));
    assert_int_equal(statement_run(&statement, &error), FENLEI_OK);
    char mark[100];
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = 1", APPLICATION);
    assert_int_equal(database_run(database, mark, &error), FENLEI_OK);
    database_close(database);
}

static int64_t number(const char *name, const char *sql)
{
    struct sqlite3 *database;
    fenlei_error error;
    fenlei_status status;
    assert_int_equal(database_open_reader(name, &database, &error), FENLEI_OK);
    int64_t value = ask(database, sql, &status, &error);
    assert_int_equal(status, FENLEI_OK);
    database_close(database);
    return value;
}

static void expect_version(const char *name, int64_t version, int64_t tables)
{
    assert_int_equal(number(name, "PRAGMA user_version"), version);
    assert_int_equal(number(name, "SELECT count(*) FROM sqlite_schema"), tables);
    assert_int_equal(number(name, "SELECT count(*) FROM word"), 1);
}

static void an_upgrade_keeps_a_copy(void **state)
{
    struct sqlite3 *database;
    fenlei_error error;
    (void)state;
    make_first("good");
    FILE *left = fopen(copied, "w"); /* of an upgrade that was killed */
    assert_non_null(left);
    fputs("half a copy", left);
    fclose(left);
    assert_int_equal(database_open(path, &database, &error), FENLEI_OK);
    database_close(database);
    expect_version(path, 3, 3);
    assert_int_equal(number(path, "SELECT length FROM word"), 4);
    expect_version(copied, 1, 1);
}

static void an_upgrade_that_fails_changes_nothing(void **state)
{
    struct sqlite3 *database;
    fenlei_error error = {0};
    (void)state;
    make_first("bad");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(database_open(path, &database, &error), FENLEI_IO);
        assert_contains(error.message, "CHECK");
        assert_null(database);
        expect_version(path, 1, 1);
        expect_version(copied, 1, 1);
    }
}

/* Where there is no room for the copy, nothing is upgraded. */
static void no_copy_no_upgrade(void **state)
{
    struct sqlite3 *database;
    fenlei_error error = {0};
    (void)state;
    make_first("good");
    assert_int_equal(mkdir(copied, 0700), 0);
    assert_int_equal(database_open(path, &database, &error), FENLEI_IO);
    expect_version(path, 1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_upgrade_keeps_a_copy, begin, end),
        cmocka_unit_test_setup_teardown(an_upgrade_that_fails_changes_nothing, begin, end),
        cmocka_unit_test_setup_teardown(no_copy_no_upgrade, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
