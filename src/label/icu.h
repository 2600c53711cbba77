/* SPDX-License-Identifier: BSD-3-Clause */
/* ICU, loaded when something asks for it: what the tables made at build time do not know, which is
 * how letters combine, and encodings that are named and are not ours. Most texts hold nothing of
 * the kind, and loading it at every start would take longer than reading a page. */
#ifndef LABEL_ICU_H
#define LABEL_ICU_H

#include "fenlei.h"

#include <unicode/ucnv.h>
#include <unicode/unorm2.h>

/* The functions of ICU that are used. Its headers give each name the version that they are of, here
 * too. */
#define ICU_FUNCTIONS(FUNCTION)                                                                    \
    FUNCTION(ucnv_close)                                                                           \
    FUNCTION(ucnv_compareNames)                                                                    \
    FUNCTION(ucnv_convertEx)                                                                       \
    FUNCTION(ucnv_getNextUChar)                                                                    \
    FUNCTION(ucnv_open)                                                                            \
    FUNCTION(ucnv_setToUCallBack)                                                                  \
    FUNCTION(UCNV_TO_U_CALLBACK_SUBSTITUTE)                                                        \
    FUNCTION(unorm2_getNFKCCasefoldInstance)                                                       \
    FUNCTION(unorm2_normalize)

struct icu {
#define ICU_MEMBER(name) __typeof__(name) *(name);
    ICU_FUNCTIONS(ICU_MEMBER)
#undef ICU_MEMBER
};

/* Loads it at the first call, from any thread; a constant. NULL where the system has no libicuuc of
 * the version that this was built with. */
const struct icu *icu(void);

/* Says why, once it has returned NULL. */
fenlei_status icu_error(fenlei_error *error);

#endif
