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

/* Zeroed memory for what is used here and there from the first document on: whole pages, large ones
 * where there is enough of it and the system has them, which are all there at once. One that is
 * read before it is written comes twice, and the second time every thread is held up. NULL when
 * there is none. To be given back with the same size; no harm of NULL. */
void *pages_new(size_t size);
void pages_free(void *pages, size_t size);

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

/* Empties a buffer that is used again and again, and gives back the memory of an unusually large
 * one. What is empty is not written to: memory that two threads write in turn goes from one to the
 * other each time, and most buffers stay empty. */
void buffer_shed(struct buffer *buffer);

bool text_equal(fenlei_text a, fenlei_text b);
bool text_is_blank(fenlei_text text);    /* nothing but white space of ASCII */
fenlei_text text_trim(fenlei_text text); /* without spaces, tabs and line ends around it */

/* Inline, as what follows: the compiler knows how long a literal is, and they are asked of every
 * line of every page and record. */
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
