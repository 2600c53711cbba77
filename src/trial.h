/* `classify --evaluate`: labelled records judged by one model or by two, and what comes of it
 * printed. How well a model does is reckoned in assessment.h, what changes between two in
 * comparison.h. */
#ifndef TRIAL_H
#define TRIAL_H

#include "assessment.h"
#include "comparison.h"
#include "item.h"

struct trial {
    const struct choice *choice;
    struct assessment assessment; /* with one model */
    struct comparison comparison; /* with two */
};

/* False when memory runs out; *trial is to be released in any case. */
bool trial_init(struct trial *trial, const struct choice *choice);
void trial_release(struct trial *trial);

/* Once for each item, before the first trial_judge(). False when memory runs out. */
bool trial_prepare(const struct trial *trial, struct item *item);

/* Judges a record; of several items, at the same time on several threads. */
void trial_judge(const struct trial *trial, fenlei_labeler *labeler, fenlei_labeler *other_labeler,
                 struct item *item);

/* Takes in what trial_judge() made of the item. */
void trial_add(struct trial *trial, const struct item *item);

/* Prints it all, and writes the page of --html. False, and reported, where that fails. */
bool trial_print(struct trial *trial, fenlei_labeler *labeler);

#endif
