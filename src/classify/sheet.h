/* Articles to look at: what `classify --html` writes. A sheet is the articles of one input, made on
 * any thread; the gazette is the page of all sheets, under an overview of their topics. */
#ifndef CLASSIFY_SHEET_H
#define CLASSIFY_SHEET_H

#include "command/output.h"
#include "html/mark.h"

/* The most bytes of a page: it is held in memory, and no browser opens more. */
enum { GAZETTE_MAX = 256 << 20 };

struct sheet_counts {
    size_t articles, without_topic, to_review, not_articles, unusable;
};

/* All zero is an empty one. */
struct sheet {
    struct buffer html;
    struct sheet_counts counts;
    size_t *given; /* [n_given] the topic of each label given */
    size_t n_given, given_capacity;
    struct marks marks; /* scratch */
};

/* Adds article `index` of the labeler's last page, or its last record. */
fenlei_status sheet_add(struct sheet *sheet, const fenlei_model *model, fenlei_labeler *labeler,
                        struct source source, size_t index, const fenlei_article *article,
                        struct selection selection, fenlei_error *error);

/* Says what is wrong with the input, or with its line `line` (0: none). */
void sheet_add_fault(struct sheet *sheet, size_t line, const char *message);

void sheet_clear(struct sheet *sheet);
void sheet_release(struct sheet *sheet);

struct gazette {
    struct buffer body;
    struct buffer input; /* the name of the last sheet's */
    bool has_input;
    bool too_large;
    struct sheet_counts counts;
    size_t n_inputs;
    size_t *given; /* [n_topics] articles that got the topic */
};

bool gazette_init(struct gazette *gazette, size_t n_topics);
void gazette_release(struct gazette *gazette);

/* Adds a sheet under the name of its input, the one before or another. */
void gazette_add(struct gazette *gazette, const struct sheet *sheet, const char *input);

/* Writes the page, whole or not at all. */
fenlei_status gazette_write(struct gazette *gazette, const fenlei_model *model, const char *path,
                            fenlei_error *error);

#endif
