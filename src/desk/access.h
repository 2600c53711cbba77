/* SPDX-License-Identifier: BSD-3-Clause */
/* Who may come in: the key, the cookie, the token of forms, and requests that other pages send.
 *
 * A page elsewhere can have a browser send a request here, by the computer's name (DNS rebinding)
 * or by a form. So the request must name the desk's own address (Host), a request that changes
 * something must come from it (Origin, Sec-Fetch-Site), and carry what only the desk's pages know.
 */
#ifndef DESK_ACCESS_H
#define DESK_ACCESS_H

#include "desk/desk.h"

/* Makes key and token, or finds those of the store, and reads the password. */
fenlei_status access_prepare(struct desk *desk, fenlei_error *error);

/* May the request go on? Otherwise *answer says why, or leads on. */
bool access_admit(struct desk *desk, const struct request *request, struct answer *answer);

/* Did the form come from a page of the desk? */
bool access_has_token(const struct desk *desk, const struct request *request);

/* Answers the form that asks for the password. */
void access_open(struct desk *desk, const struct request *request, struct answer *answer);

#endif
