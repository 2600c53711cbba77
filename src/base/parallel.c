/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/parallel.h"

#include <sched.h>

/* Threads at work. */
struct team {
    void (*work)(void *context, unsigned thread, size_t item);
    void *context;
    size_t n_items;
    atomic_size_t next;     /* the first item that nobody has taken */
    atomic_uint n_numbered; /* threads that have a number, from 0 on */
};

static void *run(void *argument)
{
    struct team *team = argument;
    unsigned thread = atomic_fetch_add(&team->n_numbered, 1);
    size_t item;
    while ((item = atomic_fetch_add(&team->next, 1)) < team->n_items)
        team->work(team->context, thread, item);
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

/* A kernel that keeps processors asleep starts a thread where its maker runs, and may leave it
 * there, waiting for its turn, for milliseconds. So it begins on another one, and may go anywhere
 * from there. */
bool parallel_start(pthread_t *thread, void *(*start)(void *argument), void *argument)
{
    pthread_attr_t elsewhere;
    cpu_set_t all, others;
    int here = sched_getcpu();
    if (here < 0 || here >= CPU_SETSIZE || sched_getaffinity(0, sizeof all, &all) != 0 ||
        pthread_attr_init(&elsewhere) != 0)
        return pthread_create(thread, NULL, start, argument) == 0;
    others = all;
    CPU_CLR((size_t)here, &others);
    bool moves = CPU_COUNT(&others) > 0 &&
                 pthread_attr_setaffinity_np(&elsewhere, sizeof others, &others) == 0;
    bool good = pthread_create(thread, moves ? &elsewhere : NULL, start, argument) == 0;
    if (good && moves)
        pthread_setaffinity_np(*thread, sizeof all, &all);
    pthread_attr_destroy(&elsewhere);
    return good;
}

void parallel_for(size_t n_items, unsigned n_threads,
                  void (*work)(void *context, unsigned thread, size_t item), void *context)
{
    struct team team = {.work = work, .context = context, .n_items = n_items};
    pthread_t threads[THREADS_MAX];
    unsigned n_started = 1;
    if (n_threads > THREADS_MAX)
        n_threads = THREADS_MAX;
    if (n_threads > n_items)
        n_threads = (unsigned)n_items;
    for (; n_started < n_threads; n_started++)
        if (!parallel_start(&threads[n_started], run, &team))
            break;
    run(&team);
    for (unsigned i = 1; i < n_started; i++)
        pthread_join(threads[i], NULL);
}
