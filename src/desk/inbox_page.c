/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/filter.h"
#include "desk/intake.h"
#include "desk/pages.h"

enum { FILES_SHOWN = 20, ARTICLES_SHOWN = 40 };

static void put_column(struct view *view, enum text label, const char *name)
{
    put(view, "<label>");
    put_text(view, label);
    put_format(view, " <input name=%s maxlength=80 size=10></label> ", name);
}

/* What a table calls its columns, where that is not "text", "title" and "labels". */
static void put_columns(struct view *view)
{
    put(view, "<details><summary>");
    put_text(view, TEXT_COLUMNS);
    put(view, "</summary><div class=row-of>");
    put_column(view, TEXT_TEXT_FIELD, "text_field");
    put_column(view, TEXT_TITLE_FIELD, "title_field");
    put_column(view, TEXT_LABEL_FIELD, "label_field");
    put_column(view, TEXT_LABEL_SEPARATOR, "label_separator");
    put(view, "</div></details>");
}

static void put_form(struct view *view)
{
    put(view, "<form method=post action=/inbox enctype=multipart/form-data class=intake>");
    put_token(view);
    put(view, "<label class=drop data-drop><b>");
    put_text(view, TEXT_DROP_HERE);
    put(view, "</b><span class=meta>");
    put_text(view, TEXT_FILES_HELP);
    put(view, "</span><input type=file name=files multiple></label>\n<label class=paste>");
    put_text(view, TEXT_OR_PASTE);
    put(view, "<textarea name=text rows=6></textarea></label>\n<div class=row-of><label>");
    put_text(view, TEXT_DAY);
    put(view, " <input type=date name=day></label> <label>");
    put_text(view, TEXT_PAPER);
    put(view, " <input name=paper maxlength=80 size=14></label> <button class=main>");
    put_text(view, TEXT_TAKE_IN);
    put(view, "</button></div>\n");
    put_columns(view);
    put(view, "</form>\n");
}

static bool put_file(void *context, const struct file_entry *file)
{
    struct view *view = context;
    put_format(view, "<li><a href=\"/articles?file=%lld\">", (long long)file->id);
    put_foreign(view, file->name);
    put_format(view, "</a> <span class=meta>%lld ", (long long)file->n_articles);
    put_text(view, TEXT_N_ARTICLES);
    put(view, " \u00b7 ");
    put_day(view, file->received);
    if (file->note.size > 0) {
        put(view, " \u00b7 ");
        put_foreign(view, file->note);
    }
    put(view, "</span></li>\n");
    return true;
}

static void put_files(struct view *view)
{
    fenlei_error error;
    size_t before = view->out->size;
    put(view, "<h2>");
    put_text(view, TEXT_CAME_IN);
    put(view, "</h2>\n<ul class=files>\n");
    size_t empty = view->out->size;
    if (store_files(view->desk->store, 0, FILES_SHOWN, put_file, view, &error) != FENLEI_OK) {
        view->out->size = before;
        put(view, "<p class=fault>");
        put_foreign(view, text_of(error.message));
        put(view, "</p>");
        return;
    }
    put(view, "</ul>\n");
    if (empty + 6 != view->out->size)
        return;
    put(view, "<p class=meta>");
    put_text(view, TEXT_NOTHING_YET);
    put(view, "</p>\n");
}

void inbox_show(struct view *view)
{
    view_begin(view, TEXT_INBOX, text_of(text_in(view->language, TEXT_INBOX)));
    put(view, "<h1>");
    put_text(view, TEXT_INBOX);
    put(view, "</h1>\n");
    put_form(view);
    put_files(view);
    view_end(view);
}

/* ---- what came in ---- */

static bool put_article(void *context, const struct article *article)
{
    put_entry(context, article, "");
    return true;
}

static void put_receipt(struct view *view, const struct receipt *receipt)
{
    put_format(view, "<p class=meta><a href=\"/articles?file=%lld\">", (long long)receipt->file);
    if (receipt->is_known) {
        put_text(view, TEXT_KNOWN_FILE);
    } else {
        put_format(view, "%zu ", receipt->n_articles);
        put_text(view, TEXT_N_ARTICLES);
    }
    put(view, "</a>");
    if (receipt->n_unusable > 0) {
        put_format(view, " \u00b7 %zu ", receipt->n_unusable);
        put_text(view, TEXT_N_UNUSABLE);
    }
    put(view, "</p>\n");
    if (receipt->note.size > 0) {
        put(view, "<p class=fault>");
        put_foreign(view, (fenlei_text){receipt->note.bytes, receipt->note.size});
        put(view, "</p>\n");
    }
}

static void put_articles(struct view *view, int64_t file)
{
    fenlei_error error;
    bool more;
    struct filter filter = {.file = file};
    put(view, "<ol class=list>\n");
    store_list(view->desk->store, &filter, ARTICLES_SHOWN, put_article, view, &more, &error);
    put(view, "</ol>\n");
}

/* Takes one file in, and says what became of it. */
static bool take(struct view *view, const struct arrival *arrival)
{
    struct receipt receipt = {0};
    fenlei_error error;
    fenlei_status status =
        intake(view->desk->store, view->desk->labelling, arrival, &receipt, &error);
    put(view, "<section><h2>");
    put_foreign(view, arrival->name);
    put(view, "</h2>\n");
    if (status != FENLEI_OK) {
        put(view, "<p class=fault role=alert><b>");
        put_text(view, TEXT_NOT_TAKEN);
        put(view, ":</b> ");
        put_foreign(view, text_of(error.message));
        put(view, "</p>\n");
    } else {
        put_receipt(view, &receipt);
        put_articles(view, receipt.file);
    }
    put(view, "</section>\n");
    buffer_release(&receipt.note);
    return status == FENLEI_OK || status == FENLEI_BAD_INPUT;
}

static bool is_blank(fenlei_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.bytes[i] > ' ')
            return false;
    return true;
}

/* Each file of the form, and what was pasted. Returns how many there were; *good: the store could
 * keep them. */
static size_t take_all(struct view *view, bool *good)
{
    const struct fields *form = &view->request->form;
    struct arrival arrival = {.day = fields_value(form, "day"),
                              .paper = fields_value(form, "paper"),
                              .text_field = fields_value(form, "text_field"),
                              .title_field = fields_value(form, "title_field"),
                              .label_field = fields_value(form, "label_field"),
                              .label_separator = fields_value(form, "label_separator")};
    size_t n = 0;
    for (size_t i = 0; i < form->n; i++) {
        const struct field *field = &form->of[i];
        bool is_file = field->file_name.size > 0;
        if (!is_file && !(text_equal(field->name, text_of("text")) && !is_blank(field->value)))
            continue;
        arrival.name = is_file ? field->file_name : text_of(text_in(view->language, TEXT_PASTED));
        arrival.bytes = field->value;
        *good = take(view, &arrival) && *good;
        n++;
    }
    return n;
}

void inbox_take(struct view *view)
{
    bool good = true;
    if (!view_topics(view))
        return;
    view_begin(view, TEXT_INBOX, text_of(text_in(view->language, TEXT_INBOX)));
    put(view, "<h1>");
    put_text(view, TEXT_INBOX);
    put(view, "</h1>\n");
    if (take_all(view, &good) == 0) {
        put(view, "<p class=fault role=alert>");
        put_text(view, TEXT_NOTHING_GIVEN);
        put(view, "</p>\n");
    }
    view->answer->status = good ? 200 : 507;
    put_form(view);
    view_end(view);
}
