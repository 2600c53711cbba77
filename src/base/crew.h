/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that work on items while these come in, one after the other. Nobody waits for a batch to
 * be full or done: each takes the next item there is, and whoever adds them helps when it has to
 * wait for one. */
#ifndef BASE_CREW_H
#define BASE_CREW_H

#include "base/parallel.h"

/* Items have numbers from 0 on, in the order in which they are added. All functions but `prepare`,
 * `begin` and `work` are called by one thread, the one that adds them. */
struct crew {
    void (*prepare)(void *context, unsigned thread);            /* may be NULL */
    void (*begin)(void *context, unsigned thread, size_t item); /* may be NULL */
    void (*work)(void *context, unsigned thread, size_t item);
    void *context;
    size_t n_places;      /* of items that are added and not yet forgotten, at most */
    atomic_bool *is_done; /* [n_places] item i's at i % n_places */
    atomic_size_t n_added, n_taken, n_begun;
    /* Threads that sleep: as they have nothing to do, to begin an item in its turn, until one is
     * done. */
    atomic_uint n_asleep, n_behind, n_awaiting;
    atomic_bool is_over;
    pthread_mutex_t mutex;             /* for going to sleep only */
    pthread_cond_t is_added, is_ready; /* what the others, and what the one that adds sleeps for */
    struct crew_turn {
        pthread_cond_t comes;
    } * turns; /* [n_places] what those sleep for that begin an item and whose turn it is not */
    unsigned n_threads, n_started; /* the caller's among them */
    struct crew_member {
        struct crew *crew;
        unsigned thread;
        pthread_t handle;
    } * members; /* [n_threads] the caller's has no handle */
};

/* `work` is called once for each item, on up to n_threads threads, the caller's among them;
 * `thread` is below n_threads, and no two calls share it at a time. Threads start when there is
 * something for them; where one cannot, the others do its work. False when memory runs out; to be
 * released in any case. *crew stays where it is. */
bool crew_init(struct crew *crew, size_t n_places, unsigned n_threads,
               void (*work)(void *context, unsigned thread, size_t item), void *context);

/* From now on `prepare` is called once on each thread that starts, before it takes its first item:
 * the others do not wait for an item that waits for what its thread needs. */
void crew_prepare_by(struct crew *crew, void (*prepare)(void *context, unsigned thread));

/* From now on `begin` is called once for each item before `work`, in the order of the items and for
 * one at a time, by who works on it: what comes one after the other, as the lines of a file, need
 * not go from one processor to the other. False when memory runs out. */
bool crew_begin_by(struct crew *crew, void (*begin)(void *context, unsigned thread, size_t item));

/* The next item may be worked on. Item i - n_places has been done before. */
void crew_add(struct crew *crew);

/* The same of an item that the caller begins first: who works on it need not be the same then. All
 * before it are done. */
void crew_add_begun(struct crew *crew);

/* Is an item that was added done? */
bool crew_has_done(const struct crew *crew, size_t item);

/* Works on what nobody has taken yet until that item is done. */
void crew_await(struct crew *crew, size_t item);

/* Waits for those at work; what nobody has taken is left. All zero is no harm. */
void crew_release(struct crew *crew);

#endif
