/* What a program says on standard error: one line, "program: name:line: message", plain whatever
 * foreign text is in it. */
#ifndef COMMAND_MESSAGE_H
#define COMMAND_MESSAGE_H

#include "base/memory.h"

/* `name` is what the message is about, or NULL; `line` of it, or 0. */
void message(const char *name, size_t line, const char *text);

/* The same line, appended to *out, for a thread to leave to another. */
void message_append(struct buffer *out, const char *name, size_t line, const char *text);

#endif
