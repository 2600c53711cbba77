/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/learn.h"

#include "base/parallel.h"
#include "base/status.h"
#include "train/folds.h"
#include "train/solver/svm.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xxhash.h>

/* Thresholds and probabilities need no more digits than this of a decision value. */
static const double FOLD_TOLERANCE = 0.01;

/* And where so many documents choose them that one shuffle is enough, those errors even out too:
 * from 0.01 to here, micro-F1 on other texts moves by 0.0002 on 10,000 headlines and on 20,000
 * made-up articles, a third of what another seed moves it. */
static const double FOLD_TOLERANCE_OF_MANY = 0.1;

/* Passes after which a descent is given up, for libsvm to go on; the usual is some dozens. */
enum { PASSES_MOST = 2000 };

/* Of one thread. */
struct scratch {
    struct solution whole, part;  /* of all documents, and without a fold */
    double *margin, *part_margin; /* [n_documents] */
    uint32_t *active;             /* [n_documents] */
    bool *is_positive;            /* [n_documents] of the topic */
    double *scores, *sorted;      /* [n_documents] of the topic, out of fold */
    double *decisions;            /* [n_documents] */
};

struct job {
    const struct learner *learner;
    struct learned *learned;
    struct svm_memory *memory;
    struct scratch *scratch; /* [n_threads] */
    double *scale[REPEATS];  /* [n_documents] see known_scale() */
    pthread_mutex_t lock;    /* of what follows */
    fenlei_status status;
    fenlei_error error;
};

static void count_features(const struct dataset *dataset, size_t document, uint32_t *inside)
{
    const struct vector *vector = &dataset->vectors[document];
    struct vector_walk walk = vector_walk(vector);
    for (uint32_t k = 0; k < vector->size; k++)
        inside[vector_next(&walk, &dataset->form).id]++;
}

/* What gives a document back the length that n-grams of its fold alone took; see below. */
static double scale_of(const struct dataset *dataset, size_t document, const uint32_t *inside)
{
    const struct vector *vector = &dataset->vectors[document];
    struct vector_walk walk = vector_walk(vector);
    double squares = 0;
    for (uint32_t k = 0; k < vector->size; k++) {
        struct feature feature = vector_next(&walk, &dataset->form);
        if (dataset->document_frequency[feature.id] > inside[feature.id])
            squares += feature.value * feature.value;
    }
    return squares > 0 ? 1 / sqrt(squares) : 1;
}

/* An unseen document is scored by its known n-grams alone, at length 1. A document of a left-out
 * fold has n-grams that no document outside its fold has: they have no weight, but they took their
 * part of its length. These factors give the length back, so that out-of-fold scores are what an
 * unseen document would get. */
static fenlei_status known_scale(struct job *job, size_t repeat, fenlei_error *error)
{
    const struct dataset *dataset = job->learner->dataset;
    const uint32_t *fold = job->learned->repeats[repeat].fold;
    size_t n = dataset->n_documents, v = dataset->vocab.size;
    uint32_t *inside = array_new(v, sizeof *inside); /* documents of the fold with an n-gram */
    if (inside == NULL)
        return error_memory(error);
    for (uint32_t f = 0; f < job->learner->n_folds; f++) {
        for (size_t id = 0; id < v; id++)
            inside[id] = 0;
        for (size_t i = 0; i < n; i++)
            if (fold[i] == f)
                count_features(dataset, i, inside);
        for (size_t i = 0; i < n; i++)
            if (fold[i] == f)
                job->scale[repeat][i] = scale_of(dataset, i, inside);
    }
    free(inside);
    return FENLEI_OK;
}

/* Keeps what is learned of a topic from all documents. */
static fenlei_status keep_solution(struct job *job, const struct scratch *scratch, size_t topic,
                                   fenlei_error *error)
{
    struct learned *learned = job->learned;
    size_t n = job->learner->dataset->n_documents;
    learned->bias[topic] = scratch->whole.bias;
    for (size_t i = 0; learned->decisions != NULL && i < n; i++)
        learned->decisions[i * learned->n_topics + topic] = scratch->decisions[i];
    if (!column_make(&learned->columns[topic], scratch->whole.weights,
                     job->learner->dataset->vocab.size))
        return error_memory(error);
    return FENLEI_OK;
}

/* Where a task has documents of one side only, the answer is that side: zero weights and a bias of
 * +1 or -1. */
