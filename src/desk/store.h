/* SPDX-License-Identifier: BSD-3-Clause */
/* Everything that must last: files, articles, labels, corrections, topics, models.
 *
 * One store a folder; any number of threads. A change is on the disk when the function that makes
 * it returns FENLEI_OK. Texts that a visitor is given stay until it returns. */
#ifndef DESK_STORE_H
#define DESK_STORE_H

#include "base/memory.h"

#include <stdint.h>

struct store;

/* Opens the store of a data folder, or makes it there; refuses one that another desk has open. */
fenlei_status store_open(const char *folder, struct store **store, fenlei_error *error);
void store_close(struct store *store); /* NULL: does nothing */

/* A value kept by name, appended to *value; nothing where there is none. */
fenlei_status store_setting(struct store *store, const char *name, struct buffer *value,
                            fenlei_error *error);
fenlei_status store_set(struct store *store, const char *name, fenlei_text value,
                        fenlei_error *error);

/* ---- articles ---- */

enum article_state { ARTICLE_IS_ONE, ARTICLE_IS_NONE, ARTICLE_IS_GONE };

/* Texts point into `bytes` where article_copy() or store_article() made it, else to the caller's.
 */
struct article {
    int64_t id, file;
    int64_t version; /* counts its changes, from 1 */
    int64_t model;   /* that made `given` */
    enum article_state state;
    int64_t first_line, last_line;
    int64_t judged_at; /* seconds since 1970; 0: never */
    double doubt;      /* how unsure the model is: 0 to 1; queue.h */
    fenlei_text day;   /* YYYY-MM-DD, or empty */
    fenlei_text paper, review, title, byline, text;
    fenlei_text given;     /* "topic:probability ..." by falling probability; see labels.h */
    fenlei_text judged;    /* "topic ..."; bytes NULL: not judged yet */
    fenlei_text sketch;    /* of its vector; sketch.h */
    fenlei_text file_name; /* read only */
    struct buffer bytes;
};

enum store_answer { STORE_DONE, STORE_MISSING, STORE_CONFLICT, STORE_FAILED };

/* Reads an article into *article, all zero before; to be released. */
enum store_answer store_article(struct store *store, int64_t id, struct article *article,
                                fenlei_error *error);
/* Copies what the texts point to into bytes; false when memory runs out. */
bool article_copy(struct article *copy, const struct article *from);
void article_release(struct article *article);

/* A file that came in, with its articles. Of the same bytes as an earlier one it is not kept again:
 * *known becomes true and *id the earlier one's. */
struct stored_file {
    fenlei_text name, note; /* note: what was wrong with it, in words */
    uint64_t hash[2];
    size_t size;
    int64_t received;
};
fenlei_status store_add_file(struct store *store, const struct stored_file *file,
                             const struct article *articles, size_t n, int64_t *id, bool *known,
                             fenlei_error *error);

/* The file with these bytes; 0 where there is none. */
fenlei_status store_find_file(struct store *store, const uint64_t hash[2], int64_t *id,
                              fenlei_error *error);

struct file_entry {
    int64_t id, received, n_articles;
    fenlei_text name, note;
};
/* Files by falling id, below `before` (0: the newest). */
fenlei_status store_files(struct store *store, int64_t before, size_t limit,
                          bool (*visit)(void *context, const struct file_entry *file),
                          void *context, fenlei_error *error);

/* ---- lists ---- */

/* The articles of one file are in its own order. */
enum article_order { ORDER_NEWEST, ORDER_DAY, ORDER_DOUBT, ORDER_PAGE };
enum judgement { JUDGED_EITHER, JUDGED_YES, JUDGED_NO };

/* Which articles: fields that are zero or empty ask for nothing. */
struct filter {
    fenlei_text search, paper, review;
    fenlei_text from, to; /* days, both included */
    int64_t topic, file;
    enum judgement judgement;
    bool is_untopical; /* articles without a topic */
    enum article_order order;
    bool is_backwards; /* the page before the cursor, not behind it */

    /* The article that the page begins behind, with its key in the order: none where id is 0. */
    int64_t cursor;
    fenlei_text cursor_day;
    double cursor_doubt;
    int64_t cursor_line;
};

typedef bool store_visit(void *context, const struct article *article);

/* Visits up to `limit` articles in the filter's order; a backwards page too is in that order. The
 * visitor returns false to end early. *more: there are others behind these. */
fenlei_status store_list(struct store *store, const struct filter *filter, size_t limit,
                         store_visit *visit, void *context, bool *more, fenlei_error *error);

/* How many there are, counted up to `most`. */
fenlei_status store_count(struct store *store, const struct filter *filter, size_t most,
                          size_t *count, fenlei_error *error);

