/* SPDX-License-Identifier: BSD-3-Clause */
/* desk/store: what is kept, found, corrected, taken back; and what is left after a crash. */
#include "base/input.h"
#include "desk/database.h"
#include "desk/labels.h"
#include "desk/store.h"
#include "desk/tokenizer.h"
#include "tests/test.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/test_store_XXXXXX";

static struct store *open_store(void)
{
    struct store *store;
    fenlei_error error = {0};
    if (store_open(folder, &store, &error) != FENLEI_OK)
        fail_msg("%s", error.message);
    return store;
}

static int begin(void **state)
{
    (void)state;
    memset(folder + sizeof folder - 7, 'X', 6);
    return mkdtemp(folder) == NULL;
}

static int end(void **state)
{
    char command[100];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static int64_t add(struct store *store, uint64_t hash, const char *title, const char *text,
                   const char *given, const char *day)
{
    int64_t id;
    bool known;
    fenlei_error error;
    struct stored_file file = {.name = text_of("a.txt"), .hash = {hash, 0}};
    struct article article = {.title = text_of(title),
                              .text = text_of(text),
                              .given = text_of(given),
                              .day = text_of(day),
                              .doubt = (double)hash / 1000,
                              .first_line = 1};
    assert_int_equal(store_add_file(store, &file, &article, 1, &id, &known, &error), FENLEI_OK);
    return known ? 0 : id;
}

/* ---- lists ---- */

struct seen {
    int64_t ids[100];
    size_t n;
};

static bool see(void *context, const struct article *article)
{
    struct seen *seen = context;
    seen->ids[seen->n++] = article->id;
    return seen->n < 100;
}

static struct seen list(struct store *store, struct filter filter, size_t limit, bool *more)
{
    struct seen seen = {0};
    fenlei_error error = {0};
    if (store_list(store, &filter, limit, see, &seen, more, &error) != FENLEI_OK)
        fail_msg("%s", error.message);
    return seen;
}

static size_t count(struct store *store, struct filter filter)
{
    bool more;
    size_t counted;
    fenlei_error error;
    size_t n = list(store, filter, 99, &more).n;
    assert_int_equal(store_count(store, &filter, 1000, &counted, &error), FENLEI_OK);
    assert_int_equal(counted, n);
    return n;
}

static void test_search(void **state)
{
    struct store *store = open_store();
    (void)state;
    add(store, 1, "省委召開掃黑除惡專項鬥爭會議", "全省电视电话会议。", "", "");
    add(store, 2, "扫黑除恶", "第二篇 ABC123 def", "", "");
    add(store, 3, "梨花", "村里的梨树开花了。", "", "");
    assert_int_equal(count(store, (struct filter){.search = text_of("扫黑")}), 2);
    assert_int_equal(count(store, (struct filter){.search = text_of("掃黑")}), 2);
    assert_int_equal(count(store, (struct filter){.search = text_of("扫黑除恶")}), 2);
    assert_int_equal(count(store, (struct filter){.search = text_of("扫除")}), 0);
    assert_int_equal(count(store, (struct filter){.search = text_of("梨")}), 1);
    assert_int_equal(count(store, (struct filter){.search = text_of("ａｂｃ１２３")}), 1);
    assert_int_equal(count(store, (struct filter){.search = text_of("def 扫黑")}), 1);
    assert_int_equal(count(store, (struct filter){.search = text_of("\" OR (*")}), 0);
    assert_int_equal(count(store, (struct filter){.search = text_of("NEAR(\"扫黑\" \xFF")}), 0);
    store_close(store);
}

/* Forwards and backwards, by every order, pages join without a gap or a repetition. */
static void test_cursor(void **state)
{
    static const char *const days[] = {"2024-01-03", "2024-02-01", "", "2024-01-03"};
    struct store *store = open_store();
    struct filter filters[] = {{.order = ORDER_NEWEST},     {.order = ORDER_DAY},
                               {.order = ORDER_DOUBT},      {.topic = 2, .order = ORDER_DAY},
                               {.search = text_of("文章")}, {.topic = 2}};
    (void)state;
    for (uint64_t i = 0; i < 23; i++)
        add(store, i, "文章", "正文", i % 2 == 0 ? "2:0.9" : "1:0.4", days[i % 4]);
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        bool more;
        struct seen all = list(store, filters[i], 99, &more);
        assert_false(more);
        assert_int_equal(all.n, filters[i].topic == 2 ? 12 : 23);
        for (size_t at = 0; at + 5 < all.n; at++) {
            struct filter filter = filters[i];
            struct article cursor = {0};
            fenlei_error error;
            assert_int_equal(store_article(store, all.ids[at], &cursor, &error), STORE_DONE);
            filter.cursor = cursor.id;
            filter.cursor_day = cursor.day;
            filter.cursor_doubt = cursor.doubt;
            struct seen behind = list(store, filter, 4, &more);
            assert_true(more);
            assert_memory_equal(behind.ids, all.ids + at + 1, 4 * sizeof *all.ids);
            filter.is_backwards = true;
            struct seen before = list(store, filter, 4, &more);
            size_t n = at < 4 ? at : 4;
            assert_int_equal(before.n, n);
            assert_int_equal(more, at > 4);
            assert_memory_equal(before.ids, all.ids + at - n, n * sizeof *all.ids);
            article_release(&cursor);
        }
    }
    store_close(store);
}

