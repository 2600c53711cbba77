/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/crew.h"

#include "base/memory.h"

#include <sched.h>
#include <stdlib.h>

/* Takes the next item; false where there is none. */
static bool take(struct crew *crew, size_t *item)
{
    *item = atomic_load(&crew->n_taken);
    while (*item < atomic_load(&crew->n_added))
        if (atomic_compare_exchange_weak(&crew->n_taken, item, *item + 1))
            return true;
    return false;
}

/* Whoever goes to sleep says so first and then looks once more; whoever makes something true looks
 * for sleepers afterwards: one of the two sees the other. */
static void wake(struct crew *crew, pthread_cond_t *condition)
{
    pthread_mutex_lock(&crew->mutex);
    pthread_cond_signal(condition);
    pthread_mutex_unlock(&crew->mutex);
}

/* Most waits are shorter than falling asleep and waking take: so many times others are let run
 * before. */
enum { TURNS = 100 };

/* Waits for what `is` says of an item, which whoever makes it true wakes by the condition if
 * *n_waiting is above 0; awake for so many turns. */
static void sleep_until(struct crew *crew, bool (*is)(const struct crew *crew, size_t item),
                        size_t item, pthread_cond_t *condition, atomic_uint *n_waiting,
                        unsigned turns)
{
    for (unsigned turn = 0; turn < turns && !is(crew, item); turn++)
        sched_yield();
    if (is(crew, item))
        return;
    pthread_mutex_lock(&crew->mutex);
    atomic_fetch_add(n_waiting, 1);
    while (!is(crew, item))
        pthread_cond_wait(condition, &crew->mutex);
    atomic_fetch_sub(n_waiting, 1);
    pthread_mutex_unlock(&crew->mutex);
}

/* Those before it are taken, too: by others, which begin them. */
static bool is_next_to_begin(const struct crew *crew, size_t item)
{
    return atomic_load(&crew->n_begun) >= item;
}

static void begin_item(struct crew *crew, unsigned thread, size_t item)
{
    if (crew->begin == NULL || atomic_load(&crew->n_begun) > item)
        return; /* the caller has done it */
    unsigned turns = atomic_load(&crew->n_begun) + 1 >= item ? TURNS : 0;
    sleep_until(crew, is_next_to_begin, item, &crew->turns[item % crew->n_places].comes,
                &crew->n_behind, turns);
    crew->begin(crew->context, thread, item);
    atomic_store(&crew->n_begun, item + 1);
    if (atomic_load(&crew->n_behind) > 0)
        wake(crew, &crew->turns[(item + 1) % crew->n_places].comes);
}

static void do_item(struct crew *crew, unsigned thread, size_t item)
{
    begin_item(crew, thread, item);
    crew->work(crew->context, thread, item);
    atomic_store(&crew->is_done[item % crew->n_places], true);
    if (atomic_load(&crew->n_awaiting) > 0)
        wake(crew, &crew->is_ready);
}

static bool has_news(const struct crew *crew, size_t item)
{
    (void)item;
    return atomic_load(&crew->n_taken) < atomic_load(&crew->n_added) || atomic_load(&crew->is_over);
}

static void *run(void *argument)
{
    const struct crew_member *member = argument;
    struct crew *crew = member->crew;
    size_t item;
    if (crew->prepare != NULL)
        crew->prepare(crew->context, member->thread);
    while (!atomic_load(&crew->is_over))
        if (take(crew, &item))
            do_item(crew, member->thread, item);
        else
            sleep_until(crew, has_news, item, &crew->is_added, &crew->n_asleep, TURNS);
    return NULL;
}

bool crew_init(struct crew *crew, size_t n_places, unsigned n_threads,
               void (*work)(void *context, unsigned thread, size_t item), void *context)
{
    *crew = (struct crew){.work = work,
                          .context = context,
                          .n_places = n_places,
                          .is_done = array_new(n_places, sizeof *crew->is_done),
                          .n_threads = n_threads > 0 ? n_threads : 1,
                          .n_started = 1};
    crew->members = array_new(crew->n_threads, sizeof *crew->members);
    pthread_mutex_init(&crew->mutex, NULL);
    pthread_cond_init(&crew->is_added, NULL);
    pthread_cond_init(&crew->is_ready, NULL);
    return crew->is_done != NULL && crew->members != NULL;
}

void crew_prepare_by(struct crew *crew, void (*prepare)(void *context, unsigned thread))
{
    crew->prepare = prepare;
}

bool crew_begin_by(struct crew *crew, void (*begin)(void *context, unsigned thread, size_t item))
{
    crew->begin = begin;
    crew->turns = array_new(crew->n_places, sizeof *crew->turns);
    for (size_t i = 0; crew->turns != NULL && i < crew->n_places; i++)
        pthread_cond_init(&crew->turns[i].comes, NULL);
    return crew->turns != NULL;
}

static void start_thread(struct crew *crew)
{
    struct crew_member *member = &crew->members[crew->n_started];
    *member = (struct crew_member){.crew = crew, .thread = crew->n_started};
    if (parallel_start(&member->handle, run, member))
        crew->n_started++;
    else
        crew->n_threads = crew->n_started; /* it is not tried again */
}

/* Is there something for one thread more: do two items wait, and as many that others have begun?
 * What is not begun may be nothing. */
static bool needs_thread(const struct crew *crew, size_t last)
{
    return crew->n_started < crew->n_threads && atomic_load(&crew->n_taken) < last &&
           (crew->begin == NULL || atomic_load(&crew->n_begun) >= crew->n_started);
}

void crew_add(struct crew *crew)
{
    size_t item = atomic_load(&crew->n_added);
    atomic_store(&crew->is_done[item % crew->n_places], false);
    atomic_store(&crew->n_added, item + 1);
    if (atomic_load(&crew->n_asleep) > 0)
        wake(crew, &crew->is_added);
    else if (needs_thread(crew, item))
        start_thread(crew);
}

void crew_add_begun(struct crew *crew)
{
    begin_item(crew, 0, atomic_load(&crew->n_added));
    crew_add(crew);
}

bool crew_has_done(const struct crew *crew, size_t item)
{
    return atomic_load(&crew->is_done[item % crew->n_places]);
}

void crew_await(struct crew *crew, size_t item)
{
    size_t other;
    while (!crew_has_done(crew, item) && take(crew, &other))
        do_item(crew, 0, other);
    if (!crew_has_done(crew, item))
        sleep_until(crew, crew_has_done, item, &crew->is_ready, &crew->n_awaiting, TURNS);
}

void crew_release(struct crew *crew)
{
    if (crew->n_threads == 0)
        return;
    atomic_store(&crew->is_over, true);
    pthread_mutex_lock(&crew->mutex);
    pthread_cond_broadcast(&crew->is_added);
    pthread_mutex_unlock(&crew->mutex);
    for (unsigned i = 1; i < crew->n_started; i++)
        pthread_join(crew->members[i].handle, NULL);
    pthread_mutex_destroy(&crew->mutex);
    pthread_cond_destroy(&crew->is_added);
    pthread_cond_destroy(&crew->is_ready);
    for (size_t i = 0; crew->turns != NULL && i < crew->n_places; i++)
        pthread_cond_destroy(&crew->turns[i].comes);
    free(crew->turns);
    free(crew->is_done);
    free(crew->members);
    *crew = (struct crew){0};
}
