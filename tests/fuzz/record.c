/* SPDX-License-Identifier: BSD-3-Clause */
/* A line of --jsonl: JSON -> record -> labels -> JSON.
 *
 * Functions: .* of src/base/record.c */
#include "fuzz.h"

#include "base/json.h"
#include "base/json_tree.h"
#include "base/record.h"
#include "command/output.h"

static void write_texts(struct buffer *out, const char *key, const fenlei_text *texts, size_t n)
{
    json_key(out, key);
    buffer_append_string(out, "[");
    for (size_t i = 0; i < n; i++) {
        buffer_append_string(out, i > 0 ? "," : "");
        json_string(out, texts[i]);
    }
    buffer_append_string(out, "]");
}

static void write_record(struct buffer *out, const struct record *record)
{
    buffer_append_string(out, "{");
    json_key(out, "title");
    json_string(out, record->title.size > 0 ? record->title : text_of(""));
    json_key(out, "text");
    json_string(out, record->text);
    if (record->is_labelled)
        write_texts(out, "labels", record->labels, record->n_labels);
    write_texts(out, "either", record->either, record->n_either);
    buffer_append_string(out, "}");
}

static void check_same_texts(const fenlei_text *a, size_t n, const fenlei_text *b, size_t m)
{
    require(n == m);
    for (size_t i = 0; i < n; i++)
        require(text_equal(a[i], b[i]));
}

/* A record written and read again is the same record; its id and other fields: check_others(). */
static void check_round_trip(const struct record *record)
{
    struct buffer out = {0};
    struct record again = {0};
    write_record(&out, record);
    check_json((fenlei_text){out.bytes, out.size});
    require(record_parse(&again, out.bytes, out.size, NULL) == FENLEI_OK);
    require(text_equal(record->title, again.title) && text_equal(record->text, again.text) &&
            record->is_labelled == again.is_labelled);
    check_same_texts(record->labels, record->n_labels, again.labels, again.n_labels);
    check_same_texts(record->either, record->n_either, again.either, again.n_either);
    record_release(&again);
    buffer_release(&out);
}

static void check_record(const struct record *record)
{
    require(record->text.bytes != NULL && is_utf8(record->text) && is_utf8(record->title));
    require(record->text.size == 0 || memchr(record->text.bytes, '\0', record->text.size) == NULL);
    require(record->n_labels <= RECORD_LABELS_MAX && record->n_either <= RECORD_LABELS_MAX);
    require(record->is_labelled || record->n_labels == 0);
}

/* As `classify --jsonl` does: one line of JSON whatever the input. */
static void label(const struct record *record, fenlei_status status, const fenlei_error *error)
{
    struct buffer out = {0};
    struct source source = {.number = 7, .is_record = true};
    const fenlei_article *article, *again;
    if (status != FENLEI_OK) {
        require(status == FENLEI_BAD_INPUT && error->message[0] != '\0');
        output_json_error(&out, source, error->message);
    } else {
        fenlei_labeler *labeler = tiny_labeler();
        require(fenlei_label_record(labeler, record->title, record->text, NULL, &article, NULL) ==
                FENLEI_OK);
        check_labels(tiny_model(), article->labels, (double)NAN);
        output_json(&out, tiny_model(), source, NULL, article, (struct selection){.all = true},
                    (fenlei_text){NULL, 0});
        struct buffer second = {0};
        require(fenlei_label_record(labeler, record->title, record->text, NULL, &again, NULL) ==
                FENLEI_OK);
        output_json(&second, tiny_model(), source, NULL, again, (struct selection){.all = true},
                    (fenlei_text){NULL, 0});
        require(text_equal((fenlei_text){out.bytes, out.size},
                           (fenlei_text){second.bytes, second.size}));
        buffer_release(&second);
    }
    check_json_line(&out);
    buffer_release(&out);
}

static void check_member(void *context, const char *name, fenlei_text value)
{
    require(is_utf8(text_of(name)) && is_utf8(value));
    ++*(size_t *)context;
}

/* As the settings in a model's card are read. */
static void visit(const char *bytes, size_t size, bool is_record)
{
    size_t members = 0;
    bool is_object = json_visit_plain((fenlei_text){bytes, size}, check_member, &members);
    require(!is_record || !is_object || members > 0);
}

