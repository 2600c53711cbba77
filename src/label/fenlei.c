/* SPDX-License-Identifier: BSD-3-Clause */
/* The story: one document through every stage.
 *
 *     bytes -> text -> articles -> letters -> n-grams -> tf-idf vector -> scores -> labels
 */
#include "fenlei.h"

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "label/decode.h"
#include "label/explain.h"
#include "label/features.h"
#include "label/icu.h"
#include "label/label.h"
#include "label/model.h"
#include "label/page.h"
#include "label/score.h"
#include "label/tfidf.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Places in texts and in letters are kept in 32 bits. Three bytes (U+FDFA) become 18 letters, and
 * nothing more than that. */
static_assert(FENLEI_TEXT_MAX < UINT32_MAX / 7, "letters are counted in 32 bits");

/* What a document takes; given back as a whole. */
struct workspace {
    struct decoded decoded;
    struct page page;
    struct features features;
    fenlei_label *labels; /* [articles][n_topics] */
    size_t labels_capacity;
    fenlei_article *articles;
    const fenlei_article **order; /* [articles] each one's address */
    size_t articles_capacity, order_capacity;
    struct origins in_file, in_page[PASSAGES];
};

struct fenlei_labeler {
    const fenlei_model *model;
    struct workspace workspace;
    struct counts counts;
    double *scores;       /* [n_topics] */
    fenlei_page labelled; /* the last page */

    size_t n_articles; /* that can be explained: of the last page, or 1 */
    fenlei_text input; /* of the last page; bytes NULL after a record */
    struct explainer explainer;
    fenlei_why why;
    bool is_traced; /* in_file is the last page's */
};

const char *fenlei_version(void)
{
    return FENLEI_VERSION;
}

/* A weight or an idf that is no number makes every score none: opening a model does not look at
 * each. */
static bool are_numbers(const double *scores, uint32_t n)
{
    bool are = true;
    for (uint32_t i = 0; i < n; i++)
        are &= isfinite(scores[i]) != 0;
    return are;
}

/* The path of one article, its title and body being text already. */
static fenlei_status label_article(fenlei_labeler *labeler, fenlei_text title, fenlei_text body,
                                   double threshold, fenlei_label *labels, fenlei_review *review,
                                   fenlei_error *error)
{
    const struct model_parts *model = &labeler->model->parts;

    if (!features_extract(&labeler->workspace.features, &model->settings, title, body))
        return error_memory(error);
    if (features_lack_icu(&labeler->workspace.features))
        return icu_error(error);
    features_count(&labeler->workspace.features, &labeler->counts);
    struct evidence evidence = {.letters = features_letters(&labeler->workspace.features),
                                .single = labeler->counts.single,
                                .longer = labeler->counts.longer};

    score_counts(&model->weights, &labeler->counts, model->idf, labeler->scores);
    if (!are_numbers(labeler->scores, model->weights.n_topics))
        return error_set(error, FENLEI_BAD_MODEL,
                         "not a usable model: what it has learned gives no numbers");
    label_topics(model->calibration, labeler->scores, model->weights.n_topics, threshold, evidence,
                 labels);
    *review =
        label_review(model->calibration, labels, model->weights.n_topics, threshold, evidence);
    return FENLEI_OK;
}

/* ---- what a document takes ---- */

static void workspace_release(struct workspace *workspace)
{
    decode_release(&workspace->decoded);
    page_release(&workspace->page);
    features_release(&workspace->features);
    free(workspace->labels);
    free(workspace->articles);
    free(workspace->order);
    origins_release(&workspace->in_file);
    for (size_t i = 0; i < PASSAGES; i++)
        origins_release(&workspace->in_page[i]);
    *workspace = (struct workspace){0};
}

/* Bytes allocated. */
static size_t workspace_size(const struct workspace *workspace, size_t n_topics)
{
    size_t size = decode_memory(&workspace->decoded) + page_memory(&workspace->page) +
                  features_memory(&workspace->features) +
                  workspace->labels_capacity * n_topics * sizeof *workspace->labels +
                  workspace->articles_capacity * sizeof *workspace->articles +
                  workspace->order_capacity * sizeof *workspace->order +
                  origins_memory(&workspace->in_file);
    for (size_t i = 0; i < PASSAGES; i++)
        size += origins_memory(&workspace->in_page[i]);
    return size;
}

