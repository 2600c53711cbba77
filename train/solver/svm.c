/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/solver/svm.h"

#include "base/status.h"

#include <libsvm/svm.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* libsvm's own cache of kernel columns, in MB. */
static const double CACHE = 200;

/* Documents that are so near the margin belong to the first working set. */
static const double NEAR = 0.002;

/* ---- memory ---- */

struct svm_memory {
    size_t limit, used;
    pthread_mutex_t lock;
    pthread_cond_t freed;
};

static void silence(const char *message)
{
    (void)message;
}

struct svm_memory *svm_memory_new(size_t bytes)
{
    struct svm_memory *memory = array_new(1, sizeof *memory);
    if (memory == NULL)
        return NULL;
    memory->limit = bytes;
    svm_set_print_string_function(silence); /* of the whole process: before there are threads */
    pthread_mutex_init(&memory->lock, NULL);
    pthread_cond_init(&memory->freed, NULL);
    return memory;
}

void svm_memory_free(struct svm_memory *memory)
{
    if (memory == NULL)
        return;
    pthread_cond_destroy(&memory->freed);
    pthread_mutex_destroy(&memory->lock);
    free(memory);
}

static void memory_take(struct svm_memory *memory, size_t bytes)
{
    pthread_mutex_lock(&memory->lock);
    while (memory->used > 0 && memory->used + bytes > memory->limit)
        pthread_cond_wait(&memory->freed, &memory->lock);
    memory->used += bytes;
    pthread_mutex_unlock(&memory->lock);
}

static void memory_give_back(struct svm_memory *memory, size_t bytes)
{
    pthread_mutex_lock(&memory->lock);
    memory->used -= bytes;
    pthread_cond_broadcast(&memory->freed);
    pthread_mutex_unlock(&memory->lock);
}

/* ---- a task under way ---- */

struct work {
    struct svm_memory *memory;
    const struct dataset *dataset;
    const struct task *task;
    struct solution *solution;
    uint32_t *documents; /* [size] the working set, room for all documents */
    size_t size;
    bool *is_in;    /* [n_documents] */
    double *kernel; /* see lay_out() */
    size_t bytes;   /* of the kernel, taken from the memory */
    struct svm_problem problem;
    struct svm_model *model; /* refers to the problem */
    double sign;             /* libsvm's decision value is for the class of its first label */
};

static void forget_round(struct work *work)
{
    if (work->model != NULL)
        svm_free_and_destroy_model(&work->model);
    if (work->kernel != NULL)
        munmap(work->kernel, work->bytes);
    work->kernel = NULL;
    if (work->bytes > 0)
        memory_give_back(work->memory, work->bytes);
    work->bytes = 0;
}

static void work_release(struct work *work)
{
    forget_round(work);
    free(work->problem.x);
    free(work->problem.y);
    free(work->documents);
    free(work->is_in);
}

static bool work_init(struct work *work)
{
    size_t n = work->dataset->n_documents;
    work->documents = array_new(n, sizeof *work->documents);
    work->problem.x = array_new(n, sizeof *work->problem.x);
    work->problem.y = array_new(n, sizeof *work->problem.y);
    work->is_in = array_new(n, sizeof *work->is_in);
    return work->documents != NULL && work->problem.x != NULL && work->problem.y != NULL &&
           work->is_in != NULL;
}

/* Adds the documents outside the working set whose y f(x) is below `margin`, and those with a
 * weight in the solution; returns how many. */
static size_t take_below(struct work *work, double margin)
{
    size_t before = work->size;
    for (size_t i = 0; i < work->dataset->n_documents; i++) {
        if (work->is_in[i] || !task_has(work->task, i))
            continue;
        double side = task_side(work->task, i);
        if (work->solution->alpha[i] > 0 ||
            side * solution_score(work->solution, work->dataset, i) < margin) {
            work->documents[work->size] = (uint32_t)i;
            work->problem.y[work->size++] = side;
            work->is_in[i] = true;
        }
    }
    return work->size - before;
}