static void test_filter(void **state)
{
    struct store *store = open_store();
    (void)state;
    add(store, 1, "a", "甲", "1:0.9 2:0.5", "2024-01-31");
    add(store, 2, "b", "乙", "2:0.9", "2024-02-01");
    add(store, 3, "c", "丙", "", "2024-02-29");
    assert_int_equal(add(store, 3, "again", "", "", ""), 0);
    assert_int_equal(count(store, (struct filter){0}), 3);
    assert_int_equal(count(store, (struct filter){.topic = 2}), 2);
    assert_int_equal(count(store, (struct filter){.topic = 2, .from = text_of("2024-02-01")}), 1);
    assert_int_equal(
        count(store, (struct filter){.from = text_of("2024-02-01"), .to = text_of("2024-02-29")}),
        2);
    assert_int_equal(count(store, (struct filter){.file = 2}), 1);
    store_close(store);
}

/* ---- corrections ---- */

static struct article fetch(struct store *store, int64_t id)
{
    struct article article = {0};
    fenlei_error error;
    assert_int_equal(store_article(store, id, &article, &error), STORE_DONE);
    return article;
}

static enum store_answer judge(struct store *store, int64_t id, int64_t version, const char *judged)
{
    fenlei_error error = {0};
    struct article article = fetch(store, id), becomes = article;
    struct correction correction = {.at = 1, .who = text_of("w"), .kind = CORRECTION_TOPICS};
    becomes.version = version;
    becomes.judged = text_of(judged);
    becomes.judged_at = 1;
    enum store_answer answer = store_revise(store, &correction, &becomes, 1, &error);
    article_release(&article);
    return answer;
}

static void expect_judged(struct store *store, int64_t id, const char *judged)
{
    struct article article = fetch(store, id);
    if (judged == NULL)
        assert_null(article.judged.bytes);
    else
        assert_true(article.judged.bytes != NULL && text_equal(article.judged, text_of(judged)));
    article_release(&article);
}

