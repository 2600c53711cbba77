/* SPDX-License-Identifier: BSD-3-Clause */
/* A record in the form of a labelling tool, or with names of its own for its fields -> a draft.
 *
 *     doccano          text or data; label or labels, cats, annotations
 *     Label Studio     JSON: data, annotations[].result[].value; JSON_MIN and CSV: a field a tag
 *
 * Guesses of a model (predictions) are no labels, nor are spans, ratings and numbers. */
#ifndef COMMAND_EXPORT_H
#define COMMAND_EXPORT_H

#include "command/draft.h"
#include "command/notes.h"
#include "command/record_options.h"

/* What becomes of a record's labels: nobody looks at them; they are taken where there are some; or
 * what has none is left out. */
enum label_use { LABELS_UNREAD, LABELS_TAKEN, LABELS_NEEDED };

enum export_form { EXPORT_PLAIN, EXPORT_DOCCANO, EXPORT_LABEL_STUDIO };

struct export
{
    const struct record_options *options;
    enum export_form form;
    enum label_use labels;
    struct notes notes;
};

/* Which tool's form is an object in? EXPORT_PLAIN for JSON as json.h reads it, also where it is
 * none. */
enum export_form export_form_of(fenlei_text object);

/* Is it a record as json.h reads it, with text and, where they are read, labels? Also what is no
 * JSON, for json.h to say so. */
bool export_is_plain(fenlei_text object, enum label_use use);

/* Takes a valid JSON object apart. FENLEI_BAD_INPUT for one that cannot be used, of which the id is
 * in the draft; *is_left_out for one that is to be passed over, and counted. `draft` is clear
 * before. */
fenlei_status export_object(struct export *export, fenlei_text object, struct draft *draft,
                            bool *is_left_out, fenlei_error *error);

/* Is this name, JSON, that of a field that a record has, or would have? Such are not passed on. */
bool export_is_own(fenlei_text name);

/* Counts a record that is left out, or, where labels are not needed, takes it as one without any.
 * FENLEI_OK. */
fenlei_status export_leave_out(struct export *export, enum note note, struct draft *draft,
                               bool *is_left_out);

#endif
