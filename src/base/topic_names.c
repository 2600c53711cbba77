/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/topic_names.h"

#include "base/json_tree.h"
#include "base/status.h"

#include <stdlib.h>

static fenlei_status read_topic(struct topic_names *topics, const cJSON *item, fenlei_error *error)
{
    size_t i = topics->n;
    if (!cJSON_IsObject(item))
        return error_set(error, FENLEI_BAD_INPUT, "topic %zu is not an object", i + 1);
    fenlei_status status = json_tree_string(item, "id", &topics->ids[i], error);
    if (status == FENLEI_OK && topics->ids[i].size == 0)
        return error_set(error, FENLEI_BAD_INPUT, "topic %zu has no \"id\"", i + 1);
    topics->names[i] = topics->ids[i];
    if (status == FENLEI_OK)
        status = json_tree_string(item, "name", &topics->names[i], error);
    for (size_t other = 0; other < i && status == FENLEI_OK; other++)
        if (text_equal(topics->ids[other], topics->ids[i]))
            status = error_set(error, FENLEI_BAD_INPUT, "topic \"%s\" given twice",
                               topics->ids[i].bytes);
        else if (text_equal(topics->names[other], topics->names[i]))
            status =
                error_set(error, FENLEI_BAD_INPUT, "topics \"%s\" and \"%s\" have one name, \"%s\"",
                          topics->ids[other].bytes, topics->ids[i].bytes, topics->names[i].bytes);
    topics->n++;
    return status;
}

fenlei_status topic_names_parse(struct topic_names *topics, const char *bytes, size_t size,
                                fenlei_error *error)
{
    cJSON *json;
    fenlei_status status = json_tree_parse(&json, bytes, size, error);
    if (status != FENLEI_OK)
        return status;
    topics->json = json;
    if (!cJSON_IsArray(json) || cJSON_GetArraySize(json) == 0)
        return error_set(error, FENLEI_BAD_INPUT, "not a JSON array of topics");
    size_t n = (size_t)cJSON_GetArraySize(json);
    topics->ids = array_new(n, sizeof *topics->ids);
    topics->names = array_new(n, sizeof *topics->names);
    if (topics->ids == NULL || topics->names == NULL)
        return error_memory(error);
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, json)
    {
        status = read_topic(topics, item, error);
        if (status != FENLEI_OK)
            return status;
    }
    return FENLEI_OK;
}

void topic_names_release(struct topic_names *topics)
{
    cJSON_Delete(topics->json);
    free(topics->ids);
    free(topics->names);
    *topics = (struct topic_names){0};
}
