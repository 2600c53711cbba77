/* SPDX-License-Identifier: BSD-3-Clause */
/* The same work on many items, on several threads. */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { THREADS_MAX = 256 };

/* Processors that this process may run on. */
unsigned parallel_processors(void);

/* pthread_create(), on another processor than this one where there is one; false where it fails. */
bool parallel_start(pthread_t *thread, void *(*start)(void *argument), void *argument);

/* Calls work(context, thread, item) once for each item in [0, n_items), on up to n_threads threads
 * (this one among them); `thread` is below n_threads and no two calls share it at a time. Items are
 * taken in order, so that the early ones are done early. Returns when all are done. Where a thread
 * cannot be started the others do its work. */
void parallel_for(size_t n_items, unsigned n_threads,
                  void (*work)(void *context, unsigned thread, size_t item), void *context);

#endif
