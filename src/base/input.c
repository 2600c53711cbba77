/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/input.h"

#include "base/status.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

fenlei_status input_open(struct input *input, const char *path, fenlei_error *error)
{
    bool is_standard = strcmp(path, "-") == 0;
    struct stat status;
    *input =
        (struct input){.descriptor = is_standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)};
    if (input->descriptor < 0)
        return error_set(error, FENLEI_IO, "cannot open it: %s", strerror(errno));
    input->is_open = true;
    bool is_known = fstat(input->descriptor, &status) == 0;
    if (is_known && S_ISDIR(status.st_mode)) {
        input_close(input);
        return error_set(error, FENLEI_IO, "it is a folder, not a file");
    }
    input->is_regular = is_known && S_ISREG(status.st_mode);
    if (input->is_regular && status.st_size <= INPUT_FILE_MAX)
        input->size = (size_t)status.st_size;
    return FENLEI_OK;
}

void input_open_bytes(struct input *input, fenlei_text bytes)
{
    *input = (struct input){.in_memory = true, .left = bytes};
}

void input_close(struct input *input)
{
    if (input->is_open && input->descriptor != STDIN_FILENO)
        close(input->descriptor);
    buffer_release(&input->chunk);
    buffer_release(&input->raw);
    *input = (struct input){0};
}

/* Bytes that are read at a time: in all, and of lines that are taken many at a time, which are in
 * the processor's nearest cache then until they have been used. */
enum { CHUNK = 64 << 10, LINES = 16 << 10 };

static fenlei_status read_memory(struct input *input, struct buffer *bytes, fenlei_error *error)
{
    size_t size = input->left.size < CHUNK ? input->left.size : CHUNK;
    input->at_end = size == 0;
    if (size == 0)
        return FENLEI_OK;
    buffer_append(bytes, input->left.bytes, size);
    input->left = (fenlei_text){input->left.bytes + size, input->left.size - size};
    return bytes->failed ? error_memory(error) : FENLEI_OK;
}

/* Appends what the next read brings: as much as there is room for, and a CHUNK where there is none.
 * With `most` above 0 so many bytes at most. A signal that a program handles may end a read early:
 * nothing is lost, it goes on. */
static fenlei_status read_on(struct input *input, struct buffer *bytes, size_t most,
                             fenlei_error *error)
{
    ssize_t size;
    if (input->in_memory)
        return read_memory(input, bytes, error);
    if (input->fault.status != FENLEI_OK) {
        *error = input->fault;
        return error->status;
    }
    if (!buffer_reserve(bytes, most > 0 ? most : bytes->size < bytes->capacity ? 1 : CHUNK))
        return error_memory(error);
    size_t room = most > 0 ? most : bytes->capacity - bytes->size;
    do
        size = read(input->descriptor, bytes->bytes + bytes->size, room);
    while (size < 0 && errno == EINTR);
    if (size < 0) {
        error_set(&input->fault, FENLEI_IO, "cannot read it: %s", strerror(errno));
        *error = input->fault;
        return FENLEI_IO;
    }
    input->at_end = size == 0;
    bytes->size += (size_t)size;
    return FENLEI_OK;
}

/* The same into input->chunk, converted where that is wanted. */
static fenlei_status read_chunk(struct input *input, fenlei_error *error)
{
    if (input->convert == NULL)
        return read_on(input, &input->chunk, 0, error);
    buffer_clear(&input->raw);
    fenlei_status status = read_on(input, &input->raw, 0, error);
    if (status == FENLEI_OK)
        status =
            input->convert(input->convert_context, (fenlei_text){input->raw.bytes, input->raw.size},
                           input->at_end, &input->chunk, error);
    return status == FENLEI_OK && input->chunk.failed ? error_memory(error) : status;
}

fenlei_status input_read(const char *path, struct buffer *bytes, fenlei_error *error)
{
    struct input input;
    buffer_clear(bytes);
    fenlei_status status = input_open(&input, path, error);
    /* With a byte more the end is seen without more room; what fails is told by the first read. */
    if (status == FENLEI_OK && input.size > 0)
        (void)buffer_reserve(bytes, input.size + 1);
    while (status == FENLEI_OK && !input.at_end && bytes->size <= INPUT_FILE_MAX)
        status = read_on(&input, bytes, 0, error);
    if (status == FENLEI_OK && bytes->size > INPUT_FILE_MAX)
        status = error_set(error, FENLEI_BAD_INPUT, "longer than %d MiB, the most a file may have",
                           INPUT_FILE_MAX >> 20);
    input_close(&input);
    return status;
}