/* libsvm refuses nothing, but its answer needs both sides: the first document of each. */
static void take_both_sides(struct work *work)
{
    bool has[2] = {false, false};
    for (size_t i = 0; i < work->size; i++)
        has[work->problem.y[i] > 0] = true;
    for (size_t i = 0; i < work->dataset->n_documents; i++) {
        double side = task_side(work->task, i);
        if (has[side > 0] || !task_has(work->task, i))
            continue;
        work->documents[work->size] = (uint32_t)i;
        work->problem.y[work->size++] = side;
        work->is_in[i] = has[side > 0] = true;
    }
}

/* ---- kernel values, where libsvm looks for them ---- */

_Static_assert(sizeof(struct svm_node) == 2 * sizeof(double) &&
                   offsetof(struct svm_node, value) == sizeof(double),
               "two rows of doubles lie in the nodes of one");

/* libsvm finds the kernel value of documents i and j at x[i][j + 1].value, and j + 1 itself at
 * x[j][0].value; the index fields between the values are never read. So two rows share their
 * nodes: the values of the second lie in the index fields of the first. Doubles in two rows: */
static size_t row_pair_size(size_t size)
{
    size_t lines = (2 * size + 4 + 7) / 8; /* of a cache: an odd number, so that columns, which
                                              libsvm reads too, do not all meet in one set */
    return (lines | 1) * 8;
}

static double *row_of(const struct work *work, size_t i)
{
    return work->kernel + i / 2 * row_pair_size(work->size) + i % 2;
}

static double *value_of(double *row, size_t node)
{
    return row + 2 * node + 1;
}

static bool kernel_bytes(size_t size, size_t *bytes)
{
    if (size >= SIZE_MAX / 64)
        return false;
    size_t pairs = size / 2 + 1, pair = row_pair_size(size) * sizeof(double);
    if (pairs > SIZE_MAX / pair)
        return false;
    *bytes = pairs * pair;
    return true;
}

/* For each n-gram, the documents of the working set that have it, as far as they were met. */
struct postings {
    size_t *end; /* [vocabulary] behind the newest */
    size_t *start;
    struct posting {
        uint32_t place;
        double value;
    } * of;
};

static void postings_release(struct postings *postings)
{
    free(postings->end);
    free(postings->start);
    free(postings->of);
}

static bool postings_init(struct postings *postings, const struct work *work)
{
    const struct dataset *dataset = work->dataset;
    size_t total = 0;
    postings->start = array_new(dataset->vocab.size, sizeof *postings->start);
    postings->end = array_new(dataset->vocab.size, sizeof *postings->end);
    if (postings->start == NULL || postings->end == NULL)
        return false;
    for (size_t i = 0; i < work->size; i++) {
        const struct vector *vector = &dataset->vectors[work->documents[i]];
        struct vector_walk walk = vector_walk(vector);
        for (uint32_t k = 0; k < vector->size; k++)
            postings->start[vector_next(&walk, &dataset->form).id]++;
    }
    for (uint32_t id = 0; id < dataset->vocab.size; id++) {
        size_t count = postings->start[id];
        postings->start[id] = postings->end[id] = total;
        total += count;
    }
    postings->of = array_new(total, sizeof *postings->of);
    return postings->of != NULL;
}

/* Sums for one row, and which of them are not zero. */
struct sums {
    double *of;      /* [working set] zero between rows */
    uint32_t *where; /* [n], room for one more */
    size_t n;
};

static bool sums_init(struct sums *sums, size_t size)
{
    sums->of = array_new(size, sizeof *sums->of);
    sums->where = array_new(size + 1, sizeof *sums->where);
    return sums->of != NULL && sums->where != NULL;
}

static void sums_release(struct sums *sums)
{
    free(sums->of);
    free(sums->where);
}

