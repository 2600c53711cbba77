/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/page_set.h"

#include "base/input.h"
#include "base/status.h"
#include "base/utf8.h"
#include "label/page.h"
#include "label/role.h"
#include "train/layout_words.h"
#include "train/setter.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

/* ---- the lines of a file ---- */

/* The role of each line of the file, read or not. */
struct given_roles {
    uint8_t *of; /* [n] */
    size_t n, capacity;
};

/* A line of dashes or an image; where it has letters all the same, it is furniture. */
static bool find_role(fenlei_text name, enum role *role)
{
    if (text_equal(name, text_of("rule"))) {
        *role = ROLE_FURNITURE;
        return true;
    }
    return role_find(name, role);
}

/* Takes one line of the file: its role to `roles`, its text to the page. */
static fenlei_status take_line(fenlei_text line, struct given_roles *roles, struct buffer *text,
                               fenlei_error *error)
{
    enum role role = ROLE_FURNITURE;
    const char *tab = line.size > 0 ? memchr(line.bytes, '\t', line.size) : NULL;
    size_t size = tab != NULL ? (size_t)(tab - line.bytes) : 0;
    if (line.size > 0 && (tab == NULL || !find_role((fenlei_text){line.bytes, size}, &role)))
        return error_set(error, FENLEI_BAD_INPUT,
                         "line %zu does not begin with a role and a tab: furniture, rule, kicker, "
                         "headline, headline+, subhead, byline, lead, body, body+, section, "
                         "caption, signature or sponsor",
                         roles->n + 1);
    if (!array_reserve(&roles->of, &roles->capacity, roles->n + 1, 1))
        return error_memory(error);
    roles->of[roles->n++] = (uint8_t)role;
    if (tab != NULL)
        buffer_append(text, tab + 1, line.size - size - 1);
    buffer_append_string(text, "\n");
    return text->failed ? error_memory(error) : FENLEI_OK;
}

static fenlei_status take_lines(fenlei_text file, struct given_roles *roles, struct buffer *text,
                                fenlei_error *error)
{
    fenlei_status status = FENLEI_OK;
    for (size_t at = 0; at < file.size && status == FENLEI_OK;) {
        const char *start = file.bytes + at, *end = memchr(start, '\n', file.size - at);
        size_t size = end != NULL ? (size_t)(end - start) : file.size - at;
        at += size + 1;
        if (size > 0 && start[size - 1] == '\r')
            size--;
        status = take_line((fenlei_text){start, size}, roles, text, error);
    }
    return status;
}

/* ---- what the roles of a file leave unsaid ---- */

static bool is_beside(uint8_t role)
{
    return role == ROLE_CAPTION || role == ROLE_FURNITURE || role == ROLE_SPONSOR;
}

/* Furniture and sponsors between two lines of one article interrupt it. */
static void mark_interruptions(uint8_t *roles, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        if (roles[i] == ROLE_FURNITURE || roles[i] == ROLE_SPONSOR)
            roles[i] = ROLE_INTERRUPTION;
}

/* Tells furniture inside an article from that outside; a text without a headline above it begins
 * with a lead, whatever the file calls it. */
static void complete_roles(uint8_t *roles, size_t n)
{
    bool in_article = false, has_text = false;
    enum role previous = ROLE_FURNITURE;
    size_t behind = 0; /* the line after the last one of an article */
    for (size_t i = 0; i < n; i++) {
        enum role role = (enum role)roles[i];
        if (is_beside(roles[i]))
            continue;
        if (!in_article && !role_is_title(role))
            roles[i] = (uint8_t)(role = ROLE_LEAD);
        bool begins = !in_article || (role == ROLE_LEAD ? has_text : role_begins(previous, role));
        if (begins)
            has_text = false;
        else
            mark_interruptions(roles, behind, i);
        in_article = true;
        has_text = has_text || role_is_text(role);
        previous = role;
        behind = i + 1;
    }
}

/* What stands right below the headline that ends before line i. */
static bool is_signed(const uint8_t *roles, size_t i, size_t n)
{
    while (i < n && (roles[i] == ROLE_CAPTION || roles[i] == ROLE_INTERRUPTION))
        i++;
    return i < n && (roles[i] == ROLE_BYLINE || roles[i] == ROLE_LEAD);
}

