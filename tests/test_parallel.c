/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/parallel.h"
#include "test.h"

#include <stdatomic.h>

enum { ITEMS = 10000, THREADS = 4 };

struct tally {
    unsigned char done[ITEMS];
    atomic_int inside[THREADS];
    atomic_bool shared;
};

static void work(void *context, unsigned thread, size_t item)
{
    struct tally *tally = context;
    if (atomic_fetch_add(&tally->inside[thread], 1) != 0)
        atomic_store(&tally->shared, true);
    tally->done[item]++;
    atomic_fetch_sub(&tally->inside[thread], 1);
}

static void every_item_is_done_once(void **state)
{
    (void)state;
    static struct tally tally;
    for (unsigned threads = 0; threads <= THREADS; threads++) {
        memset(&tally, 0, sizeof tally);
        parallel_for(ITEMS, threads, work, &tally);
        for (size_t i = 0; i < ITEMS; i++)
            assert_int_equal(tally.done[i], 1);
        assert_false(atomic_load(&tally.shared));
    }
}

static void nothing_to_do_is_done(void **state)
{
    (void)state;
    static struct tally tally;
    parallel_for(0, THREADS, work, &tally);
    assert_int_equal(tally.done[0], 0);
    assert_in_range(parallel_processors(), 1, THREADS_MAX);
}

static void *ask_processors(void *argument)
{
    pthread_mutex_t *started = argument;
    pthread_mutex_lock(started);
    pthread_mutex_unlock(started);
    return (void *)(uintptr_t)parallel_processors();
}

/* Wherever it begins, it may run where its maker may, once it is started. */
static void a_thread_may_run_everywhere(void **state)
{
    (void)state;
    pthread_t thread;
    void *processors;
    pthread_mutex_t started = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&started);
    assert_true(parallel_start(&thread, ask_processors, &started));
    pthread_mutex_unlock(&started);
    assert_int_equal(pthread_join(thread, &processors), 0);
    assert_int_equal((uintptr_t)processors, parallel_processors());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_is_done_once),
        cmocka_unit_test(nothing_to_do_is_done),
        cmocka_unit_test(a_thread_may_run_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
