/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/page_reader.h"

#include "base/status.h"
#include "command/message.h"
#include "label/model.h"
#include "label/shipped_model.h"
#include "train/chain_training.h"
#include "train/page_set.h"

#include <stdlib.h>

/* The prior's. Of 1 or 2, fewer articles are found on real pages. */
static const double VARIANCE = 0.5;

fenlei_status page_reader_borrow(struct training *training, fenlei_error *error)
{
    const struct options *options = training->options;
    struct buffer path = {0};
    fenlei_status status = FENLEI_OK;
    if (options->base != NULL)
        status = fenlei_model_open(options->base, &training->base, error);
    else if (options->n_pages == 0 && shipped_model(&path))
        status = fenlei_model_open(path.bytes, &training->base, error);
    if (status == FENLEI_OK && path.failed)
        status = error_memory(error);
    buffer_release(&path);
    if (status != FENLEI_OK || options->n_pages > 0)
        return status;
    if (page_reader_bytes(training).size == 0)
        message(NULL, 0,
                "no page reader: the model will read texts of one article only (classify --whole); "
                "give it one with --pages or --base");
    else
        training->corpus.chain = &training->base->parts.chain;
    return FENLEI_OK;
}

static fenlei_status read_pages(const struct training *training, struct page_set *set,
                                fenlei_error *error)
{
    const struct corpus *corpus = &training->corpus;
    struct layout_article *articles = array_new(corpus->n_documents + 1, sizeof *articles);
    if (articles == NULL)
        return error_memory(error);
    for (size_t i = 0; i < corpus->n_documents; i++)
        articles[i] =
            (struct layout_article){corpus->documents[i].title, corpus->documents[i].text};
    fenlei_status status = FENLEI_OK;
    for (size_t i = 0; i < training->options->n_pages && status == FENLEI_OK; i++)
        status =
            page_set_read(set, training->options->pages[i], articles, corpus->n_documents, error);
    free(articles);
    return status;
}

fenlei_status page_reader_learn(struct training *training, fenlei_error *error)
{
    struct page_set set = {0};
    if (training->options->n_pages == 0)
        return FENLEI_OK;
    fenlei_status status = read_pages(training, &set, error);
    for (size_t i = 0; i < set.n; i++)
        training->n_page_lines += set.pages[i].lines.n;
    training->n_pages = set.n;
    if (status == FENLEI_OK && training->n_page_lines == 0)
        status = error_set(error, FENLEI_BAD_INPUT, "--pages: there is no page");
    struct chain_trainer trainer = {.set = &set, .variance = VARIANCE};
    if (status == FENLEI_OK)
        status = chain_train(&trainer, &training->reader, error);
    page_set_release(&set);
    return status;
}

fenlei_text page_reader_bytes(const struct training *training)
{
    if (training->reader.size > 0)
        return (fenlei_text){training->reader.bytes, training->reader.size};
    return training->base != NULL ? training->base->parts.reader : (fenlei_text){NULL, 0};
}

fenlei_status page_reader_replace(struct training *training, fenlei_error *error)
{
    struct model_parts parts = training->base->parts;
    parts.reader = page_reader_bytes(training);
    if (training->options->no_sketch)
        parts.sketch = (fenlei_text){NULL, 0};
    return model_write(&parts, training->options->output, error);
}