/* The articles of which a person said what they are about, in the order of that. */
fenlei_status store_judged(struct store *store, size_t limit, store_visit *visit, void *context,
                           fenlei_error *error);

/* Articles, by falling id below `before`, that another model than `model` labelled. */
fenlei_status store_outdated(struct store *store, int64_t model, int64_t before, size_t limit,
                             store_visit *visit, void *context, fenlei_error *error);

/* Takes what a newer model says: model, given, review, doubt and sketch of articles whose version
 * is still the same. Leaves no correction. */
fenlei_status store_relabel(struct store *store, const struct article *articles, size_t n,
                            fenlei_error *error);

/* ---- corrections ---- */

enum correction_kind {
    CORRECTION_TOPICS,
    CORRECTION_CONFIRMED,
    CORRECTION_NOT_AN_ARTICLE,
    CORRECTION_AN_ARTICLE,
    CORRECTION_JOINED,
    CORRECTION_BEGUN,
    CORRECTION_UNDONE
};

struct correction {
    int64_t id, at, undone_by;
    enum correction_kind kind;
    fenlei_text who, detail;
};

/* Changes articles together or not at all. Each is what it becomes, its `version` what the change
 * was based on: STORE_CONFLICT where it has another by now. One with id 0 is new, and gets its id.
 * The first is the one that the correction is listed under. */
enum store_answer store_revise(struct store *store, struct correction *correction,
                               struct article *articles, size_t n, fenlei_error *error);

/* Takes back the last change of an article that is not taken back yet; STORE_MISSING where there is
 * none, STORE_CONFLICT where another article of the same change was changed since. *article becomes
 * the article that is to be looked at then. */
enum store_answer store_undo(struct store *store, int64_t id, int64_t version, fenlei_text who,
                             int64_t at, int64_t *article, fenlei_error *error);

fenlei_status store_history(struct store *store, int64_t article,
                            bool (*visit)(void *context, const struct correction *correction),
                            void *context, fenlei_error *error);

/* The neighbour of an article in its file: the last before it, or the first behind it, that is not
 * gone; 0 where there is none. */
fenlei_status store_neighbour(struct store *store, int64_t file, int64_t id, bool is_before,
                              int64_t *neighbour, fenlei_error *error);

/* ---- topics ---- */

struct topic {
    int64_t id, merged_into; /* 0: into none */
    bool is_retired;
    char *key, *name;
};

struct topics {
    struct topic *of; /* [n] in the order they came */
    size_t n, capacity;
};

/* *topics is all zero before. */
fenlei_status store_topics(struct store *store, struct topics *topics, fenlei_error *error);
void topics_release(struct topics *topics);

/* Adds a topic, or finds the one with that key, whose id *id becomes. */
fenlei_status store_add_topic(struct store *store, fenlei_text key, fenlei_text name, int64_t *id,
                              fenlei_error *error);
fenlei_status store_rename_topic(struct store *store, int64_t id, fenlei_text name,
                                 fenlei_error *error);
fenlei_status store_retire_topic(struct store *store, int64_t id, bool is_retired,
                                 fenlei_error *error);

/* What had the one topic has the other from now on. */
fenlei_status store_merge_topic(struct store *store, int64_t from, int64_t into,
                                fenlei_error *error);

/* ---- models ---- */

enum model_state { MODEL_CURRENT, MODEL_KEPT, MODEL_REFUSED };

struct model_entry {
    int64_t id, made;
    enum model_state state;
    fenlei_text file, detail, comparison; /* comparison: JSON of train's, or empty */
};
/* Adds a model; one that is current takes the place of the one before. */
fenlei_status store_add_model(struct store *store, const struct model_entry *model, int64_t *id,
                              fenlei_error *error);
fenlei_status store_use_model(struct store *store, int64_t id, fenlei_error *error);
fenlei_status store_models(struct store *store,
                           bool (*visit)(void *context, const struct model_entry *model),
                           void *context, fenlei_error *error);

/* ---- figures ---- */

struct figure {
    fenlei_text name; /* of a month, a paper, a topic */
    int64_t topic, count, other;
};
typedef bool store_visit_figure(void *context, const struct figure *figure);

struct totals {
    int64_t files, articles, judged, corrections;
};
fenlei_status store_totals(struct store *store, struct totals *totals, fenlei_error *error);

/* Of the articles that two people or more judged: how many, and on how many the last word of each
 * is the same. */
fenlei_status store_agreement(struct store *store, size_t *shared, size_t *agreed,
                              fenlei_error *error);

/* Articles of a topic by month ("2024-05") or by paper. */
fenlei_status store_by_month(struct store *store, store_visit_figure *visit, void *context,
                             fenlei_error *error);
fenlei_status store_by_paper(struct store *store, store_visit_figure *visit, void *context,
                             fenlei_error *error);

#endif
