/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/labelling.h"

#include "base/status.h"
#include "desk/labels.h"

#include <pthread.h>
#include <stdlib.h>

/* A labeler that is not in use waits here for the next request. */
struct helper {
    fenlei_labeler *labeler;
    struct sketcher *sketcher;
    struct helper *next;
};

struct used_model {
    fenlei_model *model;
    int64_t id;
    int64_t *topics; /* [topics of the model] */
    unsigned users;  /* leases, and one for being in use */
    struct helper *helpers;
};

struct labelling {
    pthread_mutex_t lock;
    struct used_model *used;
};

static void helper_free(struct helper *helper)
{
    if (helper == NULL)
        return;
    fenlei_labeler_free(helper->labeler);
    sketcher_free(helper->sketcher);
    free(helper);
}

static void used_free(struct used_model *used)
{
    if (used == NULL)
        return;
    for (struct helper *helper = used->helpers; helper != NULL;) {
        struct helper *next = helper->next;
        helper_free(helper);
        helper = next;
    }
    fenlei_model_close(used->model);
    free(used->topics);
    free(used);
}

struct labelling *labelling_new(void)
{
    struct labelling *made = array_new(1, sizeof *made);
    if (made != NULL)
        pthread_mutex_init(&made->lock, NULL);
    return made;
}

void labelling_free(struct labelling *labelling)
{
    if (labelling == NULL)
        return;
    used_free(labelling->used);
    pthread_mutex_destroy(&labelling->lock);
    free(labelling);
}

/* One user fewer; the last one closes the door. */
static void leave(struct labelling *labelling, struct used_model *used)
{
    pthread_mutex_lock(&labelling->lock);
    bool is_last = used != NULL && --used->users == 0;
    pthread_mutex_unlock(&labelling->lock);
    if (is_last)
        used_free(used);
}

static fenlei_status name_topics(struct used_model *used, struct store *store, fenlei_error *error)
{
    size_t n = fenlei_topic_count(used->model);
    used->topics = array_new(n, sizeof *used->topics);
    if (used->topics == NULL)
        return error_memory(error);
    fenlei_status status = FENLEI_OK;
    for (size_t i = 0; i < n && status == FENLEI_OK; i++)
        status =
            store_add_topic(store, text_of(fenlei_topic_id(used->model, i)),
                            text_of(fenlei_topic_name(used->model, i)), &used->topics[i], error);
    return status;
}

fenlei_status labelling_use(struct labelling *labelling, struct store *store, const char *path,
                            int64_t id, fenlei_error *error)
{
    struct used_model *used = array_new(1, sizeof *used);
    if (used == NULL)
        return error_memory(error);
    *used = (struct used_model){.id = id, .users = 1};
    fenlei_status status = fenlei_model_open(path, &used->model, error);
    if (status == FENLEI_OK)
        status = name_topics(used, store, error);
    if (status != FENLEI_OK) {
        used_free(used);
        return status;
    }
    pthread_mutex_lock(&labelling->lock);
    struct used_model *before = labelling->used;
    labelling->used = used;
    pthread_mutex_unlock(&labelling->lock);
    leave(labelling, before);
    return FENLEI_OK;
}

static struct helper *helper_new(const fenlei_model *model, fenlei_error *error)
{
    struct helper *made = array_new(1, sizeof *made);
    if (made == NULL)
        return NULL;
    made->sketcher = sketcher_new(model);
    if (made->sketcher == NULL || fenlei_labeler_new(model, &made->labeler, error) != FENLEI_OK) {
        helper_free(made);
        return NULL;
    }
    return made;
}

fenlei_status lease_take(struct labelling *labelling, struct lease *lease, fenlei_error *error)
{
    pthread_mutex_lock(&labelling->lock);
    struct used_model *used = labelling->used;
    struct helper *helper = used->helpers;
    used->users++;
    if (helper != NULL)
        used->helpers = helper->next;
    pthread_mutex_unlock(&labelling->lock);
    if (helper == NULL)
        helper = helper_new(used->model, error);
    *lease = (struct lease){.labelling = labelling,
                            .used = used,
                            .model = used->model,
                            .model_id = used->id,
                            .topics = used->topics};
    if (helper == NULL) {
        leave(labelling, used);
        return error_memory(error);
    }
    lease->labeler = helper->labeler;
    lease->sketcher = helper->sketcher;
    lease->helper = helper;
    return FENLEI_OK;
}

void lease_give(struct lease *lease)
{
    pthread_mutex_lock(&lease->labelling->lock);
    lease->helper->next = lease->used->helpers;
    lease->used->helpers = lease->helper;
    pthread_mutex_unlock(&lease->labelling->lock);
    leave(lease->labelling, lease->used);
    *lease = (struct lease){0};
}

fenlei_status lease_describe(struct lease *lease, const fenlei_article *labelled,
                             struct article *out, struct buffer *bytes, fenlei_error *error)
{
    unsigned char sketch[SKETCH_BYTES];
    const char *review = fenlei_review_name(labelled->review);
    buffer_clear(bytes);
    out->model = lease->model_id;
    out->review = text_of(review != NULL ? review : "");
    out->doubt = 0;
    out->state = labelled->labels != NULL ? ARTICLE_IS_ONE : ARTICLE_IS_NONE;
    if (labelled->labels != NULL) {
        for (size_t i = 0; i < fenlei_topic_count(lease->model); i++)
            if (labelled->labels[i].given)
                labels_append(bytes, (struct set_label){lease->topics[labelled->labels[i].topic],
                                                        labelled->labels[i].probability});
        out->doubt = doubt_of(lease->model, labelled->labels);
    }
    size_t size = bytes->size;
    if (!sketch_of(lease->sketcher, labelled->title, labelled->text, sketch))
        return error_memory(error);
    buffer_append(bytes, (const char *)sketch, sizeof sketch);
    if (bytes->failed)
        return error_memory(error);
    out->given = (fenlei_text){bytes->bytes, size};
    out->sketch = (fenlei_text){bytes->bytes + size, SKETCH_BYTES};
    return FENLEI_OK;
}

fenlei_status lease_label(struct lease *lease, struct article *article, struct buffer *bytes,
                          fenlei_error *error)
{
    const fenlei_article *labelled;
    fenlei_status status =
        fenlei_label_record(lease->labeler, article->title, article->text, NULL, &labelled, error);
    return status == FENLEI_OK ? lease_describe(lease, labelled, article, bytes, error) : status;
}
