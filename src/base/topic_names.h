/* SPDX-License-Identifier: BSD-3-Clause */
/* Topics <- the file that names them and gives their order. */
#ifndef BASE_TOPIC_NAMES_H
#define BASE_TOPIC_NAMES_H

#include "base/memory.h"

/* The topics file: [{"id": "anti-gang", "name": "扫黑除恶"}, ...]; name is optional. */
struct topic_names {
    size_t n;
    fenlei_text *ids;   /* [n] */
    fenlei_text *names; /* [n] the id where there is no name */
    void *json;
};
fenlei_status topic_names_parse(struct topic_names *topics, const char *bytes, size_t size,
                                fenlei_error *error);
void topic_names_release(struct topic_names *topics);

#endif