static void test_corrections(void **state)
{
    struct store *store = open_store();
    fenlei_error error;
    int64_t shown;
    (void)state;
    add(store, 1, "a", "甲", "1:0.9", "2024-01-31");
    assert_int_equal(judge(store, 1, 1, "2 3"), STORE_DONE);
    assert_int_equal(judge(store, 1, 1, "4"), STORE_CONFLICT);
    expect_judged(store, 1, "2 3");
    assert_int_equal(count(store, (struct filter){.topic = 1}), 0);
    assert_int_equal(count(store, (struct filter){.topic = 3}), 1);
    assert_int_equal(judge(store, 1, 2, ""), STORE_DONE);
    assert_int_equal(count(store, (struct filter){.is_untopical = true}), 1);
    assert_int_equal(store_undo(store, 1, 2, text_of("w"), 2, &shown, &error), STORE_CONFLICT);
    assert_int_equal(store_undo(store, 1, 3, text_of("w"), 2, &shown, &error), STORE_DONE);
    expect_judged(store, 1, "2 3");
    assert_int_equal(store_undo(store, 1, 4, text_of("w"), 2, &shown, &error), STORE_DONE);
    expect_judged(store, 1, NULL);
    assert_int_equal(count(store, (struct filter){.topic = 1}), 1);
    assert_int_equal(store_undo(store, 1, 5, text_of("w"), 2, &shown, &error), STORE_MISSING);
    store_close(store);
}

/* A new article and the one it was part of: both or none, and back. */
static void test_split_and_back(void **state)
{
    struct store *store = open_store();
    fenlei_error error;
    int64_t shown;
    (void)state;
    add(store, 1, "a", "甲乙丙。\n丁戊己。\n", "1:0.9", "");
    struct article article = fetch(store, 1), becomes[2] = {article, {.file = 1, .first_line = 2}};
    struct correction correction = {.kind = CORRECTION_BEGUN, .who = text_of("")};
    becomes[0].text = text_of("甲乙丙。\n");
    becomes[1].text = text_of("丁戊己。\n");
    assert_int_equal(store_revise(store, &correction, becomes, 2, &error), STORE_DONE);
    article_release(&article);
    assert_int_equal(becomes[1].id, 2);
    assert_int_equal(count(store, (struct filter){0}), 2);
    assert_int_equal(count(store, (struct filter){.search = text_of("丁戊")}), 1);
    int64_t neighbour;
    assert_int_equal(store_neighbour(store, 1, 2, true, &neighbour, &error), FENLEI_OK);
    assert_int_equal(neighbour, 1);
    /* Not while the new one was changed since. */
    assert_int_equal(judge(store, 2, 1, "5"), STORE_DONE);
    assert_int_equal(store_undo(store, 1, 2, text_of("w"), 2, &shown, &error), STORE_CONFLICT);
    assert_int_equal(store_undo(store, 2, 2, text_of("w"), 2, &shown, &error), STORE_DONE);
    assert_int_equal(store_undo(store, 2, 3, text_of("w"), 2, &shown, &error), STORE_DONE);
    assert_int_equal(shown, 1);
    assert_int_equal(count(store, (struct filter){0}), 1);
    article = fetch(store, 1);
    assert_true(text_equal(article.text, text_of("甲乙丙。\n丁戊己。\n")));
    article_release(&article);
    assert_int_equal(count(store, (struct filter){.search = text_of("丁戊")}), 1);
    store_close(store);
}

static void test_topics(void **state)
{
    struct store *store = open_store();
    fenlei_error error;
    int64_t first, second, again;
    struct topics topics = {0};
    (void)state;
    store_add_topic(store, text_of("a"), text_of("甲"), &first, &error);
    store_add_topic(store, text_of("b"), text_of("乙"), &second, &error);
    store_add_topic(store, text_of("a"), text_of("丙"), &again, &error);
    assert_int_equal(first, again);
    char given[40];
    snprintf(given, sizeof given, "%d:0.9", (int)first);
    add(store, 1, "a", "甲", given, "");
    assert_int_equal(store_merge_topic(store, first, second, &error), FENLEI_OK);
    assert_int_equal(count(store, (struct filter){.topic = second}), 1);
    assert_int_equal(store_topics(store, &topics, &error), FENLEI_OK);
    assert_int_equal(topics.n, 2);
    assert_int_equal(topics.of[0].merged_into, second);
    topics_release(&topics);
    store_close(store);
}

/* ---- what is left ---- */

