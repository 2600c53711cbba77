/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/series.h"

#include "base/utf8.h"
#include "label/fold.h"

#include <string.h>

/* The digit, Arabic or Chinese, that `text` begins with; -1 for none. *size becomes its bytes. */
static int leading_digit(fenlei_text text, size_t *size)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四", "五",
                                         "六", "七", "八", "九", "十"};
    if (text.size > 0 && text.bytes[0] >= '0' && text.bytes[0] <= '9') {
        *size = 1;
        return text.bytes[0] - '0';
    }
    for (int digit = 1; digit <= 10; digit++) {
        *size = strlen(digits[digit]);
        if (text_begins(text, digits[digit]))
            return digit;
    }
    return -1;
}

/* What may stand behind the number of a heading: not the unit of 截至 4 月底. */
static bool ends_number(fenlei_text rest)
{
    static const char *const units[] = {"月", "日", "年", "时", "時"};
    size_t at = 0;
    if (rest.size == 0)
        return true;
    int32_t c = utf8_next(rest.bytes, &at);
    bool is_space = (fold_class(c) & FOLD_SPACE) != 0;
    for (size_t i = 0; is_space && i < sizeof units / sizeof *units; i++)
        if (text_begins(text_skip(rest, at), units[i]))
            return false;
    return is_space || c == 0x3001 /* 、 */ || c == 0xFF1A /* ： */ || c == 0x7AE0 /* 章 */;
}

/* The name, of two characters or more, before the number of a heading; empty where there is none.
 */
static fenlei_text name_of(fenlei_text text, int *number)
{
    size_t size = 0, width = 0, name_size = 0;
    for (size_t at = 0, next = 0; at < text.size && width <= 6; at = next) {
        fenlei_text rest = {text.bytes + at, text.size - at};
        *number = leading_digit(rest, &size);
        if (*number >= 0) {
            rest = (fenlei_text){rest.bytes + size, rest.size - size};
            return width >= 2 && ends_number(rest) ? (fenlei_text){text.bytes, name_size}
                                                   : (fenlei_text){"", 0};
        }
        if ((fold_class(utf8_next(text.bytes, &next)) & FOLD_SPACE) == 0) {
            width++;
            name_size = next;
        }
    }
    return (fenlei_text){"", 0};
}

uint32_t series_owner(struct series *series, const struct line *line, uint32_t current)
{
    int number = 0;
    fenlei_text name = name_of(line->text, &number);
    if (name.size == 0)
        return current;
    uint32_t bit = UINT32_C(1) << (number & 31);
    for (size_t i = series->n; i-- > 0;) {
        struct series_name *known = &series->of[i];
        if (!text_equal(known->name, name) || (known->numbers & bit) != 0)
            continue;
        known->numbers |= bit;
        return known->owner;
    }
    if (series->n < SERIES_KEPT)
        series->of[series->n++] = (struct series_name){name, current, bit};
    return current;
}
