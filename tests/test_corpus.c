/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include "train/corpus.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct corpus corpus;
static fenlei_error error;
static char folder[] = "/tmp/fenlei-test-XXXXXX";
static struct buffer complaints;

static void complain(void *context, const char *message)
{
    (void)context;
    buffer_append_format(&complaints, "%s\n", message);
}

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static const char *write_file(const char *name, const char *contents)
{
    const char *path = path_of(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(contents, file);
    assert_int_equal(fclose(file), 0);
    return path;
}

static int set_up(void **state)
{
    (void)state;
    memset(folder + sizeof folder - 7, 'X', 6);
    return mkdtemp(folder) != NULL ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    corpus_release(&corpus);
    buffer_release(&complaints);
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static fenlei_status add(const char *path)
{
    return corpus_add(&corpus, path, complain, NULL, &error);
}

static void records_become_documents(void **state)
{
    (void)state;
    assert_int_equal(
        add(write_file("a.jsonl", "{\"id\":1,\"text\":\"甲\",\"labels\":[\"y\",\"x\"]}\n"
                                  "{\"title\":\"题\",\"text\":\"乙\",\"labels\":[]}\n")),
        FENLEI_OK);
    assert_int_equal(corpus_finish(&corpus, &error), FENLEI_OK);
    assert_int_equal(corpus.n_documents, 2);
    assert_text(corpus.documents[0].id, "1");
    assert_text(corpus.documents[1].title, "题");
    assert_int_equal(corpus.documents[1].line, 2);
    assert_int_equal(corpus.n_topics, 2);
    assert_string_equal(corpus.topic_ids[0], "x"); /* sorted */
    assert_true(corpus.truth[0] && corpus.truth[1]);
    assert_false(corpus.truth[2] || corpus.truth[3]);
}

static void every_broken_record_is_named(void **state)
{
    (void)state;
    assert_int_equal(add(write_file("b.jsonl", "{\"text\":\"甲\",\"labels\":[\"x\"]}\nnot json\n\n"
                                               "{\"text\":\"乙\"}\n{\"text\":\" \",\"labels\":[]}\n"
                                               "{\"text\":\"\xFF\",\"labels\":[]}\n")),
                     FENLEI_OK);
    assert_int_equal(corpus.n_errors, 4);
    assert_int_equal(corpus.n_documents, 1);
    buffer_append(&complaints, "", 1);
    assert_contains(complaints.bytes, "b.jsonl:2: not JSON");
    assert_contains(complaints.bytes, "b.jsonl:4: no \"labels\"");
    assert_contains(complaints.bytes, "b.jsonl:5: the text is empty");
    assert_contains(complaints.bytes, "b.jsonl:6: invalid UTF-8");
}

static void fixed_topics_refuse_other_labels(void **state)
{
    (void)state;
    assert_int_equal(
        corpus_read_topics(&corpus,
                           write_file("t.json", "[{\"id\":\"b\",\"name\":\"乙\"},{\"id\":\"a\"}]"),
                           &error),
        FENLEI_OK);
    assert_int_equal(add(write_file("c.jsonl", "{\"text\":\"甲\",\"labels\":[\"a\"]}\n"
                                               "{\"text\":\"乙\",\"labels\":[\"c\"]}\n"
                                               "{\"text\":\"丙\",\"labels\":[]}\n")),
                     FENLEI_OK);
    assert_int_equal(corpus.n_errors, 1);
    assert_int_equal(corpus.n_documents, 2); /* nothing of the broken record stays */
    buffer_append(&complaints, "", 1);
    assert_contains(complaints.bytes, "c.jsonl:2: unknown label \"c\"");
    assert_string_equal(corpus.topic_ids[0], "b"); /* the file's order */
    assert_string_equal(corpus.topic_names[0], "乙");
    assert_int_equal(corpus_finish(&corpus, &error), FENLEI_BAD_INPUT);
    assert_string_equal(error.message, "topic \"b\" has no document");
}

static void hopeless_corpora_are_refused(void **state)
{
    (void)state;
    assert_int_equal(corpus_finish(&corpus, &error), FENLEI_BAD_INPUT);
    assert_contains(error.message, "no document");
    assert_int_equal(add(write_file("d.jsonl", "{\"text\":\"甲\",\"labels\":[]}\n")), FENLEI_OK);
    assert_int_equal(corpus_finish(&corpus, &error), FENLEI_BAD_INPUT);
    assert_contains(error.message, "no label");
    corpus_release(&corpus);
    assert_int_equal(add(write_file("e.jsonl", "{\"text\":\"甲\",\"labels\":[\"x\"]}\n")),
                     FENLEI_OK);
    assert_int_equal(corpus_finish(&corpus, &error), FENLEI_BAD_INPUT);
    assert_contains(error.message, "on every document");
    assert_int_equal(add(path_of("missing.jsonl")), FENLEI_IO);
    assert_contains(error.message, "missing.jsonl: cannot open it");
}

static void a_folder_of_folders_is_a_corpus(void **state)
{
    (void)state;
    mkdir(path_of("体育"), 0777);
    mkdir(path_of("法治"), 0777);
    write_file("体育/2.txt", "主队取胜\n\n昨晚主队以三比一取胜,升至第四。\n");
    write_file("法治/1.txt",
               "\xB7\xA8\xD4\xBA\xBF\xAA\xCD\xA5\xC9\xF3\xC0\xED\xA1\xA3"); /* GB18030 */
    write_file("README", "not a topic");
    assert_int_equal(add(folder), FENLEI_OK);
    assert_int_equal(corpus_finish(&corpus, &error), FENLEI_OK);
    assert_int_equal(corpus.n_documents, 2);
    assert_string_equal(corpus.topic_ids[0], "体育");
    assert_text(corpus.documents[0].title, "主队取胜");
    assert_text(corpus.documents[0].text, "昨晚主队以三比一取胜,升至第四。\n");
    assert_text(corpus.documents[1].text, "法院开庭审理。\n");
    assert_true(corpus.truth[0] && !corpus.truth[1] && !corpus.truth[2] && corpus.truth[3]);
}

static void a_folder_without_topics_is_refused(void **state)
{
    (void)state;
    write_file("lonely.txt", "x");
    assert_int_equal(add(folder), FENLEI_BAD_INPUT);
    assert_contains(error.message, "one folder a topic");
}

static void the_hash_tells_corpora_apart(void **state)
{
    (void)state;
    static const char *const contents[] = {
        "{\"text\":\"甲\",\"labels\":[\"x\"]}\n{\"text\":\"乙\",\"labels\":[]}\n",
        "{\"text\":\"甲\",\"labels\":[]}\n{\"text\":\"乙\",\"labels\":[\"x\"]}\n",
        "{\"text\":\"甲\",\"labels\":[\"x\"]}\n{\"text\":\"丙\",\"labels\":[]}\n",
        "{\"title\":\"甲\",\"text\":\"x\",\"labels\":[\"x\"]}\n{\"text\":\"乙\",\"labels\":[]}\n",
        "{\"text\":\"甲\",\"labels\":[\"x\"]}\n{\"text\":\"乙\",\"labels\":[]}\n"};
    uint64_t hashes[5];
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(add(write_file("h.jsonl", contents[i])), FENLEI_OK);
        assert_int_equal(corpus_finish(&corpus, &error), FENLEI_OK);
        hashes[i] = corpus.hash;
        corpus_release(&corpus);
        for (size_t j = 0; j < i && i < 4; j++)
            assert_true(hashes[i] != hashes[j]);
    }
    assert_true(hashes[0] == hashes[4]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(records_become_documents),         TEST(every_broken_record_is_named),
        TEST(fixed_topics_refuse_other_labels), TEST(hopeless_corpora_are_refused),
        TEST(a_folder_of_folders_is_a_corpus),  TEST(a_folder_without_topics_is_refused),
        TEST(the_hash_tells_corpora_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
