#include "base/status.h"

#undef error_set
#undef error_memory
#undef error_io

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

fenlei_status error_set(fenlei_error *error, fenlei_status status, const char *format, ...)
{
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        error->status = status;
        vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
    }
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
