/* Whole files, and lines of files, in. */
#ifndef INPUT_H
#define INPUT_H

#include "mem.h"

#include <stdio.h>

/* Reads the file `path`, or standard input for "-", into *bytes (cleared first). The message of an
 * error does not name the file. */
fenlei_status input_read(const char *path, struct buffer *bytes, fenlei_error *error);

/* Opens a file for reading; refuses a folder. "-" is standard input. */
fenlei_status input_open(const char *path, FILE **file, fenlei_error *error);
void input_close(FILE *file);

/* Reads the next line into *line (cleared first), without its line break; *end becomes true when
 * there is none. */
fenlei_status input_line(FILE *file, struct buffer *line, bool *end, fenlei_error *error);

#endif
