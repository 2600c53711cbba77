/* SPDX-License-Identifier: BSD-3-Clause */
/* The layout of the tables of two-byte encodings; shared by encoding.c and encoding_generate.c. */
#ifndef LABEL_ENCODING_CELLS_H
#define LABEL_ENCODING_CELLS_H

/* Lead bytes of GB18030 and of Big5, and the trail bytes, up to LEAD_MAX, of either. Neither 0x80
 * nor 0xFF leads anything. */
enum {
    LEAD_MIN = 0x81,
    LEAD_MAX = 0xFE,
    TRAIL_MIN = 0x40,
    CELL_LEADS = LEAD_MAX - LEAD_MIN + 1,
    CELL_TRAILS = LEAD_MAX - TRAIL_MIN + 1
};

/* GB18030's characters of four bytes are counted through; from this place on, they are those from
 * U+10000 on, in their order. */
enum { GB18030_PLANES = 189000 };

#define GB18030_PLACE(bytes)                                                                       \
    ((((uint32_t)(bytes)[0] - 0x81) * 10 + ((uint32_t)(bytes)[1] - '0')) * 1260 +                  \
     ((uint32_t)(bytes)[2] - 0x81) * 10 + ((uint32_t)(bytes)[3] - '0'))

#endif
