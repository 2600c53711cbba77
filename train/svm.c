#include "svm.h"

#include "parallel.h"
#include "status.h"

#include <libsvm/svm.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* libsvm's own cache of kernel columns, in MB; the shared kernel makes a small one enough. */
static const double CACHE_PRECOMPUTED = 100, CACHE_LINEAR = 400;
static const double STOPPING_TOLERANCE = 0.001; /* libsvm's default */

struct svm_data {
    const struct dataset *dataset;
    bool is_precomputed;
    struct svm_node *nodes;
    struct svm_node **rows; /* [n_documents] into nodes */
};

static void silence(const char *message)
{
    (void)message;
}

/* ---- the shared kernel ---- */

struct kernel_job {
    struct svm_data *data;
    double **dense; /* [n_threads][vocabulary] */
};

/* Row i up to the diagonal; the other half follows by symmetry. */
static void fill_row(void *context, unsigned thread, size_t i)
{
    struct kernel_job *job = context;
    const struct vector *vectors = job->data->dataset->vectors;
    struct svm_node *row = job->data->rows[i];
    double *dense = job->dense[thread];
    for (uint32_t k = 0; k < vectors[i].size; k++)
        dense[vectors[i].features[k].id] = vectors[i].features[k].value;
    row[0] = (struct svm_node){0, (double)(i + 1)};
    for (size_t j = 0; j <= i; j++) {
        double sum = 0;
        for (uint32_t k = 0; k < vectors[j].size; k++)
            sum += dense[vectors[j].features[k].id] * vectors[j].features[k].value;
        row[j + 1] = (struct svm_node){(int)(j + 1), sum};
    }
    for (uint32_t k = 0; k < vectors[i].size; k++)
        dense[vectors[i].features[k].id] = 0;
}

static bool make_kernel(struct svm_data *data, unsigned n_threads)
{
    size_t n = data->dataset->n_documents;
    struct kernel_job job = {data, array_new(n_threads, sizeof *job.dense)};
    data->nodes = array_new(n * (n + 2), sizeof *data->nodes);
    bool good = job.dense != NULL && data->nodes != NULL;
    for (unsigned i = 0; good && i < n_threads; i++) {
        job.dense[i] = array_new(data->dataset->vocab.size, sizeof **job.dense);
        good = job.dense[i] != NULL;
    }
    for (size_t i = 0; good && i < n; i++)
        data->rows[i] = data->nodes + i * (n + 2);
    if (good)
        parallel_for(n, n_threads, fill_row, &job);
    for (size_t i = 0; good && i < n; i++) {
        for (size_t j = i + 1; j < n; j++)
            data->rows[i][j + 1] = (struct svm_node){(int)(j + 1), data->rows[j][i + 1].value};
        data->rows[i][n + 1].index = -1;
    }
    for (unsigned i = 0; job.dense != NULL && i < n_threads; i++)
        free(job.dense[i]);
    free(job.dense);
    return good;
}