static bool answer_one_side(const struct dataset *dataset, const struct task *task,
                            struct solution *solution)
{
    bool has[2] = {false, false};
    for (size_t i = 0; i < dataset->n_documents; i++)
        if (task_has(task, i))
            has[task_side(task, i) > 0] = true;
    if (has[0] && has[1])
        return false;
    for (size_t i = 0; i < dataset->n_documents; i++)
        solution->alpha[i] = 0;
    solution_sum(solution, dataset, task);
    solution->bias = has[1] ? 1 : -1;
    return true;
}

static fenlei_status solve_whole(struct job *job, struct scratch *scratch, const struct task *task,
                                 size_t topic, fenlei_error *error)
{
    const struct dataset *dataset = job->learner->dataset;
    struct learned *learned = job->learned;
    struct solution *solution = &scratch->whole;
    double *decisions = learned->decisions != NULL ? scratch->decisions : NULL;
    enum svm_answer answer = SVM_TOO_LARGE;
    for (size_t i = 0; i < dataset->n_documents; i++)
        solution->alpha[i] = 0;
    solution->bias = 0;
    if (!answer_one_side(dataset, task, solution)) {
        bool is_there =
            descent_run(solution, dataset, task, SVM_TOLERANCE, PASSES_MOST, NULL, scratch->active);
        fenlei_status status =
            svm_solve(job->memory, dataset, task, solution, &answer, decisions, error);
        if (status != FENLEI_OK)
            return status;
        if (answer == SVM_OUTGROWN || (answer == SVM_TOO_LARGE && !is_there))
            descent_run(solution, dataset, task, SVM_TOLERANCE, PASSES_MOST, NULL, scratch->active);
        learned->by_descent[topic] = answer != SVM_SOLVED;
        solution_margins(solution, dataset, task, scratch->margin);
        learned->violation[topic] =
            solution_violation(solution, dataset->n_documents, task, scratch->margin);
    }
    for (size_t i = 0; decisions != NULL && answer != SVM_SOLVED && i < dataset->n_documents; i++)
        decisions[i] = solution_score(solution, dataset, i);
    return keep_solution(job, scratch, topic, error);
}

/* From the whole solution to the one without a fold. */
static fenlei_status restore_optimum(struct job *job, struct scratch *scratch,
                                     const struct task *task, size_t topic, fenlei_error *error)
{
    const struct dataset *dataset = job->learner->dataset;
    struct solution *solution = &scratch->part;
    enum svm_answer answer;
    memcpy(solution->alpha, scratch->whole.alpha, dataset->n_documents * sizeof *solution->alpha);
    solution->bias = scratch->whole.bias;
    double tolerance = job->learned->n_repeats > 1 ? FOLD_TOLERANCE : FOLD_TOLERANCE_OF_MANY;
    if (descent_run(solution, dataset, task, tolerance, PASSES_MOST, scratch->margin,
                    scratch->active))
        return FENLEI_OK;
    fenlei_status status = svm_solve(job->memory, dataset, task, solution, &answer, NULL, error);
    solution_margins(solution, dataset, task, scratch->part_margin);
    double violation =
        solution_violation(solution, dataset->n_documents, task, scratch->part_margin);
    job->learned->violation[topic] = fmax(job->learned->violation[topic], violation);
    return status;
}

/* The scores of the documents of task->left_out, from a training without them. */
static fenlei_status solve_fold(struct job *job, struct scratch *scratch, const struct task *task,
                                size_t topic, size_t repeat, fenlei_error *error)
{
    const struct dataset *dataset = job->learner->dataset;
    struct solution *solution = &scratch->part;
    fenlei_status status = FENLEI_OK;
    if (!answer_one_side(dataset, task, solution))
        status = restore_optimum(job, scratch, task, topic, error);
    for (size_t i = 0; i < dataset->n_documents; i++) {
        if (task_has(task, i))
            continue;
        double score = solution_score(solution, dataset, i) - solution->bias;
        scratch->scores[i] = score * job->scale[repeat][i] + solution->bias;
    }
    return status;
}

