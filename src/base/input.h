/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole files, and lines of files, in. */
#ifndef BASE_INPUT_H
#define BASE_INPUT_H

#include "base/memory.h"

/* The most bytes of a line, its line break left out, and of a file that is read as a whole. */
enum { INPUT_LINE_MAX = 16 << 20, INPUT_FILE_MAX = 64 << 20 };

/* Reads the file `path`, or standard input for "-", into *bytes (cleared first); refuses one longer
 * than INPUT_FILE_MAX. The message of an error does not name the file. */
fenlei_status input_read(const char *path, struct buffer *bytes, fenlei_error *error);

/* Appends to *out what `bytes`, the next ones of a file, stand for; it may hold some back until
 * more come, but none at the end. */
typedef fenlei_status input_convert(void *context, fenlei_text bytes, bool at_end,
                                    struct buffer *out, fenlei_error *error);

/* A file being read line by line. All zero is one that is closed. */
struct input {
    int descriptor;
    bool is_open, at_end;
    bool is_regular;    /* a file on a disk, which nobody has to wait for */
    fenlei_error fault; /* why a read failed, which is told by every one that follows */
    bool in_memory;     /* it is no file, but what is `left` of bytes that are there */
    fenlei_text left;
    size_t size;            /* of a plain file when it was opened; 0 where that is not known */
    bool ends_at_nul;       /* lines end at NUL bytes, as find -print0 writes names */
    struct buffer chunk;    /* what was read */
    size_t at;              /* of the next line in it */
    input_convert *convert; /* of what is read, or NULL; input_convert_by() */
    void *convert_context;
    struct buffer raw; /* what was read, to be converted */
};

/* Opens a file for reading; refuses a folder. "-" is standard input. */
fenlei_status input_open(struct input *input, const char *path, fenlei_error *error);

/* The same of bytes, which are the caller's and stay as they are. */
void input_open_bytes(struct input *input, fenlei_text bytes);
void input_close(struct input *input);

/* Reads the next line into *line (cleared first), without its line break; *end becomes true when
 * there is none. A line longer than INPUT_LINE_MAX is passed over and left `failed`, which
 * input_check_line() makes an error: the lines behind it can be read. */
fenlei_status input_line(struct input *input, struct buffer *line, bool *end, fenlei_error *error);

/* Reads whole lines, without their line breaks, into lines[], and returns how many: `most` at most,
 * and some KiB of them, or one that is longer. They point into *bytes (cleared first). 0 where the
 * next line has to be read by input_line(), which tells why: at the end and of the last line that
 * no line break ends, of one that is too long, of what is converted, and where reading fails. */
size_t input_lines(struct input *input, struct buffer *bytes, fenlei_text *lines, size_t most);

/* What is read next, without taking it: up to the first line break behind white space, or `most`
 * bytes, or to the end; more where it is there already. It stays until the next call. */
fenlei_status input_peek(struct input *input, size_t most, fenlei_text *ahead, fenlei_error *error);

/* Takes what was read and not yet taken, or reads on; no bytes at the end. They stay until the next
 * call. */
fenlei_status input_take(struct input *input, fenlei_text *bytes, fenlei_error *error);

/* Lets all that is not yet taken go through `convert` first. To be called once at most. */
fenlei_status input_convert_by(struct input *input, input_convert *convert, void *context,
                               fenlei_error *error);

/* Would the next input_line() have to wait for whoever writes? Then it is time to answer what was
 * read. It reads what is there: a part of a line is no line. */
bool input_waits(struct input *input);

fenlei_status input_check_line(const struct buffer *line, fenlei_error *error);

/* Is it a line of nothing but blanks, as between records? Not one that is too long. */
bool input_is_blank(const struct buffer *line);

/* Fills standard input, output and error, where a program was started with one of them closed, so
 * that no file that it opens takes their place; using one stays an error. False when it cannot. */
bool input_fill_standard(void);

#endif
