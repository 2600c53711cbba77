/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void number_whole(struct buffer *out, uint64_t value, unsigned digits)
{
    char text[20]; /* UINT64_MAX has as many digits */
    size_t at = sizeof text;
    while (at > 0 && (value > 0 || digits > 0)) {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
        digits -= digits > 0;
    }
    buffer_append(out, text + at, sizeof text - at);
}

void number_signed(struct buffer *out, double value, unsigned decimals, const char *plus,
                   const char *minus)
{
    static const uint64_t powers[] = {
        1,        10,        100,        1000,        10000,        100000,       1000000,
        10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000};
    if (!isfinite(value)) {
        buffer_append_string(out, "-");
        return;
    }
    if (decimals > 9 && fabs(value) >= 1e6)
        decimals = 9; /* or it would not fit */
    if (fabs(value) >= 1e9) {
        buffer_append_string(out, value < 0 ? minus : plus);
        buffer_append_format(out, fabs(value) < 9007199254740992.0 ? "%.0f" : "%.17g", fabs(value));
        return;
    }
    long long scaled = llround(value * (double)powers[decimals]);
    uint64_t size = (uint64_t)llabs(scaled);
    buffer_append_string(out, scaled < 0 ? minus : plus);
    number_whole(out, size / powers[decimals], 1);
    if (decimals > 0) {
        buffer_append_string(out, ".");
        number_whole(out, size % powers[decimals], decimals);
    }
}

void number_fixed(struct buffer *out, double value, unsigned decimals)
{
    number_signed(out, value, decimals, "", "-");
}

void number_aligned(struct buffer *out, double value, unsigned decimals, const char *plus,
                    size_t width)
{
    size_t start = out->size;
    number_signed(out, value, decimals, plus, "-");
    size_t size = out->size - start, pad = size < width ? width - size : 0;
    for (size_t i = 0; i < pad; i++)
        buffer_append_string(out, " ");
    if (out->failed)
        return;
    memmove(out->bytes + start + pad, out->bytes + start, size);
    memset(out->bytes + start, ' ', pad);
}
