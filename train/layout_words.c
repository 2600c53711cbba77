/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/layout_words.h"

#include "base/input.h"
#include "base/status.h"
#include "train/text.h"

#include <stdlib.h>
#include <string.h>

static fenlei_status take_word(struct layout_words *words, fenlei_text line, fenlei_error *error)
{
    if (line.size == 0 || (line.size > 1 && line.bytes[0] == '/' && line.bytes[1] == '/'))
        return FENLEI_OK;
    const char *tab = memchr(line.bytes, '\t', line.size);
    if (tab == NULL)
        return error_set(error, FENLEI_BAD_INPUT, "no tab behind the name of a word");
    if (!array_reserve(&words->words, &words->capacity, words->n + 1, sizeof *words->words))
        return error_memory(error);
    size_t name = (size_t)(tab - line.bytes);
    words->words[words->n++] =
        (struct layout_word){{line.bytes, name}, {tab + 1, line.size - name - 1}};
    return FENLEI_OK;
}

fenlei_status layout_words_read(struct layout_words *words, const char *path, fenlei_error *error)
{
    if (!array_reserve(&words->files, &words->files_capacity, words->n_files + 1,
                       sizeof *words->files))
        return error_memory(error);
    struct buffer *file = &words->files[words->n_files++];
    *file = (struct buffer){0};
    fenlei_status status = input_read(path, file, error);
    if (status != FENLEI_OK)
        return error_locate(error, path, 0);
    fenlei_text rest = {file->bytes, file->size}, line;
    for (size_t number = 1; rest.size > 0 && status == FENLEI_OK; number++) {
        text_cut(&rest, '\n', &line);
        status = take_word(words, line, error);
        if (status == FENLEI_BAD_INPUT)
            error_locate(error, path, number);
    }
    return status;
}

void layout_words_release(struct layout_words *words)
{
    for (size_t i = 0; i < words->n_files; i++)
        buffer_release(&words->files[i]);
    free(words->files);
    free(words->words);
    *words = (struct layout_words){0};
}

size_t layout_words_count(const struct layout_words *words, fenlei_text slot)
{
    size_t n = 0;
    for (size_t i = 0; i < words->n; i++)
        n += text_equal(words->words[i].slot, slot);
    return n;
}

fenlei_text layout_words_at(const struct layout_words *words, fenlei_text slot, size_t which)
{
    for (size_t i = 0;; i++)
        if (text_equal(words->words[i].slot, slot) && which-- == 0)
            return words->words[i].word;
}
