/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/status.h"

#undef error_set
#undef error_memory
#undef error_io

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Is bytes[at] inside a character of UTF-8? */
static bool is_inside(const char *bytes, size_t at)
{
    return ((unsigned char)bytes[at] & 0xC0) == 0x80;
}

/* The beginning and the end of a message of `size` bytes that is too long: a path stands in front,
 * the reason behind it. */
static void shorten(fenlei_error *error, const char *message, size_t size)
{
    static const char cut[] = " ... ";
    const size_t room = sizeof error->message - sizeof cut;
    size_t begin = room / 2, end = size - (room - begin);
    while (begin > 0 && is_inside(message, begin))
        begin--;
    while (end < size && is_inside(message, end))
        end++;
    memcpy(error->message, message, begin);
    memcpy(error->message + begin, cut, sizeof cut - 1);
    memcpy(error->message + begin + sizeof cut - 1, message + end, size - end + 1);
}

/* Where there is no memory to hold the message whole, its beginning has to do. */
static void format_long(fenlei_error *error, size_t size, const char *format, va_list arguments)
{
    char *message = malloc(size + 1);
    if (message == NULL)
        return;
    vsnprintf(message, size + 1, format, arguments);
    shorten(error, message, size);
    free(message);
}

fenlei_status error_set(fenlei_error *error, fenlei_status status, const char *format, ...)
{
    if (error == NULL)
        return status;
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    error->status = status;
    int size = vsnprintf(error->message, sizeof error->message, format, arguments);
    if (size >= (int)sizeof error->message)
        format_long(error, (size_t)size, format, again);
    va_end(again);
    va_end(arguments);
    return status;
}

fenlei_status error_memory(fenlei_error *error)
{
    return error_set(error, FENLEI_NO_MEMORY, "out of memory");
}

fenlei_status error_io(fenlei_error *error, const char *path, const char *what)
{
    return error_set(error, FENLEI_IO, "%s: cannot %s: %s", path, what, strerror(errno));
}

fenlei_status error_locate(fenlei_error *error, const char *name, size_t line)
{
    fenlei_error inner = *error;
    if (line > 0)
        return error_set(error, inner.status, "%s:%zu: %s", name, line, inner.message);
    return error_set(error, inner.status, "%s: %s", name, inner.message);
}
