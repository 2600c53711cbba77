#include "command/shipped.h"

#include "command/installed.h"

#include <string.h>

bool shipped_model(struct buffer *path)
{
    return installed_find(path, "fenlei.model", "/../models", "/../share/fenlei", MODEL_FOLDER);
}

bool shipped_folder(const char *name, struct buffer *path)
{
    const char *slash = strrchr(name, '/');
    struct buffer near = {0};
    buffer_append_format(&near, "/../%.*s", slash != NULL ? (int)(slash - name) : 0, name);
    bool found = !near.failed && installed_find(path, slash != NULL ? slash + 1 : name, near.bytes,
                                                "/../share/fenlei", MODEL_FOLDER);
    buffer_release(&near);
    return found;
}

bool shipped_program(const char *name, struct buffer *path)
{
    return installed_find(path, name, "", "", "/usr/bin");
}
