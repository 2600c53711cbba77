/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/tokenizer.h"

#include "base/utf8.h"
#include "label/fold.h"

#include <sqlite3.h>
#include <stdlib.h>

/* A run of letters in what fold() makes of a text; false behind the last. */
static bool next_run(const struct folded *folded, size_t *first, size_t *end)
{
    size_t at = *end;
    while (at < folded->count && fold_is_mark(folded->letters[at]))
        at++;
    *first = at;
    while (at < folded->count && !fold_is_mark(folded->letters[at]))
        at++;
    *end = at;
    return at > *first;
}

static fenlei_text valid_text(const char *bytes, size_t size)
{
    return (fenlei_text){bytes, utf8_valid_prefix(bytes, size)};
}

/* ---- for SQLite ---- */

typedef int take_token(void *context, int flags, const char *token, int size, int start, int end);

/* Where a text is kept, the last letter of a run is a token of its own too, so that a search for
 * any single letter can look for what begins with it. */
static int tokenize_run(const struct folded *folded, size_t first, size_t end, bool is_query,
                        fenlei_text text, void *context, take_token *take)
{
    size_t last = is_query && end - first > 1 ? end - 1 : end;
    for (size_t i = first; i < last; i++) {
        char token[8];
        size_t next = i + 1 < end ? i + 1 : i;
        size_t size = utf8_write(token, folded->letters[i]);
        if (next > i)
            size += utf8_write(token + size, folded->letters[next]);
        int status = take(context, 0, token, (int)size, (int)folded->sources[i],
                          (int)fold_source_end(text, folded->sources[next]));
        if (status != SQLITE_OK)
            return status;
    }
    return SQLITE_OK;
}

static int tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *bytes, int size,
                    take_token *take)
{
    struct folded *folded = (struct folded *)tokenizer;
    fenlei_text text = valid_text(bytes, size > 0 ? (size_t)size : 0);
    if (!fold(folded, text, false))
        return SQLITE_NOMEM;
    int status = SQLITE_OK;
    bool is_query = (flags & FTS5_TOKENIZE_QUERY) != 0;
    for (size_t first, end = 0; status == SQLITE_OK && next_run(folded, &first, &end);)
        status = tokenize_run(folded, first, end, is_query, text, context, take);
    return status;
}

static int create(void *context, const char **arguments, int n, Fts5Tokenizer **tokenizer)
{
    (void)context, (void)arguments, (void)n;
    *tokenizer = array_new(1, sizeof(struct folded));
    return *tokenizer != NULL ? SQLITE_OK : SQLITE_NOMEM;
}

static void destroy(Fts5Tokenizer *tokenizer)
{
    fold_release((struct folded *)tokenizer);
    free(tokenizer);
}

bool tokenizer_register(struct sqlite3 *database)
{
    static fts5_tokenizer bigrams = {create, destroy, tokenize};
    sqlite3_stmt *statement = NULL;
    fts5_api *api = NULL;
    if (sqlite3_prepare_v2(database, "SELECT fts5(?1)", -1, &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", NULL);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return api != NULL && api->xCreateTokenizer(api, "bigrams", NULL, &bigrams, NULL) == SQLITE_OK;
}

/* ---- what a person typed ---- */

static void append_run(struct buffer *out, const struct folded *folded, size_t first, size_t end)
{
    buffer_append_string(out, out->size > 0 ? " \"" : "\"");
    for (size_t i = first; i < end; i++) {
        char letter[4];
        buffer_append(out, letter, utf8_write(letter, folded->letters[i]));
    }
    buffer_append_string(out, end - first == 1 ? "\"*" : "\"");
}

bool tokenizer_expression(struct buffer *out, fenlei_text typed)
{
    struct folded folded = {0};
    bool found = false;
    if (!fold(&folded, valid_text(typed.bytes, typed.size), false))
        out->failed = true;
    for (size_t first, end = 0; next_run(&folded, &first, &end); found = true)
        append_run(out, &folded, first, end);
    fold_release(&folded);
    return found;
}
