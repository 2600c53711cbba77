/* The story: one document through every stage.
 *
 *     bytes -> text -> articles -> letters -> bigrams -> tf-idf vector -> scores -> labels
 */
#include "fenlei.h"

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "label/decode.h"
#include "label/explain.h"
#include "label/features.h"
#include "label/label.h"
#include "label/model.h"
#include "label/page.h"
#include "label/score.h"
#include "label/tfidf.h"

#include <math.h>
#include <stdlib.h>

struct fenlei_labeler {
    const fenlei_model *model;
    struct decoded decoded;
    struct page page;
    struct features features;
    struct counts counts;
    double *scores;       /* [n_topics] */
    fenlei_label *labels; /* [articles][n_topics] */
    size_t labels_capacity;
    fenlei_article *articles;
    size_t articles_capacity;

    size_t n_articles; /* that can be explained: of the last page, or 1 */
    fenlei_text input; /* of the last page; bytes NULL after a record */
    struct explainer explainer;
    struct origins in_file, in_page[PASSAGES];
    bool is_traced; /* in_file is the last page's */
};

/* The path of one article, its title and body being text already. */
static bool label_article(fenlei_labeler *labeler, fenlei_text title, fenlei_text body,
                          double threshold, fenlei_label *labels, fenlei_review *review)
{
    const struct model_parts *model = &labeler->model->parts;

    if (!features_extract(&labeler->features, &model->settings, title, body))
        return false;
    features_count(&labeler->features, &model->vocab, &labeler->counts);
    struct evidence evidence = {.letters = features_letters(&labeler->features),
                                .known = labeler->counts.known,
                                .unknown = labeler->counts.unknown};

    uint32_t n_features = tfidf_vector(&labeler->counts, model->idf);
    score_topics(&model->weights, labeler->counts.vector, n_features, labeler->scores);
    label_topics(model->calibration, labeler->scores, model->weights.n_topics, threshold, labels);
    *review =
        label_review(model->calibration, labels, model->weights.n_topics, threshold, evidence);
    return true;
}

fenlei_options fenlei_options_default(void)
{
    return (fenlei_options){.encoding = NULL, .whole = false, .probability = (double)NAN};
}

