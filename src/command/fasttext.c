/* SPDX-License-Identifier: BSD-3-Clause */
#include "command/fasttext.h"

#include "base/status.h"
#include "base/utf8.h"

#include <string.h>

static const char LABEL[] = "__label__";

/* The next word of a line; moves *rest behind it and the blanks around it. */
static fenlei_text next_word(fenlei_text *rest)
{
    size_t start = 0;
    while (start < rest->size && strchr(" \t", rest->bytes[start]) != NULL)
        start++;
    size_t end = start;
    while (end < rest->size && strchr(" \t", rest->bytes[end]) == NULL)
        end++;
    fenlei_text word = {rest->bytes + start, end - start};
    *rest = (fenlei_text){rest->bytes + end, rest->size - end};
    return word;
}

static bool is_label(fenlei_text word)
{
    return word.size > sizeof LABEL - 1 && memcmp(word.bytes, LABEL, sizeof LABEL - 1) == 0;
}

fenlei_status fasttext_take(struct export *export, fenlei_text line, struct draft *draft,
                            bool *is_left_out, fenlei_error *error)
{
    *is_left_out = false;
    if (utf8_valid_prefix(line.bytes, line.size) < line.size || memchr(line.bytes, '\0', line.size))
        return error_set(error, FENLEI_BAD_INPUT, "invalid UTF-8, or a NUL character");
    fenlei_text rest = line, text = line;
    const char *plain = NULL; /* where the text goes on that is no label */
    bool good = true;
    for (fenlei_text word = next_word(&rest); word.size > 0 && good; word = next_word(&rest)) {
        if (!is_label(word)) {
            plain = plain != NULL ? plain : word.bytes;
            continue;
        }
        if (plain != NULL)
            buffer_append(&draft->text, plain, (size_t)(word.bytes - plain));
        plain = NULL;
        if (!draft->is_labelled)
            draft_add_person(draft);
        good = draft_choose(
            draft, (fenlei_text){word.bytes + sizeof LABEL - 1, word.size - (sizeof LABEL - 1)});
    }
    if (plain != NULL)
        buffer_append(&draft->text, plain, (size_t)(text.bytes + text.size - plain));
    draft->has_text = true;
    if (!good)
        return error_memory(error);
    if (export->labels != LABELS_UNREAD && !draft->is_labelled)
        return export_leave_out(export, NOTE_UNLABELLED, draft, is_left_out);
    return FENLEI_OK;
}