/* Three in four headlines decide. */
static enum heading_style style_of(const uint8_t *roles, size_t n)
{
    size_t n_headed = 0, n_signed = 0;
    for (size_t i = 1; i < n; i++) {
        if (!role_is_title((enum role)roles[i - 1]) || role_is_title((enum role)roles[i]))
            continue;
        n_headed++;
        n_signed += is_signed(roles, i, n);
    }
    if (n_headed == 0)
        return STYLE_MIXED;
    return n_signed * 4 >= n_headed * 3 ? STYLE_SIGNED
           : n_signed * 4 <= n_headed   ? STYLE_UNSIGNED
                                        : STYLE_MIXED;
}

static fenlei_status check_order(const struct labelled_page *page, fenlei_error *error)
{
    for (size_t i = 0; i < page->lines.n; i++) {
        enum role role = (enum role)page->roles[i];
        bool may = i == 0 ? role_may_begin_page(role)
                          : role_may_follow((enum role)page->roles[i - 1], role);
        if (!may)
            return error_set(error, FENLEI_BAD_INPUT, "line %u: %s cannot stand behind %s",
                             page->lines.of[i].number, role_name(role),
                             i == 0 ? "nothing" : role_name((enum role)page->roles[i - 1]));
    }
    return FENLEI_OK;
}

static fenlei_status fill_page(struct labelled_page *page, const struct given_roles *given,
                               fenlei_error *error)
{
    fenlei_text text = {page->text.bytes, page->text.size};
    if (!lines_read(&page->lines, text, PAGE_LINES_MAX))
        return page->lines.too_long
                   ? error_set(error, FENLEI_BAD_INPUT, "more than %d lines", PAGE_LINES_MAX)
                   : error_memory(error);
    page->roles = array_new(page->lines.n + 1, 1);
    if (page->roles == NULL)
        return error_memory(error);
    for (size_t i = 0; i < page->lines.n; i++) {
        if (page->lines.of[i].number > given->n)
            return error_set(error, FENLEI_BAD_INPUT,
                             "a line of the page holds another line end (CR, U+2028, form feed)");
        page->roles[i] = given->of[page->lines.of[i].number - 1];
    }
    complete_roles(page->roles, page->lines.n);
    page->style = style_of(page->roles, page->lines.n);
    return check_order(page, error);
}

static void release_page(struct labelled_page *page)
{
    buffer_release(&page->text);
    lines_release(&page->lines);
    free(page->roles);
}

fenlei_status page_set_add(struct page_set *set, fenlei_text text, fenlei_error *error)
{
    if (utf8_valid_prefix(text.bytes, text.size) != text.size)
        return error_set(error, FENLEI_BAD_INPUT, "invalid UTF-8");
    if (!array_reserve(&set->pages, &set->capacity, set->n + 1, sizeof *set->pages))
        return error_memory(error);
    struct labelled_page *page = &set->pages[set->n++];
    struct given_roles given = {0};
    *page = (struct labelled_page){.weight = 1};
    fenlei_status status = take_lines(text, &given, &page->text, error);
    if (status == FENLEI_OK)
        status = fill_page(page, &given, error);
    free(given.of);
    return status;
}

/* ---- files ---- */

static bool has_suffix(const char *name, const char *suffix)
{
    size_t size = strlen(name), suffix_size = strlen(suffix);
    return size > suffix_size && strcmp(name + size - suffix_size, suffix) == 0;
}

static fenlei_status read_page(struct page_set *set, const char *path, fenlei_error *error)
{
    struct buffer bytes = {0};
    fenlei_status status = input_read(path, &bytes, error);
    if (status == FENLEI_OK)
        status = page_set_add(set, (fenlei_text){bytes.bytes, bytes.size}, error);
    buffer_release(&bytes);
    return status != FENLEI_OK && status != FENLEI_NO_MEMORY ? error_locate(error, path, 0)
                                                             : status;
}

/* Drawn pages are many and alike, and real pages are more like those that were written: of equal
 * weight, fewer articles of real pages are found. */
static const double DRAWN_WEIGHT = 1.0 / 9;

/* The pages of a layout as they are set. */
struct layout_pages {
    struct page_set *set;
    size_t n, n_refused;
    fenlei_error refusal; /* of the first one refused */
};

static void drop_last_page(struct page_set *set)
{
    release_page(&set->pages[--set->n]);
}

/* A drawn page may hold what its roles do not foresee, such as a headline whose wide blank looks
 * like the gutter of two columns: it is dropped. */
