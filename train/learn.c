#include "learn.h"

#include "calibrate.h"
#include "parallel.h"
#include "status.h"
#include "svm.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

struct job {
    const struct learner *learner;
    struct learned *learned;
    struct svm_data *data;
    double **weights; /* [n_threads][vocabulary] scratch */
    double *scale;    /* [n_documents] see known_scale() */
    size_t n_tasks, n_done;
    pthread_mutex_t lock; /* of what follows, and of progress */
    fenlei_status status;
    fenlei_error error;
};

/* An unseen document is scored by its known n-grams alone, at length 1. A document of a left-out
 * fold has n-grams that no document outside its fold has: they have no weight, but they took their
 * part of its length. These factors give the length back, so that out-of-fold scores are what an
 * unseen document would get. */
static fenlei_status known_scale(struct job *job, fenlei_error *error)
{
    const struct dataset *dataset = job->learner->dataset;
    const uint32_t *fold = job->learned->fold;
    size_t n = dataset->n_documents, v = dataset->vocab.size;
    uint32_t *inside = array_new(v, sizeof *inside); /* documents of the fold with an n-gram */
    if (inside == NULL)
        return error_memory(error);
    for (uint32_t f = 0; f < job->learner->n_folds; f++) {
        for (size_t id = 0; id < v; id++)
            inside[id] = 0;
        for (size_t i = 0; i < n; i++)
            for (uint32_t k = 0; fold[i] == f && k < dataset->vectors[i].size; k++)
                inside[dataset->vectors[i].features[k].id]++;
        for (size_t i = 0; i < n; i++) {
            if (fold[i] != f)
                continue;
            double squares = 0;
            for (uint32_t k = 0; k < dataset->vectors[i].size; k++) {
                const struct feature *feature = &dataset->vectors[i].features[k];
                if (dataset->document_frequency[feature->id] > inside[feature->id])
                    squares += feature->value * feature->value;
            }
            job->scale[i] = squares > 0 ? 1 / sqrt(squares) : 1;
        }
    }
    free(inside);
    return FENLEI_OK;
}

static void score_left_out(struct job *job, uint32_t fold, size_t topic, const double *weights,
                           double bias)
{
    const struct dataset *dataset = job->learner->dataset;
    for (size_t i = 0; i < dataset->n_documents; i++) {
        if (job->learned->fold[i] != fold)
            continue;
        double sum = 0;
        for (uint32_t k = 0; k < dataset->vectors[i].size; k++)
            sum +=
                weights[dataset->vectors[i].features[k].id] * dataset->vectors[i].features[k].value;
        job->learned->out_of_fold[i * job->learner->n_topics + topic] = sum * job->scale[i] + bias;
    }
}

static void keep_weights(struct job *job, size_t topic, const double *weights)
{
    for (size_t id = 0; id < job->learner->dataset->vocab.size; id++)
        job->learned->weights[id * job->learner->n_topics + topic] = (float)weights[id];
}

/* Task numbers count topics fastest; the trainings on all documents, the longest, come first. */
static void run_task(void *context, unsigned thread, size_t number)
{
    struct job *job = context;
    const struct learner *learner = job->learner;
    size_t topic = number % learner->n_topics, round = number / learner->n_topics;
    double *weights = job->weights[thread], bias = 0;
    struct svm_task task = {
        .is_positive = learner->truth + topic,
        .stride = learner->n_topics,
        .fold = round > 0 ? job->learned->fold : NULL,
        .left_out = round > 0 ? (uint32_t)(round - 1) : 0,
        .C = learner->C,
    };
    double *decisions =
        round == 0 && learner->keep_decisions ? job->learned->decisions + topic : NULL;
    fenlei_error error;
    fenlei_status status = svm_train_topic(job->data, &task, weights, &bias, decisions, &error);
    if (status == FENLEI_OK && round == 0) {
        keep_weights(job, topic, weights);
        job->learned->bias[topic] = bias;
    } else if (status == FENLEI_OK) {
        score_left_out(job, task.left_out, topic, weights, bias);
    }
    pthread_mutex_lock(&job->lock);
    if (status != FENLEI_OK) {
        job->status = status;
        job->error = error;
    }
    job->n_done++;
    if (learner->progress != NULL)
        learner->progress(learner->context, job->n_done, job->n_tasks);
    pthread_mutex_unlock(&job->lock);
}

static bool allocate(struct job *job)
{
    const struct learner *learner = job->learner;
    struct learned *learned = job->learned;
    size_t n = learner->dataset->n_documents, t = learner->n_topics;
    size_t v = learner->dataset->vocab.size;
    learned->weights = array_new(v, t * sizeof *learned->weights);
    learned->bias = array_new(t, sizeof *learned->bias);
    job->weights = array_new(learner->n_threads, sizeof *job->weights);
    bool good = learned->weights != NULL && learned->bias != NULL && job->weights != NULL;
    for (unsigned i = 0; good && i < learner->n_threads; i++) {
        job->weights[i] = array_new(v, sizeof **job->weights);
        good = job->weights[i] != NULL;
    }
    if (good && learner->n_folds > 0) {
        learned->out_of_fold = array_new(n, t * sizeof *learned->out_of_fold);
        learned->fold = array_new(n, sizeof *learned->fold);
        job->scale = array_new(n, sizeof *job->scale);
        good = learned->out_of_fold != NULL && learned->fold != NULL && job->scale != NULL &&
               folds_assign(learner->truth, n, t, learner->n_folds, learner->seed, learner->group,
                            learned->fold);
    }
    if (good && learner->keep_decisions) {
        learned->decisions = array_new(n, t * sizeof *learned->decisions);
        good = learned->decisions != NULL;
    }
    return good;
}

fenlei_status learn(const struct learner *learner, struct learned *learned, fenlei_error *error)
{
    *learned = (struct learned){0};
    struct job job = {.learner = learner, .learned = learned, .status = FENLEI_OK};
    job.n_tasks = learner->n_topics * (learner->n_folds + 1);
    fenlei_status status = allocate(&job) ? FENLEI_OK : error_memory(error);
    if (status == FENLEI_OK && learner->n_folds > 0)
        status = known_scale(&job, error);
    if (status == FENLEI_OK)
        status = svm_data_new(learner->dataset, SVM_MEMORY_DEFAULT, learner->n_threads, &job.data,
                              error);
    if (status == FENLEI_OK) {
        pthread_mutex_init(&job.lock, NULL);
        parallel_for(job.n_tasks, learner->n_threads, run_task, &job);
        pthread_mutex_destroy(&job.lock);
        status = job.status;
        if (status != FENLEI_OK && error != NULL)
            *error = job.error;
    }
    svm_data_free(job.data);
    for (unsigned i = 0; job.weights != NULL && i < learner->n_threads; i++)
        free(job.weights[i]);
    free(job.weights);
    free(job.scale);
    return status;
}

void learned_release(struct learned *learned)
{
    free(learned->weights);
    free(learned->bias);
    free(learned->out_of_fold);
    free(learned->fold);
    free(learned->decisions);
    *learned = (struct learned){0};
}
