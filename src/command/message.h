/* SPDX-License-Identifier: BSD-3-Clause */
/* What a program says on standard error: one line, "program: name:line: message", plain whatever
 * foreign text is in it. */
#ifndef COMMAND_MESSAGE_H
#define COMMAND_MESSAGE_H

#include "html/language.h"

/* The language of the locale of messages: of the first that is set of $LC_ALL, $LC_MESSAGES and
 * $LANG. */
enum language language_of_environment(void);

/* Lets messages speak that language from here on, as far as it has words for them; English before.
 * To be called before there are threads. */
void messages_speak(enum language language);

/* `name` is what the message is about, or NULL; `line` of it, or 0. */
void message(const char *name, size_t line, const char *text);

/* The same line, appended to *out, for a thread to leave to another. */
void message_append(struct buffer *out, const char *name, size_t line, const char *text);

/* Messages of one kind: the first twenty are shown, of the others the number. All zero before the
 * first. */
struct messages {
    size_t n;
};

/* Counts one more; may it be shown? */
bool messages_may(struct messages *messages);

/* Says at the end how many more there were, if there were: "program: and N more WHAT". */
void messages_end(const struct messages *messages, const char *what);

#endif
