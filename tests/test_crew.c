/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/crew.h"
#include "test.h"

#include <sched.h>

enum { ITEMS = 20000, THREADS = 4, PLACES = 7 };

struct tally {
    unsigned char done[ITEMS];
    atomic_int inside[THREADS];
    atomic_bool shared;
    atomic_uint seen; /* threads that did something, a bit each */
    int prepared[THREADS];
    atomic_bool
        unprepared; /* something was done by a thread that was not ready, or made so twice */
    size_t begun;   /* by one thread at a time, in order: no lock */
    unsigned begun_by[ITEMS];
    atomic_int beginning;
    atomic_bool disordered; /* begun out of turn, or done before or by who did not begin it */
};

static void work(void *context, unsigned thread, size_t item)
{
    struct tally *tally = context;
    if (atomic_fetch_add(&tally->inside[thread], 1) != 0)
        atomic_store(&tally->shared, true);
    atomic_fetch_or(&tally->seen, 1U << thread);
    tally->done[item]++;
    atomic_fetch_sub(&tally->inside[thread], 1);
}

static void prepare(void *context, unsigned thread)
{
    struct tally *tally = context;
    tally->prepared[thread]++;
}

static void work_prepared(void *context, unsigned thread, size_t item)
{
    struct tally *tally = context;
    if (tally->prepared[thread] != (thread > 0))
        atomic_store(&tally->unprepared, true);
    work(context, thread, item);
}

static void begin(void *context, unsigned thread, size_t item)
{
    struct tally *tally = context;
    if (atomic_fetch_add(&tally->beginning, 1) != 0 || tally->begun != item)
        atomic_store(&tally->disordered, true);
    tally->begun = item + 1;
    tally->begun_by[item] = thread;
    atomic_fetch_sub(&tally->beginning, 1);
}

static void work_begun(void *context, unsigned thread, size_t item)
{
    struct tally *tally = context;
    if (tally->begun_by[item] != thread && tally->begun_by[item] != 0)
        atomic_store(&tally->disordered, true);
    work(context, thread, item);
}

static struct tally tally;
static struct crew crew;

static void add_all(size_t n_items)
{
    for (size_t i = 0; i < n_items; i++) {
        crew_add(&crew);
        if (i + 1 >= PLACES)
            crew_await(&crew, i + 1 - PLACES);
    }
    for (size_t i = n_items - PLACES; i < n_items; i++)
        crew_await(&crew, i);
}

static int set_up(void **state)
{
    (void)state;
    memset(&tally, 0, sizeof tally);
    return 0;
}

/* What is done may be looked at; it is waited for when there is no place, and at the end. */
static void each_item_is_done_once_and_in_time(void **state)
{
    (void)state;
    for (unsigned threads = 0; threads <= THREADS; threads++)
        for (size_t places = 1; places <= PLACES; places += 3) {
            size_t forgotten = 0;
            memset(&tally, 0, sizeof tally);
            assert_true(crew_init(&crew, places, threads, work, &tally));
            for (size_t i = 0; i < ITEMS; i++) {
                crew_add(&crew);
                if (i + 1 - forgotten == places)
                    crew_await(&crew, forgotten);
                while (forgotten <= i && crew_has_done(&crew, forgotten))
                    assert_int_equal(tally.done[forgotten++], 1);
            }
            for (; forgotten < ITEMS; forgotten++) {
                crew_await(&crew, forgotten);
                assert_int_equal(tally.done[forgotten], 1);
            }
            assert_false(atomic_load(&tally.shared));
            crew_release(&crew);
        }
}

static void a_thread_is_ready_before_its_first_item(void **state)
{
    (void)state;
    assert_true(crew_init(&crew, PLACES, THREADS, work_prepared, &tally));
    crew_prepare_by(&crew, prepare);
    add_all(ITEMS);
    crew_release(&crew);
    for (size_t i = 0; i < ITEMS; i++)
        assert_int_equal(tally.done[i], 1);
    assert_false(atomic_load(&tally.unprepared));
    assert_int_equal(tally.prepared[0], 0);
}

static void items_are_begun_in_order(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= THREADS; threads++) {
        memset(&tally, 0, sizeof tally);
        assert_true(crew_init(&crew, PLACES, threads, work_begun, &tally));
        assert_true(crew_begin_by(&crew, begin));
        add_all(ITEMS);
        crew_release(&crew);
        assert_int_equal(tally.begun, ITEMS);
        assert_false(atomic_load(&tally.disordered));
        for (size_t i = 0; i < ITEMS; i++)
            assert_int_equal(tally.done[i], 1);
    }
}

