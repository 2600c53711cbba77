/* The trained weights against libsvm's own decision values, and the parts of learning around it. */
#include "learn.h"
#include "svm.h"
#include "test.h"

#include <math.h>

static struct corpus corpus;
static struct dataset dataset;
static fenlei_error error;
static uint32_t group[32]; /* no duplicates */

static void complain(void *context, const char *message)
{
    (void)context;
    fail_msg("%s", message);
}

static int set_up(void **state)
{
    (void)state;
    struct settings settings = {.ngram_min = 1, .ngram_max = 2, .title_weight = 2};
    bool good = corpus_add(&corpus, "tests/data/tiny.jsonl", complain, NULL, &error) == FENLEI_OK &&
                corpus_finish(&corpus, &error) == FENLEI_OK;
    settings.n_documents = (uint32_t)corpus.n_documents;
    for (uint32_t i = 0; i < 32; i++)
        group[i] = i;
    good = good && dataset_make(&dataset, &corpus, settings, 1, 2, &error) == FENLEI_OK;
    return good ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    dataset_release(&dataset);
    corpus_release(&corpus);
    return 0;
}

static double score(const struct vector *vector, const double *weights, double bias)
{
    for (uint32_t k = 0; k < vector->size; k++)
        bias += weights[vector->features[k].id] * vector->features[k].value;
    return bias;
}

static void vectors_are_sorted_and_of_unit_length(void **state)
{
    (void)state;
    for (size_t i = 0; i < dataset.n_documents; i++) {
        const struct vector *vector = &dataset.vectors[i];
        double squares = 0;
        assert_true(vector->size > 10);
        for (uint32_t k = 0; k < vector->size; k++) {
            squares += vector->features[k].value * vector->features[k].value;
            assert_true(k == 0 || vector->features[k - 1].id < vector->features[k].id);
        }
        assert_true(fabs(squares - 1) < 1e-12);
    }
}

static void the_vocabulary_counts_documents(void **state)
{
    (void)state;
    /* 法 and 院 begin and end words in t1; 法官 is in t2 and t3 */
    uint64_t key = (uint64_t)0x6CD5 << 21 | 0x5B98;
    uint32_t id = vocab_find(&dataset.vocab, key);
    assert_true(id != VOCAB_UNKNOWN);
    assert_int_equal(dataset.vocab.document_frequency[id], 2);
    struct dataset rarer;
    assert_int_equal(dataset_make(&rarer, &corpus, dataset.settings, 3, 1, &error), FENLEI_OK);
    assert_true(rarer.vocab.size < dataset.vocab.size);
    assert_true(vocab_find(&rarer.vocab, key) == VOCAB_UNKNOWN);
    dataset_release(&rarer);
    assert_int_equal(dataset_make(&rarer, &corpus, dataset.settings, 1000, 1, &error),
                     FENLEI_BAD_INPUT);
    assert_contains(error.message, "1000");
    dataset_release(&rarer);
}

/* Both kernels of libsvm, with C small and large, with and without a fold left out. */
static void scores_are_libsvms_own(void **state)
{
    (void)state;
    static const size_t memories[] = {0, 1 << 20};
    static const double costs[] = {0.1, 1, 100};
    uint32_t fold[32];
    double *weights = array_new(dataset.vocab.size, sizeof *weights);
    double *first = array_new(dataset.vocab.size, sizeof *first);
    for (uint32_t i = 0; i < 32; i++)
        fold[i] = i % 3;
    for (size_t task_number = 0; task_number < 12; task_number++) {
        for (size_t m = 0; m < 2; m++) {
            struct svm_data *data;
            double bias, decisions[2 * 32];
            assert_int_equal(svm_data_new(&dataset, memories[m], 2, &data, &error), FENLEI_OK);
            struct svm_task task = {.is_positive = corpus.truth + task_number % 2,
                                    .stride = corpus.n_topics,
                                    .fold = task_number / 6 ? fold : NULL,
                                    .left_out = 1,
                                    .C = costs[task_number / 2 % 3]};
            assert_int_equal(
                svm_train_topic(data, &task, m == 0 ? first : weights, &bias, decisions, &error),
                FENLEI_OK);
            for (size_t i = 0; i < dataset.n_documents; i++) {
                double own = score(&dataset.vectors[i], m == 0 ? first : weights, bias);
                assert_true(fabs(own - decisions[i * 2]) < 1e-9);
            }
            svm_data_free(data);
        }
        for (uint32_t id = 0; id < dataset.vocab.size; id++)
            assert_true(fabs(first[id] - weights[id]) < 0.01);
    }
    free(weights);
    free(first);
}