static bool make_vectors(struct svm_data *data)
{
    const struct vector *vectors = data->dataset->vectors;
    size_t n = data->dataset->n_documents, total = 0;
    for (size_t i = 0; i < n; i++)
        total += vectors[i].size + 1;
    data->nodes = array_new(total, sizeof *data->nodes);
    if (data->nodes == NULL)
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
    size_t n = dataset->n_documents;
    struct svm_data *made = array_new(1, sizeof *made);
    if (made == NULL)
        return error_memory(error);
    made->dataset = dataset;
    made->is_precomputed = n + 2 <= memory / sizeof(struct svm_node) / n;
    made->rows = array_new(n, sizeof *made->rows);
    if (made->rows == NULL ||
        !(made->is_precomputed ? make_kernel(made, n_threads) : make_vectors(made))) {
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
    free(data->nodes);
    free(data->rows);
    free(data);
}

/* ---- training ---- */

/* The documents that a task trains on, in libsvm's form. */
struct subset {
    struct svm_problem problem;
    uint32_t *documents; /* [problem.l] */
    size_t positives;
};

static void subset_release(struct subset *subset)
{
    free(subset->problem.x);
    free(subset->problem.y);
    free(subset->documents);
}

static bool subset_make(struct subset *subset, const struct svm_data *data,
                        const struct svm_task *task)
{
    size_t n = data->dataset->n_documents;
    *subset = (struct subset){.documents = array_new(n, sizeof *subset->documents)};
    subset->problem.x = array_new(n, sizeof *subset->problem.x);
    subset->problem.y = array_new(n, sizeof *subset->problem.y);
    if (subset->documents == NULL || subset->problem.x == NULL || subset->problem.y == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (task->fold != NULL && task->fold[i] == task->left_out)
            continue;
        bool positive = task->is_positive[i * task->stride];
        int place = subset->problem.l++;
        subset->problem.x[place] = data->rows[i];
        subset->problem.y[place] = positive ? 1 : -1;
        subset->documents[place] = (uint32_t)i;
        subset->positives += positive;
    }
    return true;
}

static void sum_support_vectors(const struct svm_data *data, const struct subset *subset,
                                const struct svm_model *model, double *weights, double *bias)
{
    /* libsvm's decision value is for the class of its first label. */
    double sign = model->label[0] == 1 ? 1 : -1;
    for (int i = 0; i < model->l; i++) {
        double coefficient = sign * model->sv_coef[0][i];
        const struct vector *vector =
            &data->dataset->vectors[subset->documents[model->sv_indices[i] - 1]];
        for (uint32_t k = 0; k < vector->size; k++)
            weights[vector->features[k].id] += coefficient * vector->features[k].value;
    }
    *bias = -sign * model->rho[0];
}

static void ask_libsvm(const struct svm_data *data, const struct svm_task *task,
                       const struct svm_model *model, double *decisions)
{
    double sign = model->label[0] == 1 ? 1 : -1;
    for (size_t i = 0; i < data->dataset->n_documents; i++) {
        double value;
        svm_predict_values(model, data->rows[i], &value);
        decisions[i * task->stride] = sign * value;
    }
}

fenlei_status svm_train_topic(const struct svm_data *data, const struct svm_task *task,
                              double *weights, double *bias, double *decisions, fenlei_error *error)
{
    struct subset subset;
    if (!subset_make(&subset, data, task)) {
        subset_release(&subset);
        return error_memory(error);
    }
    for (uint32_t id = 0; id < data->dataset->vocab.size; id++)
        weights[id] = 0;
    if (subset.positives == 0 || subset.positives == (size_t)subset.problem.l) {
        *bias = subset.positives == 0 ? -1 : 1;
        for (size_t i = 0; decisions != NULL && i < data->dataset->n_documents; i++)
            decisions[i * task->stride] = *bias;
        subset_release(&subset);
        return FENLEI_OK;
    }
    struct svm_parameter parameter = {
        .svm_type = C_SVC,
        .kernel_type = data->is_precomputed ? PRECOMPUTED : LINEAR,
        .cache_size = data->is_precomputed ? CACHE_PRECOMPUTED : CACHE_LINEAR,
        .eps = STOPPING_TOLERANCE,
        .C = task->C,
        .shrinking = 1,
    };
    fenlei_status status = FENLEI_OK;
    const char *complaint = svm_check_parameter(&subset.problem, &parameter);
    if (complaint != NULL) {
        status = error_set(error, FENLEI_BAD_ARGUMENT, "libsvm: %s", complaint);
    } else {
        struct svm_model *model = svm_train(&subset.problem, &parameter);
        sum_support_vectors(data, &subset, model, weights, bias);
        if (decisions != NULL)
            ask_libsvm(data, task, model, decisions);
        svm_free_and_destroy_model(&model);
    }
    subset_release(&subset);
    return status;
}

const char *svm_version_name(void)
{
    static char name[16];
    snprintf(name, sizeof name, "%d.%02d", libsvm_version / 100, libsvm_version % 100);
    return name;
}