static void postings_add(struct postings *postings, const struct dataset *dataset, size_t document,
                         uint32_t place)
{
    const struct vector *vector = &dataset->vectors[document];
    struct vector_walk walk = vector_walk(vector);
    for (uint32_t k = 0; k < vector->size; k++) {
        struct feature feature = vector_next(&walk, &dataset->form);
        postings->of[postings->end[feature.id]++] = (struct posting){place, feature.value};
    }
}

/* The products of a document with every one met: sums over n-grams by rising id, as libsvm's own
 * dot product would add them up. */
static void multiply(const struct postings *postings, const struct dataset *dataset,
                     size_t document, struct sums *sums)
{
    const struct vector *vector = &dataset->vectors[document];
    struct vector_walk walk = vector_walk(vector);
    sums->n = 0;
    for (uint32_t k = 0; k < vector->size; k++) {
        struct feature feature = vector_next(&walk, &dataset->form);
        for (size_t p = postings->start[feature.id]; p < postings->end[feature.id]; p++) {
            uint32_t place = postings->of[p].place;
            sums->where[sums->n] = place;
            sums->n += sums->of[place] == 0;
            sums->of[place] += feature.value * postings->of[p].value;
        }
    }
}

/* The kernel values of document i with all before it and itself. Most are zero where texts are
 * short, and the kernel is zero at first. */
static void fill_row(const struct work *work, struct postings *postings, struct sums *sums,
                     size_t i)
{
    size_t document = work->documents[i];
    double *row = row_of(work, i);
    postings_add(postings, work->dataset, document, (uint32_t)i);
    multiply(postings, work->dataset, document, sums);
    *value_of(row, 0) = (double)(i + 1);
    for (size_t s = 0; s < sums->n; s++) {
        size_t j = sums->where[s];
        *value_of(row, j + 1) = *value_of(row_of(work, j), i + 1) = sums->of[j];
        sums->of[j] = 0;
    }
    work->problem.x[i] = (struct svm_node *)(void *)row;
}

