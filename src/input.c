#include "input.h"

#include "status.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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

fenlei_status input_read(const char *path, struct buffer *bytes, fenlei_error *error)
{
    FILE *file;
    fenlei_status status = input_open(path, &file, error);
    if (status != FENLEI_OK)
        return status;
    buffer_clear(bytes);
    char chunk[65536];
    size_t size;
    while ((size = fread(chunk, 1, sizeof chunk, file)) > 0 && !bytes->failed)
        buffer_append(bytes, chunk, size);
    if (bytes->failed)
        status = error_memory(error);
    else if (ferror(file))
        status = error_set(error, FENLEI_IO, "cannot read it: %s", strerror(errno));
    input_close(file);
    return status;
}

fenlei_status input_line(FILE *file, struct buffer *line, bool *end, fenlei_error *error)
{
    size_t capacity = line->capacity;
    char *bytes = line->bytes;
    errno = 0;
    ssize_t size = getdelim(&bytes, &capacity, '\n', file);
    line->bytes = bytes;
    line->capacity = capacity;
    line->size = 0;
    line->failed = false;
    *end = size < 0;
    if (size < 0)
        return ferror(file) || errno == ENOMEM
                   ? error_set(error, FENLEI_IO, "cannot read it: %s", strerror(errno))
                   : FENLEI_OK;
    if (size > 0 && bytes[size - 1] == '\n')
        size--;
    if (size > 0 && bytes[size - 1] == '\r')
        size--;
    line->size = (size_t)size;
    return FENLEI_OK;
}
