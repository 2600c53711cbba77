#include "command/shipped.h"

#include "command/installed.h"

bool shipped_model(struct buffer *path)
{
    return installed_find(path, "fenlei.model", "/../models", "/../share/fenlei", MODEL_FOLDER);
}
