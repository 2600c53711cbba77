/* Retraining: a child process of the program `train`, what it is given, and what becomes of it. */
#ifndef DESK_TRAINER_H
#define DESK_TRAINER_H

#include "desk/desk.h"

/* Puts the store's current model in use; in a store without models the file `path` becomes the
 * first. */
fenlei_status trainer_open(struct desk *desk, const char *path, fenlei_error *error);

/* Ends a retraining under way. */
void trainer_close(struct desk *desk);

#endif
