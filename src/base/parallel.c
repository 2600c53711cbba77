/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/parallel.h"

#include <sched.h>

static void *run(void *argument)
{
    struct crew *crew = argument;
    unsigned thread = atomic_fetch_add(&crew->n_numbered, 1);
    size_t item;
    while ((item = atomic_fetch_add(&crew->next, 1)) < crew->n_items)
        crew->work(crew->context, thread, item);
    return NULL;
}

unsigned parallel_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count > THREADS_MAX ? THREADS_MAX : (unsigned)count;
}

void parallel_begin(struct crew *crew, size_t n_items, unsigned n_threads,
                    void (*work)(void *context, unsigned thread, size_t item), void *context)
{
    crew->work = work;
    crew->context = context;
    crew->n_items = n_items;
    atomic_init(&crew->next, 0);
    atomic_init(&crew->n_numbered, 0);
    if (n_threads > THREADS_MAX)
        n_threads = THREADS_MAX;
    if (n_threads > n_items)
        n_threads = (unsigned)n_items;
    for (crew->n_started = 1; crew->n_started < n_threads; crew->n_started++)
        if (pthread_create(&crew->threads[crew->n_started], NULL, run, crew) != 0)
            break;
}

void parallel_finish(struct crew *crew)
{
    run(crew);
    for (unsigned i = 1; i < crew->n_started; i++)
        pthread_join(crew->threads[i], NULL);
    crew->n_started = 0;
}

void parallel_for(size_t n_items, unsigned n_threads,
                  void (*work)(void *context, unsigned thread, size_t item), void *context)
{
    struct crew crew;
    parallel_begin(&crew, n_items, n_threads, work, context);
    parallel_finish(&crew);
}