static int by_falling_number(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

/* How many out-of-fold scores of a topic are kept. */
static size_t scores_kept(const struct learner *learner, size_t n_positives)
{
    size_t n = learner->dataset->n_documents;
    size_t most = OUT_OF_FOLD_LEAST + OUT_OF_FOLD_EACH * n_positives;
    return n <= learner->all_scores / learner->n_topics || most > n ? n : most;
}

/* The score that no document of the rest exceeds, where so many are kept; -HUGE_VAL for none. */
static double highest_of_rest(struct scratch *scratch, size_t n, size_t kept)
{
    if (kept == n)
        return -HUGE_VAL;
    memcpy(scratch->sorted, scratch->scores, n * sizeof *scratch->sorted);
    qsort(scratch->sorted, n, sizeof *scratch->sorted, by_falling_number);
    return scratch->sorted[kept];
}

static fenlei_status keep_scores(const struct learner *learner, struct scratch *scratch,
                                 size_t n_positives, struct out_of_fold *kept, fenlei_error *error)
{
    size_t n = learner->dataset->n_documents, most = scores_kept(learner, n_positives);
    double highest = highest_of_rest(scratch, n, most), sum = 0;
    kept->documents = array_new(most + n_positives, sizeof *kept->documents);
    kept->scores = array_new(most + n_positives, sizeof *kept->scores);
    if (kept->documents == NULL || kept->scores == NULL)
        return error_memory(error);
    for (size_t i = 0; i < n; i++) {
        if (!(scratch->scores[i] > highest) && !scratch->is_positive[i]) {
            sum += scratch->scores[i];
            continue;
        }
        kept->documents[kept->n] = (uint32_t)i;
        kept->scores[kept->n++] = scratch->scores[i];
    }
    kept->rest = kept->n < n ? sum / (double)(n - kept->n) : 0;
    kept->floor = kept->n < n ? nextafter(highest, HUGE_VAL) : -HUGE_VAL;
    return FENLEI_OK;
}

double out_of_fold_score(const struct out_of_fold *scores, uint32_t document)
{
    size_t low = 0, high = scores->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (scores->documents[middle] < document)
            low = middle + 1;
        else
            high = middle;
    }
    return low < scores->n && scores->documents[low] == document ? scores->scores[low]
                                                                 : scores->rest;
}

static size_t take_positives(const struct learner *learner, struct scratch *scratch, size_t topic)
{
    size_t n_positives = 0;
    for (size_t i = 0; i < learner->dataset->n_documents; i++) {
        scratch->is_positive[i] = learner->truth[i * learner->n_topics + topic];
        n_positives += scratch->is_positive[i];
    }
    return n_positives;
}

static fenlei_status learn_topic(struct job *job, struct scratch *scratch, size_t topic,
                                 fenlei_error *error)
{
    const struct learner *learner = job->learner;
    size_t n_positives = take_positives(learner, scratch, topic);
    struct task task = {.is_positive = scratch->is_positive, .C = learner->C};
    fenlei_status status = solve_whole(job, scratch, &task, topic, error);
    watch_step(learner->watch, 1);
    for (size_t repeat = 0; repeat < job->learned->n_repeats; repeat++) {
        task.fold = job->learned->repeats[repeat].fold;
        for (task.left_out = 0; task.left_out < learner->n_folds && status == FENLEI_OK;
             task.left_out++) {
            status = solve_fold(job, scratch, &task, topic, repeat, error);
            watch_step(learner->watch, 1);
        }
        if (status == FENLEI_OK)
            status = keep_scores(learner, scratch, n_positives,
                                 &job->learned->repeats[repeat].topics[topic], error);
    }
    return status;
}

static void learn_one(void *context, unsigned thread, size_t topic)
{
    struct job *job = context;
    fenlei_error error;
    fenlei_status status = learn_topic(job, &job->scratch[thread], topic, &error);
    if (status == FENLEI_OK)
        return;
    pthread_mutex_lock(&job->lock);
    job->status = status;
    job->error = error;
    pthread_mutex_unlock(&job->lock);
}

static bool scratch_init(struct scratch *scratch, const struct dataset *dataset)
{
    scratch->active = array_new(dataset->n_documents, sizeof *scratch->active);
    scratch->margin = array_new(dataset->n_documents, sizeof *scratch->margin);
    scratch->part_margin = array_new(dataset->n_documents, sizeof *scratch->part_margin);
    scratch->is_positive = array_new(dataset->n_documents, sizeof *scratch->is_positive);
    scratch->scores = array_new(dataset->n_documents, sizeof *scratch->scores);
    scratch->sorted = array_new(dataset->n_documents, sizeof *scratch->sorted);
    scratch->decisions = array_new(dataset->n_documents, sizeof *scratch->decisions);
    return scratch->active != NULL && scratch->margin != NULL && scratch->part_margin != NULL &&
           scratch->is_positive != NULL && scratch->scores != NULL && scratch->sorted != NULL &&
           scratch->decisions != NULL && solution_init(&scratch->whole, dataset) &&
           solution_init(&scratch->part, dataset);
}

