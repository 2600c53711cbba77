/* SPDX-License-Identifier: BSD-3-Clause */
/* The models and topics that the settings choose: found, opened and checked before any input is
 * read, and before that the outputs, which must not be any of the files that are read. */
#ifndef CLASSIFY_CHOICE_H
#define CLASSIFY_CHOICE_H

#include "classify/settings.h"
#include "command/outputs.h"

struct choice {
    const struct settings *settings;
    struct outputs *outputs;
    fenlei_model *model;
    fenlei_model *other; /* the second of --evaluate, or NULL */
    bool *asked;         /* [topics] those of --why */
    bool *only;          /* [topics] those of --only, or NULL */
};

/* Fills *outputs, which must outlive the choice. Anything but EXIT_DONE was reported. *choice is to
 * be released in any case. */
enum exit_status choice_open(struct choice *choice, const struct settings *settings,
                             struct outputs *outputs);
void choice_release(struct choice *choice);

/* Is it an article to print? Not one without a topic of --only. */
bool choice_wants(const struct choice *choice, const fenlei_article *article);

#endif
