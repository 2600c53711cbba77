/* SPDX-License-Identifier: BSD-3-Clause */
/* The dateline that a news story begins with: 本报讯（记者 …）, 新华社北京3日电. */
#ifndef TRAIN_DATELINE_H
#define TRAIN_DATELINE_H

#include "base/memory.h"

/* The text behind the dateline that it begins with; all of it where there is none. */
fenlei_text dateline_skip(fenlei_text text);

#endif
