/* SPDX-License-Identifier: BSD-3-Clause */
/* Labelled articles in, checked: files of records (command/records.h), or a folder with one folder
 * a topic. */
#ifndef TRAIN_CORPUS_H
#define TRAIN_CORPUS_H

#include "base/memory.h"
#include "command/record_options.h"
#include "label/chain.h"
#include "train/watch.h"

#include <stdint.h>

struct document {
    fenlei_text id, title, text; /* in `bytes`; id is JSON and may be empty */
    char date[11];               /* YYYY-MM-DD, of a corpus that needs dates */
    char *bytes;
    const char *file;
    size_t line; /* 0 for a file that is a document */
};

struct corpus {
    struct document *documents; /* [n_documents + n_held_out], those held out last */
    size_t n_documents, documents_capacity;
    size_t n_held_out;
    const struct chain *chain; /* that reads the files of folders; NULL: their first lines are
                                  headlines where they look like it. Set before corpus_add() */
    const struct record_options *records; /* how files are read, NULL: as they tell themselves. Set
                                             before corpus_add() */
    struct watch *watch; /* told how far the work on the documents is; NULL: nobody looks. Set
                            before corpus_add() */
    bool needs_dates;    /* to be set before corpus_add(): a record without a date is an error */
    char **topic_ids, **topic_names; /* [n_topics] in the order of --topics, or sorted by id */
    size_t n_topics, topics_capacity;
    bool topics_are_fixed; /* by --topics: another label is an error */
    bool *truth;           /* [n_documents + n_held_out][n_topics] */
    uint64_t hash;         /* of titles, texts and labels of the n_documents, in order */

    struct mark {
        uint32_t document, topic;
    } * marks; /* scratch: the labels, while topics are still being found */
    size_t n_marks, marks_capacity;
    char **paths; /* [n_paths] of folders' files, which documents name */
    size_t n_paths, paths_capacity;
    size_t n_errors; /* reported so far */
};

/* Told of every broken record, so that a user can mend them all at once. */
typedef void corpus_complaint(void *context, const char *message);

/* Takes the topics and their names from a topics file; labels outside it are then errors. To be
 * called before corpus_add(). */
fenlei_status corpus_read_topics(struct corpus *corpus, const char *path, fenlei_error *error);

/* Adds the records of a file, or the files of a folder of folders, and says what a file was read as
 * where it is none of JSON lines. Broken records are passed to `complain` and counted; an error is
 * for what ends the reading. `path` must outlive the corpus. */
fenlei_status corpus_add(struct corpus *corpus, const char *path, corpus_complaint *complain,
                         void *context, fenlei_error *error);

/* Is it a day, written YYYY-MM-DD? */
bool is_date(fenlei_text text);

/* What becomes of a document. */
enum fate { FATE_KEPT, FATE_HELD_OUT, FATE_DROPPED, FATES };

/* Parts the documents, each by fates[n_documents]; those of one fate stay in their order. To be
 * called once, before corpus_finish(). False when memory runs out. */
bool corpus_part(struct corpus *corpus, const enum fate *fates);

/* Holds out the documents of `date` and later: the others are the corpus from now on. To be called
 * before corpus_finish(). False when memory runs out. */
bool corpus_hold_out(struct corpus *corpus, const char *date);

/* Ends the reading: sorts topics, fills truth and hash; refuses a corpus without documents or
 * topics, a topic with no document, and one that is on every document. */
fenlei_status corpus_finish(struct corpus *corpus, fenlei_error *error);

void corpus_release(struct corpus *corpus);

#endif
