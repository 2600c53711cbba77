/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

bool array_reserve(void *array, size_t *capacity, size_t needed, size_t element_size)
{
    if (needed <= *capacity)
        return true;
    size_t grown = *capacity < SIZE_MAX / 2 ? *capacity * 2 : needed;
    if (grown < needed)
        grown = needed;
    if (grown < 16)
        grown = 16;
    if (grown > SIZE_MAX / element_size)
        return false;
    void *memory;
    memcpy(&memory, array, sizeof memory);
    memory = realloc(memory, grown * element_size);
    if (memory == NULL)
        return false;
    memcpy(array, &memory, sizeof memory);
    *capacity = grown;
    return true;
}

void *array_new(size_t count, size_t element_size)
{
    return calloc(count > 0 ? count : 1, element_size);
}

enum { LARGE_PAGE = 2 << 20 };

/* The system takes as long for a large page as for so many bytes in small ones. */
enum { WORTH_LARGE = LARGE_PAGE / 8 };

/* Of memory for *size bytes; makes *size whole pages. */
static size_t page_for(size_t *size)
{
    size_t page = *size >= WORTH_LARGE ? LARGE_PAGE : (size_t)sysconf(_SC_PAGESIZE);
    *size = *size == 0 ? page : (*size + page - 1) / page * page;
    return page;
}

void *pages_new(size_t size)
{
    size_t used = size;
    if (size > SIZE_MAX / 2)
        return NULL;
    size_t page = page_for(&size);
    char *found =
        mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (found == MAP_FAILED)
        return NULL;
    size_t before = (page - (uintptr_t)found % page) % page;
    char *pages = found + before;
    if (before > 0)
        munmap(found, before);
    if (page > before)
        munmap(pages + size, page - before);
    /* Advice: it may be refused. */
    if (page == LARGE_PAGE)
        madvise(pages, size, MADV_HUGEPAGE);
#ifdef MADV_POPULATE_WRITE
    madvise(pages, used, MADV_POPULATE_WRITE);
#endif
    return pages;
}

void pages_free(void *pages, size_t size)
{
    if (pages == NULL)
        return;
    page_for(&size);
    munmap(pages, size);
}

bool buffer_reserve(struct buffer *buffer, size_t more)
{
    if (buffer->failed || more > SIZE_MAX - buffer->size ||
        !array_reserve(&buffer->bytes, &buffer->capacity, buffer->size + more, 1))
        buffer->failed = true;
    return !buffer->failed;
}

void buffer_append(struct buffer *buffer, const char *bytes, size_t size)
{
    if (size == 0 || !buffer_reserve(buffer, size))
        return;
    memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size += size;
}

void buffer_append_text(struct buffer *buffer, fenlei_text text)
{
    buffer_append(buffer, text.bytes, text.size);
}

void buffer_append_format(struct buffer *buffer, const char *format, ...)
{
    enum { USUAL = 64 }; /* bytes; what takes more is written twice */
    size_t room = buffer_reserve(buffer, USUAL) ? buffer->capacity - buffer->size : 0;
    va_list arguments;
    va_start(arguments, format);
    int size = room > 0 ? vsnprintf(buffer->bytes + buffer->size, room, format, arguments) : -1;
    va_end(arguments);
    if (size < 0 || !buffer_reserve(buffer, (size_t)size + 1)) {
        buffer->failed = true;
        return;
    }
    if ((size_t)size >= room) {
        va_start(arguments, format);
        vsnprintf(buffer->bytes + buffer->size, (size_t)size + 1, format, arguments);
        va_end(arguments);
    }
    buffer->size += (size_t)size;
}

void buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = false;
}

void buffer_release(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}

void buffer_shed(struct buffer *buffer)
{
    enum { KEPT = 64 << 10 };
    if (buffer->capacity > KEPT)
        buffer_release(buffer);
    else if (buffer->size > 0 || buffer->failed)
        buffer_clear(buffer);
}

bool text_is_blank(fenlei_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] != ' ' && (text.bytes[i] < '\t' || text.bytes[i] > '\r'))
            return false;
    return true;
}

bool text_equal(fenlei_text a, fenlei_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

fenlei_text text_trim(fenlei_text text)
{
    while (text.size > 0 && is_blank(text.bytes[text.size - 1]))
        text.size--;
    while (text.size > 0 && is_blank(text.bytes[0]))
        text = (fenlei_text){text.bytes + 1, text.size - 1};
    return text;
}
