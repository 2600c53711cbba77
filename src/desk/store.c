/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/store.h"

#include "base/status.h"
#include "desk/database.h"
#include "desk/labels.h"
#include "desk/tokenizer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* One connection writes, under `writing`; as many as there are threads at a time read. */
enum { READERS = 4 };

struct store {
    struct sqlite3 *writer;
    struct sqlite3 *readers[READERS];
    bool is_read[READERS]; /* is the reader in use? */
    pthread_mutex_t writing, choosing;
    pthread_cond_t freed;
    int lock; /* the file that says a desk is at work here */
};

/* ---- opening ---- */

static fenlei_status take_lock(struct store *store, const char *folder, fenlei_error *error)
{
    struct buffer path = {0};
    buffer_append_format(&path, "%s/lock", folder);
    if (path.failed)
        return error_memory(error);
    store->lock = open(path.bytes, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    fenlei_status status = FENLEI_OK;
    if (store->lock < 0)
        status = error_io(error, path.bytes, "open");
    else if (flock(store->lock, LOCK_EX | LOCK_NB) != 0)
        status = error_set(error, FENLEI_IO, "%s: another desk is at work in this folder", folder);
    buffer_release(&path);
    return status;
}

static fenlei_status open_connections(struct store *store, const char *folder, fenlei_error *error)
{
    struct buffer path = {0};
    buffer_append_format(&path, "%s/store.db", folder);
    if (path.failed)
        return error_memory(error);
    fenlei_status status = database_open(path.bytes, &store->writer, error);
    for (size_t i = 0; i < READERS && status == FENLEI_OK; i++)
        status = database_open_reader(path.bytes, &store->readers[i], error);
    if (status != FENLEI_OK)
        error_locate(error, path.bytes, 0);
    buffer_release(&path);
    return status;
}

/* The folder and those above it. */
static fenlei_status make_folder(const char *folder, fenlei_error *error)
{
    struct buffer path = {0};
    buffer_append_string(&path, folder);
    buffer_append(&path, "", 1);
    if (path.failed)
        return error_memory(error);
    for (char *slash = path.bytes; (slash = strchr(slash + 1, '/')) != NULL; *slash = '/') {
        *slash = '\0';
        mkdir(path.bytes, 0755);
    }
    fenlei_status status = FENLEI_OK;
    if (mkdir(path.bytes, 0700) != 0 && errno != EEXIST)
        status = error_io(error, folder, "make the folder");
    buffer_release(&path);
    return status;
}

fenlei_status store_open(const char *folder, struct store **store, fenlei_error *error)
{
    *store = NULL;
    fenlei_status status = make_folder(folder, error);
    struct store *made = array_new(1, sizeof *made);
    if (status != FENLEI_OK || made == NULL) {
        free(made);
        return status != FENLEI_OK ? status : error_memory(error);
    }
    made->lock = -1;
    pthread_mutex_init(&made->writing, NULL);
    pthread_mutex_init(&made->choosing, NULL);
    pthread_cond_init(&made->freed, NULL);
    status = take_lock(made, folder, error);
    if (status == FENLEI_OK)
        status = open_connections(made, folder, error);
    if (status == FENLEI_OK)
        *store = made;
    else
        store_close(made);
    return status;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    for (size_t i = 0; i < READERS; i++)
        database_close(store->readers[i]);
    database_close(store->writer);
    if (store->lock >= 0)
        close(store->lock);
    pthread_mutex_destroy(&store->writing);
    pthread_mutex_destroy(&store->choosing);
    pthread_cond_destroy(&store->freed);
    free(store);
}

static struct sqlite3 *reader_take(struct store *store)
{
    size_t i;
    pthread_mutex_lock(&store->choosing);
    for (;;) {
        for (i = 0; i < READERS && store->is_read[i]; i++)
            ;
        if (i < READERS)
            break;
        pthread_cond_wait(&store->freed, &store->choosing);
    }
    store->is_read[i] = true;
    pthread_mutex_unlock(&store->choosing);
    return store->readers[i];
}

static void reader_give(struct store *store, const struct sqlite3 *reader)
{
    pthread_mutex_lock(&store->choosing);
    for (size_t i = 0; i < READERS; i++)
        if (store->readers[i] == reader)
            store->is_read[i] = false;
    pthread_cond_signal(&store->freed);
    pthread_mutex_unlock(&store->choosing);
}

static fenlei_status write_begin(struct store *store, fenlei_error *error)
{
    pthread_mutex_lock(&store->writing);
    fenlei_status status = database_run(store->writer, "BEGIN IMMEDIATE", error);
    if (status != FENLEI_OK)
        pthread_mutex_unlock(&store->writing);
    return status;
}

static fenlei_status write_end(struct store *store, fenlei_status status, fenlei_error *error)
{
    status = database_end(store->writer, status, error);
    pthread_mutex_unlock(&store->writing);
    return status;
}

/* ---- settings ---- */

fenlei_status store_setting(struct store *store, const char *name, struct buffer *value,
                            fenlei_error *error)
{
    struct sqlite3 *reader = reader_take(store);
    struct statement statement = statement_new(reader, "SELECT value FROM setting WHERE name = ?1");
    bind_text(&statement, text_of(name));
    if (statement_step(&statement))
        buffer_append_text(value, column_text(&statement, 0));
    fenlei_status status = statement_end(&statement, error);
    reader_give(store, reader);
    return status == FENLEI_OK && value->failed ? error_memory(error) : status;
}

fenlei_status store_set(struct store *store, const char *name, fenlei_text value,
                        fenlei_error *error)
{
    fenlei_status status = write_begin(store, error);
    if (status != FENLEI_OK)
        return status;
    struct statement statement = statement_new(
        store->writer, "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2");
    bind_text(&statement, text_of(name));
    bind_text(&statement, value);
    status = statement_run(&statement, error);
    return write_end(store, status, error);
}

/* ---- articles in and out of rows ---- */

#define ARTICLE_COLUMNS                                                                            \
    "a.id, a.file, a.version, a.model, a.state, a.first_line, a.last_line, a.judged_at, a.doubt, " \
    "a.day, a.paper, a.review, a.title, a.byline, a.text, a.given, a.judged, a.sketch, "           \
    "(SELECT name FROM file WHERE file.id = a.file)"

static struct article read_article(const struct statement *row)
{
    return (struct article){.id = column_integer(row, 0),
                            .file = column_integer(row, 1),
                            .version = column_integer(row, 2),
                            .model = column_integer(row, 3),
                            .state = (enum article_state)column_integer(row, 4),
                            .first_line = column_integer(row, 5),
                            .last_line = column_integer(row, 6),
                            .judged_at = column_integer(row, 7),
                            .doubt = column_real(row, 8),
                            .day = column_text(row, 9),
                            .paper = column_text(row, 10),
                            .review = column_text(row, 11),
                            .title = column_text(row, 12),
                            .byline = column_text(row, 13),
                            .text = column_text(row, 14),
                            .given = column_text(row, 15),
                            .judged = column_text(row, 16),
                            .sketch = column_text(row, 17),
                            .file_name = column_text(row, 18)};
}

/* The texts of an article, one after the other. */
enum { ARTICLE_TEXTS = 10 };
static void list_texts(struct article *article, fenlei_text *texts[ARTICLE_TEXTS])
{
    fenlei_text *all[ARTICLE_TEXTS] = {
        &article->day,  &article->paper, &article->review, &article->title,  &article->byline,
        &article->text, &article->given, &article->judged, &article->sketch, &article->file_name};
    memcpy(texts, all, sizeof all);
}

bool article_copy(struct article *copy, const struct article *from)
{
    struct buffer bytes = copy->bytes;
    fenlei_text *texts[ARTICLE_TEXTS];
    *copy = *from;
    copy->bytes = bytes;
    list_texts(copy, texts);
    buffer_clear(&copy->bytes);
    for (size_t i = 0; i < ARTICLE_TEXTS; i++)
        buffer_append(&copy->bytes, texts[i]->bytes, texts[i]->size);
    buffer_append(&copy->bytes, "", 1);
    if (copy->bytes.failed)
        return false;
    const char *at = copy->bytes.bytes;
    for (size_t i = 0; i < ARTICLE_TEXTS; i++) {
        if (texts[i]->bytes != NULL)
            texts[i]->bytes = at;
        at += texts[i]->size;
    }
    return true;
}

void article_release(struct article *article)
{
    buffer_release(&article->bytes);
    *article = (struct article){0};
}

static fenlei_status find_article(struct sqlite3 *database, int64_t id, struct article *article,
                                  fenlei_error *error)
{
    bool is_copied = true;
    struct statement statement =
        statement_new(database, "SELECT " ARTICLE_COLUMNS " FROM article a WHERE a.id = ?1");
    bind_integer(&statement, id);
    if (statement_step(&statement)) {
        struct article row = read_article(&statement);
        is_copied = article_copy(article, &row);
    }
    fenlei_status status = statement_end(&statement, error);
    return status == FENLEI_OK && !is_copied ? error_memory(error) : status;
}

enum store_answer store_article(struct store *store, int64_t id, struct article *article,
                                fenlei_error *error)
{
    struct sqlite3 *reader = reader_take(store);
    article->id = 0;
    fenlei_status status = find_article(reader, id, article, error);
    reader_give(store, reader);
    return status != FENLEI_OK ? STORE_FAILED : article->id == 0 ? STORE_MISSING : STORE_DONE;
}

/* ---- what an article has beside its row: labels that count, and what finds it ---- */

static fenlei_status drop_labels(struct sqlite3 *database, const struct article *article,
                                 fenlei_error *error)
{
    struct set_label label;
    const fenlei_text sets[] = {article->given, article->judged};
    fenlei_status status = FENLEI_OK;
    for (size_t i = 0; i < 2; i++)
        for (size_t at = 0; status == FENLEI_OK && labels_next(sets[i], &at, &label);) {
            struct statement statement =
                statement_new(database, "DELETE FROM label WHERE topic = ?1 AND article = ?2");
            bind_integer(&statement, label.topic);
            bind_integer(&statement, article->id);
            status = statement_run(&statement, error);
        }
    return status;
}

static fenlei_status add_labels(struct sqlite3 *database, const struct article *article,
                                fenlei_error *error)
{
    struct set_label label;
    fenlei_text set = article->judged.bytes != NULL ? article->judged : article->given;
    fenlei_status status = FENLEI_OK;
    if (article->state != ARTICLE_IS_ONE)
        return status;
    for (size_t at = 0; status == FENLEI_OK && labels_next(set, &at, &label);) {
        struct statement statement =
            statement_new(database, "INSERT OR IGNORE INTO label VALUES (?1, ?2, ?3, ?4)");
        bind_integer(&statement, label.topic);
        bind_integer(&statement, article->id);
        bind_text(&statement, article->day);
        bind_text(&statement, article->paper);
        status = statement_run(&statement, error);
    }
    return status;
}

/* FTS5 wants the text that it was given when it is to forget it. */
static fenlei_status change_search(struct sqlite3 *database, const char *sql,
                                   const struct article *article, fenlei_error *error)
{
    struct statement statement = statement_new(database, sql);
    bind_integer(&statement, article->id);
    bind_text(&statement, article->title);
    bind_text(&statement, article->text);
    return statement_run(&statement, error);
}

static fenlei_status drop_search(struct sqlite3 *database, const struct article *article,
                                 fenlei_error *error)
{
    if (article->state == ARTICLE_IS_GONE)
        return FENLEI_OK;
    return change_search(database,
                         "INSERT INTO search (search, rowid, title, text) "
                         "VALUES ('delete', ?1, ?2, ?3)",
                         article, error);
}

static fenlei_status add_search(struct sqlite3 *database, const struct article *article,
                                fenlei_error *error)
{
    if (article->state == ARTICLE_IS_GONE)
        return FENLEI_OK;
    return change_search(database, "INSERT INTO search (rowid, title, text) VALUES (?1, ?2, ?3)",
                         article, error);
}

/* What both an insertion and an update bind, in the order of their columns. */
static void bind_article(struct statement *statement, const struct article *article)
{
    bind_integer(statement, article->state);
    bind_integer(statement, article->version);
    bind_integer(statement, article->model);
    bind_integer(statement, article->first_line);
    bind_integer(statement, article->last_line);
    bind_text(statement, article->review);
    bind_real(statement, article->doubt);
    bind_integer(statement, article->judged_at);
    bind_text(statement, article->given);
    bind_text(statement, article->judged);
    bind_blob(statement, article->sketch);
    bind_text(statement, article->title);
    bind_text(statement, article->byline);
    bind_text(statement, article->text);
}

/* Bytes NULL would be NULL. */
static void fill_texts(struct article *article)
{
    fenlei_text *texts[ARTICLE_TEXTS];
    list_texts(article, texts);
    for (size_t i = 0; i < ARTICLE_TEXTS; i++)
        if (texts[i]->bytes == NULL && texts[i] != &article->judged)
            *texts[i] = (fenlei_text){"", 0};
}

/* Adds an article, whose id becomes that of its row. */
static fenlei_status insert_article(struct sqlite3 *database, struct article *article,
                                    fenlei_error *error)
{
    fill_texts(article);
    struct statement statement = statement_new(
        database, "INSERT INTO article (state, version, model, first_line, last_line, review, "
                  "doubt, judged_at, given, judged, sketch, title, byline, text, file, day, paper) "
                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
                  "?17)");
    bind_article(&statement, article);
    bind_integer(&statement, article->file);
    bind_text(&statement, article->day);
    bind_text(&statement, article->paper);
    fenlei_status status = statement_run(&statement, error);
    article->id = database_last_row(database);
    if (status == FENLEI_OK)
        status = add_labels(database, article, error);
    return status == FENLEI_OK ? add_search(database, article, error) : status;
}

static bool is_same_text(const struct article *a, const struct article *b)
{
    return a->state == b->state && text_equal(a->title, b->title) && text_equal(a->text, b->text);
}

static fenlei_status update_article(struct sqlite3 *database, const struct article *before,
                                    struct article *after, fenlei_error *error)
{
    fill_texts(after);
    bool has_new_text = !is_same_text(before, after);
    fenlei_status status = drop_labels(database, before, error);
    if (status == FENLEI_OK && has_new_text)
        status = drop_search(database, before, error);
    if (status != FENLEI_OK)
        return status;
    struct statement statement = statement_new(
        database, "UPDATE article SET state = ?1, version = ?2, model = ?3, first_line = ?4, "
                  "last_line = ?5, review = ?6, doubt = ?7, judged_at = ?8, given = ?9, "
                  "judged = ?10, sketch = ?11, title = ?12, byline = ?13, text = ?14 "
                  "WHERE id = ?15");
    bind_article(&statement, after);
    bind_integer(&statement, after->id);
    status = statement_run(&statement, error);
    if (status == FENLEI_OK)
        status = add_labels(database, after, error);
    return status == FENLEI_OK && has_new_text ? add_search(database, after, error) : status;
}

/* ---- files ---- */

static fenlei_text hash_bytes(const uint64_t hash[2])
{
    return (fenlei_text){(const char *)hash, 2 * sizeof hash[0]};
}

static fenlei_status find_file(struct sqlite3 *database, const uint64_t hash[2], int64_t *id,
                               fenlei_error *error)
{
    struct statement statement = statement_new(database, "SELECT id FROM file WHERE hash = ?1");
    bind_blob(&statement, hash_bytes(hash));
    *id = statement_step(&statement) ? column_integer(&statement, 0) : 0;
    return statement_end(&statement, error);
}

fenlei_status store_find_file(struct store *store, const uint64_t hash[2], int64_t *id,
                              fenlei_error *error)
{
    struct sqlite3 *reader = reader_take(store);
    fenlei_status status = find_file(reader, hash, id, error);
    reader_give(store, reader);
    return status;
}

static fenlei_status insert_file(struct sqlite3 *database, const struct stored_file *file,
                                 int64_t *id, fenlei_error *error)
{
    struct statement statement = statement_new(
        database,
        "INSERT INTO file (hash, name, size, received, note) VALUES (?1, ?2, ?3, ?4, ?5)");
    bind_blob(&statement, hash_bytes(file->hash));
    bind_text(&statement, file->name);
    bind_integer(&statement, (int64_t)file->size);
    bind_integer(&statement, file->received);
    bind_text(&statement, file->note.bytes != NULL ? file->note : text_of(""));
    fenlei_status status = statement_run(&statement, error);
    *id = database_last_row(database);
    return status;
}

fenlei_status store_add_file(struct store *store, const struct stored_file *file,
                             const struct article *articles, size_t n, int64_t *id, bool *known,
                             fenlei_error *error)
{
    fenlei_status status = write_begin(store, error);
    if (status != FENLEI_OK)
        return status;
    status = find_file(store->writer, file->hash, id, error);
    *known = status == FENLEI_OK && *id != 0;
    if (status == FENLEI_OK && !*known)
        status = insert_file(store->writer, file, id, error);
    for (size_t i = 0; i < n && status == FENLEI_OK && !*known; i++) {
        struct article article = articles[i];
        article.file = *id;
        article.version = 1;
        status = insert_article(store->writer, &article, error);
    }
    return write_end(store, status, error);
}

fenlei_status store_files(struct store *store, int64_t before, size_t limit,
                          bool (*visit)(void *context, const struct file_entry *file),
                          void *context, fenlei_error *error)
{
    struct sqlite3 *reader = reader_take(store);
    struct statement statement =
        statement_new(reader, "SELECT id, received, name, note, (SELECT count(*) FROM article "
                              "WHERE file = f.id AND state < 2) FROM file f WHERE id < ?1 "
                              "ORDER BY id DESC LIMIT ?2");
    bind_integer(&statement, before > 0 ? before : INT64_MAX);
    bind_integer(&statement, (int64_t)limit);
    bool goes_on = true;
    while (goes_on && statement_step(&statement))
        goes_on =
            visit(context,
                  &(struct file_entry){column_integer(&statement, 0), column_integer(&statement, 1),
                                       column_integer(&statement, 4), column_text(&statement, 2),
                                       column_text(&statement, 3)});
    fenlei_status status = statement_end(&statement, error);
    reader_give(store, reader);
    return status;
}

/* ---- lists ---- */

/* A query of which the parts depend on a filter. */
struct listing {
    const struct filter *filter;
    struct buffer sql, expression;
    struct parameter {
        enum { PARAMETER_INTEGER, PARAMETER_REAL, PARAMETER_TEXT } kind;
        int64_t integer;
        double real;
        fenlei_text text;
    } parameters[16]; /* as many as there are add_*() below at the most */
    size_t n;
    const char *id, *day; /* the columns that the order goes by */
    enum article_order order;
};

static void put(struct listing *listing, const char *sql)
{
    buffer_append_string(&listing->sql, sql);
}

static void add_integer(struct listing *listing, const char *sql, int64_t value)
{
    put(listing, sql);
    listing->parameters[listing->n++] =
        (struct parameter){.kind = PARAMETER_INTEGER, .integer = value};
}

static void add_text(struct listing *listing, const char *sql, fenlei_text text)
{
    put(listing, sql);
    listing->parameters[listing->n++] = (struct parameter){.kind = PARAMETER_TEXT, .text = text};
}

/* The columns that the order goes by: those of the table to begin with. */
static void name_columns(struct listing *listing)
{
    bool is_search = listing->filter->search.size > 0;
    bool is_topic = !is_search && listing->filter->topic > 0;
    listing->id = is_search ? "s.rowid" : is_topic ? "l.article" : "a.id";
    listing->day = is_topic ? "l.day" : "a.day";
}

/* The table to begin with: the one that leaves the fewest articles, in an order of its own. The
 * signs before columns keep SQLite from another choice. */
static void put_source(struct listing *listing)
{
    const struct filter *filter = listing->filter;
    if (filter->search.size > 0) {
        put(listing, "search s CROSS JOIN article a ON a.id = s.rowid WHERE search MATCH ");
        tokenizer_expression(&listing->expression, filter->search);
        add_text(listing, "?", (fenlei_text){listing->expression.bytes, listing->expression.size});
        put(listing, " AND a.state < 2");
        if (filter->topic > 0)
            add_integer(listing,
                        " AND EXISTS (SELECT 1 FROM label WHERE article = a.id AND topic = ?)",
                        filter->topic);
    } else if (filter->topic > 0) {
        add_integer(listing, "label l CROSS JOIN article a ON a.id = l.article WHERE l.topic = ?",
                    filter->topic);
    } else {
        put(listing, "article a WHERE a.state < 2");
    }
}

static void put_conditions(struct listing *listing)
{
    const struct filter *filter = listing->filter;
    if (filter->from.size > 0 || filter->to.size > 0) {
        put(listing, " AND ");
        put(listing, listing->day);
        add_text(listing, " >= ?", filter->from.size > 0 ? filter->from : text_of(""));
        put(listing, " AND ");
        put(listing, listing->day);
        add_text(listing, " <= ?", filter->to.size > 0 ? filter->to : text_of("9"));
    }
    if (filter->file > 0)
        add_integer(listing, " AND a.file = ?", filter->file);
    if (filter->paper.size > 0)
        add_text(listing, " AND a.paper = ? AND a.paper <> ''", filter->paper);
    if (filter->review.size > 0)
        add_text(listing, " AND a.review = ? AND a.review <> ''", filter->review);
    if (filter->judgement == JUDGED_YES)
        put(listing, " AND a.id IN (SELECT id FROM article WHERE judged IS NOT NULL)");
    if (filter->judgement == JUDGED_NO || listing->order == ORDER_DOUBT)
        put(listing, " AND a.judged IS NULL AND a.state = 0");
    if (filter->is_untopical)
        put(listing, " AND a.state = 0 AND NOT EXISTS (SELECT 1 FROM label WHERE article = a.id "
                     "AND topic IN (SELECT id FROM topic))");
}

/* The column that an order goes by before the id; NULL for none. */
static const char *key_of(const struct listing *listing)
{
    switch (listing->order) {
    case ORDER_DAY:
        return listing->day;
    case ORDER_DOUBT:
        return "a.doubt";
    case ORDER_PAGE:
        return "a.first_line";
    default:
        return NULL;
    }
}

/* The first of a file comes first, of all else the last. */
static bool is_rising(const struct listing *listing)
{
    return (listing->order == ORDER_PAGE) != listing->filter->is_backwards;
}

static void put_cursor(struct listing *listing)
{
    const struct filter *filter = listing->filter;
    const char *key = key_of(listing), *sign = is_rising(listing) ? ">" : "<";
    if (filter->cursor == 0)
        return;
    if (key == NULL) {
        buffer_append_format(&listing->sql, " AND %s %s ", listing->id, sign);
        add_integer(listing, "?", filter->cursor);
        return;
    }
    buffer_append_format(&listing->sql, " AND (%s, %s) %s (?, ", key, listing->id, sign);
    struct parameter value = {.kind = PARAMETER_INTEGER, .integer = filter->cursor_line};
    if (listing->order == ORDER_DAY)
        value = (struct parameter){.kind = PARAMETER_TEXT, .text = filter->cursor_day};
    else if (listing->order == ORDER_DOUBT)
        value = (struct parameter){.kind = PARAMETER_REAL, .real = filter->cursor_doubt};
    listing->parameters[listing->n++] = value;
    add_integer(listing, "?)", filter->cursor);
}

static void put_order(struct listing *listing, const char *key, const char *id)
{
    const char *direction = is_rising(listing) ? "ASC" : "DESC";
    put(listing, " ORDER BY ");
    if (key != NULL)
        buffer_append_format(&listing->sql, "%s %s, ", key, direction);
    buffer_append_format(&listing->sql, "%s %s", id, direction);
}

/* Days are in the order of days: the index that finds them has them so. */
static enum article_order order_of(const struct filter *filter)
{
    bool has_days = filter->from.size > 0 || filter->to.size > 0;
    if (filter->order != ORDER_NEWEST)
        return filter->order;
    return has_days ? ORDER_DAY : filter->file > 0 ? ORDER_PAGE : ORDER_NEWEST;
}

static bool finds_nothing(const struct listing *listing)
{
    return listing->filter->search.size > 0 && listing->expression.size == 0;
}

static void bind_parameters(struct statement *statement, const struct listing *listing)
{
    for (size_t i = 0; i < listing->n; i++) {
        const struct parameter *parameter = &listing->parameters[i];
        if (parameter->kind == PARAMETER_INTEGER)
            bind_integer(statement, parameter->integer);
        else if (parameter->kind == PARAMETER_REAL)
            bind_real(statement, parameter->real);
        else
            bind_text(statement, parameter->text);
    }
}

static void listing_release(struct listing *listing)
{
    buffer_release(&listing->sql);
    buffer_release(&listing->expression);
}

/* Visits copies, the last first: a page read backwards. */
static fenlei_status visit_reversed(struct statement *statement, size_t limit, store_visit *visit,
                                    void *context, bool *more, fenlei_error *error)
{
    size_t n = 0;
    bool is_copied = true, goes_on = true;
    struct article *copies = array_new(limit, sizeof *copies);
    if (copies == NULL)
        return error_memory(error);
    while (is_copied && statement_step(statement)) {
        *more = n == limit;
        if (*more)
            break;
        struct article row = read_article(statement);
        is_copied = article_copy(&copies[n++], &row);
    }
    for (size_t i = n; i-- > 0 && is_copied && goes_on;)
        goes_on = visit(context, &copies[i]);
    for (size_t i = 0; i < n; i++)
        article_release(&copies[i]);
    free(copies);
    return is_copied ? FENLEI_OK : error_memory(error);
}

static void visit_rows(struct statement *statement, size_t limit, store_visit *visit, void *context,
                       bool *more)
{
    bool goes_on = true;
    for (size_t n = 0; goes_on && statement_step(statement); n++) {
        *more = n == limit;
        if (*more)
            return;
        struct article row = read_article(statement);
        goes_on = visit(context, &row);
    }
}

fenlei_status store_list(struct store *store, const struct filter *filter, size_t limit,
                         store_visit *visit, void *context, bool *more, fenlei_error *error)
{
    struct listing listing = {.filter = filter, .order = order_of(filter)};
    *more = false;
    /* Which articles, in their order, and only then what is in them: where SQLite has to sort, it
     * does not sort texts. */
    name_columns(&listing);
    const char *key = key_of(&listing);
    buffer_append_format(&listing.sql,
                         "SELECT " ARTICLE_COLUMNS " FROM (SELECT %s AS chosen%s%s%s "
                         "FROM ",
                         listing.id, key != NULL ? ", " : "", key != NULL ? key : "",
                         key != NULL ? " AS place" : "");
    put_source(&listing);
    put_conditions(&listing);
    put_cursor(&listing);
    put_order(&listing, key, listing.id);
    add_integer(&listing, " LIMIT ?) CROSS JOIN article a ON a.id = chosen", (int64_t)limit + 1);
    put_order(&listing, key != NULL ? "place" : NULL, "chosen");
    buffer_append(&listing.sql, "", 1);
    fenlei_status status =
        listing.sql.failed || listing.expression.failed ? error_memory(error) : FENLEI_OK;
    if (status == FENLEI_OK && !finds_nothing(&listing)) {
        struct sqlite3 *reader = reader_take(store);
        struct statement statement = statement_new(reader, listing.sql.bytes);
        bind_parameters(&statement, &listing);
        if (filter->is_backwards)
            status = visit_reversed(&statement, limit, visit, context, more, error);
        else
            visit_rows(&statement, limit, visit, context, more);
        fenlei_status ended = statement_end(&statement, error);
        status = status == FENLEI_OK ? ended : status;
        reader_give(store, reader);
    }
    listing_release(&listing);
    return status;
}

fenlei_status store_count(struct store *store, const struct filter *filter, size_t most,
                          size_t *count, fenlei_error *error)
{
    struct listing listing = {.filter = filter, .order = order_of(filter)};
    *count = 0;
    name_columns(&listing);
    put(&listing, "SELECT count(*) FROM (SELECT 1 FROM ");
    put_source(&listing);
    put_conditions(&listing);
    add_integer(&listing, " LIMIT ?)", (int64_t)most);
    buffer_append(&listing.sql, "", 1);
    fenlei_status status =
        listing.sql.failed || listing.expression.failed ? error_memory(error) : FENLEI_OK;
    if (status == FENLEI_OK && !finds_nothing(&listing)) {
        struct sqlite3 *reader = reader_take(store);
        struct statement statement = statement_new(reader, listing.sql.bytes);
        bind_parameters(&statement, &listing);
        if (statement_step(&statement))
            *count = (size_t)column_integer(&statement, 0);
        status = statement_end(&statement, error);
        reader_give(store, reader);
    }
    listing_release(&listing);
    return status;
}

/* Visits what a statement with two whole numbers finds. */
static fenlei_status visit_articles(struct store *store, const char *sql, int64_t first,
                                    int64_t second, int64_t third, store_visit *visit,
                                    void *context, fenlei_error *error)
{
    struct sqlite3 *reader = reader_take(store);
    struct statement statement = statement_new(reader, sql);
    bool more;
    bind_integer(&statement, first);
    bind_integer(&statement, second);
    bind_integer(&statement, third);
    visit_rows(&statement, SIZE_MAX, visit, context, &more);
    fenlei_status status = statement_end(&statement, error);
    reader_give(store, reader);
    return status;
}

fenlei_status store_judged(struct store *store, size_t limit, store_visit *visit, void *context,
                           fenlei_error *error)
{
    return visit_articles(store,
                          "SELECT " ARTICLE_COLUMNS " FROM article a WHERE judged IS NOT NULL AND "
                          "state = ?2 AND ?3 = 0 ORDER BY judged_at DESC, id DESC LIMIT ?1",
                          limit < INT64_MAX ? (int64_t)limit : INT64_MAX, ARTICLE_IS_ONE, 0, visit,
                          context, error);
}

fenlei_status store_outdated(struct store *store, int64_t model, int64_t before, size_t limit,
                             store_visit *visit, void *context, fenlei_error *error)
{
    return visit_articles(store,
                          "SELECT " ARTICLE_COLUMNS " FROM article a WHERE model <> ?1 AND id < ?2 "
                          "AND state < 2 ORDER BY id DESC LIMIT ?3",
                          model, before, (int64_t)limit, visit, context, error);
}

fenlei_status store_relabel(struct store *store, const struct article *articles, size_t n,
                            fenlei_error *error)
{
    fenlei_status status = write_begin(store, error);
    if (status != FENLEI_OK)
        return status;
    for (size_t i = 0; i < n && status == FENLEI_OK; i++) {
        struct article before = {0}, after = articles[i];
        status = find_article(store->writer, after.id, &before, error);
        if (status == FENLEI_OK && before.id != 0 && before.version == after.version)
            status = update_article(store->writer, &before, &after, error);
        article_release(&before);
    }
    return write_end(store, status, error);
}

/* ---- corrections ---- */

static fenlei_status insert_correction(struct sqlite3 *database, struct correction *correction,
                                       int64_t article, fenlei_error *error)
{
    struct statement statement = statement_new(
        database,
        "INSERT INTO correction (article, at, who, kind, detail) VALUES (?1, ?2, ?3, ?4, ?5)");
    bind_integer(&statement, article);
    bind_integer(&statement, correction->at);
    bind_text(&statement, correction->who);
    bind_integer(&statement, correction->kind);
    bind_text(&statement, correction->detail.bytes != NULL ? correction->detail : text_of(""));
    fenlei_status status = statement_run(&statement, error);
    correction->id = database_last_row(database);
    return status;
}

/* Keeps an article as it was before a correction. */
static fenlei_status keep_snapshot(struct sqlite3 *database, int64_t correction,
                                   struct article before, fenlei_error *error)
{
    struct statement statement = statement_new(
        database, "INSERT INTO snapshot VALUES (?15, ?16, ?2, ?1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
                  "?11, ?12, ?13, ?14) ON CONFLICT DO NOTHING");
    fill_texts(&before);
    bind_article(&statement, &before);
    bind_integer(&statement, correction);
    bind_integer(&statement, before.id);
    return statement_run(&statement, error);
}

/* One article of a revision, inside its transaction. */
static enum store_answer revise_one(struct sqlite3 *database, struct correction *correction,
                                    struct article *after, fenlei_error *error)
{
    struct article before = {0};
    enum store_answer answer = STORE_DONE;
    fenlei_status status = FENLEI_OK;
    if (after->id == 0) { /* it was not there: taking that back leaves it gone */
        after->version = 1;
        status = insert_article(database, after, error);
        before = *after;
        before.bytes = (struct buffer){0};
        before.state = ARTICLE_IS_GONE;
        before.version = 0;
    } else {
        status = find_article(database, after->id, &before, error);
        if (status == FENLEI_OK && before.id == 0)
            answer = STORE_MISSING;
        else if (status == FENLEI_OK && before.version != after->version)
            answer = STORE_CONFLICT;
        after->version++;
        if (status == FENLEI_OK && answer == STORE_DONE)
            status = update_article(database, &before, after, error);
    }
    if (status == FENLEI_OK && answer == STORE_DONE && correction->id == 0)
        status = insert_correction(database, correction, after->id, error);
    if (status == FENLEI_OK && answer == STORE_DONE)
        status = keep_snapshot(database, correction->id, before, error);
    article_release(&before);
    return status == FENLEI_OK ? answer : STORE_FAILED;
}

static enum store_answer end_answer(struct store *store, enum store_answer answer,
                                    fenlei_error *error)
{
    fenlei_error ignored;
    if (answer == STORE_DONE)
        return write_end(store, FENLEI_OK, error) == FENLEI_OK ? STORE_DONE : STORE_FAILED;
    write_end(store, FENLEI_IO, &ignored);
    return answer;
}

enum store_answer store_revise(struct store *store, struct correction *correction,
                               struct article *articles, size_t n, fenlei_error *error)
{
    if (write_begin(store, error) != FENLEI_OK)
        return STORE_FAILED;
    enum store_answer answer = STORE_DONE;
    correction->id = 0;
    for (size_t i = 0; i < n && answer == STORE_DONE; i++)
        answer = revise_one(store->writer, correction, &articles[i], error);
    return end_answer(store, answer, error);
}

/* What the last change that is not taken back, and takes nothing back, did to an article. */
static fenlei_status find_change(struct sqlite3 *database, int64_t article, int64_t *correction,
                                 int64_t *listed, fenlei_error *error)
{
    struct statement statement = statement_new(
        database, "SELECT c.id, c.article FROM snapshot s JOIN correction c ON c.id = s.correction "
                  "WHERE s.article = ?1 AND c.undone_by IS NULL AND c.kind <> ?2 "
                  "ORDER BY s.correction DESC LIMIT 1");
    bind_integer(&statement, article);
    bind_integer(&statement, CORRECTION_UNDONE);
    *correction = 0;
    if (statement_step(&statement)) {
        *correction = column_integer(&statement, 0);
        *listed = column_integer(&statement, 1);
    }
    return statement_end(&statement, error);
}

/* Was an article changed behind a correction, by one that still counts? */
static fenlei_status was_changed_since(struct sqlite3 *database, int64_t article,
                                       int64_t correction, bool *changed, fenlei_error *error)
{
    struct statement statement = statement_new(
        database, "SELECT 1 FROM snapshot s JOIN correction c ON c.id = s.correction WHERE "
                  "s.article = ?1 AND s.correction > ?2 AND c.undone_by IS NULL AND c.kind <> ?3");
    bind_integer(&statement, article);
    bind_integer(&statement, correction);
    bind_integer(&statement, CORRECTION_UNDONE);
    *changed = statement_step(&statement);
    return statement_end(&statement, error);
}

static struct article read_snapshot(const struct statement *row)
{
    return (struct article){.id = column_integer(row, 0),
                            .state = (enum article_state)column_integer(row, 1),
                            .first_line = column_integer(row, 2),
                            .last_line = column_integer(row, 3),
                            .review = column_text(row, 4),
                            .doubt = column_real(row, 5),
                            .judged_at = column_integer(row, 6),
                            .given = column_text(row, 7),
                            .judged = column_text(row, 8),
                            .sketch = column_text(row, 9),
                            .title = column_text(row, 10),
                            .byline = column_text(row, 11),
                            .text = column_text(row, 12)};
}

/* The article of a snapshot becomes what it was then, as a revision of what it is now. */
static enum store_answer restore(struct sqlite3 *database, struct correction *undo,
                                 struct article was, int64_t correction, fenlei_error *error)
{
    bool changed;
    struct article now = {0};
    enum store_answer answer = STORE_FAILED;
    if (was_changed_since(database, was.id, correction, &changed, error) == FENLEI_OK &&
        find_article(database, was.id, &now, error) == FENLEI_OK) {
        was.version = now.version;
        was.model = now.model;
        was.day = now.day;
        was.file = now.file;
        was.paper = now.paper;
        answer = changed ? STORE_CONFLICT : revise_one(database, undo, &was, error);
    }
    article_release(&now);
    return answer;
}

static enum store_answer undo_change(struct sqlite3 *database, struct correction *undo,
                                     int64_t correction, fenlei_error *error)
{
    enum store_answer answer = STORE_DONE;
    struct statement statement = statement_new(
        database, "SELECT article, state, first_line, last_line, review, doubt, judged_at, given, "
                  "judged, sketch, title, byline, text FROM snapshot WHERE correction = ?1 "
                  "ORDER BY article");
    bind_integer(&statement, correction);
    while (answer == STORE_DONE && statement_step(&statement))
        answer = restore(database, undo, read_snapshot(&statement), correction, error);
    fenlei_status status = statement_end(&statement, error);
    if (status == FENLEI_OK && answer == STORE_DONE) {
        statement = statement_new(database, "UPDATE correction SET undone_by = ?1 WHERE id = ?2");
        bind_integer(&statement, undo->id);
        bind_integer(&statement, correction);
        status = statement_run(&statement, error);
    }
    return status == FENLEI_OK ? answer : STORE_FAILED;
}

enum store_answer store_undo(struct store *store, int64_t id, int64_t version, fenlei_text who,
                             int64_t at, int64_t *article, fenlei_error *error)
{
    int64_t correction;
    struct article now = {0};
    struct correction undo = {.at = at, .who = who, .kind = CORRECTION_UNDONE};
    if (write_begin(store, error) != FENLEI_OK)
        return STORE_FAILED;
    *article = id;
    enum store_answer answer = STORE_DONE;
    if (find_article(store->writer, id, &now, error) != FENLEI_OK ||
        find_change(store->writer, id, &correction, article, error) != FENLEI_OK)
        answer = STORE_FAILED;
    else if (now.id == 0 || correction == 0)
        answer = STORE_MISSING;
    else if (now.version != version)
        answer = STORE_CONFLICT;
    else
        answer = undo_change(store->writer, &undo, correction, error);
    article_release(&now);
    return end_answer(store, answer, error);
}

fenlei_status store_history(struct store *store, int64_t article,
                            bool (*visit)(void *context, const struct correction *correction),
                            void *context, fenlei_error *error)
{
    struct sqlite3 *reader = reader_take(store);
    struct statement statement = statement_new(
        reader, "SELECT c.id, c.at, c.undone_by, c.kind, c.who, c.detail FROM snapshot s JOIN "
                "correction c ON c.id = s.correction WHERE s.article = ?1 ORDER BY c.id DESC");
    bind_integer(&statement, article);
    bool goes_on = true;
    while (goes_on && statement_step(&statement))
        goes_on =
            visit(context,
                  &(struct correction){column_integer(&statement, 0), column_integer(&statement, 1),
                                       column_integer(&statement, 2),
                                       (enum correction_kind)column_integer(&statement, 3),
                                       column_text(&statement, 4), column_text(&statement, 5)});
    fenlei_status status = statement_end(&statement, error);
    reader_give(store, reader);
    return status;
}

fenlei_status store_neighbour(struct store *store, int64_t file, int64_t id, bool is_before,
                              int64_t *neighbour, fenlei_error *error)
{
    struct sqlite3 *reader = reader_take(store);
    struct statement statement = statement_new(
        reader, is_before ? "SELECT a.id FROM article a, article here WHERE a.file = ?1 AND "
                            "here.id = ?2 AND a.state < 2 AND (a.first_line, a.id) < "
                            "(here.first_line, here.id) ORDER BY a.first_line DESC, a.id DESC"
                          : "SELECT a.id FROM article a, article here WHERE a.file = ?1 AND "
                            "here.id = ?2 AND a.state < 2 AND (a.first_line, a.id) > "
                            "(here.first_line, here.id) ORDER BY a.first_line, a.id");
    bind_integer(&statement, file);
    bind_integer(&statement, id);
    *neighbour = statement_step(&statement) ? column_integer(&statement, 0) : 0;
    fenlei_status status = statement_end(&statement, error);
    reader_give(store, reader);
    return status;
}

/* ---- topics ---- */

static char *copy_string(fenlei_text text)
{
    char *copy = array_new(text.size + 1, 1);
    if (copy != NULL && text.size > 0)
        memcpy(copy, text.bytes, text.size);
    return copy;
}

static bool add_topic(struct topics *topics, const struct statement *row)
{
    if (!array_reserve(&topics->of, &topics->capacity, topics->n + 1, sizeof *topics->of))
        return false;
    struct topic *topic = &topics->of[topics->n++];
    *topic = (struct topic){.id = column_integer(row, 0),
                            .merged_into = column_integer(row, 4),
                            .is_retired = column_integer(row, 3) != 0,
                            .key = copy_string(column_text(row, 1)),
                            .name = copy_string(column_text(row, 2))};
    return topic->key != NULL && topic->name != NULL;
}

fenlei_status store_topics(struct store *store, struct topics *topics, fenlei_error *error)
{
    struct sqlite3 *reader = reader_take(store);
    struct statement statement = statement_new(
        reader, "SELECT id, key, name, is_retired, merged_into FROM topic ORDER BY id");
    bool good = true;
    while (good && statement_step(&statement))
        good = add_topic(topics, &statement);
    fenlei_status status = statement_end(&statement, error);
    reader_give(store, reader);
    return status == FENLEI_OK && !good ? error_memory(error) : status;
}

void topics_release(struct topics *topics)
{
    for (size_t i = 0; i < topics->n; i++) {
        free(topics->of[i].key);
        free(topics->of[i].name);
    }
    free(topics->of);
    *topics = (struct topics){0};
}

/* Runs one statement with a row's id and, where it has a place for one, a text or another id. */
static fenlei_status change(struct store *store, const char *sql, int64_t id,
                            const fenlei_text *text, const int64_t *other, fenlei_error *error)
{
    fenlei_status status = write_begin(store, error);
    if (status != FENLEI_OK)
        return status;
    struct statement statement = statement_new(store->writer, sql);
    bind_integer(&statement, id);
    if (text != NULL)
        bind_text(&statement, *text);
    if (other != NULL)
        bind_integer(&statement, *other);
    status = statement_run(&statement, error);
    return write_end(store, status, error);
}

/* *id becomes 0 where there is none. */
static fenlei_status find_topic(struct sqlite3 *database, fenlei_text key, int64_t *id,
                                fenlei_error *error)
{
    struct statement statement = statement_new(database, "SELECT id FROM topic WHERE key = ?1");
    bind_text(&statement, key);
    *id = statement_step(&statement) ? column_integer(&statement, 0) : 0;
    return statement_end(&statement, error);
}

fenlei_status store_add_topic(struct store *store, fenlei_text key, fenlei_text name, int64_t *id,
                              fenlei_error *error)
{
    struct sqlite3 *reader = reader_take(store);
    fenlei_status status = find_topic(reader, key, id, error);
    reader_give(store, reader);
    if (status != FENLEI_OK || *id != 0)
        return status;
    status = write_begin(store, error);
    if (status != FENLEI_OK)
        return status;
    struct statement statement = statement_new(
        store->writer, "INSERT INTO topic (key, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
    bind_text(&statement, key);
    bind_text(&statement, name);
    status = statement_run(&statement, error);
    if (status == FENLEI_OK)
        status = find_topic(store->writer, key, id, error);
    return write_end(store, status, error);
}

fenlei_status store_rename_topic(struct store *store, int64_t id, fenlei_text name,
                                 fenlei_error *error)
{
    return change(store, "UPDATE topic SET name = ?2 WHERE id = ?1", id, &name, NULL, error);
}

fenlei_status store_retire_topic(struct store *store, int64_t id, bool is_retired,
                                 fenlei_error *error)
{
    int64_t value = is_retired;
    return change(store, "UPDATE topic SET is_retired = ?2 WHERE id = ?1", id, NULL, &value, error);
}

/* Sets of labels go on naming the one that is merged; whoever reads them looks for where it went.
 * `label` finds by the other from now on. */
fenlei_status store_merge_topic(struct store *store, int64_t from, int64_t into,
                                fenlei_error *error)
{
    static const char *const steps[] = {
        "INSERT OR IGNORE INTO label SELECT ?2, article, day, paper FROM label WHERE topic = ?1",
        "DELETE FROM label WHERE topic = ?1 AND ?2 > 0",
        "UPDATE topic SET merged_into = ?2, is_retired = 1 WHERE id = ?1",
        "UPDATE topic SET merged_into = ?2 WHERE merged_into = ?1"};
    fenlei_status status = write_begin(store, error);
    if (status != FENLEI_OK)
        return status;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == FENLEI_OK; i++) {
        struct statement statement = statement_new(store->writer, steps[i]);
        bind_integer(&statement, from);
        bind_integer(&statement, into);
        status = statement_run(&statement, error);
    }
    return write_end(store, status, error);
}

/* ---- models ---- */

static fenlei_status unseat(struct sqlite3 *database, fenlei_error *error)
{
    struct statement statement =
        statement_new(database, "UPDATE model SET state = ?1 WHERE state = ?2");
    bind_integer(&statement, MODEL_KEPT);
    bind_integer(&statement, MODEL_CURRENT);
    return statement_run(&statement, error);
}

fenlei_status store_add_model(struct store *store, const struct model_entry *model, int64_t *id,
                              fenlei_error *error)
{
    fenlei_status status = write_begin(store, error);
    if (status != FENLEI_OK)
        return status;
    if (model->state == MODEL_CURRENT)
        status = unseat(store->writer, error);
    if (status == FENLEI_OK) {
        struct statement statement = statement_new(
            store->writer, "INSERT INTO model (made, file, state, detail, comparison) "
                           "VALUES (?1, ?2, ?3, ?4, ?5)");
        bind_integer(&statement, model->made);
        bind_text(&statement, model->file);
        bind_integer(&statement, model->state);
        bind_text(&statement, model->detail.bytes != NULL ? model->detail : text_of(""));
        bind_text(&statement, model->comparison.bytes != NULL ? model->comparison : text_of(""));
        status = statement_run(&statement, error);
        *id = database_last_row(store->writer);
    }
    return write_end(store, status, error);
}

fenlei_status store_use_model(struct store *store, int64_t id, fenlei_error *error)
{
    fenlei_status status = write_begin(store, error);
    if (status != FENLEI_OK)
        return status;
    status = unseat(store->writer, error);
    if (status == FENLEI_OK) {
        struct statement statement =
            statement_new(store->writer, "UPDATE model SET state = ?1 WHERE id = ?2");
        bind_integer(&statement, MODEL_CURRENT);
        bind_integer(&statement, id);
        status = statement_run(&statement, error);
    }
    return write_end(store, status, error);
}

fenlei_status store_models(struct store *store,
                           bool (*visit)(void *context, const struct model_entry *model),
                           void *context, fenlei_error *error)
{
    struct sqlite3 *reader = reader_take(store);
    struct statement statement = statement_new(
        reader, "SELECT id, made, state, file, detail, comparison FROM model ORDER BY id DESC");
    bool goes_on = true;
    while (goes_on && statement_step(&statement))
        goes_on = visit(context, &(struct model_entry){
                                     column_integer(&statement, 0), column_integer(&statement, 1),
                                     (enum model_state)column_integer(&statement, 2),
                                     column_text(&statement, 3), column_text(&statement, 4),
                                     column_text(&statement, 5)});
    fenlei_status status = statement_end(&statement, error);
    reader_give(store, reader);
    return status;
}

/* ---- figures ---- */

fenlei_status store_totals(struct store *store, struct totals *totals, fenlei_error *error)
{
    struct sqlite3 *reader = reader_take(store);
    struct statement statement =
        statement_new(reader, "SELECT (SELECT count(*) FROM file), (SELECT count(*) FROM article), "
                              "(SELECT count(*) FROM article WHERE judged IS NOT NULL), "
                              "(SELECT count(*) FROM correction)");
    *totals = (struct totals){0};
    if (statement_step(&statement))
        *totals = (struct totals){column_integer(&statement, 0), column_integer(&statement, 1),
                                  column_integer(&statement, 2), column_integer(&statement, 3)};
    fenlei_status status = statement_end(&statement, error);
    reader_give(store, reader);
    return status;
}

static fenlei_status visit_figures(struct store *store, const char *sql, store_visit_figure *visit,
                                   void *context, fenlei_error *error)
{
    struct sqlite3 *reader = reader_take(store);
    struct statement statement = statement_new(reader, sql);
    bool goes_on = true;
    while (goes_on && statement_step(&statement))
        goes_on = visit(context,
                        &(struct figure){column_text(&statement, 0), column_integer(&statement, 1),
                                         column_integer(&statement, 2), 0});
    fenlei_status status = statement_end(&statement, error);
    reader_give(store, reader);
    return status;
}

fenlei_status store_by_month(struct store *store, store_visit_figure *visit, void *context,
                             fenlei_error *error)
{
    return visit_figures(store,
                         "SELECT substr(day, 1, 7), topic, count(*) FROM label GROUP BY 1, 2 "
                         "ORDER BY 1 DESC, 2",
                         visit, context, error);
}

fenlei_status store_by_paper(struct store *store, store_visit_figure *visit, void *context,
                             fenlei_error *error)
{
    return visit_figures(store,
                         "SELECT paper, topic, count(*) FROM label GROUP BY 1, 2 ORDER BY 1, 2",
                         visit, context, error);
}

/* The last set of topics that each person left on each article. */
fenlei_status store_agreement(struct store *store, size_t *shared, size_t *agreed,
                              fenlei_error *error)
{
    struct sqlite3 *reader = reader_take(store);
    struct statement statement = statement_new(
        reader, "SELECT article, detail, max(id) FROM correction WHERE kind <= ?1 AND undone_by IS "
                "NULL GROUP BY article, who ORDER BY article");
    int64_t last = 0;
    size_t people = 0;
    bool is_same = true;
    struct buffer first = {0};
    bind_integer(&statement, CORRECTION_CONFIRMED);
    *shared = *agreed = 0;
    for (bool more = true; more;) {
        more = statement_step(&statement);
        int64_t article = more ? column_integer(&statement, 0) : 0;
        if (article != last) {
            *shared += people > 1;
            *agreed += people > 1 && is_same;
            people = 0;
            is_same = true;
            last = article;
        }
        if (!more)
            break;
        if (people++ == 0) {
            buffer_clear(&first);
            buffer_append_text(&first, column_text(&statement, 1));
        }
        is_same = is_same &&
                  labels_equal((fenlei_text){first.bytes, first.size}, column_text(&statement, 1));
    }
    fenlei_status status = statement_end(&statement, error);
    reader_give(store, reader);
    buffer_release(&first);
    return status;
}