/* The first column of each row that a question to store.db has for an answer, a line each. */
static void ask(const char *sql, struct buffer *answer)
{
    struct sqlite3 *database;
    fenlei_error error = {0};
    char path[100];
    snprintf(path, sizeof path, "%s/store.db", folder);
    if (database_open_reader(path, &database, &error) != FENLEI_OK)
        fail_msg("%s", error.message);
    struct statement statement = statement_new(database, sql);
    while (statement_step(&statement)) {
        buffer_append_text(answer, column_text(&statement, 0));
        buffer_append_string(answer, "\n");
    }
    if (statement_end(&statement, &error) != FENLEI_OK)
        fail_msg("%s: %s", sql, error.message);
    database_close(database);
    buffer_append(answer, "", 1);
    assert_false(answer->failed);
}

static void expect_answer(const char *sql, const char *expected)
{
    struct buffer answer = {0};
    ask(sql, &answer);
    assert_string_equal(answer.bytes, expected);
    buffer_release(&answer);
}

static void expect_whole(void)
{
    expect_answer("PRAGMA integrity_check", "ok\n");
}

static bool read_fully(int descriptor, void *bytes, size_t size)
{
    return read(descriptor, bytes, size) == (ssize_t)size;
}

/* A process that corrects until it is killed says each correction that was saved: all are there. */
static void test_killed(void **state)
{
    (void)state;
    for (int round = 0; round < 5; round++) {
        int ends[2], told = 0, saved;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            struct store *store = open_store();
            for (int i = 0;; i++) {
                add(store, (uint64_t)round * 100000 + (uint64_t)i + 1, "a", "甲", "1:0.9", "");
                if (write(ends[1], &i, sizeof i) != sizeof i)
                    _exit(1);
            }
        }
        close(ends[1]);
        while (told < 20 + round * 7 && read_fully(ends[0], &saved, sizeof saved))
            told++;
        kill(child, SIGKILL);
        while (read_fully(ends[0], &saved, sizeof saved))
            told++;
        waitpid(child, NULL, 0);
        close(ends[0]);
        struct store *store = open_store();
        struct totals totals;
        fenlei_error error;
        assert_int_equal(store_totals(store, &totals, &error), FENLEI_OK);
        static int64_t before = 0;
        assert_true(totals.articles - (round == 0 ? 0 : before) >= told);
        before = totals.articles;
        store_close(store);
        expect_whole();
    }
}

static void test_refused(void **state)
{
    char command[200];
    struct store *store = open_store(), *other;
    fenlei_error error;
    (void)state;
    assert_int_equal(store_open(folder, &other, &error), FENLEI_IO);
    assert_non_null(strstr(error.message, "another desk"));
    store_close(store);
    snprintf(command, sizeof command, "%s/store.db", folder);
    FILE *file = fopen(command, "r+b");
    assert_non_null(file);
    fseek(file, 60, SEEK_SET); /* the user version, big-endian */
    fwrite("\0\0\0\x63", 1, 4, file);
    fclose(file);
    assert_int_equal(store_open(folder, &other, &error), FENLEI_BAD_INPUT);
    assert_non_null(strstr(error.message, "version 99"));
    file = fopen(command, "wb");
    fwrite("This is no database, but a text that somebody wrote.............", 1, 64, file);
    fclose(file);
    assert_int_not_equal(store_open(folder, &other, &error), FENLEI_OK);
}

/* ---- versions ---- */

/* Makes a store of a version that shipped. */
static void make_version(int version)
{
    char path[100], command[100];
    struct sqlite3 *database;
    struct buffer sql = {0};
    fenlei_error error = {0};
    snprintf(command, sizeof command, "rm -f %s/*", folder);
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof path, "tests/data/store-%d.sql", version);
    if (input_read(path, &sql, &error) != FENLEI_OK)
        fail_msg("a version without a store of its own: %s", error.message);
    buffer_append(&sql, "", 1);
    snprintf(path, sizeof path, "%s/store.db", folder);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_true(tokenizer_register(database));
    if (database_run(database, sql.bytes, &error) != FENLEI_OK)
        fail_msg("version %d: %s", version, error.message);
    database_close(database);
    buffer_release(&sql);
}

