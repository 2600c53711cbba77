/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

struct crew {
    void (*work)(void *context, unsigned thread, size_t item);
    void *context;
    size_t n_items;
    atomic_size_t next;
};

struct worker {
    struct crew *crew;
    unsigned thread;
};

static void *run(void *argument)
{
    struct worker *worker = argument;
    struct crew *crew = worker->crew;
    size_t item;
    while ((item = atomic_fetch_add(&crew->next, 1)) < crew->n_items)
        crew->work(crew->context, worker->thread, item);
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

void parallel_for(size_t n_items, unsigned n_threads,
                  void (*work)(void *context, unsigned thread, size_t item), void *context)
{
    struct crew crew = {.work = work, .context = context, .n_items = n_items};
    atomic_init(&crew.next, 0);
    pthread_t threads[THREADS_MAX];
    struct worker workers[THREADS_MAX];
    if (n_threads > THREADS_MAX)
        n_threads = THREADS_MAX;
    if (n_threads > n_items)
        n_threads = (unsigned)n_items;
    unsigned started = 1;
    for (; started < n_threads; started++) {
        workers[started] = (struct worker){&crew, started};
        if (pthread_create(&threads[started], NULL, run, &workers[started]) != 0)
            break;
    }
    workers[0] = (struct worker){&crew, 0};
    run(&workers[0]);
    for (unsigned i = 1; i < started; i++)
        pthread_join(threads[i], NULL);
}
