/* SPDX-License-Identifier: BSD-3-Clause */
#include "train/layout.h"

#include "base/input.h"
#include "base/status.h"
#include "train/text.h"

#include <stdlib.h>
#include <string.h>

static const char *const places[N_PLACES] = {"top",    "article", "between",
                                             "inside", "break",   "bottom"};

static bool is_number(fenlei_text text, unsigned *number)
{
    unsigned value = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9' || value > 100000000)
            return false;
        value = value * 10 + (unsigned)(text.bytes[i] - '0');
    }
    *number = value;
    return text.size > 0;
}

bool layout_is_range(fenlei_text text, struct range *range)
{
    fenlei_text least;
    text_cut(&text, '-', &least);
    bool good = is_number(least, &range->least);
    range->most = range->least;
    return good && (text.size == 0 || is_number(text, &range->most)) && range->least <= range->most;
}

static bool is_percent(fenlei_text text, unsigned *percent)
{
    return text.size > 1 && text.bytes[text.size - 1] == '%' &&
           is_number((fenlei_text){text.bytes, text.size - 1}, percent) && *percent <= 100;
}

static bool read_setting(struct layout *layout, fenlei_text line)
{
    const struct {
        const char *name;
        struct range *range;
    } ranges[] = {{"pages", &layout->pages},
                  {"articles", &layout->articles},
                  {"wrap", &layout->wrap},
                  {"blank", &layout->blank},
                  {"indent", &layout->indent}};
    const struct {
        const char *name;
        unsigned *percent;
    } percents[] = {{"short", &layout->short_percent},     {"broken", &layout->broken_percent},
                    {"wrapped", &layout->wrapped_percent}, {"narrow", &layout->narrow_percent},
                    {"foreign", &layout->foreign_percent}, {"terse", &layout->terse_percent},
                    {"alike", &layout->alike_percent},     {"dense", &layout->dense_percent},
                    {"tagged", &layout->tagged_percent}};
    fenlei_text name, first;
    text_cut(&line, ' ', &name);
    text_cut(&line, ' ', &first);
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (text_equal(name, text_of(ranges[i].name)))
            return layout_is_range(first, ranges[i].range);
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++)
        if (text_equal(name, text_of(percents[i].name)))
            return is_percent(first, percents[i].percent);
    if (!text_equal(name, text_of("spaced")))
        return false;
    struct layout_spacing *spaced = &layout->spaced[layout->n_spaced];
    layout->n_spaced += layout->n_spaced + 1 < sizeof layout->spaced / sizeof *layout->spaced;
    spaced->role = line;
    return is_percent(first, &spaced->percent);
}

/* [article 3], [between 20%] */
static bool read_block(struct layout *layout, fenlei_text line)
{
    fenlei_text name;
    if (line.size < 2 || line.bytes[line.size - 1] != ']' ||
        !array_reserve(&layout->blocks, &layout->blocks_capacity, layout->n_blocks + 1,
                       sizeof *layout->blocks))
        return false;
    line = (fenlei_text){line.bytes + 1, line.size - 2};
    bool has_weight = text_cut(&line, ' ', &name);
    struct layout_block block = {.weight = 1, .begin = layout->n_lines, .end = layout->n_lines};
    for (int place = 0; place < N_PLACES; place++) {
        if (!text_equal(name, text_of(places[place])))
            continue;
        block.place = (enum layout_place)place;
        bool is_article = place == PLACE_ARTICLE;
        block.weight = is_article ? 1 : 100;
        bool good = !has_weight ||
                    (is_article ? is_number(line, &block.weight) : is_percent(line, &block.weight));
        layout->blocks[layout->n_blocks++] = block;
        return good;
    }
    return false;
}

static bool read_block_line(struct layout *layout, fenlei_text line)
{
    struct layout_line made = {.percent = 100};
    if (!array_reserve(&layout->lines, &layout->lines_capacity, layout->n_lines + 1,
                       sizeof *layout->lines))
        return false;
    if (line.size > 0) {
        fenlei_text role;
        if (!text_cut(&line, '\t', &role))
            return false;
        fenlei_text first, rest = role;
        if (text_cut(&rest, ' ', &first)) {
            if (!is_percent(first, &made.percent))
                return false;
            role = rest;
        }
        made.role = role;
        made.text = line;
    }
    layout->lines[layout->n_lines++] = made;
    layout->blocks[layout->n_blocks - 1].end = layout->n_lines;
    return true;
}

static bool read_line(struct layout *layout, fenlei_text line)
{
    if (line.size > 1 && line.bytes[0] == '/' && line.bytes[1] == '/')
        return true;
    if (line.size > 0 && line.bytes[0] == '[')
        return read_block(layout, line);
    if (layout->n_blocks > 0)
        return read_block_line(layout, line);
    return line.size == 0 || read_setting(layout, line);
}

/* The blank lines that end a block in its file are no part of it. */
static void trim_blocks(struct layout *layout)
{
    for (size_t i = 0; i < layout->n_blocks; i++) {
        struct layout_block *block = &layout->blocks[i];
        while (block->end > block->begin && layout->lines[block->end - 1].role.size == 0)
            block->end--;
    }
}

fenlei_status layout_read(struct layout *layout, const char *path, fenlei_error *error)
{
    *layout = (struct layout){.pages = {1, 1}, .articles = {2, 5}, .wrapped_percent = 100};
    fenlei_status status = input_read(path, &layout->bytes, error);
    if (status != FENLEI_OK)
        return error_locate(error, path, 0);
    fenlei_text rest = {layout->bytes.bytes, layout->bytes.size}, line;
    for (size_t number = 1; rest.size > 0; number++) {
        text_cut(&rest, '\n', &line);
        if (!read_line(layout, line)) {
            error_set(error, FENLEI_BAD_INPUT, "not a line of a layout");
            return error_locate(error, path, number);
        }
    }
    trim_blocks(layout);
    for (size_t i = 0; i < layout->n_blocks; i++)
        if (layout->blocks[i].place == PLACE_ARTICLE)
            return FENLEI_OK;
    error_set(error, FENLEI_BAD_INPUT, "a layout without [article]");
    return error_locate(error, path, 0);
}

void layout_release(struct layout *layout)
{
    buffer_release(&layout->bytes);
    free(layout->lines);
    free(layout->blocks);
}