static bool lay_out_kernel(struct work *work)
{
    struct postings postings = {0};
    struct sums sums = {0};
    work->kernel =
        mmap(NULL, work->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (work->kernel == MAP_FAILED)
        work->kernel = NULL;
    bool good =
        work->kernel != NULL && sums_init(&sums, work->size) && postings_init(&postings, work);
    if (good) {
        madvise(work->kernel, work->bytes, MADV_HUGEPAGE); /* a wish: a column is on every page */
        for (size_t i = 0; i < work->size; i++)
            fill_row(work, &postings, &sums, i);
    }
    postings_release(&postings);
    sums_release(&sums);
    return good;
}

/* ---- one round: libsvm on the working set ---- */

static void take_solution(struct work *work)
{
    struct solution *solution = work->solution;
    for (size_t i = 0; i < work->dataset->n_documents; i++)
        solution->alpha[i] = 0;
    for (int i = 0; i < work->model->l; i++) {
        double coefficient = work->sign * work->model->sv_coef[0][i];
        uint32_t document = work->documents[work->model->sv_indices[i] - 1];
        solution->alpha[document] = task_side(work->task, document) * coefficient;
    }
    solution->bias = -work->sign * work->model->rho[0];
    solution_sum(solution, work->dataset, work->task);
}

static fenlei_status run_libsvm(struct work *work, fenlei_error *error)
{
    struct svm_parameter parameter = {
        .svm_type = C_SVC,
        .kernel_type = PRECOMPUTED,
        .cache_size = CACHE,
        .eps = SVM_TOLERANCE,
        .C = work->task->C,
        .shrinking = 0,
    };
    work->problem.l = (int)work->size;
    const char *complaint = svm_check_parameter(&work->problem, &parameter);
    if (complaint != NULL)
        return error_set(error, FENLEI_BAD_ARGUMENT, "libsvm: %s", complaint);
    work->model = svm_train(&work->problem, &parameter);
    work->sign = work->model->label[0] == 1 ? 1 : -1;
    take_solution(work);
    return FENLEI_OK;
}

/* libsvm's own decision values of all documents, from exact kernel values. */
static bool ask_libsvm(const struct work *work, double *decisions)
{
    const struct dataset *dataset = work->dataset;
    struct postings postings = {0};
    struct sums sums = {0};
    struct svm_node *row = array_new(work->size + 1, sizeof *row);
    bool good = row != NULL && sums_init(&sums, work->size) && postings_init(&postings, work);
    for (size_t i = 0; good && i < work->size; i++)
        postings_add(&postings, dataset, work->documents[i], (uint32_t)i);
    for (size_t i = 0; good && i < dataset->n_documents; i++) {
        double value;
        multiply(&postings, dataset, i, &sums);
        for (size_t j = 0; j < work->size; j++) {
            row[j + 1].value = sums.of[j];
            sums.of[j] = 0;
        }
        svm_predict_values(work->model, row, &value);
        decisions[i] = work->sign * value;
    }
    free(row);
    postings_release(&postings);
    sums_release(&sums);
    return good;
}

/* Has a kernel of so many documents room in the memory? */
static bool has_room(const struct svm_memory *memory, size_t size, size_t *bytes)
{
    return kernel_bytes(size, bytes) && *bytes <= memory->limit;
}

/* Support vectors are the least that libsvm is given: counting them is quicker than finding out who
 * else is near the margin. */
static bool may_have_room(const struct svm_memory *memory, const struct dataset *dataset,
                          const struct solution *solution)
{
    size_t bytes, n = 0;
    for (size_t i = 0; i < dataset->n_documents; i++)
        n += solution->alpha[i] > 0;
    return has_room(memory, n, &bytes);
}

static fenlei_status run_round(struct work *work, enum svm_answer *answer, fenlei_error *error)
{
    size_t bytes;
    if (!has_room(work->memory, work->size, &bytes)) {
        *answer = *answer == SVM_SOLVED ? SVM_OUTGROWN : SVM_TOO_LARGE;
        return FENLEI_OK;
    }
    memory_take(work->memory, bytes);
    work->bytes = bytes;
    if (!lay_out_kernel(work))
        return error_memory(error);
    *answer = SVM_SOLVED;
    return run_libsvm(work, error);
}

fenlei_status svm_solve(struct svm_memory *memory, const struct dataset *dataset,
                        const struct task *task, struct solution *solution, enum svm_answer *answer,
                        double *decisions, fenlei_error *error)
{
    struct work work = {.memory = memory, .dataset = dataset, .task = task, .solution = solution};
    if (libsvm_version != LIBSVM_VERSION)
        return error_set(error, FENLEI_BAD_ARGUMENT,
                         "built for libsvm %d.%02d, but %d.%02d is installed; build fenlei again",
                         LIBSVM_VERSION / 100, LIBSVM_VERSION % 100, libsvm_version / 100,
                         libsvm_version % 100);
    *answer = SVM_TOO_LARGE;
    if (!may_have_room(memory, dataset, solution))
        return FENLEI_OK;
    fenlei_status status = work_init(&work) ? FENLEI_OK : error_memory(error);
    if (status == FENLEI_OK) {
        take_below(&work, 1 + NEAR);
        take_both_sides(&work);
        do {
            forget_round(&work);
            status = run_round(&work, answer, error);
        } while (status == FENLEI_OK && *answer == SVM_SOLVED &&
                 take_below(&work, 1 - SVM_TOLERANCE) > 0);
    }
    if (status == FENLEI_OK && *answer == SVM_SOLVED && decisions != NULL &&
        !ask_libsvm(&work, decisions))
        status = error_memory(error);
    work_release(&work);
    return status;
}

const char *svm_version_name(void)
{
    static char name[16];
    snprintf(name, sizeof name, "%d.%02d", libsvm_version / 100, libsvm_version % 100);
    return name;
}
