/* SPDX-License-Identifier: BSD-3-Clause */
#include "classify/gazette.h"

#include "base/replace.h"
#include "base/status.h"
#include "classify/gazette_css.h"
#include "classify/gazette_js.h"
#include "html/html.h"
#include "html/texts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <xxhash.h>

enum {
    MANY = 100, /* articles from which on the page is drawn as it is scrolled */
    FEW = 3     /* up to which they are open from the beginning */
};

static void put(struct buffer *out, const char *string)
{
    buffer_append_string(out, string);
}

bool gazette_init(struct gazette *gazette, size_t n_topics)
{
    *gazette = (struct gazette){.given = array_new(n_topics, sizeof *gazette->given)};
    return gazette->given != NULL;
}

void gazette_release(struct gazette *gazette)
{
    buffer_release(&gazette->body);
    buffer_release(&gazette->input);
    buffer_release(&gazette->files);
    free(gazette->given);
    free(gazette->addresses);
    *gazette = (struct gazette){0};
}

/* ---- inputs ---- */

static void note_change(struct gazette *gazette, const char *path)
{
    struct stat file;
    if (strcmp(path, "-") != 0 && stat(path, &file) == 0 && S_ISREG(file.st_mode) &&
        file.st_mtime > gazette->changed)
        gazette->changed = file.st_mtime;
}

static void begin_input(struct gazette *gazette, const char *input, const char *path)
{
    fenlei_text name = text_of(input);
    if (gazette->has_input &&
        text_equal(name, (fenlei_text){gazette->input.bytes, gazette->input.size}))
        return;
    if (gazette->has_input)
        put(&gazette->body, "</section>\n");
    gazette->has_input = true;
    buffer_clear(&gazette->input);
    buffer_append_text(&gazette->input, name);
    gazette->n_inputs++;
    note_change(gazette, path);
    buffer_append_format(&gazette->body, "<section aria-labelledby=f%zu>\n<h2 id=f%zu>",
                         gazette->n_inputs, gazette->n_inputs);
    html_isolated(&gazette->body, name);
    put(&gazette->body, "</h2>\n");
    buffer_append_format(&gazette->files, "<option value=f%zu>", gazette->n_inputs);
    html_text(&gazette->files, name);
    put(&gazette->files, "</option>\n");
    gazette->body.failed = gazette->body.failed || gazette->input.failed || gazette->files.failed;
}

/* Those of a sheet whose HTML is appended next. */
static void add_addresses(struct gazette *gazette, const struct sheet *sheet)
{
    size_t n = gazette->n_addresses + sheet->n_addresses;
    if (!array_reserve(&gazette->addresses, &gazette->addresses_capacity, n,
                       sizeof *gazette->addresses)) {
        gazette->body.failed = true;
        return;
    }
    for (size_t i = 0; i < sheet->n_addresses; i++)
        gazette->addresses[gazette->n_addresses++] = (struct sheet_address){
            sheet->addresses[i].hash, gazette->body.size + sheet->addresses[i].at};
}

static void add_counts(struct sheet_counts *counts, const struct sheet_counts *more)
{
    counts->articles += more->articles;
    counts->without_topic += more->without_topic;
    counts->to_review += more->to_review;
    counts->not_articles += more->not_articles;
    counts->unusable += more->unusable;
    counts->chinese += more->chinese;
    counts->dated += more->dated;
}

void gazette_add(struct gazette *gazette, const struct sheet *sheet, const char *input,
                 const char *path)
{
    if (gazette->body.size + sheet->html.size > GAZETTE_MAX)
        gazette->too_large = true;
    if (gazette->too_large)
        return;
    begin_input(gazette, input, path);
    add_addresses(gazette, sheet);
    buffer_append(&gazette->body, sheet->html.bytes, sheet->html.size);
    gazette->body.failed = gazette->body.failed || sheet->html.failed;
    add_counts(&gazette->counts, &sheet->counts);
    for (size_t i = 0; i < sheet->n_given; i++)
        gazette->given[sheet->given[i]]++;
}

/* ---- the overview ---- */

struct page {
    struct buffer out;
    const struct gazette *gazette;
    const fenlei_model *model;
    enum language language;
};

static void say(struct page *page, enum page_text text)
{
    text_put(&page->out, page->language, text);
}

