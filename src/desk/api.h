/* SPDX-License-Identifier: BSD-3-Clause */
/* What programs ask for, under /api/v1, and what Prometheus reads. */
#ifndef DESK_API_H
#define DESK_API_H

#include "desk/desk.h"

bool api_answers(const struct request *request);
void api_answer(struct desk *desk, const struct request *request, struct answer *answer);

#endif
