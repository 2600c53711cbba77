/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void number_signed(struct buffer *out, double value, unsigned decimals, const char *plus,
                   const char *minus)
{
    static const long long powers[] = {
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
    buffer_append_string(out, scaled < 0 ? minus : plus);
    buffer_append_format(out, "%lld", llabs(scaled) / powers[decimals]);
    if (decimals > 0)
        buffer_append_format(out, ".%0*lld", (int)decimals, llabs(scaled) % powers[decimals]);
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