static fenlei_status take_page(void *context, fenlei_text page, fenlei_error *error)
{
    struct layout_pages *pages = context;
    pages->n++;
    fenlei_status status = page_set_add(pages->set, page, error);
    if (status == FENLEI_OK)
        pages->set->pages[pages->set->n - 1].weight = DRAWN_WEIGHT;
    if (status != FENLEI_BAD_INPUT)
        return status;
    if (pages->n_refused++ == 0)
        pages->refusal = *error;
    drop_last_page(pages->set);
    return FENLEI_OK;
}

struct reading {
    struct page_set *set;
    const struct layout_article *articles;
    size_t n_articles;
    struct layout_words words;
};

/* The pages of a layout are those of its name, wherever it is and whatever was read before. Where
 * more than one in ten is refused the layout is wrong and not the draw. */
static fenlei_status read_layout(struct reading *reading, const char *path, fenlei_error *error)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    struct layout_pages pages = {.set = reading->set};
    fenlei_status status = layout_set(path, &reading->words, reading->articles, reading->n_articles,
                                      XXH3_64bits(name, strlen(name)), take_page, &pages, error);
    if (status != FENLEI_OK || pages.n_refused * 10 <= pages.n)
        return status;
    *error = pages.refusal;
    return error_locate(error, path, 0);
}

static int is_page_file(const struct dirent *entry)
{
    return has_suffix(entry->d_name, ".page") || has_suffix(entry->d_name, ".layout");
}

static int is_words_file(const struct dirent *entry)
{
    return has_suffix(entry->d_name, ".words");
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static fenlei_status read_words(struct reading *reading, const char *path, fenlei_error *error)
{
    return layout_words_read(&reading->words, path, error);
}

static fenlei_status read_file(struct reading *reading, const char *path, fenlei_error *error)
{
    return has_suffix(path, ".layout") ? read_layout(reading, path, error)
                                       : read_page(reading->set, path, error);
}

/* Reads the files of a folder that are `wanted`, in the order of their bytes. */
static fenlei_status
read_folder(struct reading *reading, const char *folder, int (*wanted)(const struct dirent *entry),
            fenlei_status (*read)(struct reading *reading, const char *path, fenlei_error *error),
            fenlei_error *error)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, wanted, by_name);
    if (n < 0) {
        error_set(error, FENLEI_IO, "cannot read the folder: %s", strerror(errno));
        return error_locate(error, folder, 0);
    }
    fenlei_status status = FENLEI_OK;
    struct buffer path = {0};
    for (int i = 0; i < n; i++) {
        buffer_clear(&path);
        buffer_append_format(&path, "%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
        if (status == FENLEI_OK)
            status = path.failed ? error_memory(error) : read(reading, path.bytes, error);
    }
    free(entries);
    buffer_release(&path);
    return status;
}

/* The folder that a file is in. */
static fenlei_status read_words_beside(struct reading *reading, const char *path,
                                       fenlei_error *error)
{
    const char *slash = strrchr(path, '/');
    struct buffer folder = {0};
    buffer_append_format(&folder, "%.*s", slash != NULL ? (int)(slash - path) : 1,
                         slash != NULL ? path : ".");
    fenlei_status status =
        folder.failed ? error_memory(error)
                      : read_folder(reading, folder.bytes, is_words_file, read_words, error);
    buffer_release(&folder);
    return status;
}

fenlei_status page_set_read(struct page_set *set, const char *path,
                            const struct layout_article *articles, size_t n_articles,
                            fenlei_error *error)
{
    struct reading reading = {.set = set, .articles = articles, .n_articles = n_articles};
    struct stat file;
    fenlei_status status = FENLEI_OK;
    if (stat(path, &file) == 0 && S_ISDIR(file.st_mode)) {
        status = read_folder(&reading, path, is_words_file, read_words, error);
        if (status == FENLEI_OK)
            status = read_folder(&reading, path, is_page_file, read_file, error);
    } else {
        if (has_suffix(path, ".layout"))
            status = read_words_beside(&reading, path, error);
        if (status == FENLEI_OK)
            status = read_file(&reading, path, error);
    }
    layout_words_release(&reading.words);
    return status;
}

void page_set_release(struct page_set *set)
{
    for (size_t i = 0; i < set->n; i++)
        release_page(&set->pages[i]);
    free(set->pages);
    *set = (struct page_set){0};
}
