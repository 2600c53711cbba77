/* SPDX-License-Identifier: BSD-3-Clause */
/* Where that is which comes with the programs, but for the model. */
#ifndef COMMAND_SHIPPED_H
#define COMMAND_SHIPPED_H

#include "base/memory.h"

/* The model to use: the one `named`, else that of $FENLEI_MODEL, else the shipped one. NULL where
 * there is none, and *error then says what can be done. The path may point into *shipped. */
const char *shipped_or_named(const char *named, struct buffer *shipped, fenlei_error *error);

/* Finds a folder of the tree, "seeds" or "train/corpus": beside the build tree's bin/, or where
 * `make install` puts it, by its last name; false when there is none. *path becomes its name, or
 * the last that was looked for. label/shipped_model.h finds the shipped model. */
bool shipped_folder(const char *name, struct buffer *path);

/* The files of the shipped corpus, in the order of their bytes: *names becomes an array of *n whole
 * names, of which each and the array itself are the caller's to free. None where there is no
 * corpus. False when memory runs out; what was found is then given, too. */
bool shipped_corpus(char ***names, size_t *n);

/* Finds a program beside this one. */
bool shipped_program(const char *name, struct buffer *path);

/* The same for fenlei-read, the program that reads PDF, HTML and DOCX files. */
bool shipped_reader(struct buffer *path);

#endif
