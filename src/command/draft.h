/* SPDX-License-Identifier: BSD-3-Clause */
/* A record on its way from the form of another tool to a line of JSON as json.h reads it. Several
 * people may have labelled it: a label counts that more than half of them gave; one that just half
 * of them gave is to be scored neither way. */
#ifndef COMMAND_DRAFT_H
#define COMMAND_DRAFT_H

#include "base/memory.h"

/* All zero is one with nothing in it. */
struct draft {
    struct buffer id; /* JSON, or no bytes */
    struct buffer title, text;
    struct buffer rest; /* the other members, each with a comma before it */
    bool has_text;
    size_t number; /* the line or record to name it by */

    bool is_labelled;     /* somebody looked at it */
    unsigned n_people;    /* who did */
    struct buffer labels; /* their names, one after the other */
    struct draft_label {
        size_t start, size; /* in `labels` */
        unsigned votes, last_voter;
    } * choices; /* [n_choices] */
    size_t n_choices, choices_capacity;
};

void draft_clear(struct draft *draft); /* memory kept */
void draft_release(struct draft *draft);

/* One more person looked at it: the choices that follow are theirs. */
void draft_add_person(struct draft *draft);

/* Nobody looked at it, whoever was added. */
void draft_forget_people(struct draft *draft);

/* A label, blanks around it left out; nothing where there is nothing else. False when memory runs
 * out. More than a record may have are not kept. */
bool draft_choose(struct draft *draft, fenlei_text label);

/* Adds the people of another draft of the same text. False when memory runs out. */
bool draft_join(struct draft *draft, const struct draft *other);

/* Do its people disagree? */
bool draft_disagrees(const struct draft *draft);

/* Is there a label with a mark in it that often parts labels? */
bool draft_seems_unparted(const struct draft *draft);

/* Adds a member to what is passed on; `name` and `value` are JSON. */
void draft_pass_on(struct draft *draft, fenlei_text name, fenlei_text value);

/* The line; its `failed` tells of memory. */
void draft_write(const struct draft *draft, struct buffer *line);

#endif