/* Appends while the line may still be whole; beyond the limit its memory is given back. */
static void append_piece(struct buffer *line, const char *piece, size_t size, bool *too_long)
{
    *too_long = *too_long || size > INPUT_LINE_MAX - line->size;
    if (*too_long)
        buffer_release(line);
    else
        buffer_append(line, piece, size);
}

static int line_end(const struct input *input)
{
    return input->ends_at_nul ? '\0' : '\n';
}

/* Takes from what was read up to a line break, which is left out; false where there is none. */
static bool take_line(struct input *input, struct buffer *line, bool *too_long)
{
    size_t left = input->chunk.size - input->at;
    if (left == 0)
        return false;
    const char *start = input->chunk.bytes + input->at;
    const char *end = memchr(start, line_end(input), left);
    size_t size = end != NULL ? (size_t)(end - start) : left;
    if (size > 0)
        append_piece(line, start, size, too_long);
    input->at += size + (end != NULL);
    return end != NULL;
}

fenlei_status input_line(struct input *input, struct buffer *line, bool *end, fenlei_error *error)
{
    bool too_long = false, is_whole = false;
    buffer_clear(line);
    *end = false;
    while (!(is_whole = take_line(input, line, &too_long)) && !input->at_end) {
        buffer_shed(&input->chunk);
        input->at = 0;
        fenlei_status status = read_chunk(input, error);
        if (status != FENLEI_OK)
            return status;
    }
    if (line->failed)
        return error_memory(error);
    *end = !is_whole && line->size == 0 && !too_long;
    if (!input->ends_at_nul && line->size > 0 && line->bytes[line->size - 1] == '\r')
        line->size--;
    line->failed = too_long;
    return FENLEI_OK;
}

static fenlei_text ahead_of(const struct input *input)
{
    if (input->chunk.size == 0)
        return (fenlei_text){"", 0};
    return (fenlei_text){input->chunk.bytes + input->at, input->chunk.size - input->at};
}

/* Bytes of the whole lines at the beginning, about so many: one at least, where there is one. */
static size_t size_of_lines(const struct input *input, fenlei_text text, size_t about)
{
    size_t size = text.size < about ? text.size : about;
    const char *end = memrchr(text.bytes, line_end(input), size);
    if (end == NULL)
        end = memchr(text.bytes + size, line_end(input), text.size - size);
    return end != NULL ? (size_t)(end + 1 - text.bytes) : 0;
}

/* Appends what is read until there is a whole line, and returns the bytes of whole lines; 0 where
 * there is none. */
static size_t read_lines(struct input *input, struct buffer *bytes)
{
    fenlei_error error; /* is told by the next read */
    bool good = true;
    size_t size = 0;
    while (size == 0 && good && !input->at_end && bytes->size <= INPUT_LINE_MAX) {
        size_t before = bytes->size;
        good = read_on(input, bytes, LINES, &error) == FENLEI_OK;
        const char *read = bytes->bytes + before;
        const char *end = good && bytes->size > before
                              ? memrchr(read, line_end(input), bytes->size - before)
                              : NULL;
        size = end != NULL ? (size_t)(end + 1 - bytes->bytes) : 0;
    }
    return size;
}

/* Cuts bytes that end with a line break into lines, and returns how many; *taken bytes. */
static size_t cut(const struct input *input, fenlei_text bytes, fenlei_text *lines, size_t most,
                  size_t *taken)
{
    size_t n = 0, at = 0;
    for (; n < most && at < bytes.size; n++) {
        const char *start = bytes.bytes + at;
        size_t size =
            (size_t)((const char *)memchr(start, line_end(input), bytes.size - at) - start);
        if (size > INPUT_LINE_MAX)
            break;
        at += size + 1;
        bool has_return = !input->ends_at_nul && size > 0 && start[size - 1] == '\r';
        lines[n] = (fenlei_text){start, size - has_return};
    }
    *taken = at;
    return n;
}

static bool keep_ahead(struct input *input, fenlei_text ahead)
{
    buffer_shed(&input->chunk);
    input->at = 0;
    buffer_append_text(&input->chunk, ahead);
    return !input->chunk.failed;
}

/* Those of what was read that is ahead, copied: little of it may be taken at a time. */
static size_t lines_ahead(struct input *input, fenlei_text ahead, struct buffer *bytes,
                          fenlei_text *lines, size_t most)
{
    size_t taken;
    size_t n = cut(input, ahead, lines, most, &taken);
    buffer_append(bytes, ahead.bytes, taken);
    if (bytes->failed)
        return 0;
    for (size_t i = 0; i < n; i++)
        lines[i].bytes = bytes->bytes + (lines[i].bytes - ahead.bytes);
    input->at += taken;
    return n;
}

