/* SPDX-License-Identifier: BSD-3-Clause */
/* fenlei: labels newspaper articles with topics.
 *
 * Open a model once, make one labeler a thread, and give it pages or records:
 *
 *     fenlei_model *model;
 *     fenlei_labeler *labeler;
 *     const fenlei_page *page;
 *     fenlei_model_open("fenlei.model", &model, &error);
 *     fenlei_labeler_new(model, &labeler, &error);
 *     fenlei_label_page(labeler, bytes, size, NULL, &page, &error);
 *
 * The library never prints, exits, reads the environment or changes the locale. Text is a pointer
 * and a length in bytes, UTF-8 unless said otherwise, and not terminated by NUL.
 *
 * Results belong to the library and are read through a pointer. A function that fails sets the
 * pointer that it would have filled to NULL.
 *
 * A program keeps working with a later libfenlei.so.0 without being compiled again. Of the structs,
 * fenlei_error, fenlei_text, fenlei_lines, fenlei_label and fenlei_place stay as they are for ever.
 * Others may get new fields at their end, and only the library makes them: fenlei_article,
 * fenlei_page, fenlei_phrase and fenlei_why. fenlei_options is the caller's, may grow too, and says
 * how large it is. Enumerations may get new values.
 */
#ifndef FENLEI_H
#define FENLEI_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FENLEI_VERSION "0.2.0"

#if defined(__GNUC__)
#define FENLEI_API __attribute__((visibility("default")))
#else
#define FENLEI_API
#endif

typedef enum fenlei_status {
    FENLEI_OK = 0,
    FENLEI_BAD_ARGUMENT, /* an option or a parameter out of its range */
    FENLEI_BAD_INPUT,    /* a document or a record that cannot be used */
    FENLEI_BAD_MODEL,    /* a file that is no usable model */
    FENLEI_IO,           /* a file that cannot be read or written */
    FENLEI_NO_MEMORY
} fenlei_status;

/* What went wrong, in words a user can act on: UTF-8 but for what a file's name may hold, ended by
 * NUL, with room for the longest path and the reason behind it. Filled by a function that returns
 * anything but FENLEI_OK; untouched otherwise. Every function here accepts NULL for it. */
typedef struct fenlei_error {
    fenlei_status status;
    char message[5000];
} fenlei_error;

typedef struct fenlei_text {
    const char *bytes;
    size_t size;
} fenlei_text;

/* The library's own version, which may be later than FENLEI_VERSION, the header's. A constant. */
FENLEI_API const char *fenlei_version(void);

/* A trained model: immutable once open, shared freely between threads. */
typedef struct fenlei_model fenlei_model;

/* Reads the model file `path` into memory and verifies it (magic, version, sizes, checksum, card):
 * whatever becomes of the file later does not matter. Weights that are no numbers, of a forged one,
 * are FENLEI_BAD_MODEL where a text needs them. NULL for `path` is the shipped model,
 * as seen from the library's or the program's own file, else where the library was made to be
 * installed. The caller owns *model and gives it back to fenlei_model_close(). */
FENLEI_API fenlei_status fenlei_model_open(const char *path, fenlei_model **model,
                                           fenlei_error *error);

/* The same for the bytes of a model file. They are copied: the caller may free them. */
FENLEI_API fenlei_status fenlei_model_open_bytes(const void *bytes, size_t size,
                                                 fenlei_model **model, fenlei_error *error);
FENLEI_API void fenlei_model_close(fenlei_model *model); /* NULL: does nothing */

/* The topics of a model, 0 <= topic < fenlei_topic_count(). The strings are the model's, terminated
 * by NUL, and live as long as it does. The name is the id where the model was trained without
 * names. NULL where there is no such topic. */
FENLEI_API size_t fenlei_topic_count(const fenlei_model *model);
FENLEI_API const char *fenlei_topic_id(const fenlei_model *model, size_t topic);
FENLEI_API const char *fenlei_topic_name(const fenlei_model *model, size_t topic);

/* Finds the topic with that id; false, and *topic as it was, when there is none. */
FENLEI_API bool fenlei_topic_find(const fenlei_model *model, fenlei_text id, size_t *topic);

/* The decision value from which a topic is given; NAN where there is no such topic. */
FENLEI_API double fenlei_topic_threshold(const fenlei_model *model, size_t topic);

/* False for a model trained with --folds 0: its labels have no probability. */
FENLEI_API bool fenlei_has_probabilities(const fenlei_model *model);

/* Settings, hash of the training data and published scores, as a JSON object. Owned by the model.
 */
FENLEI_API fenlei_text fenlei_model_card(const fenlei_model *model);

typedef struct fenlei_label {
    size_t topic;
    double score;       /* decision value; libsvm's, for the same text */
    double probability; /* 0 to 1; NAN when the model has none */
    bool given;         /* at or above the threshold */
} fenlei_label;

/* Why a person should look at an article. */
typedef enum fenlei_review {
    FENLEI_REVIEW_NONE = 0,
    FENLEI_REVIEW_NEAR_THRESHOLD, /* a topic was given or withheld by a hair */
    FENLEI_REVIEW_TOO_SHORT,
    FENLEI_REVIEW_UNFAMILIAR, /* mostly n-grams that the model has never seen */
    FENLEI_REVIEW_NOT_AN_ARTICLE,
    FENLEI_REVIEW_SEVERAL_ARTICLES, /* another article may begin inside it */
    FENLEI_REVIEW_UNCERTAIN_SPLIT   /* it may begin elsewhere, or its headline end elsewhere */
} fenlei_review;