/* Words for the script, as an attribute; it puts the argument. */
static void put_word(struct page *page, const char *name, enum page_text text)
{
    buffer_append_format(&page->out, " data-%s=\"", name);
    text_put_with(&page->out, page->language, text, "#");
    put(&page->out, "\"");
}

/* One of the overview's buttons: `filter` is what the articles' data-t is searched for. */
static void begin_row(struct buffer *out, const char *filter, const char *colour)
{
    buffer_append_format(out,
                         "<li><button type=button class=row data-f=\"%s\" aria-pressed=false "
                         "style=\"--m:var(--%s)\">",
                         filter, colour);
}

static void end_row(struct buffer *out, size_t count, size_t most)
{
    buffer_append_format(out, " <i style=--p:%zu%%></i><b>%zu</b></button></li>\n",
                         most > 0 ? count * 100 / most : 0, count);
}

static void put_plain_row(struct page *page, const char *filter, enum page_text name, size_t count,
                          size_t most)
{
    if (count == 0)
        return;
    begin_row(&page->out, filter, "grey");
    put(&page->out, "<span>");
    say(page, name);
    put(&page->out, "</span>");
    end_row(&page->out, count, most);
}

static void put_rows(struct page *page)
{
    const struct gazette *gazette = page->gazette;
    size_t n_topics = fenlei_topic_count(page->model), most = gazette->counts.without_topic;
    for (size_t topic = 0; topic < n_topics; topic++)
        most = gazette->given[topic] > most ? gazette->given[topic] : most;
    most = gazette->counts.to_review > most ? gazette->counts.to_review : most;
    put(&page->out, "<ul class=rows>\n");
    for (size_t topic = 0; topic < n_topics; topic++) {
        char filter[24], colour[24];
        if (gazette->given[topic] == 0)
            continue;
        snprintf(filter, sizeof filter, "%zu", topic);
        snprintf(colour, sizeof colour, "c%zu", topic % SHEET_COLOURS);
        begin_row(&page->out, filter, colour);
        sheet_put_topic(&page->out, page->model, topic);
        end_row(&page->out, gazette->given[topic], most);
    }
    put_plain_row(page, "none", PAGE_NO_TOPIC, gazette->counts.without_topic, most);
    put_plain_row(page, "review", PAGE_NEEDS_REVIEW, gazette->counts.to_review, most);
    put_plain_row(page, "other", PAGE_NOT_AN_ARTICLE, gazette->counts.not_articles, most);
    put(&page->out, "</ul>\n");
}

/* ---- what the script needs ---- */

static void put_files(struct page *page)
{
    if (page->gazette->n_inputs < 2)
        return;
    put(&page->out, "<label>");
    say(page, PAGE_FILE);
    put(&page->out, " <select id=file><option value=\"\">");
    say(page, PAGE_ALL_FILES);
    put(&page->out, "</option>\n");
    buffer_append(&page->out, page->gazette->files.bytes, page->gazette->files.size);
    put(&page->out, "</select></label>\n");
}

static void put_dates(struct page *page)
{
    if (page->gazette->counts.dated == 0)
        return;
    put(&page->out, "<span class=days><label>");
    say(page, PAGE_FROM_DAY);
    put(&page->out, " <input type=date id=from></label>\n<label>");
    say(page, PAGE_TO_DAY);
    put(&page->out, " <input type=date id=to></label></span>\n");
}

static void put_order(struct page *page)
{
    static const struct {
        const char *value;
        enum page_text name;
    } orders[] = {{"", PAGE_ORDER_GIVEN},
                  {"headline", PAGE_ORDER_HEADLINE},
                  {"topic", PAGE_ORDER_TOPIC},
                  {"sure", PAGE_LEAST_SURE},
                  {"date", PAGE_ORDER_DATE}};
    size_t n = sizeof orders / sizeof *orders - (page->gazette->counts.dated == 0);
    put(&page->out, "<label>");
    say(page, PAGE_ORDER);
    put(&page->out, " <select id=order>");
    for (size_t i = 0; i < n; i++) {
        buffer_append_format(&page->out, "<option value=\"%s\">", orders[i].value);
        say(page, orders[i].name);
        put(&page->out, "</option>");
    }
    put(&page->out, "</select></label>\n");
}

