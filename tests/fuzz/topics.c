/* SPDX-License-Identifier: BSD-3-Clause */
/* The file of --topics.
 *
 * Functions: (read_topic|topic_names_.*) of src/base/topic_names.c */
#include "fuzz.h"

#include "base/json.h"
#include "base/topic_names.h"
#include "file.h"
#include "train/corpus.h"

static void check_round_trip(const struct topic_names *topics)
{
    struct buffer out = {0};
    struct topic_names again = {0};
    for (size_t i = 0; i < topics->n; i++) {
        buffer_append_string(&out, i == 0 ? "[{" : ",{");
        json_key(&out, "id");
        json_string(&out, topics->ids[i]);
        json_key(&out, "name");
        json_string(&out, topics->names[i]);
        buffer_append_string(&out, "}");
    }
    buffer_append_string(&out, "]");
    check_json((fenlei_text){out.bytes, out.size});
    require(topic_names_parse(&again, out.bytes, out.size, NULL) == FENLEI_OK);
    require(again.n == topics->n);
    for (size_t i = 0; i < topics->n; i++)
        require(text_equal(again.ids[i], topics->ids[i]) &&
                text_equal(again.names[i], topics->names[i]));
    topic_names_release(&again);
    buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct topic_names topics = {0};
    struct corpus corpus = {0};
    fenlei_error error;
    fenlei_status status =
        topic_names_parse(&topics, size > 0 ? (const char *)data : "", size, &error);
    require(status == FENLEI_OK || (status == FENLEI_BAD_INPUT && error.message[0] != '\0'));
    require(corpus_read_topics(&corpus, file_of(data, size), &error) == status);
    if (status == FENLEI_OK) {
        require(topics.n > 0 && topics.n == corpus.n_topics);
        for (size_t i = 0; i < topics.n; i++) {
            require(topics.ids[i].size > 0 && is_utf8(topics.ids[i]) && is_utf8(topics.names[i]));
            require(text_equal(topics.names[i], text_of(corpus.topic_names[i])));
        }
        check_round_trip(&topics);
    }
    corpus_release(&corpus);
    topic_names_release(&topics);
    return 0;
}
