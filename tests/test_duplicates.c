#include "test.h"
#include "train/duplicates.h"

static struct corpus corpus;
static struct duplicates duplicates;
static fenlei_error error;

static void complain(void *context, const char *message)
{
    (void)context;
    fail_msg("%s", message);
}

static uint32_t find(const char *id)
{
    for (uint32_t i = 0; i < corpus.n_documents; i++)
        if (text_equal(corpus.documents[i].id, text_of(id)))
            return i;
    fail_msg("no document %s", id);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    return corpus_add(&corpus, "tests/data/copies.jsonl", complain, NULL, &error) == FENLEI_OK &&
                   corpus_add(&corpus, "tests/data/tiny.jsonl", complain, NULL, &error) ==
                       FENLEI_OK &&
                   corpus_finish(&corpus, &error) == FENLEI_OK &&
                   duplicates_find(&duplicates, &corpus, 3, &error) == FENLEI_OK
               ? 0
               : 1;
}

static int tear_down(void **state)
{
    (void)state;
    duplicates_release(&duplicates);
    corpus_release(&corpus);
    return 0;
}

static double similarity(const char *a, const char *b)
{
    uint32_t i = find(a), k = find(b);
    for (size_t n = 0; n < duplicates.n; n++)
        if (duplicates.pairs[n].a == (i < k ? i : k) && duplicates.pairs[n].b == (i < k ? k : i))
            return duplicates.pairs[n].similarity;
    return 0;
}

static void copies_are_found_and_others_are_not(void **state)
{
    (void)state;
    assert_true(similarity("\"c1\"", "\"c2\"") == 1); /* another headline, full width */
    assert_in_range((int)(similarity("\"c1\"", "\"c3\"") * 100), 55, 95); /* edited */
    assert_true(similarity("\"c1\"", "\"c4\"") == 0);                     /* the same subject */
    for (size_t n = 0; n < duplicates.n; n++) {
        assert_true(duplicates.pairs[n].a < duplicates.pairs[n].b);
        assert_true(duplicates.pairs[n].b < 4); /* none in the other file */
        assert_true(n == 0 || duplicates.pairs[n - 1].similarity >= duplicates.pairs[n].similarity);
    }
}

static void chains_of_pairs_are_groups(void **state)
{
    (void)state;
    struct duplicate pairs[] = {{3, 5, 1}, {1, 3, 0.9}, {6, 7, 0.5}};
    struct duplicates chain = {pairs, 3, 3};
    uint32_t group[8];
    static const uint32_t expected[] = {0, 1, 2, 1, 4, 1, 6, 6};
    duplicates_group(&chain, 8, group);
    assert_memory_equal(group, expected, sizeof expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_found_and_others_are_not),
        cmocka_unit_test(chains_of_pairs_are_groups),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