static void put_button(struct page *page, const char *id, enum page_text text, const char *more)
{
    buffer_append_format(&page->out, "<button type=button class=do id=%s%s>", id, more);
    text_put_with(&page->out, page->language, text, "<b>0</b>");
    put(&page->out, "</button>\n");
}

static void put_tools(struct page *page)
{
    put(&page->out, "<div class=\"tools js\">\n<label>");
    say(page, PAGE_SEARCH);
    put(&page->out, " <input type=search id=search></label>\n");
    put_files(page);
    put_dates(page);
    put_order(page);
    put(&page->out, "</div>\n");
}

static void put_actions(struct page *page)
{
    put(&page->out, "<p class=meta role=status></p>\n<div class=\"actions js\">\n");
    put_button(page, "open", PAGE_OPEN_ALL, "");
    put_button(page, "csv", PAGE_SAVE_CSV, "");
    put_button(page, "save", PAGE_SAVE_CORRECTIONS, " disabled");
    put(&page->out, "</div>\n");
}

/* Every topic, for the script to offer: its id and name. */
static void put_topics(struct page *page)
{
    put(&page->out, "<select id=topics hidden");
    put_word(page, "give", PAGE_GIVE);
    put_word(page, "take", PAGE_TAKE);
    put_word(page, "add", PAGE_ADD_TOPIC);
    put_word(page, "right", PAGE_RIGHT_AS_IS);
    put_word(page, "undo", PAGE_UNDO);
    put_word(page, "corrected", PAGE_CORRECTED);
    put_word(page, "shown", PAGE_SHOWN_OF);
    put_word(page, "opens", PAGE_OPEN_ALL);
    put_word(page, "closes", PAGE_CLOSE_ALL);
    put_word(page, "not", PAGE_NOT_GIVEN);
    put(&page->out, ">\n");
    for (size_t topic = 0; topic < fenlei_topic_count(page->model); topic++) {
        put(&page->out, "<option value=\"");
        html_text(&page->out, text_of(fenlei_topic_id(page->model, topic)));
        put(&page->out, "\">");
        html_text(&page->out, text_of(fenlei_topic_name(page->model, topic)));
        put(&page->out, "</option>");
    }
    put(&page->out, "</select>\n");
}

static void put_overview(struct page *page)
{
    put(&page->out, "<nav aria-labelledby=o>\n");
    put_tools(page);
    put(&page->out, "<h2 id=o>");
    say(page, PAGE_TOPICS);
    put(&page->out, "</h2>\n");
    put_rows(page);
    put_actions(page);
    put_topics(page);
    put(&page->out, "<p class=meta>");
    say(page, PAGE_PAGE_HELP);
    put(&page->out, "<span class=js> ");
    say(page, PAGE_PAGE_HELP_SCRIPT);
    put(&page->out, " ");
    say(page, PAGE_CORRECTIONS_HELP);
    put(&page->out, "</span></p>\n</nav>\n");
}

/* ---- the page ---- */

static void put_count(struct page *page, enum page_text text, size_t n, const char *before)
{
    put(&page->out, before);
    text_put_number(&page->out, page->language, text, n);
}

static void put_summary(struct page *page)
{
    const struct sheet_counts *counts = &page->gazette->counts;
    put(&page->out, "<header>\n<h1>");
    say(page, PAGE_ARTICLES_AND_TOPICS);
    put(&page->out, "</h1>\n");
    put_count(page, PAGE_COUNT_ARTICLES, counts->articles, "<p class=meta>");
    put_count(page, PAGE_COUNT_FILES, page->gazette->n_inputs, " \u00b7 ");
    put_count(page, PAGE_COUNT_REVIEW, counts->to_review, " \u00b7 ");
    if (counts->unusable > 0)
        put_count(page, PAGE_COUNT_FAULTS, counts->unusable, " \u00b7 ");
    put(&page->out, "</p>\n</header>\n");
}

/* $SOURCE_DATE_EPOCH, by which others make what they build the same on any day; -1 where it is not
 * set, or no number. */
static int64_t source_date(void)
{
    const char *text = getenv("SOURCE_DATE_EPOCH");
    char *end;
    errno = 0;
    long long value = text != NULL ? strtoll(text, &end, 10) : -1;
    return text == NULL || end == text || *end != '\0' || errno != 0 ? -1 : value;
}