size_t input_lines(struct input *input, struct buffer *bytes, fenlei_text *lines, size_t most)
{
    size_t taken;
    buffer_clear(bytes);
    if (input->convert != NULL)
        return 0;
    fenlei_text ahead = ahead_of(input);
    size_t size = size_of_lines(input, ahead, LINES);
    if (size > 0)
        return lines_ahead(input, (fenlei_text){ahead.bytes, size}, bytes, lines, most);
    buffer_append_text(bytes, ahead);
    if (bytes->failed)
        return 0;
    size = read_lines(input, bytes);
    size_t n = cut(input, (fenlei_text){bytes->bytes, size}, lines, most, &taken);
    if (n > 0 && keep_ahead(input, (fenlei_text){bytes->bytes + taken, bytes->size - taken}))
        return n;
    struct buffer read = *bytes;
    *bytes = input->chunk;
    input->chunk = read;
    input->at = 0;
    return 0;
}

static bool has_line(fenlei_text text)
{
    size_t at = 0;
    while (at < text.size && strchr(" \t\r\n", text.bytes[at]) != NULL && text.bytes[at] != '\0')
        at++;
    return at < text.size && memchr(text.bytes + at, '\n', text.size - at) != NULL;
}

fenlei_status input_peek(struct input *input, size_t most, fenlei_text *ahead, fenlei_error *error)
{
    fenlei_status status = FENLEI_OK;
    *ahead = ahead_of(input);
    while (status == FENLEI_OK && !input->at_end && ahead->size < most && !has_line(*ahead)) {
        status = read_chunk(input, error);
        *ahead = ahead_of(input);
    }
    return status;
}

fenlei_status input_take(struct input *input, fenlei_text *bytes, fenlei_error *error)
{
    fenlei_status status = FENLEI_OK;
    while (status == FENLEI_OK && input->at == input->chunk.size && !input->at_end) {
        buffer_clear(&input->chunk);
        input->at = 0;
        status = read_chunk(input, error);
    }
    *bytes = ahead_of(input);
    input->at = input->chunk.size;
    return status;
}

fenlei_status input_convert_by(struct input *input, input_convert *convert, void *context,
                               fenlei_error *error)
{
    struct buffer read = input->chunk;
    input->convert = convert;
    input->convert_context = context;
    fenlei_text ahead = ahead_of(input);
    input->chunk = (struct buffer){0};
    fenlei_status status = convert(context, ahead, input->at_end, &input->chunk, error);
    if (status == FENLEI_OK && input->chunk.failed)
        status = error_memory(error);
    input->at = 0;
    buffer_release(&read);
    return status;
}

/* Forgets what was taken: there is room for more. */
static void drop_taken(struct input *input)
{
    fenlei_text ahead = ahead_of(input);
    if (ahead.size > 0)
        memmove(input->chunk.bytes, ahead.bytes, ahead.size);
    input->chunk.size = ahead.size;
    input->at = 0;
}

/* Of a line that is longer than a chunk it is not known: it is being read. */
bool input_waits(struct input *input)
{
    fenlei_error error; /* is told by the next read */
    struct pollfd ready = {.fd = input->descriptor, .events = POLLIN};
    if (input->in_memory || input->is_regular)
        return false;
    for (bool good = true; good && !input->at_end;) {
        fenlei_text ahead = ahead_of(input);
        if (ahead.size >= CHUNK || memchr(ahead.bytes, line_end(input), ahead.size) != NULL)
            return false;
        if (poll(&ready, 1, 0) == 0)
            return true;
        drop_taken(input);
        good = read_chunk(input, &error) == FENLEI_OK;
    }
    return false;
}

bool input_is_blank(const struct buffer *line)
{
    return !line->failed && text_is_blank((fenlei_text){line->bytes, line->size});
}

fenlei_status input_check_line(const struct buffer *line, fenlei_error *error)
{
    if (line->failed)
        return error_set(error, FENLEI_BAD_INPUT, "longer than %d MiB, the most a line may have",
                         INPUT_LINE_MAX >> 20);
    return FENLEI_OK;
}

bool input_fill_standard(void)
{
    for (int descriptor = 0; descriptor <= 2; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0 &&
            open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) != descriptor)
            return false;
    return true;
}
