/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include "train/duplicates.h"

#include <stdio.h>

static struct corpus corpus;
static struct rarity rarity;
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
                   rarity_init(&rarity, &corpus, 3) &&
                   duplicates_find(&duplicates, &rarity, 3, &error) == FENLEI_OK
               ? 0
               : 1;
}

static int tear_down(void **state)
{
    (void)state;
    duplicates_release(&duplicates);
    rarity_release(&rarity);
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

static void add(struct corpus *of, const char *text)
{
    struct document document = {.text = text_of(text)};
    assert_true(array_reserve(&of->documents, &of->documents_capacity, of->n_documents + 1,
                              sizeof document));
    of->documents[of->n_documents++] = document;
}

static fenlei_status find_in(struct duplicates *found, const struct corpus *in)
{
    struct rarity rare;
    assert_true(rarity_init(&rare, in, 2));
    fenlei_status status = duplicates_find(found, &rare, 2, &error);
    rarity_release(&rare);
    return status;
}

/* Forty texts that end alike, two of them the same but for that: only those are near-duplicates. */
static void what_all_share_is_no_sameness(void **state)
{
    (void)state;
    static const char footer[] =
        "免责声明：本网站所载文章仅代表作者个人观点，与本网站无关，其原创性"
        "以及文中陈述文字和内容未经本站证实，请读者仅作参考。";
    static char texts[40][400];
    struct corpus footed = {0};
    struct duplicates found;
    for (size_t i = 0; i < 40; i++) {
        /* Twelve characters of its own, two of them changed in the second text. */
        size_t size = 0;
        for (size_t k = 0; k < 12; k++) {
            size_t n = (i == 1 && k < 10 ? 0 : i) * 12 + k;
            size += (size_t)snprintf(texts[i] + size, sizeof texts[i] - size, "%c%c%c", (char)0xE5,
                                     (char)(0x80 + n / 64), (char)(0x80 + n % 64));
        }
        snprintf(texts[i] + size, sizeof texts[i] - size, "。%s", footer);
        add(&footed, texts[i]);
    }
    assert_int_equal(find_in(&found, &footed), FENLEI_OK);
    assert_int_equal(found.n, 1);
    assert_int_equal(found.pairs[0].a, 0);
    assert_int_equal(found.pairs[0].b, 1);
    duplicates_release(&found);
    free(footed.documents);
}

static void copies_are_paired_with_the_first(void **state)
{
    (void)state;
    struct corpus copies = {0};
    struct duplicates found;
    for (int i = 0; i < 300; i++)
        add(&copies,
            i % 3 == 0 ? "昨天上午，县法院公开开庭审理此案。" : "村里的梨树开花了，很白。");
    add(&copies, "");
    add(&copies, "");
    assert_int_equal(find_in(&found, &copies), FENLEI_OK);
    assert_int_equal(found.n, 298);
    for (size_t i = 0; i < found.n; i++)
        assert_true(found.pairs[i].a == (found.pairs[i].b % 3 == 0 ? 0 : 1));
    duplicates_release(&found);
    free(copies.documents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_found_and_others_are_not),
        cmocka_unit_test(what_all_share_is_no_sameness),
        cmocka_unit_test(copies_are_paired_with_the_first),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