/* Any bytes may be a file's name, but for NUL. */
static void name_file(const char *bytes, size_t size)
{
    struct buffer name = {0}, out = {0};
    buffer_append(&name, bytes, size);
    buffer_append(&name, "", 1);
    require(!name.failed);
    buffer_append_string(&out, "{");
    json_file(&out, name.bytes);
    buffer_append_string(&out, "}");
    check_json((fenlei_text){out.bytes, out.size});
    buffer_release(&name);
    buffer_release(&out);
}

/* Copies what the record holds beside its text and title into another record; false where it holds
 * nothing. */
static bool copy_others(struct buffer *out, const struct record *record)
{
    struct buffer others = {0}, clashing = {0};
    record_append_others(record, output_is_ours, &others, &clashing);
    require(!others.failed && !clashing.failed);
    buffer_append_string(out, "{");
    json_text(out, "text", text_of(""));
    if (record->id.size > 0) {
        json_key(out, "id");
        buffer_append_text(out, record->id);
    }
    if (others.size > 0)
        buffer_append_format(out, ",%.*s", (int)others.size, others.bytes);
    if (clashing.size > 0)
        buffer_append_format(out, ",%.*s", (int)clashing.size, clashing.bytes);
    buffer_append_string(out, "}");
    bool any = others.size > 0 || clashing.size > 0 || record->id.size > 0;
    buffer_release(&others);
    buffer_release(&clashing);
    return any;
}

/* They may hold escapes that cJSON does not take; a record takes them, and they stay as they are.
 */
static void check_others(const struct record *record)
{
    struct buffer once = {0}, twice = {0};
    struct record again = {0};
    if (copy_others(&once, record)) {
        fenlei_text copy = {once.bytes, once.size};
        require(is_utf8(copy));
        require(record_parse(&again, copy.bytes, copy.size, NULL) == FENLEI_OK);
        copy_others(&twice, &again);
        require(text_equal(copy, (fenlei_text){twice.bytes, twice.size}));
        record_release(&again);
    }
    buffer_release(&once);
    buffer_release(&twice);
}

/* What is read without a tree, cJSON reads with the same members. */
static void check_flat(fenlei_text text)
{
    struct json_flat flat;
    size_t i = 0;
    if (!json_flat_read(&flat, text))
        return;
    cJSON *tree = cJSON_ParseWithLength(text.bytes, text.size);
    const cJSON *item = NULL;
    require(cJSON_IsObject(tree));
    cJSON_ArrayForEach(item, tree)
    {
        require(i < flat.n && text_equal(flat.members[i].name, text_of(item->string)));
        fenlei_text value = flat.members[i++].value;
        cJSON *part = cJSON_ParseWithLength(value.bytes, value.size);
        require(part != NULL && cJSON_Compare(part, item, true));
        cJSON_Delete(part);
    }
    require(i == flat.n);
    cJSON_Delete(tree);
}

/* What is taken without a tree, cJSON takes as well. */
static void check_plain(fenlei_text text)
{
    cJSON *tree = NULL;
    if (json_is_plain(text))
        require(json_tree_parse(&tree, text.bytes, text.size, NULL) == FENLEI_OK &&
                cJSON_IsObject(tree));
    cJSON_Delete(tree);
}

/* The same record with and without a tree. */
static void check_treeless(const struct record *record, fenlei_text line)
{
    struct buffer nested = {0};
    struct record again = {0};
    if (record->json != NULL)
        return;
    const char *open = memchr(line.bytes, '{', line.size);
    require(open != NULL);
    buffer_append_string(&nested, "{\"nested\":[],");
    buffer_append(&nested, open + 1, (size_t)(line.bytes + line.size - open) - 1);
    require(record_parse(&again, nested.bytes, nested.size, NULL) == FENLEI_OK);
    require(again.json != NULL && text_equal(record->text, again.text) &&
            text_equal(record->title, again.title) && text_equal(record->id, again.id) &&
            text_equal(record_date(record), record_date(&again)));
    record_release(&again);
    buffer_release(&nested);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct record record = {0};
    fenlei_error error;
    fenlei_status status = record_parse(&record, (const char *)data, size, &error);
    check_others(&record);
    if (status == FENLEI_OK) {
        check_record(&record);
        check_round_trip(&record);
        check_treeless(&record, (fenlei_text){(const char *)data, size});
    }
    check_flat((fenlei_text){(const char *)data, size});
    check_plain((fenlei_text){(const char *)data, size});
    label(&record, status, &error);
    visit((const char *)data, size, status == FENLEI_OK);
    name_file((const char *)data, size);
    record_release(&record);
    return 0;
}
