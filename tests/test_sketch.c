/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include "train/duplicates.h"
#include "train/sketches.h"

#include <math.h>

static struct corpus corpus;
static struct known known;
static fenlei_error error;

static void complain(void *context, const char *message)
{
    (void)context;
    fail_msg("%s", message);
}

static int set_up(void **state)
{
    (void)state;
    return corpus_add(&corpus, "tests/data/copies.jsonl", complain, NULL, &error) == FENLEI_OK &&
                   corpus_add(&corpus, "tests/data/tiny.jsonl", complain, NULL, &error) ==
                       FENLEI_OK &&
                   corpus_finish(&corpus, &error) == FENLEI_OK && known_init(&known, &corpus, 3)
               ? 0
               : 1;
}

static int tear_down(void **state)
{
    (void)state;
    known_release(&known);
    corpus_release(&corpus);
    return 0;
}

static bool sketched(const char *text)
{
    struct sketch sketch = sketches_view(&known.sketches);
    bool knows;
    assert_true(sketch_knows(&sketch, text_of(text), &knows));
    return knows;
}

static bool has(const char *text)
{
    bool is_known;
    assert_true(known_has(&known, text_of(text), &is_known));
    return is_known;
}

static void copies_are_known_and_others_are_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < corpus.n_documents; i++) {
        bool is_known;
        struct sketch sketch = sketches_view(&known.sketches);
        assert_true(sketch_knows(&sketch, corpus.documents[i].text, &is_known) && is_known);
        assert_true(known_has(&known, corpus.documents[i].text, &is_known) && is_known);
    }
    /* The beginning of the first text, its end another. */
    static const char edited[] =
        "清水渡的木船退役了。昨天上午,载重二十吨的钢质渡船第一次靠岸,今后过河不再要等。";
    assert_true(has(edited) == sketched(edited));
    for (int i = 0; i < 2; i++) {
        const char *strange = i == 0 ? "球迷在体育场外排起了长队,比赛推迟一小时开始。" : "";
        assert_false(has(strange));
        assert_false(sketched(strange));
    }
}

/* The copies of one text are kept once, and none without a trigram. */
static void a_sketch_has_an_entry_for_each_different_text(void **state)
{
    (void)state;
    assert_int_equal(known.sketches.n, corpus.n_documents - 1); /* c2 is a copy of c1 */
    assert_true(known.sketches.n_common <= 4 * known.sketches.n);
}

static void the_estimate_is_near_the_likeness(void **state)
{
    (void)state;
    struct sketch sketch = sketches_view(&known.sketches);
    struct weighed one = {.capacity = 0}, other = {.capacity = 0};
    struct sketch_entry entries[2];
    float weights[4096];
    double largest = 0, sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < corpus.n_documents; i++)
        for (size_t k = 0; k < i; k++) {
            assert_true(rarity_weigh(&known.rarity, corpus.documents[i].text, &one) &&
                        rarity_weigh(&known.rarity, corpus.documents[k].text, &other));
            assert_in_range(one.shingles.n, 1, 4096);
            assert_in_range(other.shingles.n, 1, 4096);
            entries[0] = sketch_sign(&sketch, &one.shingles, weights);
            entries[1] = sketch_sign(&sketch, &other.shingles, weights);
            double difference =
                sketch_similarity(&entries[0], &entries[1]) - weighed_similarity(&one, &other);
            largest = fmax(largest, fabs(difference));
            sum += difference;
            n++;
        }
    assert_true(largest < 0.2);                /* four deviations */
    assert_true(fabs(sum / (double)n) < 0.05); /* no bias */
    weighed_release(&one);
    weighed_release(&other);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    struct sketches sketches;
    struct buffer bytes[2] = {{0}};
    for (unsigned i = 0; i < 2; i++) {
        assert_true(sketches_draw(&sketches, &known.rarity, i == 0 ? 1 : 4));
        struct sketch view = sketches_view(&sketches);
        sketch_write(&view, &bytes[i]);
        sketches_release(&sketches);
    }
    assert_false(bytes[0].failed || bytes[1].failed);
    assert_int_equal(bytes[0].size, bytes[1].size);
    assert_memory_equal(bytes[0].bytes, bytes[1].bytes, bytes[0].size);
    buffer_release(&bytes[0]);
    buffer_release(&bytes[1]);
}

static void what_is_no_sketch_is_refused(void **state)
{
    (void)state;
    struct sketch sketch = sketches_view(&known.sketches), opened;
    struct buffer bytes = {0};
    sketch_write(&sketch, &bytes);
    assert_true(sketch_open(&opened, (fenlei_text){bytes.bytes, bytes.size}));
    assert_int_equal(opened.n, sketch.n);
    assert_memory_equal(opened.entries, sketch.entries, sketch.n * sizeof *sketch.entries);
    for (size_t size = 1; size < bytes.size; size++)
        assert_false(sketch_open(&opened, (fenlei_text){bytes.bytes, size}));
    bool knows = true;
    assert_true(sketch_open(&opened, (fenlei_text){"", 0}));
    assert_true(sketch_knows(&opened, corpus.documents[0].text, &knows));
    assert_false(knows);
    memset(bytes.bytes, 0xFF, 8); /* numbers whose product overflows */
    assert_false(sketch_open(&opened, (fenlei_text){bytes.bytes, bytes.size}));
    buffer_release(&bytes);
}

/* Each hash of a signature by itself, as the header says it: whatever the processor, it is the one
 * of the shingle that comes first. */
static void signatures_are_what_they_are_everywhere(void **state)
{
    (void)state;
    enum { HASHES = 120, SHINGLES_USED = 40 };
    struct shingles shingles = {.n = 0};
    float weights[SHINGLES_USED];
    uint32_t signature[HASHES];
    assert_true(shingles_find(&shingles, corpus.documents[0].text));
    assert_true(shingles.n > 20);
    shingles.n = shingles.n < SHINGLES_USED ? shingles.n : SHINGLES_USED;
    for (size_t k = 0; k < shingles.n; k++)
        weights[k] = 0.25F + (float)(k % 7);
    shingles_sign(&shingles, weights, HASHES, signature);
    for (size_t h = 0; h < HASHES; h++) {
        float least = INFINITY;
        uint32_t expected = 0;
        for (size_t k = 0; k < shingles.n; k++) {
            uint64_t hash = shingle_hash(shingles.ngrams.keys[k], h + 1);
            double share = (double)((uint32_t)(hash >> 32) | 1) * 0x1p-32;
            int zeros;
            double part = 2 * frexp(share, &zeros) - 1; /* of the way to the next power of two */
            float time = ((float)(1 - zeros) - (float)part) * (1 / weights[k]);
            if (time < least) {
                least = time;
                expected = (uint32_t)hash;
            }
        }
        assert_int_equal(signature[h], expected);
    }
    shingles_release(&shingles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_what_they_are_everywhere),
        cmocka_unit_test(copies_are_known_and_others_are_not),
        cmocka_unit_test(a_sketch_has_an_entry_for_each_different_text),
        cmocka_unit_test(the_estimate_is_near_the_likeness),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(what_is_no_sketch_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
