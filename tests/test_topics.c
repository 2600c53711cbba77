/* SPDX-License-Identifier: BSD-3-Clause */
/* Many topics: weights stored sparsely give what they give stored for every topic, to the last bit,
 * from the trained rows to the labels of the opened model; and of their out-of-fold scores the ones
 * that matter are kept. */
#include "label/model.h"
#include "test.h"
#include "train/learn.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { TOPICS = 40, DOCUMENTS = 600, FOLDS = 3, FEATURES_MOST = 64 };

static char folder[] = "/tmp/fenlei-test-XXXXXX";
static char path[64];
static struct corpus corpus;
static struct dataset dataset;
static struct learned dense, sparse;
static uint32_t group[DOCUMENTS];
static fenlei_error error;

static void complain(void *context, const char *message)
{
    (void)context;
    fail_msg("%s", message);
}

static uint64_t random_below(uint64_t n)
{
    static uint64_t state = 5;
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (state >> 33) % n;
}

/* A word of two letters; each topic has three, and all share 900, the first far oftener. */
static void write_word(FILE *file, uint64_t number)
{
    for (uint64_t i = 0; i < 2; i++) {
        uint64_t letter = 0x4E00 + (number * 2 + i) * 7;
        fprintf(file, "%c%c%c", (int)(0xE0 | letter >> 12), (int)(0x80 | (letter >> 6 & 63)),
                (int)(0x80 | (letter & 63)));
    }
}

static void write_document(FILE *file, uint64_t topic)
{
    fprintf(file, "{\"labels\": [\"t%02d\"], \"text\": \"", (int)topic);
    for (int i = 0; i < 10; i++) {
        uint64_t drawn = random_below(900);
        write_word(file, (uint64_t)TOPICS * 3 + drawn * drawn / 900);
    }
    for (int i = 0; i < 3; i++)
        write_word(file, topic * 3 + random_below(3));
    fputs("\"}\n", file);
}

static bool read_corpus(void)
{
    snprintf(path, sizeof path, "%s/corpus.jsonl", folder);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return false;
    for (uint64_t i = 0; i < DOCUMENTS; i++)
        write_document(file, i < (uint64_t)TOPICS * 2 ? i % TOPICS : random_below(TOPICS));
    return fclose(file) == 0 && corpus_add(&corpus, path, complain, NULL, &error) == FENLEI_OK &&
           corpus_finish(&corpus, &error) == FENLEI_OK;
}

static struct learner learner_of(enum storage storage, size_t all_scores)
{
    return (struct learner){.dataset = &dataset,
                            .truth = corpus.truth,
                            .n_topics = corpus.n_topics,
                            .C = 1,
                            .n_folds = FOLDS,
                            .seed = 1,
                            .group = group,
                            .memory = 64 << 20,
                            .storage = storage,
                            .all_scores = all_scores,
                            .n_threads = 2};
}

static int set_up(void **state)
{
    (void)state;
    struct feature_settings settings = {
        .ngram_min = 2, .ngram_max = 2, .title_weight = 2, .n_documents = DOCUMENTS};
    for (uint32_t i = 0; i < DOCUMENTS; i++)
        group[i] = i;
    if (mkdtemp(folder) == NULL || !read_corpus() ||
        dataset_make(&dataset, &corpus, settings, 1, 2, &error) != FENLEI_OK)
        return 1;
    struct learner learner = learner_of(STORAGE_DENSE, OUT_OF_FOLD_ALL);
    fenlei_status status = learn(&learner, &dense, &error);
    learner = learner_of(STORAGE_SPARSE, DOCUMENTS);
    return status != FENLEI_OK || learn(&learner, &sparse, &error) != FENLEI_OK;
}

