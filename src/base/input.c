#include "base/input.h"

#include "base/status.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

fenlei_status input_open(const char *path, FILE **file, fenlei_error *error)
{
    if (strcmp(path, "-") == 0) {
        *file = stdin;
        return FENLEI_OK;
    }
    *file = fopen(path, "rb");
    if (*file == NULL)
        return error_set(error, FENLEI_IO, "cannot open it: %s", strerror(errno));
    struct stat status;
    if (fstat(fileno(*file), &status) == 0 && S_ISDIR(status.st_mode)) {
        fclose(*file);
        *file = NULL;
        return error_set(error, FENLEI_IO, "it is a folder, not a file");
    }
    return FENLEI_OK;
}

void input_close(FILE *file)
{
    if (file != NULL && file != stdin)
        fclose(file);
}

/* A signal that a program handles may end a read early: nothing is lost, it goes on. */
static bool is_interrupted(FILE *file)
{
    if (!ferror(file) || errno != EINTR)
        return false;
    clearerr(file);
    return true;
}

static fenlei_status read_error(fenlei_error *error)
{
    return error_set(error, FENLEI_IO, "cannot read it: %s", strerror(errno));
}

enum { CHUNK = 64 << 10 };

fenlei_status input_read(const char *path, struct buffer *bytes, fenlei_error *error)
{
    FILE *file;
    fenlei_status status = input_open(path, &file, error);
    if (status != FENLEI_OK)
        return status;
    buffer_clear(bytes);
    size_t size = CHUNK;
    while ((size == CHUNK || is_interrupted(file)) && bytes->size <= INPUT_FILE_MAX &&
           buffer_reserve(bytes, CHUNK)) {
        size = fread(bytes->bytes + bytes->size, 1, CHUNK, file);
        bytes->size += size;
    }
    if (bytes->failed)
        status = error_memory(error);
    else if (ferror(file))
        status = read_error(error);
    else if (bytes->size > INPUT_FILE_MAX)
        status = error_set(error, FENLEI_BAD_INPUT, "longer than %d MiB, the most a file may have",
                           INPUT_FILE_MAX >> 20);
    input_close(file);
    return status;
}

enum { PIECE = 4096 };

/* Reads on, to the line break, which is left out, or until the piece is full; false at the end of
 * the file and after an error. fgets() does not say how much it read, and a line may hold NUL: so
 * the piece is filled with line breaks before, and what it wrote ends at the first. */
static bool read_piece(FILE *file, char *piece, size_t *size, bool *is_last)
{
    memset(piece, '\n', PIECE);
    bool good = fgets_unlocked(piece, PIECE, file) != NULL;
    const char *end = memchr(piece, '\n', PIECE);
    *size = end != NULL ? (size_t)(end - piece) : PIECE;
    *is_last = good && *size + 1 < PIECE && end[1] == '\0';
    if (good && !*is_last)
        --*size; /* its NUL */
    return good || is_interrupted(file);
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

fenlei_status input_line(FILE *file, struct buffer *line, bool *end, fenlei_error *error)
{
    char piece[PIECE];
    size_t size;
    bool too_long = false, is_last = false, goes_on = true;
    buffer_clear(line);
    while (goes_on && !is_last) {
        goes_on = read_piece(file, piece, &size, &is_last);
        append_piece(line, piece, size, &too_long);
    }
    if (ferror(file))
        return read_error(error);
    if (line->failed)
        return error_memory(error);
    *end = !goes_on && line->size == 0 && !too_long;
    if (line->size > 0 && line->bytes[line->size - 1] == '\r')
        line->size--;
    line->failed = too_long;
    return FENLEI_OK;
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
