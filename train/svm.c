#include "svm.h"

#include "parallel.h"
#include "status.h"

#include <libsvm/svm.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* libsvm's own cache of kernel columns, in MB. */
static const double CACHE = 200;
static const double TOLERANCE = 0.001; /* libsvm's default, of the margin */

enum {
    START = 800,            /* documents of the first round, positives among them */
    LONG_VECTOR = 64,       /* features from which sharing a kernel and growing pay */
    PRECOMPUTED_MOST = 4000 /* documents of a round whose kernel is laid out for libsvm */
};

struct svm_data {
    const struct dataset *dataset;
    bool is_long;  /* the vectors are: rounds that grow pay */
    float *kernel; /* [n_documents][n_documents], or NULL */
    struct svm_node *nodes;
    struct svm_node **rows; /* [n_documents] into nodes: the vectors in libsvm's form */
};

static void silence(const char *message)
{
    (void)message;
}

/* ---- what tasks share ---- */

struct kernel_job {
    struct svm_data *data;
    double **dense; /* [n_threads][vocabulary] */
};

/* Row i up to the diagonal, and its mirror. */
static void fill_row(void *context, unsigned thread, size_t i)
{
    struct kernel_job *job = context;
    const struct vector *vectors = job->data->dataset->vectors;
    size_t n = job->data->dataset->n_documents;
    double *dense = job->dense[thread];
    for (uint32_t k = 0; k < vectors[i].size; k++)
        dense[vectors[i].features[k].id] = vectors[i].features[k].value;
    for (size_t j = 0; j <= i; j++) {
        double sum = 0;
        for (uint32_t k = 0; k < vectors[j].size; k++)
            sum += dense[vectors[j].features[k].id] * vectors[j].features[k].value;
        job->data->kernel[i * n + j] = job->data->kernel[j * n + i] = (float)sum;
    }
    for (uint32_t k = 0; k < vectors[i].size; k++)
        dense[vectors[i].features[k].id] = 0;
}

static bool make_kernel(struct svm_data *data, unsigned n_threads)
{
    size_t n = data->dataset->n_documents;
    struct kernel_job job = {data, array_new(n_threads, sizeof *job.dense)};
    data->kernel = array_new(n, n * sizeof *data->kernel);
    bool good = job.dense != NULL && data->kernel != NULL;
    for (unsigned i = 0; good && i < n_threads; i++) {
        job.dense[i] = array_new(data->dataset->vocab.size, sizeof **job.dense);
        good = job.dense[i] != NULL;
    }
    if (good)
        parallel_for(n, n_threads, fill_row, &job);
    for (unsigned i = 0; job.dense != NULL && i < n_threads; i++)
        free(job.dense[i]);
    free(job.dense);
    return good;
}

static bool make_rows(struct svm_data *data, size_t total)
{
    const struct vector *vectors = data->dataset->vectors;
    size_t n = data->dataset->n_documents;
    data->rows = array_new(n, sizeof *data->rows);
    data->nodes = array_new(total + n, sizeof *data->nodes);
    if (data->rows == NULL || data->nodes == NULL)
        return false;
    struct svm_node *node = data->nodes;
    for (size_t i = 0; i < n; i++) {
        data->rows[i] = node;
        for (uint32_t k = 0; k < vectors[i].size; k++)
            *node++ =
                (struct svm_node){(int)vectors[i].features[k].id + 1, vectors[i].features[k].value};
        *node++ = (struct svm_node){-1, 0};
    }
    return true;
}

fenlei_status svm_data_new(const struct dataset *dataset, size_t memory, unsigned n_threads,
                           struct svm_data **data, fenlei_error *error)
{
    size_t n = dataset->n_documents, total = 0;
    for (size_t i = 0; i < n; i++)
        total += dataset->vectors[i].size;
    struct svm_data *made = array_new(1, sizeof *made);
    if (made == NULL)
        return error_memory(error);
    made->dataset = dataset;
    made->is_long = total / n >= LONG_VECTOR;
    bool fits = n <= memory / sizeof *made->kernel / n;
    if (!make_rows(made, total) || (made->is_long && fits && !make_kernel(made, n_threads))) {
        svm_data_free(made);
        return error_memory(error);
    }
    svm_set_print_string_function(silence);
    *data = made;
    return FENLEI_OK;
}

void svm_data_free(struct svm_data *data)
{
    if (data == NULL)
        return;
    free(data->kernel);
    free(data->nodes);
    free(data->rows);
    free(data);
}

/* ---- one round: libsvm on the working set ---- */

struct candidate {
    uint32_t document;
    double margin; /* y * f(x): below 1 it violates */
};