/* Forgets the last document, and gives back what it took where that is unusually much. */
static void forget(fenlei_labeler *labeler)
{
    labeler->n_articles = 0;
    labeler->is_traced = false;
    if (workspace_size(&labeler->workspace, fenlei_topic_count(labeler->model)) +
            explainer_memory(&labeler->explainer) >
        FENLEI_SCRATCH_KEPT) {
        workspace_release(&labeler->workspace);
        explainer_shed(&labeler->explainer);
    }
}

/* Memory for the results of n articles. */
static bool reserve_articles(fenlei_labeler *labeler, size_t n)
{
    struct workspace *workspace = &labeler->workspace;
    if (!array_reserve(&workspace->articles, &workspace->articles_capacity, n,
                       sizeof *workspace->articles) ||
        !array_reserve(&workspace->order, &workspace->order_capacity, n,
                       sizeof *workspace->order) ||
        !array_reserve(&workspace->labels, &workspace->labels_capacity, n,
                       fenlei_topic_count(labeler->model) * sizeof *workspace->labels))
        return false;
    for (size_t i = 0; i < n; i++)
        workspace->order[i] = &workspace->articles[i];
    return true;
}

fenlei_status fenlei_labeler_new(const fenlei_model *model, fenlei_labeler **labeler,
                                 fenlei_error *error)
{
    if (model == NULL || labeler == NULL)
        return error_set(error, FENLEI_BAD_ARGUMENT, "fenlei_labeler_new: an argument is NULL");
    *labeler = NULL;
    fenlei_labeler *made = array_new(1, sizeof *made);
    if (made == NULL)
        return error_memory(error);
    made->model = model;
    made->scores = array_new(fenlei_topic_count(model), sizeof *made->scores);
    if (made->scores == NULL || !counts_init(&made->counts, &model->parts.vocab)) {
        fenlei_labeler_free(made);
        return error_memory(error);
    }
    *labeler = made;
    return FENLEI_OK;
}

void fenlei_labeler_free(fenlei_labeler *labeler)
{
    if (labeler == NULL)
        return;
    workspace_release(&labeler->workspace);
    counts_release(&labeler->counts);
    free(labeler->scores);
    explainer_release(&labeler->explainer);
    free(labeler);
}

/* ---- arguments ---- */

/* Of fenlei_options in its first version; a later one is longer. None is as long as the most. */
enum {
    OPTIONS_LEAST = offsetof(fenlei_options, probability) + sizeof(double),
    OPTIONS_MOST = 4096
};

/* Takes the caller's options, which may be of an older or a newer version: what an older one lacks
 * has its default, and what this library does not know must be zero. */
static fenlei_status read_options(const fenlei_options *given, fenlei_options *options,
                                  fenlei_error *error)
{
    *options = fenlei_options_default();
    if (given == NULL)
        return FENLEI_OK;
    if (given->size < OPTIONS_LEAST || given->size > OPTIONS_MOST)
        return error_set(error, FENLEI_BAD_ARGUMENT,
                         "options of %zu bytes: begin them with fenlei_options_default()",
                         given->size);
    memcpy(options, given, given->size < sizeof *options ? given->size : sizeof *options);
    for (size_t i = sizeof *options; i < given->size; i++)
        if (((const char *)given)[i] != 0)
            return error_set(error, FENLEI_BAD_ARGUMENT,
                             "an option that fenlei %s does not know: it is older than what the "
                             "program was compiled for",
                             FENLEI_VERSION);
    return FENLEI_OK;
}

/* The same, checked. */
static fenlei_status take_options(const fenlei_labeler *labeler, const fenlei_options *given,
                                  fenlei_options *options, fenlei_error *error)
{
    fenlei_status status = read_options(given, options, error);
    if (status != FENLEI_OK || isnan(options->probability))
        return status;
    if (!(options->probability >= 0 && options->probability <= 1))
        return error_set(error, FENLEI_BAD_ARGUMENT,
                         "a probability is between 0 and 1 (NAN: the model's own thresholds)");
    if (!fenlei_has_probabilities(labeler->model))
        return error_set(error, FENLEI_BAD_ARGUMENT, "the model has no probabilities");
    return FENLEI_OK;
}

static bool is_text(fenlei_text text)
{
    return text.bytes != NULL || text.size == 0;
}

static fenlei_status check_size(size_t size, fenlei_error *error)
{
    if (size > FENLEI_TEXT_MAX)
        return error_set(error, FENLEI_BAD_INPUT, "longer than %zu MiB, the most of a text",
                         FENLEI_TEXT_MAX >> 20);
    return FENLEI_OK;
}

/* ---- pages and records ---- */

