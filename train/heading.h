/* SPDX-License-Identifier: BSD-3-Clause */
/* The heading of a section inside an article. */
#ifndef TRAIN_HEADING_H
#define TRAIN_HEADING_H

#include "base/memory.h"

#include <stdint.h>

/* Appends a heading for the section that begins the text `below`: a clause of its first two
 * paragraphs or, now and then, two. False, and nothing is appended, where none may head it. */
bool heading_append(struct buffer *line, fenlei_text below, uint64_t *random);

#endif
