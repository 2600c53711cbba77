/* The models and topics that the settings choose: found, opened and checked before any input is
 * read. */
#ifndef CLASSIFY_CHOICE_H
#define CLASSIFY_CHOICE_H

#include "classify/settings.h"

struct choice {
    const struct settings *settings;
    fenlei_model *model;
    fenlei_model *other; /* the second of --evaluate, or NULL */
    bool *asked;         /* [topics] those of --why */
};

/* Anything but EXIT_DONE was reported. *choice is to be released in any case. */
enum exit_status choice_open(struct choice *choice, const struct settings *settings);
void choice_release(struct choice *choice);

#endif
