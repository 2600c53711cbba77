/* SPDX-License-Identifier: BSD-3-Clause */
#include "label/encoding.h"

#include "base/utf8.h"
#include "label/encoding_cells.h"

#include "label/encoding_data.h"

static size_t read_utf8(const uint8_t *bytes, size_t size, uint32_t *character)
{
    size_t at = 0, length = utf8_size((const char *)bytes, size);
    if (length > 0)
        *character = (uint32_t)utf8_next((const char *)bytes, &at);
    return length;
}

static bool is_surrogate(uint32_t c)
{
    return (c & 0xFFFFF800) == 0xD800;
}

/* `first` is the unit at bytes[0], `second` the next one where there is one. */
static size_t read_units(size_t size, uint32_t first, uint32_t second, uint32_t *character)
{
    *character = first;
    if (!is_surrogate(first))
        return 2;
    if (size < 4 || first >= 0xDC00 || second < 0xDC00 || !is_surrogate(second))
        return 0;
    *character = 0x10000 + ((first - 0xD800) << 10 | (second - 0xDC00));
    return 4;
}

static size_t read_utf16le(const uint8_t *bytes, size_t size, uint32_t *character)
{
    if (size < 2)
        return 0;
    uint32_t second = size < 4 ? 0 : (uint32_t)bytes[3] << 8 | bytes[2];
    return read_units(size, (uint32_t)bytes[1] << 8 | bytes[0], second, character);
}

static size_t read_utf16be(const uint8_t *bytes, size_t size, uint32_t *character)
{
    if (size < 2)
        return 0;
    uint32_t second = size < 4 ? 0 : (uint32_t)bytes[2] << 8 | bytes[3];
    return read_units(size, (uint32_t)bytes[0] << 8 | bytes[1], second, character);
}

static size_t check_unit(uint32_t unit, uint32_t *character)
{
    *character = unit;
    return unit > 0x10FFFF || is_surrogate(unit) ? 0 : 4;
}

static size_t read_utf32le(const uint8_t *bytes, size_t size, uint32_t *character)
{
    if (size < 4)
        return 0;
    return check_unit((uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 |
                          (uint32_t)bytes[1] << 8 | bytes[0],
                      character);
}

static size_t read_utf32be(const uint8_t *bytes, size_t size, uint32_t *character)
{
    if (size < 4)
        return 0;
    return check_unit((uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
                          (uint32_t)bytes[2] << 8 | bytes[3],
                      character);
}

/* A cell of two bytes, both in range: 0 where the encoding has no character there. */
static uint32_t cell(const uint16_t *cells, uint8_t lead, uint8_t trail)
{
    return cells[(size_t)(lead - LEAD_MIN) * CELL_TRAILS + (size_t)(trail - TRAIL_MIN)];
}

static bool is_lead(uint8_t byte)
{
    return byte >= LEAD_MIN && byte <= LEAD_MAX;
}

static size_t read_cell(const uint16_t *cells, const uint8_t *bytes, size_t size,
                        uint32_t *character)
{
    if (bytes[0] < 0x80) {
        *character = bytes[0];
        return 1;
    }
    if (size < 2 || !is_lead(bytes[0]) || bytes[1] < TRAIL_MIN || bytes[1] > LEAD_MAX)
        return 0;
    *character = cell(cells, bytes[0], bytes[1]);
    return *character == 0 ? 0 : 2;
}

/* The character of a place in GB18030's area of four bytes, counted from 81 30 81 30; 0 for none.
 */
static uint32_t four_bytes(uint32_t place)
{
    enum { N = sizeof gb18030_runs / sizeof *gb18030_runs };
    if (place >= GB18030_PLANES)
        return place - GB18030_PLANES < 0x100000 ? place - GB18030_PLANES + 0x10000 : 0;
    size_t low = 0, high = N; /* the last run that does not begin behind `place` */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (gb18030_runs[middle].place <= place)
            low = middle;
        else
            high = middle;
    }
    uint32_t offset = place - gb18030_runs[low].place;
    return offset < gb18030_runs[low].count ? gb18030_runs[low].character + offset : 0;
}

static size_t read_gb18030(const uint8_t *bytes, size_t size, uint32_t *character)
{
    if (size < 4 || !is_lead(bytes[0]) || bytes[1] < '0' || bytes[1] > '9')
        return read_cell(gb18030_cells, bytes, size, character);
    if (!is_lead(bytes[2]) || bytes[3] < '0' || bytes[3] > '9')
        return 0;
    *character = four_bytes(GB18030_PLACE(bytes));
    return *character == 0 ? 0 : 4;
}

static size_t read_big5(const uint8_t *bytes, size_t size, uint32_t *character)
{
    return read_cell(big5_cells, bytes, size, character);
}

const struct encoding encodings[N_ENCODINGS] = {
    [UTF_8] = {"UTF-8", "\xEF\xBB\xBF", 3, 4, read_utf8},
    [GB18030] = {"GB18030", "\x84\x31\x95\x33", 4, 4, read_gb18030},
    [BIG5] = {"Big5", "", 0, 3, read_big5},
    [UTF_16LE] = {"UTF-16LE", "\xFF\xFE", 2, 4, read_utf16le},
    [UTF_16BE] = {"UTF-16BE", "\xFE\xFF", 2, 4, read_utf16be},
    [UTF_32LE] = {"UTF-32LE", "\xFF\xFE\0\0", 4, 5, read_utf32le},
    [UTF_32BE] = {"UTF-32BE", "\0\0\xFE\xFF", 4, 5, read_utf32be},
};
