/* SPDX-License-Identifier: BSD-3-Clause */
/* One input, a file or a record: labelled, and what is to be printed of it kept until its turn,
 * which batch.h sees to. What --evaluate makes of a record is in evaluation_run.h. */
#ifndef CLASSIFY_ITEM_H
#define CLASSIFY_ITEM_H

#include "classify/choice.h"
#include "classify/sheet.h"
#include "measure/evaluator.h"

struct item {
    struct source source;
    fenlei_text line;       /* of a record */
    struct buffer kept;     /* the line, where it is nobody else's, or the name of a file */
    struct buffer out;      /* what to print */
    const char *path;       /* of a file, or of the file that the record is from */
    struct buffer fault;    /* why the record cannot be used; no bytes where it can */
    struct buffer messages; /* for standard error */
    struct sheet sheet;     /* for --html */
    bool failed;
    struct evaluator *evaluators; /* [2] of both models, for --evaluate; NULL before */
};

/* "(standard input)" for "-". */
const char *item_name(const struct item *item);

void item_label_file(struct item *item, const struct choice *choice, fenlei_labeler *labeler);
void item_label_record(struct item *item, const struct choice *choice, fenlei_labeler *labeler);

/* Notes that a record failed, and prints that in its place. */
void item_write_error(struct item *item, const struct settings *settings, struct source source,
                      const char *message);

/* Notes that the item failed, and a message, which is printed in its turn, or at once where there
 * is no memory to keep it. */
void item_fail(struct item *item, const char *name, size_t line, const char *message);

/* Is its line one that nothing stands on? */
bool item_is_blank(const struct item *item);

/* The fault as an error, if there is one. */
fenlei_status item_check(const struct item *item, fenlei_error *error);

/* Makes the item ready for the next bundle. */
void item_clear(struct item *item);
void item_release(struct item *item);

#endif