static void job_release(struct job *job)
{
    svm_memory_free(job->memory);
    for (unsigned i = 0; job->scratch != NULL && i < job->learner->n_threads; i++) {
        solution_release(&job->scratch[i].whole);
        solution_release(&job->scratch[i].part);
        free(job->scratch[i].margin);
        free(job->scratch[i].part_margin);
        free(job->scratch[i].active);
        free(job->scratch[i].is_positive);
        free(job->scratch[i].scores);
        free(job->scratch[i].sorted);
        free(job->scratch[i].decisions);
    }
    free(job->scratch);
    for (size_t repeat = 0; repeat < REPEATS; repeat++)
        free(job->scale[repeat]);
}

/* Of a shuffle: the first has the seed itself, the others no seed that a neighbouring one has. */
static uint64_t seed_of(uint64_t seed, size_t number)
{
    uint64_t which = number;
    return number == 0 ? seed : XXH3_64bits_withSeed(&which, sizeof which, seed);
}

static bool allocate_repeat(struct job *job, size_t number)
{
    const struct learner *learner = job->learner;
    struct repeat *repeat = &job->learned->repeats[number];
    size_t n = learner->dataset->n_documents, t = learner->n_topics;
    repeat->topics = array_new(t, sizeof *repeat->topics);
    repeat->fold = array_new(n, sizeof *repeat->fold);
    job->scale[number] = array_new(n, sizeof *job->scale[number]);
    return repeat->topics != NULL && repeat->fold != NULL && job->scale[number] != NULL &&
           folds_assign(learner->truth, n, t, learner->n_folds, seed_of(learner->seed, number),
                        learner->group, repeat->fold);
}

static bool allocate(struct job *job)
{
    const struct learner *learner = job->learner;
    struct learned *learned = job->learned;
    size_t n = learner->dataset->n_documents, t = learner->n_topics;
    learned->columns = array_new(t, sizeof *learned->columns);
    learned->bias = array_new(t, sizeof *learned->bias);
    learned->by_descent = array_new(t, sizeof *learned->by_descent);
    learned->violation = array_new(t, sizeof *learned->violation);
    job->memory = svm_memory_new(learner->memory);
    job->scratch = array_new(learner->n_threads, sizeof *job->scratch);
    bool good = learned->columns != NULL && learned->bias != NULL && learned->by_descent != NULL &&
                learned->violation != NULL && job->memory != NULL && job->scratch != NULL;
    for (unsigned i = 0; good && i < learner->n_threads; i++)
        good = scratch_init(&job->scratch[i], learner->dataset);
    for (size_t i = 0; good && i < learned->n_repeats; i++)
        good = allocate_repeat(job, i);
    if (good && learner->keep_decisions) {
        learned->decisions = array_new(n, t * sizeof *learned->decisions);
        good = learned->decisions != NULL;
    }
    return good;
}

/* From what was learned topic by topic to what each n-gram weighs. */
static fenlei_status gather_weights(const struct learner *learner, struct learned *learned,
                                    fenlei_error *error)
{
    learned->weights =
        (struct weights){.n_topics = (uint32_t)learner->n_topics, .bias = learned->bias};
    learned->rows = rows_make(learned->columns, learner->dataset->vocab.size, learner->storage,
                              &learned->weights);
    return learned->rows != NULL ? FENLEI_OK : error_memory(error);
}

size_t learn_repeats(size_t n_documents, size_t n_topics)
{
    return n_documents / n_topics < ONE_SHUFFLE ? REPEATS : 1;
}

static size_t repeats_of(const struct learner *learner)
{
    return learner->n_folds > 0 ? learn_repeats(learner->dataset->n_documents, learner->n_topics)
                                : 0;
}