/* What was kept by the old desk is found, and can be changed, by this one. */
static void expect_kept(void)
{
    fenlei_error error = {0};
    int64_t article;
    struct store *store = open_store();
    assert_int_equal(count(store, (struct filter){0}), 2);
    assert_int_equal(count(store, (struct filter){.search = text_of("掃黑")}), 1);
    assert_int_equal(count(store, (struct filter){.topic = 2}), 2);
    assert_int_equal(count(store, (struct filter){.judgement = JUDGED_YES}), 1);
    expect_judged(store, 1, "1 2");
    assert_int_equal(store_undo(store, 1, 2, text_of("乙"), 1700000200, &article, &error),
                     STORE_DONE);
    assert_int_equal(count(store, (struct filter){.topic = 2}), 1);
    store_close(store);
    expect_answer("SELECT value FROM setting WHERE name = 'key'",
                  "0123456789abcdef0123456789abcdef\n");
    expect_answer("SELECT detail FROM model WHERE state = 0", "shipped\n");
    expect_answer("SELECT merged_into FROM topic WHERE id = 3", "2\n");
    expect_whole();
}

/* A store of each version that shipped becomes what a new one is, with all that was in it. */
static void test_each_version(void **state)
{
    static const char schema[] = "SELECT coalesce(sql, '') FROM sqlite_schema ORDER BY name";
    struct buffer now = {0}, fresh = {0}, upgraded = {0};
    (void)state;
    store_close(open_store());
    ask("PRAGMA user_version", &now);
    ask(schema, &fresh);
    int newest = (int)strtol(now.bytes, NULL, 10);
    assert_true(newest >= 1);
    for (int version = 1; version <= newest; version++) {
        char copy[100];
        make_version(version);
        expect_kept();
        buffer_clear(&upgraded);
        ask(schema, &upgraded);
        assert_string_equal(upgraded.bytes, fresh.bytes);
        expect_answer("PRAGMA user_version", now.bytes);
        snprintf(copy, sizeof copy, "%s/store.db.v%d", folder, version);
        assert_int_equal(access(copy, F_OK) == 0, version < newest);
    }
    buffer_release(&now);
    buffer_release(&fresh);
    buffer_release(&upgraded);
}

static void test_labels(void **state)
{
    struct buffer set = {0};
    struct set_label label;
    size_t at = 0;
    fenlei_text text = text_of("3:0.9312 17:1.0000 4");
    (void)state;
    assert_true(labels_next(text, &at, &label));
    assert_int_equal(label.topic, 3);
    assert_true(label.probability > 0.93119 && label.probability < 0.93121);
    assert_true(labels_have(text, 17) && labels_have(text, 4) && !labels_have(text, 1));
    labels_change(&set, text, 17, false);
    labels_change(&set, text_of(""), 9, true);
    assert_true(text_equal((fenlei_text){set.bytes, set.size}, text_of("3 4 9")));
    assert_true(labels_equal(text_of("3 4"), text_of("4:0.5 3:0.1")));
    assert_false(labels_equal(text_of("3 4"), text_of("4")));
    assert_true(labels_equal(text_of(""), text_of("")));
    buffer_release(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels),
        cmocka_unit_test_setup_teardown(test_search, begin, end),
        cmocka_unit_test_setup_teardown(test_cursor, begin, end),
        cmocka_unit_test_setup_teardown(test_filter, begin, end),
        cmocka_unit_test_setup_teardown(test_corrections, begin, end),
        cmocka_unit_test_setup_teardown(test_split_and_back, begin, end),
        cmocka_unit_test_setup_teardown(test_topics, begin, end),
        cmocka_unit_test_setup_teardown(test_killed, begin, end),
        cmocka_unit_test_setup_teardown(test_refused, begin, end),
        cmocka_unit_test_setup_teardown(test_each_version, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