static int tear_down(void **state)
{
    (void)state;
    char command[100];
    learned_release(&dense);
    learned_release(&sparse);
    dataset_release(&dataset);
    corpus_release(&corpus);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void no_weight_differs(void **state)
{
    (void)state;
    size_t n_not_zero = 0;
    assert_null(dense.weights.starts);
    assert_non_null(sparse.weights.starts);
    for (uint32_t id = 0; id < dataset.vocab.size; id++)
        for (uint32_t topic = 0; topic < TOPICS; topic++) {
            double weight = weight_of(&dense.weights, id, topic);
            assert_true(weight == weight_of(&sparse.weights, id, topic));
            n_not_zero += weight != 0;
        }
    assert_int_equal(sparse.weights.starts[dataset.vocab.size], n_not_zero);
    assert_in_range(n_not_zero, 1, (size_t)dataset.vocab.size * TOPICS * 9 / 10);
}

static void no_score_differs(void **state)
{
    (void)state;
    double one[TOPICS], other[TOPICS];
    for (size_t i = 0; i < DOCUMENTS; i++) {
        static struct feature features[FEATURES_MOST];
        const struct vector *vector = &dataset.vectors[i];
        struct vector_walk walk = vector_walk(vector);
        assert_in_range(vector->size, 1, FEATURES_MOST);
        for (uint32_t k = 0; k < vector->size; k++)
            features[k] = vector_next(&walk, &dataset.form);
        score_topics(&dense.weights, features, vector->size, one);
        score_topics(&sparse.weights, features, vector->size, other);
        assert_memory_equal(one, other, sizeof one);
    }
}

static fenlei_model *model_of(const struct learned *learned)
{
    static struct calibration calibration[TOPICS];
    static uint32_t places[2 * TOPICS];
    struct buffer strings = {0};
    for (size_t topic = 0; topic < TOPICS; topic++) {
        calibration[topic] = (struct calibration){-0.1, 3, 0.5};
        places[2 * topic] = places[2 * topic + 1] = (uint32_t)strings.size;
        buffer_append(&strings, corpus.topic_ids[topic], strlen(corpus.topic_ids[topic]) + 1);
    }
    struct model_parts parts = {.settings = dataset.settings,
                                .vocab = dataset.vocab,
                                .index = dataset.index,
                                .idf = dataset.idf,
                                .weights = learned->weights,
                                .calibration = calibration,
                                .topic_strings = places,
                                .strings = {strings.bytes, strings.size},
                                .card = {"{}", 2}};
    fenlei_model *model;
    snprintf(path, sizeof path, "%s/m.model", folder);
    assert_int_equal(model_write(&parts, path, &error), FENLEI_OK);
    assert_int_equal(fenlei_model_open(path, &model, &error), FENLEI_OK);
    buffer_release(&strings);
    return model;
}

static fenlei_labeler *labeler_of(const fenlei_model *model)
{
    fenlei_labeler *labeler;
    assert_int_equal(fenlei_labeler_new(model, &labeler, &error), FENLEI_OK);
    return labeler;
}

static const fenlei_label *labels_of(fenlei_labeler *labeler, size_t document)
{
    const fenlei_article *article;
    assert_int_equal(fenlei_label_record(labeler, corpus.documents[document].title,
                                         corpus.documents[document].text, NULL, &article, &error),
                     FENLEI_OK);
    return article->labels;
}

static void no_label_differs(void **state)
{
    (void)state;
    fenlei_model *one = model_of(&dense), *other = model_of(&sparse);
    fenlei_labeler *labeler = labeler_of(one), *second = labeler_of(other);
    for (size_t i = 0; i < DOCUMENTS; i++) {
        const fenlei_label *labels = labels_of(labeler, i), *same = labels_of(second, i);
        const fenlei_why *why, *as_well;
        for (size_t k = 0; k < TOPICS; k++)
            assert_true(labels[k].topic == same[k].topic && labels[k].score == same[k].score &&
                        labels[k].given == same[k].given);
        assert_int_equal(fenlei_explain(labeler, 0, labels[0].topic, &why, &error), FENLEI_OK);
        assert_int_equal(fenlei_explain(second, 0, labels[0].topic, &as_well, &error), FENLEI_OK);
        assert_true(why->score == as_well->score && why->n_phrases == as_well->n_phrases);
        for (size_t k = 0; k < why->n_phrases; k++)
            assert_true(why->phrases[k]->share == as_well->phrases[k]->share);
    }
    fenlei_labeler_free(labeler);
    fenlei_labeler_free(second);
    fenlei_model_close(one);
    fenlei_model_close(other);
}

/* What takes less is taken: few topics, each n-gram having a weight for most of them, are dense. */
static void the_smaller_storage_is_chosen(void **state)
{
    (void)state;
    enum { VOCABULARY = 300 };
    for (size_t tried = 0; tried < 2; tried++) {
        double full[VOCABULARY];
        struct column columns[3];
        struct weights weights = {.n_topics = 3};
        for (size_t id = 0; id < VOCABULARY; id++)
            full[id] = tried == 0 || id % 10 == 0 ? 0.5 : 0;
        for (size_t topic = 0; topic < 3; topic++)
            assert_true(column_make(&columns[topic], full, VOCABULARY));
        void *rows = rows_make(columns, VOCABULARY, STORAGE_SMALLER, &weights);
        assert_non_null(rows);
        assert_int_equal(weights.starts != NULL, tried == 1);
        free(rows);
    }
}

static void the_scores_that_matter_are_kept(void **state)
{
    (void)state;
    for (size_t repeat = 0; repeat < REPEATS; repeat++)
        for (size_t topic = 0; topic < TOPICS; topic++) {
            const struct out_of_fold *all = &dense.repeats[repeat].topics[topic];
            const struct out_of_fold *kept = &sparse.repeats[repeat].topics[topic];
            double sum = 0;
            size_t n_rest = 0;
            assert_int_equal(all->n, DOCUMENTS);
            assert_true(all->floor == -HUGE_VAL);
            for (uint32_t i = 0; i < DOCUMENTS; i++) {
                double score = out_of_fold_score(all, i);
                bool is_kept = score >= kept->floor || corpus.truth[(size_t)i * TOPICS + topic];
                assert_true(out_of_fold_score(kept, i) == (is_kept ? score : kept->rest));
                sum += is_kept ? 0 : score;
                n_rest += !is_kept;
            }
            assert_int_equal(kept->n + n_rest, DOCUMENTS);
            assert_true(n_rest == 0 || fabs(kept->rest - sum / (double)n_rest) < 1e-12);
        }
    /* a topic of few documents keeps few scores */
    assert_in_range(sparse.repeats[0].topics[0].n, OUT_OF_FOLD_LEAST, DOCUMENTS - 1);
}

static void thousands_of_documents_need_one_shuffle(void **state)
{
    (void)state;
    assert_int_equal(learn_repeats(ONE_SHUFFLE - 1, 1), REPEATS);
    assert_int_equal(learn_repeats(ONE_SHUFFLE, 1), 1);
    assert_int_equal(learn_repeats(100000, 100), 1);
    assert_int_equal(learn_repeats(100000, 101), REPEATS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousands_of_documents_need_one_shuffle),
        cmocka_unit_test(no_weight_differs),
        cmocka_unit_test(no_score_differs),
        cmocka_unit_test(no_label_differs),
        cmocka_unit_test(the_smaller_storage_is_chosen),
        cmocka_unit_test(the_scores_that_matter_are_kept),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
