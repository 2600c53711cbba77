/* SPDX-License-Identifier: BSD-3-Clause */
/* Preloaded into a program, fails its n-th allocation, or every one from the n-th on, and counts
 * what the program's own code has not given back when it ends.
 *
 *     SHIM_FAIL_AT=N       which allocation fails, from 1; unset or 0: none
 *     SHIM_FAIL_FOREVER=1  all that follow too
 *     SHIM_REPORT=FILE     where "ALLOCATIONS FAILED LEAKED\n" is written at exit
 *
 * The counters are shared with child processes; only the first process reports. mmap() is counted
 * where the program calls it. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* NOLINTBEGIN: glibc's own, under the reserved names that it keeps for this. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);
/* NOLINTEND */

enum { RANGES_MAX = 64, SLOTS = 1 << 20 };

struct range {
    uintptr_t begin, end;
};

struct ranges {
    struct range of[RANGES_MAX];
    size_t n;
};

static struct ranges owned; /* code that must give back all it takes */
static struct counters {
    atomic_ulong allocations, failed;
} * counters; /* shared with children */
static unsigned long fail_at;
static bool fail_forever;
static pid_t first; /* the process that reports */

/* What `owned` code holds: open addressing, 1 for a slot that was freed. */
static uintptr_t held[SLOTS];
static size_t n_held;
static atomic_flag held_lock = ATOMIC_FLAG_INIT;

static bool is_in(const struct ranges *ranges, const void *address)
{
    uintptr_t at = (uintptr_t)address;
    for (size_t i = 0; i < ranges->n; i++)
        if (at >= ranges->of[i].begin && at < ranges->of[i].end)
            return true;
    return false;
}

static size_t slot_of(const void *memory)
{
    return (size_t)(((uintptr_t)memory >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 44) & (SLOTS - 1);
}

static void hold(const void *memory)
{
    while (atomic_flag_test_and_set(&held_lock))
        ;
    size_t i = slot_of(memory);
    while (held[i] > 1)
        i = (i + 1) & (SLOTS - 1);
    held[i] = (uintptr_t)memory;
    n_held++;
    atomic_flag_clear(&held_lock);
}

static bool let_go(const void *memory)
{
    while (atomic_flag_test_and_set(&held_lock))
        ;
    size_t i = slot_of(memory);
    while (held[i] != 0 && held[i] != (uintptr_t)memory)
        i = (i + 1) & (SLOTS - 1);
    bool found = held[i] != 0;
    if (found) {
        held[i] = 1;
        n_held--;
    }
    atomic_flag_clear(&held_lock);
    return found;
}

/* Counts one allocation and says whether it is to fail. */
static bool fails(void)
{
    if (counters == NULL)
        return false;
    unsigned long number = atomic_fetch_add(&counters->allocations, 1) + 1;
    if (fail_at == 0 || number < fail_at || (number > fail_at && !fail_forever))
        return false;
    atomic_fetch_add(&counters->failed, 1);
    errno = ENOMEM;
    return true;
}

static void *taken(void *memory, const void *caller)
{
    if (memory != NULL && counters != NULL && is_in(&owned, caller))
        hold(memory);
    return memory;
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t size)
{
    return fails() ? NULL : taken(__libc_malloc(size), CALLER);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : taken(__libc_calloc(count, size), CALLER);
}

void *realloc(void *memory, size_t size)
{
    if (fails())
        return NULL;
    bool was_held = memory != NULL && let_go(memory);
    void *moved = __libc_realloc(memory, size);
    if (moved == NULL && was_held)
        hold(memory);
    return taken(moved, CALLER);
}

void *reallocarray(void *memory, size_t count, size_t size)
{
    size_t product;
    if (__builtin_mul_overflow(count, size, &product) || fails()) {
        errno = ENOMEM;
        return NULL;
    }
    bool was_held = memory != NULL && let_go(memory);
    void *moved = __libc_realloc(memory, product);
    if (moved == NULL && was_held)
        hold(memory);
    return taken(moved, CALLER);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : taken(__libc_memalign(alignment, size), CALLER);
}

void *memalign(size_t alignment, size_t size)
{
    return fails() ? NULL : taken(__libc_memalign(alignment, size), CALLER);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    void *made = fails() ? NULL : taken(__libc_memalign(alignment, size), CALLER);
    if (made == NULL)
        return ENOMEM;
    *memory = made;
    return 0;
}

void free(void *memory)
{
    if (memory != NULL)
        let_go(memory);
    __libc_free(memory);
}

void *mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset)
{
    if (fails())
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, address, size, protection, flags, descriptor, offset);
}

/* ---- begin and end ---- */

static void add_code(struct ranges *ranges, const struct dl_phdr_info *object)
{
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0 || ranges->n == RANGES_MAX)
            continue;
        uintptr_t begin = object->dlpi_addr + segment->p_vaddr;
        ranges->of[ranges->n++] = (struct range){begin, begin + segment->p_memsz};
    }
}

/* The program itself, and the libraries that keep nothing for themselves. */
static bool is_owned(const char *name)
{
    return name[0] == '\0' || strstr(name, "/libcjson.") != NULL ||
           strstr(name, "/libxxhash.") != NULL;
}

static int visit_object(struct dl_phdr_info *object, size_t size, void *context)
{
    (void)size;
    (void)context;
    if (is_owned(object->dlpi_name))
        add_code(&owned, object);
    return 0;
}

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("SHIM_FAIL_AT");
    first = getpid();
    fail_at = at != NULL ? strtoul(at, NULL, 10) : 0;
    fail_forever = getenv("SHIM_FAIL_FOREVER") != NULL;
    dl_iterate_phdr(visit_object, NULL);
    void *shared = (void *)syscall(SYS_mmap, NULL, sizeof *counters, PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared != MAP_FAILED)
        counters = shared;
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("SHIM_REPORT");
    char line[80];
    if (path == NULL || counters == NULL || getpid() != first)
        return;
    int size = snprintf(line, sizeof line, "%lu %lu %zu\n", atomic_load(&counters->allocations),
                        atomic_load(&counters->failed), n_held);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0 || write(descriptor, line, (size_t)size) != size)
        _exit(99);
    close(descriptor);
}
