#include "desk/trainer.h"

fenlei_status trainer_open(struct desk *desk, const char *path, fenlei_error *error)
{
    return labelling_use(desk->labelling, desk->store, path, 1, error);
}

void trainer_close(struct desk *desk)
{
    (void)desk;
}
