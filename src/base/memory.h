/* SPDX-License-Identifier: BSD-3-Clause */
/* Growing arrays and byte buffers, with sizes checked before they are multiplied. A failed
 * allocation leaves the old contents as they were. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include "fenlei.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Makes room for `needed` elements in the array that *array points to (NULL at first), at least
 * doubling *capacity when it grows. `array` is the address of the pointer: &list->items. */
bool array_reserve(void *array, size_t *capacity, size_t needed, size_t element_size);

/* Zeroed memory for count elements; NULL when there is none or the product overflows. */
void *array_new(size_t count, size_t element_size);

/* The same for an array that is used here and there from the first document on: the system is asked
 * for its pages at once, where it can, instead of one by one when they are touched. A large one
 * stays as it is. */
void *array_new_at_hand(size_t count, size_t element_size);

/* Bytes that grow at the end. Appending after a failed allocation does nothing and `failed` stays
 * true, so a caller checks once, at the end. All zero is an empty buffer. */
struct buffer {
    char *bytes;
    size_t size;
    size_t capacity;
    bool failed;
};

/* Room for `more` bytes behind the last; false, and `failed`, when there is none. */
bool buffer_reserve(struct buffer *buffer, size_t more);
void buffer_append(struct buffer *buffer, const char *bytes, size_t size);
void buffer_append_text(struct buffer *buffer, fenlei_text text);
void buffer_append_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buffer_clear(struct buffer *buffer);   /* empty, memory kept, `failed` forgotten */
void buffer_release(struct buffer *buffer); /* empty, memory given back */

bool text_equal(fenlei_text a, fenlei_text b);
fenlei_text text_trim(fenlei_text text); /* without spaces, tabs and line ends around it */

/* Inline, as what follows: the compiler knows how long a literal is, and they are asked of every line
 * of every page and record. */
static inline fenlei_text text_of(const char *string)
{
    return (fenlei_text){string, strlen(string)};
}

static inline void buffer_append_string(struct buffer *buffer, const char *string)
{
    buffer_append(buffer, string, strlen(string));
}

static inline bool text_begins(fenlei_text text, const char *with)
{
    size_t size = strlen(with);
    return text.size >= size && memcmp(text.bytes, with, size) == 0;
}

static inline bool text_ends(fenlei_text text, const char *with)
{
    size_t size = strlen(with);
    return text.size >= size && memcmp(text.bytes + text.size - size, with, size) == 0;
}

/* Without its first `size` bytes, which it has. */
static inline fenlei_text text_skip(fenlei_text text, size_t size)
{
    return (fenlei_text){text.bytes + size, text.size - size};
}

#endif
