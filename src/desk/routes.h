/* SPDX-License-Identifier: BSD-3-Clause */
/* Which address is answered by what. */
#ifndef DESK_ROUTES_H
#define DESK_ROUTES_H

#include "desk/desk.h"

/* Answers a request that access_admit() has let in. */
void routes_answer(struct desk *desk, const struct request *request, struct answer *answer);

#endif