static fenlei_text part_of(const struct buffer *buffer, size_t offset, size_t size)
{
    return (fenlei_text){size > 0 ? buffer->bytes + offset : "", size};
}

static fenlei_status label_piece(fenlei_labeler *labeler, size_t i, double threshold,
                                 fenlei_error *error)
{
    struct workspace *workspace = &labeler->workspace;
    const struct page *page = &workspace->page;
    const struct piece *piece = &page->pieces[i];
    fenlei_article *article = &workspace->articles[i];
    *article = (fenlei_article){
        .title = part_of(&page->text, piece->title, piece->title_size),
        .byline = part_of(&page->text, piece->byline, piece->byline_size),
        .text = part_of(&page->text, piece->body, piece->body_size),
        .parts = page->parts + piece->part,
        .n_parts = piece->n_parts,
        .review = FENLEI_REVIEW_NOT_AN_ARTICLE,
    };
    article->lines.first = article->parts[0].first;
    article->lines.last = article->parts[article->n_parts - 1].last;
    if (!piece->is_article)
        return FENLEI_OK;
    fenlei_label *labels = workspace->labels + i * fenlei_topic_count(labeler->model);
    article->labels = labels;
    fenlei_status status = label_article(labeler, article->title, article->text, threshold, labels,
                                         &article->review, error);
    if (status != FENLEI_OK)
        return status;
    /* Garbage has no articles that could be split well or badly. */
    if (piece->doubt != DOUBT_NONE && article->review != FENLEI_REVIEW_UNFAMILIAR)
        article->review = piece->doubt == DOUBT_SEVERAL ? FENLEI_REVIEW_SEVERAL_ARTICLES
                                                        : FENLEI_REVIEW_UNCERTAIN_SPLIT;
    return FENLEI_OK;
}

/* What fenlei_explain() can be asked about from now on. */
static void remember(fenlei_labeler *labeler, size_t n_articles, fenlei_text input)
{
    labeler->n_articles = n_articles;
    labeler->input = input;
}

static fenlei_status split_page(fenlei_labeler *labeler, fenlei_text input,
                                const fenlei_options *options, fenlei_error *error)
{
    struct decoded *decoded = &labeler->workspace.decoded;
    struct page *page = &labeler->workspace.page;
    fenlei_status status = check_size(input.size, error);
    if (status == FENLEI_OK)
        status = decode(decoded, input.bytes, input.size, options->encoding, error);
    if (status == FENLEI_OK)
        status = check_size(decoded->text.size, error);
    if (status != FENLEI_OK)
        return status;
    const struct chain *chain = &labeler->model->parts.chain;
    if (chain->head == NULL && !options->whole)
        return error_set(error, FENLEI_BAD_MODEL,
                         "the model cannot read pages: train it with --pages or --base, or read "
                         "each file as one article (--whole)");
    bool is_split = page_split(page, decoded->text, chain, options->whole);
    if (!is_split && page->lines.too_long)
        return error_set(error, FENLEI_BAD_INPUT, "more than %d lines of text", PAGE_LINES_MAX);
    if (!is_split || !reserve_articles(labeler, page->n_pieces))
        return error_memory(error);
    if (page->n_pieces == 0)
        return error_set(error, FENLEI_BAD_INPUT,
                         input.size == 0 ? "it is empty" : "it has no text");
    return FENLEI_OK;
}

fenlei_status fenlei_label_page(fenlei_labeler *labeler, const char *bytes, size_t size,
                                const fenlei_options *options, const fenlei_page **page,
                                fenlei_error *error)
{
    fenlei_text input = {bytes, size};
    fenlei_options taken;
    if (labeler == NULL || page == NULL || !is_text(input))
        return error_set(error, FENLEI_BAD_ARGUMENT, "fenlei_label_page: an argument is NULL");
    *page = NULL;
    forget(labeler);
    fenlei_status status = take_options(labeler, options, &taken, error);
    if (status == FENLEI_OK)
        status = split_page(labeler, input, &taken, error);
    size_t n = labeler->workspace.page.n_pieces;
    for (size_t i = 0; i < n && status == FENLEI_OK; i++)
        status = label_piece(labeler, i, taken.probability, error);
    if (status != FENLEI_OK)
        return status;
    const struct decoded *decoded = &labeler->workspace.decoded;
    labeler->labelled = (fenlei_page){.articles = labeler->workspace.order,
                                      .n_articles = n,
                                      .encoding = decoded->encoding,
                                      .substitutions = decoded->substitutions,
                                      .substitutions_line = decoded->substitutions_line,
                                      .other_lines = decoded->other_lines,
                                      .other_line = decoded->other_line,
                                      .other_encoding = decoded->other_encoding};
    remember(labeler, n, input);
    *page = &labeler->labelled;
    return FENLEI_OK;
}

