/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/dateline.h"

#include "train/text.h"

#include <string.h>

fenlei_text dateline_skip(fenlei_text text)
{
    enum { BYTES_MOST = 60 };
    static const char *const begins[] = {"本报", "本台", "本网", "本刊", "新华社"};
    static const char *const ends[] = {"讯", "电", "消息"};
    bool may_be = false;
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        may_be |= text_begins(text, begins[i]);
    for (size_t i = 0; may_be && i < sizeof ends / sizeof *ends; i++) {
        fenlei_text start = {text.bytes, text.size < BYTES_MOST ? text.size : BYTES_MOST};
        fenlei_text before, behind, reporters;
        if (!text_part_at(start, ends[i], &before, &behind))
            continue;
        fenlei_text rest = text_skip(text, before.size + strlen(ends[i]));
        size_t size = rest.size;
        if (text_begins(rest, "("))
            text_part_at(rest, ")", &reporters, &rest);
        else if (text_begins(rest, "（"))
            text_part_at(rest, "）", &reporters, &rest);
        if (text_begins(rest, "："))
            rest = text_skip(rest, strlen("："));
        rest = text_skip(rest, text_leading_blanks(rest).size);
        if (rest.size < size)
            return rest;
    }
    return text;
}