/* The caller knows then what there is before anybody else is called. */
static void the_caller_may_begin_what_it_adds(void **state)
{
    (void)state;
    assert_true(crew_init(&crew, PLACES, THREADS, work_begun, &tally));
    assert_true(crew_begin_by(&crew, begin));
    for (size_t i = 0; i < ITEMS; i++) {
        crew_add_begun(&crew);
        assert_int_equal(tally.begun, i + 1);
        assert_int_equal(tally.begun_by[i], 0);
        crew_await(&crew, i);
        assert_int_equal(tally.done[i], 1);
    }
    assert_int_equal(crew.n_started, 1);
    crew_release(&crew);
    assert_int_equal(tally.begun, ITEMS);
}

enum { SLOW = 100, SLOW_ITEMS = 200 };

static bool was_slow; /* of those that begin, which is one at a time */

static void begin_slowly(void *context, unsigned thread, size_t item)
{
    bool is_slow = thread > 0 && item >= SLOW && !was_slow;
    while (is_slow && atomic_load(&crew.n_behind) == 0)
        continue;
    was_slow = was_slow || is_slow;
    begin(context, thread, item);
}

/* One is in the middle of beginning an item until another has fallen asleep behind it. */
static void who_is_behind_is_woken(void **state)
{
    (void)state;
    assert_true(crew_init(&crew, PLACES, THREADS, work_begun, &tally));
    assert_true(crew_begin_by(&crew, begin_slowly));
    was_slow = false;
    crew_add_begun(&crew);
    for (size_t i = 1; i < SLOW_ITEMS; i++) {
        crew_add(&crew);
        while (i + 1 >= PLACES && !crew_has_done(&crew, i + 1 - PLACES))
            sched_yield(); /* it does not help: others have to */
    }
    for (size_t i = SLOW_ITEMS - PLACES; i < SLOW_ITEMS; i++)
        crew_await(&crew, i);
    crew_release(&crew);
    assert_true(was_slow);
    assert_int_equal(tally.begun, SLOW_ITEMS);
    assert_false(atomic_load(&tally.disordered));
}

/* A program that has one page to label starts no thread. */
static void one_item_needs_no_other_thread(void **state)
{
    (void)state;
    assert_true(crew_init(&crew, PLACES, THREADS, work, &tally));
    crew_add(&crew);
    assert_int_equal(crew.n_started, 1);
    crew_await(&crew, 0);
    assert_int_equal(atomic_load(&tally.seen), 1);
    crew_release(&crew);
}

static atomic_bool has_begun, may_end;

static void work_long(void *context, unsigned thread, size_t item)
{
    work(context, thread, item);
    atomic_store(&has_begun, true);
    while (thread > 0 && !atomic_load(&may_end))
        continue;
}

/* The second thread is at work on one item while the first does the others. */
static void nobody_waits_for_who_is_slow(void **state)
{
    (void)state;
    assert_true(crew_init(&crew, PLACES, 2, work_long, &tally));
    crew_add(&crew);
    crew_add(&crew);
    crew_add(&crew);
    while (!atomic_load(&has_begun))
        continue;
    crew_add(&crew);
    crew_await(&crew, 3);
    assert_int_equal(tally.done[3], 1);
    assert_int_equal(atomic_load(&tally.seen), 3);
    atomic_store(&may_end, true);
    for (size_t i = 0; i < 3; i++)
        crew_await(&crew, i);
    crew_release(&crew);
    crew_release(&crew);
}

/* Where printing failed: what nobody has begun is left. */
static void a_crew_is_dismissed_in_the_middle(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= THREADS; threads++) {
        assert_true(crew_init(&crew, PLACES, threads, work, &tally));
        for (size_t i = 0; i < PLACES; i++)
            crew_add(&crew);
        crew_release(&crew);
        for (size_t i = 0; i < PLACES; i++)
            assert_in_range(tally.done[i], 0, threads);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_item_is_done_once_and_in_time, set_up),
        cmocka_unit_test_setup(a_thread_is_ready_before_its_first_item, set_up),
        cmocka_unit_test_setup(items_are_begun_in_order, set_up),
        cmocka_unit_test_setup(the_caller_may_begin_what_it_adds, set_up),
        cmocka_unit_test_setup(who_is_behind_is_woken, set_up),
        cmocka_unit_test_setup(one_item_needs_no_other_thread, set_up),
        cmocka_unit_test_setup(nobody_waits_for_who_is_slow, set_up),
        cmocka_unit_test_setup(a_crew_is_dismissed_in_the_middle, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
