/* SPDX-License-Identifier: BSD-3-Clause */
/* The same work on many items, on several threads. */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { THREADS_MAX = 256 };

/* Threads at work. */
struct crew {
    void (*work)(void *context, unsigned thread, size_t item);
    void *context;
    size_t n_items;
    atomic_size_t next;     /* the first item that nobody has taken */
    atomic_uint n_numbered; /* threads that have a number, from 0 on */
    unsigned n_started;     /* threads, the caller's among them */
    pthread_t threads[THREADS_MAX];
};

/* Processors that this process may run on. */
unsigned parallel_processors(void);

/* Calls work(context, thread, item) once for each item in [0, n_items), on up to n_threads threads
 * (this one among them); `thread` is below n_threads and no two calls share it at a time. Items are
 * taken in order, so that the early ones are done early. Returns when all are done. Where a thread
 * cannot be started the others do its work. */
void parallel_for(size_t n_items, unsigned n_threads,
                  void (*work)(void *context, unsigned thread, size_t item), void *context);

/* The same in two parts: the other threads begin at once, and this one takes part when it has done
 * something else. Each beginning must be finished, in the same thread, and what is finished already
 * or all zero is no harm. *crew is the caller's, and stays where it is. */
void parallel_begin(struct crew *crew, size_t n_items, unsigned n_threads,
                    void (*work)(void *context, unsigned thread, size_t item), void *context);
void parallel_finish(struct crew *crew);

#endif
