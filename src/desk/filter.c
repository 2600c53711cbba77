/* SPDX-License-Identifier: BSD-3-Clause */
#include "desk/filter.h"

#include <ctype.h>
#include <string.h>

static const char *const names[] = {"q",     "topic",  "from",   "to",   "file",
                                    "paper", "review", "judged", "order"};

struct filter filter_read(const struct fields *fields)
{
    fenlei_text judged = fields_value(fields, "judged"), order = fields_value(fields, "order");
    return (struct filter){.search = fields_value(fields, "q"),
                           .paper = fields_value(fields, "paper"),
                           .review = fields_value(fields, "review"),
                           .from = fields_value(fields, "from"),
                           .to = fields_value(fields, "to"),
                           .topic = fields_number(fields, "topic"),
                           .file = fields_number(fields, "file"),
                           .is_untopical =
                               text_equal(fields_value(fields, "topic"), text_of("none")),
                           .judgement = text_equal(judged, text_of("yes"))  ? JUDGED_YES
                                        : text_equal(judged, text_of("no")) ? JUDGED_NO
                                                                            : JUDGED_EITHER,
                           .order = text_equal(order, text_of("day"))     ? ORDER_DAY
                                    : text_equal(order, text_of("doubt")) ? ORDER_DOUBT
                                                                          : ORDER_NEWEST};
}

void address_append(struct buffer *out, fenlei_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.bytes[i];
        if ((c < 0x80 && isalnum(c)) || c == '-' || c == '.' || c == '_')
            buffer_append(out, &text.bytes[i], 1);
        else
            buffer_append_format(out, "%%%02X", c);
    }
}

void filter_address(struct buffer *out, const struct fields *fields, char first)
{
    char before = first;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fenlei_text value = fields_value(fields, names[i]);
        if (value.size == 0)
            continue;
        buffer_append_format(out, "%c%s=", before, names[i]);
        address_append(out, value);
        before = '&';
    }
}

bool filter_from(struct filter *filter, struct store *store, int64_t article, bool is_backwards,
                 struct article *scratch)
{
    fenlei_error error;
    if (store_article(store, article, scratch, &error) != STORE_DONE)
        return false;
    filter->cursor = scratch->id;
    filter->cursor_day = scratch->day;
    filter->cursor_doubt = scratch->doubt;
    filter->cursor_line = scratch->first_line;
    filter->is_backwards = is_backwards;
    return true;
}