fenlei_status learn(const struct learner *learner, struct learned *learned, fenlei_error *error)
{
    *learned = (struct learned){.n_topics = learner->n_topics, .n_repeats = repeats_of(learner)};
    struct job job = {.learner = learner, .learned = learned, .status = FENLEI_OK};
    watch_stage(learner->watch, STAGE_LEARN,
                learner->n_topics * (learned->n_repeats * learner->n_folds + 1));
    fenlei_status status = allocate(&job) ? FENLEI_OK : error_memory(error);
    for (size_t i = 0; i < learned->n_repeats && status == FENLEI_OK; i++)
        status = known_scale(&job, i, error);
    if (status == FENLEI_OK) {
        pthread_mutex_init(&job.lock, NULL);
        parallel_for(learner->n_topics, learner->n_threads, learn_one, &job);
        pthread_mutex_destroy(&job.lock);
        status = job.status;
        if (status != FENLEI_OK && error != NULL)
            *error = job.error;
    }
    job_release(&job);
    return status == FENLEI_OK ? gather_weights(learner, learned, error) : status;
}

double learn_looks(size_t n_topics, size_t n_trainings)
{
    static const double LOOKS = 12, LOOKS_OF_FOLD = 4, LOOKS_OF_RARE_FOLD = 1;
    enum { RARE = 16 }; /* topics of so many have few documents each: see descent_run() */
    return LOOKS + (n_topics > RARE ? LOOKS_OF_RARE_FOLD : LOOKS_OF_FOLD) * (double)n_trainings;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Bytes of the out-of-fold scores, with two labels a document. */
static double scores_bytes(const struct learner *learner)
{
    double n = (double)learner->dataset->n_documents, topics = (double)learner->n_topics;
    double kept = OUT_OF_FOLD_LEAST * topics + (OUT_OF_FOLD_EACH + 1) * 2 * n, all = n * topics;
    if (all <= (double)learner->all_scores)
        kept = all;
    return (double)repeats_of(learner) * fmin(kept, all) * (sizeof(double) + sizeof(uint32_t));
}

bool learn_estimate(const struct learner *learner, struct learn_estimate *estimate)
{
    /* Measured: seconds of libsvm for each pair of documents in its hands; how many of them there
     * are, the more the shorter they are; and of how many n-grams the weight for a topic is not
     * zero. */
    static const double PAIR = 15e-9, NEAR_MARGIN = 0.5, NEAR_MARGIN_FEATURES = 20, NOT_ZERO = 0.35;
    const struct dataset *dataset = learner->dataset;
    struct solution nothing;
    double n = (double)dataset->n_documents, topics = (double)learner->n_topics, features = 0;
    if (!solution_init(&nothing, dataset)) {
        solution_release(&nothing);
        return false;
    }
    double start = now(), sum = 0;
    for (size_t i = 0; i < dataset->n_documents; i++) {
        sum += solution_score(&nothing, dataset, i);
        features += dataset->vectors[i].size;
    }
    double look = now() - start + sum; /* the sum is 0, and must be computed */
    solution_release(&nothing);
    double near = n * fmin(NEAR_MARGIN, NEAR_MARGIN_FEATURES * n / features),
           threads = learner->n_threads;
    double kernel = near * near * sizeof(double);
    bool by_libsvm = kernel <= (double)learner->memory;
    double each = look * learn_looks(learner->n_topics, repeats_of(learner) * learner->n_folds) +
                  (by_libsvm ? PAIR * near * near : 0);
    estimate->seconds = each * ceil(topics / threads);
    estimate->bytes =
        features * sizeof(uint32_t) +
        dataset->vocab.size * (threads * 2 * sizeof(double) +
                               NOT_ZERO * topics * (2 * sizeof(float) + sizeof(uint32_t))) +
        scores_bytes(learner) + (by_libsvm ? fmin((double)learner->memory, threads * kernel) : 0);
    return true;
}

static void repeat_release(struct repeat *repeat, size_t n_topics)
{
    for (size_t topic = 0; repeat->topics != NULL && topic < n_topics; topic++) {
        free(repeat->topics[topic].documents);
        free(repeat->topics[topic].scores);
    }
    free(repeat->topics);
    free(repeat->fold);
}

void learned_release(struct learned *learned)
{
    free(learned->rows);
    free(learned->bias);
    for (size_t i = 0; learned->columns != NULL && i < learned->n_topics; i++)
        column_release(&learned->columns[i]);
    free(learned->columns);
    for (size_t i = 0; i < learned->n_repeats; i++)
        repeat_release(&learned->repeats[i], learned->n_topics);
    free(learned->decisions);
    free(learned->by_descent);
    free(learned->violation);
    *learned = (struct learned){0};
}
