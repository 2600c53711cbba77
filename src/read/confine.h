/* SPDX-License-Identifier: BSD-3-Clause */
/* What the reader takes from itself before it looks at a document, which may be hostile. */
#ifndef READ_CONFINE_H
#define READ_CONFINE_H

#include <stdbool.h>

/* Seconds of processor time, and bytes of memory, that reading a document may take. */
enum { CONFINE_SECONDS = 20, CONFINE_MEMORY = 1 << 30 };

/* Once, before the first byte of a document is read: bounds on memory, time and files; from then on
 * the process can write to files that are open and open others for reading, of these on newer
 * systems only below `readable`. It cannot start a program, make a socket or gain a privilege.
 * False where the system refuses one of the bounds that it has. */
bool confine(const char *readable);

#endif
