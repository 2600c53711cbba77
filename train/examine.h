/* What is looked into once everything is learned: the corpus, for --check, and the model as it was
 * written, for --test, --split-date, --verify and the phrases of --html. Both add to the report and
 * to standard output, and write no file. */
#ifndef EXAMINE_H
#define EXAMINE_H

#include "training.h"

/* --check; the findings are check.h's. Fills is_ill. */
fenlei_status examine_corpus(struct training *training, fenlei_error *error);

/* Opens the -o file and does with it what was asked for; nothing when nothing was. Refuses a file
 * that does not have this training's card. */
fenlei_status examine_model(struct training *training, fenlei_error *error);

#endif