/* A task under way. */
struct work {
    const struct svm_data *data;
    const struct svm_task *task;
    struct svm_problem problem;   /* of the working set, room for all documents */
    uint32_t *documents;          /* [problem.l] the working set */
    bool *is_in;                  /* [n_documents] */
    struct candidate *candidates; /* [n_documents] scratch */
    struct svm_node *square;      /* the working set's kernel in libsvm's form, or NULL */
    struct svm_model *model;      /* of the last round; refers to the problem */
    double sign;                  /* libsvm's decision value is for the class of its first label */
};

static void work_release(struct work *work)
{
    if (work->model != NULL)
        svm_free_and_destroy_model(&work->model);
    free(work->problem.x);
    free(work->problem.y);
    free(work->documents);
    free(work->is_in);
    free(work->candidates);
    free(work->square);
}

static bool work_init(struct work *work, const struct svm_data *data, const struct svm_task *task)
{
    size_t n = data->dataset->n_documents;
    *work = (struct work){.data = data, .task = task};
    work->documents = array_new(n, sizeof *work->documents);
    work->problem.x = array_new(n, sizeof *work->problem.x);
    work->problem.y = array_new(n, sizeof *work->problem.y);
    work->is_in = array_new(n, sizeof *work->is_in);
    work->candidates = array_new(n, sizeof *work->candidates);
    return work->documents != NULL && work->problem.x != NULL && work->problem.y != NULL &&
           work->is_in != NULL && work->candidates != NULL;
}

static bool trains_on(const struct svm_task *task, size_t document)
{
    return task->fold == NULL || task->fold[document] != task->left_out;
}

static bool is_positive(const struct svm_task *task, size_t document)
{
    return task->is_positive[document * task->stride];
}

static void take(struct work *work, uint32_t document)
{
    int place = work->problem.l++;
    work->documents[place] = document;
    work->problem.y[place] = is_positive(work->task, document) ? 1 : -1;
    work->is_in[document] = true;
}

/* libsvm's form of a kernel row: the row's number, then its values with the working set. */
static bool lay_out_kernel(struct work *work)
{
    size_t m = (size_t)work->problem.l, n = work->data->dataset->n_documents;
    free(work->square);
    work->square = array_new(m, (m + 2) * sizeof *work->square);
    if (work->square == NULL)
        return false;
    for (size_t i = 0; i < m; i++) {
        struct svm_node *row = work->square + i * (m + 2);
        const float *kernel = work->data->kernel + work->documents[i] * n;
        row[0] = (struct svm_node){0, (double)(i + 1)};
        for (size_t j = 0; j < m; j++)
            row[j + 1] = (struct svm_node){(int)(j + 1), (double)kernel[work->documents[j]]};
        row[m + 1] = (struct svm_node){-1, 0};
        work->problem.x[i] = row;
    }
    return true;
}

static fenlei_status solve(struct work *work, fenlei_error *error)
{
    bool precomputed = work->data->kernel != NULL && work->problem.l <= PRECOMPUTED_MOST;
    if (work->model != NULL)
        svm_free_and_destroy_model(&work->model);
    if (precomputed && !lay_out_kernel(work))
        return error_memory(error);
    for (int i = 0; !precomputed && i < work->problem.l; i++)
        work->problem.x[i] = work->data->rows[work->documents[i]];
    struct svm_parameter parameter = {
        .svm_type = C_SVC,
        .kernel_type = precomputed ? PRECOMPUTED : LINEAR,
        .cache_size = CACHE,
        .eps = TOLERANCE,
        .C = work->task->C,
        .shrinking = 1,
    };
    const char *complaint = svm_check_parameter(&work->problem, &parameter);
    if (complaint != NULL)
        return error_set(error, FENLEI_BAD_ARGUMENT, "libsvm: %s", complaint);
    work->model = svm_train(&work->problem, &parameter);
    work->sign = work->model->label[0] == 1 ? 1 : -1;
    return FENLEI_OK;
}

static void sum_support_vectors(const struct work *work, double *weights, double *bias)
{
    const struct dataset *dataset = work->data->dataset;
    for (uint32_t id = 0; id < dataset->vocab.size; id++)
        weights[id] = 0;
    for (int i = 0; i < work->model->l; i++) {
        double coefficient = work->sign * work->model->sv_coef[0][i];
        const struct vector *vector =
            &dataset->vectors[work->documents[work->model->sv_indices[i] - 1]];
        for (uint32_t k = 0; k < vector->size; k++)
            weights[vector->features[k].id] += coefficient * vector->features[k].value;
    }
    *bias = -work->sign * work->model->rho[0];
}

/* ---- the working set ---- */

static int by_margin(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->margin != b->margin)
        return a->margin < b->margin ? -1 : 1;
    return a->document < b->document ? -1 : a->document > b->document;
}

/* Adds the documents outside that violate the margin most, as many as there are inside at most;
 * returns how many. */