static void put_date(struct page *page)
{
    int64_t made = source_date();
    time_t day = made >= 0 ? made : page->gazette->changed;
    struct tm parts;
    char text[32];
    if ((made < 0 && day == 0) || gmtime_r(&day, &parts) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%d", &parts) == 0)
        return;
    put(&page->out, " \u00b7 ");
    text_put_with(&page->out, page->language, made >= 0 ? PAGE_FOOT_MADE : PAGE_FOOT_FILES, text);
}

/* The model by a hash of its card, which tells what it was trained on and how. */
static void put_foot(struct page *page)
{
    fenlei_text card = fenlei_model_card(page->model);
    char name[24];
    snprintf(name, sizeof name, "%016llx", (unsigned long long)XXH3_64bits(card.bytes, card.size));
    put(&page->out, "<footer class=meta>fenlei " FENLEI_VERSION " \u00b7 ");
    text_put_with(&page->out, page->language, PAGE_FOOT_MODEL, name);
    put_date(page);
    put(&page->out, "</footer>\n");
}

static int by_hash(const void *left, const void *right)
{
    const struct sheet_address *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static int by_place(const void *left, const void *right)
{
    const struct sheet_address *a = left, *b = right;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* Leaves of the addresses those that another article has before; their hash becomes the number of
 * the article among those of one text, from 2. */
static void find_repeated(struct gazette *gazette)
{
    struct sheet_address *all = gazette->addresses;
    size_t n = 0, first = 0;
    uint64_t hash = 0;
    if (gazette->n_addresses > 0)
        qsort(all, gazette->n_addresses, sizeof *all, by_hash);
    for (size_t i = 0; i < gazette->n_addresses; i++) {
        if (i == 0 || all[i].hash != hash)
            first = i;
        hash = all[i].hash;
        if (i - first >= 2) /* an article has two */
            all[n++] = (struct sheet_address){(i - first) / 2 + 1, all[i].at};
    }
    gazette->n_addresses = n;
    if (n > 0)
        qsort(all, n, sizeof *all, by_place);
}

static void put_body(struct page *page)
{
    const struct gazette *gazette = page->gazette;
    size_t at = 0;
    for (size_t i = 0; i <= gazette->n_addresses; i++) {
        bool is_last = i == gazette->n_addresses;
        size_t end = is_last ? gazette->body.size : gazette->addresses[i].at;
        texts_resolve(&page->out, (fenlei_text){gazette->body.bytes + at, end - at},
                      page->language);
        if (!is_last)
            buffer_append_format(&page->out, "-%llu",
                                 (unsigned long long)gazette->addresses[i].hash);
        at = end;
    }
}

static void put_page(struct page *page)
{
    size_t n = page->gazette->counts.articles + page->gazette->counts.not_articles;
    html_begin(&page->out, page->language,
               text_of(page_text_in(page->language, PAGE_ARTICLES_AND_TOPICS)), gazette_css);
    put_summary(page);
    put(&page->out, "<div class=columns>\n");
    put_overview(page);
    put(&page->out, n >= MANY  ? "<main class=many>\n"
                    : n <= FEW ? "<main class=few>\n"
                               : "<main>\n");
    put_body(page);
    put(&page->out,
        page->gazette->has_input ? "</section>\n</main>\n</div>\n" : "</main>\n</div>\n");
    put_foot(page);
    html_end(&page->out, gazette_js);
}

fenlei_status gazette_write(struct gazette *gazette, const fenlei_model *model,
                            enum language language, const char *path, fenlei_error *error)
{
    if (gazette->too_large)
        return error_set(error, FENLEI_BAD_INPUT,
                         "%s: not written: the page would be larger than %d MiB", path,
                         GAZETTE_MAX >> 20);
    size_t n = gazette->counts.articles + gazette->counts.not_articles;
    struct page page = {.out = {.failed = gazette->body.failed},
                        .gazette = gazette,
                        .model = model,
                        .language = language != LANGUAGE_LATER        ? language
                                    : gazette->counts.chinese * 2 > n ? CHINESE
                                                                      : ENGLISH};
    find_repeated(gazette);
    put_page(&page);
    fenlei_status status =
        page.out.failed
            ? error_memory(error)
            : replace_with_text(path, (fenlei_text){page.out.bytes, page.out.size}, error);
    buffer_release(&page.out);
    return status;
}
