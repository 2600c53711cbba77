/* SPDX-License-Identifier: BSD-3-Clause */
/* The trained weights against libsvm's own decision values, and the parts of learning around it. */
#include "test.h"
#include "train/learn.h"
#include "train/solver/svm.h"

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
    struct feature_settings settings = {.ngram_min = 1, .ngram_max = 2, .title_weight = 2};
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

static void vectors_are_sorted_and_of_unit_length(void **state)
{
    (void)state;
    for (size_t i = 0; i < dataset.n_documents; i++) {
        const struct vector *vector = &dataset.vectors[i];
        struct vector_walk walk = vector_walk(vector);
        double squares = 0;
        assert_true(vector->size > 10);
        for (uint32_t k = 0, before = 0; k < vector->size; k++) {
            struct feature feature = vector_next(&walk, &dataset.form);
            squares += feature.value * feature.value;
            assert_true(k == 0 || before < feature.id);
            before = feature.id;
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
    assert_true(id != dataset.vocab.size);
    assert_int_equal(dataset.vocab.document_frequency[id], 2);
    struct dataset rarer;
    assert_int_equal(dataset_make(&rarer, &corpus, dataset.settings, 3, 1, &error), FENLEI_OK);
    assert_true(rarer.vocab.size < dataset.vocab.size);
    assert_true(vocab_find(&rarer.vocab, key) == rarer.vocab.size);
    dataset_release(&rarer);
    assert_int_equal(dataset_make(&rarer, &corpus, dataset.settings, 1000, 1, &error),
                     FENLEI_BAD_INPUT);
    assert_contains(error.message, "1000");
    dataset_release(&rarer);
}

static struct task task_of(size_t topic, double C)
{
    static bool is_positive[2][32];
    for (size_t i = 0; i < corpus.n_documents; i++)
        is_positive[topic][i] = corpus.truth[i * corpus.n_topics + topic];
    return (struct task){.is_positive = is_positive[topic], .C = C};
}

static void solve(const struct task *task, struct solution *solution, size_t memory_size,
                  enum svm_answer *answer, double *decisions)
{
    struct svm_memory *memory = svm_memory_new(memory_size);
    assert_non_null(memory);
    assert_int_equal(svm_solve(memory, &dataset, task, solution, answer, decisions, &error),
                     FENLEI_OK);
    svm_memory_free(memory);
}

static double violation_of(const struct solution *solution, const struct task *task)
{
    double margin[32];
    solution_margins(solution, &dataset, task, margin);
    return solution_violation(solution, dataset.n_documents, task, margin);
}

/* With C small and large, with and without a fold left out, beginning from nothing and from a
 * descent: the weights score as libsvm does, and nothing violates its optimum. */
static void scores_are_libsvms_own(void **state)
{
    (void)state;
    static const double costs[] = {0.1, 1, 100};
    uint32_t fold[32], active[32];
    for (uint32_t i = 0; i < 32; i++)
        fold[i] = i % 3;
    for (size_t number = 0; number < 24; number++) {
        struct task task = task_of(number % 2, costs[number / 2 % 3]);
        struct solution solution;
        enum svm_answer answer;
        double decisions[32];
        task.fold = number / 6 % 2 ? fold : NULL;
        task.left_out = 1;
        assert_true(solution_init(&solution, &dataset));
        if (number / 12 == 1)
            assert_true(descent_run(&solution, &dataset, &task, 0.001, 10000, NULL, active));
        solve(&task, &solution, 1 << 20, &answer, decisions);
        assert_int_equal(answer, SVM_SOLVED);
        for (size_t i = 0; i < dataset.n_documents; i++) {
            double own = solution_score(&solution, &dataset, i);
            assert_true(fabs(own - decisions[i]) < 1e-9);
        }
        assert_true(violation_of(&solution, &task) < 0.0015);
        solution_release(&solution);
    }
}

/* The descent ends where libsvm does, bias and all, also when it begins from another fold's end. (A
 * smaller C would leave every alpha at a bound, and the bias undetermined.) */
static void descent_finds_libsvms_optimum(void **state)
{
    (void)state;
    static const double costs[] = {1, 10, 100};
    uint32_t fold[32], active[32];
    double margin[32];
    for (uint32_t i = 0; i < 32; i++)
        fold[i] = i % 3;
    for (size_t number = 0; number < 6; number++) {
        struct task task = task_of(number % 2, costs[number / 2]);
        struct solution descended, solved;
        enum svm_answer answer;
        assert_true(solution_init(&descended, &dataset) && solution_init(&solved, &dataset));
        assert_true(descent_run(&descended, &dataset, &task, 0.001, 10000, NULL, active));
        assert_true(violation_of(&descended, &task) < 0.0015);
        solution_margins(&descended, &dataset, &task, margin);
        task.fold = fold;
        task.left_out = 2;
        assert_true(descent_run(&descended, &dataset, &task, 0.001, 10000, margin, active));
        assert_true(violation_of(&descended, &task) < 0.0015);
        solve(&task, &solved, 1 << 20, &answer, NULL);
        for (size_t i = 0; i < dataset.n_documents; i++)
            assert_true(fabs(solution_score(&descended, &dataset, i) -
                             solution_score(&solved, &dataset, i)) < 0.01);
        solution_release(&descended);
        solution_release(&solved);
    }
}

static void a_descent_says_when_it_did_not_arrive(void **state)
{
    (void)state;
    struct task task = task_of(0, 100);
    struct solution solution;
    uint32_t active[32];
    assert_true(solution_init(&solution, &dataset));
    assert_false(descent_run(&solution, &dataset, &task, 0.001, 2, NULL, active));
    assert_true(violation_of(&solution, &task) > 0.001);
    solution_release(&solution);
}

static void what_does_not_fit_is_left_to_the_descent(void **state)
{
    (void)state;
    struct task task = task_of(0, 1);
    struct solution solution;
    enum svm_answer answer;
    assert_true(solution_init(&solution, &dataset));
    solve(&task, &solution, 100, &answer, NULL);
    assert_int_equal(answer, SVM_TOO_LARGE);
    solution_release(&solution);

    struct learner learner = {.dataset = &dataset,
                              .truth = corpus.truth,
                              .n_topics = corpus.n_topics,
                              .C = 1,
                              .n_threads = 1,
                              .memory = 100,
                              .keep_decisions = true};
    struct learned learned, by_libsvm;
    assert_int_equal(learn(&learner, &learned, &error), FENLEI_OK);
    learner.memory = 1 << 20;
    assert_int_equal(learn(&learner, &by_libsvm, &error), FENLEI_OK);
    assert_true(learned.by_descent[0] && !by_libsvm.by_descent[0]);
    for (size_t i = 0; i < corpus.n_documents * corpus.n_topics; i++)
        assert_true(fabs(learned.decisions[i] - by_libsvm.decisions[i]) < 0.01);
    learned_release(&learned);
    learned_release(&by_libsvm);
}

static void one_sided_tasks_have_a_defined_result(void **state)
{
    (void)state;
    bool sides[32] = {false};
    struct learner learner = {.dataset = &dataset,
                              .truth = sides,
                              .n_topics = 1,
                              .C = 1,
                              .n_threads = 1,
                              .memory = 1 << 20,
                              .keep_decisions = true};
    struct learned learned;
    assert_int_equal(learn(&learner, &learned, &error), FENLEI_OK);
    assert_true(learned.bias[0] == -1 && learned.decisions[3] == -1 && learned.weights.of[0] == 0);
    learned_release(&learned);
    memset(sides, true, sizeof sides);
    assert_int_equal(learn(&learner, &learned, &error), FENLEI_OK);
    assert_true(learned.bias[0] == 1);
    learned_release(&learned);
}

static void an_estimate_is_of_this_world(void **state)
{
    (void)state;
    struct learner learner = {.dataset = &dataset,
                              .n_topics = corpus.n_topics,
                              .n_folds = 5,
                              .n_threads = 1,
                              .memory = 1 << 20};
    struct learn_estimate estimate;
    assert_true(learn_estimate(&learner, &estimate));
    assert_true(estimate.seconds > 0 && estimate.seconds < 60);
    assert_true(estimate.bytes > 1000 && estimate.bytes < 1e7);
}

static void learning_does_not_depend_on_threads(void **state)
{
    (void)state;
    struct learner learner = {.dataset = &dataset,
                              .truth = corpus.truth,
                              .n_topics = corpus.n_topics,
                              .C = 1,
                              .n_folds = 3,
                              .all_scores = OUT_OF_FOLD_ALL,
                              .seed = 1,
                              .group = group,
                              .memory = 1 << 20,
                              .n_threads = 1};
    struct learned one, four;
    assert_int_equal(learn(&learner, &one, &error), FENLEI_OK);
    learner.n_threads = 4;
    assert_int_equal(learn(&learner, &four, &error), FENLEI_OK);
    size_t cells = (size_t)dataset.vocab.size * corpus.n_topics;
    assert_memory_equal(one.weights.of, four.weights.of, cells * sizeof *one.weights.of);
    assert_memory_equal(one.bias, four.bias, corpus.n_topics * sizeof *one.bias);
    for (size_t topic = 0; topic < corpus.n_topics; topic++)
        assert_memory_equal(one.repeats[0].topics[topic].scores,
                            four.repeats[0].topics[topic].scores,
                            corpus.n_documents * sizeof(double));
    learned_release(&one);
    learned_release(&four);
}

static bool has_feature(size_t document, uint32_t id)
{
    struct vector_walk walk = vector_walk(&dataset.vectors[document]);
    for (uint32_t k = 0; k < dataset.vectors[document].size; k++)
        if (vector_next(&walk, &dataset.form).id == id)
            return true;
    return false;
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
                              .all_scores = OUT_OF_FOLD_ALL,
                              .seed = 1,
                              .group = group,
                              .memory = 1 << 20,
                              .n_threads = 2};
    struct learned learned;
    assert_int_equal(learn(&learner, &learned, &error), FENLEI_OK);
    struct solution solution;
    enum svm_answer answer;
    struct task task = task_of(0, 1);
    task.fold = learned.repeats[0].fold;
    task.left_out = learned.repeats[0].fold[4];
    assert_true(solution_init(&solution, &dataset));
    solve(&task, &solution, 1 << 20, &answer, NULL);
    const struct vector *vector = &dataset.vectors[4];
    struct vector_walk walk = vector_walk(vector);
    double sum = 0, known = 0;
    for (uint32_t k = 0; k < vector->size; k++) {
        struct feature feature = vector_next(&walk, &dataset.form);
        bool seen = false;
        for (size_t i = 0; i < dataset.n_documents; i++)
            seen =
                seen || (learned.repeats[0].fold[i] != task.left_out && has_feature(i, feature.id));
        sum += solution.weights[feature.id] * feature.value;
        known += seen ? feature.value * feature.value : 0;
    }
    assert_true(fabs(out_of_fold_score(&learned.repeats[0].topics[0], 4) -
                     (sum / sqrt(known) + solution.bias)) < 0.02);
    solution_release(&solution);
    learned_release(&learned);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_are_sorted_and_of_unit_length),
        cmocka_unit_test(the_vocabulary_counts_documents),
        cmocka_unit_test(scores_are_libsvms_own),
        cmocka_unit_test(descent_finds_libsvms_optimum),
        cmocka_unit_test(a_descent_says_when_it_did_not_arrive),
        cmocka_unit_test(what_does_not_fit_is_left_to_the_descent),
        cmocka_unit_test(an_estimate_is_of_this_world),
        cmocka_unit_test(one_sided_tasks_have_a_defined_result),
        cmocka_unit_test(learning_does_not_depend_on_threads),
        cmocka_unit_test(out_of_fold_scores_are_of_unseen_documents),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