static size_t add_violators(struct work *work, const double *weights, double bias)
{
    const struct dataset *dataset = work->data->dataset;
    size_t n = 0, room = (size_t)work->problem.l;
    for (size_t i = 0; i < dataset->n_documents; i++) {
        if (work->is_in[i] || !trains_on(work->task, i))
            continue;
        double score = bias;
        for (uint32_t k = 0; k < dataset->vectors[i].size; k++)
            score +=
                weights[dataset->vectors[i].features[k].id] * dataset->vectors[i].features[k].value;
        double margin = is_positive(work->task, i) ? score : -score;
        if (margin < 1 - TOLERANCE)
            work->candidates[n++] = (struct candidate){(uint32_t)i, margin};
    }
    if (n > room) {
        qsort(work->candidates, n, sizeof *work->candidates, by_margin);
        n = room;
    }
    for (size_t i = 0; i < n; i++)
        take(work, work->candidates[i].document);
    return n;
}

/* All documents where vectors are short: libsvm's own kernel is quick then, and most of them end as
 * support vectors. Else positives and negatives at even distances, START of them or twice the rarer
 * side's number, each side at least half of it where it can. */
static void take_first(struct work *work, size_t positives, size_t negatives)
{
    size_t half = START / 2, n = work->data->dataset->n_documents;
    size_t wanted[2] = {half > positives ? 2 * half - positives : half,
                        half > negatives ? 2 * half - negatives : half};
    size_t there[2] = {negatives, positives}, met[2] = {0, 0};
    for (size_t i = 0; i < n; i++) {
        if (!trains_on(work->task, i))
            continue;
        int side = is_positive(work->task, i);
        size_t number = met[side]++;
        /* the documents at which number * wanted / there rises */
        if (!work->data->is_long || wanted[side] >= there[side] ||
            (number + 1) * wanted[side] / there[side] > number * wanted[side] / there[side])
            take(work, (uint32_t)i);
    }
}

/* libsvm's own decision values of all documents, from exact kernel values. */
static bool ask_libsvm(const struct work *work, double *decisions)
{
    const struct dataset *dataset = work->data->dataset;
    size_t m = (size_t)work->problem.l;
    bool precomputed = work->model->param.kernel_type == PRECOMPUTED;
    struct svm_node *row = array_new(m + 2, sizeof *row);
    double *dense = array_new(dataset->vocab.size, sizeof *dense);
    bool good = row != NULL && dense != NULL;
    for (size_t i = 0; good && i < dataset->n_documents; i++) {
        const struct vector *vector = &dataset->vectors[i];
        double value;
        for (uint32_t k = 0; k < vector->size; k++)
            dense[vector->features[k].id] = vector->features[k].value;
        for (size_t j = 0; precomputed && j < m; j++) {
            const struct vector *other = &dataset->vectors[work->documents[j]];
            double sum = 0;
            for (uint32_t k = 0; k < other->size; k++)
                sum += dense[other->features[k].id] * other->features[k].value;
            row[j + 1] = (struct svm_node){(int)(j + 1), sum};
        }
        for (uint32_t k = 0; k < vector->size; k++)
            dense[vector->features[k].id] = 0;
        svm_predict_values(work->model, precomputed ? row : work->data->rows[i], &value);
        decisions[i * work->task->stride] = work->sign * value;
    }
    free(row);
    free(dense);
    return good;
}

static void answer_one_side(const struct work *work, double side, double *weights, double *bias,
                            double *decisions)
{
    for (uint32_t id = 0; id < work->data->dataset->vocab.size; id++)
        weights[id] = 0;
    *bias = side;
    for (size_t i = 0; decisions != NULL && i < work->data->dataset->n_documents; i++)
        decisions[i * work->task->stride] = side;
}

fenlei_status svm_train_topic(const struct svm_data *data, const struct svm_task *task,
                              double *weights, double *bias, double *decisions, fenlei_error *error)
{
    struct work work;
    size_t sides[2] = {0, 0};
    for (size_t i = 0; i < data->dataset->n_documents; i++)
        if (trains_on(task, i))
            sides[is_positive(task, i)]++;
    fenlei_status status = work_init(&work, data, task) ? FENLEI_OK : error_memory(error);
    if (status == FENLEI_OK && (sides[0] == 0 || sides[1] == 0)) {
        answer_one_side(&work, sides[1] == 0 ? -1 : 1, weights, bias, decisions);
    } else if (status == FENLEI_OK) {
        take_first(&work, sides[1], sides[0]);
        do {
            status = solve(&work, error);
            if (status == FENLEI_OK)
                sum_support_vectors(&work, weights, bias);
        } while (status == FENLEI_OK && add_violators(&work, weights, *bias) > 0);
        if (status == FENLEI_OK && decisions != NULL && !ask_libsvm(&work, decisions))
            status = error_memory(error);
    }
    work_release(&work);
    return status;
}

const char *svm_version_name(void)
{
    static char name[16];
    snprintf(name, sizeof name, "%d.%02d", libsvm_version / 100, libsvm_version % 100);
    return name;
}