fenlei_status fenlei_labeler_new(const fenlei_model *model, fenlei_labeler **labeler,
                                 fenlei_error *error)
{
    fenlei_labeler *made = array_new(1, sizeof *made);
    if (made == NULL)
        return error_memory(error);
    made->model = model;
    made->scores = array_new(fenlei_topic_count(model), sizeof *made->scores);
    if (made->scores == NULL || !counts_init(&made->counts, model->parts.vocab.size)) {
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
    decode_release(&labeler->decoded);
    page_release(&labeler->page);
    features_release(&labeler->features);
    counts_release(&labeler->counts);
    free(labeler->scores);
    free(labeler->labels);
    free(labeler->articles);
    explainer_release(&labeler->explainer);
    origins_release(&labeler->in_file);
    for (size_t i = 0; i < PASSAGES; i++)
        origins_release(&labeler->in_page[i]);
    free(labeler);
}

/* Memory for the results of n articles. */
static bool reserve_articles(fenlei_labeler *labeler, size_t n)
{
    return array_reserve(&labeler->articles, &labeler->articles_capacity, n,
                         sizeof *labeler->articles) &&
           array_reserve(&labeler->labels, &labeler->labels_capacity, n,
                         fenlei_topic_count(labeler->model) * sizeof *labeler->labels);
}

/* A fold keeps places in 32 bits. */
static fenlei_status check_size(size_t size, fenlei_error *error)
{
    if (size >= UINT32_MAX)
        return error_set(error, FENLEI_BAD_INPUT, "longer than 4 GiB");
    return FENLEI_OK;
}

static fenlei_text part_of(const struct buffer *buffer, size_t offset, size_t size)
{
    return (fenlei_text){size > 0 ? buffer->bytes + offset : "", size};
}

static fenlei_status label_piece(fenlei_labeler *labeler, size_t i, double threshold,
                                 fenlei_error *error)
{
    const struct page *page = &labeler->page;
    const struct piece *piece = &page->pieces[i];
    fenlei_article *article = &labeler->articles[i];
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
    fenlei_label *labels = labeler->labels + i * fenlei_topic_count(labeler->model);
    article->labels = labels;
    if (!label_article(labeler, article->title, article->text, threshold, labels, &article->review))
        return error_memory(error);
    return FENLEI_OK;
}

/* What fenlei_explain() can be asked about from now on. */
static void remember(fenlei_labeler *labeler, size_t n_articles, fenlei_text input)
{
    labeler->n_articles = n_articles;
    labeler->input = input;
    labeler->is_traced = false;
}

fenlei_status fenlei_label_page(fenlei_labeler *labeler, const char *bytes, size_t size,
                                const fenlei_options *options, fenlei_page *page,
                                fenlei_error *error)
{
    fenlei_options defaults = fenlei_options_default();
    if (options == NULL)
        options = &defaults;
    labeler->n_articles = 0;
    fenlei_status status = check_size(size, error);
    if (status == FENLEI_OK)
        status = decode(&labeler->decoded, bytes, size, options->encoding, error);
    if (status == FENLEI_OK)
        status = check_size(labeler->decoded.text.size, error);
    if (status != FENLEI_OK)
        return status;
    bool is_split = page_split(&labeler->page, labeler->decoded.text, options->whole);
    if (!is_split && labeler->page.too_long)
        return error_set(error, FENLEI_BAD_INPUT, "more than %d lines of text", PAGE_LINES_MAX);
    if (!is_split || !reserve_articles(labeler, labeler->page.n_pieces))
        return error_memory(error);
    size_t n = labeler->page.n_pieces;
    if (n == 0)
        return error_set(error, FENLEI_BAD_INPUT, size == 0 ? "it is empty" : "it has no text");
    for (size_t i = 0; i < n && status == FENLEI_OK; i++)
        status = label_piece(labeler, i, options->probability, error);
    *page = (fenlei_page){.articles = labeler->articles,
                          .n_articles = n,
                          .encoding = labeler->decoded.encoding,
                          .substitutions = labeler->decoded.substitutions,
                          .substitutions_line = labeler->decoded.substitutions_line,
                          .other_lines = labeler->decoded.other_lines,
                          .other_line = labeler->decoded.other_line,
                          .other_encoding = labeler->decoded.other_encoding};
    if (status == FENLEI_OK)
        remember(labeler, n, (fenlei_text){bytes, size});
    return status;
}

fenlei_status fenlei_label_record(fenlei_labeler *labeler, fenlei_text title, fenlei_text text,
                                  const fenlei_options *options, fenlei_article *article,
                                  fenlei_error *error)
{
    fenlei_options defaults = fenlei_options_default();
    if (options == NULL)
        options = &defaults;
    labeler->n_articles = 0;
    fenlei_status status = check_size(title.size, error);
    if (status == FENLEI_OK)
        status = check_size(text.size, error);
    if (status != FENLEI_OK)
        return status;
    if (utf8_valid_prefix(title.bytes, title.size) != title.size ||
        utf8_valid_prefix(text.bytes, text.size) != text.size)
        return error_set(error, FENLEI_BAD_INPUT, "invalid UTF-8");
    if (!reserve_articles(labeler, 1))
        return error_memory(error);
    *article = (fenlei_article){.title = title, .text = text, .labels = labeler->labels};
    if (!label_article(labeler, title, text, options->probability, labeler->labels,
                       &article->review))
        return error_memory(error);
    labeler->articles[0] = *article;
    remember(labeler, 1, (fenlei_text){NULL, 0});
    return FENLEI_OK;
}

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
    const struct piece *piece = &labeler->page.pieces[i];
    fenlei_text text = labeler->decoded.text;
    if (!labeler->is_traced) {
        fenlei_status status = decode_origins(&labeler->decoded, labeler->input.bytes,
                                              labeler->input.size, &labeler->in_file, error);
        if (status != FENLEI_OK)
            return status;
        labeler->is_traced = true;
    }
    const size_t begins[PASSAGES] = {piece->title, piece->body};
    for (size_t k = 0; k < PASSAGES; k++) {
        if (!page_origins(&labeler->page, piece, text, begins[k], passages[k].text.size,
                          &labeler->in_page[k]))
            return error_memory(error);
        passages[k].page_text = text;
        passages[k].page = &labeler->in_page[k];
        passages[k].file = &labeler->in_file;
    }
    return FENLEI_OK;
}

fenlei_status fenlei_explain(fenlei_labeler *labeler, size_t article, size_t topic, fenlei_why *why,
                             fenlei_error *error)
{
    if (article >= labeler->n_articles || labeler->articles[article].labels == NULL)
        return error_set(error, FENLEI_BAD_ARGUMENT, "no labelled article %zu", article);
    if (topic >= fenlei_topic_count(labeler->model))
        return error_set(error, FENLEI_BAD_ARGUMENT, "no topic %zu", topic);
    struct passage passages[PASSAGES];
    passages_of(&labeler->articles[article], passages);
    fenlei_status status = FENLEI_OK;
    if (labeler->input.bytes != NULL)
        status = trace_passages(labeler, article, passages, error);
    else
        passages[HEADLINE].in_title = true;
    if (status == FENLEI_OK && !explain(&labeler->explainer, &labeler->model->parts,
                                        &labeler->counts, passages, topic, why))
        status = error_memory(error);
    return status;
}