/* "near-threshold" and so on; NULL for FENLEI_REVIEW_NONE, and for what is none. A constant. */
FENLEI_API const char *fenlei_review_name(fenlei_review review);

/* First and last line, counted from 1. */
typedef struct fenlei_lines {
    size_t first, last;
} fenlei_lines;

typedef struct fenlei_article {
    fenlei_text title;         /* the lines of the headline joined by a space; may be empty */
    fenlei_text byline;        /* may be empty */
    fenlei_text text;          /* the body, broken sentences joined, paragraphs ended by \n */
    fenlei_lines lines;        /* 0, 0 for a record */
    const fenlei_lines *parts; /* [n_parts] the pieces of an article that another one interrupts */
    size_t n_parts;
    const fenlei_label *labels; /* [fenlei_topic_count()] by falling probability, then score; NULL
                                   for what is not an article */
    fenlei_review review;
} fenlei_article;

typedef struct fenlei_page {
    const fenlei_article *const *articles; /* [n_articles] in the order of their first lines */
    size_t n_articles;
    const char *encoding;       /* "UTF-8", "GB18030", ...; a constant or the option's own string */
    size_t substitutions;       /* invalid sequences replaced by U+FFFD */
    size_t substitutions_line;  /* line of the first one, 0 when there is none */
    size_t other_lines;         /* lines that were in another encoding, and were read in it */
    size_t other_line;          /* the first of them, 0 when there is none */
    const char *other_encoding; /* of that one, a constant; NULL when there is none */
} fenlei_page;

/* To be begun with fenlei_options_default(). */
typedef struct fenlei_options {
    size_t size;          /* of this struct, as the caller was compiled */
    const char *encoding; /* NULL: detect; else a name that ICU knows */
    bool whole;           /* the text is one article, do not split it */
    double probability;   /* one threshold for all topics, 0 to 1; NAN: the model's own */
} fenlei_options;

/* The defaults: detect, split, the model's thresholds. In the header, for its size to be the
 * caller's. */
static inline fenlei_options fenlei_options_default(void)
{
    fenlei_options options = {sizeof(fenlei_options), NULL, false, (double)NAN};
    return options;
}

/* The most bytes of a page, as it is given and as UTF-8, and of a record's title and text: 512 MiB.
 * What is longer is FENLEI_BAD_INPUT. */
#define FENLEI_TEXT_MAX ((size_t)512 << 20)

/* A labeler is scratch memory for one thread at a time, and its last results. It takes 24 bytes for
 * each n-gram of the model, 16 more once it has explained something, and for a document, with
 * n-grams of two characters at most, 15 to 20 times the size of Chinese text and 45 times that of
 * English; three times as much again to explain it. After a document that took more than this,
 * 32 MiB, all of that is given back when the next is labelled; smaller ones take no new memory once
 * the labeler is warm. */
#define FENLEI_SCRATCH_KEPT ((size_t)32 << 20)

typedef struct fenlei_labeler fenlei_labeler;

/* The model must outlive the labeler, which the caller owns and gives back to
 * fenlei_labeler_free(). */
FENLEI_API fenlei_status fenlei_labeler_new(const fenlei_model *model, fenlei_labeler **labeler,
                                            fenlei_error *error);
FENLEI_API void fenlei_labeler_free(fenlei_labeler *labeler); /* NULL: does nothing */

/* Labels every article of a text or a newspaper page of any supported encoding. `options` may be
 * NULL: the defaults. *page and all it points to belong to the labeler and stay until it labels
 * again; `bytes`, and the option's encoding, must stay as long. */
FENLEI_API fenlei_status fenlei_label_page(fenlei_labeler *labeler, const char *bytes, size_t size,
                                           const fenlei_options *options, const fenlei_page **page,
                                           fenlei_error *error);

/* Labels one article given as a title (may be empty) and a text, both UTF-8. Of `options` only the
 * probability counts. Ownership as for fenlei_label_page(): *article is the labeler's, and title
 * and text must stay as long. */
FENLEI_API fenlei_status fenlei_label_record(fenlei_labeler *labeler, fenlei_text title,
                                             fenlei_text text, const fenlei_options *options,
                                             const fenlei_article **article, fenlei_error *error);

/* Bytes [start, end) of the input as it was given: of the file, in its own encoding; for a record,
 * of its title or its text. */
typedef struct fenlei_place {
    size_t start, end;
    bool in_title; /* of a record: in its title, not in its text; false for a file */

    bool is_headline; /* the same in the article: bytes [from, to) of its title, else of its text */
    size_t from, to;
} fenlei_place;

typedef struct fenlei_phrase {
    fenlei_text text;           /* its letters as they are compared: folded, without spaces */
    double share;               /* its part of the score; below 0: it speaks against the topic */
    const fenlei_place *places; /* [n_places] where it stands, the title's first, rising */
    size_t n_places;
} fenlei_phrase;

/* A score taken apart: bias + the sum of all shares = score, to 1e-9. */
typedef struct fenlei_why {
    const fenlei_phrase *const *phrases; /* [n_phrases] by falling |share|; no two overlap */
    size_t n_phrases;
    double bias;
    double score;
} fenlei_why;

/* Why a topic, given or not, has the score it has in an article of the labeler's last page, or in
 * its last record (article 0). FENLEI_BAD_ARGUMENT for what is not an article, and where there is
 * no such article or topic. *why belongs to the labeler and stays until its next call,
 * fenlei_explain() included; the page explained, and its input, stay as they are. */
FENLEI_API fenlei_status fenlei_explain(fenlei_labeler *labeler, size_t article, size_t topic,
                                        const fenlei_why **why, fenlei_error *error);

#ifdef __cplusplus
}
#endif
#endif