static fenlei_status check_text(fenlei_text text, fenlei_error *error)
{
    fenlei_status status = check_size(text.size, error);
    if (status == FENLEI_OK && utf8_valid_prefix(text.bytes, text.size) != text.size)
        status = error_set(error, FENLEI_BAD_INPUT, "invalid UTF-8");
    return status;
}

fenlei_status fenlei_label_record(fenlei_labeler *labeler, fenlei_text title, fenlei_text text,
                                  const fenlei_options *options, const fenlei_article **article,
                                  fenlei_error *error)
{
    fenlei_options taken;
    if (labeler == NULL || article == NULL || !is_text(title) || !is_text(text))
        return error_set(error, FENLEI_BAD_ARGUMENT, "fenlei_label_record: an argument is NULL");
    *article = NULL;
    forget(labeler);
    fenlei_status status = take_options(labeler, options, &taken, error);
    if (status == FENLEI_OK)
        status = check_text(title, error);
    if (status == FENLEI_OK)
        status = check_text(text, error);
    if (status != FENLEI_OK)
        return status;
    if (!reserve_articles(labeler, 1))
        return error_memory(error);
    fenlei_article *made = &labeler->workspace.articles[0];
    fenlei_label *labels = labeler->workspace.labels;
    *made = (fenlei_article){.title = title, .text = text, .labels = labels};
    status = label_article(labeler, title, text, taken.probability, labels, &made->review, error);
    if (status != FENLEI_OK)
        return status;
    remember(labeler, 1, (fenlei_text){NULL, 0});
    *article = made;
    return FENLEI_OK;
}

/* ---- explanations ---- */

/* The title and the text of an article. */
static void passages_of(const fenlei_article *article, struct passage passages[PASSAGES])
{
    passages[HEADLINE] = (struct passage){.text = article->title, .is_headline = true};
    passages[BODY] = (struct passage){.text = article->text};
}

/* Looks up where the passages of article i stand in the file. */
static fenlei_status trace_passages(fenlei_labeler *labeler, size_t i,
                                    struct passage passages[PASSAGES], fenlei_error *error)
{
    struct workspace *workspace = &labeler->workspace;
    const struct piece *piece = &workspace->page.pieces[i];
    fenlei_text text = workspace->decoded.text;
    if (!labeler->is_traced) {
        fenlei_status status = decode_origins(&workspace->decoded, labeler->input.bytes,
                                              labeler->input.size, &workspace->in_file, error);
        if (status != FENLEI_OK)
            return status;
        labeler->is_traced = true;
    }
    const size_t begins[PASSAGES] = {piece->title, piece->body};
    for (size_t k = 0; k < PASSAGES; k++) {
        if (!page_origins(&workspace->page, piece, text, begins[k], passages[k].text.size,
                          &workspace->in_page[k]))
            return error_memory(error);
        passages[k].page_text = text;
        passages[k].page = &workspace->in_page[k];
        passages[k].file = &workspace->in_file;
    }
    return FENLEI_OK;
}

fenlei_status fenlei_explain(fenlei_labeler *labeler, size_t article, size_t topic,
                             const fenlei_why **why, fenlei_error *error)
{
    if (labeler == NULL || why == NULL)
        return error_set(error, FENLEI_BAD_ARGUMENT, "fenlei_explain: an argument is NULL");
    *why = NULL;
    if (article >= labeler->n_articles || labeler->workspace.articles[article].labels == NULL)
        return error_set(error, FENLEI_BAD_ARGUMENT, "no labelled article %zu", article);
    if (topic >= fenlei_topic_count(labeler->model))
        return error_set(error, FENLEI_BAD_ARGUMENT, "no topic %zu", topic);
    struct passage passages[PASSAGES];
    passages_of(&labeler->workspace.articles[article], passages);
    fenlei_status status = FENLEI_OK;
    if (labeler->input.bytes != NULL)
        status = trace_passages(labeler, article, passages, error);
    else
        passages[HEADLINE].in_title = true;
    if (status != FENLEI_OK)
        return status;
    if (!explain(&labeler->explainer, &labeler->model->parts, &labeler->counts, passages, topic,
                 &labeler->why))
        return error_memory(error);
    *why = &labeler->why;
    return FENLEI_OK;
}
