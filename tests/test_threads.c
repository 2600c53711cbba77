/* SPDX-License-Identifier: BSD-3-Clause */
/* One model, eight threads, a labeler each: the same labels as on one. `make tsan` watches it. */
#include "test.h"

#include "base/input.h"
#include "base/parallel.h"

enum { THREADS = 8, ITEMS = 64, TOPICS_MAX = 64 };

static const char *const pages[] = {"seeds/000_de1944cf87de8ee0.txt",
                                    "seeds/004_928921937952ddc6.txt"};
enum { N_PAGES = sizeof pages / sizeof *pages };

static fenlei_error error;

struct shared {
    fenlei_model *model;
    fenlei_labeler *labelers[THREADS];
    struct buffer pages[N_PAGES];
    double scores[ITEMS][TOPICS_MAX];
};

/* Labels a page; then a record, whose scores are kept. */
static void label(void *context, unsigned thread, size_t item)
{
    struct shared *shared = context;
    const struct buffer *bytes = &shared->pages[item % N_PAGES];
    const fenlei_page *page;
    const fenlei_article *article;
    if (fenlei_label_page(shared->labelers[thread], bytes->bytes, bytes->size, NULL, &page, NULL) !=
        FENLEI_OK)
        return;
    fenlei_text text = page->articles[item % page->n_articles]->text;
    struct buffer copy = {0};
    buffer_append_text(&copy, text);
    if (fenlei_label_record(shared->labelers[thread], text_of("县法院开庭"),
                            (fenlei_text){copy.bytes, copy.size}, NULL, &article,
                            NULL) == FENLEI_OK)
        for (size_t i = 0; i < fenlei_topic_count(shared->model); i++)
            shared->scores[item][article->labels[i].topic] = article->labels[i].score;
    buffer_release(&copy);
}

static void eight_labelers_share_a_model(void **state)
{
    (void)state;
    static struct shared shared;
    static double alone[ITEMS][TOPICS_MAX];
    assert_int_equal(fenlei_model_open("models/fenlei.model", &shared.model, &error), FENLEI_OK);
    size_t n_topics = fenlei_topic_count(shared.model);
    assert_in_range(n_topics, 1, TOPICS_MAX);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(fenlei_labeler_new(shared.model, &shared.labelers[i], &error), FENLEI_OK);
    for (size_t i = 0; i < N_PAGES; i++)
        assert_int_equal(input_read(pages[i], &shared.pages[i], &error), FENLEI_OK);
    parallel_for(ITEMS, 1, label, &shared);
    memcpy(alone, shared.scores, sizeof alone);
    memset(shared.scores, 0, sizeof shared.scores);
    parallel_for(ITEMS, THREADS, label, &shared);
    for (size_t i = 0; i < ITEMS; i++) {
        assert_true(alone[i][0] != 0);
        for (size_t topic = 0; topic < n_topics; topic++)
            assert_true(shared.scores[i][topic] == alone[i][topic]);
    }
    for (size_t i = 0; i < N_PAGES; i++)
        buffer_release(&shared.pages[i]);
    for (size_t i = 0; i < THREADS; i++)
        fenlei_labeler_free(shared.labelers[i]);
    fenlei_model_close(shared.model);
}

/* Opening and closing beside others that label. */
static void open_and_label(void *context, unsigned thread, size_t item)
{
    (void)thread;
    size_t *good = context;
    fenlei_model *model;
    fenlei_labeler *labeler;
    const fenlei_article *article;
    if (fenlei_model_open("models/fenlei.model", &model, NULL) != FENLEI_OK)
        return;
    if (fenlei_labeler_new(model, &labeler, NULL) == FENLEI_OK) {
        good[item] = fenlei_label_record(labeler, text_of(""), text_of("法官"), NULL, &article,
                                         NULL) == FENLEI_OK;
        fenlei_labeler_free(labeler);
    }
    fenlei_model_close(model);
}

static void eight_threads_open_a_model_each(void **state)
{
    (void)state;
    size_t good[ITEMS] = {0};
    parallel_for(ITEMS, THREADS, open_and_label, good);
    for (size_t i = 0; i < ITEMS; i++)
        assert_int_equal(good[i], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eight_labelers_share_a_model),
        cmocka_unit_test(eight_threads_open_a_model_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