static void one_sided_tasks_have_a_defined_result(void **state)
{
    (void)state;
    struct svm_data *data;
    bool none[32] = {false}, all[32];
    double *weights = array_new(dataset.vocab.size, sizeof *weights), bias, decisions[32];
    memset(all, true, sizeof all);
    assert_int_equal(svm_data_new(&dataset, 1 << 20, 1, &data, &error), FENLEI_OK);
    struct svm_task task = {.is_positive = none, .stride = 1, .C = 1};
    assert_int_equal(svm_train_topic(data, &task, weights, &bias, decisions, &error), FENLEI_OK);
    assert_true(bias == -1 && decisions[3] == -1 && weights[0] == 0);
    task.is_positive = all;
    assert_int_equal(svm_train_topic(data, &task, weights, &bias, NULL, &error), FENLEI_OK);
    assert_true(bias == 1);
    svm_data_free(data);
    free(weights);
}

static void learning_does_not_depend_on_threads(void **state)
{
    (void)state;
    struct learner learner = {.dataset = &dataset,
                              .truth = corpus.truth,
                              .n_topics = corpus.n_topics,
                              .C = 1,
                              .n_folds = 3,
                              .seed = 1,
                              .group = group,
                              .n_threads = 1};
    struct learned one, four;
    assert_int_equal(learn(&learner, &one, &error), FENLEI_OK);
    learner.n_threads = 4;
    assert_int_equal(learn(&learner, &four, &error), FENLEI_OK);
    size_t cells = (size_t)dataset.vocab.size * corpus.n_topics;
    assert_memory_equal(one.weights, four.weights, cells * sizeof *one.weights);
    assert_memory_equal(one.bias, four.bias, corpus.n_topics * sizeof *one.bias);
    assert_memory_equal(one.out_of_fold, four.out_of_fold,
                        corpus.n_documents * corpus.n_topics * sizeof *one.out_of_fold);
    learned_release(&one);
    learned_release(&four);
}

/* An out-of-fold score is what a model trained without the fold gives the document as unseen. */
static void out_of_fold_scores_are_of_unseen_documents(void **state)
{
    (void)state;
    struct learner learner = {.dataset = &dataset,
                              .truth = corpus.truth,
                              .n_topics = corpus.n_topics,
                              .C = 1,
                              .n_folds = 3,
                              .seed = 1,
                              .group = group,
                              .n_threads = 2};
    struct learned learned;
    struct svm_data *data;
    double *weights = array_new(dataset.vocab.size, sizeof *weights), bias;
    assert_int_equal(learn(&learner, &learned, &error), FENLEI_OK);
    assert_int_equal(svm_data_new(&dataset, 0, 1, &data, &error), FENLEI_OK);
    struct svm_task task = {.is_positive = corpus.truth,
                            .stride = corpus.n_topics,
                            .fold = learned.fold,
                            .left_out = learned.fold[4],
                            .C = 1};
    assert_int_equal(svm_train_topic(data, &task, weights, &bias, NULL, &error), FENLEI_OK);
    const struct vector *vector = &dataset.vectors[4];
    double sum = 0, known = 0;
    for (uint32_t k = 0; k < vector->size; k++) {
        bool seen = false;
        for (size_t i = 0; i < dataset.n_documents; i++)
            for (uint32_t j = 0; learned.fold[i] != task.left_out && j < dataset.vectors[i].size;
                 j++)
                seen = seen || dataset.vectors[i].features[j].id == vector->features[k].id;
        sum += weights[vector->features[k].id] * vector->features[k].value;
        known += seen ? vector->features[k].value * vector->features[k].value : 0;
    }
    assert_true(fabs(learned.out_of_fold[4 * corpus.n_topics] - (sum / sqrt(known) + bias)) < 0.01);
    svm_data_free(data);
    free(weights);
    learned_release(&learned);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_are_sorted_and_of_unit_length),
        cmocka_unit_test(the_vocabulary_counts_documents),
        cmocka_unit_test(scores_are_libsvms_own),
        cmocka_unit_test(one_sided_tasks_have_a_defined_result),
        cmocka_unit_test(learning_does_not_depend_on_threads),
        cmocka_unit_test(out_of_fold_scores_are_of_unseen_documents),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
